//! Parquet files: what is in them, and reading a row group in batches of bounded size.

use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use clearance_decode::{Reason, Unreadable, check_parquet_footer, check_parquet_pages, guard};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader,
    ParquetRecordBatchReaderBuilder,
};

use super::cells::{items, sample};
use super::rows::{Request, RowSource, RowsRead};
use super::{Detected, FileIdentity, Input, Item, detected};
use crate::error::{Error, Result};
use crate::schema::{Declared, Overrides, SAMPLE_ROWS, Sample};

/// Uncompressed bytes of a batch that is aimed at.
const BATCH_BYTES: u64 = 16 << 20;
/// Most rows of a batch.
const MOST_BATCH_ROWS: u64 = 4096;
/// A footer longer than this is damage, not metadata.
const LONGEST_FOOTER: u64 = 512 << 20;

/// Looks at a file: its row groups and columns.
pub(super) fn survey(
    path: &Path,
    overrides: &Overrides,
) -> std::result::Result<(Vec<u64>, Result<Detected>), Unreadable> {
    guard(|| {
        let source = ParquetSource::open(path)?;
        Ok((source.row_groups(), source.detect(overrides)))
    })
}

/// What identifies the contents of the file at `path`.
pub(crate) fn identity(path: &Path) -> Result<FileIdentity> {
    let mut file = Input::open(path).map_err(Error::io(path))?;
    let bytes = file.length().map_err(Error::io(path))?;
    let mut tail = [0u8; 8];
    let mut hasher = blake3::Hasher::new();
    if bytes >= 8 {
        let mut read = || -> std::io::Result<()> {
            file.seek(SeekFrom::End(-8))?;
            file.read_exact(&mut tail)?;
            let length = u64::from(u32::from_le_bytes([tail[0], tail[1], tail[2], tail[3]]));
            let length = (length + 8).min(bytes).min(LONGEST_FOOTER);
            file.seek(SeekFrom::Start(bytes - length))?;
            hasher.update_reader(file.by_ref().take(length))?;
            Ok(())
        };
        read().map_err(Error::io(path))?;
    }
    Ok(FileIdentity {
        bytes,
        footer_blake3: hasher.finalize().to_hex().to_string(),
        version: None,
    })
}

/// An open Parquet file.
pub(crate) struct ParquetSource {
    file: Input,
    metadata: ArrowReaderMetadata,
}

impl ParquetSource {
    /// Opens a file by its Parquet metadata alone: an embedded Arrow schema is
    /// ignored, because a forged one can contradict the data.
    pub(crate) fn open(path: &Path) -> std::result::Result<Self, Unreadable> {
        let mut file = Input::open(path).map_err(|error| Unreadable {
            reason: Reason::Io,
            detail: error.to_string(),
        })?;
        check_parquet_footer(&mut file)?;
        let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
        let metadata =
            ArrowReaderMetadata::load(&file, options).map_err(|error| corrupt(&error))?;
        Ok(Self { file, metadata })
    }

    /// Rows of each row group.
    pub(crate) fn row_groups(&self) -> Vec<u64> {
        let groups = self.metadata.metadata().row_groups();
        groups
            .iter()
            .map(|group| group.num_rows().max(0) as u64)
            .collect()
    }

    /// How many top-level columns there are.
    pub(crate) fn column_count(&self) -> usize {
        self.metadata.schema().fields().len()
    }

    /// What the file's metadata says under a key.
    pub(crate) fn key_value(&self, key: &str) -> Option<&str> {
        let metadata = self.metadata.metadata().file_metadata();
        let pairs = metadata.key_value_metadata().into_iter().flatten();
        let pair = pairs.into_iter().find(|pair| pair.key == key);
        pair.and_then(|pair| pair.value.as_deref())
    }

    fn detect(&self, overrides: &Overrides) -> Result<Detected> {
        let declared = Declared::huggingface(self.key_value("huggingface"));
        let schema = self.metadata.schema();
        let first = |index: usize| self.sample(index).unwrap_or_default();
        detected(schema, &first, &declared, overrides)
    }

    /// First values of a column, of the first row group that has rows.
    fn sample(&self, column: usize) -> std::result::Result<Sample, Unreadable> {
        let mut found = Sample::default();
        let groups = self.row_groups();
        let Some(group) = groups.iter().position(|&rows| rows > 0) else {
            return Ok(found);
        };
        let mut rows = 0;
        for batch in self.batches(group, &[column])? {
            let batch = batch.map_err(|error| corrupt(&error))?;
            sample(batch.column(0), SAMPLE_ROWS - rows, &mut found);
            rows += batch.num_rows();
            if rows >= SAMPLE_ROWS {
                break;
            }
        }
        Ok(found)
    }

    /// Reads a row group, only the given top-level columns, in their order in the file.
    pub(crate) fn batches(
        &self,
        group: usize,
        columns: &[usize],
    ) -> std::result::Result<ParquetRecordBatchReader, Unreadable> {
        let mut file = self.file.try_clone().map_err(|error| Unreadable {
            reason: Reason::Io,
            detail: error.to_string(),
        })?;
        let descriptor = self.metadata.metadata().file_metadata().schema_descr();
        let leaves = self.metadata.metadata().row_group(group).columns().iter();
        for (leaf, column) in leaves.enumerate() {
            if columns.contains(&descriptor.get_column_root_idx(leaf)) {
                let (start, bytes) = column.byte_range();
                check_parquet_pages(&mut file, start, bytes)?;
            }
        }
        let mask = ProjectionMask::roots(descriptor, columns.iter().copied());
        ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone())
            .with_projection(mask)
            .with_row_groups(vec![group])
            .with_batch_size(self.batch_rows(group, columns))
            .build()
            .map_err(|error| corrupt(&error))
    }

    /// Rows of a batch that come to about [`BATCH_BYTES`] uncompressed.
    fn batch_rows(&self, group: usize, columns: &[usize]) -> usize {
        let group = self.metadata.metadata().row_group(group);
        let descriptor = self.metadata.metadata().file_metadata().schema_descr();
        let bytes: u64 = (0..group.num_columns())
            .filter(|&leaf| columns.contains(&descriptor.get_column_root_idx(leaf)))
            .map(|leaf| group.column(leaf).uncompressed_size().max(0) as u64)
            .sum();
        let row_bytes = (bytes / (group.num_rows().max(1) as u64)).max(1);
        (BATCH_BYTES / row_bytes).clamp(1, MOST_BATCH_ROWS) as usize
    }
}

pub(crate) fn corrupt(error: &dyn std::fmt::Display) -> Unreadable {
    Unreadable {
        reason: Reason::Corrupt,
        detail: format!("parquet: {error}"),
    }
}

impl RowSource for ParquetSource {
    fn read(
        &mut self,
        request: &Request<'_>,
        visit: &mut dyn FnMut(Item),
    ) -> std::result::Result<RowsRead, Unreadable> {
        let (file, unit) = (request.file, request.unit);
        let columns: Vec<usize> = file.columns.iter().map(|column| column.index).collect();
        let mut batches = guard(|| self.batches(unit.group, &columns))?;
        let mut rows = 0;
        while request.goes_on(rows) {
            let batch = guard(|| batches.next().transpose().map_err(|error| corrupt(&error)));
            let batch = match batch {
                Ok(Some(batch)) => batch,
                Ok(None) => {
                    let detail = "corrupt: parquet: fewer rows than announced";
                    return Ok((rows, Some(detail.to_owned())));
                }
                Err(unreadable) => return Ok((rows, Some(unreadable.to_string()))),
            };
            // Columns come in the order of the file, whatever order they were planned in.
            let mut order: Vec<usize> = (0..columns.len()).collect();
            order.sort_by_key(|&position| columns[position]);
            let arrays = batch.columns().iter().zip(order);
            let arrays: Vec<_> = arrays
                .map(|(array, position)| (array, &file.columns[position], position))
                .collect();
            items(&arrays, unit.first_row + rows, visit);
            rows += batch.num_rows() as u64;
            (request.count_rows)(batch.num_rows() as u64);
        }
        Ok((rows, None))
    }
}
