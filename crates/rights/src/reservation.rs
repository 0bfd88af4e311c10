//! A rightsholder's opt-out.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{Territory, UseSet};

#[cfg(test)]
mod tests;

/// A rightsholder's opt-out of some uses of a work, with source and dates.
///
/// An empty `uses` says explicitly that nothing is reserved; it does not lift another reservation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Reservation {
    /// The reservation's name, unique in a registry.
    pub reservation_id: String,
    /// The work it belongs to.
    pub work_id: String,
    /// What is reserved.
    pub uses: UseSet,
    /// First day; nothing when no first day is stated, which counts as ever since.
    pub since: Option<NaiveDate>,
    /// Last day, still reserved; nothing when no last day is stated.
    pub until: Option<NaiveDate>,
    /// Where it applies.
    pub territory: Territory,
    /// Where it was declared: a catalog, a file's metadata, a web page.
    pub source: Option<String>,
    /// What shows that it was declared: an address, a digest, the words themselves.
    pub evidence: Option<String>,
    /// The catalog that states it; nothing when that is not known.
    pub catalog: Option<String>,
}

impl Reservation {
    /// A worldwide reservation without dates or source.
    pub fn new(
        reservation_id: impl Into<String>,
        work_id: impl Into<String>,
        uses: UseSet,
    ) -> Self {
        Self {
            reservation_id: reservation_id.into(),
            work_id: work_id.into(),
            uses,
            ..Self::default()
        }
    }

    /// Whether `date` lies within the reservation's first and last day. Says nothing about uses
    /// and territory, and is false for every date when the first day lies after the last.
    pub fn is_in_force(&self, date: NaiveDate) -> bool {
        self.since.is_none_or(|first| first <= date) && self.until.is_none_or(|last| date <= last)
    }
}
