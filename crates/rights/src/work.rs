//! Registered works, and the roles of their files.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::Identifier;

#[cfg(test)]
mod tests;

/// A registered creation: a song, a photograph, a book. Its files are assets, which the index
/// keeps; several assets of one work differ in [`Role`].
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Work {
    /// The catalog's own name for the work, unique in a registry. Compared exactly.
    pub work_id: String,
    /// The title, as the catalog gives it.
    pub title: Option<String>,
    /// Authors, composers, performers, photographers, in the catalog's order.
    pub creators: Vec<String>,
    /// Who holds the rights, as the catalog gives it.
    pub rightsholder: Option<String>,
    /// Checked identifiers, in the catalog's order.
    pub identifiers: Vec<Identifier>,
    /// Catalog columns that this crate does not know, by column name.
    pub extra: BTreeMap<String, String>,
}

impl Work {
    /// A work of which nothing but its id is known.
    pub fn new(work_id: impl Into<String>) -> Self {
        Self {
            work_id: work_id.into(),
            ..Self::default()
        }
    }
}

/// What one file of a work is. Reservations and licenses belong to the work, so an unpublished
/// draft is as reserved as the master.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
#[non_exhaustive]
pub enum Role {
    /// The finished creation, as published; also what a catalog that states no role means.
    #[default]
    Master,
    /// One part of a mix: vocals, drums, a layer.
    Stem,
    /// A published variant: a remaster, a translation, a crop.
    Edition,
    /// An unfinished version.
    Draft,
    /// A finished take that was not published.
    Outtake,
    /// Any other word of the catalog's, trimmed and in lower case.
    Other(String),
}

impl Role {
    /// The word for this role in catalogs.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Master => "master",
            Self::Stem => "stem",
            Self::Edition => "edition",
            Self::Draft => "draft",
            Self::Outtake => "outtake",
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for Role {
    fn from(text: &str) -> Self {
        let word = text.trim().to_lowercase();
        match word.as_str() {
            "" | "master" => Self::Master,
            "stem" => Self::Stem,
            "edition" => Self::Edition,
            "draft" => Self::Draft,
            "outtake" => Self::Outtake,
            _ => Self::Other(word),
        }
    }
}

impl From<String> for Role {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<Role> for String {
    fn from(role: Role) -> Self {
        role.as_str().to_owned()
    }
}

impl FromStr for Role {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self::from(text))
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
