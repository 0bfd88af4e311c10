//! Rightsholders and works with findings, as tables that need no script.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::summary::WorkSummary;
use crate::words::{count, line};

/// Lines of each table; the list of findings has all.
const MOST_LINES: usize = 200;

/// Findings of a rightsholder.
#[derive(Serialize)]
pub(super) struct HolderLine {
    /// Empty: not stated.
    name: String,
    works: String,
    findings: String,
    over_policy: String,
}

/// Findings of a work.
#[derive(Serialize)]
pub(super) struct WorkLine {
    id: String,
    /// Empty: not stated.
    title: String,
    creators: String,
    holder: String,
    findings: String,
    over_policy: String,
}

/// Rightsholders, most findings over policy first, and how many are left out.
pub(super) fn holders(works: &[WorkSummary]) -> (Vec<HolderLine>, usize) {
    let mut gathered: BTreeMap<String, (u64, u64, u64)> = BTreeMap::new();
    for work in works {
        let (works, findings, over) = gathered.entry(holder(work)).or_default();
        *works += 1;
        *findings += work.findings;
        *over += work.over_policy;
    }
    let mut gathered: Vec<_> = gathered.into_iter().collect();
    // Stable: equal rightsholders stay in order of name; those not stated come last.
    gathered.sort_by_key(|(name, (_, findings, over))| {
        (name.is_empty(), std::cmp::Reverse((*over, *findings)))
    });
    let left_out = gathered.len().saturating_sub(MOST_LINES);
    gathered.truncate(MOST_LINES);
    let lines = gathered.into_iter();
    let lines = lines.map(|(name, (works, findings, over))| HolderLine {
        name,
        works: count(works),
        findings: count(findings),
        over_policy: count(over),
    });
    (lines.collect(), left_out)
}

/// Works, most findings over policy first, and how many are left out.
pub(super) fn works(works: &[WorkSummary]) -> (Vec<WorkLine>, usize) {
    let mut sorted: Vec<&WorkSummary> = works.iter().collect();
    sorted.sort_by_key(|work| std::cmp::Reverse((work.over_policy, work.findings)));
    let left_out = sorted.len().saturating_sub(MOST_LINES);
    sorted.truncate(MOST_LINES);
    let lines = sorted.into_iter().map(|work| {
        let creators: Vec<String> = work.creators.iter().map(|name| line(name)).collect();
        WorkLine {
            id: line(&work.work_id),
            title: line(work.title.as_deref().unwrap_or_default().trim()),
            creators: line(&creators.join(", ")),
            holder: holder(work),
            findings: count(work.findings),
            over_policy: count(work.over_policy),
        }
    });
    (lines.collect(), left_out)
}

fn holder(work: &WorkSummary) -> String {
    line(work.rightsholder.as_deref().unwrap_or_default().trim())
}
