//! Outcomes in any order to parts in one order.

use std::collections::{BTreeSet, HashMap};

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use clearance_decode::{Media, Reason};
use clearance_index::{Match, MatchKind, Names, Snapshot, WorkRecord};
use clearance_rights::signals::Embedded;
use clearance_rights::{IdentifierKind, Use};
use crossbeam_channel::Receiver;

use super::fetching::{FetchedItem, fetched_lines};
use super::{Gathered, Message, Placed};
use crate::checkpoint::{Checkpoint, Part};
use crate::coverage::{MediaCounts, RowStatus};
use crate::error::{Error, Result};
use crate::finding::{
    CoverageLine, CoverageStatus, Exhibit, Finding, Place, coded, declared, judge, located,
    mentioned, stripped,
};
use crate::plan::{Plan, ScanOptions, Unit};
use crate::reading::Said;
use crate::source::PlannedFile;
use crate::worker::{Examined, Outcome, Seen};

/// Exhibits kept for each unit: enough for a reader, not a second copy of the dataset.
const MOST_EXHIBITS: usize = 200;

pub(super) type ItemOutcome = Placed<Seen>;

/// A unit whose outcomes are coming in. Most items are clear; they leave only
/// their row's status and a count behind.
pub(super) struct Open {
    status: Vec<RowStatus>,
    media: MediaCounts,
    /// Thousandths of a second, pixels, words: whole numbers, because the order in
    /// which they are added up differs from run to run.
    extents: [u64; 3],
    /// Items that declare anything about their own use.
    declaring: u64,
    notable: Vec<ItemOutcome>,
    /// Items that were fetched or to be fetched, by row, column and place in a list.
    fetched: Vec<FetchedItem>,
    done: usize,
    closed: Option<(usize, u64, Option<String>)>,
}

impl Open {
    /// A unit whose rows are all there at once.
    pub(super) fn whole(unit: Unit, rows_read: u64, damage: Option<String>) -> Self {
        Self {
            closed: Some((0, rows_read, damage)),
            ..Self::new(unit)
        }
    }

    pub(super) fn new(unit: Unit) -> Self {
        Self {
            status: vec![RowStatus::Empty; unit.rows as usize],
            media: MediaCounts::default(),
            extents: [0; 3],
            declaring: 0,
            notable: Vec::new(),
            fetched: Vec::new(),
            done: 0,
            closed: None,
        }
    }

    pub(super) fn add(
        &mut self,
        file: &PlannedFile,
        unit: Unit,
        mut item: ItemOutcome,
        planned: Use,
    ) {
        if let Some(record) = item.outcome.fetched.take() {
            item.outcome.is_kept_back = record.keeps_copies_back();
            self.fetched
                .push((item.row, item.column, item.index, record));
        }
        let said = item.outcome.said.as_ref();
        self.declaring += u64::from(said.is_some() || item.outcome.is_place_declaring);
        let is_declared = said.is_some_and(|said| said.is_notable(planned));
        let (status, notable) = match &item.outcome.outcome {
            Outcome::Examined(examined) => self.count_examined(examined, is_declared),
            Outcome::Unreadable(_) => {
                let counts = self.media.of_mut(file.columns[item.column].media);
                counts.items += 1;
                counts.unreadable += 1;
                (RowStatus::Unreadable, true)
            }
            Outcome::Skipped(_) => {
                let counts = self.media.of_mut(file.columns[item.column].media);
                counts.items += 1;
                counts.skipped += 1;
                (RowStatus::Skipped, true)
            }
            // No item: it leaves the row as it is.
            Outcome::Origin => (RowStatus::Empty, false),
        };
        let is_located = item.outcome.located.is_some();
        let (status, notable) = if is_declared || is_located {
            (RowStatus::Matched, true)
        } else {
            (status, notable)
        };
        let place = (item.row - unit.first_row) as usize;
        if let Some(known) = self.status.get_mut(place) {
            *known = status.max(*known);
        }
        if notable {
            self.notable.push(item);
        }
    }

    fn count_examined(&mut self, examined: &Examined, is_declared: bool) -> (RowStatus, bool) {
        let counts = self.media.of_mut(Some(examined.media));
        let partial = examined.partial.is_some();
        counts.items += 1;
        counts.partial += u64::from(partial);
        if let Some(decoy) = examined.decoy {
            counts.add_decoy(decoy);
        }
        let unit = if examined.media == Media::Audio {
            1000.0
        } else {
            1.0
        };
        // A forged fingerprint table may claim any extent.
        let extent = &mut self.extents[examined.media as usize];
        *extent = extent.saturating_add((examined.extent * unit).round() as u64);
        if examined.matches.is_empty() && examined.coded.is_empty() && !is_declared {
            counts.clear += 1;
            // A name in a text leaves it clear, but is to be listed.
            (RowStatus::Clear, partial || !examined.mentions.is_empty())
        } else {
            counts.matched += 1;
            (RowStatus::Matched, true)
        }
    }

    fn is_whole(&self) -> bool {
        self.closed
            .as_ref()
            .is_some_and(|(tasks, _, _)| *tasks == self.done)
    }
}

/// Receives until all senders are gone, and writes a part for each whole unit.
pub(super) fn gather(
    plan: &Plan,
    checkpoint: &Checkpoint,
    snapshot: &Snapshot,
    names: Option<&Names>,
    options: &ScanOptions,
    receiver: Receiver<Message<'_, Seen>>,
) -> Result<Gathered> {
    let mut open: HashMap<(usize, usize), Open> = HashMap::new();
    let mut gathered = Gathered {
        opened: 0,
        written: 0,
    };
    for message in receiver {
        let unit = match message {
            Message::Open(unit) => {
                gathered.opened += 1;
                open.insert((unit.file, unit.group), Open::new(unit));
                continue;
            }
            Message::Done { unit, outcomes, .. } => {
                if let Some(open) = open.get_mut(&(unit.file, unit.group)) {
                    let file = &plan.files[unit.file];
                    for item in outcomes {
                        open.add(file, unit, item, options.policy.use_);
                    }
                    open.done += 1;
                }
                unit
            }
            Message::Close {
                unit,
                tasks,
                rows_read,
                damage,
            } => {
                if let Some(open) = open.get_mut(&(unit.file, unit.group)) {
                    open.closed = Some((tasks, rows_read, damage));
                }
                unit
            }
        };
        let key = (unit.file, unit.group);
        if open.get(&key).is_some_and(Open::is_whole)
            && let Some(open) = open.remove(&key)
        {
            let (part, _) = part(plan, unit, open, snapshot, names, options);
            answered(snapshot)?;
            checkpoint.write(unit, &part)?;
            gathered.written += 1;
        }
    }
    Ok(gathered)
}

/// Ends a run against a registry in parts of which one does not answer: what seems clear since then
/// was not compared with all works.
pub(super) fn answered(snapshot: &Snapshot) -> Result<()> {
    let Some(detail) = snapshot.trouble() else {
        return Ok(());
    };
    Err(Error::Worker {
        detail: format!(
            "a part of the registry does not answer: {detail}; run the same command again when it does"
        ),
    })
}

fn encode(jpeg: &[u8]) -> String {
    BASE64.encode(jpeg)
}

/// The results of a unit, and what became of each of its rows that were chosen.
pub(super) fn part(
    plan: &Plan,
    unit: Unit,
    mut open: Open,
    snapshot: &Snapshot,
    names: Option<&Names>,
    options: &ScanOptions,
) -> (Part, Vec<RowStatus>) {
    open.notable
        .sort_by_key(|outcome| (outcome.row, outcome.column, outcome.index));
    open.media.audio.extent = open.extents[Media::Audio as usize] as f64 / 1000.0;
    open.media.image.extent = open.extents[Media::Image as usize] as f64;
    open.media.text.extent = open.extents[Media::Text as usize] as f64;
    let file = &plan.files[unit.file];
    let fetched = fetched_lines(std::mem::take(&mut open.fetched), file);
    let mut writer = PartWriter {
        plan,
        file,
        unit,
        snapshot,
        names,
        options,
        part: Part {
            media: open.media,
            declaring: open.declaring,
            fetched,
            ..Part::default()
        },
    };
    for item in &open.notable {
        writer.add(item);
    }
    let (_, rows_read, damage) = open.closed.unwrap_or_default();
    writer.finish(&open.status, rows_read, damage)
}

struct PartWriter<'a> {
    plan: &'a Plan,
    file: &'a PlannedFile,
    unit: Unit,
    snapshot: &'a Snapshot,
    names: Option<&'a Names>,
    options: &'a ScanOptions,
    part: Part,
}

impl PartWriter<'_> {
    fn add(&mut self, item: &ItemOutcome) {
        self.add_declared(item);
        self.add_located(item);
        match &item.outcome.outcome {
            Outcome::Examined(examined) => {
                if let Some(reason) = &examined.partial {
                    self.cover(item, CoverageStatus::Partial, reason.clone());
                }
                self.add_findings(item, examined);
                self.add_coded(item, examined);
                self.add_mentions(item, examined);
            }
            Outcome::Unreadable(reason) => {
                self.cover(item, CoverageStatus::Unreadable, reason.clone());
            }
            Outcome::Skipped(reason) => {
                self.cover(item, CoverageStatus::Skipped, reason.clone());
            }
            Outcome::Origin => {}
        }
    }

    fn cover(&mut self, item: &ItemOutcome, status: CoverageStatus, reason: String) {
        self.part.coverage.push(CoverageLine {
            file: self.file.name.clone(),
            row_index: item.row as i64,
            column_name: self.file.columns[item.column].name.clone(),
            item_index: item.index,
            status,
            reason,
        });
    }

    fn place(&self, item: &ItemOutcome) -> Place<'_> {
        Place {
            file: &self.file.name,
            row_index: item.row as i64,
            column_name: &self.file.columns[item.column].name,
            item_index: item.index,
        }
    }

    /// What the item declares about its own use: a finding for each work that it is known to be, by
    /// an identifier or by its bytes; one without a work otherwise.
    fn add_declared(&mut self, item: &ItemOutcome) {
        let policy = &self.options.policy;
        let said = item.outcome.said.as_deref();
        let Some(said) = said.filter(|said| said.is_notable(policy.use_)) else {
            return;
        };
        let records: Vec<&WorkRecord> = self
            .works_of(said, &item.outcome.outcome)
            .into_iter()
            .filter_map(|work_id| self.snapshot.work(work_id))
            .collect();
        let place = self.place(item);
        let findings: Vec<Finding> = if records.is_empty() {
            vec![declared(place, said, None, policy)]
        } else {
            let linked = records.into_iter();
            linked
                .map(|record| declared(place, said, Some(record), policy))
                .collect()
        };
        self.part.findings.extend(findings);
    }

    /// What is declared about the place that the item or its row came from.
    fn add_located(&mut self, item: &ItemOutcome) {
        if let Some(found) = item.outcome.located.as_deref() {
            let finding = located(self.place(item), found, &self.options.policy);
            self.part.findings.push(finding);
        }
    }

    fn works_of<'s>(&'s self, said: &Said, outcome: &'s Outcome) -> BTreeSet<&'s str> {
        let linking = [
            IdentifierKind::Isrc,
            IdentifierKind::Isbn,
            IdentifierKind::Iscc,
        ];
        let identifiers = said.embedded.identifiers.iter();
        let mut works: BTreeSet<&str> = identifiers
            .filter(|identifier| linking.contains(&identifier.kind()))
            .flat_map(|identifier| self.snapshot.works_with(identifier))
            .map(String::as_str)
            .collect();
        if let Outcome::Examined(examined) = outcome {
            let identical = examined.matches.iter();
            let identical = identical.filter(|found| found.kind == MatchKind::Identical);
            let assets = identical.filter_map(|found| self.snapshot.asset(found.asset));
            works.extend(assets.map(|asset| asset.work_id.as_str()));
        }
        works
    }

    /// A copy of a file that declared what its copy does not declare any more.
    fn stripped_of(&self, item: &ItemOutcome, found: &Match, copy: &Finding) -> Option<Finding> {
        if !self.options.declarations || found.kind != MatchKind::Copy {
            return None;
        }
        let asset = self.snapshot.asset(found.asset)?;
        let original = Embedded {
            declarations: asset.declarations.clone(),
            ..Embedded::default()
        };
        let gone = match item.outcome.said.as_deref() {
            Some(said) => original.without_schemes_of(&said.embedded),
            None => original,
        };
        let policy = &self.options.policy;
        if !gone.is_notable(policy.use_) {
            return None;
        }
        let record = self.snapshot.work(&asset.work_id)?;
        Some(stripped(self.place(item), copy, &gone, record, policy))
    }

    fn add_coded(&mut self, item: &ItemOutcome, examined: &Examined) {
        let place = self.place(item);
        let (source, media) = (examined.source, examined.media);
        let coded = examined.coded.iter().filter_map(|found| {
            let record = self.snapshot.work(&found.work_id)?;
            Some(coded(
                place,
                source,
                media,
                found,
                record,
                &self.options.policy,
            ))
        });
        let coded: Vec<Finding> = coded.collect();
        self.part.findings.extend(coded);
    }

    fn add_mentions(&mut self, item: &ItemOutcome, examined: &Examined) {
        let Some(names) = self.names else { return };
        let place = self.place(item);
        let mentions = examined.mentions.iter().filter_map(|found| {
            let name = names.name(found.name)?;
            let (source, media) = (examined.source, examined.media);
            Some(mentioned(place, source, media, name, *found))
        });
        let mentions: Vec<Finding> = mentions.collect();
        self.part.findings.extend(mentions);
    }

    fn add_findings(&mut self, item: &ItemOutcome, examined: &Examined) {
        for (index, found) in examined.matches.iter().enumerate() {
            let finding = judge(
                self.place(item),
                examined.source,
                examined.media,
                found,
                self.snapshot,
                &self.options.policy,
            );
            let Some(finding) = finding else { continue };
            let stripped = self.stripped_of(item, found, &finding);
            if self.part.exhibits.len() < MOST_EXHIBITS && !item.outcome.is_kept_back {
                let view = examined.views.get(index).cloned().unwrap_or_default();
                self.part.exhibits.push(Exhibit {
                    finding_id: finding.finding_id.clone(),
                    excerpt: view.excerpt,
                    work_excerpt: view.work_excerpt,
                    sound: view.sound,
                    thumbnail: examined.thumbnail.as_deref().map(encode),
                    work_thumbnail: self.snapshot.preview(found.asset).map(encode),
                });
            }
            self.part.findings.push(finding);
            self.part.findings.extend(stripped);
        }
    }

    /// Rows without an item, and rows that the file did not give up.
    fn finish(
        mut self,
        status: &[RowStatus],
        rows_read: u64,
        damage: Option<String>,
    ) -> (Part, Vec<RowStatus>) {
        let mut became = Vec::with_capacity(status.len());
        let damage = damage.unwrap_or_else(|| Reason::Corrupt.as_str().to_owned());
        for (place, status) in status.iter().enumerate() {
            let row = place as u64;
            if !self.plan.is_chosen(self.unit, self.unit.first_row + row) {
                continue;
            }
            let (status, line) = match status {
                RowStatus::Empty if row >= rows_read => (
                    RowStatus::Unreadable,
                    Some((CoverageStatus::Unreadable, damage.clone())),
                ),
                RowStatus::Empty => {
                    let reason = if self.file.has_items() {
                        "null: no item in this row"
                    } else {
                        "no audio, image or text column"
                    };
                    (
                        RowStatus::Skipped,
                        Some((CoverageStatus::Skipped, reason.to_owned())),
                    )
                }
                known => (*known, None),
            };
            self.part.rows.add_row(status);
            became.push(status);
            if let Some((status, reason)) = line {
                self.part.coverage.push(CoverageLine {
                    file: self.file.name.clone(),
                    row_index: (self.unit.first_row + row) as i64,
                    column_name: String::new(),
                    item_index: 0,
                    status,
                    reason,
                });
            }
        }
        self.part
            .findings
            .sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
        self.part.coverage.sort_by(|a, b| {
            let key = |line: &CoverageLine| (line.row_index, line.item_index, line.status);
            (key(a), &a.column_name).cmp(&(key(b), &b.column_name))
        });
        (self.part, became)
    }
}
