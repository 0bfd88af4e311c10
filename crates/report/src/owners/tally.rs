//! Findings added up by work: rows, seconds, words and pictures.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use clearance_decode::Media;
use clearance_index::Snapshot;
use clearance_scan::Finding;

use super::terms::terms;
use crate::error::{Error, Result};
use crate::lines::each_line;
use crate::summary::Summary;
use crate::verify::policy;
use crate::write::{FINDINGS, SUMMARY};

/// What a dataset holds of a work.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct WorkUse {
    pub(crate) work_id: String,
    pub(crate) title: Option<String>,
    pub(crate) creators: Vec<String>,
    /// As the registry names them; several are joined by semicolons.
    pub(crate) rightsholder: Option<String>,
    /// Media of the items.
    pub(crate) media: BTreeSet<String>,
    pub(crate) findings: u64,
    pub(crate) over_policy: u64,
    /// Rows with a finding, each counted once.
    pub(crate) rows: u64,
    /// Of recordings, each moment of an item counted once.
    pub(crate) seconds: f64,
    /// Of texts, matched words of all passages.
    pub(crate) words: u64,
    /// Pictures with a finding, each counted once.
    pub(crate) pictures: u64,
    /// Bytes of the items with a finding, each counted once; `None` when one is not known.
    pub(crate) bytes: Option<u64>,
    /// Findings by verdict.
    pub(crate) verdicts: BTreeMap<String, u64>,
    /// Reservations that decided.
    pub(crate) reservations: BTreeSet<String>,
    /// Licenses that decided: their terms where the registry is at hand, else their ids.
    pub(crate) terms: Vec<String>,
}

/// Item of the finding before.
type Item = (String, i64, String, i32);

/// A work while its findings come in.
#[derive(Default)]
struct Open {
    work: WorkUse,
    licenses: BTreeSet<String>,
    item: Option<Item>,
    /// Spans of the recording at hand.
    spans: Vec<(f64, f64)>,
}

/// Adds up the wanted findings of an output folder, by work in order of id.
pub(super) fn tally(
    out: &Path,
    summary: &Summary,
    registry: Option<&Snapshot>,
    wanted: &dyn Fn(&Finding) -> bool,
) -> Result<Vec<WorkUse>> {
    let policy =
        policy(&summary.policy).map_err(|detail| Error::corrupt(&out.join(SUMMARY), &detail))?;
    let mut open: BTreeMap<String, Open> = BTreeMap::new();
    each_line(&out.join(FINDINGS), |finding: Finding| {
        // An item that is no registered work is nobody's who is told.
        if wanted(&finding) && !finding.work_id.is_empty() && !finding.is_mention() {
            let known = open
                .entry(finding.work_id.clone())
                .or_insert_with(Open::empty);
            known.add(&finding, policy.flags(finding.verdict));
        }
        Ok(())
    })?;
    for described in &summary.works {
        if let Some(open) = open.get_mut(&described.work_id) {
            open.work.title.clone_from(&described.title);
            open.work.creators.clone_from(&described.creators);
            open.work.rightsholder.clone_from(&described.rightsholder);
        }
    }
    let close = |(work_id, mut open): (String, Open)| {
        open.close_item();
        open.work.terms = terms(&work_id, &open.licenses, registry);
        WorkUse {
            work_id,
            ..open.work
        }
    };
    Ok(open.into_iter().map(close).collect())
}

impl Open {
    /// Of no finding yet.
    fn empty() -> Self {
        let work = WorkUse {
            bytes: Some(0),
            ..WorkUse::default()
        };
        Self {
            work,
            ..Self::default()
        }
    }

    fn add(&mut self, finding: &Finding, over: bool) {
        let item = (
            finding.file.clone(),
            finding.row_index,
            finding.column_name.clone(),
            finding.item_index,
        );
        let last = self.item.as_ref();
        let same_row = last.is_some_and(|last| (&last.0, last.1) == (&item.0, item.1));
        let same_item = last == Some(&item);
        if !same_item {
            self.close_item();
        }
        let work = &mut self.work;
        work.findings += 1;
        work.over_policy += u64::from(over);
        work.rows += u64::from(!same_row);
        if !same_item {
            let both = work.bytes.zip(finding.item_bytes);
            work.bytes = both.map(|(sum, bytes)| sum.saturating_add(bytes));
        }
        work.media.insert(finding.media.to_string());
        *work
            .verdicts
            .entry(finding.verdict.to_string())
            .or_default() += 1;
        work.reservations.extend(finding.reservation_id.clone());
        self.licenses.extend(finding.license_id.clone());
        match finding.media {
            Media::Audio => self
                .spans
                .extend(finding.query_start.zip(finding.query_end)),
            Media::Image => work.pictures += u64::from(!same_item),
            Media::Text => work.words += u64::from(finding.evidence.matched_words.unwrap_or(0)),
        }
        self.item = Some(item);
    }

    /// Adds the moments of the recording at hand, overlapping spans once.
    fn close_item(&mut self) {
        self.spans.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut reached = f64::NEG_INFINITY;
        for (start, end) in self.spans.drain(..) {
            self.work.seconds += (end - start.max(reached)).max(0.0);
            reached = reached.max(end);
        }
    }
}

/// The whole that shares are of.
pub(crate) struct Shares {
    rows: f64,
    seconds: f64,
    words: f64,
    pictures: f64,
}

impl Shares {
    pub(super) fn of(summary: &Summary) -> Self {
        let media = &summary.totals.media;
        Self {
            rows: summary.totals.rows.rows as f64,
            seconds: media.audio.extent,
            words: media.text.extent,
            pictures: media.image.examined() as f64,
        }
    }

    /// Share of all rows.
    pub(crate) fn rows(&self, work: &WorkUse) -> f64 {
        share(work.rows as f64, self.rows)
    }

    /// Share of the seconds of all recordings that were examined.
    pub(crate) fn seconds(&self, work: &WorkUse) -> f64 {
        share(work.seconds, self.seconds)
    }

    /// Share of the words of all texts that were examined.
    pub(crate) fn words(&self, work: &WorkUse) -> f64 {
        share(work.words as f64, self.words)
    }

    /// Share of the pictures that were examined.
    pub(crate) fn pictures(&self, work: &WorkUse) -> f64 {
        share(work.pictures as f64, self.pictures)
    }
}

fn share(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}
