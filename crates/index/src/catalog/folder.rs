//! A folder of media: one work a file, named by the file's stem.

use std::path::{Path, PathBuf};

use clearance_rights::Work;

use super::{AssetSource, CatalogRow, Reject, Rows, name};
use crate::error::{Error, Result};

/// Folders nested deeper than this are refused: links can make circles.
const DEEPEST: usize = 64;

pub(super) fn open(folder: &Path) -> Result<Rows> {
    let mut files = Vec::new();
    collect(folder, 0, &mut files)?;
    files.sort();
    if files.is_empty() {
        return Err(Error::catalog(folder, "no files in this folder"));
    }
    let catalog = name(folder);
    Ok(Box::new(
        files.into_iter().map(move |file| row(&catalog, file)),
    ))
}

fn row(catalog: &str, file: PathBuf) -> std::result::Result<CatalogRow, Reject> {
    let stem = file
        .file_stem()
        .map(|stem| stem.to_string_lossy().into_owned());
    let work_id = stem.filter(|stem| !stem.is_empty()).ok_or_else(|| Reject {
        catalog: catalog.to_owned(),
        line: 0,
        work_id: None,
        path: Some(file.display().to_string()),
        reason: "the file has no name".to_owned(),
    })?;
    Ok(CatalogRow {
        line: 0,
        work: Work::new(work_id),
        asset: AssetSource::Files(vec![file]),
        media: None,
        role: "master".to_owned(),
        reservation: None,
        license: None,
    })
}

fn collect(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> Result<()> {
    if depth > DEEPEST {
        return Err(Error::catalog(
            folder,
            format!("folders are nested deeper than {DEEPEST}"),
        ));
    }
    for found in std::fs::read_dir(folder).map_err(Error::io(folder))? {
        let found = found.map_err(Error::io(folder))?;
        if found.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        let path = found.path();
        if path.is_dir() {
            collect(&path, depth + 1, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}
