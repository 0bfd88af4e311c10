//! Datasets: the files behind the inputs, and the items in their rows.

mod cells;
mod parquet_file;
mod paths;

use std::path::{Path, PathBuf};

use bytes::Bytes;
use serde::{Deserialize, Serialize};

pub(crate) use cells::{Item, Payload, items};
pub(crate) use parquet_file::{ParquetSource, corrupt, identity, open};
pub(crate) use paths::resolve;

use crate::error::{Error, Result};
use crate::schema::{Holds, MediaColumn};
use crate::table::PrintedFile;

/// A dataset file, planned.
#[derive(Clone, Debug)]
pub struct PlannedFile {
    /// Where it is.
    pub path: PathBuf,
    /// How reports name it: the input as given, and the path below it.
    pub name: String,
    /// The columns that hold items; empty when none was recognized.
    pub columns: Vec<MediaColumn>,
    /// Columns with the addresses that rows came from, which are no items.
    pub(crate) origins: Vec<MediaColumn>,
    /// Names and types of all columns, for inspection.
    pub schema: Vec<(String, String)>,
    /// Rows of each row group.
    pub row_groups: Vec<u64>,
    /// What identifies its contents.
    pub identity: FileIdentity,
    /// Why it cannot be read at all, if so.
    pub damage: Option<String>,
    /// Where its items stand in a fingerprint table, if that was given in its place.
    pub(crate) printed: Option<PrintedFile>,
}

impl PlannedFile {
    /// Whether the file stands in a fingerprint table of an earlier version, which does not say what
    /// items declare about their own use.
    pub fn lacks_declarations(&self) -> bool {
        let printed = self.printed.as_ref();
        printed.is_some_and(|printed| !printed.has_declarations)
    }

    /// Whether it has columns that hold items; others are looked up only.
    pub fn has_items(&self) -> bool {
        self.columns.iter().any(|it| it.holds != Holds::Origin)
    }

    /// All rows.
    pub fn rows(&self) -> u64 {
        self.row_groups.iter().sum()
    }

    /// Whether a fingerprint table stands for it.
    pub fn is_printed(&self) -> bool {
        self.printed.is_some()
    }
}

/// What tells one version of a dataset file from another.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileIdentity {
    /// Length in bytes.
    pub bytes: u64,
    /// BLAKE3 of the Parquet footer, hexadecimal: schema, statistics and the
    /// place and size of every column chunk, without reading the data itself.
    pub footer_blake3: String,
}

/// The Parquet files behind an input, in order: a file, a folder (searched
/// recursively) or a glob pattern.
pub(crate) fn expand(input: &Path) -> Result<Vec<(PathBuf, String)>> {
    let mut files = Vec::new();
    if input.is_dir() {
        collect(input, 0, &mut files)?;
    } else if input.exists() {
        files.push(input.to_owned());
    } else if input.to_string_lossy().contains(['*', '?', '[']) {
        let pattern = input.to_string_lossy();
        // As in a shell, and as in folders: what begins with a dot is hidden.
        let visible = glob::MatchOptions {
            require_literal_leading_dot: true,
            ..glob::MatchOptions::new()
        };
        let paths = glob::glob_with(&pattern, visible)
            .map_err(|error| Error::input(input, error.to_string()))?;
        for path in paths {
            let path = path.map_err(|error| Error::input(input, error.to_string()))?;
            if path.is_dir() {
                collect(&path, 0, &mut files)?;
            } else {
                files.push(path);
            }
        }
    } else {
        return Err(Error::io(input)(std::io::ErrorKind::NotFound.into()));
    }
    files.sort();
    files.dedup();
    if files.is_empty() {
        return Err(Error::input(input, "no .parquet files here"));
    }
    Ok(files
        .into_iter()
        .map(|path| {
            let name = path.to_string_lossy().replace('\\', "/");
            (path, name)
        })
        .collect())
}

/// Folders nested deeper than this are refused: links can make circles.
const DEEPEST: usize = 64;

fn collect(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> Result<()> {
    if depth > DEEPEST {
        return Err(Error::input(
            folder,
            format!("folders are nested deeper than {DEEPEST}"),
        ));
    }
    for found in std::fs::read_dir(folder).map_err(Error::io(folder))? {
        let path = found.map_err(Error::io(folder))?.path();
        let hidden = path
            .file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if hidden {
            continue;
        }
        if path.is_dir() {
            collect(&path, depth + 1, files)?;
        } else if path
            .extension()
            .is_some_and(|ending| ending.eq_ignore_ascii_case("parquet"))
        {
            files.push(path);
        }
    }
    Ok(())
}

/// Bytes of a cell that keep their batch alive instead of being copied.
pub(crate) fn shared_bytes(buffer: arrow_buffer::Buffer) -> Bytes {
    struct Shared(arrow_buffer::Buffer);
    impl AsRef<[u8]> for Shared {
        fn as_ref(&self) -> &[u8] {
            self.0.as_slice()
        }
    }
    Bytes::from_owner(Shared(buffer))
}

#[cfg(test)]
mod tests;
