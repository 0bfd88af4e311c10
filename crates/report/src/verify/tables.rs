//! Whether `findings.parquet` says what `findings.jsonl` says.

use std::fs::File;
use std::path::Path;

use arrow_array::{Array, ArrayRef, RecordBatch};
use clearance_scan::Finding;
use parquet::arrow::arrow_reader::{
    ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};

use crate::tables::{finding_columns, finding_names};

/// Rows compared at a time.
const BATCH_ROWS: usize = 1024;

/// Findings of the lines on the one side, rows of the table on the other.
pub(super) struct TableCheck {
    reader: ParquetRecordBatchReader,
    pending: Vec<Finding>,
    rows: u64,
    problem: Option<String>,
}

impl TableCheck {
    /// Opens the table. The error says what is wrong with it.
    pub(super) fn open(path: &Path) -> Result<Self, String> {
        let file = File::open(path).map_err(|error| error.to_string())?;
        let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
        let reader = clearance_decode::guard(|| {
            ParquetRecordBatchReaderBuilder::try_new_with_options(file, options)
                .and_then(|builder| builder.with_batch_size(BATCH_ROWS).build())
                .map_err(|error| corrupt(&error))
        });
        Ok(Self {
            reader: reader.map_err(|unreadable| unreadable.to_string())?,
            pending: Vec::new(),
            rows: 0,
            problem: None,
        })
    }

    pub(super) fn add(&mut self, finding: &Finding) {
        if self.problem.is_none() {
            self.pending.push(finding.clone());
            if self.pending.len() == BATCH_ROWS {
                self.compare();
            }
        }
    }

    /// The first difference, if there is one.
    pub(super) fn finish(mut self) -> Option<String> {
        if self.problem.is_none() {
            self.compare();
        }
        if self.problem.is_none() && !matches!(self.next(), Ok(None)) {
            self.problem = Some("has more rows than findings.jsonl".to_owned());
        }
        self.problem
    }

    fn next(&mut self) -> Result<Option<RecordBatch>, String> {
        clearance_decode::guard(|| self.reader.next().transpose().map_err(|e| corrupt(&e)))
            .map_err(|unreadable| unreadable.to_string())
    }

    /// Compares the findings that wait with the next rows.
    fn compare(&mut self) {
        let expected = finding_columns(&self.pending);
        let mut done = 0;
        while done < self.pending.len() && self.problem.is_none() {
            let batch = match self.next() {
                Ok(Some(batch)) => batch,
                Ok(None) => {
                    self.problem = Some("has fewer rows than findings.jsonl".to_owned());
                    return;
                }
                Err(problem) => {
                    self.problem = Some(problem);
                    return;
                }
            };
            let rows = batch.num_rows();
            if done + rows > self.pending.len() {
                self.problem = Some("has more rows than findings.jsonl".to_owned());
                return;
            }
            self.problem = difference(&batch, &expected, done, self.rows);
            done += rows;
            self.rows += rows as u64;
        }
        self.pending.clear();
    }
}

fn difference(batch: &RecordBatch, expected: &[ArrayRef], from: usize, row: u64) -> Option<String> {
    for (name, column) in finding_names().zip(expected) {
        let expected = column.slice(from, batch.num_rows());
        let Some(found) = batch.column_by_name(name) else {
            return Some(format!("has no column {name}"));
        };
        if !same(found, &expected) {
            let place =
                (0..found.len()).find(|&at| !same(&found.slice(at, 1), &expected.slice(at, 1)));
            let row = row + place.unwrap_or(0) as u64;
            return Some(format!(
                "differs from findings.jsonl in {name} of row {row}"
            ));
        }
    }
    None
}

/// Whether two columns hold the same values, whatever their fields are called.
fn same(found: &ArrayRef, expected: &ArrayRef) -> bool {
    found.as_ref() == expected.as_ref()
}

fn corrupt(error: &dyn std::fmt::Display) -> clearance_decode::Unreadable {
    clearance_decode::Unreadable::new(clearance_decode::Reason::Corrupt, error.to_string())
}
