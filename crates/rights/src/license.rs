//! A permission for uses of a work.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{Territory, UseSet};

#[cfg(test)]
mod tests;

/// The licensee that stands for everyone: a public license.
pub const ANYONE: &str = "*";

/// Permission for some uses of a work, for someone, between dates, somewhere.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct License {
    /// The license's name, unique in a registry.
    pub license_id: String,
    /// The work it belongs to.
    pub work_id: String,
    /// Who may use the work; [`ANYONE`] for everyone, nothing when the record does not say.
    pub licensee: Option<String>,
    /// What is granted.
    pub uses: UseSet,
    /// First day, already covered; nothing when no first day is stated.
    pub from: Option<NaiveDate>,
    /// Last day, still covered; nothing when no last day is stated.
    pub until: Option<NaiveDate>,
    /// Where it holds.
    pub territory: Territory,
    /// Where it was stated; nothing for the catalog that its work was read from.
    pub source: Option<String>,
    /// Who granted it; empty when the record does not say. Names are compared as those of
    /// licensees are.
    pub licensors: Vec<String>,
    /// Whether it lets the licensee make works out of the work; nothing when not stated. Told, and
    /// not judged: no use asks for it.
    pub derivatives: Option<bool>,
    /// The class of price or tariff, in the licensor's words.
    pub price_class: Option<String>,
    /// Where the agreement is to be found: the number of a contract, an address.
    pub reference: Option<String>,
    /// The catalog that states it; nothing when that is not known, and for a license that was
    /// added by itself.
    pub catalog: Option<String>,
}

impl License {
    /// A worldwide license without dates, licensor and licensee: until a licensee is set, it leaves
    /// open who may use the work.
    pub fn new(license_id: impl Into<String>, work_id: impl Into<String>, uses: UseSet) -> Self {
        Self {
            license_id: license_id.into(),
            work_id: work_id.into(),
            uses,
            ..Self::default()
        }
    }

    /// Whether `date` lies within the license's first and last day. Says nothing about uses,
    /// licensee and territory, and is false for every date when the first day lies after the last.
    pub fn is_in_force(&self, date: NaiveDate) -> bool {
        self.from.is_none_or(|first| first <= date) && self.until.is_none_or(|last| date <= last)
    }
}
