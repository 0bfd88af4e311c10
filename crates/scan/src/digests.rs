//! Digests of whole input files, so that later a file can be told from the one that was scanned.

use std::collections::BTreeSet;
use std::path::Path;

use rayon::prelude::*;

use crate::collect::{InputTable, Totals};
use crate::error::{Error, Result};
use crate::plan::Plan;
use crate::remote;
use crate::source::{Input, PlannedFile, length};

/// Digests every file of the plan (of a shard, those that it reads) into its totals, on the current
/// rayon pool. A file that is not the planned one any more is an error: what was found in it is then
/// of no use. Remote files are read once more for it, whole, but for those that only a sample was
/// read of, which have no digest then.
pub fn digest_inputs(plan: &Plan, totals: &mut Totals) -> Result<()> {
    let is_digested = plan.digested_files();
    let digests = plan
        .files
        .par_iter()
        .zip(&is_digested)
        .map(|(file, is_digested)| match file.printed {
            // A sample is drawn to read little, and its file would come over the network whole.
            None if *is_digested && file.is_remote() && plan.sample.is_some() => {
                unchanged(file, "").map(|()| None)
            }
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
            bytes: length(path)?,
            blake3: file_blake3(path)?,
        })
    };
    totals.tables = tables.into_iter().map(table).collect::<Result<_>>()?;
    Ok(())
}

fn unchanged_digest(file: &PlannedFile) -> Result<String> {
    let digest = file.blake3()?;
    unchanged(file, &digest)?;
    Ok(digest)
}

fn unchanged(file: &PlannedFile, digest: &str) -> Result<()> {
    if file.is_unchanged(digest)? {
        return Ok(());
    }
    let detail = "the file was changed while it was scanned";
    Err(Error::input(&file.path, detail))
}

/// BLAKE3 of a file's bytes, hexadecimal.
pub fn file_blake3(path: &Path) -> Result<String> {
    let digest = blake3::Hash::from_bytes(file_digest(path)?);
    Ok(digest.to_hex().to_string())
}

/// BLAKE3 of a file's bytes.
pub fn file_digest(path: &Path) -> Result<[u8; 32]> {
    let file = Input::open(path).map_err(Error::io(path))?;
    let mut hasher = blake3::Hasher::new();
    let read = hasher.update_reader(file);
    // The network's own words come first.
    remote::check([path])?;
    read.map_err(Error::io(path))?;
    Ok(*hasher.finalize().as_bytes())
}

#[cfg(test)]
mod tests;
