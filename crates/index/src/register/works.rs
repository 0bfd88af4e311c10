//! Works of a registration: lines with the same id become one record.

use std::collections::{BTreeSet, HashMap};

use clearance_rights::{License, Rightsholder, Work};

use super::{CatalogPlace, Registration, Task, tasks};
use crate::catalog::{CatalogRow, Reject};
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
    lines: Vec<u64>,
    /// The catalogs that name each work now.
    sources: Vec<BTreeSet<String>>,
    with_asset: BTreeSet<String>,
}

impl Works {
    /// Takes a catalog row; returns its assets.
    pub(super) fn take(&mut self, catalog: &CatalogPlace, mut row: CatalogRow) -> Vec<Task> {
        let tasks = tasks(catalog, &row);
        let next = self.records.len();
        let place = *self.places.entry(row.work.work_id.clone()).or_insert(next);
        if place == next {
            self.lines.push(row.line);
            self.sources.push(BTreeSet::new());
            self.records.push(WorkRecord {
                work: Work::new(row.work.work_id.clone()),
                reservations: Vec::new(),
                licenses: Vec::new(),
                source: catalog.name.clone(),
                withdrawn: false,
            });
        }
        if !self.sources[place].contains(&catalog.name) {
            self.sources[place].insert(catalog.name.clone());
        }
        let record = &mut self.records[place];
        for mut holder in std::mem::take(&mut row.work.rightsholders) {
            holder.source = Some(catalog.name.clone());
            add_rightsholder(&mut record.work.rightsholders, holder);
        }
        describe(&mut record.work, row.work);
        record.reservations.extend(row.reservation);
        record.licenses.extend(row.license);
        without_repeats(record);
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
        let named = self.lines.into_iter().zip(self.sources);
        for (record, (line, sources)) in self.records.into_iter().zip(named) {
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
                    builder.add_work(record);
                }
                None => reject_without_asset(result, &record, line),
            }
        }
    }
}

/// A work that no asset was registered for cannot be found; it is said once.
fn reject_without_asset(result: &mut Registration, record: &WorkRecord, line: u64) {
    let work_id = Some(&record.work.work_id);
    if result
        .rejects
        .iter()
        .any(|reject| reject.work_id.as_ref() == work_id)
    {
        return;
    }
    result.rejects.push(Reject {
        catalog: record.source.clone(),
        line,
        work_id: work_id.cloned(),
        path: None,
        reason: "no path and no text: there is nothing to recognize the work by".to_owned(),
    });
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

/// Who holds the rights after the catalogs `sources` named a work again: what they say now, and
/// what others said before. Catalogs keep their order, so that saying the same changes nothing.
fn claims(
    before: &[Rightsholder],
    mut now: Vec<Rightsholder>,
    sources: &BTreeSet<String>,
) -> Vec<Rightsholder> {
    let mut joined = Vec::new();
    for holder in before {
        let source = holder.source.as_ref();
        if source.is_none_or(|source| !sources.contains(source)) {
            joined.push(holder.clone());
        } else {
            let (same, others) = now.into_iter().partition(|it| it.source.as_ref() == source);
            now = others;
            joined.extend::<Vec<_>>(same);
        }
    }
    joined.extend(now);
    joined.truncate(Rightsholder::MOST + 1);
    joined
}

/// Fills in what earlier lines of the same work left open.
fn describe(work: &mut Work, line: Work) {
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

/// A newer record of the same catalog replaces the older one. Once two catalogs
/// name a work, their records are joined for good, so that no reservation is
/// lost by somebody else naming the same work. Who holds the rights is kept catalog by catalog:
/// each replaces what it said itself, and contradicts the others where they differ.
///
/// What was said of a license one by one stands in either case.
fn merge(before: &WorkRecord, mut record: WorkRecord, sources: &BTreeSet<String>) -> WorkRecord {
    let now = std::mem::take(&mut record.work.rightsholders);
    let rightsholders = claims(&before.work.rightsholders, now, sources);
    let is_kept = |license: &&License| license.source.as_deref() == Some(LEDGER);
    let kept: Vec<License> = before.licenses.iter().filter(is_kept).cloned().collect();
    let is_said = |license: &License| kept.iter().any(|it| it.license_id == license.license_id);
    record.licenses.retain(|license| !is_said(license));
    if before.source == record.source {
        record.licenses.extend(kept);
        record.work.rightsholders = rightsholders;
        return record;
    }
    let mut joined = WorkRecord {
        withdrawn: false,
        ..before.clone()
    };
    if !before
        .source
        .split(JOINT)
        .any(|source| source == record.source)
    {
        joined.source = format!("{}{JOINT}{}", before.source, record.source);
    }
    describe(&mut joined.work, record.work);
    joined.work.rightsholders = rightsholders;
    joined.reservations.extend(record.reservations);
    joined.licenses.extend(record.licenses);
    without_repeats(&mut joined);
    joined
}

fn without_repeats(record: &mut WorkRecord) {
    let mut reservations = Vec::new();
    for reservation in std::mem::take(&mut record.reservations) {
        if !reservations.contains(&reservation) {
            reservations.push(reservation);
        }
    }
    record.reservations = reservations;
    let mut licenses = Vec::new();
    for license in std::mem::take(&mut record.licenses) {
        if !licenses.contains(&license) {
            licenses.push(license);
        }
    }
    record.licenses = licenses;
}
