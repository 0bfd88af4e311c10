//! Part files: what is finished stays finished.
//!
//! Every unit's results go into a file of their own, written aside, synced and
//! renamed. A run that finds parts of an identical scan continues it; parts of
//! any other scan are removed.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use clearance_index::Snapshot;
use serde::{Deserialize, Serialize};

use crate::coverage::{MediaCounts, RowCounts};
use crate::error::{Error, Result};
use crate::fetch::FetchedLine;
use crate::finding::{CoverageLine, Exhibit, Finding};
use crate::plan::{Plan, ScanOptions, Unit};
use crate::table::TableOptions;

mod runs;

/// Folder of the part files in an output folder.
pub(crate) const PARTS: &str = "parts";
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
    /// What was asked and answered for items behind addresses, in the order of the findings.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fetched: Vec<FetchedLine>,
}

/// The folder of part files of one scan.
pub(crate) struct Checkpoint {
    folder: PathBuf,
    /// When the inputs were changed last.
    times: String,
}

impl Checkpoint {
    /// Opens the folder of parts; clears it unless they belong to a run with the same `key` over
    /// files that nobody touched since.
    pub(crate) fn open(folder: &Path, key: &str, plan: &Plan) -> Result<Self> {
        let folder = folder.to_owned();
        let times = times(plan);
        let key = format!("{key} {times}");
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
        Ok(Self { folder, times })
    }

    /// Refuses results of files that were changed while they were read. Their lengths and footers
    /// are looked at elsewhere; this sees other bytes between them.
    pub(crate) fn check_inputs(&self, plan: &Plan) -> Result<()> {
        let first = plan.files.first();
        if let Some(first) = first.filter(|_| times(plan) != self.times) {
            let detail =
                "it or a file beside it was changed while it was read: run the same command again";
            return Err(Error::input(&first.path, detail));
        }
        Ok(())
    }

    pub(crate) fn path(&self, unit: Unit) -> PathBuf {
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

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Removes the parts once their contents are in the final files.
    pub(crate) fn remove(self) -> Result<()> {
        remove_parts(&self.folder)
    }
}

pub(crate) fn remove_parts(folder: &Path) -> Result<()> {
    fs::remove_dir_all(folder).map_err(Error::io(folder))
}

/// Reads a part file.
pub(crate) fn read_part(path: &Path) -> Result<Part> {
    let text = fs::read(path).map_err(Error::io(path))?;
    serde_json::from_slice(&text).map_err(|error| Error::Corrupt {
        path: path.to_owned(),
        detail: error.to_string(),
    })
}

/// A digest over the times at which the files of a plan were changed last: bytes that change between
/// a Parquet file's beginning and its footer leave its length and its footer as they were.
/// Of remote files the version is known, and is held to by every reading.
fn times(plan: &Plan) -> String {
    let local = plan.files.iter().filter(|file| !file.is_remote());
    let paths: BTreeSet<&Path> = local.map(|file| file.path.as_path()).collect();
    let mut hasher = blake3::Hasher::new();
    for path in paths {
        let changed = fs::metadata(path).and_then(|file| file.modified()).ok();
        let since = changed.and_then(|changed| changed.duration_since(UNIX_EPOCH).ok());
        let nanoseconds = since.map_or(0, |since| since.as_nanos());
        hasher.update(path.as_os_str().as_encoded_bytes());
        hasher.update(&[0]).update(&nanoseconds.to_le_bytes());
    }
    hasher.finalize().to_hex().to_string()
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
    if let Some(isolation) = &options.isolation {
        key.add(&format!("isolated {}", isolation.memory_bytes));
    }
    if let Some(fetch) = &options.fetch {
        key.add(&fetch.key());
    }
    key.finish()
}

/// What makes two fingerprint tables the same: program, inputs and settings.
pub(crate) fn print_key(plan: &Plan, options: &TableOptions) -> String {
    let mut key = Key::of("fingerprint 2", plan);
    let inside = TableOptions {
        isolation: None,
        ..options.clone()
    };
    key.add(&format!("{inside:?}"));
    if let Some(isolation) = &options.isolation {
        key.add(&format!("isolated {}", isolation.memory_bytes));
    }
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
            if let Some(version) = &file.identity.version {
                key.add(&format!("version {version}"));
            }
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
