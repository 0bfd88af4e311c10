//! What holds of a registry whose manifest, or a license for it, comes from a stranger.
//!
//! Digests and lengths of a registry's files cannot be guessed by changing letters at random.
//! Inputs write `@0;`, `@1;` and so on where a manifest has one; they stand for those of a small
//! registry that is made here.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use chrono::{DateTime, NaiveDate};
use clearance_decode::Limits;
use clearance_index::{
    Action, Change, ChangeNote, KeptTexts, Manifest, RegisterOptions, Snapshot, WorkRecord,
    add_license, expire_license, register, withdraw,
};
use clearance_rights::{License, Reservation, Work};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tempfile::TempDir;

const CATALOG: &str = "work_id,title,creators,isrc,reservation,license_id,licensee,license_uses,text\n\
    w1,One,Ana; Ben,USRC17607839,tdm,L1,Acme,train,One two three four five six seven eight nine ten eleven.\n\
    w2,Two,,,,,,,The second of the two works says something else in as many words.\n";
/// The newest change of the registry, in seconds since 1970.
const NEWEST: i64 = 1_780_000_000;

/// Reads `bytes` as `registry.json`; what could be opened is searched and changed.
pub(crate) fn check_manifest(bytes: &[u8]) {
    with_registry(|registry| {
        let text = registry.filled(bytes);
        registry.write_manifest(&text);
        let folder = registry.folder.path();
        match Snapshot::open(folder) {
            Ok(snapshot) => {
                check_snapshot(&snapshot, &text, folder);
                check_withdrawal(&snapshot, folder);
            }
            Err(error) => {
                let again = Snapshot::open(folder).err().map(|error| error.to_string());
                assert_eq!(again, Some(error.to_string()));
            }
        }
        registry.restore();
    });
}

/// Reads `bytes` as a license, a reservation or a work; a license is added to a work and ended.
pub(crate) fn check_license(bytes: &[u8]) {
    stored_again::<Work>(bytes);
    stored_again::<Reservation>(bytes);
    let Some(license) = stored_again::<License>(bytes) else {
        return;
    };
    with_registry(|registry| {
        let folder = registry.folder.path();
        let works = ["w1".to_owned()];
        // Nothing changes when the work has it already, and another with its id is refused.
        if add_license(folder, &works, &license, &note(NEWEST + 1)).is_ok_and(|count| count == 1) {
            let added = License {
                work_id: "w1".to_owned(),
                source: Some("ledger".to_owned()),
                ..license.clone()
            };
            let record = record(folder, "w1");
            assert_eq!(record.licenses.last(), Some(&added));
            let last = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
            expire_license(folder, &license.license_id, last, &note(NEWEST + 2)).unwrap();
            let ended = |license: &License| license.until.is_some_and(|until| until <= last);
            assert!(
                self::record(folder, "w1")
                    .licenses
                    .last()
                    .is_some_and(ended)
            );
        }
        registry.restore();
    });
}

fn record(folder: &Path, work_id: &str) -> WorkRecord {
    let snapshot = Snapshot::open(folder).unwrap();
    snapshot.record(work_id).unwrap().clone()
}

/// What JSON describes is the same after it was stored.
fn stored_again<T>(bytes: &[u8]) -> Option<T>
where
    T: Serialize + DeserializeOwned + Debug + PartialEq,
{
    let value: T = serde_json::from_slice(bytes).ok()?;
    let json = serde_json::to_vec(&value).unwrap();
    assert_eq!(
        serde_json::from_slice::<T>(&json).as_ref().ok(),
        Some(&value)
    );
    Some(value)
}

fn check_snapshot(snapshot: &Snapshot, text: &[u8], folder: &Path) {
    let manifest = snapshot.manifest();
    let value: Value = serde_json::from_slice(text).unwrap();
    assert_eq!(value["format"], "clearance-registry");
    assert_eq!(value["version"], 3);
    let stored = serde_json::to_vec(manifest).unwrap();
    assert_eq!(stored_again::<Manifest>(&stored).as_ref(), Some(manifest));
    for segment in &manifest.segments {
        // Nothing but a folder of this registry, whatever a manifest says.
        let id = &segment.id;
        assert!(
            id.len() == 16 && id.bytes().all(|byte| byte.is_ascii_hexdigit()),
            "{id:?}"
        );
        for file in &segment.files {
            assert!(!file.name.contains(['/', '\\']), "{:?}", file.name);
        }
    }
    for record in snapshot.records() {
        let id = &record.work.work_id;
        let history = snapshot.history_of(id);
        assert_eq!(history.last().map(|(_, last)| *last), Some(record));
        assert_eq!(snapshot.work(id).is_none(), record.withdrawn);
    }
    assert_eq!(snapshot.work_count(), snapshot.works().count());
    assert!(snapshot.asset_count() <= snapshot.assets().count());
    let is_compacted = |it: &Change| it.action == Action::Compact;
    let is_compacted = manifest.history.iter().any(is_compacted);
    for change in manifest.history.iter().take(2) {
        // What was before a compaction is gone.
        let before = match Snapshot::open_at(folder, change.at) {
            Ok(before) => before,
            Err(error) => {
                assert!(is_compacted, "{error}");
                continue;
            }
        };
        let history = &before.manifest().history;
        assert!(history.iter().all(|earlier| earlier.at <= change.at));
        assert!(before.manifest().segments.len() <= manifest.segments.len());
    }
}

/// A registry that can be opened can be changed, or says why not.
fn check_withdrawal(before: &Snapshot, folder: &Path) {
    let works = ["w1".to_owned()];
    let Ok(1) = withdraw(folder, &works, &note(NEWEST + 1)) else {
        return;
    };
    let after = Snapshot::open(folder).unwrap();
    let (old, new) = (before.manifest(), after.manifest());
    assert_eq!(new.segments.len(), old.segments.len() + 1);
    assert_eq!(new.generation, old.generation + 1);
    let last = new.history.last().unwrap();
    assert_eq!((last.action, last.works), (Action::Withdraw, 1));
    assert!(after.work("w1").is_none() && after.record("w1").is_some());
}

fn note(seconds: i64) -> ChangeNote {
    ChangeNote::at(DateTime::from_timestamp(seconds, 0).unwrap())
}

/// The small registry, and what inputs write in place of its digests.
pub(crate) struct Registry {
    folder: TempDir,
    pub(crate) manifest: Vec<u8>,
    /// Key and value in the manifest, in its order.
    values: Vec<(&'static str, String)>,
    /// Contents of the segments by folder, then by file.
    segments: BTreeMap<String, BTreeMap<String, Vec<u8>>>,
}

/// Calls `use_it` with this thread's registry.
pub(crate) fn with_registry(use_it: impl FnOnce(&Registry)) {
    thread_local! {
        static REGISTRY: Registry = Registry::new();
    }
    REGISTRY.with(use_it);
}

impl Registry {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let catalog = folder.path().join("catalog.csv");
        fs::write(&catalog, CATALOG).unwrap();
        let options = RegisterOptions {
            limits: Limits::default(),
            previews: false,
            texts: KeptTexts::Whole,
            segment_bytes: 1 << 20,
            source: None,
            note: note(NEWEST - 2),
            stop: &AtomicBool::new(false),
            progress: &|_, _| {},
        };
        let registered = register(&[catalog], folder.path(), &options).unwrap();
        assert_eq!(registered.works_added, 2);
        let license = License::new("L2", "", "train".parse().unwrap());
        add_license(
            folder.path(),
            &["w1".to_owned()],
            &license,
            &note(NEWEST - 1),
        )
        .unwrap();
        withdraw(folder.path(), &["w2".to_owned()], &note(NEWEST)).unwrap();
        let manifest = fs::read(folder.path().join("registry.json")).unwrap();
        let values = values(&serde_json::from_slice(&manifest).unwrap());
        let segments = files(&folder.path().join("segments"))
            .map(|segment| {
                let contents = files(&segment)
                    .map(|file| (name(&file), fs::read(&file).unwrap()))
                    .collect();
                (name(&segment), contents)
            })
            .collect();
        Self {
            folder,
            manifest,
            values,
            segments,
        }
    }

    /// An input with the values that its `@0;` stand for.
    pub(crate) fn filled(&self, input: &[u8]) -> Vec<u8> {
        let mut filled = Vec::with_capacity(2 * input.len());
        let mut parts = input.split(|&byte| byte == b'@');
        filled.extend_from_slice(parts.next().unwrap_or_default());
        for part in parts {
            let end = part.iter().position(|&byte| byte == b';').unwrap_or(0);
            let number = std::str::from_utf8(&part[..end]).ok();
            let number = number.and_then(|number| number.parse::<usize>().ok());
            if let Some((_, value)) = number.and_then(|number| self.values.get(number)) {
                filled.extend_from_slice(value.as_bytes());
                filled.extend_from_slice(&part[end + 1..]);
            } else {
                filled.push(b'@');
                filled.extend_from_slice(part);
            }
        }
        filled
    }

    /// The input that stands for this registry's own manifest.
    pub(crate) fn own_input(&self) -> String {
        let mut rest = std::str::from_utf8(&self.manifest).unwrap();
        let mut input = String::new();
        for (number, (key, value)) in self.values.iter().enumerate() {
            let key = format!("\"{key}\": ");
            let start = rest.find(&key).unwrap() + key.len();
            let start = start + rest[start..].find(value.as_str()).unwrap();
            input += &[&rest[..start], "@", &number.to_string(), ";"].concat();
            rest = &rest[start + value.len()..];
        }
        input + rest
    }

    fn write_manifest(&self, text: &[u8]) {
        fs::write(self.folder.path().join("registry.json"), text).unwrap();
    }

    /// Undoes what was changed: a registry drops the folders that its manifest does not name.
    fn restore(&self) {
        self.write_manifest(&self.manifest);
        let segments = self.folder.path().join("segments");
        for folder in files(&segments) {
            if !self.segments.contains_key(&name(&folder)) {
                fs::remove_dir_all(folder).unwrap();
            }
        }
        for (id, contents) in &self.segments {
            let folder = segments.join(id);
            if !folder.exists() {
                fs::create_dir(&folder).unwrap();
                for (name, bytes) in contents {
                    fs::write(folder.join(name), bytes).unwrap();
                }
            }
        }
    }
}

/// Everything in a manifest that another version of the program may write differently.
fn values(manifest: &Value) -> Vec<(&'static str, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let mut values: Vec<(&'static str, String)> = ["audio", "image", "text"]
        .into_iter()
        .map(|medium| (medium, text(&manifest["params"][medium])))
        .collect();
    for segment in manifest["segments"].as_array().unwrap() {
        values.push(("id", text(&segment["id"])));
        for file in segment["files"].as_array().unwrap() {
            values.push(("bytes", file["bytes"].to_string()));
            values.push(("blake3", text(&file["blake3"])));
        }
    }
    values
}

fn files(folder: &Path) -> impl Iterator<Item = std::path::PathBuf> {
    fs::read_dir(folder)
        .unwrap()
        .map(|found| found.unwrap().path())
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_str().unwrap().to_owned()
}
