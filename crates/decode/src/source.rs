//! Where an item's bytes come from.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

use bytes::Bytes;

use crate::{Limits, Reason, Unreadable};

/// One item's bytes, or where to find them.
#[derive(Clone, Debug)]
pub enum Source {
    /// Bytes already in memory, such as a Parquet cell. Cheap to clone.
    Bytes(Bytes),
    /// A regular file, read as needed.
    File(PathBuf),
}

/// All bytes of a source, for media that are decoded whole.
///
/// The length of a file is checked before it is read, and once more while reading, in case it
/// grows. Directories, devices and pipes are refused with [`Reason::Io`].
pub fn read_source(source: &Source, limits: &Limits) -> Result<Bytes, Unreadable> {
    match source {
        Source::Bytes(bytes) => {
            limits.check_item_len(bytes.len() as u64)?;
            Ok(bytes.clone())
        }
        Source::File(path) => {
            let (file, len_bytes) = open_file(path, limits)?;
            let mut bytes = Vec::with_capacity(len_bytes as usize);
            let most = limits.item_bytes.saturating_add(1);
            file.take(most)
                .read_to_end(&mut bytes)
                .map_err(|error| unreadable_file(&error))?;
            limits.check_item_len(bytes.len() as u64)?;
            Ok(bytes.into())
        }
    }
}

/// Opens a regular file whose length is within limits; also returns that length in bytes.
pub(crate) fn open_file(path: &Path, limits: &Limits) -> Result<(File, u64), Unreadable> {
    // Asked before opening: opening a pipe would wait for its writer.
    let metadata = fs::metadata(path).map_err(|error| unreadable_file(&error))?;
    if !metadata.is_file() {
        return Err(Unreadable::new(Reason::Io, "not a regular file"));
    }
    limits.check_item_len(metadata.len())?;
    let file = File::open(path).map_err(|error| unreadable_file(&error))?;
    Ok((file, metadata.len()))
}

/// Names an I/O error by its kind, which reads the same on every operating system.
pub(crate) fn unreadable_file(error: &io::Error) -> Unreadable {
    let reason = match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => Reason::Missing,
        _ => Reason::Io,
    };
    Unreadable::new(reason, error.kind().to_string())
}

#[cfg(test)]
mod tests;
