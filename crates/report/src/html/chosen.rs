//! Which findings and exhibits are on the page, when not all of them can be.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BinaryHeap};
use std::path::Path;

use clearance_scan::{Exhibit, Finding};

use crate::error::Result;
use crate::lines::each_sized_line;

/// Findings on the page. A browser scrolls about so many lines, and unpacks them in a second.
pub(super) const MOST_FINDINGS: usize = 200_000;
/// All exhibits on the page together, in bytes as they are stored.
const MOST_EXHIBIT_BYTES: usize = 32 << 20;

/// A finding's claim to be on the page: over policy first, then strongest, then first.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Claim {
    over_policy: bool,
    e_value: f64,
    number: u64,
}

impl Eq for Claim {}

impl Ord for Claim {
    /// What comes later is greater: the top of a heap goes first.
    fn cmp(&self, other: &Self) -> Ordering {
        other
            .over_policy
            .cmp(&self.over_policy)
            .then(self.e_value.total_cmp(&other.e_value))
            .then(self.number.cmp(&other.number))
    }
}

impl PartialOrd for Claim {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Picks findings while they pass by.
pub(super) struct Chooser {
    most: usize,
    seen: u64,
    kept: BinaryHeap<Claim>,
}

impl Chooser {
    pub(super) fn new(most: usize) -> Self {
        Self {
            most,
            seen: 0,
            kept: BinaryHeap::new(),
        }
    }

    pub(super) fn see(&mut self, e_value: f64, over_policy: bool) {
        self.kept.push(Claim {
            over_policy,
            e_value,
            number: self.seen,
        });
        self.seen += 1;
        if self.kept.len() > self.most {
            self.kept.pop();
        }
    }

    /// Whether findings had to be left out.
    pub(super) fn left_out(&self) -> u64 {
        self.seen - self.kept.len() as u64
    }

    /// Numbers of the chosen findings in the order in which they passed, from 0.
    pub(super) fn numbers(self) -> Vec<u64> {
        let mut numbers: Vec<u64> = self.kept.into_iter().map(|claim| claim.number).collect();
        numbers.sort_unstable();
        numbers
    }
}

/// Where an exhibit's finding stands on the page, and its place among those of its work, the
/// strongest at 0.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rank {
    pub(super) number: u32,
    pub(super) in_work: u32,
}

/// Ranks by finding id.
pub(super) fn ranks(findings: &[(String, u32, f64)]) -> BTreeMap<&str, Rank> {
    let mut order: Vec<usize> = (0..findings.len()).collect();
    order.sort_by(|&a, &b| {
        let (a, b) = (&findings[a], &findings[b]);
        a.1.cmp(&b.1).then(a.2.total_cmp(&b.2))
    });
    let mut ranks = BTreeMap::new();
    let (mut work, mut in_work) = (u32::MAX, 0);
    for number in order {
        let (id, of_work, _) = &findings[number];
        in_work = if *of_work == work { in_work + 1 } else { 0 };
        work = *of_work;
        let rank = Rank {
            number: number as u32,
            in_work,
        };
        ranks.entry(id.as_str()).or_insert(rank);
    }
    ranks
}

/// The findings whose exhibits are on the page: those of every work's strongest finding first,
/// until there is no more room.
pub(super) fn exhibited(path: &Path, ranks: &BTreeMap<&str, Rank>) -> Result<Vec<u32>> {
    if !path.exists() {
        return Ok(Vec::new());
    }
    let mut claims: Vec<(u32, u32, usize)> = Vec::new();
    each_sized_line(path, |exhibit: Exhibit, bytes| {
        if let Some(rank) = ranks.get(exhibit.finding_id.as_str()) {
            claims.push((rank.in_work, rank.number, bytes));
        }
        Ok(())
    })?;
    claims.sort_unstable();
    let mut room = MOST_EXHIBIT_BYTES;
    let mut numbers: Vec<u32> = claims
        .into_iter()
        .map_while(|(_, number, bytes)| {
            room = room.checked_sub(bytes)?;
            Some(number)
        })
        .collect();
    numbers.sort_unstable();
    numbers.dedup();
    Ok(numbers)
}

/// Whether the policy flags a finding, told by the mode that the summary names.
pub(super) fn is_over_policy(finding: &Finding, mode: &str) -> bool {
    match finding.verdict.as_str() {
        "licensed" => false,
        "unreserved" => mode == "opt-in",
        _ => true,
    }
}

#[cfg(test)]
mod tests;
