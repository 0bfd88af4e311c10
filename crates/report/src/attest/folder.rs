//! The files of an output folder and their digests.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::key::hex;
use crate::error::{Error, Result};

/// More files than this are not the outputs of a scan.
const MOST_FILES: usize = 100_000;
/// Folders in an output folder are not nested deeper.
const DEEPEST: usize = 8;

/// A file below a folder.
pub(crate) enum Found {
    /// Its SHA-256, hexadecimal.
    File(String),
    /// A link or a device: nothing that a scan writes.
    Other,
}

/// Every file below `out` by its name there, with `/` between folders; `leave_out` at the top is
/// left out.
pub(crate) fn digests(out: &Path, leave_out: &str) -> Result<BTreeMap<String, Found>> {
    let mut found = BTreeMap::new();
    walk(out, "", 0, &mut found)?;
    found.remove(leave_out);
    Ok(found)
}

fn walk(
    folder: &Path,
    prefix: &str,
    depth: usize,
    found: &mut BTreeMap<String, Found>,
) -> Result<()> {
    for entry in fs::read_dir(folder).map_err(Error::io(folder))? {
        let entry = entry.map_err(Error::io(folder))?;
        let path = entry.path();
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let kind = entry.file_type().map_err(Error::io(&path))?;
        if found.len() >= MOST_FILES || depth > DEEPEST {
            let detail = "more files or folders than a scan writes";
            return Err(Error::corrupt(folder, &detail));
        }
        if kind.is_dir() {
            walk(&path, &format!("{name}/"), depth + 1, found)?;
        } else if kind.is_file() {
            found.insert(name, Found::File(sha256(&path)?));
        } else {
            found.insert(name, Found::Other);
        }
    }
    Ok(())
}

/// SHA-256 of a file's bytes, hexadecimal.
pub(crate) fn sha256(path: &Path) -> Result<String> {
    let file = File::open(path).map_err(Error::io(path))?;
    sha256_of(file, path)
}

/// SHA-256 of everything that is read, hexadecimal; `path` is for errors.
pub(crate) fn sha256_of(mut file: impl Read, path: &Path) -> Result<String> {
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = file.read(&mut buffer).map_err(Error::io(path))?;
        if read == 0 {
            return Ok(hex(&hasher.finalize()));
        }
        hasher.update(&buffer[..read]);
    }
}
