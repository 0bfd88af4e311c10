//! Paths in a dataset's cells, which strangers wrote.

use std::path::{Component, Path, PathBuf};

/// The file that a cell's path means: below the dataset's folder, or below one
/// of the folders the user named. The error says why there is none.
pub(crate) fn resolve(path: &str, dataset: &Path, roots: &[PathBuf]) -> Result<PathBuf, String> {
    if path.is_empty() {
        return Err("missing: the path is empty".to_owned());
    }
    if path.contains('\0') {
        return Err("missing: the path holds a zero byte".to_owned());
    }
    let relative = Path::new(path);
    let inside = relative
        .components()
        .all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    if !inside {
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
    let places = std::iter::once(dataset).chain(roots.iter().map(PathBuf::as_path));
    let found = places
        .map(|root| root.join(relative))
        .find(|path| path.is_file());
    found.ok_or_else(|| format!("missing: no file {path:?} beside the dataset"))
}
