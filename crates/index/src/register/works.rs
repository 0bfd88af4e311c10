//! Works of a registration: lines with the same id become one record.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use clearance_rights::{License, Reservation, Rightsholder, Work};

use super::{CatalogPlace, Registration, Task, tasks};
use crate::catalog::{CatalogRow, Reject};
use crate::iscc::is_recognizable;
use crate::registry::{LEDGER, Snapshot};
use crate::segment::SegmentBuilder;
use crate::segment::records::{JOINT, WorkRecord};

#[cfg(test)]
mod tests;

/// The works seen so far, in catalog order.
#[derive(Default)]
pub(super) struct Works {
    records: Vec<WorkRecord>,
    places: HashMap<String, usize>,
    /// The catalog file and line that each work is named by first.
    lines: Vec<(Arc<str>, u64)>,
    /// The catalogs that name each work now, in the order in which they did first.
    sources: Vec<Vec<Arc<str>>>,
    with_asset: BTreeSet<String>,
}

impl Works {
    /// Takes a catalog row; returns its assets.
    pub(super) fn take(&mut self, catalog: &CatalogPlace, mut row: CatalogRow) -> Vec<Task> {
        let tasks = tasks(catalog, &row);
        let next = self.records.len();
        let place = *self.places.entry(row.work.work_id.clone()).or_insert(next);
        if place == next {
            self.lines.push((catalog.name.clone(), row.line));
            self.sources.push(Vec::new());
            self.records.push(WorkRecord {
                work: Work::new(row.work.work_id.clone()),
                reservations: Vec::new(),
                licenses: Vec::new(),
                source: String::new(),
                withdrawn: false,
            });
        }
        let source = &catalog.source;
        if !self.sources[place].contains(source) {
            self.sources[place].push(source.clone());
        }
        let record = &mut self.records[place];
        for mut holder in std::mem::take(&mut row.work.rightsholders) {
            holder.source = Some(source.to_string());
            add_rightsholder(&mut record.work.rightsholders, holder);
        }
        if let Some(mut reservation) = row.reservation {
            reservation.catalog = Some(source.to_string());
            add_new(&mut record.reservations, reservation);
        }
        if let Some(mut license) = row.license {
            license.catalog = Some(source.to_string());
            add_new(&mut record.licenses, license);
        }
        describe(&mut record.work, row.work);
        tasks
    }

    /// Notes that a work has an asset in the registry.
    pub(super) fn has_asset(&mut self, work_id: &str) {
        if !self.with_asset.contains(work_id) {
            self.with_asset.insert(work_id.to_owned());
        }
    }

    /// Adds new and changed records to the segment.
    pub(super) fn finish(
        self,
        snapshot: &Snapshot,
        builder: &mut SegmentBuilder,
        result: &mut Registration,
    ) {
        let rejects = result.rejects.iter();
        let rejected: HashSet<String> = rejects.filter_map(|it| it.work_id.clone()).collect();
        let named = self.lines.into_iter().zip(self.sources);
        for (record, ((catalog, line), sources)) in self.records.into_iter().zip(named) {
            let work_id = record.work.work_id.clone();
            match snapshot.record(&work_id) {
                Some(before) => {
                    let record = merge(before, record, &sources);
                    if record == *before {
                        result.works_unchanged += 1;
                    } else if before.withdrawn {
                        result.works_added += 1;
                        builder.add_work(record);
                    } else {
                        result.works_updated += 1;
                        builder.add_work(record);
                    }
                }
                None if self.with_asset.contains(&work_id) => {
                    result.works_added += 1;
                    builder.add_work(WorkRecord {
                        source: sources.join(JOINT),
                        ..record
                    });
                }
                // What is said of its lines or files already is why it has no asset.
                None if rejected.contains(&work_id) => {}
                // A declaration that is bound to content by its code brings no file.
                None if is_recognizable(&record.work) => {
                    result.works_added += 1;
                    builder.add_work(WorkRecord {
                        source: sources.join(JOINT),
                        ..record
                    });
                }
                None => result.rejects.push(without_asset(work_id, &catalog, line)),
            }
        }
    }
}

/// A work that no asset was registered for cannot be found.
fn without_asset(work_id: String, catalog: &str, line: u64) -> Reject {
    Reject {
        catalog: catalog.to_owned(),
        line,
        work_id: Some(work_id),
        path: None,
        reason: "no path and no text: there is nothing to recognize the work by".to_owned(),
    }
}

/// Adds a statement that is not there already.
fn add_new<T: PartialEq>(known: &mut Vec<T>, one: T) {
    if !known.contains(&one) {
        known.push(one);
    }
}

/// Adds what a line says of a rightsholder. Lines of one catalog that name different ones name
/// co-owners; a second share of the same one is kept, too: which of both is right, nobody here
/// knows.
fn add_rightsholder(known: &mut Vec<Rightsholder>, holder: Rightsholder) {
    for one in known.iter_mut() {
        if one.source != holder.source || !one.is_named(&holder.name) {
            continue;
        }
        if one.share.is_none() {
            one.share = holder.share;
        }
        if holder.share.is_none() || one.share == holder.share {
            return;
        }
    }
    // One more than the most says that there are too many.
    if known.len() <= Rightsholder::MOST {
        known.push(holder);
    }
}

/// A statement that a catalog replaces when it is registered again.
pub(crate) trait Stated {
    fn catalog(&self) -> Option<&str>;
}

impl Stated for Rightsholder {
    fn catalog(&self) -> Option<&str> {
        self.source.as_deref()
    }
}

impl Stated for Reservation {
    fn catalog(&self) -> Option<&str> {
        self.catalog.as_deref()
    }
}

impl Stated for License {
    fn catalog(&self) -> Option<&str> {
        self.catalog.as_deref()
    }
}

/// What is stated after the catalogs `sources` named a work again: what they say now, and what
/// others said before. Catalogs keep their order, so that saying the same changes nothing.
pub(crate) fn restated<T: Stated>(before: Vec<T>, mut now: Vec<T>, sources: &[Arc<str>]) -> Vec<T> {
    let mut joined = Vec::new();
    for one in before {
        match one.catalog() {
            Some(catalog) if sources.iter().any(|source| **source == *catalog) => {
                let (same, others) = now
                    .into_iter()
                    .partition(|it| it.catalog() == one.catalog());
                now = others;
                joined.extend::<Vec<T>>(same);
            }
            _ => joined.push(one),
        }
    }
    joined.extend(now);
    joined
}

/// Fills in what earlier lines of the same work left open.
pub(crate) fn describe(work: &mut Work, line: Work) {
    work.title = work.title.take().or(line.title);
    for creator in line.creators {
        if !work.creators.contains(&creator) {
            work.creators.push(creator);
        }
    }
    for identifier in line.identifiers {
        if !work.identifiers.contains(&identifier) {
            work.identifiers.push(identifier);
        }
    }
    for (name, value) in line.extra {
        work.extra.entry(name).or_insert(value);
    }
}

/// A catalog that names a work again replaces what it said of rightsholders, reservations and
/// licenses, and nothing that another catalog said: no reservation is lost by somebody else naming
/// the same work. The description is replaced once all catalogs that named the work name it again;
/// before that, a newer catalog fills in what was left open.
///
/// What was said of a license one by one stands in either case.
fn merge(before: &WorkRecord, record: WorkRecord, sources: &[Arc<str>]) -> WorkRecord {
    let is_replaced = before
        .catalogs()
        .all(|catalog| sources.iter().any(|source| **source == *catalog));
    let mut joined = WorkRecord {
        withdrawn: false,
        ..before.clone()
    };
    let now = record.work.rightsholders.clone();
    let rightsholders = std::mem::take(&mut joined.work.rightsholders);
    if is_replaced {
        joined.work = record.work;
    } else {
        describe(&mut joined.work, record.work);
    }
    joined.work.rightsholders = restated(rightsholders, now, sources);
    joined.work.rightsholders.truncate(Rightsholder::MOST + 1);
    joined.reservations = restated(joined.reservations, record.reservations, sources);
    let is_kept = |license: &License| license.source.as_deref() == Some(LEDGER);
    let (kept, stated): (Vec<_>, Vec<_>) = joined.licenses.into_iter().partition(is_kept);
    let is_said = |license: &License| kept.iter().any(|it| it.license_id == license.license_id);
    joined.licenses = restated(stated, record.licenses, sources);
    joined.licenses.retain(|license| !is_said(license));
    joined.licenses.extend(kept);
    for source in sources {
        if !before.catalogs().any(|catalog| *catalog == **source) {
            joined.source = format!("{}{JOINT}{source}", joined.source);
        }
    }
    joined
}
