//! A temporary folder with works, a catalog and a dataset in it.

use std::path::{Path, PathBuf};
use std::process::Output;

use assert_cmd::Command;
use clearance_testkit::dataset::DatasetBuilder;
use clearance_testkit::{art, encode, music, prose};

pub(crate) const RATE_HZ: u32 = 22_050;

/// Scans `data` against `registry` into `out`, as of a fixed day.
pub(crate) const SCAN: [&str; 8] = [
    "scan",
    "data",
    "--registry",
    "registry",
    "--out",
    "out",
    "--as-of",
    "2026-06-30",
];

pub(crate) struct Workplace {
    folder: tempfile::TempDir,
}

/// How a command ended: exit code, stdout, stderr.
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Workplace {
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        let path = self.path(name);
        std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    pub(crate) fn json(&self, name: &str) -> serde_json::Value {
        serde_json::from_slice(&self.read(name)).unwrap()
    }

    /// The findings of an output folder.
    pub(crate) fn findings(&self, out: &str) -> Vec<serde_json::Value> {
        let text = String::from_utf8(self.read(&format!("{out}/findings.jsonl"))).unwrap();
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    /// Runs `clearance` in the folder on the first day of 2026; paths in the output become
    /// relative.
    pub(crate) fn run(&self, args: &[&str]) -> Ended {
        self.run_on(0, args)
    }

    /// The same so many days later.
    pub(crate) fn run_on(&self, day: u64, args: &[&str]) -> Ended {
        let now = (1_767_225_600 + 86_400 * day).to_string();
        self.run_with(&[("SOURCE_DATE_EPOCH", &now)], args)
    }

    /// Runs `clearance` in the folder with these variables of the environment.
    pub(crate) fn run_with(&self, environment: &[(&str, &str)], args: &[&str]) -> Ended {
        let output: Output = Command::cargo_bin("clearance")
            .unwrap()
            .current_dir(self.folder.path())
            .envs(environment.iter().copied())
            .args(args)
            .output()
            .unwrap();
        let text = |bytes: &[u8]| {
            let text = String::from_utf8_lossy(bytes);
            text.replace(&*self.folder.path().to_string_lossy(), "<folder>")
        };
        Ended {
            code: output.status.code().unwrap_or(-1),
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
        }
    }

    /// Three works, one of each medium, and a catalog.
    pub(crate) fn with_catalog() -> Self {
        let place = Self::new();
        place.write(
            "works/song.wav",
            encode::wav(&music::compose(1, 15.0), RATE_HZ),
        );
        let picture = encode::picture(&art::paint(1, 480, 360), "png").unwrap();
        place.write("works/picture.png", picture);
        place.write("works/story.txt", prose::write(1, 400));
        place.write(
            "catalog.csv",
            "work_id,title,creators,rightsholder,media,path,reservation,reserved_since,license_id,licensee,license_uses,license_from,license_until\n\
             song,Night Ferry,Ana Ruiz,Harbor Records,audio,works/song.wav,train,2025-01-01,,,,,\n\
             picture,Low Tide,Ben Cole,Ben Cole,image,works/picture.png,all,2025-01-01,L-7,Acme,train-generative,2026-01-01,2026-12-31\n\
             story,The Lamp,Chi Wei,Lamp Press,text,works/story.txt,none,,,,,,\n",
        );
        place
    }

    /// The same, registered.
    pub(crate) fn registered() -> Self {
        let place = Self::with_catalog();
        let ended = place.run(&["register", "catalog.csv", "--registry", "registry"]);
        assert_eq!(ended.code, 0, "{}", ended.stderr);
        place
    }

    /// Writes a dataset of six rows: altered copies of the three works in rows
    /// 0, 2 and 4, unrelated items between them.
    pub(crate) fn write_dataset(&self, name: &str) {
        let song = music::compose(1, 15.0);
        let excerpt = encode::wav(&song[4 * RATE_HZ as usize..11 * RATE_HZ as usize], RATE_HZ);
        let other_song = encode::wav(&music::compose(2, 8.0), RATE_HZ);
        let copy = encode::jpeg(&art::paint(1, 480, 360), 60).unwrap();
        let other = encode::jpeg(&art::paint(2, 480, 360), 60).unwrap();
        let story = prose::write(1, 400);
        let passage: Vec<&str> = story.split_whitespace().skip(100).take(60).collect();
        let quoting = format!(
            "{} {} {}",
            prose::write(8, 80),
            passage.join(" "),
            prose::write(9, 80)
        );
        let audio = vec![Some(excerpt), Some(other_song), None, None, None, None];
        let image = vec![None, None, Some(copy), Some(other), None, None];
        let text = vec![
            None,
            None,
            None,
            None,
            Some(quoting),
            Some(prose::write(3, 200)),
        ];
        std::fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        DatasetBuilder::new()
            .audio("audio", audio)
            .image("image", image)
            .text("text", text)
            .rows_per_group(2)
            .write(self.path(name))
            .unwrap();
    }
}

/// Every file below a folder, by relative name.
pub(crate) fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for file in std::fs::read_dir(&next).unwrap() {
            let path = file.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path
                    .strip_prefix(folder)
                    .unwrap()
                    .to_string_lossy()
                    .into_owned();
                found.push((name, std::fs::read(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}
