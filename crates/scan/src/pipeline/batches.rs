//! Rows in memory, examined one batch at a time: for engines that hand rows around.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use arrow_array::RecordBatch;
use clearance_index::Snapshot;
use rayon::prelude::*;

use super::gather::{ItemOutcome, Open, answered, part};
use super::{Examine, Placed};
use crate::checkpoint::Part;
use crate::coverage::RowStatus;
use crate::error::{Error, Result};
use crate::plan::{Plan, ScanOptions};
use crate::schema::MediaColumn;
use crate::source::{BatchPlace, batch_columns, read_batch};
use crate::worker::{Examiner, Kept};

/// Examines batches against one snapshot of a registry. What it makes of the snapshot is made once,
/// and an item that comes again is not examined again; nothing else is kept from batch to batch, so
/// results depend on the batch alone.
pub struct BatchScanner {
    snapshot: Arc<Snapshot>,
    options: ScanOptions,
    kept: Kept,
}

/// What was found in a batch.
#[derive(Clone, Debug)]
pub struct ScannedBatch {
    /// Counts, findings, coverage and exhibits, as of a row group. E-values are those of one item:
    /// times the number of examined items of a medium they are those of a scan.
    pub part: Part,
    rows: Vec<RowStatus>,
}

impl ScannedBatch {
    /// What became of each row, in order: `clear`, `matched`, `unreadable` or `skipped`.
    pub fn buckets(&self) -> impl Iterator<Item = &'static str> {
        self.rows.iter().map(|status| status.as_str())
    }
}

impl BatchScanner {
    /// Prepares for batches.
    pub fn new(snapshot: Arc<Snapshot>, options: ScanOptions) -> Self {
        Self {
            kept: Kept::new(&snapshot, &options, None),
            snapshot,
            options,
        }
    }

    /// How items are examined, and what is decided about findings.
    pub fn options(&self) -> &ScanOptions {
        &self.options
    }

    /// The columns of a batch that hold items: by its schema and its first values, unless the
    /// options name them.
    pub fn columns(&self, batch: &RecordBatch) -> Result<Vec<MediaColumn>> {
        Ok(batch_columns(batch, &self.options.overrides)?.columns)
    }

    /// Examines a batch on the current rayon pool. Paths in cells are followed below the media
    /// roots of the options only.
    ///
    /// # Errors
    ///
    /// [`Error::Column`] for overrides that do not fit, [`Error::Worker`] when stopped.
    pub fn scan(
        &self,
        batch: &RecordBatch,
        place: BatchPlace<'_>,
        stop: &AtomicBool,
    ) -> Result<ScannedBatch> {
        let options = &self.options;
        let (places, roots) = (options.places.is_some(), !options.media_roots.is_empty());
        let read = read_batch(batch, place, &options.overrides, places, roots)?;
        let (file, unit) = (&read.file, read.unit);
        let examiner = Examiner::new(&self.snapshot, options, &self.kept);
        let dataset = options
            .media_roots
            .first()
            .map_or_else(|| file.folder(), |root| root.as_path());
        let outcomes: Vec<Option<ItemOutcome>> = read
            .items
            .into_par_iter()
            .map(|item| {
                if stop.load(Ordering::Relaxed) {
                    return None;
                }
                let (row, column, index) = (item.row, item.column, item.index);
                let outcome = examiner.examine(item, &file.columns[column], dataset);
                Some(Placed {
                    row,
                    column,
                    index,
                    outcome,
                })
            })
            .collect();
        let mut open = Open::whole(unit, read.rows_read, read.damage);
        for outcome in outcomes {
            let outcome = outcome.ok_or_else(stopped)?;
            open.add(file, unit, outcome, options.policy.use_);
        }
        let plan = Plan {
            files: vec![read.file],
            passed_over: Vec::new(),
            sample: None,
            shard: None,
        };
        let (snapshot, names) = (&self.snapshot, self.kept.names());
        answered(snapshot)?;
        let (part, rows) = part(&plan, unit, open, snapshot, names, options);
        Ok(ScannedBatch { part, rows })
    }
}

pub(crate) fn stopped() -> Error {
    Error::Worker {
        detail: "asked to stop".to_owned(),
    }
}

#[cfg(test)]
mod tests;
