//! Registered works, and the roles of their files.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::words::same_name;
use crate::{Identifier, Rightsholder};

#[cfg(test)]
mod tests;

/// A registered creation: a song, a photograph, a book. Its files are assets, which the index
/// keeps; several assets of one work differ in [`Role`].
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "WorkForm", into = "WorkForm")]
pub struct Work {
    /// The catalog's own name for the work, unique in a registry. Compared exactly.
    pub work_id: String,
    /// The title, as the catalog gives it.
    pub title: Option<String>,
    /// Authors, composers, performers, photographers, in the catalog's order.
    pub creators: Vec<String>,
    /// Who holds the rights, in the catalog's order; co-owners when there are several. In JSON
    /// their names stand in `rightsholder`, too, as one text.
    pub rightsholders: Vec<Rightsholder>,
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

    /// The names of all rightsholders as one text, each once, such as `Harbor Records; Ben Cole`;
    /// nothing when none is named.
    pub fn rightsholder(&self) -> Option<String> {
        let mut names: Vec<&str> = Vec::new();
        for holder in &self.rightsholders {
            let name = holder.name.trim();
            if !name.is_empty() && !names.iter().any(|known| same_name(known, name)) {
                names.push(name);
            }
        }
        (!names.is_empty()).then(|| names.join("; "))
    }
}

/// A work as JSON.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct WorkForm {
    work_id: String,
    title: Option<String>,
    creators: Vec<String>,
    rightsholder: Option<String>,
    rightsholders: Vec<Rightsholder>,
    identifiers: Vec<Identifier>,
    extra: BTreeMap<String, String>,
}

impl From<Work> for WorkForm {
    fn from(work: Work) -> Self {
        Self {
            rightsholder: work.rightsholder(),
            work_id: work.work_id,
            title: work.title,
            creators: work.creators,
            rightsholders: work.rightsholders,
            identifiers: work.identifiers,
            extra: work.extra,
        }
    }
}

impl From<WorkForm> for Work {
    fn from(form: WorkForm) -> Self {
        let mut rightsholders = form.rightsholders;
        if rightsholders.is_empty() {
            rightsholders.extend(form.rightsholder.map(Rightsholder::new));
        }
        Self {
            work_id: form.work_id,
            title: form.title,
            creators: form.creators,
            rightsholders,
            identifiers: form.identifiers,
            extra: form.extra,
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
