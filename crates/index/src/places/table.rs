//! Tables of patterns: CSV as spreadsheets write it.

use std::path::Path;

use clearance_rights::places::{PLACE_COLUMNS, PlaceDocument, PlaceTable};

use super::{PlaceSources, STATEMENTS_MAX};
use crate::catalog::{column_name, open_table};
use crate::error::{Error, Result};

/// Reads a table. Lines that are no rules are listed with their reason.
pub(super) fn read(path: &Path, sources: &mut PlaceSources) -> Result<()> {
    let (mut reader, skipped_lines) = open_table(path)?;
    let header = reader.byte_headers();
    let header = header.map_err(|error| Error::catalog(path, error.to_string()))?;
    let names: Vec<String> = header
        .iter()
        .map(|name| column_name(&String::from_utf8_lossy(name)))
        .collect();
    let columns = PLACE_COLUMNS.map(|name| names.iter().position(|known| known == name));
    if columns[0].is_none() {
        sources.reject(1, "the first line names no column pattern");
        return Ok(());
    }
    let unknown = names
        .iter()
        .filter(|name| !name.is_empty() && !PLACE_COLUMNS.contains(&name.as_str()));
    for name in unknown.take(100) {
        let name: String = name.chars().take(60).collect();
        sources.reject(1, format!("unknown column {name:?}: nothing in it is read"));
    }
    let name = crate::catalog::name(path);
    let mut document = PlaceDocument::new(&name);
    let mut table = PlaceTable::default();
    let mut record = csv::ByteRecord::new();
    loop {
        reader.get_mut().refill();
        match reader.read_byte_record(&mut record) {
            Ok(false) => break,
            Ok(true) => {}
            Err(error) => {
                let line = reader.position().line() + skipped_lines;
                sources.reject(line, format!("{error}; nothing after it was read"));
                break;
            }
        }
        let line = record.position().map_or(0, csv::Position::line) + skipped_lines;
        let cell = |column: Option<usize>| {
            let bytes = column
                .and_then(|column| record.get(column))
                .unwrap_or_default();
            std::str::from_utf8(bytes)
        };
        let mut cells = [""; 8];
        let mut is_damaged = false;
        for (text, column) in cells.iter_mut().zip(columns) {
            match cell(column) {
                Ok(found) => *text = found,
                Err(_) => is_damaged = true,
            }
        }
        if is_damaged {
            sources.reject(line, "letters that are not UTF-8");
            continue;
        }
        match table.rule(cells, &name, line.min(u64::from(u32::MAX)) as u32) {
            Ok(rule) => document.rules.push(rule),
            Err(reason) => sources.reject(line, reason),
        }
        if document.rules.len() > STATEMENTS_MAX {
            break;
        }
    }
    sources.add(document, None);
    Ok(())
}
