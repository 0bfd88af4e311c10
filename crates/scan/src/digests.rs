//! Digests of whole input files, so that later a file can be told from the one that was scanned.

use std::collections::BTreeSet;
use std::fs::File;
use std::path::Path;

use rayon::prelude::*;

use crate::collect::{InputTable, Totals};
use crate::error::{Error, Result};
use crate::plan::Plan;
use crate::source::PlannedFile;

/// Digests every file of the plan (of a shard, those that it reads) into its totals, on the current
/// rayon pool. A file that is not
/// the planned one any more is an error: what was found in it is then of no use.
pub fn digest_inputs(plan: &Plan, totals: &mut Totals) -> Result<()> {
    let is_digested = plan.digested_files();
    let digests = plan
        .files
        .par_iter()
        .zip(&is_digested)
        .map(|(file, is_digested)| match file.printed {
            None if *is_digested => unchanged_digest(file).map(Some),
            _ => Ok(None),
        })
        .collect::<Result<Vec<_>>>()?;
    for (file, digest) in totals.files.iter_mut().zip(digests) {
        file.blake3 = digest;
    }
    let read = plan.files.iter().zip(&is_digested);
    let printed = read.filter(|(file, is_digested)| file.printed.is_some() && **is_digested);
    let tables: BTreeSet<&Path> = printed.map(|(file, _)| file.path.as_path()).collect();
    let table = |path: &Path| {
        Ok(InputTable {
            file: path.to_string_lossy().replace('\\', "/"),
            bytes: std::fs::metadata(path).map_err(Error::io(path))?.len(),
            blake3: file_blake3(path)?,
        })
    };
    totals.tables = tables.into_iter().map(table).collect::<Result<_>>()?;
    Ok(())
}

fn unchanged_digest(file: &PlannedFile) -> Result<String> {
    let digest = file.blake3()?;
    if !file.is_unchanged(&digest)? {
        return Err(Error::input(
            &file.path,
            "the file was changed while it was scanned",
        ));
    }
    Ok(digest)
}

/// BLAKE3 of a file's bytes, hexadecimal.
pub fn file_blake3(path: &Path) -> Result<String> {
    let digest = blake3::Hash::from_bytes(file_digest(path)?);
    Ok(digest.to_hex().to_string())
}

/// BLAKE3 of a file's bytes.
pub fn file_digest(path: &Path) -> Result<[u8; 32]> {
    let file = File::open(path).map_err(Error::io(path))?;
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(file).map_err(Error::io(path))?;
    Ok(*hasher.finalize().as_bytes())
}

#[cfg(test)]
mod tests;
