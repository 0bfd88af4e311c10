//! What is written of a unit whose outcomes are all there.

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use clearance_decode::{Media, Reason};
use clearance_index::{Match, MatchKind, Names, Snapshot, WorkRecord};
use clearance_rights::IdentifierKind;
use clearance_rights::signals::Embedded;

use super::{ItemOutcome, Open};
use crate::checkpoint::Part;
use crate::coverage::RowStatus;
use crate::finding::{
    CoverageLine, CoverageStatus, Exhibit, Finding, Place, coded, declared, judge, located,
    mentioned, stripped,
};
use crate::pipeline::fetching::fetched_lines;
use crate::plan::{Plan, ScanOptions, Unit};
use crate::reading::Said;
use crate::source::PlannedFile;
use crate::worker::{Examined, Outcome};

/// Exhibits kept for each unit: enough for a reader, not a second copy of the dataset.
const MOST_EXHIBITS: usize = 200;

fn encode(jpeg: &[u8]) -> String {
    BASE64.encode(jpeg)
}

/// The results of a unit, and what became of each of its rows that were chosen.
pub(in crate::pipeline) fn part(
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
