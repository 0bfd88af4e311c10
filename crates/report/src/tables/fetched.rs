//! `fetched.parquet`: what was asked and answered for items behind addresses.

use std::fs::File;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use arrow_array::builder::{ListBuilder, StringBuilder};
use arrow_array::cast::AsArray;
use arrow_array::types::{Int32Type, Int64Type};
use arrow_array::{
    Array, ArrayRef, Int32Array, Int64Array, RecordBatch, StringArray, TimestampMillisecondArray,
};
use arrow_schema::{DataType, Field, Schema, TimeUnit};
use clearance_scan::FetchedLine;
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder};

use crate::error::{Error, Result};

/// Name of the table in an output folder.
pub(crate) const FETCHED_TABLE: &str = "fetched.parquet";

fn texts() -> DataType {
    DataType::List(Arc::new(Field::new("item", DataType::Utf8, true)))
}

/// Columns of `fetched.parquet`.
pub(super) static FETCHED: LazyLock<Arc<Schema>> = LazyLock::new(|| {
    let time = DataType::Timestamp(TimeUnit::Millisecond, Some("UTC".into()));
    Arc::new(Schema::new(vec![
        Field::new("file", DataType::Utf8, true),
        Field::new("row_index", DataType::Int64, false),
        Field::new("column_name", DataType::Utf8, true),
        Field::new("item_index", DataType::Int32, false),
        Field::new("outcome", DataType::Utf8, true),
        Field::new("detail", DataType::Utf8, true),
        Field::new("url", DataType::Utf8, true),
        Field::new("final_url", DataType::Utf8, true),
        Field::new("redirects", texts(), true),
        Field::new("fetched_at", time, true),
        Field::new("requests", DataType::Int32, false),
        Field::new("status", DataType::Int32, true),
        Field::new("item_bytes", DataType::Int64, true),
        Field::new("item_digest", DataType::Utf8, true),
        Field::new("content_type", DataType::Utf8, true),
        Field::new("x_robots_tag", DataType::Utf8, true),
        Field::new("headers", texts(), true),
        Field::new("robots", DataType::Utf8, true),
    ]))
});

pub(super) fn fetched_columns(lines: &[FetchedLine]) -> Vec<ArrayRef> {
    let text = |get: &dyn Fn(&FetchedLine) -> Option<String>| -> ArrayRef {
        Arc::new(lines.iter().map(get).collect::<StringArray>())
    };
    let integers = |get: &dyn Fn(&FetchedLine) -> Option<i32>| -> ArrayRef {
        Arc::new(lines.iter().map(get).collect::<Int32Array>())
    };
    let long = |get: &dyn Fn(&FetchedLine) -> Option<i64>| -> ArrayRef {
        Arc::new(lines.iter().map(get).collect::<Int64Array>())
    };
    let said = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    // Several lines of one field are one list (RFC 9110, section 5.3).
    let header = |line: &FetchedLine, name: &str| {
        let values: Vec<&str> = line.record.header(name).collect();
        said(&values.join(", "))
    };
    let times = lines.iter().map(|line| line.record.fetched_at_ms);
    let times: TimestampMillisecondArray = times.collect();
    vec![
        text(&|line| Some(line.file.clone())),
        long(&|line| Some(line.row_index)),
        text(&|line| Some(line.column_name.clone())),
        integers(&|line| Some(line.item_index)),
        text(&|line| Some(line.record.outcome.clone())),
        text(&|line| said(&line.record.detail)),
        text(&|line| Some(line.record.url.clone())),
        text(&|line| line.record.final_url.clone()),
        lists(lines, &|line| line.record.redirects.clone()),
        Arc::new(times.with_timezone("UTC")),
        integers(&|line| Some(i32::try_from(line.record.requests).unwrap_or(i32::MAX))),
        integers(&|line| line.record.status.map(i32::from)),
        long(&|line| {
            line.record
                .bytes
                .and_then(|bytes| i64::try_from(bytes).ok())
        }),
        text(&|line| line.record.item_digest.clone()),
        text(&|line| header(line, "content-type")),
        text(&|line| header(line, "x-robots-tag")),
        lists(lines, &|line| {
            let headers = line.record.headers.iter();
            headers
                .map(|(name, value)| format!("{name}: {value}"))
                .collect()
        }),
        text(&|line| said(&line.record.robots)),
    ]
}

fn lists(lines: &[FetchedLine], get: &dyn Fn(&FetchedLine) -> Vec<String>) -> ArrayRef {
    let mut lists = ListBuilder::new(StringBuilder::new());
    for line in lines {
        for text in get(line) {
            lists.values().append_value(text);
        }
        lists.append(true);
    }
    Arc::new(lists.finish())
}

/// What other outputs can be held to of a line.
pub(crate) struct FetchedItem<'t> {
    pub(crate) file: &'t str,
    pub(crate) row_index: i64,
    pub(crate) column_name: &'t str,
    pub(crate) item_index: i32,
    pub(crate) outcome: &'t str,
    /// BLAKE3, hexadecimal; of items that were fetched.
    pub(crate) item_digest: Option<&'t str>,
}

/// Calls `visit` for each line of the table in an output folder, in order.
pub(crate) fn each_fetched(out: &Path, visit: &mut dyn FnMut(&FetchedItem<'_>)) -> Result<()> {
    let path = out.join(FETCHED_TABLE);
    let damaged = |error: &dyn std::fmt::Display| Error::corrupt(&path, error);
    let file = File::open(&path).map_err(Error::io(&path))?;
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let corrupt = |error: parquet::errors::ParquetError| {
        clearance_decode::Unreadable::new(clearance_decode::Reason::Corrupt, error.to_string())
    };
    let reader = clearance_decode::guard(|| {
        ParquetRecordBatchReaderBuilder::try_new_with_options(file, options)
            .and_then(ParquetRecordBatchReaderBuilder::build)
            .map_err(corrupt)
    });
    let mut reader = reader.map_err(|error| damaged(&error))?;
    loop {
        let batch = clearance_decode::guard(|| {
            let batch = reader.next().transpose();
            batch.map_err(|error| corrupt(error.into()))
        });
        let Some(batch) = batch.map_err(|error| damaged(&error))? else {
            return Ok(());
        };
        each_of(&batch, visit).ok_or_else(|| damaged(&"unexpected columns"))?;
    }
}

fn each_of(batch: &RecordBatch, visit: &mut dyn FnMut(&FetchedItem<'_>)) -> Option<()> {
    let text = |name: &str| batch.column_by_name(name)?.as_string_opt::<i32>();
    let (files, columns) = (text("file")?, text("column_name")?);
    let (outcomes, digests) = (text("outcome")?, text("item_digest")?);
    let rows = batch.column_by_name("row_index")?;
    let rows = rows.as_primitive_opt::<Int64Type>()?;
    let items = batch.column_by_name("item_index")?;
    let items = items.as_primitive_opt::<Int32Type>()?;
    for at in 0..batch.num_rows() {
        visit(&FetchedItem {
            file: files.value(at),
            row_index: rows.value(at),
            column_name: columns.value(at),
            item_index: items.value(at),
            outcome: outcomes.value(at),
            item_digest: (!digests.is_null(at)).then(|| digests.value(at)),
        });
    }
    Some(())
}
