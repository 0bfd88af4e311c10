//! One dataset in every form that datasets come in: the same rows, whatever is around them.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use arrow_array::{ArrayRef, BinaryArray, RecordBatch, StringArray, StructArray};
use arrow_ipc::CompressionType;
use arrow_ipc::writer::{FileWriter, IpcWriteOptions, StreamWriter};
use arrow_schema::{ArrowError, DataType, Field, Fields, Schema};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Map, Value, json};

use crate::dataset::{DatasetBuilder, MediaCell};
use crate::error::Error;

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn arrow(error: ArrowError) -> Error {
    Error::encode("an Arrow table")(&error)
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn packed(error: std::io::Error) -> Error {
    Error::encode("an archive")(&error)
}

/// A row: a file, a text beside it, and where it came from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FormRow {
    /// The name of the file up to its ending.
    pub name: String,
    /// Ending and bytes of the file.
    pub file: Option<(String, Vec<u8>)>,
    /// The text beside it.
    pub text: Option<String>,
    /// An address.
    pub url: Option<String>,
}

impl FormRow {
    fn file_name(&self) -> Option<String> {
        let (ending, _) = self.file.as_ref()?;
        Some(format!("{}.{ending}", self.name))
    }

    fn bytes(&self) -> Option<&[u8]> {
        self.file.as_ref().map(|(_, bytes)| bytes.as_slice())
    }
}

/// As Parquet: a struct of bytes and path, a column of texts, a column of addresses.
pub fn parquet(rows: &[FormRow], rows_per_group: usize) -> Result<Vec<u8>, Error> {
    let cell = |row: &FormRow| {
        row.bytes().map(|bytes| MediaCell {
            bytes: Some(bytes.to_vec()),
            path: row.file_name(),
        })
    };
    DatasetBuilder::new()
        .media_struct("file", rows.iter().map(cell))
        .text("caption", rows.iter().map(|row| row.text.clone()))
        .text("url", rows.iter().map(|row| row.url.clone()))
        .rows_per_group(rows_per_group)
        .to_bytes()
}

/// A row as a JSON object, with the file in Base64.
fn object(row: &FormRow) -> Value {
    let mut object = Map::new();
    let file = row.bytes().map(|bytes| {
        let path = row.file_name();
        json!({"bytes": BASE64.encode(bytes), "path": path})
    });
    object.insert("file".to_owned(), file.unwrap_or(Value::Null));
    for (name, value) in [("caption", &row.text), ("url", &row.url)] {
        // Absent and null are the same.
        if let Some(value) = value {
            object.insert(name.to_owned(), value.clone().into());
        }
    }
    Value::Object(object)
}

/// As JSON Lines.
pub fn json_lines(rows: &[FormRow]) -> Vec<u8> {
    let lines = rows.iter().map(|row| format!("{}\n", object(row)));
    lines.collect::<String>().into_bytes()
}

/// As one JSON array, with line breaks inside.
pub fn json_array(rows: &[FormRow]) -> Vec<u8> {
    let rows: Vec<Value> = rows.iter().map(object).collect();
    format!("{:#}\n", Value::Array(rows)).into_bytes()
}

/// As values with this separator, all of them in quotes, the file in Base64.
pub fn separated(rows: &[FormRow], separator: char) -> Vec<u8> {
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let mut lines = vec![format!("image{separator}caption{separator}url")];
    for row in rows {
        let file = row.bytes().map(|bytes| BASE64.encode(bytes));
        let cells = [&file, &row.text, &row.url];
        let cells = cells.map(|cell| cell.as_deref().map(quoted).unwrap_or_default());
        lines.push(cells.join(&separator.to_string()));
    }
    (lines.join("\r\n") + "\r\n").into_bytes()
}

fn batches(rows: &[FormRow], rows_per_batch: usize) -> Result<Vec<RecordBatch>, Error> {
    let fields = Fields::from(vec![
        Field::new("bytes", DataType::Binary, true),
        Field::new("path", DataType::Utf8, true),
    ]);
    let batch = |rows: &[FormRow]| {
        let texts = |of: &dyn Fn(&FormRow) -> Option<String>| -> ArrayRef {
            Arc::new(rows.iter().map(of).collect::<StringArray>())
        };
        let bytes = rows.iter().map(FormRow::bytes).collect::<BinaryArray>();
        let bytes: ArrayRef = Arc::new(bytes);
        let paths = texts(&FormRow::file_name);
        let urls = texts(&|row| row.url.clone());
        let texts = texts(&|row| row.text.clone());
        let files: ArrayRef = Arc::new(StructArray::new(fields.clone(), vec![bytes, paths], None));
        let schema = Schema::new(vec![
            Field::new("file", files.data_type().clone(), true),
            Field::new("caption", DataType::Utf8, true),
            Field::new("url", DataType::Utf8, true),
        ]);
        RecordBatch::try_new(Arc::new(schema), vec![files, texts, urls]).map_err(arrow)
    };
    rows.chunks(rows_per_batch.max(1)).map(batch).collect()
}

/// As a stream of Arrow batches, as the `datasets` library caches them.
pub fn arrow_stream(rows: &[FormRow], rows_per_batch: usize) -> Result<Vec<u8>, Error> {
    let batches = batches(rows, rows_per_batch)?;
    let mut bytes = Vec::new();
    if let Some(first) = batches.first() {
        let mut writer = StreamWriter::try_new(&mut bytes, &first.schema()).map_err(arrow)?;
        for batch in &batches {
            writer.write(batch).map_err(arrow)?;
        }
        writer.finish().map_err(arrow)?;
    }
    Ok(bytes)
}

/// As an Arrow file with compressed buffers, which is what Feather is.
pub fn feather(rows: &[FormRow], rows_per_batch: usize) -> Result<Vec<u8>, Error> {
    let batches = batches(rows, rows_per_batch)?;
    let mut bytes = Vec::new();
    if let Some(first) = batches.first() {
        let options = IpcWriteOptions::default();
        let options = options
            .try_with_compression(Some(CompressionType::LZ4_FRAME))
            .map_err(arrow)?;
        let mut writer = FileWriter::try_new_with_options(&mut bytes, &first.schema(), options)
            .map_err(arrow)?;
        for batch in &batches {
            writer.write(batch).map_err(arrow)?;
        }
        writer.finish().map_err(arrow)?;
    }
    Ok(bytes)
}

/// As an archive in the manner of `WebDataset`: the file, the text as `.txt`, the address in `.json`.
pub fn archive(rows: &[FormRow]) -> Result<Vec<u8>, Error> {
    let mut archive = tar::Builder::new(Vec::new());
    let mut add = |name: String, bytes: &[u8]| {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        archive.append_data(&mut header, name, bytes)
    };
    for row in rows {
        if let (Some(name), Some(bytes)) = (row.file_name(), row.bytes()) {
            add(name, bytes).map_err(packed)?;
        }
        if let Some(text) = &row.text {
            add(format!("{}.txt", row.name), text.as_bytes()).map_err(packed)?;
        }
        // The caption once more, as img2dataset has it.
        let about = json!({"key": row.name, "url": row.url, "caption": row.text});
        add(format!("{}.json", row.name), about.to_string().as_bytes()).map_err(packed)?;
    }
    archive.into_inner().map_err(packed)
}

/// As files in a folder, with captions beside them.
pub fn write_folder(rows: &[FormRow], folder: &Path) -> Result<(), Error> {
    let write = |name: String, bytes: &[u8]| {
        let path = folder.join(name);
        fs::write(&path, bytes).map_err(Error::io(path))
    };
    fs::create_dir_all(folder).map_err(Error::io(folder))?;
    for row in rows {
        if let (Some(name), Some(bytes)) = (row.file_name(), row.bytes()) {
            write(name, bytes)?;
        }
        if let Some(text) = &row.text {
            write(format!("{}.txt", row.name), text.as_bytes())?;
        }
        if let Some(url) = &row.url {
            let about = json!({"url": url}).to_string();
            write(format!("{}.json", row.name), about.as_bytes())?;
        }
    }
    Ok(())
}

/// Packed with gzip.
pub fn gzip(bytes: &[u8]) -> Result<Vec<u8>, Error> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder
        .write_all(bytes)
        .and_then(|()| encoder.finish())
        .map_err(packed)
}

/// Packed with Zstandard.
pub fn zstd(bytes: &[u8]) -> Result<Vec<u8>, Error> {
    ::zstd::encode_all(bytes, 1).map_err(packed)
}
