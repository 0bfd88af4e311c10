//! One file, copied without some of its rows or items: Parquet here, other forms by the scan crate.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use clearance_scan::{Input, PlannedFile, copy_rows};
use parquet::basic::{LogicalType, Repetition};
use parquet::column::writer::ColumnCloseResult;
use parquet::errors::ParquetError;
use parquet::file::metadata::{ParquetMetaData, RowGroupMetaData};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::reader::{FileReader, RowGroupReader, SerializedFileReader};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::{SchemaDescriptor, Type};

use super::leaf::{LeafPlan, Nulling, copy};
use super::marks::{Marks, RowMarks};
use crate::error::{Error, Result};

/// Uncompressed bytes of a batch that is aimed at.
const BATCH_BYTES: i64 = 8 << 20;
/// Most rows of a batch.
const MOST_BATCH_ROWS: i64 = 4096;

/// What happened to a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Copied {
    pub(super) rows: u64,
    pub(super) removed: u64,
    pub(super) nulled: u64,
}

/// How a file is copied.
pub(super) struct CopyPlan<'a> {
    pub(super) from: &'a Path,
    pub(super) to: &'a Path,
    /// The file's marks.
    pub(super) marks: &'a RowMarks,
    /// Names of the columns in the marks.
    pub(super) names: &'a Marks,
    /// Marked items become null, instead of their rows being removed.
    pub(super) null_items: bool,
    pub(super) stop: &'a AtomicBool,
}

/// Copies a file under a temporary name and puts it in its place. Nothing when it was stopped.
pub(super) fn copy_file(plan: &CopyPlan<'_>) -> Result<Option<Copied>> {
    let aside = aside(plan.to);
    if let Some(folder) = plan.to.parent() {
        fs::create_dir_all(folder).map_err(Error::io(folder))?;
    }
    // Parquet from strangers: a panic of the reader is damage like any other.
    let outcome = clearance_decode::guard(|| Ok(write_copy(plan, &aside)));
    let outcome = outcome.map_err(|unreadable| Error::corrupt(plan.from, &unreadable))?;
    let finished = match outcome {
        Ok(Some(copied)) => {
            fs::rename(&aside, plan.to).map_err(Error::io(plan.to))?;
            return Ok(Some(copied));
        }
        Ok(None) => Ok(None),
        Err(error) => Err(match error {
            // A full disk comes wrapped up.
            Failure::Parquet(ParquetError::External(error)) => match error.downcast() {
                Ok(source) => Error::io(&aside)(*source),
                Err(error) => Error::corrupt(plan.from, &error),
            },
            Failure::Parquet(error) => Error::corrupt(plan.from, &error),
            Failure::Io(source) => Error::io(&aside)(source),
            Failure::Shape(detail) => Error::refused(plan.from, detail),
        }),
    };
    // What is half written is of no use to anybody.
    drop(fs::remove_file(&aside));
    finished
}

/// Copies a file of lines or an archive the same way: the bytes of the rows that stay.
pub(super) fn copy_as_written(
    file: &PlannedFile,
    to: &Path,
    marks: &RowMarks,
    stop: &AtomicBool,
) -> Result<Option<Copied>> {
    let aside = aside(to);
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder).map_err(Error::io(folder))?;
    }
    let outcome = copy_rows(file, &aside, &|row| marks.has_row(row), stop);
    if let Ok(Some(copied)) = outcome {
        fs::rename(&aside, to).map_err(Error::io(to))?;
        return Ok(Some(Copied {
            rows: copied.rows,
            removed: copied.removed,
            nulled: 0,
        }));
    }
    // What is half written is of no use to anybody.
    drop(fs::remove_file(&aside));
    outcome?;
    Ok(None)
}

fn aside(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.writing"))
}

enum Failure {
    Parquet(ParquetError),
    Io(std::io::Error),
    Shape(String),
}

impl From<ParquetError> for Failure {
    fn from(error: ParquetError) -> Self {
        Self::Parquet(error)
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::Io(error)
    }
}

fn write_copy(plan: &CopyPlan<'_>, aside: &Path) -> std::result::Result<Option<Copied>, Failure> {
    let source = Input::open(plan.from)?;
    let reader = SerializedFileReader::new(source.try_clone()?)?;
    let metadata = reader.metadata();
    let schema = metadata.file_metadata().schema_descr();
    let nulled = nullings(plan, schema)?;
    let root = schema.root_schema_ptr();
    let properties = Arc::new(properties(metadata, plan.null_items));
    let target = File::create(aside)?;
    let mut writer = SerializedFileWriter::new(target, root, properties)?;
    let mut copied = Copied::default();
    let mut first_row = 0;
    for group in 0..metadata.num_row_groups() {
        if plan.stop.load(Ordering::Relaxed) {
            return Ok(None);
        }
        let rows = metadata.row_group(group).num_rows().max(0) as u64;
        let marks = plan.marks.part(first_row, rows);
        first_row += rows;
        copied.rows += rows;
        let removed = if plan.null_items { 0 } else { marks.rows() };
        copied.removed += removed;
        copied.nulled += if plan.null_items { marks.items() } else { 0 };
        if removed == rows && rows > 0 {
            continue;
        }
        let group = GroupCopy {
            source: &source,
            reader: &*reader.get_row_group(group)?,
            metadata: metadata.row_group(group),
            schema,
            marks: &marks,
            nulled: plan.null_items.then_some(&nulled),
        };
        group.write(writer.next_row_group()?, rows - removed)?;
    }
    writer.finish()?;
    writer.inner().sync_all()?;
    Ok(Some(copied))
}

/// A row group on its way.
struct GroupCopy<'a> {
    source: &'a Input,
    reader: &'a dyn RowGroupReader,
    metadata: &'a RowGroupMetaData,
    schema: &'a SchemaDescriptor,
    marks: &'a RowMarks,
    /// Column and way of nulling, by leaf; nothing when rows are removed.
    nulled: Option<&'a BTreeMap<usize, (u16, Nulling)>>,
}

impl GroupCopy<'_> {
    fn write(
        &self,
        mut writer: SerializedRowGroupWriter<'_, File>,
        rows: u64,
    ) -> std::result::Result<(), Failure> {
        for leaf in 0..self.schema.num_columns() {
            let Some(plan) = self.leaf(leaf) else {
                let chunk = self.as_it_is(leaf, rows);
                writer.append_column(self.source, chunk)?;
                continue;
            };
            let column = writer.next_column()?;
            let column = column.ok_or_else(|| Failure::Shape("a column too few".to_owned()))?;
            let descriptor = self.schema.column(leaf);
            let written = copy(
                self.reader.get_column_reader(leaf)?,
                column,
                &descriptor,
                &plan,
            )?;
            if written != rows {
                let detail = format!(
                    "column {} has {written} rows where {rows} were announced",
                    descriptor.path()
                );
                return Err(Failure::Shape(detail));
            }
        }
        writer.close()?;
        Ok(())
    }

    /// How a leaf is rewritten; nothing when its bytes can stay as they are.
    fn leaf(&self, leaf: usize) -> Option<LeafPlan<'_>> {
        let nulled = match self.nulled {
            Some(nulled) => {
                let nulling = nulled.get(&leaf)?;
                let touched = self.marks.columns().contains(&nulling.0);
                Some(*nulling).filter(|_| touched)?.into()
            }
            None if self.marks.is_empty() => return None,
            None => None,
        };
        let bytes = self.metadata.column(leaf).uncompressed_size().max(1);
        let row_bytes = (bytes / self.metadata.num_rows().max(1)).max(1);
        Some(LeafPlan {
            marks: self.marks,
            nulled,
            batch_rows: (BATCH_BYTES / row_bytes).clamp(1, MOST_BATCH_ROWS) as usize,
        })
    }

    fn as_it_is(&self, leaf: usize, rows: u64) -> ColumnCloseResult {
        let metadata = self.metadata.column(leaf).clone();
        ColumnCloseResult {
            bytes_written: metadata.compressed_size().max(0) as u64,
            rows_written: rows,
            metadata,
            bloom_filter: None,
            column_index: None,
            offset_index: None,
        }
    }
}

/// Compression, dictionaries, statistics and metadata as the file has them.
fn properties(metadata: &ParquetMetaData, null_items: bool) -> WriterProperties {
    let file = metadata.file_metadata();
    let mut properties = WriterProperties::builder()
        .set_created_by("clearance".to_owned())
        .set_key_value_metadata(file.key_value_metadata().cloned())
        .set_max_row_group_row_count(None)
        .set_offset_index_disabled(true)
        .set_statistics_enabled(EnabledStatistics::Chunk);
    let Some(group) = metadata.row_groups().first() else {
        return properties.build();
    };
    // Rows that are left keep their order; nulls in between may not fit into it.
    if !null_items {
        properties = properties.set_sorting_columns(group.sorting_columns().cloned());
    }
    for column in group.columns() {
        let path = column.column_path().clone();
        let statistics = match column.statistics() {
            Some(_) => EnabledStatistics::Chunk,
            None => EnabledStatistics::None,
        };
        properties = properties
            .set_column_compression(path.clone(), column.compression_codec().into())
            .set_column_dictionary_enabled(path.clone(), column.dictionary_page_offset().is_some())
            .set_column_statistics_enabled(path, statistics);
    }
    properties.build()
}

/// For every leaf of a marked column, how its items become null.
fn nullings(
    plan: &CopyPlan<'_>,
    schema: &SchemaDescriptor,
) -> std::result::Result<BTreeMap<usize, (u16, Nulling)>, Failure> {
    let mut found = BTreeMap::new();
    if !plan.null_items {
        return Ok(found);
    }
    for column in plan.marks.columns() {
        let name = plan.names.column(column);
        let mut known = false;
        for leaf in 0..schema.num_columns() {
            let root = schema.get_column_root(leaf);
            if root.name() == name {
                let nulling = nulling(root).map_err(|why| {
                    Failure::Shape(format!(
                        "column {name}: {why}; leave --null-items out to remove whole rows"
                    ))
                })?;
                found.insert(leaf, (column, nulling));
                known = true;
            }
        }
        if !known {
            return Err(Failure::Shape(format!("there is no column {name}")));
        }
    }
    Ok(found)
}

fn nulling(root: &Type) -> std::result::Result<Nulling, &'static str> {
    let optional = |field: &Type| field.get_basic_info().repetition() == Repetition::OPTIONAL;
    let is_list = root.get_basic_info().logical_type_ref() == Some(&LogicalType::List)
        || root.get_basic_info().converted_type() == parquet::basic::ConvertedType::LIST;
    if !is_list {
        let may = optional(root);
        return may.then_some(Nulling::Row).ok_or("it may hold no nulls");
    }
    let no_nulls = "its lists may hold no nulls";
    let [repeated] = root.get_fields() else {
        return Err(no_nulls);
    };
    let element = match &**repeated {
        Type::GroupType { fields, .. } if fields.len() == 1 => &fields[0],
        _ => return Err(no_nulls),
    };
    if !optional(element) {
        return Err(no_nulls);
    }
    // The list itself, if it may be null, and then its repeated part, which an element is in.
    Ok(Nulling::Element(i16::from(optional(root)) + 1))
}

#[cfg(test)]
mod tests;
