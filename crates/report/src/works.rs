//! `works.jsonl`: the works that were found, as the registry had them.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::NaiveDate;
use clearance_index::{Names, Snapshot};
use clearance_rights::{License, Reservation, UseSet, Work, parse_date};
use serde::{Deserialize, Serialize};

use crate::drawing::{Drawing, history};
use crate::error::Result;
use crate::lines::each_line;
use crate::words::line;
use crate::write::WORKS;

/// Records of one work that are told on a page.
const MOST_RECORDS: usize = 100;

/// A work that was found, with its rights records.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FoundWork {
    /// The work.
    pub work: Work,
    /// Its reservations, in the registry's order.
    pub reservations: Vec<Reservation>,
    /// Its licenses, in the registry's order.
    pub licenses: Vec<License>,
    /// The catalog it was read from.
    pub catalog: String,
}

/// What the outputs say of the registry: it itself, or what shards kept of it.
pub(crate) trait KnownWorks {
    /// What is said of a work; `None` when it is not known.
    fn found(&self, work_id: &str) -> Option<FoundWork>;

    /// How many names of works and creators are looked for in texts, and how many are held back.
    fn name_counts(&self) -> (u64, u64);
}

impl KnownWorks for Snapshot {
    fn found(&self, work_id: &str) -> Option<FoundWork> {
        let record = self.record(work_id)?;
        Some(FoundWork {
            work: record.work.clone(),
            reservations: record.reservations.clone(),
            licenses: record.licenses.clone(),
            catalog: record.source.clone(),
        })
    }

    fn name_counts(&self) -> (u64, u64) {
        Names::counts(self)
    }
}

/// Reads `works.jsonl` of an output folder, by work id; empty where there is none, as in results
/// of earlier versions.
pub(crate) fn read_works(out: &Path) -> Result<BTreeMap<String, FoundWork>> {
    let path = out.join(WORKS);
    let mut works = BTreeMap::new();
    if path.exists() {
        each_line(&path, |found: FoundWork| {
            works.insert(found.work.work_id.clone(), found);
            Ok(())
        })?;
    }
    Ok(works)
}

/// A work as a page tells of it.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Record {
    pub(crate) identifiers: Vec<String>,
    pub(crate) rightsholders: Vec<String>,
    pub(crate) catalog: String,
    /// When each reservation and license is in force.
    pub(crate) rights: Option<Drawing>,
    /// The same records in words: what it is, its id, the rest.
    pub(crate) records: Vec<(&'static str, String, String)>,
}

impl Record {
    pub(crate) fn new(found: &FoundWork, as_of: &str) -> Self {
        let as_of = parse_date(as_of).ok();
        let identifiers = found.work.identifiers.iter();
        let reserved = found.reservations.iter().map(|record| {
            let words = reservation(record);
            ("reservation", line(&record.reservation_id), words)
        });
        let licensed = found.licenses.iter().map(|record| {
            let words = license(record);
            ("license", line(&record.license_id), words)
        });
        Self {
            identifiers: identifiers.map(|one| line(&one.to_string())).collect(),
            rightsholders: found
                .work
                .rightsholders
                .iter()
                .map(|holder| line(&holder.name))
                .collect(),
            catalog: line(&found.catalog),
            rights: history(&found.reservations, &found.licenses, as_of),
            records: reserved.chain(licensed).take(MOST_RECORDS).collect(),
        }
    }
}

fn reservation(record: &Reservation) -> String {
    format!(
        "{}, {}, {}; {}",
        uses(record.uses),
        days(record.since, record.until),
        line(&record.territory.to_string()),
        record
            .source
            .as_deref()
            .map_or_else(|| "source not stated".to_owned(), line),
    )
}

/// `search, train`.
fn uses(uses: UseSet) -> String {
    match uses.to_string() {
        none if none.is_empty() => "nothing".to_owned(),
        some => line(&some.replace('|', ", ")),
    }
}

fn license(record: &License) -> String {
    let licensee = match record.licensee.as_deref() {
        Some("*") => "anyone".to_owned(),
        Some(name) => line(name),
        None => "a licensee that is not stated".to_owned(),
    };
    let licensors = match record.licensors.as_slice() {
        [] => String::new(),
        names => format!("; by {}", line(&names.join(", "))),
    };
    let reference = record.reference.as_deref();
    let reference = reference.map_or_else(String::new, |text| format!("; {}", line(text)));
    format!(
        "{} to {licensee}, {}, {}{licensors}{reference}",
        uses(record.uses),
        days(record.from, record.until),
        line(&record.territory.to_string()),
    )
}

fn days(from: Option<NaiveDate>, until: Option<NaiveDate>) -> String {
    match (from, until) {
        (None, None) => "without dates".to_owned(),
        (Some(from), None) => format!("from {from} on"),
        (None, Some(until)) => format!("until {until}"),
        (Some(from), Some(until)) => format!("{from} to {until}"),
    }
}

#[cfg(test)]
mod tests;
