//! What the rows of a file without a schema hold: its columns, and where its chunks begin.
//!
//! A file is read once before it is scanned, so that a column that begins in its last row is known,
//! and that everything later knows how many rows there are.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_schema::{DataType, Field, Fields, Schema};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use clearance_decode::{Media, sniff};

use crate::schema::{SAMPLE_ROWS, Sample};

/// Columns that are told apart; what has more is a mistake or an attack.
const MOST_COLUMNS: usize = 4096;
/// Longest name of a column, in bytes.
const LONGEST_NAME: usize = 1024;
/// Of a value, what is looked at to tell what a column holds, in bytes.
pub(crate) const SAMPLE_BYTES: usize = 4096;

/// A run of rows that is finished or done again as a whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Chunk {
    /// Where its first row begins, counted in bytes after unpacking.
    pub(crate) offset: u64,
    /// The line of that row, from 1; nothing for files without lines.
    pub(crate) line: u64,
    pub(crate) rows: u64,
}

/// Cuts rows into chunks by a rule that depends on the rows alone.
#[derive(Debug)]
pub(crate) struct Chunker {
    most_rows: u64,
    most_bytes: u64,
    chunks: Vec<Chunk>,
}

impl Chunker {
    /// A chunk ends before the row with which it would hold more than so many rows or bytes.
    pub(crate) fn new(most_rows: u64, most_bytes: u64) -> Self {
        Self {
            most_rows,
            most_bytes,
            chunks: Vec::new(),
        }
    }

    pub(crate) fn add_row(&mut self, offset: u64, line: u64) {
        let goes_on = self.chunks.last_mut().filter(|chunk| {
            chunk.rows < self.most_rows && offset.saturating_sub(chunk.offset) < self.most_bytes
        });
        match goes_on {
            Some(chunk) => chunk.rows += 1,
            None => self.chunks.push(Chunk {
                offset,
                line,
                rows: 1,
            }),
        }
    }

    pub(crate) fn finish(self) -> Vec<Chunk> {
        self.chunks
    }
}

/// What a value is, as far as it matters here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Text,
    Texts,
    /// An object with `bytes` or `path`.
    File,
    Files,
    Bytes,
    Number,
    Boolean,
    Other,
}

const KINDS: usize = 8;

/// A column as its values show it.
#[derive(Debug)]
struct Column {
    name: String,
    /// Values by [`Kind`].
    kinds: [u64; KINDS],
    sample: Sample,
    /// Texts in the sample that are media in Base64.
    encoded: usize,
}

/// The columns of a file, in the order in which they come.
#[derive(Debug, Default)]
pub(crate) struct Survey {
    columns: Vec<Column>,
    places: HashMap<String, usize>,
    /// Whether there were more columns than are told apart.
    pub(crate) has_more: bool,
}

impl Survey {
    /// The place of a column; a new one for a new name. `None` beyond what is told apart.
    pub(crate) fn column(&mut self, name: &str) -> Option<usize> {
        if let Some(&place) = self.places.get(name) {
            return Some(place);
        }
        if self.columns.len() >= MOST_COLUMNS || name.len() > LONGEST_NAME {
            self.has_more = true;
            return None;
        }
        let place = self.columns.len();
        self.places.insert(name.to_owned(), place);
        self.columns.push(Column {
            name: name.to_owned(),
            kinds: [0; KINDS],
            sample: Sample::default(),
            encoded: 0,
        });
        Some(place)
    }

    /// Names of all columns.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|column| column.name.as_str())
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.places.contains_key(name)
    }

    /// Whether more of a column's values are to be looked at.
    pub(crate) fn is_wanted(&self, place: usize) -> bool {
        self.columns.get(place).is_some_and(|column| {
            column.sample.texts.len().max(column.sample.binaries.len()) < SAMPLE_ROWS
        })
    }

    pub(crate) fn count(&mut self, place: usize, kind: Kind) {
        if let Some(column) = self.columns.get_mut(place) {
            column.kinds[kind as usize] += 1;
        }
    }

    /// Adds a text to a column's sample.
    pub(crate) fn see_text(&mut self, place: usize, text: &str) {
        let Some(column) = self.columns.get_mut(place) else {
            return;
        };
        if text.is_empty() || column.sample.texts.len() >= SAMPLE_ROWS {
            return;
        }
        if let Some(head) = encoded_media(text) {
            column.encoded += 1;
            column.sample.binaries.push(head);
        }
        let mut end = text.len().min(SAMPLE_BYTES);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        column.sample.texts.push(text[..end].to_owned());
    }

    /// Adds the beginning of a file to a column's sample.
    pub(crate) fn see_bytes(&mut self, place: usize, bytes: &[u8]) {
        let Some(column) = self.columns.get_mut(place) else {
            return;
        };
        if column.sample.binaries.len() < SAMPLE_ROWS {
            let head = bytes.get(..SAMPLE_BYTES).unwrap_or(bytes);
            column.sample.binaries.push(head.to_vec());
        }
    }

    /// The columns as a schema says it, and the first values of each.
    pub(crate) fn finish(self) -> (Schema, Vec<Sample>) {
        let mut fields = Vec::with_capacity(self.columns.len());
        let mut samples = Vec::with_capacity(self.columns.len());
        for column in self.columns {
            fields.push(Field::new(&column.name, column.data_type(), true));
            samples.push(column.sample);
        }
        (Schema::new(fields), samples)
    }
}

impl Column {
    fn data_type(&self) -> DataType {
        let most = self.kinds.iter().copied().max().unwrap_or(0);
        let text = self.kinds[Kind::Text as usize];
        if most == 0 {
            return DataType::Null;
        }
        if text == most {
            // Bytes in a text format: they are what Parquet would hold as they are.
            let is_encoded = self.encoded * 2 >= self.sample.texts.len().max(1);
            return if is_encoded {
                DataType::Binary
            } else {
                DataType::Utf8
            };
        }
        let is = |kind: Kind| self.kinds[kind as usize] == most;
        if is(Kind::Texts) {
            list(DataType::Utf8)
        } else if is(Kind::File) {
            file()
        } else if is(Kind::Files) {
            list(file())
        } else if is(Kind::Bytes) {
            DataType::Binary
        } else if is(Kind::Number) {
            DataType::Float64
        } else if is(Kind::Boolean) {
            DataType::Boolean
        } else {
            DataType::Struct(Fields::empty())
        }
    }
}

fn list(item: DataType) -> DataType {
    DataType::List(Arc::new(Field::new("item", item, true)))
}

fn file() -> DataType {
    DataType::Struct(Fields::from(vec![
        Field::new("bytes", DataType::Binary, true),
        Field::new("path", DataType::Utf8, true),
    ]))
}

/// The first bytes of a recording or picture that is written in Base64 (RFC 4648, section 4), with or without
/// the beginning of a `data:` address (RFC 2397).
fn encoded_media(text: &str) -> Option<Vec<u8>> {
    let text = base64_part(text);
    if text.len() < 64 {
        return None;
    }
    let head = text
        .as_bytes()
        .get(..SAMPLE_BYTES)
        .unwrap_or(text.as_bytes());
    let whole = head.len() - head.len() % 4;
    let bytes = BASE64.decode(head.get(..whole)?).ok()?;
    let format = sniff(&bytes, None)?;
    (format.media() != Media::Text).then_some(bytes)
}

/// What follows the beginning of a `data:` address.
pub(crate) fn base64_part(text: &str) -> &str {
    let text = text.trim();
    let rest = text.strip_prefix("data:").and_then(|rest| {
        let (head, rest) = rest.split_once(',')?;
        head.ends_with(";base64").then_some(rest)
    });
    rest.unwrap_or(text)
}

#[cfg(test)]
mod tests;
