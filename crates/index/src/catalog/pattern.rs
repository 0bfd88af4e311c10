//! The files that a path with wildcards names.

use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};

use glob::Pattern;

/// A pattern that fits more files than this is a mistake.
const MOST_FILES: usize = 100_000;
/// Names that are looked at for one pattern, in all folders together. A pattern that leads out of
/// the catalog's folder would otherwise read the whole disk, and a circle of links for ever.
const MOST_NAMES: usize = 1_000_000;

/// The files that a pattern names, in order. Patterns are those of the `glob` crate: `*`, `?` and
/// `[a-z]` within a name, and `**` for any number of folders.
pub(super) fn files(folder: &Path, pattern: &str) -> Result<Vec<PathBuf>, String> {
    let mut files = Walk::new(pattern, MOST_NAMES)?.run(folder)?;
    files.sort();
    if files.is_empty() {
        return Err(format!("no file fits {pattern:?}"));
    }
    Ok(files)
}

/// One part of a pattern between separators.
enum Part<'a> {
    /// A plain name, `..`, or the root of a file system.
    Name(&'a OsStr),
    /// Names that fit.
    Fitting(Pattern),
    /// The folder itself and all below it.
    Folders,
}

struct Walk<'a> {
    pattern: &'a str,
    parts: Vec<Part<'a>>,
    names_left: usize,
}

impl<'a> Walk<'a> {
    fn new(pattern: &'a str, most_names: usize) -> Result<Self, String> {
        let mut parts = Vec::new();
        for part in Path::new(pattern).components() {
            let name = part.as_os_str();
            let text = name.to_string_lossy();
            parts.push(match part {
                Component::Normal(_) if text == "**" => {
                    // Two of them in a row are as good as one, and find everything twice.
                    if matches!(parts.last(), Some(Part::Folders)) {
                        continue;
                    }
                    Part::Folders
                }
                Component::Normal(_) if text.contains(['*', '?', '[']) => {
                    Part::Fitting(Pattern::new(&text).map_err(|error| format!("path: {error}"))?)
                }
                Component::CurDir => continue,
                _ => Part::Name(name),
            });
        }
        Ok(Self {
            pattern,
            parts,
            names_left: most_names,
        })
    }

    fn run(mut self, folder: &Path) -> Result<Vec<PathBuf>, String> {
        let mut found = Vec::new();
        let mut open = vec![(folder.to_owned(), 0)];
        while let Some((path, at)) = open.pop() {
            self.look()?;
            match self.parts.get(at) {
                None if found.len() == MOST_FILES => {
                    return Err(format!(
                        "more than {MOST_FILES} files fit {:?}",
                        self.pattern
                    ));
                }
                None => found.push(path),
                Some(Part::Name(name)) => {
                    let path = path.join(name);
                    if path.symlink_metadata().is_ok() {
                        open.push((path, at + 1));
                    }
                }
                Some(Part::Fitting(_) | Part::Folders) => self.read(&path, at, &mut open)?,
            }
        }
        Ok(found)
    }

    /// Opens what is inside a folder, as far as the part at `at` wants it.
    fn read(
        &mut self,
        folder: &Path,
        at: usize,
        open: &mut Vec<(PathBuf, usize)>,
    ) -> Result<(), String> {
        let is_deep = matches!(self.parts.get(at), Some(Part::Folders));
        if is_deep {
            open.push((folder.to_owned(), at + 1));
        }
        let here = if folder.as_os_str().is_empty() {
            Path::new(".")
        } else {
            folder
        };
        if !here.is_dir() {
            return Ok(());
        }
        let unreadable = |error| format!("{}: {error}", here.display());
        for found in std::fs::read_dir(here).map_err(unreadable)? {
            self.look()?;
            let name = found.map_err(unreadable)?.file_name();
            let path = folder.join(&name);
            match self.parts.get(at) {
                Some(Part::Folders) if path.is_dir() => open.push((path, at)),
                Some(Part::Fitting(pattern))
                    if name.to_str().is_some_and(|name| pattern.matches(name)) =>
                {
                    open.push((path, at + 1));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Counts a name.
    fn look(&mut self) -> Result<(), String> {
        self.names_left = self.names_left.checked_sub(1).ok_or_else(|| {
            format!(
                "the pattern {:?} leads to more than {MOST_NAMES} names",
                self.pattern
            )
        })?;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
