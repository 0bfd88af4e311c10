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

const KEY: &str = "scan.key";

/// The results of one unit.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// Rows by what became of them.
    pub rows: RowCounts,
    /// Items by medium.
    pub media: MediaCounts,
    /// Findings in order of row, column, item.
    pub findings: Vec<Finding>,
    /// Items that were not examined as a whole, in the same order.
    pub coverage: Vec<CoverageLine>,
    /// What to show of the findings; not for all of them.
    pub exhibits: Vec<Exhibit>,
}

/// The folder of part files of one scan.
pub(crate) struct Checkpoint {
    folder: PathBuf,
}

impl Checkpoint {
    /// Opens the parts in the output folder `out`; clears them unless they
    /// belong to a scan with the same `key`.
    pub(crate) fn open(out: &Path, key: &str) -> Result<Self> {
        let folder = out.join("parts");
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
    let mut hasher = blake3::Hasher::new();
    let mut add = |text: String| {
        hasher
            .update(&(text.len() as u64).to_le_bytes())
            .update(text.as_bytes());
    };
    add(env!("CARGO_PKG_VERSION").to_owned());
    add(snapshot.manifest().digest());
    for file in &plan.files {
        add(format!(
            "{} {} {}",
            file.name, file.identity.bytes, file.identity.footer_blake3
        ));
        add(format!("{:?} {:?}", file.columns, file.row_groups));
    }
    add(format!("{:?}", options.limits));
    add(format!(
        "{:?} {:?} {:?} {:?}",
        options.policy, options.overrides, options.media_roots, options.decoy_share
    ));
    hasher.finalize().to_hex().to_string()
}
