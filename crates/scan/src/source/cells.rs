//! Cells of a record batch to items.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::ByteArrayType;
use arrow_array::{Array, ArrayRef, GenericByteArray};
use bytes::Bytes;
use clearance_decode::Unreadable;

use super::shared_bytes;
use crate::fetch::Fetched;
use crate::reading::Reading;
use crate::schema::{Holds, MediaColumn, Shape, shape};

/// What a cell offers to examine.
#[derive(Debug)]
pub(crate) enum Payload {
    /// The file, and the name it had.
    File { bytes: Bytes, name: Option<String> },
    /// A file beside the dataset.
    Path(String),
    /// An address.
    Url(String),
    /// An address that the row came from, which is no item.
    Origin(String),
    /// What an address that was fetched held.
    Fetched(Box<Fetched>),
    /// The text itself.
    Text(String),
    /// What a fingerprint table says of the item.
    Printed(Reading),
    /// What should be an item and cannot be read.
    Broken(Unreadable),
    /// What is left aside, and why.
    Left(String),
}

impl Payload {
    /// What it occupies while it waits.
    pub(crate) fn bytes(&self) -> usize {
        match self {
            Self::File { bytes, .. } => bytes.len(),
            Self::Path(text) | Self::Url(text) | Self::Origin(text) | Self::Text(text) => {
                text.len()
            }
            Self::Fetched(fetched) => fetched.body.as_ref().map_or(0, Bytes::len),
            Self::Printed(reading) => reading.item.as_ref().map_or(0, |item| item.bytes()),
            Self::Broken(unreadable) => unreadable.detail.len(),
            Self::Left(reason) => reason.len(),
        }
    }

    /// The same, and in case of trouble with the line that it stands on.
    pub(crate) fn on_line(self, line: u64) -> Self {
        match self {
            Self::Broken(unreadable) => Self::Broken(Unreadable {
                detail: format!("line {line}: {}", unreadable.detail),
                ..unreadable
            }),
            other => other,
        }
    }
}

/// One item of a row.
#[derive(Debug)]
pub(crate) struct Item {
    /// Row in the file.
    pub(crate) row: u64,
    /// Position among the planned columns.
    pub(crate) column: usize,
    /// Position in a list cell.
    pub(crate) index: i32,
    pub(crate) payload: Payload,
}

/// Calls `visit` for every item of a batch whose first row is `first_row`, row by row; null
/// cells hold no item. `columns` are the batch's arrays, each with its position among the planned
/// columns.
pub(crate) fn items(
    columns: &[(&ArrayRef, &MediaColumn, usize)],
    first_row: u64,
    visit: &mut dyn FnMut(Item),
) {
    let rows = columns.iter().map(|(array, ..)| array.len()).max();
    for row in 0..rows.unwrap_or(0) {
        for &(array, column, position) in columns {
            if row >= array.len() || array.is_null(row) {
                continue;
            }
            let mut emit = |index: usize, values: &ArrayRef, at: usize| {
                if let Some(payload) = payload(values, at, column.holds) {
                    visit(Item {
                        row: first_row + row as u64,
                        column: position,
                        index: index as i32,
                        payload,
                    });
                }
            };
            if column.list {
                if let Some(values) = list_cell(array, row) {
                    (0..values.len()).for_each(|at| emit(at, &values, at));
                }
            } else {
                emit(0, array, row);
            }
        }
    }
}

fn list_cell(array: &ArrayRef, row: usize) -> Option<ArrayRef> {
    if let Some(list) = array.as_list_opt::<i32>() {
        return Some(list.value(row));
    }
    if let Some(list) = array.as_list_opt::<i64>() {
        return Some(list.value(row));
    }
    array.as_fixed_size_list_opt().map(|list| list.value(row))
}

fn payload(array: &ArrayRef, at: usize, holds: Holds) -> Option<Payload> {
    if array.is_null(at) {
        return None;
    }
    match (shape(array.data_type()).0, holds) {
        (Shape::File, _) => {
            let fields = array.as_struct_opt()?;
            let name = fields
                .column_by_name("path")
                .and_then(|path| text(path, at));
            let bytes = fields
                .column_by_name("bytes")
                .and_then(|bytes| binary(bytes, at));
            match (bytes, name) {
                (Some(bytes), name) => Some(Payload::File { bytes, name }),
                (None, Some(path)) if is_url(&path) => Some(Payload::Url(path)),
                (None, Some(path)) => Some(Payload::Path(path)),
                (None, None) => None,
            }
        }
        (Shape::Binary, _) => binary(array, at).map(|bytes| Payload::File { bytes, name: None }),
        (Shape::Text, Holds::Text) => text(array, at).map(Payload::Text),
        (Shape::Text, Holds::Url) => text(array, at).map(Payload::Url),
        (Shape::Text, Holds::Origin) => text(array, at).map(Payload::Origin),
        (Shape::Text, _) => {
            let path = text(array, at)?;
            Some(if is_url(&path) {
                Payload::Url(path)
            } else {
                Payload::Path(path)
            })
        }
        (Shape::Other, _) => None,
    }
}

pub(super) fn is_url(text: &str) -> bool {
    text.starts_with("http://") || text.starts_with("https://")
}

/// A string cell.
pub(crate) fn text(array: &ArrayRef, at: usize) -> Option<String> {
    if array.is_null(at) {
        return None;
    }
    if let Some(texts) = array.as_string_opt::<i32>() {
        return Some(texts.value(at).to_owned());
    }
    if let Some(texts) = array.as_string_opt::<i64>() {
        return Some(texts.value(at).to_owned());
    }
    array
        .as_string_view_opt()
        .map(|texts| texts.value(at).to_owned())
}

/// A binary cell, sharing the batch's memory.
pub(crate) fn binary(array: &ArrayRef, at: usize) -> Option<Bytes> {
    if array.is_null(at) {
        return None;
    }
    if let Some(values) = array.as_binary_opt::<i32>() {
        return Some(slice(values, at));
    }
    if let Some(values) = array.as_binary_opt::<i64>() {
        return Some(slice(values, at));
    }
    let values = array.as_binary_view_opt()?;
    Some(Bytes::copy_from_slice(values.value(at)))
}

fn slice<T: ByteArrayType>(values: &GenericByteArray<T>, at: usize) -> Bytes {
    let offset = |index: usize| {
        let offset: T::Offset = values.value_offsets()[index];
        arrow_buffer::ArrowNativeType::as_usize(offset)
    };
    let (from, to) = (offset(at), offset(at + 1));
    shared_bytes(values.values().slice_with_length(from, to - from))
}

/// First values of a column, for [`crate::schema::detect`].
pub(crate) fn sample(array: &ArrayRef, most: usize, sample: &mut crate::schema::Sample) {
    for at in 0..array.len().min(most) {
        if array.is_null(at) {
            continue;
        }
        match shape(array.data_type()) {
            (Shape::Text, false) => sample
                .texts
                .extend(text(array, at).filter(|t| !t.is_empty())),
            (Shape::Binary, false) => sample
                .binaries
                .extend(binary(array, at).map(|b| b.to_vec())),
            (_, true) => {
                if let Some(values) = list_cell(array, at) {
                    self::sample(&Arc::clone(&values), 2, sample);
                }
            }
            _ => {}
        }
    }
}
