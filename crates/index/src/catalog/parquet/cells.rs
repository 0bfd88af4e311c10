//! Cells of Arrow arrays as a CSV would hold them.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, ArrowTemporalType, Date32Type, Date64Type, Float32Type, Float64Type,
    Int8Type, Int16Type, Int32Type, Int64Type, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrowNativeTypeOp, downcast_dictionary_array};
use arrow_schema::{DataType, TimeUnit};
use chrono::{NaiveDateTime, NaiveTime};

/// Whether cells of a type can be turned into text.
pub(super) fn is_readable(kind: &DataType) -> bool {
    match kind {
        DataType::Utf8
        | DataType::LargeUtf8
        | DataType::Utf8View
        | DataType::Binary
        | DataType::LargeBinary
        | DataType::BinaryView
        | DataType::Boolean
        | DataType::Float32
        | DataType::Float64
        | DataType::Date32
        | DataType::Date64
        | DataType::Timestamp(..)
        | DataType::Null => true,
        DataType::Dictionary(_, values) => is_readable(values),
        DataType::List(item) | DataType::LargeList(item) => {
            !matches!(item.data_type(), DataType::List(_) | DataType::LargeList(_))
                && is_readable(item.data_type())
        }
        other => other.is_integer(),
    }
}

/// The text of a cell, empty for null; lists are joined by semicolons.
pub(super) fn cell(array: &dyn Array, at: usize) -> Result<String, String> {
    if array.is_null(at) {
        return Ok(String::new());
    }
    let text = match array.data_type() {
        DataType::Utf8 => array.as_string::<i32>().value(at).to_owned(),
        DataType::LargeUtf8 => array.as_string::<i64>().value(at).to_owned(),
        DataType::Utf8View => array.as_string_view().value(at).to_owned(),
        // Written by some without saying that the bytes are text.
        DataType::Binary => utf_8(array.as_binary::<i32>().value(at))?,
        DataType::LargeBinary => utf_8(array.as_binary::<i64>().value(at))?,
        DataType::BinaryView => utf_8(array.as_binary_view().value(at))?,
        DataType::Boolean => array.as_boolean().value(at).to_string(),
        DataType::Int8 => number::<Int8Type>(array, at),
        DataType::Int16 => number::<Int16Type>(array, at),
        DataType::Int32 => number::<Int32Type>(array, at),
        DataType::Int64 => number::<Int64Type>(array, at),
        DataType::UInt8 => number::<UInt8Type>(array, at),
        DataType::UInt16 => number::<UInt16Type>(array, at),
        DataType::UInt32 => number::<UInt32Type>(array, at),
        DataType::UInt64 => number::<UInt64Type>(array, at),
        DataType::Float32 => number::<Float32Type>(array, at),
        DataType::Float64 => number::<Float64Type>(array, at),
        DataType::Date32 => time::<Date32Type>(array, at)?,
        DataType::Date64 => time::<Date64Type>(array, at)?,
        DataType::Timestamp(unit, _) => match unit {
            TimeUnit::Second => time::<TimestampSecondType>(array, at)?,
            TimeUnit::Millisecond => time::<TimestampMillisecondType>(array, at)?,
            TimeUnit::Microsecond => time::<TimestampMicrosecondType>(array, at)?,
            TimeUnit::Nanosecond => time::<TimestampNanosecondType>(array, at)?,
        },
        DataType::Dictionary(..) => return from_dictionary(array, at),
        DataType::List(_) => return joined(&*array.as_list::<i32>().value(at)),
        DataType::LargeList(_) => return joined(&*array.as_list::<i64>().value(at)),
        other => return Err(format!("{other} is not text")),
    };
    Ok(text)
}

fn utf_8(bytes: &[u8]) -> Result<String, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "not UTF-8")?;
    Ok(text.to_owned())
}

fn number<T: ArrowPrimitiveType>(array: &dyn Array, at: usize) -> String
where
    T::Native: std::fmt::Display + ArrowNativeTypeOp,
{
    array.as_primitive::<T>().value(at).to_string()
}

/// A day, or a point in time (as UTC) when it is not midnight.
fn time<T: ArrowTemporalType>(array: &dyn Array, at: usize) -> Result<String, String>
where
    i64: From<T::Native>,
{
    let time: NaiveDateTime = array
        .as_primitive::<T>()
        .value_as_datetime(at)
        .ok_or("a date that no calendar has")?;
    Ok(if time.time() == NaiveTime::MIN {
        time.date().to_string()
    } else {
        time.format("%Y-%m-%dT%H:%M:%S").to_string()
    })
}

fn from_dictionary(array: &dyn Array, at: usize) -> Result<String, String> {
    downcast_dictionary_array!(
        array => {
            let key = array.key(at).ok_or("no value behind the key")?;
            cell(array.values().as_ref(), key)
        },
        other => Err(format!("{other} is not text"))
    )
}

fn joined(items: &dyn Array) -> Result<String, String> {
    let mut texts = Vec::new();
    for at in 0..items.len() {
        let text = cell(items, at)?;
        if !text.trim().is_empty() {
            texts.push(text);
        }
    }
    Ok(texts.join(";"))
}
