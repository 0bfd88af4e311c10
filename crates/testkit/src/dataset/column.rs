//! Columns and their Arrow arrays.

use std::sync::Arc;

use arrow_array::{
    Array, ArrayRef, BinaryArray, BinaryViewArray, Float64Array, Int64Array, LargeBinaryArray,
    LargeStringArray, ListArray, StringArray, StringViewArray, StructArray,
};
use arrow_buffer::{NullBuffer, OffsetBuffer};
use arrow_schema::{ArrowError, DataType, Field, Fields};

use super::MediaCell;
use crate::error::Error;

/// What a media column declares to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Media {
    Audio,
    Image,
    Plain,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BinaryKind {
    Plain,
    Large,
    View,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TextKind {
    Plain,
    Large,
    View,
}

/// A column with its rows; `None` is null.
#[derive(Debug, Clone)]
pub(super) enum Column {
    Media(Media, Vec<Option<MediaCell>>),
    MediaList(Media, Vec<Option<Vec<Option<MediaCell>>>>),
    Binary(BinaryKind, Vec<Option<Vec<u8>>>),
    Text(TextKind, Vec<Option<String>>),
    TextList(Vec<Option<Vec<Option<String>>>>),
    Integers(Vec<Option<i64>>),
    Floats(Vec<Option<f64>>),
}

impl Column {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Media(_, rows) => rows.len(),
            Self::MediaList(_, rows) => rows.len(),
            Self::Binary(_, rows) => rows.len(),
            Self::Text(_, rows) => rows.len(),
            Self::TextList(rows) => rows.len(),
            Self::Integers(rows) => rows.len(),
            Self::Floats(rows) => rows.len(),
        }
    }

    pub(super) fn to_array(&self, is_path_first: bool) -> Result<ArrayRef, Error> {
        let made: Result<ArrayRef, ArrowError> = match self {
            Self::Media(_, rows) => {
                let cells: Vec<Option<&MediaCell>> = rows.iter().map(Option::as_ref).collect();
                media_array(&cells, is_path_first)
            }
            Self::MediaList(_, rows) => list_array(rows, |cells| {
                let cells: Vec<Option<&MediaCell>> =
                    cells.iter().map(|cell| cell.as_ref()).collect();
                media_array(&cells, is_path_first)
            }),
            Self::TextList(rows) => list_array(rows, |cells| {
                let texts = cells.iter().map(|cell| cell.as_deref());
                Ok(Arc::new(texts.collect::<StringArray>()))
            }),
            Self::Binary(kind, rows) => Ok(binary_array(*kind, rows)),
            Self::Text(kind, rows) => Ok(text_array(*kind, rows)),
            Self::Integers(rows) => Ok(Arc::new(Int64Array::from(rows.clone()))),
            Self::Floats(rows) => Ok(Arc::new(Float64Array::from(rows.clone()))),
        };
        made.map_err(|error| Error::encode("Arrow column")(&error))
    }
}

fn binary_array(kind: BinaryKind, rows: &[Option<Vec<u8>>]) -> ArrayRef {
    let cells = rows.iter().map(Option::as_deref);
    match kind {
        BinaryKind::Plain => Arc::new(cells.collect::<BinaryArray>()),
        BinaryKind::Large => Arc::new(cells.collect::<LargeBinaryArray>()),
        BinaryKind::View => Arc::new(cells.collect::<BinaryViewArray>()),
    }
}

fn text_array(kind: TextKind, rows: &[Option<String>]) -> ArrayRef {
    let cells = rows.iter().map(Option::as_deref);
    match kind {
        TextKind::Plain => Arc::new(cells.collect::<StringArray>()),
        TextKind::Large => Arc::new(cells.collect::<LargeStringArray>()),
        TextKind::View => Arc::new(cells.collect::<StringViewArray>()),
    }
}

/// A `struct<bytes: binary, path: string>` array, or with the path first.
fn media_array(cells: &[Option<&MediaCell>], is_path_first: bool) -> Result<ArrayRef, ArrowError> {
    let bytes: BinaryArray = cells
        .iter()
        .map(|cell| cell.and_then(|cell| cell.bytes.as_deref()))
        .collect();
    let paths: StringArray = cells
        .iter()
        .map(|cell| cell.and_then(|cell| cell.path.as_deref()))
        .collect();
    let mut fields = vec![
        Field::new("bytes", DataType::Binary, true),
        Field::new("path", DataType::Utf8, true),
    ];
    let mut arrays: Vec<ArrayRef> = vec![Arc::new(bytes), Arc::new(paths)];
    if is_path_first {
        fields.reverse();
        arrays.reverse();
    }
    let nulls: NullBuffer = cells.iter().map(Option::is_some).collect();
    let array =
        StructArray::try_new_with_length(Fields::from(fields), arrays, Some(nulls), cells.len())?;
    Ok(Arc::new(array))
}

/// A list array whose flattened elements `element_array` turns into Arrow.
fn list_array<T>(
    rows: &[Option<Vec<Option<T>>>],
    element_array: impl Fn(&[&Option<T>]) -> Result<ArrayRef, ArrowError>,
) -> Result<ArrayRef, ArrowError> {
    let flat: Vec<&Option<T>> = rows.iter().flatten().flatten().collect();
    let lengths = rows.iter().map(|row| row.as_ref().map_or(0, Vec::len));
    let elements = element_array(&flat)?;
    // "element" is the name the Parquet specification gives to list members.
    let field = Arc::new(Field::new("element", elements.data_type().clone(), true));
    let nulls: NullBuffer = rows.iter().map(Option::is_some).collect();
    let offsets = OffsetBuffer::from_lengths(lengths);
    Ok(Arc::new(ListArray::try_new(
        field,
        offsets,
        elements,
        Some(nulls),
    )?))
}
