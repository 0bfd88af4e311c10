//! `findings.parquet`, `coverage.parquet` and `fetched.parquet`.

mod fetched;
mod findings;

use std::fs::File;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use arrow_array::cast::AsArray;
use arrow_array::types::{Int32Type, Int64Type};
use arrow_array::{ArrayRef, Int32Array, Int64Array, RecordBatch, StringArray};
use arrow_schema::{ArrowError, DataType, Field, Schema};
use clearance_scan::{CoverageLine, CoverageStatus, FetchedLine, Finding};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

use crate::error::{Error, Result};
use fetched::{FETCHED, fetched_columns};
pub(crate) use fetched::{FETCHED_TABLE, each_fetched};
use findings::FINDINGS;
pub(crate) use findings::finding_columns;

/// Columns of `coverage.parquet`.
static COVERAGE: LazyLock<Arc<Schema>> = LazyLock::new(|| {
    Arc::new(Schema::new(vec![
        Field::new("file", DataType::Utf8, true),
        Field::new("row_index", DataType::Int64, false),
        Field::new("column_name", DataType::Utf8, true),
        Field::new("item_index", DataType::Int32, false),
        Field::new("status", DataType::Utf8, true),
        Field::new("reason", DataType::Utf8, true),
    ]))
});

/// Names of the columns of `findings.parquet`.
pub(crate) fn finding_names() -> impl Iterator<Item = &'static str> {
    FINDINGS.fields().iter().map(|field| field.name().as_str())
}

/// A Parquet file that grows batch by batch.
pub(crate) struct TableFile {
    writer: ArrowWriter<File>,
    path: std::path::PathBuf,
}

impl TableFile {
    pub(crate) fn findings(path: &Path) -> Result<Self> {
        Self::create(path, &FINDINGS)
    }

    pub(crate) fn coverage(path: &Path) -> Result<Self> {
        Self::create(path, &COVERAGE)
    }

    pub(crate) fn fetched(path: &Path) -> Result<Self> {
        Self::create(path, &FETCHED)
    }

    fn create(path: &Path, schema: &Arc<Schema>) -> Result<Self> {
        let file = File::create(path).map_err(Error::io(path))?;
        // The writer's name carries no version: the same findings are the same bytes.
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_created_by("clearance".to_owned())
            .build();
        let writer = ArrowWriter::try_new(file, Arc::clone(schema), Some(properties))
            .map_err(|error| failed(path, error))?;
        Ok(Self {
            writer,
            path: path.to_owned(),
        })
    }

    pub(crate) fn add_findings(&mut self, findings: &[Finding]) -> Result<()> {
        let columns = finding_columns(findings);
        self.add(&FINDINGS, columns)
    }

    pub(crate) fn add_coverage(&mut self, lines: &[CoverageLine]) -> Result<()> {
        self.add(&COVERAGE, coverage_columns(lines))
    }

    pub(crate) fn add_fetched(&mut self, lines: &[FetchedLine]) -> Result<()> {
        self.add(&FETCHED, fetched_columns(lines))
    }

    fn add(&mut self, schema: &Arc<Schema>, columns: Vec<ArrayRef>) -> Result<()> {
        let batch = RecordBatch::try_new(Arc::clone(schema), columns)
            .map_err(|error| Error::corrupt(&self.path, &error))?;
        if batch.num_rows() == 0 {
            return Ok(());
        }
        self.writer
            .write(&batch)
            .map_err(|error| failed(&self.path, error))
    }

    pub(crate) fn close(mut self) -> Result<()> {
        self.writer
            .finish()
            .map_err(|error| failed(&self.path, error))?;
        self.writer
            .inner()
            .sync_all()
            .map_err(Error::io(&self.path))
    }
}

fn coverage_columns(lines: &[CoverageLine]) -> Vec<ArrayRef> {
    let text = |get: &dyn Fn(&CoverageLine) -> String| -> ArrayRef {
        Arc::new(
            lines
                .iter()
                .map(|line| Some(get(line)))
                .collect::<StringArray>(),
        )
    };
    vec![
        text(&|line| line.file.clone()),
        Arc::new(Int64Array::from_iter_values(
            lines.iter().map(|line| line.row_index),
        )),
        text(&|line| line.column_name.clone()),
        Arc::new(Int32Array::from_iter_values(
            lines.iter().map(|line| line.item_index),
        )),
        text(&|line| line.status.as_str().to_owned()),
        text(&|line| line.reason.clone()),
    ]
}

/// Findings as rows with the columns of `findings.parquet`.
///
/// # Errors
///
/// When the columns do not fit their schema, which would be a mistake of this crate.
pub fn finding_rows(findings: &[Finding]) -> std::result::Result<RecordBatch, ArrowError> {
    RecordBatch::try_new(Arc::clone(&FINDINGS), finding_columns(findings))
}

/// Coverage lines as rows with the columns of `coverage.parquet`.
///
/// # Errors
///
/// As those of [`finding_rows`].
pub fn coverage_rows(lines: &[CoverageLine]) -> std::result::Result<RecordBatch, ArrowError> {
    RecordBatch::try_new(Arc::clone(&COVERAGE), coverage_columns(lines))
}

fn failed(path: &Path, error: parquet::errors::ParquetError) -> Error {
    Error::Io {
        path: path.to_owned(),
        source: std::io::Error::other(error),
    }
}

/// Reads `coverage.parquet` of an output folder back.
pub fn read_coverage(out: &Path) -> Result<Vec<CoverageLine>> {
    let path = out.join("coverage.parquet");
    let damaged = |error: &dyn std::fmt::Display| Error::corrupt(&path, error);
    let file = File::open(&path).map_err(Error::io(&path))?;
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let reader = ParquetRecordBatchReaderBuilder::try_new_with_options(file, options)
        .and_then(ParquetRecordBatchReaderBuilder::build)
        .map_err(|error| damaged(&error))?;
    let mut lines = Vec::new();
    for batch in reader {
        let batch = batch.map_err(|error| damaged(&error))?;
        lines.extend(coverage_lines(&batch).ok_or_else(|| damaged(&"unexpected columns"))?);
    }
    Ok(lines)
}

fn coverage_lines(batch: &RecordBatch) -> Option<Vec<CoverageLine>> {
    let text = |name: &str| batch.column_by_name(name)?.as_string_opt::<i32>();
    let (files, columns) = (text("file")?, text("column_name")?);
    let (statuses, reasons) = (text("status")?, text("reason")?);
    let rows = batch
        .column_by_name("row_index")?
        .as_primitive_opt::<Int64Type>()?;
    let items = batch
        .column_by_name("item_index")?
        .as_primitive_opt::<Int32Type>()?;
    (0..batch.num_rows())
        .map(|at| {
            Some(CoverageLine {
                file: files.value(at).to_owned(),
                row_index: rows.value(at),
                column_name: columns.value(at).to_owned(),
                item_index: items.value(at),
                status: match statuses.value(at) {
                    "unreadable" => CoverageStatus::Unreadable,
                    "skipped" => CoverageStatus::Skipped,
                    "partial" => CoverageStatus::Partial,
                    _ => return None,
                },
                reason: reasons.value(at).to_owned(),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests;
