//! JSON Lines, read back within limits.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use serde::de::DeserializeOwned;

use crate::error::{Error, Result};

/// Longest line read; findings and exhibits have a few kilobytes.
const MOST_LINE_BYTES: u64 = 16 << 20;

/// Reads a file line by line.
pub(crate) fn each_line<T: DeserializeOwned>(
    path: &Path,
    mut take: impl FnMut(T) -> Result<()>,
) -> Result<()> {
    each_sized_line(path, |value, _| take(value))
}

/// Reads a file line by line, each with its length in bytes.
pub(crate) fn each_sized_line<T: DeserializeOwned>(
    path: &Path,
    mut take: impl FnMut(T, usize) -> Result<()>,
) -> Result<()> {
    let file = File::open(path).map_err(Error::io(path))?;
    let mut reader = BufReader::new(file);
    let mut line = Vec::new();
    let mut number = 0;
    loop {
        line.clear();
        let mut rest = reader.by_ref().take(MOST_LINE_BYTES);
        if rest.read_until(b'\n', &mut line).map_err(Error::io(path))? == 0 {
            return Ok(());
        }
        number += 1;
        let value = serde_json::from_slice(&line)
            .map_err(|error| Error::corrupt(path, &format!("line {number}: {error}")))?;
        take(value, line.len())?;
    }
}

#[cfg(test)]
mod tests;
