//! What a filter run has finished, kept beside the copy so that a killed run goes on.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::copy::Copied;
use crate::error::{Error, Result};
use crate::write::replace;

/// Hidden, so that no loader takes it for a part of the dataset.
const STATE: &str = ".clearance-filter.json";

/// The contents of the state file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct State {
    /// What makes two filter runs the same.
    key: String,
    /// Files that are finished, by place.
    files: BTreeMap<String, FileState>,
    #[serde(skip)]
    path: PathBuf,
}

/// A finished file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct FileState {
    bytes: u64,
    rows: u64,
    removed: u64,
    nulled: u64,
}

impl State {
    /// Opens the folder of the copy. One that holds another copy, or anything at all in the places
    /// of the copy, is refused.
    pub(super) fn open(folder: &Path, key: String, places: &[PathBuf]) -> Result<Self> {
        let path = folder.join(STATE);
        let known: Option<Self> = match fs::read(&path) {
            Ok(text) => {
                let state = serde_json::from_slice(&text);
                Some(state.map_err(|error| Error::corrupt(&path, &error))?)
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => return Err(Error::io(&path)(error)),
        };
        if let Some(known) = known {
            if known.key != key {
                let detail =
                    "holds the copy of another scan, dataset or setting; give another folder";
                return Err(Error::refused(folder, detail));
            }
            return Ok(Self { path, ..known });
        }
        if let Some(place) = places.iter().find(|place| folder.join(place).exists()) {
            let detail = "is there already; give another folder";
            return Err(Error::refused(&folder.join(place), detail));
        }
        fs::create_dir_all(folder).map_err(Error::io(folder))?;
        let state = Self {
            key,
            files: BTreeMap::new(),
            path,
        };
        state.save()?;
        Ok(state)
    }

    /// What happened to a file that is finished and still there.
    pub(super) fn done(&self, place: &Path, target: &Path) -> Option<Copied> {
        let known = self.files.get(&*place.to_string_lossy())?;
        let bytes = fs::metadata(target).ok()?.len();
        (bytes == known.bytes).then_some(Copied {
            rows: known.rows,
            removed: known.removed,
            nulled: known.nulled,
        })
    }

    pub(super) fn finish(&mut self, place: &Path, target: &Path, copied: Copied) -> Result<()> {
        let bytes = fs::metadata(target).map_err(Error::io(target))?.len();
        let file = FileState {
            bytes,
            rows: copied.rows,
            removed: copied.removed,
            nulled: copied.nulled,
        };
        self.files
            .insert(place.to_string_lossy().into_owned(), file);
        self.save()
    }

    fn save(&self) -> Result<()> {
        let text =
            serde_json::to_vec_pretty(self).map_err(|error| Error::corrupt(&self.path, &error))?;
        replace(&self.path, |file| file.write_all(&text))
    }
}
