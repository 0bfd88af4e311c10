//! Files about places: tables of patterns, snapshots of the files at the root of sites, WARC files.
//!
//! What the files mean is `clearance_rights::places`; here they are found, opened and taken apart.
//! A snapshot's place and day are those of its folder (`layout`), of a record in a WARC file those that
//! the record names. Nothing is dropped silently: whatever is not understood is listed with its file,
//! its line and the reason.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use clearance_decode::{XmlElement, guard, read_xml};
use clearance_rights::places::{
    PlaceDocument, RslElement, read_ai_txt, read_robots, read_rsl, read_tdmrep,
};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

mod layout;
mod table;
#[cfg(test)]
mod tests;
mod warc;

use layout::{Kind, Site};

/// Longest single file of a site that is read, in bytes.
const SITE_FILE_BYTES_MAX: u64 = 16 << 20;
/// Folders nested deeper than this are refused: links can make circles.
const DEEPEST: usize = 64;
/// Parts that are listed as not understood; further ones are counted.
const REJECTS_MAX: usize = 100_000;
/// Statements that are read in all. What lays them out counts with 32 bits.
const STATEMENTS_MAX: usize = 20_000_000;
/// Length of all patterns in them.
const PATTERN_BYTES_MAX: usize = 2 << 30;

/// A file about places that was read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceFile {
    /// Its path, as it was given or below what was given.
    pub file: String,
    /// Length in bytes.
    pub bytes: u64,
    /// BLAKE3 of the whole file, hexadecimal.
    pub blake3: String,
    /// Statements in it: rules, and lines about crawling.
    pub statements: u64,
    /// Parts that were not understood.
    pub rejected: u64,
}

/// A part of a file about places that was not understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceTrouble {
    /// The file.
    pub file: String,
    /// The line, or the number of the record or entry, from 1; 0 for the file as a whole.
    pub line: u64,
    /// Why.
    pub reason: String,
}

/// What files say about places.
#[derive(Clone, Debug, Default)]
pub struct PlaceSources {
    /// What each document says, in order of the files.
    pub documents: Vec<PlaceDocument>,
    /// The files, in order of their names.
    pub files: Vec<PlaceFile>,
    /// What was not understood, at most 100,000 parts.
    pub rejects: Vec<PlaceTrouble>,
    /// All parts that were not understood.
    pub rejected: u64,
    /// All statements.
    pub statements: u64,
    digest: blake3::Hasher,
    /// Names of headers in WARC files that said something.
    answered: BTreeSet<String>,
    pattern_bytes: usize,
}

impl PlaceSources {
    /// Names these files, whatever folder they are in: a digest over their contents, and over the
    /// places and days that their names state. 64 hexadecimal digits.
    pub fn digest(&self) -> String {
        self.digest.finalize().to_hex().to_string()
    }

    fn reject(&mut self, line: u64, reason: impl Into<String>) {
        let Some(file) = self.files.last_mut() else {
            return;
        };
        file.rejected += 1;
        self.rejected += 1;
        if self.rejects.len() < REJECTS_MAX {
            self.rejects.push(PlaceTrouble {
                file: file.file.clone(),
                line,
                reason: reason.into(),
            });
        }
    }

    /// Adds a document, if it says or could not be understood to say anything. `at` is the record that
    /// it stands in, where its own lines are not the file's.
    fn add(&mut self, mut document: PlaceDocument, at: Option<u64>) {
        for reject in std::mem::take(&mut document.rejects) {
            match at {
                Some(record) if reject.line > 0 => {
                    let reason = format!("line {} of it: {}", reject.line, reject.reason);
                    self.reject(record, reason);
                }
                Some(record) => self.reject(record, reject.reason),
                None => self.reject(u64::from(reject.line), reject.reason),
            }
        }
        let patterns = document.rules.iter().map(|rule| rule.path.as_str().len());
        self.pattern_bytes += patterns.sum::<usize>();
        let statements = document.len() as u64;
        if let Some(file) = self.files.last_mut() {
            file.statements += statements;
        }
        self.statements += statements;
        self.documents.push(document);
    }
}

/// Reads files about places, and all such files in folders.
///
/// # Errors
///
/// [`Error::Io`] for a path that cannot be read, [`Error::Catalog`] for one in which nothing is about
/// places, and for more than twenty million statements.
pub fn read_places(paths: &[PathBuf]) -> Result<PlaceSources> {
    let mut found: Vec<PathBuf> = Vec::new();
    for path in paths {
        let before = found.len();
        if fs::metadata(path).map_err(Error::io(path))?.is_dir() {
            collect(path, 0, &mut found)?;
        } else {
            found.push(path.clone());
        }
        if found.len() == before {
            return Err(Error::catalog(path, "no files in this folder"));
        }
    }
    found.sort();
    found.dedup();
    let mut sources = PlaceSources::default();
    for path in &found {
        read_file(path, &mut sources)?;
        let is_too_much = sources.pattern_bytes > PATTERN_BYTES_MAX;
        if sources.statements > STATEMENTS_MAX as u64 || is_too_much {
            let detail = format!(
                "more than {STATEMENTS_MAX} statements about places, or {PATTERN_BYTES_MAX} bytes of patterns"
            );
            return Err(Error::catalog(path, detail));
        }
    }
    if sources.documents.is_empty() {
        let first = paths.first().map_or(Path::new(""), PathBuf::as_path);
        let reason = sources.rejects.first().map_or("", |it| it.reason.as_str());
        let detail =
            format!("nothing in it is about places ({reason}); see the README for what is");
        return Err(Error::catalog(first, detail));
    }
    Ok(sources)
}

fn collect(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> Result<()> {
    if depth > DEEPEST {
        let detail = format!("folders are nested deeper than {DEEPEST}");
        return Err(Error::catalog(folder, detail));
    }
    for found in fs::read_dir(folder).map_err(Error::io(folder))? {
        let path = found.map_err(Error::io(folder))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        // The folder of well-known files begins with a dot, others are hidden.
        if name.starts_with('.') && name != ".well-known" {
            continue;
        }
        if path.is_dir() {
            collect(&path, depth + 1, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

fn read_file(path: &Path, sources: &mut PlaceSources) -> Result<()> {
    let file = File::open(path).map_err(Error::io(path))?;
    let bytes = file.metadata().map_err(Error::io(path))?.len();
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(file).map_err(Error::io(path))?;
    let blake3 = hasher.finalize().to_hex().to_string();
    let kind = layout::kind(path);
    // A table's name is in what findings say; of a site's file, its folders are.
    let named = match &kind {
        Ok(Kind::Site(site)) => site.place(),
        _ => crate::catalog::name(path),
    };
    sources.digest.update(named.as_bytes()).update(&[0]);
    sources.digest.update(blake3.as_bytes()).update(&[0]);
    sources.files.push(PlaceFile {
        file: path.to_string_lossy().replace('\\', "/"),
        bytes,
        blake3,
        ..PlaceFile::default()
    });
    match kind {
        Ok(Kind::Table) => table::read(path, sources),
        Ok(Kind::Warc { is_packed }) => {
            let file = File::open(path).map_err(Error::io(path))?;
            warc::read(BufReader::with_capacity(1 << 16, file), is_packed, sources);
            Ok(())
        }
        Ok(Kind::Site(site)) => {
            let mut contents = Vec::new();
            File::open(path)
                .and_then(|file| file.take(SITE_FILE_BYTES_MAX).read_to_end(&mut contents))
                .map_err(Error::io(path))?;
            if bytes > SITE_FILE_BYTES_MAX {
                let reason = format!("only {SITE_FILE_BYTES_MAX} bytes of it are read");
                sources.reject(0, reason);
            }
            let document = site_document(&site, &contents);
            sources.add(document, None);
            Ok(())
        }
        Err(reason) => {
            sources.reject(0, reason);
            Ok(())
        }
    }
}

/// What a file of a site says. A parser that stops in the middle is trouble with this file alone.
fn site_document(site: &Site, contents: &[u8]) -> PlaceDocument {
    let (host, place) = (site.host.as_str(), site.address());
    let read = guard(|| {
        Ok(match site.file {
            layout::SiteFile::Robots => read_robots(contents, host, &place),
            layout::SiteFile::Tdmrep => read_tdmrep(contents, host, &place),
            layout::SiteFile::AiTxt => read_ai_txt(contents, host, &place),
            layout::SiteFile::Rsl => match read_xml(contents) {
                Ok(root) => read_rsl(Ok(&rsl_element(root)), &place, &place),
                Err(error) => read_rsl(Err(&error.to_string()), &place, &place),
            },
        })
    });
    let document = read.unwrap_or_else(|error| {
        // Whatever it said, it counts as terms that nobody can read.
        read_rsl(Err(&error.to_string()), &place, &place)
    });
    document.named(&place).dated(site.date)
}

/// The same tree; `clearance-decode` and `clearance-rights` do not know each other.
fn rsl_element(element: XmlElement) -> RslElement {
    RslElement {
        name: element.name,
        namespace: element.namespace,
        attributes: element.attributes,
        text: element.text,
        children: element.children.into_iter().map(rsl_element).collect(),
    }
}
