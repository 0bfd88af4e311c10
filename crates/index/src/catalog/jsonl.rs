//! JSON Lines catalogs: a JSON object a line, keys as the columns of a CSV.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use serde_json::Value;

use super::row::{RowContext, to_row};
use super::{CatalogRow, LONGEST_LINE, Reject, Rows};
use crate::error::{Error, Result};

pub(super) fn open(path: &Path) -> Result<Rows> {
    let file = File::open(path).map_err(Error::io(path))?;
    Ok(Box::new(Lines {
        input: BufReader::new(file),
        context: RowContext::new(path),
        line: 0,
    }))
}

struct Lines {
    input: BufReader<File>,
    context: RowContext,
    line: u64,
}

impl Iterator for Lines {
    type Item = std::result::Result<CatalogRow, Reject>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let mut text = Vec::new();
            let limit = LONGEST_LINE as u64 + 1;
            let read = self.input.by_ref().take(limit).read_until(b'\n', &mut text);
            self.line += 1;
            match read {
                Ok(0) => return None,
                Ok(_) if text.len() > LONGEST_LINE => {
                    // An error shows again at the next line.
                    self.input.skip_until(b'\n').ok();
                    return Some(Err(self
                        .context
                        .reject(self.line, "the line is longer than 64 MiB")));
                }
                Ok(_) => {}
                Err(error) => return Some(Err(self.context.reject(self.line, error.to_string()))),
            }
            let trimmed = text
                .strip_prefix(b"\xef\xbb\xbf")
                .unwrap_or(&text)
                .trim_ascii();
            if !trimmed.is_empty() {
                return Some(from_line(&self.context, self.line, trimmed));
            }
        }
    }
}

fn from_line(
    context: &RowContext,
    line: u64,
    text: &[u8],
) -> std::result::Result<CatalogRow, Reject> {
    let value: Value = serde_json::from_slice(text)
        .map_err(|error| context.reject(line, format!("not JSON: {error}")))?;
    let Value::Object(fields) = value else {
        return Err(context.reject(line, "not a JSON object"));
    };
    let cells = fields.into_iter().filter_map(|(name, value)| {
        let cell = to_cell(value)?;
        Some((name.to_lowercase(), cell))
    });
    to_row(context, line, cells.collect())
}

/// A value as a CSV cell would hold it, without white space around it; lists are joined by
/// semicolons.
fn to_cell(value: Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => {
            let text = text.trim();
            (!text.is_empty()).then(|| text.to_owned())
        }
        Value::Array(items) => {
            let items: Vec<String> = items.into_iter().filter_map(to_cell).collect();
            (!items.is_empty()).then(|| items.join(";"))
        }
        other => Some(other.to_string()),
    }
}
