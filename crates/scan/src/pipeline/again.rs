//! Single rows examined once more, to see whether a finding comes out the same.

use std::collections::BTreeSet;

use clearance_index::Snapshot;

use super::gather::{Open, part};
use super::{Examine, Placed};
use crate::error::Result;
use crate::finding::Finding;
use crate::plan::{Plan, ScanOptions};
use crate::remote;
use crate::source::{Opened, PlannedFile, Request};
use crate::worker::{Examiner, Kept};

/// Examines rows of a dataset file as a scan does, and returns their findings in a scan's order.
/// `rows` count from 0. E-values are those of one item; [`Collected::parts`](crate::Collected::parts)
/// says what makes them those of a scan. Rows that cannot be read have no findings.
///
/// # Errors
///
/// [`Error::Remote`](crate::Error::Remote) when a network withholds the file.
pub fn examine_again(
    file: &PlannedFile,
    rows: &BTreeSet<u64>,
    snapshot: &Snapshot,
    options: &ScanOptions,
) -> Result<Vec<Finding>> {
    let plan = Plan {
        files: vec![file.clone()],
        passed_over: Vec::new(),
        sample: None,
        shard: None,
    };
    let mut opened = Opened::default();
    let kept = Kept::new(snapshot, options, None);
    let examiner = Examiner::new(snapshot, options, &kept);
    let mut findings = Vec::new();
    for unit in plan.units() {
        let end = unit.first_row.saturating_add(unit.rows);
        if rows.range(unit.first_row..end).next().is_none() {
            continue;
        }
        let mut open = Open::new(unit);
        let request = Request {
            file,
            unit,
            wanted: unit.rows,
            item_bytes: examiner.item_bytes(),
            is_stopped: &|| false,
            count_rows: &|_| {},
        };
        opened.read(&request, &mut |item| {
            if !rows.contains(&item.row) {
                return;
            }
            let (row, column, index) = (item.row, item.column, item.index);
            let outcome = examiner.examine(item, &file.columns[column], file.folder());
            let placed = Placed {
                row,
                column,
                index,
                outcome,
            };
            open.add(file, unit, placed, options.policy.use_);
        });
        let (part, _) = part(&plan, unit, open, snapshot, kept.names(), options);
        findings.extend(part.findings);
    }
    remote::check([file.path.as_path()])?;
    Ok(findings)
}
