//! Rows in memory to rows of a fingerprint table.

use std::sync::atomic::{AtomicBool, Ordering};

use arrow_array::RecordBatch;
use rayon::prelude::*;

use super::columns::batch as table_rows;
use super::printing::{Printer, TableOptions};
use crate::error::{Error, Result};
use crate::pipeline::{Examine, Placed, stopped};
use crate::reading::{Reading, Trouble};
use crate::schema::Overrides;
use crate::source::{BatchPlace, read_batch};

/// Reads and fingerprints every item of a batch, on the current rayon pool: the columns of a
/// fingerprint table (TABLE.md), a row for each item. Rows without an item have none; where the batch
/// itself is damaged, one row says so.
///
/// # Errors
///
/// [`Error::Column`] for overrides that do not fit, [`Error::Worker`] when stopped.
pub fn fingerprint_batch(
    batch: &RecordBatch,
    place: BatchPlace<'_>,
    options: &TableOptions,
    overrides: &Overrides,
    stop: &AtomicBool,
) -> Result<RecordBatch> {
    let roots = &options.media_roots;
    let read = read_batch(batch, place, overrides, false, !roots.is_empty())?;
    let file = &read.file;
    let dataset = roots
        .first()
        .map_or_else(|| file.folder(), |root| root.as_path());
    let printer = Printer::new(options, None);
    let printed: Option<Vec<Placed<Reading>>> = read
        .items
        .into_par_iter()
        .map(|item| {
            let (row, column, index) = (item.row, item.column, item.index);
            (!stop.load(Ordering::Relaxed)).then(|| Placed {
                row,
                column,
                index,
                outcome: printer.examine(item, &file.columns[column], dataset),
            })
        })
        .collect();
    let mut printed = printed.ok_or_else(stopped)?;
    if let Some(damage) = read.damage {
        printed.push(Placed {
            row: read.unit.first_row,
            column: 0,
            index: 0,
            outcome: Reading::trouble(Trouble::Unreadable(damage)),
        });
    }
    table_rows(&file.name, &file.columns, &printed, options.texts).map_err(|error| Error::Worker {
        detail: error.to_string(),
    })
}
