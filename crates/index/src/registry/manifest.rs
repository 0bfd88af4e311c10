//! `registry.json`.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use chrono::{DateTime, Utc};
use clearance_fingerprint::params;
use serde::{Deserialize, Serialize};

use super::history::{Action, Change};
use crate::error::{Error, Result};

const FORMAT: &str = "clearance-registry";
const VERSION: u32 = 3;

/// The contents of `registry.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    format: String,
    version: u32,
    /// Counts publications; 0 is an empty registry.
    pub generation: u64,
    params: Params,
    /// The segments in the order they were added. Later records of a work
    /// replace earlier ones.
    pub segments: Vec<SegmentInfo>,
    /// Every change of the registry, in order.
    pub history: Vec<Change>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Params {
    audio: String,
    image: String,
    text: String,
}

/// A segment as the manifest names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SegmentInfo {
    /// Folder name: 16 hexadecimal digits of a digest over its files.
    pub id: String,
    /// Number of work records.
    pub works: u64,
    /// Number of assets.
    pub assets: u64,
    /// Its files.
    pub files: Vec<StoredFile>,
}

/// A file of a segment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredFile {
    /// File name inside the segment's folder.
    pub name: String,
    /// Length in bytes.
    pub bytes: u64,
    /// BLAKE3 of the contents, hexadecimal.
    pub blake3: String,
}

impl Default for Manifest {
    fn default() -> Self {
        Self {
            format: FORMAT.to_owned(),
            version: VERSION,
            generation: 0,
            params: Params::current(),
            segments: Vec::new(),
            history: Vec::new(),
        }
    }
}

impl Params {
    fn current() -> Self {
        Self {
            audio: params::AUDIO.to_owned(),
            image: params::IMAGE.to_owned(),
            text: params::TEXT.to_owned(),
        }
    }
}

impl Manifest {
    /// Reads and checks a manifest.
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let text = match std::fs::read(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let folder = path.parent().unwrap_or(path);
                return Err(Error::NotARegistry {
                    path: folder.to_owned(),
                });
            }
            Err(error) => return Err(Error::io(path)(error)),
        };
        // The version first: a newer manifest may have another shape altogether.
        let value: serde_json::Value = serde_json::from_slice(&text)
            .map_err(|error| Error::corrupt(path, error.to_string()))?;
        if value["format"] != FORMAT {
            return Err(Error::corrupt(path, "not a clearance registry"));
        }
        let found = value["version"].as_u64().unwrap_or(0);
        let found = u32::try_from(found).unwrap_or(u32::MAX);
        if found != VERSION {
            return Err(Error::Version {
                path: path.to_owned(),
                found,
                supported: VERSION,
            });
        }
        let manifest: Self = serde_json::from_value(value)
            .map_err(|error| Error::corrupt(path, error.to_string()))?;
        let current = Params::current();
        if manifest.params != current {
            return Err(Error::Params {
                path: path.to_owned(),
                found: manifest.params.to_string(),
                expected: current.to_string(),
            });
        }
        manifest
            .check_names()
            .map_err(|detail| Error::corrupt(path, detail))?;
        Ok(manifest)
    }

    /// The names in it are joined to the registry's folder, and folders that they do not name are
    /// removed from it.
    fn check_names(&self) -> std::result::Result<(), String> {
        for segment in &self.segments {
            let id = segment.id.as_bytes();
            if id.len() != 16 || !id.iter().all(u8::is_ascii_hexdigit) {
                return Err(format!("{:?} is not the id of a segment", segment.id));
            }
            let mut names = segment.files.iter().map(|file| &file.name);
            if let Some(name) = names.find(|name| name.contains(['/', '\\'])) {
                return Err(format!("{name:?} is not the name of a segment's file"));
            }
        }
        Ok(())
    }

    /// Replaces the manifest: written aside, synced, renamed.
    pub(crate) fn write(&self, path: &Path) -> Result<()> {
        let text = serde_json::to_vec_pretty(self)
            .map_err(|error| Error::corrupt(path, error.to_string()))?;
        let temporary = path.with_extension("json.writing");
        let write = || {
            let mut file = File::create(&temporary)?;
            file.write_all(&text)?;
            file.sync_all()?;
            std::fs::rename(&temporary, path)
        };
        write().map_err(Error::io(path))
    }

    /// The first change after which the registry is known as it stood: the last compaction, or else
    /// the first change of all.
    pub(crate) fn first_state(&self) -> Option<&Change> {
        let mut newest = self.history.iter().rev();
        let compaction = newest.find(|change| change.action == Action::Compact);
        compaction.or_else(|| self.history.first())
    }

    /// The registry as it stood at `when`: the segments that were there then.
    /// Nothing when the first change came later.
    pub(crate) fn at(mut self, when: DateTime<Utc>) -> Option<Self> {
        // Of a registry that was never compacted, every change counts, in whatever order they stand.
        let compacted = self.first_state()?;
        let first = match compacted.action {
            Action::Compact => compacted.generation,
            _ => 0,
        };
        self.history.retain(|change| change.at <= when);
        let last = self.history.last()?;
        if last.generation < first {
            return None;
        }
        self.generation = last.generation;
        self.segments
            .truncate(usize::try_from(last.segments).unwrap_or(usize::MAX));
        Some(self)
    }

    /// The registry as it stood in `generation`.
    pub(crate) fn at_generation(mut self, generation: u64) -> Option<Self> {
        if generation < self.first_state()?.generation {
            return None;
        }
        self.history
            .retain(|change| change.generation <= generation);
        let last = self.history.last()?;
        if last.generation != generation {
            return None;
        }
        self.generation = generation;
        self.segments
            .truncate(usize::try_from(last.segments).unwrap_or(usize::MAX));
        Some(self)
    }

    /// A digest that names this state of the registry: BLAKE3 over the digests
    /// of all files of all segments.
    pub fn digest(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        for segment in &self.segments {
            hasher.update(segment.id.as_bytes());
            for file in &segment.files {
                hasher
                    .update(file.name.as_bytes())
                    .update(file.blake3.as_bytes());
            }
        }
        hasher.finalize().to_hex().to_string()
    }
}

impl std::fmt::Display for Params {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} {}", self.audio, self.image, self.text)
    }
}
