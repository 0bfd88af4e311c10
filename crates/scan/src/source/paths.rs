//! Paths in a dataset's cells, which strangers wrote.

use std::path::{Component, Path, PathBuf};

use crate::remote;

/// The file that a cell's path means: below the dataset's folder, or below one
/// of the folders the user named. The error says why there is none.
pub(crate) fn resolve(path: &str, dataset: &Path, roots: &[PathBuf]) -> Result<PathBuf, String> {
    let relative = Path::new(path);
    if !is_inside(path)? {
        // A dataset must not make the scanner read the rest of the machine.
        let named = roots.iter().any(|root| relative.starts_with(root))
            && !relative
                .components()
                .any(|part| part == Component::ParentDir);
        if named {
            return Ok(relative.to_owned());
        }
        return Err(format!(
            "missing: {path:?} leads out of the dataset's folder; --media-root DIR allows another"
        ));
    }
    let found = beside(relative, dataset, roots);
    found.ok_or_else(|| format!("missing: no file {path:?} beside the dataset"))
}

/// The same for a dataset behind an address: a file in one of the folders the user named, or else
/// what is behind an address below that of the dataset's folder.
pub(crate) fn resolve_remote(
    path: &str,
    dataset: &Path,
    roots: &[PathBuf],
) -> Result<PathBuf, String> {
    if !is_inside(path)? {
        return resolve(path, Path::new(""), roots);
    }
    let relative = Path::new(path);
    let local = roots
        .iter()
        .map(|root| root.join(relative))
        .find(|path| path.is_file());
    Ok(local.unwrap_or_else(|| remote::join(dataset, path)))
}

/// Whether a path leads below wherever it begins.
fn is_inside(path: &str) -> Result<bool, String> {
    if path.is_empty() {
        return Err("missing: the path is empty".to_owned());
    }
    if path.contains('\0') {
        return Err("missing: the path holds a zero byte".to_owned());
    }
    let mut parts = Path::new(path).components();
    Ok(parts.all(|part| matches!(part, Component::Normal(_) | Component::CurDir)))
}

fn beside(relative: &Path, dataset: &Path, roots: &[PathBuf]) -> Option<PathBuf> {
    let places = std::iter::once(dataset).chain(roots.iter().map(PathBuf::as_path));
    places
        .map(|root| root.join(relative))
        .find(|path| path.is_file())
}
