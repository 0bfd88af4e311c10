//! What was changed in a registry, when, from what and by whom.

use std::path::Path;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// One publication of a registry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The registry's generation after it.
    pub generation: u64,
    /// When it was published, in whole seconds.
    pub at: DateTime<Utc>,
    /// What was done.
    pub action: Action,
    /// Who did it, as stated.
    pub by: Option<String>,
    /// Why, as stated.
    pub reason: Option<String>,
    /// The files that it was read from.
    pub sources: Vec<SourceFile>,
    /// Works whose record is new or changed.
    pub works: u64,
    /// Assets that were added.
    pub assets: u64,
    /// Number of segments after it.
    pub segments: u64,
    /// Of a compaction, the digest of the registry before it, which recognized the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaced: Option<String>,
}

/// The kinds of [`Change`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Action {
    /// Catalogs were registered.
    Register,
    /// Works were withdrawn.
    Withdraw,
    /// A license was added.
    AddLicense,
    /// A license was given a last day.
    ExpireLicense,
    /// Packs were merged.
    Merge,
    /// A pack was made of another registry.
    Export,
    /// Segments were written anew; what the registry was before is gone.
    Compact,
}

impl Action {
    /// In words, for people.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Register => "registered",
            Self::Withdraw => "withdrawn",
            Self::AddLicense => "license added",
            Self::ExpireLicense => "license expired",
            Self::Merge => "packs merged",
            Self::Export => "exported",
            Self::Compact => "compacted",
        }
    }
}

/// A file that a change was read from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceFile {
    /// Its name, without folders.
    pub name: String,
    /// BLAKE3 of its bytes, hexadecimal; nothing for a folder.
    pub blake3: Option<String>,
    /// The name under which its statements are kept, if that is another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Of a pack, the key that it was signed with: SHA-256 of its SPKI DER, hexadecimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

impl SourceFile {
    /// The catalog at `path`.
    pub(crate) fn read(path: &Path, source: Option<&str>) -> Result<Self> {
        let blake3 = if path.is_dir() {
            None
        } else {
            Some(crate::segment::file_digest(path).map(|(digest, _)| digest)?)
        };
        Ok(Self {
            name: crate::catalog::name(path),
            blake3,
            source: source.map(str::to_owned),
            key: None,
        })
    }
}

/// When a change is made, and what is said of it; by default at the beginning of 1970, by nobody.
#[derive(Clone, Debug, Default)]
pub struct ChangeNote {
    /// When; the library knows no clock. Kept in whole seconds.
    pub at: DateTime<Utc>,
    /// Who makes it.
    pub by: Option<String>,
    /// Why.
    pub reason: Option<String>,
}

impl ChangeNote {
    /// The note of a change at this moment by nobody in particular.
    pub fn at(at: DateTime<Utc>) -> Self {
        Self {
            at,
            by: None,
            reason: None,
        }
    }

    /// The change this note is about; what only the registry knows is filled in by it.
    pub(crate) fn change(&self, action: Action, sources: Vec<SourceFile>) -> Change {
        Change {
            generation: 0,
            at: DateTime::from_timestamp(self.at.timestamp(), 0).unwrap_or(self.at),
            action,
            by: self.by.clone(),
            reason: self.reason.clone(),
            sources,
            works: 0,
            assets: 0,
            segments: 0,
            replaced: None,
        }
    }
}

/// The error for a moment before the registry's first change.
pub(crate) fn too_early(folder: &Path, first: Option<&Change>) -> Error {
    let detail = match first {
        Some(first) if first.action == Action::Compact => {
            return Error::Ledger {
                path: folder.to_owned(),
                detail: format!(
                    "it was compacted at {}: how it stood before is gone",
                    first.at
                ),
            };
        }
        Some(first) => format!("its first change was made at {}", first.at),
        None => "it has no history".to_owned(),
    };
    Error::Ledger {
        path: folder.to_owned(),
        detail: format!("the registry did not exist then: {detail}"),
    }
}
