//! Catalogs: the lists that registries are built from.
//!
//! A catalog is a table (CSV, JSON Lines, Parquet), a message that owners exchange anyway
//! (DDEX ERN, ONIX for Books), or a folder of media. Whatever the form, it is
//! read as a stream and becomes [`CatalogRow`]s; a record that cannot be one
//! becomes a [`Reject`] with its line number, and the rest goes on.

mod csv;
mod ddex;
mod folder;
mod jsonl;
mod onix;
mod parquet;
mod pattern;
mod row;
mod xml;

use std::path::{Path, PathBuf};

use clearance_decode::Media;
use clearance_rights::{License, Reservation, Work};
use serde::{Deserialize, Serialize};

pub(crate) use self::csv::{column_name, open_table};
use crate::error::{Error, Result};

/// The longest line of a catalog that is read, in bytes.
pub(crate) const LONGEST_LINE: usize = 64 << 20;

/// One record of a catalog: a work, possibly its assets, and rights.
#[derive(Clone, Debug, PartialEq)]
pub struct CatalogRow {
    /// Line in the catalog, from 1; row number in a Parquet file; 0 for a file of a folder.
    pub line: u64,
    /// The work that the line describes.
    pub work: Work,
    /// What the line points at.
    pub asset: AssetSource,
    /// The medium that the line declares.
    pub media: Option<Media>,
    /// The asset's role: `master` when the line says nothing.
    pub role: String,
    /// The reservation on this line.
    pub reservation: Option<Reservation>,
    /// The license on this line.
    pub license: Option<License>,
}

/// Where a catalog line's asset is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AssetSource {
    /// Files, in order; more than one for a pattern or a resource in several encodings.
    Files(Vec<PathBuf>),
    /// The text itself.
    Inline(String),
    /// The line only describes a work.
    None,
}

/// A line or asset that could not be registered, and why.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Reject {
    /// The catalog.
    pub catalog: String,
    /// Line in the catalog, from 1; row number in a Parquet file; 0 for a file of a folder.
    pub line: u64,
    /// The work, where the line got as far as naming it.
    pub work_id: Option<String>,
    /// The asset's file, when that is what failed.
    pub path: Option<String>,
    /// What is wrong, in words.
    pub reason: String,
}

/// A catalog's lines in order.
pub type Rows = Box<dyn Iterator<Item = std::result::Result<CatalogRow, Reject>>>;

/// Opens a catalog: a folder, or a file whose name ends in `.csv`, `.tsv`,
/// `.jsonl`, `.ndjson`, `.parquet` or `.xml` (a DDEX `NewReleaseMessage` of ERN 3.8 or 4, or
/// an ONIX 3 message).
pub fn open(path: &Path) -> Result<Rows> {
    if path.is_dir() {
        return folder::open(path);
    }
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().to_lowercase());
    let ending = name.as_deref().and_then(|name| name.rsplit('.').next());
    match ending {
        Some("csv" | "tsv") => csv::open(path),
        Some("jsonl" | "ndjson") => jsonl::open(path),
        Some("parquet") => parquet::open(path),
        Some("xml") => xml::open(path),
        _ if !path.exists() => Err(Error::io(path)(std::io::ErrorKind::NotFound.into())),
        _ => Err(Error::catalog(
            path,
            "not a catalog: a folder of media, or a .csv, .tsv, .jsonl, .ndjson, .parquet or .xml file is read",
        )),
    }
}

/// The name under which a catalog's records are kept: its file or folder name.
pub(crate) fn name(path: &Path) -> String {
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    path.file_name().map_or_else(
        || "/".to_owned(),
        |name| name.to_string_lossy().into_owned(),
    )
}

#[cfg(test)]
mod tests;
