//! Findings by rightsholder and work.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use clearance_scan::Exhibit;
use serde::Serialize;

use super::card::{Card, Decision};
use super::read::SelectedWork;
use super::words::{count, counted, line};
use crate::summary::WorkSummary;

/// Findings of a work that stand open; the others are folded.
const MOST_OPEN_FINDINGS: usize = 3;

/// A rightsholder and the works found.
#[derive(Serialize)]
pub(super) struct Holder {
    anchor: usize,
    /// `None`: not stated.
    name: Option<String>,
    counts: String,
    works: String,
    findings: String,
    over_policy: String,
    /// Verdicts and media below, for the filter.
    sorts: Vec<&'static str>,
    shown: Vec<Work>,
    left_out: Option<String>,
}

#[derive(Serialize)]
struct Work {
    title: Option<String>,
    creators: String,
    id: String,
    findings: String,
    over_policy: String,
    sorts: Vec<&'static str>,
    /// Set when it is the same for all findings shown.
    decision: Option<Decision>,
    open: Vec<Card>,
    folded: Vec<Card>,
    fold: String,
    left_out: Option<String>,
}

/// Totals of a rightsholder while works are being sorted to them.
#[derive(Default)]
struct Gathering {
    works: u64,
    findings: u64,
    over_policy: u64,
    shown: Vec<Work>,
}

impl Gathering {
    fn counts(&self) -> String {
        let works = counted(self.works, "work", "works");
        let findings = counted(self.findings, "finding", "findings");
        match self.over_policy {
            0 => format!("{works}, {findings}"),
            over => format!("{works}, {findings}, {} over policy", count(over)),
        }
    }
}

/// Rightsholders with a work on the page, most findings over policy first.
pub(super) fn holders(
    all: &[WorkSummary],
    selected: Vec<SelectedWork>,
    exhibits: &BTreeMap<String, Exhibit>,
) -> Vec<Holder> {
    let name_of = |work: &WorkSummary| {
        let name = work.rightsholder.as_deref().map(str::trim);
        name.filter(|name| !name.is_empty()).map(str::to_owned)
    };
    let mut gathered: BTreeMap<Option<String>, Gathering> = BTreeMap::new();
    for work in all {
        let holder = gathered.entry(name_of(work)).or_default();
        holder.works += 1;
        holder.findings += work.findings;
        holder.over_policy += work.over_policy;
    }
    for selected in selected {
        let work = &all[selected.place];
        if let Entry::Occupied(mut holder) = gathered.entry(name_of(work)) {
            holder
                .get_mut()
                .shown
                .push(Work::new(work, &selected, exhibits));
        }
    }
    let mut gathered: Vec<_> = gathered
        .into_iter()
        .filter(|(_, holder)| !holder.shown.is_empty())
        .collect();
    // Stable: equal rightsholders stay in order of name; those not stated come last.
    gathered.sort_by_key(|(name, holder)| {
        (
            name.is_none(),
            std::cmp::Reverse((holder.over_policy, holder.findings)),
        )
    });
    let numbered = gathered.into_iter().enumerate();
    numbered
        .map(|(place, (name, holder))| Holder::new(place + 1, name.as_deref(), holder))
        .collect()
}

impl Holder {
    fn new(anchor: usize, name: Option<&str>, gathered: Gathering) -> Self {
        let left_out = gathered.works - gathered.shown.len() as u64;
        let mut sorts: Vec<&'static str> = gathered
            .shown
            .iter()
            .flat_map(|work| work.sorts.iter().copied())
            .collect();
        sorts.sort_unstable();
        sorts.dedup();
        Self {
            anchor,
            name: name.map(line),
            counts: gathered.counts(),
            works: count(gathered.works),
            findings: count(gathered.findings),
            over_policy: count(gathered.over_policy),
            sorts,
            shown: gathered.shown,
            left_out: (left_out > 0).then(|| {
                let works = counted(left_out, "more work", "more works");
                format!("{works} of this rightsholder in findings.parquet.")
            }),
        }
    }
}

impl Work {
    fn new(
        work: &WorkSummary,
        selected: &SelectedWork,
        exhibits: &BTreeMap<String, Exhibit>,
    ) -> Self {
        let findings = &selected.findings;
        let mut sorts: Vec<&'static str> = findings
            .iter()
            .flat_map(|finding| [finding.verdict.as_str(), finding.media.as_str()])
            .collect();
        sorts.sort_unstable();
        sorts.dedup();
        let mut cards: Vec<Card> = findings
            .iter()
            .map(|finding| Card::new(finding, exhibits.get(&finding.finding_id)))
            .collect();
        let first = cards.first().and_then(|card| card.decision.clone());
        let decision = first.filter(|first| {
            cards
                .iter()
                .all(|card| card.decision.as_ref() == Some(first))
        });
        if decision.is_some() {
            for card in &mut cards {
                card.decision = None;
            }
        }
        let folded = cards.split_off(cards.len().min(MOST_OPEN_FINDINGS));
        let left_out = work.findings.saturating_sub(findings.len() as u64);
        let creators: Vec<String> = work.creators.iter().map(|name| line(name)).collect();
        Self {
            title: work
                .title
                .as_deref()
                .map(line)
                .filter(|title| !title.trim().is_empty()),
            creators: line(&creators.join(", ")),
            id: line(&work.work_id),
            findings: counted(work.findings, "finding", "findings"),
            over_policy: count(work.over_policy),
            sorts,
            decision,
            open: cards,
            fold: counted(folded.len() as u64, "more finding", "more findings"),
            folded,
            left_out: (left_out > 0).then(|| {
                let findings = counted(left_out, "more finding", "more findings");
                format!("The strongest are shown; {findings} of this work in findings.parquet.")
            }),
        }
    }
}
