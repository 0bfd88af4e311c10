//! CSV catalogs, with the habits of spreadsheets: a byte-order mark, semicolons
//! or tabs between columns, line breaks inside quotes.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use super::row::{RowContext, to_row};
use super::{LONGEST_LINE, Reject, Rows};
use crate::error::{Error, Result};

pub(super) fn open(path: &Path) -> Result<Rows> {
    let file = File::open(path).map_err(Error::io(path))?;
    let mut input = BufReader::with_capacity(1 << 16, file);
    let head = input.fill_buf().map_err(Error::io(path))?;
    let mark = if head.starts_with(b"\xef\xbb\xbf") {
        3
    } else {
        0
    };
    let delimiter = delimiter(&head[mark..]);
    input.consume(mark);
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        // A carriage return before the line feed is trimmed with other blanks; as part
        // of the terminator it would put line numbers one off.
        .terminator(csv::Terminator::Any(b'\n'))
        .trim(csv::Trim::All)
        .from_reader(input.take(u64::MAX));
    let header: Vec<String> = reader
        .byte_headers()
        .map_err(|error| Error::catalog(path, error.to_string()))?
        .iter()
        .map(|name| {
            String::from_utf8_lossy(name)
                .to_lowercase()
                .replace([' ', '-'], "_")
        })
        .collect();
    if !header.iter().any(|name| name == "work_id") {
        return Err(Error::catalog(
            path,
            "the first line names no column work_id; see the README for the columns of a catalog",
        ));
    }
    let context = RowContext::new(path);
    let rows = reader.into_byte_records().map(move |record| {
        let record = record.map_err(|error| {
            let line = error.position().map_or(0, csv::Position::line);
            context.reject(line, error.to_string())
        })?;
        let line = record.position().map_or(0, csv::Position::line);
        from_record(&context, &header, line, &record)
    });
    Ok(Box::new(rows))
}

fn from_record(
    context: &RowContext,
    header: &[String],
    line: u64,
    record: &csv::ByteRecord,
) -> std::result::Result<super::CatalogRow, Reject> {
    if record.as_slice().len() > LONGEST_LINE {
        return Err(context.reject(line, "the line is longer than 64 MiB"));
    }
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
