//! Part files: what is finished stays finished.
//!
//! Every unit's results go into a file of their own, written aside, synced and
//! renamed. A run that finds parts of an identical scan continues it; parts of
//! any other scan are removed.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use clearance_index::Snapshot;
use serde::{Deserialize, Serialize};

use crate::coverage::{MediaCounts, RowCounts};
use crate::error::{Error, Result};
use crate::finding::{CoverageLine, Exhibit, Finding};
use crate::plan::{Plan, ScanOptions, Unit};
use crate::table::TableOptions;

mod runs;

const KEY: &str = "scan.key";

/// The results of one unit.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// Rows by what became of them.
    pub rows: RowCounts,
    /// Items by medium.
    pub media: MediaCounts,
    /// Items that declare anything about their own use, whether it is reported or not.
    #[serde(default)]
    pub declaring: u64,
    /// Findings in order of row, column, item.
    pub findings: Vec<Finding>,
    /// Items that were not examined as a whole, in the same order.
    #[serde(with = "runs")]
    pub coverage: Vec<CoverageLine>,
    /// What to show of the findings; not for all of them.
    pub exhibits: Vec<Exhibit>,
}

/// The folder of part files of one scan.
pub(crate) struct Checkpoint {
    folder: PathBuf,
}

impl Checkpoint {
    /// Opens the folder of parts; clears it unless they belong to a run with the same `key`.
    pub(crate) fn open(folder: &Path, key: &str) -> Result<Self> {
        let folder = folder.to_owned();
        let key_path = folder.join(KEY);
        let same = fs::read_to_string(&key_path).is_ok_and(|found| found == key);
        if !same {
            match fs::remove_dir_all(&folder) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(Error::io(&folder)(error));
                }
                _ => {}
            }
            fs::create_dir_all(&folder).map_err(Error::io(&folder))?;
            write_synced(&key_path, key.as_bytes())?;
        }
        Ok(Self { folder })
    }

    fn path(&self, unit: Unit) -> PathBuf {
        self.folder
            .join(format!("{:06}-{:06}.json", unit.file, unit.group))
    }

    pub(crate) fn is_done(&self, unit: Unit) -> bool {
        self.path(unit).exists()
    }

    pub(crate) fn write(&self, unit: Unit, part: &Part) -> Result<()> {
        let path = self.path(unit);
        let text = serde_json::to_vec(part).map_err(|error| Error::Corrupt {
            path: path.clone(),
            detail: error.to_string(),
        })?;
        write_synced(&path, &text)
    }

    pub(crate) fn read(&self, unit: Unit) -> Result<Part> {
        let path = self.path(unit);
        let text = fs::read(&path).map_err(Error::io(&path))?;
        serde_json::from_slice(&text).map_err(|error| Error::Corrupt {
            path,
            detail: error.to_string(),
        })
    }

    /// Removes the parts once their contents are in the final files.
    pub(crate) fn remove(self) -> Result<()> {
        fs::remove_dir_all(&self.folder).map_err(Error::io(&self.folder))
    }
}

fn write_synced(path: &Path, bytes: &[u8]) -> Result<()> {
    let temporary = path.with_extension("writing");
    let write = || {
        let mut file = File::create(&temporary)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&temporary, path)
    };
    write().map_err(Error::io(path))
}

/// What makes two scans the same: program, registry, inputs and settings.
pub(crate) fn key(plan: &Plan, snapshot: &Snapshot, options: &ScanOptions) -> String {
    let mut key = Key::of("scan", plan);
    key.add(&snapshot.manifest().digest());
    key.add(&format!("{:?}", options.limits));
    key.add(&format!(
        "{:?} {:?} {:?} {:?} {:?} {:?} {:?}",
        options.policy,
        options.overrides,
        options.media_roots,
        options.decoy_share,
        options.declarations,
        options.mentions,
        options.iscc
    ));
    if let Some(signers) = &options.signers {
        key.add(&format!("signers {}", signers.digest));
    }
    if let Some(places) = &options.places {
        key.add(&places.digest);
    }
    key.finish()
}

/// What makes two fingerprint tables the same: program, inputs and settings.
pub(crate) fn print_key(plan: &Plan, options: &TableOptions) -> String {
    let mut key = Key::of("fingerprint 2", plan);
    key.add(&format!("{options:?}"));
    key.finish()
}

struct Key(blake3::Hasher);

impl Key {
    fn of(what: &str, plan: &Plan) -> Self {
        let mut key = Self(blake3::Hasher::new());
        key.add(what);
        key.add(env!("CARGO_PKG_VERSION"));
        for file in &plan.files {
            key.add(&format!(
                "{} {} {}",
                file.name, file.identity.bytes, file.identity.footer_blake3
            ));
            key.add(&format!("{:?} {:?}", file.columns, file.row_groups));
            key.add(&format!("{:?}", file.printed));
        }
        if let Some(sample) = &plan.sample {
            key.add(&format!("{:?}", sample.sampling));
        }
        key
    }

    fn add(&mut self, text: &str) {
        self.0
            .update(&(text.len() as u64).to_le_bytes())
            .update(text.as_bytes());
    }

    fn finish(self) -> String {
        self.0.finalize().to_hex().to_string()
    }
}
