//! Links in folders that strangers wrote.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

/// The folder that links below `folder` may lead to: itself, or the cache of the Hugging Face hub
/// that it is in, whose snapshots link to `../../blobs`.
pub(crate) fn within(folder: &Path) -> Result<PathBuf> {
    let real = folder.canonicalize().map_err(Error::io(folder))?;
    Ok(cache(&real).map_or(real.clone(), Path::to_owned))
}

/// The folder of a repository in the hub's cache that `real` is in.
fn cache(real: &Path) -> Option<&Path> {
    real.ancestors().find_map(|folder| {
        let snapshots = folder.file_name()? == "snapshots";
        let repository = folder.parent()?;
        (snapshots && repository.join("blobs").is_dir()).then_some(repository)
    })
}

/// Whether `folder` is in a snapshot of the hub's cache.
pub(crate) fn is_snapshot(folder: &Path) -> bool {
    let real = folder.canonicalize();
    real.is_ok_and(|real| cache(&real).is_some())
}

/// Whether a path is a link to something that is not below `within`, or to nothing.
pub(crate) fn leads_out(path: &Path, within: &Path) -> bool {
    let is_link = fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink());
    is_link
        && !path
            .canonicalize()
            .is_ok_and(|real| real.starts_with(within))
}

/// The snapshot that is meant by the folder of a repository in the hub's cache; `None` for any other
/// folder.
pub(crate) fn snapshot(folder: &Path) -> Result<Option<PathBuf>> {
    let snapshots = folder.join("snapshots");
    if !(folder.join("blobs").is_dir() && snapshots.is_dir()) {
        return Ok(None);
    }
    let main = fs::read_to_string(folder.join("refs/main")).unwrap_or_default();
    let main = main.trim();
    let is_name = !main.is_empty() && main.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if is_name && snapshots.join(main).is_dir() {
        return Ok(Some(snapshots.join(main)));
    }
    let mut found = Vec::new();
    for entry in fs::read_dir(&snapshots).map_err(Error::io(&snapshots))? {
        found.push(entry.map_err(Error::io(&snapshots))?.path());
    }
    match found.as_slice() {
        [one] => Ok(Some(one.clone())),
        _ => Err(Error::input(
            folder,
            "a cache with several snapshots; give the one that is meant: snapshots/REVISION",
        )),
    }
}
