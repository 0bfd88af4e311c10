//! The committed `fixtures/` folder: a demo catalog and dataset with known copies, and a folder
//! of hostile files, with a list that says where each file comes from.
//!
//! `cargo run -p clearance-testkit --bin make-fixtures` writes it anew; lossy audio needs the
//! `ffmpeg` program.

mod catalog;
mod demo;
mod hostile;
mod listing;
mod rows;
mod works;

use std::path::Path;

pub use listing::{Record, read_listing};

use crate::error::Error;

/// Name of the list in the fixtures folder.
pub const LISTING_NAME: &str = "FIXTURES.toml";

/// Folders that this crate generates; others in the fixtures folder are left alone.
pub const GENERATED_FOLDERS: [&str; 2] = ["demo/", "hostile/"];

/// A file before it is written.
#[derive(Debug, Clone)]
pub struct FixtureFile {
    /// Relative to the fixtures folder, with forward slashes.
    pub path: String,
    /// What it is and from which seed.
    pub origin: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

impl FixtureFile {
    fn new(path: impl Into<String>, origin: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            path: path.into(),
            origin: origin.into(),
            bytes: bytes.into(),
        }
    }
}

/// The demo: works, catalog, dataset and the truth about its copies.
///
/// `demo/truth.csv` lists every copy in the dataset and `demo/damaged.csv` every item that
/// cannot be read, both by `file` (relative to `demo/dataset`), zero-based `row_index`,
/// `column_name` and `item_index` (0 in columns that are not lists).
pub fn demo() -> Result<Vec<FixtureFile>, Error> {
    demo::files()
}

/// Files made to break readers.
pub fn hostile() -> Result<Vec<FixtureFile>, Error> {
    hostile::files()
}

/// Writes the generated folders and the list below `root`, in place of those that are there,
/// and returns how many files and bytes were written. Records of other folders stay in the list.
pub fn write_all(root: &Path) -> Result<(usize, usize), Error> {
    let files = [demo()?, hostile()?].concat();
    write_files(root, &files)?;
    Ok((files.len(), files.iter().map(|file| file.bytes.len()).sum()))
}

fn write_files(root: &Path, files: &[FixtureFile]) -> Result<(), Error> {
    let kept: Vec<Record> = read_listing(root)?
        .into_iter()
        .filter(|record| !is_generated(&record.path))
        .collect();
    for folder in GENERATED_FOLDERS {
        let folder = root.join(folder);
        if folder.exists() {
            std::fs::remove_dir_all(&folder).map_err(Error::io(&folder))?;
        }
    }
    for file in files {
        let path = root.join(&file.path);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(Error::io(folder))?;
        }
        std::fs::write(&path, &file.bytes).map_err(Error::io(&path))?;
    }
    let mut records: Vec<Record> = files.iter().map(Record::of).chain(kept).collect();
    records.sort_by(|a, b| a.path.cmp(&b.path));
    let path = root.join(LISTING_NAME);
    std::fs::write(&path, listing::render(&records)).map_err(Error::io(&path))
}

/// Whether a path relative to the fixtures folder lies in a generated folder.
pub fn is_generated(path: &str) -> bool {
    GENERATED_FOLDERS
        .iter()
        .any(|folder| path.starts_with(folder))
}

#[cfg(test)]
mod tests;
