//! The forms that datasets come in, told by names and by first bytes.

use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use super::arrow_file::ArrowForm;
use super::folder::FolderForm;
use super::records_file::RecordsForm;
use super::stream::{Codec, Stream};
use super::tar_file::TarForm;

/// The form of a planned file, with what its rows are found by.
#[derive(Clone, Debug)]
pub(crate) enum Form {
    /// Parquet, or a fingerprint table in its place.
    Parquet,
    /// Nothing of it could be read.
    Unknown,
    /// JSON Lines, a JSON array, comma- or tab-separated values.
    Records(Arc<RecordsForm>),
    /// Arrow IPC: a file, a stream, Feather.
    Arrow(Arc<ArrowForm>),
    /// A tar archive in the manner of `WebDataset`.
    Tar(Arc<TarForm>),
    /// A folder of media.
    Folder(Arc<FolderForm>),
}

impl Form {
    /// Its name for people.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Parquet => "Parquet",
            Self::Unknown => "damaged",
            Self::Records(form) => form.name(),
            Self::Arrow(_) => "Arrow",
            Self::Tar(_) => "tar",
            Self::Folder(_) => "folder",
        }
    }
}

/// What a file's name says of its form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Named {
    Parquet,
    /// Certainly JSON Lines.
    JsonLines(Codec),
    /// JSON: lines, an array, or no dataset at all.
    Json(Codec),
    /// Values separated by commas or semicolons, or by tabs.
    Separated {
        codec: Codec,
        is_tab: bool,
    },
    Arrow,
    Tar(Codec),
}

/// The form that a file's name promises.
pub(crate) fn named(path: &Path) -> Option<Named> {
    let name = path.file_name()?.to_string_lossy().to_ascii_lowercase();
    let (stem, codec) = match name.rsplit_once('.')? {
        (stem, "gz") => (stem, Codec::Gzip),
        (stem, "zst" | "zstd") => (stem, Codec::Zstd),
        (_, "tgz") => return Some(Named::Tar(Codec::Gzip)),
        _ => (name.as_str(), Codec::Plain),
    };
    let (before, ending) = stem.rsplit_once('.')?;
    if before.is_empty() {
        return None;
    }
    Some(match (ending, codec) {
        ("parquet", Codec::Plain) => Named::Parquet,
        ("jsonl" | "ndjson" | "jsonlines", codec) => Named::JsonLines(codec),
        ("json", codec) => Named::Json(codec),
        ("csv", codec) => Named::Separated {
            codec,
            is_tab: false,
        },
        ("tsv" | "tab", codec) => Named::Separated {
            codec,
            is_tab: true,
        },
        ("arrow" | "feather" | "arrows", Codec::Plain) => Named::Arrow,
        ("tar", codec) => Named::Tar(codec),
        _ => return None,
    })
}

/// How far a `.json` file is looked into.
const LOOKED_BYTES: u64 = 1 << 20;

/// What a file of JSON is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum JsonForm {
    /// One array of rows.
    Array,
    /// An object a line.
    Lines,
    /// One value on one line: a description, a caption.
    One,
    /// One value over several lines, or none: a configuration. No rows.
    Spread,
}

/// Tells rows from one value by the beginning of a file.
pub(crate) fn json_form(path: &Path, codec: Codec) -> std::io::Result<JsonForm> {
    let mut head = Vec::new();
    let stream = Stream::open(path, codec)?;
    let mut looked = stream.take(LOOKED_BYTES);
    // What is cut off is told when it is read.
    drop(looked.read_to_end(&mut head));
    let is_whole = looked.limit() > 0;
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&head);
    let text = text.trim_ascii_start();
    if text.starts_with(b"[") {
        return Ok(JsonForm::Array);
    }
    let mut lines: Vec<&[u8]> = text
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.trim_ascii().is_empty())
        .collect();
    if !is_whole {
        // It is cut off.
        lines.pop();
        if lines.is_empty() {
            // A line longer than what is looked at is none that a person wrote.
            return Ok(JsonForm::Lines);
        }
    }
    let is_row = |line: &&[u8]| {
        line.trim_ascii_start().starts_with(b"{")
            && serde_json::from_slice::<serde::de::IgnoredAny>(line).is_ok()
    };
    let rows = lines.iter().copied().filter(|line| is_row(line)).count();
    Ok(if rows * 2 <= lines.len() {
        JsonForm::Spread
    } else if lines.len() == 1 && is_whole {
        JsonForm::One
    } else {
        JsonForm::Lines
    })
}
