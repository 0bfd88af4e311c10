//! How many copies the program finds where that was counted.
//!
//! A scan cannot know what it missed. What can be said is measured on copies that were hidden on
//! purpose; `recall.csv` holds those counts as `benches/RESULTS.md` reports them.

use clearance_decode::Media;
use serde::{Deserialize, Serialize};

use crate::interval::Proportion;

const TABLE: &str = include_str!("recall.csv");

/// Copies found of those hidden, in one medium.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MeasuredRecall {
    /// The medium.
    pub media: Media,
    /// Copies found of copies hidden.
    pub found: Proportion,
    /// How the copies had been altered.
    pub altered: String,
    /// What the figure does not cover.
    pub limits: String,
}

/// The committed counts, a line a medium.
pub(crate) fn measured_recall() -> Vec<MeasuredRecall> {
    let lines = TABLE.lines().skip(1);
    lines.filter_map(measured).collect()
}

fn measured(line: &str) -> Option<MeasuredRecall> {
    let (counts, words) = line.split_once('"')?;
    let mut counts = counts.split(',');
    let media = counts.next()?.parse().ok()?;
    let copies = counts.next()?.parse().ok()?;
    let found = counts.next()?.parse().ok()?;
    let (altered, limits) = words.strip_suffix('"')?.split_once("\",\"")?;
    Some(MeasuredRecall {
        media,
        found: Proportion::new(found, copies),
        altered: altered.to_owned(),
        limits: limits.to_owned(),
    })
}

#[cfg(test)]
mod tests;
