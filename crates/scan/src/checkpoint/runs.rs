//! Coverage lines in part files, many at a time: of a manifest without media every row has the same
//! one.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::finding::CoverageLine;

/// Rows of one run; a row group has fewer.
const ROWS_MAX: u64 = 1 << 31;

/// A line that holds for so many rows, one after the other.
#[derive(Serialize, Deserialize)]
struct Run<L> {
    #[serde(flatten)]
    first: L,
    #[serde(default = "one", skip_serializing_if = "is_one")]
    rows: u64,
}

fn one() -> u64 {
    1
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde calls it with a reference"
)]
fn is_one(rows: &u64) -> bool {
    *rows == 1
}

/// Whether a line is that of another some rows later.
fn continues(line: &CoverageLine, first: &CoverageLine, rows: u64) -> bool {
    line.row_index == first.row_index + rows as i64
        && line.column_name == first.column_name
        && line.reason == first.reason
        && (line.status, line.item_index) == (first.status, first.item_index)
        && line.file == first.file
}

pub(super) fn serialize<S: Serializer>(
    lines: &[CoverageLine],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut runs: Vec<Run<&CoverageLine>> = Vec::new();
    for line in lines {
        match runs.last_mut() {
            Some(run) if continues(line, run.first, run.rows) => run.rows += 1,
            _ => runs.push(Run {
                first: line,
                rows: 1,
            }),
        }
    }
    serializer.collect_seq(runs)
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<CoverageLine>, D::Error> {
    let runs: Vec<Run<CoverageLine>> = Vec::deserialize(deserializer)?;
    let mut lines = Vec::new();
    for Run { first, rows } in runs {
        if rows > ROWS_MAX {
            return Err(D::Error::custom("a run of more rows than there are"));
        }
        lines.extend((0..rows).map(|row| CoverageLine {
            row_index: first.row_index.saturating_add(row as i64),
            ..first.clone()
        }));
    }
    Ok(lines)
}

#[cfg(test)]
mod tests;
