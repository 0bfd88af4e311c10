//! Rows that never were in a file: a batch in memory, read as a row group of a Parquet file is.

use std::path::PathBuf;

use arrow_array::RecordBatch;
use clearance_decode::{Reason, Unreadable, guard};

use super::cells::{items, sample};
use super::{Detected, FileIdentity, Form, Item, Payload, PlannedFile, detected};
use crate::error::Result;
use crate::plan::Unit;
use crate::schema::{Declared, Overrides, SAMPLE_ROWS, Sample};

/// How results name a batch.
#[derive(Clone, Copy, Debug, Default)]
pub struct BatchPlace<'a> {
    /// The file that its rows are said to be of; may be empty.
    pub file: &'a str,
    /// The number of its first row in that file, from 0.
    pub first_row: u64,
}

/// A batch that was read.
pub(crate) struct ReadBatch {
    pub(crate) file: PlannedFile,
    pub(crate) unit: Unit,
    /// In order of row, column and position in the cell.
    pub(crate) items: Vec<Item>,
    /// How many rows gave up their items: all or none.
    pub(crate) rows_read: u64,
    pub(crate) damage: Option<String>,
}

/// Finds the columns of a batch that hold items, by its schema and its first values alone.
pub(crate) fn columns(batch: &RecordBatch, overrides: &Overrides) -> Result<Detected> {
    let schema = batch.schema_ref();
    let declared = Declared::huggingface(schema.metadata().get("huggingface").map(String::as_str));
    let first = |index: usize| {
        let mut found = Sample::default();
        if let Some(array) = batch.columns().get(index) {
            sample(array, SAMPLE_ROWS, &mut found);
        }
        found
    };
    detected(schema, &first, &declared, overrides)
}

/// Reads a batch. Addresses that rows came from are handed out `with_places`. A batch has no folder:
/// `has_roots` says whether paths in its cells may lead anywhere.
pub(crate) fn read_batch(
    batch: &RecordBatch,
    place: BatchPlace<'_>,
    overrides: &Overrides,
    with_places: bool,
    has_roots: bool,
) -> Result<ReadBatch> {
    let detected = columns(batch, overrides)?;
    let rows = batch.num_rows() as u64;
    let mut file = PlannedFile {
        path: PathBuf::new(),
        name: place.file.to_owned(),
        columns: detected.columns,
        origins: detected.origins,
        schema: detected.schema,
        row_groups: vec![rows],
        identity: FileIdentity::default(),
        damage: None,
        remarks: Vec::new(),
        form: Form::Unknown,
        printed: None,
    };
    if with_places {
        let origins = std::mem::take(&mut file.origins);
        file.columns.extend(origins);
    }
    let columns = file.columns.iter().enumerate();
    let arrays: Vec<_> = columns
        .filter_map(|(place, column)| Some((batch.columns().get(column.index)?, column, place)))
        .collect();
    // A panic of the library is damage of the batch.
    let read = guard(|| {
        let mut found = Vec::new();
        items(&arrays, place.first_row, &mut |item| found.push(item));
        Ok(found)
    });
    let (mut items, damage) = match read {
        Ok(items) => (items, None),
        Err(unreadable) => (Vec::new(), Some(unreadable.to_string())),
    };
    if !has_roots {
        items.iter_mut().for_each(leave_path);
    }
    Ok(ReadBatch {
        unit: Unit {
            file: 0,
            group: 0,
            first_row: place.first_row,
            rows,
        },
        rows_read: if damage.is_some() { 0 } else { rows },
        file,
        items,
        damage,
    })
}

/// Where no folder was named, a path leads nowhere: least of all to where this process happens to be.
fn leave_path(item: &mut Item) {
    if let Payload::Path(path) = &item.payload {
        let detail = format!("{path:?}: rows in memory have no folder; name one as media root");
        item.payload = Payload::Broken(Unreadable::new(Reason::Missing, detail));
    }
}
