//! The files behind an input: a file, a folder, a pattern, or a description of a dataset.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clearance_decode::{Media, media_of_name};

use super::form::{JsonForm, Named, json_form, named};
use super::{croissant, links};
use crate::error::{Error, Result};
use crate::remote;

/// Folders nested deeper than this are refused: links can make circles.
pub(crate) const DEEPEST: usize = 64;

/// A file or folder to plan.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) path: PathBuf,
    /// How reports name it.
    pub(crate) name: String,
    /// What its name promises; nothing for a folder of media.
    pub(crate) named: Option<Named>,
    /// Whether it was found in a folder rather than named by the user.
    pub(crate) is_searched: bool,
}

impl Found {
    pub(crate) fn new(path: PathBuf, named: Option<Named>, is_searched: bool) -> Self {
        let name = path.to_string_lossy().replace('\\', "/");
        Self {
            path,
            name,
            named,
            is_searched,
        }
    }

    /// A file that the user named. One of no known form is taken for Parquet, and then told to be
    /// none.
    fn given(path: PathBuf) -> Self {
        let promised = named(&path).unwrap_or(Named::Parquet);
        Self::new(path, Some(promised), false)
    }
}

/// What is behind an input.
#[derive(Debug, Default)]
pub(crate) struct Expanded {
    /// In the order of their paths.
    pub(crate) files: Vec<Found>,
    /// Files of the dataset that are not read, and why.
    pub(crate) passed_over: Vec<String>,
    /// Media files beside tables, which are read where a row names them.
    pub(crate) loose: Loose,
}

/// Media files that are no row of a table themselves.
#[derive(Clone, Debug, Default)]
pub(crate) struct Loose {
    /// How many there are.
    pub(crate) files: u64,
    /// One of them.
    pub(crate) first: Option<PathBuf>,
}

impl Loose {
    fn add(&mut self, path: &Path) {
        self.files += 1;
        if self.first.as_deref().is_none_or(|first| path < first) {
            self.first = Some(path.to_owned());
        }
    }

    /// Joins what was found behind another input.
    pub(crate) fn join(&mut self, other: Self) {
        let Some(first) = other.first else {
            return;
        };
        self.add(&first);
        self.files += other.files - 1;
    }
}

/// The files behind an input, in order: a file, a folder (searched recursively), a glob pattern, the
/// file of a Croissant description, or the same but for the last in an object store.
pub(crate) fn expand(input: &Path) -> Result<Expanded> {
    let mut expanded = Expanded::default();
    if remote::is_remote(input) {
        search_remote(input, &mut expanded)?;
    } else if input.is_dir() {
        search(input, &mut expanded)?;
    } else if input.exists() {
        match croissant::files(input)? {
            Some(files) => expanded.files.extend(files),
            None => expanded.files.push(Found::given(input.to_owned())),
        }
    } else if input.to_string_lossy().contains(['*', '?', '[']) {
        let pattern = input.to_string_lossy();
        // As in a shell, and as in folders: what begins with a dot is hidden.
        let visible = glob::MatchOptions {
            require_literal_leading_dot: true,
            ..glob::MatchOptions::new()
        };
        let paths = glob::glob_with(&pattern, visible)
            .map_err(|error| Error::input(input, error.to_string()))?;
        for path in paths {
            let path = path.map_err(|error| Error::input(input, error.to_string()))?;
            if path.is_dir() {
                search(&path, &mut expanded)?;
            } else {
                expanded.files.push(Found::given(path));
            }
        }
    } else {
        return Err(Error::io(input)(std::io::ErrorKind::NotFound.into()));
    }
    let files = &mut expanded.files;
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files.dedup_by(|a, b| a.path == b.path);
    if files.is_empty() {
        let detail = "no dataset here: no Parquet, Arrow, JSON Lines, CSV, TSV or tar file";
        let input = PathBuf::from(remote::input_name(input));
        return Err(Error::input(&input, detail));
    }
    Ok(expanded)
}

/// The tables and archives below a folder; the folder itself where there are none.
fn search(folder: &Path, expanded: &mut Expanded) -> Result<()> {
    let snapshot = links::snapshot(folder)?;
    let folder = snapshot.as_deref().unwrap_or(folder);
    let within = if links::is_snapshot(folder) {
        Some(links::within(folder)?)
    } else {
        None
    };
    let (mut files, mut loose) = (Vec::new(), Loose::default());
    collect(folder, within.as_deref(), 0, &mut files, &mut loose)?;
    if files.is_empty() {
        expanded
            .files
            .push(Found::new(folder.to_owned(), None, true));
        return Ok(());
    }
    expanded.loose.join(loose);
    take(files, expanded);
    Ok(())
}

/// The tables and archives at an address.
fn search_remote(input: &Path, expanded: &mut Expanded) -> Result<()> {
    let Some(address) = input.to_str() else {
        return Err(Error::input(input, "an address that is not UTF-8"));
    };
    let (mut files, mut loose) = (Vec::new(), Loose::default());
    for listed in remote::list(address)? {
        let path = PathBuf::from(&listed.address);
        let Some(below) = &listed.below else {
            expanded.files.push(Found::given(path));
            continue;
        };
        if below.split('/').any(|part| part.starts_with('.')) {
            continue;
        }
        match named(&path) {
            Some(promised) if is_table(&path, promised)? => {
                files.push(Found::new(path, Some(promised), true));
            }
            None if is_media(&path) => loose.add(&path),
            _ => {}
        }
    }
    if files.is_empty() && loose.files > 0 {
        let detail = "media files without a table or archive; folders of media are scanned on this machine alone: download it";
        return Err(Error::input(input, detail));
    }
    expanded.loose.join(loose);
    take(files, expanded);
    Ok(())
}

fn is_media(path: &Path) -> bool {
    let media = media_of_name(&path.to_string_lossy());
    matches!(media, Some(Media::Audio | Media::Image))
}

/// Takes the files of a folder, but for those that say the same as another.
fn take(files: Vec<Found>, expanded: &mut Expanded) {
    // img2dataset writes what it knows of a shard beside it, and once more into it.
    let archives: BTreeSet<PathBuf> = files
        .iter()
        .filter(|file| matches!(file.named, Some(Named::Tar(_))))
        .map(|file| before_dot(&file.path))
        .collect();
    let is_twice = |file: &Found| {
        file.named == Some(Named::Parquet) && archives.contains(&before_dot(&file.path))
    };
    let (twice, files): (Vec<Found>, Vec<Found>) = files.into_iter().partition(is_twice);
    let said = twice
        .into_iter()
        .map(|file| format!("{}: describes the archive of the same name", file.name));
    expanded.passed_over.extend(said);
    expanded.files.extend(files);
}

/// A path up to the first dot of its last part.
fn before_dot(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let stem = name.split('.').next().unwrap_or_default();
    path.with_file_name(stem)
}

fn collect(
    folder: &Path,
    within: Option<&Path>,
    depth: usize,
    files: &mut Vec<Found>,
    loose: &mut Loose,
) -> Result<()> {
    if depth > DEEPEST {
        return Err(Error::input(
            folder,
            format!("folders are nested deeper than {DEEPEST}"),
        ));
    }
    for found in std::fs::read_dir(folder).map_err(Error::io(folder))? {
        let path = found.map_err(Error::io(folder))?.path();
        let hidden = path
            .file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if hidden {
            continue;
        }
        let is_folder = path.is_dir();
        let promised = named(&path);
        if !is_folder && promised.is_none() {
            if is_media(&path) {
                loose.add(&path);
            }
            continue;
        }
        if within.is_some_and(|within| links::leads_out(&path, within)) {
            let detail =
                "leads out of the cache that it is in, or to nothing; download the dataset again";
            return Err(Error::input(&path, detail));
        }
        if is_folder {
            collect(&path, within, depth + 1, files, loose)?;
        } else if let Some(promised) = promised
            && is_table(&path, promised)?
        {
            files.push(Found::new(path, Some(promised), true));
        }
    }
    Ok(())
}

/// Whether a file holds rows, as far as its name leaves that open.
fn is_table(path: &Path, promised: Named) -> Result<bool> {
    match promised {
        Named::Json(codec) => {
            let form = json_form(path, codec);
            remote::check([path])?;
            let form = form.map_err(Error::io(path))?;
            Ok(matches!(form, JsonForm::Lines | JsonForm::Array))
        }
        _ => Ok(true),
    }
}
