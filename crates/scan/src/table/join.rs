//! Parts to one table.

use std::fs::{self, File};
use std::path::Path;
use std::sync::Arc;

use parquet::arrow::ArrowSchemaConverter;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions};
use parquet::column::writer::ColumnCloseResult;
use parquet::file::metadata::KeyValue;
use parquet::file::writer::SerializedFileWriter;

use super::beside;
use super::columns::SCHEMA;
use super::header::{Header, HeaderUnit, KEY};
use super::part::{UNIT, failed, properties};
use super::printing::TableTotals;
use crate::error::{Error, Result};

/// Appends the parts in order, column chunk by column chunk as they are, describes the dataset in
/// the metadata, and puts the table in place. `parts` are the files of each unit, with the
/// number of the dataset file it belongs to.
pub(super) fn join<'a>(
    table: &Path,
    mut header: Header,
    parts: impl Iterator<Item = (usize, &'a Path)>,
) -> Result<TableTotals> {
    let mut totals = TableTotals::default();
    let writing = beside(table, ".writing");
    let file = File::create(&writing).map_err(Error::io(&writing))?;
    let schema = ArrowSchemaConverter::new()
        .convert(&SCHEMA)
        .map_err(failed(&writing))?;
    let mut writer = SerializedFileWriter::new(file, schema.root_schema_ptr(), properties())
        .map_err(failed(&writing))?;
    for (number, part) in parts {
        let unit = append(&mut writer, part)?;
        totals.add(&unit);
        if let Some(file) = header.files.get_mut(number) {
            file.units.push(unit);
        }
    }
    let text = serde_json::to_string(&header).map_err(|error| corrupt(table, &error))?;
    writer.append_key_value_metadata(KeyValue::new(KEY.to_owned(), text));
    writer.finish().map_err(failed(&writing))?;
    let synced = writer.inner().sync_all();
    synced
        .and_then(|()| fs::rename(&writing, table))
        .map_err(Error::io(table))?;
    totals.bytes = table.metadata().map_err(Error::io(table))?.len();
    Ok(totals)
}

fn append(writer: &mut SerializedFileWriter<File>, part: &Path) -> Result<HeaderUnit> {
    let file = File::open(part).map_err(Error::io(part))?;
    let metadata = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new())
        .map_err(|error| corrupt(part, &error))?;
    let metadata = Arc::clone(metadata.metadata());
    for group in metadata.row_groups() {
        let mut out = writer.next_row_group().map_err(failed(part))?;
        for column in group.columns() {
            let chunk = ColumnCloseResult {
                bytes_written: column.compressed_size().max(0) as u64,
                rows_written: group.num_rows().max(0) as u64,
                metadata: column.clone(),
                bloom_filter: None,
                column_index: None,
                offset_index: None,
            };
            out.append_column(&file, chunk).map_err(failed(part))?;
        }
        out.close().map_err(failed(part))?;
    }
    let values = metadata.file_metadata().key_value_metadata();
    let unit = values.into_iter().flatten().find(|pair| pair.key == UNIT);
    let unit = unit.and_then(|pair| pair.value.as_deref());
    serde_json::from_str(unit.unwrap_or_default()).map_err(|error| corrupt(part, &error))
}

fn corrupt(path: &Path, error: &dyn std::fmt::Display) -> Error {
    Error::Corrupt {
        path: path.to_owned(),
        detail: error.to_string(),
    }
}
