//! Datasets described in Croissant (`MLCommons`, Croissant Format Specification 1.0): JSON-LD with a list of
//! files and patterns.

use std::fs::File;
use std::io::Read;
use std::path::{Component, Path, PathBuf};

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::expand::Found;
use super::form::named;
use super::links;
use crate::error::{Error, Result};

/// Longest description, in bytes.
const LONGEST: u64 = 64 << 20;

/// The files that a description names, all of them on this machine. `None` for what is no
/// description.
pub(crate) fn files(path: &Path) -> Result<Option<Vec<Found>>> {
    let is_json = path
        .extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("json"));
    if !is_json {
        return Ok(None);
    }
    let mut text = Vec::new();
    let file = File::open(path).map_err(Error::io(path))?;
    file.take(LONGEST)
        .read_to_end(&mut text)
        .map_err(Error::io(path))?;
    let Ok(Value::Object(description)) = serde_json::from_slice(&text) else {
        return Ok(None);
    };
    let is_croissant = texts(description.get("conformsTo"))
        .iter()
        .any(|it| it.contains("croissant"));
    let Some(Value::Array(distribution)) = description.get("distribution") else {
        return Ok(None);
    };
    if !is_croissant {
        return Ok(None);
    }
    let folder = path.parent().unwrap_or(Path::new(""));
    let described = Described { path, folder };
    let mut files = Vec::new();
    for part in distribution {
        let kinds = texts(part.get("@type"));
        if kinds.iter().any(|kind| kind.ends_with("FileSet")) {
            described.set(part, &mut files)?;
        } else if kinds.iter().any(|kind| kind.ends_with("FileObject")) {
            described.object(part, &mut files)?;
        }
    }
    if files.is_empty() {
        return Err(Error::input(path, "describes no file that holds rows"));
    }
    Ok(Some(files))
}

struct Described<'a> {
    path: &'a Path,
    folder: &'a Path,
}

impl Described<'_> {
    fn error(&self, detail: String) -> Error {
        Error::input(self.path, detail)
    }

    /// A file by its address.
    fn object(&self, part: &Value, files: &mut Vec<Found>) -> Result<()> {
        let format = part["encodingFormat"].as_str().unwrap_or_default();
        // A repository is where the other files are.
        if format.starts_with("git") {
            return Ok(());
        }
        let Some(address) = part["contentUrl"].as_str() else {
            return Ok(());
        };
        let is_remote = address.contains("://");
        let local = if is_remote {
            let path = address.split(['?', '#']).next().unwrap_or(address);
            path.rsplit('/').next().unwrap_or(path)
        } else {
            address
        };
        let file = self.folder.join(self.inside(local)?);
        if !file.is_file() {
            return Err(self.error(format!(
                "names {address:?}, which is not here; download it into the folder of the description"
            )));
        }
        if let Some(wanted) = part["sha256"].as_str().filter(|it| is_sha256(it)) {
            let found = sha256(&file)?;
            if !wanted.eq_ignore_ascii_case(&found) {
                return Err(self.error(format!(
                    "says that the SHA-256 of {local:?} is {wanted}, and it is {found}; get the file again"
                )));
            }
        }
        self.add(file, files)
    }

    /// Files by a pattern.
    fn set(&self, part: &Value, files: &mut Vec<Found>) -> Result<()> {
        let excluded: Vec<glob::Pattern> = texts(part.get("excludes"))
            .into_iter()
            .filter_map(|pattern| glob::Pattern::new(pattern).ok())
            .collect();
        for pattern in texts(part.get("includes")) {
            let below = self.inside(pattern)?;
            let escaped = glob::Pattern::escape(&self.folder.to_string_lossy());
            let whole = Path::new(&escaped).join(below);
            let found = glob::glob(&whole.to_string_lossy())
                .map_err(|error| self.error(format!("the pattern {pattern:?}: {error}")))?;
            let mut count = 0;
            for file in found {
                let file = file.map_err(|error| self.error(error.to_string()))?;
                let below = file.strip_prefix(self.folder).unwrap_or(&file);
                if !file.is_file() || excluded.iter().any(|it| it.matches_path(below)) {
                    continue;
                }
                self.add(file, files)?;
                count += 1;
            }
            if count == 0 {
                return Err(self.error(format!(
                    "no file here is like {pattern:?}; download the dataset into the folder of the description"
                )));
            }
        }
        Ok(())
    }

    fn add(&self, file: PathBuf, files: &mut Vec<Found>) -> Result<()> {
        let is_here = self.folder.as_os_str().is_empty();
        let within = links::within(if is_here { Path::new(".") } else { self.folder })?;
        let real = file.canonicalize().map_err(Error::io(&file))?;
        if !real.starts_with(&within) {
            let file = file.display();
            return Err(self.error(format!("names {file}, a link that leads out of the folder")));
        }
        let Some(promised) = named(&file) else {
            return Err(self.error(format!(
                "names {}, which is in no form that holds rows; unpack it and give the folder instead",
                file.display()
            )));
        };
        files.push(Found::new(file, Some(promised), false));
        Ok(())
    }

    /// A path that stays in the folder of the description.
    fn inside<'t>(&self, path: &'t str) -> Result<&'t Path> {
        let below = Path::new(path);
        let is_inside = below
            .components()
            .all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
        if is_inside && !path.contains('\0') && !path.is_empty() {
            Ok(below)
        } else {
            Err(self.error(format!("{path:?} leads out of the folder")))
        }
    }
}

/// One text or several.
fn texts(value: Option<&Value>) -> Vec<&str> {
    match value {
        Some(Value::String(text)) => vec![text],
        Some(Value::Array(values)) => values.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn is_sha256(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn sha256(path: &Path) -> Result<String> {
    let mut file = File::open(path).map_err(Error::io(path))?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = file.read(&mut buffer).map_err(Error::io(path))?;
        if read == 0 {
            break;
        }
        hasher.update(buffer.get(..read).unwrap_or_default());
    }
    let digits = hasher.finalize();
    let digit = |half: u8| char::from_digit(u32::from(half), 16).unwrap_or_default();
    let digits = digits
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]);
    Ok(digits.collect())
}

#[cfg(test)]
mod tests;
