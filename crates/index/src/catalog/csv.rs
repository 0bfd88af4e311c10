//! CSV catalogs, with the habits of spreadsheets: a byte-order mark, UTF-16, the encodings from
//! before Unicode, semicolons or tabs between columns, a first line that names the separator, line
//! breaks inside quotes.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek};
use std::path::Path;

use clearance_decode::{TextEncoding, Utf8Reader};

use super::row::{COLUMNS, RowContext, to_row};
use super::{CatalogRow, LONGEST_LINE, Reject, Rows};
use crate::error::{Error, Result};

/// How much is read at a time.
const CHUNK_BYTES: usize = 1 << 16;
/// Columns of a table; a catalog has a few dozen.
const MOST_COLUMNS: usize = 1000;
/// Longest name of a column, in bytes.
const LONGEST_NAME: usize = 256;

/// Opens a table of any kind, whatever its encoding and its separator, before its header. With the
/// lines above the header.
pub(crate) fn open_table(path: &Path) -> Result<(csv::Reader<Metered>, u64)> {
    let mut input = decoded(path)?;
    let (named, skipped_lines) = named_delimiter(&mut *input).map_err(Error::io(path))?;
    let head = input.fill_buf().map_err(Error::io(path))?;
    let delimiter = named.unwrap_or_else(|| delimiter(head));
    let reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        // A carriage return before the line feed is trimmed with other blanks; as part
        // of the terminator it would put line numbers one off.
        .terminator(csv::Terminator::Any(b'\n'))
        .trim(csv::Trim::All)
        .from_reader(Metered {
            input,
            left: LONGEST_LINE,
        });
    Ok((reader, skipped_lines))
}

pub(super) fn open(path: &Path) -> Result<Rows> {
    let (mut reader, skipped_lines) = open_table(path)?;
    let header: Vec<String> = reader
        .byte_headers()
        .map_err(|error| Error::catalog(path, error.to_string()))?
        .iter()
        .map(|name| column_name(&String::from_utf8_lossy(name)))
        .collect();
    if !header.iter().any(|name| name == "work_id") {
        return Err(Error::catalog(
            path,
            "the first line names no column work_id; see the README for the columns of a catalog",
        ));
    }
    check_columns(path, &header)?;
    Ok(Box::new(Records {
        context: RowContext::new(path),
        header,
        reader,
        skipped_lines,
        ended: false,
    }))
}

/// Every row carries the names of the columns in which it has something: short rows below a long
/// header would take the square of the file's size.
pub(super) fn check_columns(path: &Path, names: &[String]) -> Result<()> {
    if names.len() > MOST_COLUMNS {
        let detail = format!("more than {MOST_COLUMNS} columns");
        return Err(Error::catalog(path, detail));
    }
    if names.iter().any(|name| name.len() > LONGEST_NAME) {
        let detail = format!("the name of a column is longer than {LONGEST_NAME} bytes");
        return Err(Error::catalog(path, detail));
    }
    for column in COLUMNS {
        if names.iter().filter(|name| *name == column).count() > 1 {
            let detail = format!("two columns are named {column}: which of them is meant?");
            return Err(Error::catalog(path, detail));
        }
    }
    Ok(())
}

/// A column's name as it is compared: `Work ID` is `work_id`.
pub(crate) fn column_name(name: &str) -> String {
    name.trim().to_lowercase().replace([' ', '-'], "_")
}

/// The file as UTF-8, without a byte-order mark.
fn decoded(path: &Path) -> Result<Box<dyn BufRead>> {
    let file = File::open(path).map_err(Error::io(path))?;
    let mut input = BufReader::with_capacity(CHUNK_BYTES, file);
    let encoding = TextEncoding::detect(&mut input).map_err(Error::io(path))?;
    input.rewind().map_err(Error::io(path))?;
    match encoding {
        Some(encoding) if encoding != TextEncoding::UTF_8 => {
            Ok(Box::new(Utf8Reader::new(input, encoding)))
        }
        // As it is, so that a line with damaged letters is rejected and not repaired.
        _ => {
            let head = input.fill_buf().map_err(Error::io(path))?;
            let mark = if head.starts_with(b"\xef\xbb\xbf") {
                3
            } else {
                0
            };
            input.consume(mark);
            Ok(Box::new(input))
        }
    }
}

/// Spreadsheets write `sep=;` above the header so that other spreadsheets read the file. The
/// separator, and the lines that this took.
fn named_delimiter(input: &mut dyn BufRead) -> io::Result<(Option<u8>, u64)> {
    let head = input.fill_buf()?;
    let end = head.iter().position(|&byte| byte == b'\n');
    let line = end.map(|end| head[..end].trim_ascii_end().to_ascii_lowercase());
    let line = line.as_deref().map(|line| match line {
        [b'"', inner @ .., b'"'] => inner,
        bare => bare,
    });
    // A tab at the end of the line was trimmed with the other blanks.
    let named = match line {
        Some([b's', b'e', b'p', b'=', separator]) => *separator,
        Some(b"sep=") => b'\t',
        _ => return Ok((None, 0)),
    };
    input.consume(end.map_or(0, |end| end + 1));
    Ok((Some(named), 1))
}

/// A reader that stops where one record would fill the memory, as a quote that is never closed
/// makes it do.
pub(crate) struct Metered {
    input: Box<dyn BufRead>,
    /// Bytes that may be read before the next record has to be complete.
    left: usize,
}

impl Metered {
    /// The next record may be as long as any.
    pub(crate) fn refill(&mut self) {
        self.left = LONGEST_LINE;
    }
}

impl Read for Metered {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            return Err(io::Error::other(
                "the record is longer than 64 MiB (is a quote not closed?)",
            ));
        }
        let most = buffer.len().min(self.left);
        let read = self.input.read(&mut buffer[..most])?;
        self.left -= read;
        Ok(read)
    }
}

/// The records of a file as catalog rows.
struct Records {
    context: RowContext,
    header: Vec<String>,
    reader: csv::Reader<Metered>,
    /// Lines before the header.
    skipped_lines: u64,
    ended: bool,
}

impl Iterator for Records {
    type Item = std::result::Result<CatalogRow, Reject>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        self.reader.get_mut().refill();
        let mut record = csv::ByteRecord::new();
        let start = self.reader.position().line() + self.skipped_lines;
        match self.reader.read_byte_record(&mut record) {
            Ok(false) => {
                self.ended = true;
                None
            }
            Ok(true) => {
                let line = record.position().map_or(0, csv::Position::line) + self.skipped_lines;
                Some(from_record(&self.context, &self.header, line, &record))
            }
            Err(error) => {
                self.ended = error.is_io_error();
                let reason = match error.into_kind() {
                    csv::ErrorKind::Io(error) => format!("{error}; nothing after it was read"),
                    kind => format!("{kind:?}"),
                };
                Some(Err(self.context.reject(start, reason)))
            }
        }
    }
}

fn from_record(
    context: &RowContext,
    header: &[String],
    line: u64,
    record: &csv::ByteRecord,
) -> std::result::Result<CatalogRow, Reject> {
    if record.len() > header.len() {
        let reason = format!("{} cells for {} columns", record.len(), header.len());
        return Err(context.reject(line, reason));
    }
    let mut cells = Vec::with_capacity(header.len());
    for (name, cell) in header.iter().zip(record) {
        let cell = std::str::from_utf8(cell)
            .map_err(|_| context.reject(line, format!("column {name} is not UTF-8")))?;
        if !cell.is_empty() {
            cells.push((name.clone(), cell.to_owned()));
        }
    }
    to_row(context, line, cells)
}

/// The separator that the first line uses most, outside quotes.
fn delimiter(head: &[u8]) -> u8 {
    let mut quoted = false;
    let mut counts = [(b',', 0usize), (b';', 0), (b'\t', 0)];
    for &byte in head.iter().take_while(|&&byte| byte != b'\n') {
        quoted ^= byte == b'"';
        for (separator, count) in &mut counts {
            *count += usize::from(!quoted && byte == *separator);
        }
    }
    // On a tie the earlier one stays: max_by_key would take the last.
    let best = counts.iter().rev().max_by_key(|(_, count)| *count);
    best.map_or(b',', |&(separator, _)| separator)
}
