//! Parquet catalogs: the columns of a CSV as columns of a table, read batch by batch.

mod cells;

use std::collections::BTreeSet;
use std::fs::File;
use std::path::Path;

use arrow_array::RecordBatch;
use clearance_decode::{Reason, Unreadable, check_parquet_footer, check_parquet_pages, guard};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader,
    ParquetRecordBatchReaderBuilder,
};

use super::row::{COLUMNS, RowContext, to_row};
use super::{CatalogRow, LONGEST_LINE, Reject, Rows};
use crate::error::{Error, Result};
use cells::{cell, is_readable};

/// Uncompressed bytes that a batch comes to, about.
const BATCH_BYTES: u64 = 8 << 20;
/// What rows may come to, for each byte of the file. Texts shrink to a tenth or a hundredth; one
/// value that is said to stand in every row shrinks to nothing, and rows are kept.
const MOST_UNPACKED: u64 = 1000;
/// The same for small files, in bytes.
const LEAST_UNPACKED: u64 = 256 << 20;
/// What a row takes besides its cells, in bytes.
const ROW_BYTES: u64 = 64;
/// Rows of a batch, at most.
const MOST_BATCH_ROWS: u64 = 1024;

pub(super) fn open(path: &Path) -> Result<Rows> {
    let file = File::open(path).map_err(Error::io(path))?;
    check_parquet_footer(&file).map_err(|why| Error::catalog(path, why.to_string()))?;
    // The schema is taken from Parquet alone: a forged Arrow schema must not be trusted.
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let metadata = guard(|| ArrowReaderMetadata::load(&file, options).map_err(|e| corrupt(&e)))
        .map_err(|unreadable| Error::catalog(path, unreadable.to_string()))?;
    let columns = columns(path, &metadata)?;
    let file_bytes = file.metadata().map_err(Error::io(path))?.len();
    Ok(Box::new(Table {
        context: RowContext::new(path),
        names: columns.iter().map(|(_, name)| name.clone()).collect(),
        roots: columns.into_iter().map(|(root, _)| root).collect(),
        file,
        metadata,
        group: 0,
        group_row: 0,
        row: 0,
        reader: None,
        batch: None,
        bytes_left: file_bytes.saturating_mul(MOST_UNPACKED).max(LEAST_UNPACKED),
        ended: false,
    }))
}

/// The columns that are read: position in the file, and name as a CSV would have it.
fn columns(path: &Path, metadata: &ArrowReaderMetadata) -> Result<Vec<(usize, String)>> {
    let fields = metadata.schema().fields();
    let mut columns = Vec::new();
    let mut seen = BTreeSet::new();
    for (root, field) in fields.iter().enumerate() {
        let name = super::csv::column_name(field.name());
        if !is_readable(field.data_type()) {
            // A picture beside the row is nobody's business; a path that cannot be read is.
            if COLUMNS.contains(&name.as_str()) {
                let detail = format!("column {name} is {}, not text", field.data_type());
                return Err(Error::catalog(path, detail));
            }
            continue;
        }
        if !seen.insert(name.clone()) {
            return Err(Error::catalog(
                path,
                format!("two columns are named {name}"),
            ));
        }
        columns.push((root, name));
    }
    if !seen.contains("work_id") {
        return Err(Error::catalog(
            path,
            "no column is named work_id; see the README for the columns of a catalog",
        ));
    }
    let names: Vec<String> = columns.iter().map(|(_, name)| name.clone()).collect();
    super::csv::check_columns(path, &names)?;
    Ok(columns)
}

fn corrupt(error: &dyn std::fmt::Display) -> Unreadable {
    Unreadable {
        reason: Reason::Corrupt,
        detail: format!("parquet: {error}"),
    }
}

/// The rows of a file, row group by row group.
struct Table {
    context: RowContext,
    /// Names of the columns read, in the file's order.
    names: Vec<String>,
    roots: Vec<usize>,
    file: File,
    metadata: ArrowReaderMetadata,
    /// The next row group.
    group: usize,
    /// Number of the first row of the next row group, from 0.
    group_row: u64,
    /// Number of the next row, from 0.
    row: u64,
    reader: Option<ParquetRecordBatchReader>,
    batch: Option<(RecordBatch, usize)>,
    /// Bytes that the rows to come may have.
    bytes_left: u64,
    ended: bool,
}

impl Iterator for Table {
    type Item = std::result::Result<CatalogRow, Reject>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if self.ended {
                return None;
            }
            if let Some((batch, at)) = &mut self.batch
                && *at < batch.num_rows()
            {
                let place = *at;
                *at += 1;
                self.row += 1;
                let cells = self.cells(place);
                let line = self.row;
                if !self.spend(&cells) {
                    self.ended = true;
                    let reason = format!(
                        "the rows come to more than {MOST_UNPACKED} times the file; nothing after this one was read"
                    );
                    return Some(Err(self.context.reject(line, reason)));
                }
                return Some(
                    cells
                        .map_err(|reason| self.context.reject(line, reason))
                        .and_then(|cells| to_row(&self.context, line, cells)),
                );
            }
            self.batch = None;
            match self.read_batch() {
                Ok(true) => {}
                Ok(false) => return None,
                Err(unreadable) => {
                    // What follows in a damaged row group cannot be told; the next one can.
                    self.reader = None;
                    let reason = format!("{unreadable}; the rest of its row group was not read");
                    return Some(Err(self.context.reject(self.row + 1, reason)));
                }
            }
        }
    }
}

impl Table {
    /// Reads the next batch or opens the next row group; false at the end.
    fn read_batch(&mut self) -> std::result::Result<bool, Unreadable> {
        if let Some(reader) = &mut self.reader {
            match guard(|| reader.next().transpose().map_err(|e| corrupt(&e)))? {
                Some(batch) => self.batch = Some((batch, 0)),
                None => self.reader = None,
            }
            return Ok(true);
        }
        let groups = self.metadata.metadata().row_groups();
        let Some(group) = groups.get(self.group) else {
            return Ok(false);
        };
        self.row = self.group_row;
        self.group_row += group.num_rows().max(0) as u64;
        let index = self.group;
        self.group += 1;
        self.reader = Some(guard(|| self.open_group(index))?);
        Ok(true)
    }

    fn open_group(
        &self,
        group: usize,
    ) -> std::result::Result<ParquetRecordBatchReader, Unreadable> {
        let file = self.file.try_clone().map_err(|error| corrupt(&error))?;
        let descriptor = self.metadata.metadata().file_metadata().schema_descr();
        let columns = self.metadata.metadata().row_group(group).columns();
        for (leaf, column) in columns.iter().enumerate() {
            if self.roots.contains(&descriptor.get_column_root_idx(leaf)) {
                let (start, bytes) = column.byte_range();
                check_parquet_pages(&file, start, bytes)?;
            }
        }
        let mask = ProjectionMask::roots(descriptor, self.roots.iter().copied());
        ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone())
            .with_projection(mask)
            .with_row_groups(vec![group])
            .with_batch_size(self.batch_rows(group))
            .build()
            .map_err(|error| corrupt(&error))
    }

    fn batch_rows(&self, group: usize) -> usize {
        let group = self.metadata.metadata().row_group(group);
        let sizes = group.columns().iter();
        let bytes: u64 = sizes
            .map(|column| column.uncompressed_size().max(0) as u64)
            .fold(0, u64::saturating_add);
        let row_bytes = (bytes / (group.num_rows().max(1) as u64)).max(1);
        (BATCH_BYTES / row_bytes).clamp(1, MOST_BATCH_ROWS) as usize
    }

    /// Takes a row off what the rows may come to; false when it is too much.
    fn spend(&mut self, cells: &std::result::Result<Vec<(String, String)>, String>) -> bool {
        let cells = cells.as_deref().unwrap_or_default();
        let bytes: usize = cells
            .iter()
            .map(|(name, text)| name.len() + text.len())
            .sum();
        let left = self.bytes_left.checked_sub(ROW_BYTES + bytes as u64);
        self.bytes_left = left.unwrap_or(0);
        left.is_some()
    }

    /// The cells of one row that hold something.
    fn cells(&self, at: usize) -> std::result::Result<Vec<(String, String)>, String> {
        let Some((batch, _)) = &self.batch else {
            return Ok(Vec::new());
        };
        let mut cells = Vec::with_capacity(self.names.len());
        let mut bytes = 0;
        for (name, column) in self.names.iter().zip(batch.columns()) {
            let text = cell(column.as_ref(), at).map_err(|why| format!("column {name}: {why}"))?;
            let text = text.trim();
            bytes += text.len();
            if bytes > LONGEST_LINE {
                return Err("the row is longer than 64 MiB".to_owned());
            }
            if !text.is_empty() {
                cells.push((name.clone(), text.to_owned()));
            }
        }
        Ok(cells)
    }
}

#[cfg(test)]
mod tests;
