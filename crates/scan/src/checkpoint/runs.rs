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
            row_index: first.row_index + row as i64,
            ..first.clone()
        }));
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checkpoint::Part;
    use crate::finding::CoverageStatus;

    #[test]
    fn runs_are_the_same_lines() {
        let line = |row, column: &str, reason: &str| CoverageLine {
            file: "a".to_owned(),
            row_index: row,
            column_name: column.to_owned(),
            item_index: 0,
            status: CoverageStatus::Skipped,
            reason: reason.to_owned(),
        };
        let many = (0..1000).map(|row| line(row, "URL", "url not fetched"));
        let mut part = Part {
            coverage: many.collect(),
            ..Part::default()
        };
        let others = [
            line(1000, "image", "url not fetched"),
            line(1000, "URL", "url not fetched"),
            line(1002, "URL", "url not fetched"),
            line(1003, "URL", "null"),
        ];
        part.coverage.extend(others);
        let text = serde_json::to_string(&part).unwrap();
        assert!(text.len() < 3000, "{}", text.len());
        assert_eq!(serde_json::from_str::<Part>(&text).unwrap(), part);
        let forged = text.replace("\"rows\":1000", "\"rows\":99999999999");
        assert_ne!(forged, text);
        assert!(serde_json::from_str::<Part>(&forged).is_err());
    }
}
