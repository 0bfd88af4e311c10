//! Values separated by commas, semicolons or tabs (RFC 4180, and the habits that are older).

use std::io::Read;

use clearance_decode::{Media, Reason, Unreadable, media_of_name};
use csv_core::{ReadRecordResult, Reader, ReaderBuilder, Terminator};

use super::records::{Records, Splitting};
use super::stream::Stream;

/// How far a file is looked into for its dialect.
const LOOKED_BYTES: u64 = 1 << 20;
/// Columns of a table, at most.
const MOST_COLUMNS: usize = 4096;

/// What separates the values, and whether quotes go around some of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Dialect {
    pub(crate) delimiter: u8,
    pub(crate) has_quotes: bool,
}

impl Dialect {
    pub(crate) fn splitting(self) -> Splitting {
        if self.has_quotes {
            Splitting::Quoted {
                delimiter: self.delimiter,
            }
        } else {
            Splitting::Lines
        }
    }

    /// Tells the dialect by the beginning of a file. Tabs are told by its name.
    pub(crate) fn detect(stream: &mut Stream, is_tab: bool) -> Result<Self, Unreadable> {
        let mut head = Vec::new();
        // What is damaged is told when it is read.
        drop(stream.by_ref().take(LOOKED_BYTES).read_to_end(&mut head));
        if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") {
            let detail = "UTF-16; convert the file to UTF-8";
            return Err(Unreadable::new(Reason::Unsupported, detail));
        }
        let first = head.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let count = |wanted: u8| memchr::memchr_iter(wanted, first).count();
        let delimiter = if is_tab {
            b'\t'
        } else {
            // Of equal ones the first, which is the comma.
            let mut best = b',';
            for delimiter in [b';', b'\t'] {
                if count(delimiter) > count(best) {
                    best = delimiter;
                }
            }
            best
        };
        // Many tables with tabs hold quotes that are letters like any other (Common Voice). Where
        // rows have the right number of values either way, the habit of the separator decides.
        let misfits = |has_quotes| {
            let dialect = Self {
                delimiter,
                has_quotes,
            };
            dialect.misfits(&head)
        };
        let (with, without) = (misfits(true), misfits(false));
        let has_quotes = if delimiter == b'\t' {
            with < without
        } else {
            with <= without
        };
        Ok(Self {
            delimiter,
            has_quotes,
        })
    }

    /// Records with another number of values than the first, the last one left out, for it may be
    /// cut off.
    fn misfits(self, head: &[u8]) -> usize {
        let mut reader = csv_core_reader(self);
        let (mut input, mut widths) = (head, Vec::new());
        let mut output = vec![0; 1 << 16];
        let mut ends = vec![0; 256];
        let mut width = 0;
        while !input.is_empty() {
            let (result, read, _, values) = reader.read_record(input, &mut output, &mut ends);
            input = input.get(read..).unwrap_or_default();
            width += values;
            match result {
                ReadRecordResult::Record => widths.push(std::mem::take(&mut width)),
                ReadRecordResult::End | ReadRecordResult::InputEmpty => break,
                ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => {}
            }
        }
        let Some(&first) = widths.first() else {
            return 0;
        };
        widths.iter().filter(|width| **width != first).count()
    }
}

fn csv_core_reader(dialect: Dialect) -> Reader {
    ReaderBuilder::new()
        .delimiter(dialect.delimiter)
        .quoting(dialect.has_quotes)
        .terminator(Terminator::Any(b'\n'))
        .build()
}

/// The names of the columns. A first record that holds an address, a sentence or the name of a recording
/// or picture is no header: such
/// columns are `column1`, `column2` and so on, and the record is a row.
pub(crate) fn columns(records: &mut Records, dialect: Dialect) -> Result<Vec<String>, Unreadable> {
    let mut buffer = Vec::new();
    let first = loop {
        let record = records
            .next(&mut buffer)
            .map_err(|error| records.stream().damage(&error))?;
        match record {
            None => return Err(Unreadable::new(Reason::Empty, "no line")),
            Some(record) if record.is_too_long => {
                return Err(Unreadable::new(Reason::Limit, "the first line is too long"));
            }
            Some(_) if buffer.trim_ascii().is_empty() => {}
            Some(record) => break record,
        }
    };
    let line = buffer.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&buffer);
    let mut parser = Parser::new(dialect);
    let names: Vec<String> = parser
        .cells(without_end(line))
        .map(|name| String::from_utf8_lossy(name).trim().to_owned())
        .collect();
    if names.len() > MOST_COLUMNS {
        let detail = format!("more than {MOST_COLUMNS} columns");
        return Err(Unreadable::new(Reason::Limit, detail));
    }
    if !names.iter().any(|name| is_value(name)) {
        return Ok(names);
    }
    records
        .go_to(first.offset, first.line)
        .map_err(|error| records.stream().damage(&error))?;
    Ok((1..=names.len())
        .map(|number| format!("column{number}"))
        .collect())
}

/// A line without what ends it.
pub(crate) fn without_end(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// Whether a cell is no name of a column.
fn is_value(cell: &str) -> bool {
    cell.starts_with("http://")
        || cell.starts_with("https://")
        || cell.split_whitespace().count() > 6
        || matches!(media_of_name(cell), Some(Media::Audio | Media::Image))
}

/// Takes records apart.
pub(crate) struct Parser {
    reader: Reader,
    output: Vec<u8>,
    ends: Vec<usize>,
    /// Values of the record that was read last.
    width: usize,
}

impl Parser {
    pub(crate) fn new(dialect: Dialect) -> Self {
        Self {
            reader: csv_core_reader(dialect),
            output: vec![0; 4096],
            ends: vec![0; 32],
            width: 0,
        }
    }

    /// The values of a record without its line end.
    pub(crate) fn cells(&mut self, record: &[u8]) -> impl Iterator<Item = &[u8]> {
        self.parse(record);
        self.cells_read()
    }

    /// The values of a record that must have so many.
    pub(crate) fn row(&mut self, record: &[u8], wanted: usize) -> Result<Vec<&[u8]>, Unreadable> {
        self.parse(record);
        if self.width != wanted {
            let detail = format!("{} values where the table has {wanted} columns", self.width);
            return Err(Unreadable::new(Reason::Corrupt, detail));
        }
        Ok(self.cells_read().collect())
    }

    fn cells_read(&self) -> impl Iterator<Item = &[u8]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        let ends = self.ends.iter().copied().take(self.width);
        starts
            .zip(ends)
            .map(|(start, end)| self.output.get(start..end).unwrap_or_default())
    }

    fn parse(&mut self, record: &[u8]) {
        self.reader.reset();
        let (mut input, mut written, mut width) = (record, 0, 0);
        loop {
            let output = &mut self.output[written..];
            let ends = &mut self.ends[width..];
            let (result, read, wrote, ended) = self.reader.read_record(input, output, ends);
            input = &input[read..];
            written += wrote;
            width += ended;
            match result {
                // Once more with nothing: that is how the end is told.
                ReadRecordResult::InputEmpty => input = &[],
                ReadRecordResult::OutputFull => self.output.resize(self.output.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                ReadRecordResult::Record | ReadRecordResult::End => break,
            }
        }
        self.width = width;
    }
}

#[cfg(test)]
mod tests;
