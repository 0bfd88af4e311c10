//! The Parquet tables of a segment: `works`, `rights`, `assets`. A stranger can
//! read them with any Parquet tool; the columns are described in FORMAT.md.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Float64Type, Int64Type};
use arrow_array::{
    Array, ArrayRef, Date32Array, FixedSizeBinaryArray, Float64Array, Int64Array, RecordBatch,
    StringArray,
};
use chrono::NaiveDate;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

use crate::error::{Error, Result};

/// A table in the making: named columns of equal length.
#[derive(Default)]
pub(crate) struct TableWriter {
    columns: Vec<(&'static str, ArrayRef, bool)>,
}

impl TableWriter {
    pub(crate) fn text<'a>(
        self,
        name: &'static str,
        values: impl Iterator<Item = Option<&'a str>>,
    ) -> Self {
        self.column(name, Arc::new(values.collect::<StringArray>()))
    }

    pub(crate) fn owned_text(
        self,
        name: &'static str,
        values: impl Iterator<Item = Option<String>>,
    ) -> Self {
        self.column(name, Arc::new(values.collect::<StringArray>()))
    }

    pub(crate) fn integer(self, name: &'static str, values: impl Iterator<Item = i64>) -> Self {
        self.column(name, Arc::new(values.collect::<Int64Array>()))
    }

    pub(crate) fn float(self, name: &'static str, values: impl Iterator<Item = f64>) -> Self {
        self.column(name, Arc::new(values.collect::<Float64Array>()))
    }

    pub(crate) fn date(
        self,
        name: &'static str,
        values: impl Iterator<Item = Option<NaiveDate>>,
    ) -> Self {
        let days = values.map(|date| date.map(Date32Type::from_naive_date));
        self.column(name, Arc::new(days.collect::<Date32Array>()))
    }

    pub(crate) fn digest(
        self,
        name: &'static str,
        values: impl Iterator<Item = [u8; 32]>,
        path: &Path,
    ) -> Result<Self> {
        let values: Vec<[u8; 32]> = values.collect();
        if values.is_empty() {
            return Ok(self.column(name, Arc::new(FixedSizeBinaryArray::new_null(32, 0))));
        }
        let array = FixedSizeBinaryArray::try_from_iter(values.iter())
            .map_err(|error| Error::corrupt(path, error.to_string()))?;
        Ok(self.column(name, Arc::new(array)))
    }

    fn column(mut self, name: &'static str, array: ArrayRef) -> Self {
        self.columns.push((name, array, true));
        self
    }

    /// Writes and syncs the table.
    pub(crate) fn write(self, path: &Path) -> Result<()> {
        let failed = |error: parquet::errors::ParquetError| Error::Io {
            path: path.to_owned(),
            source: std::io::Error::other(error),
        };
        let batch = RecordBatch::try_from_iter_with_nullable(self.columns)
            .map_err(|error| Error::corrupt(path, error.to_string()))?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_created_by("clearance".to_owned())
            .build();
        let file = File::create(path).map_err(Error::io(path))?;
        let synced = file.try_clone().map_err(Error::io(path))?;
        let mut writer =
            ArrowWriter::try_new(file, batch.schema(), Some(properties)).map_err(failed)?;
        writer.write(&batch).map_err(failed)?;
        writer.close().map_err(failed)?;
        synced.sync_all().map_err(Error::io(path))
    }
}

/// A table read back, batch by batch.
pub(crate) struct TableReader<'a> {
    path: &'a Path,
    batches: Vec<RecordBatch>,
}

impl<'a> TableReader<'a> {
    pub(crate) fn open(path: &'a Path) -> Result<Self> {
        let damaged = |error: &dyn std::fmt::Display| Error::corrupt(path, error.to_string());
        let file = File::open(path).map_err(Error::io(path))?;
        // The schema is taken from Parquet alone: a forged Arrow schema must not be trusted.
        let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
        let reader = ParquetRecordBatchReaderBuilder::try_new_with_options(file, options)
            .and_then(ParquetRecordBatchReaderBuilder::build)
            .map_err(|error| damaged(&error))?;
        let batches = reader
            .collect::<std::result::Result<Vec<_>, _>>()
            .map_err(|error| damaged(&error))?;
        Ok(Self { path, batches })
    }

    fn column(&self, batch: &'a RecordBatch, name: &str) -> Result<&'a ArrayRef> {
        batch
            .column_by_name(name)
            .ok_or_else(|| Error::corrupt(self.path, format!("column {name:?} is missing")))
    }

    fn collect<T>(
        &'a self,
        name: &str,
        read: impl Fn(&'a dyn Array) -> Option<Vec<T>>,
    ) -> Result<Vec<T>> {
        let mut values = Vec::new();
        for batch in &self.batches {
            let column = self.column(batch, name)?;
            let read = read(column.as_ref()).ok_or_else(|| {
                Error::corrupt(self.path, format!("column {name:?} has another type"))
            })?;
            values.extend(read);
        }
        Ok(values)
    }

    pub(crate) fn text(&'a self, name: &str) -> Result<Vec<Option<String>>> {
        self.collect(name, |array| {
            let texts = array.as_string_opt::<i32>()?;
            Some(texts.iter().map(|text| text.map(str::to_owned)).collect())
        })
    }

    /// A column of text that older registries do not have: nothing in each of their lines.
    pub(crate) fn text_if_there(&'a self, name: &str) -> Result<Vec<Option<String>>> {
        if self.has_column(name) {
            return self.text(name);
        }
        let lines = self.batches.iter().map(RecordBatch::num_rows).sum();
        Ok(vec![None; lines])
    }

    pub(crate) fn has_column(&self, name: &str) -> bool {
        let has = |batch: &RecordBatch| batch.column_by_name(name).is_some();
        self.batches.iter().all(has)
    }

    pub(crate) fn integer(&'a self, name: &str) -> Result<Vec<i64>> {
        self.collect(name, |array| {
            let values = array.as_primitive_opt::<Int64Type>()?;
            Some(values.iter().map(Option::unwrap_or_default).collect())
        })
    }

    pub(crate) fn float(&'a self, name: &str) -> Result<Vec<f64>> {
        self.collect(name, |array| {
            let values = array.as_primitive_opt::<Float64Type>()?;
            Some(values.iter().map(Option::unwrap_or_default).collect())
        })
    }

    pub(crate) fn date(&'a self, name: &str) -> Result<Vec<Option<NaiveDate>>> {
        self.collect(name, |array| {
            let days = array.as_primitive_opt::<Date32Type>()?;
            Some(
                days.iter()
                    .map(|day| day.and_then(Date32Type::to_naive_date_opt))
                    .collect(),
            )
        })
    }

    pub(crate) fn digest(&'a self, name: &str) -> Result<Vec<[u8; 32]>> {
        self.collect(name, |array| {
            let values = array.as_fixed_size_binary_opt()?;
            let digests = values
                .iter()
                .map(|value| value.and_then(|v| v.try_into().ok()));
            digests.collect()
        })
    }
}
