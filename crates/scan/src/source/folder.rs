//! A folder of media: a row a file, in the order of their paths, with the captions beside them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clearance_decode::{Media, Reason, Unreadable, media_of_name, sniff};

use super::cells::Payload;
use super::grouped::{GroupSurvey, GroupedRow, JSON, MOST_BESIDE_BYTES, too_long};
use super::rows::{Request, RowSource, RowsRead};
use super::survey::Kind;
use super::{DEEPEST, Detected, FileIdentity, Item, links};
use crate::error::{Error, Result};
use crate::schema::{ColumnOverride, Holds, MediaColumn, Overrides};

/// Rows of a chunk.
const CHUNK_ROWS: usize = 1024;
/// The column of the files.
const FILE: &str = "file";
/// Endings of files that describe another of the same name.
const BESIDE: [&str; 3] = ["txt", "caption", JSON];
/// Bytes of a file without a known ending that tell what it is.
const LOOKED_BYTES: u64 = 4096;

/// The files of a folder.
#[derive(Clone, Debug)]
pub(crate) struct FolderForm {
    rows: Vec<Row>,
    /// Columns named by endings; the others are keys of descriptions.
    endings: usize,
}

/// A file that is a row.
#[derive(Clone, Debug)]
struct Row {
    /// Below the folder, with `/` between its parts.
    path: Box<str>,
    /// Which of [`BESIDE`] are there.
    beside: [bool; BESIDE.len()],
    /// Whether it leads out of the folder.
    is_outside: bool,
}

/// What a folder holds.
pub(crate) struct SurveyedFolder {
    pub(crate) form: FolderForm,
    pub(crate) detected: Detected,
    pub(crate) rows: Vec<u64>,
    pub(crate) identity: FileIdentity,
    pub(crate) remarks: Vec<String>,
}

/// A file as it was found.
struct Found {
    path: PathBuf,
    bytes: u64,
    is_outside: bool,
}

/// Lists a folder. `None` when nothing in it is audio, a picture or text.
pub(crate) fn survey(folder: &Path, overrides: &Overrides) -> Result<Option<SurveyedFolder>> {
    let mut found = BTreeMap::new();
    let within = links::within(folder)?;
    list(folder, "", &within, 0, &mut found)?;
    let (rows, passed_over) = rows(&found);
    if rows.is_empty() {
        return Ok(None);
    }
    let mut survey = GroupSurvey::default();
    let mut known = BTreeSet::new();
    if let Some(place) = survey.files.column(FILE) {
        survey.files.count(place, Kind::Other);
    }
    for row in &rows {
        known.insert(media_of_name(&row.path));
        for (ending, path) in row.beside() {
            let head = read(&folder.join(path), MOST_BESIDE_BYTES).unwrap_or_default();
            survey.add(ending, &head);
        }
    }
    let endings = survey.files.names().count();
    let mut others = overrides.clone();
    let wanted = others.remove(FILE);
    let mut detected = survey.finish(&others)?;
    let known: Vec<Option<Media>> = known.into_iter().collect();
    let media = match (wanted, known.as_slice()) {
        (Some(ColumnOverride::Media(media)), _) => Some(media),
        (_, [media]) => *media,
        _ => None,
    };
    if wanted != Some(ColumnOverride::Ignore) {
        detected.put_first(MediaColumn {
            name: FILE.to_owned(),
            index: 0,
            holds: Holds::Path,
            media,
            list: false,
            because: "the files of the folder".to_owned(),
        });
    }
    let mut remarks = Vec::new();
    if passed_over > 0 {
        remarks.push(format!(
            "{passed_over} files are neither audio, nor pictures, nor text, and are not looked at"
        ));
    }
    let chunks = rows.chunks(CHUNK_ROWS).map(|rows| rows.len() as u64);
    Ok(Some(SurveyedFolder {
        rows: chunks.collect(),
        identity: identity(&found),
        form: FolderForm { rows, endings },
        detected,
        remarks,
    }))
}

/// The files below a folder by their paths, hidden ones left out.
fn list(
    folder: &Path,
    below: &str,
    within: &Path,
    depth: usize,
    found: &mut BTreeMap<String, Found>,
) -> Result<()> {
    if depth > DEEPEST {
        let detail = format!("folders are nested deeper than {DEEPEST}");
        return Err(Error::input(folder, detail));
    }
    for entry in std::fs::read_dir(folder).map_err(Error::io(folder))? {
        let entry = entry.map_err(Error::io(folder))?;
        let (path, name) = (entry.path(), entry.file_name());
        let name = name.to_string_lossy();
        if name.starts_with('.') {
            continue;
        }
        let below = if below.is_empty() {
            name.into_owned()
        } else {
            format!("{below}/{name}")
        };
        let is_outside = links::leads_out(&path, within);
        if path.is_dir() {
            if !is_outside {
                list(&path, &below, within, depth + 1, found)?;
            }
            continue;
        }
        let bytes = std::fs::metadata(&path).map_or(0, |metadata| metadata.len());
        found.insert(
            below,
            Found {
                path,
                bytes,
                is_outside,
            },
        );
    }
    Ok(())
}

/// The files that are rows, and how many are of no use.
fn rows(found: &BTreeMap<String, Found>) -> (Vec<Row>, u64) {
    let is_media = |path: &str, file: &Found| match media_of_name(path) {
        Some(media) => media != Media::Text,
        None => !file.is_outside && has_media(&file.path),
    };
    let media = found.iter().filter(|(path, file)| is_media(path, file));
    let media: BTreeSet<&str> = media.map(|(path, _)| path.as_str()).collect();
    let described: BTreeSet<&str> = media.iter().map(|path| stem(path)).collect();
    let (mut rows, mut passed_over) = (Vec::new(), 0);
    for (path, file) in found {
        let is_item = media.contains(path.as_str());
        let (before, ending) = (stem(path), path.rsplit('.').next().unwrap_or_default());
        let is_beside = BESIDE.contains(&ending) && described.contains(before);
        if !is_item && is_beside {
            continue;
        }
        if !is_item && media_of_name(path) != Some(Media::Text) {
            passed_over += 1;
            continue;
        }
        let mut beside = [false; BESIDE.len()];
        if is_item {
            for (there, ending) in beside.iter_mut().zip(BESIDE) {
                let other = format!("{before}.{ending}");
                *there = found.get(&other).is_some_and(|file| !file.is_outside);
            }
        }
        rows.push(Row {
            path: path.as_str().into(),
            beside,
            is_outside: file.is_outside,
        });
    }
    (rows, passed_over)
}

/// A path without its last ending.
fn stem(path: &str) -> &str {
    let name = path.rfind('/').map_or(0, |at| at + 1);
    match path.get(name..).and_then(|name| name.rfind('.')) {
        Some(at) if at > 0 => path.get(..name + at).unwrap_or(path),
        _ => path,
    }
}

/// Whether the first bytes of a file are those of a recording or picture.
fn has_media(path: &Path) -> bool {
    let head = read(path, LOOKED_BYTES).unwrap_or_default();
    let format = sniff(&head, None);
    format.is_some_and(|format| format.media() != Media::Text)
}

/// The first bytes of a plain file.
fn read(path: &Path, most: u64) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    // Opening a pipe would wait for its writer.
    if std::fs::metadata(path)?.is_file() {
        File::open(path)?.take(most).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

/// Names and lengths tell one version of a folder from another; its contents are digested once it was
/// scanned.
fn identity(found: &BTreeMap<String, Found>) -> FileIdentity {
    let mut hasher = blake3::Hasher::new();
    let mut bytes = 0u64;
    for (path, file) in found {
        hasher.update(path.as_bytes()).update(&[0]);
        hasher.update(&file.bytes.to_le_bytes());
        bytes = bytes.saturating_add(file.bytes);
    }
    FileIdentity {
        bytes,
        footer_blake3: hasher.finalize().to_hex().to_string(),
        version: None,
    }
}

impl Row {
    /// The files that describe this one: their endings and paths.
    fn beside(&self) -> impl Iterator<Item = (&'static str, String)> + '_ {
        let there = BESIDE.into_iter().zip(self.beside);
        let there = there.filter(|(_, there)| *there);
        there.map(|(ending, _)| (ending, format!("{}.{ending}", stem(&self.path))))
    }
}

impl FolderForm {
    /// Paths of the rows' files, below the folder.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &str> {
        self.rows.iter().map(|row| &*row.path)
    }

    /// BLAKE3 over the names and contents of the rows' files and of what stands beside them.
    pub(crate) fn digest(&self, folder: &Path) -> Result<[u8; 32]> {
        let mut hasher = blake3::Hasher::new();
        for row in &self.rows {
            let beside = row.beside().map(|(_, path)| path);
            for path in std::iter::once(row.path.to_string()).chain(beside) {
                hasher.update(path.as_bytes()).update(&[0]);
                if !row.is_outside {
                    hasher.update(&crate::digests::file_digest(&folder.join(&path))?);
                }
            }
        }
        Ok(*hasher.finalize().as_bytes())
    }
}

/// A folder whose files are read.
pub(crate) struct FolderSource {
    folder: PathBuf,
    form: Arc<FolderForm>,
}

impl FolderSource {
    pub(crate) fn new(folder: &Path, form: &Arc<FolderForm>) -> Self {
        Self {
            folder: folder.to_owned(),
            form: Arc::clone(form),
        }
    }

    fn read_row(
        &self,
        row: &Row,
        open: &mut GroupedRow<'_>,
        item_bytes: u64,
        visit: &mut dyn FnMut(Item),
    ) {
        if let Some(place) = open.column(FILE) {
            let payload = if row.is_outside {
                Payload::Left("a link that leads out of the folder".to_owned())
            } else {
                Payload::Path(row.path.to_string())
            };
            open.add_payload(place, payload, visit);
        }
        let most = item_bytes.min(MOST_BESIDE_BYTES);
        for (ending, path) in row.beside() {
            if !open.is_wanted(ending) {
                continue;
            }
            match read(&self.folder.join(&path), most.saturating_add(1)) {
                Ok(bytes) if bytes.len() as u64 > most => {
                    if let Some(place) = open.column(ending) {
                        open.add_payload(place, too_long(bytes.len() as u64, most), visit);
                    }
                }
                Ok(bytes) => open.add(ending, &path, bytes, visit),
                Err(error) => {
                    let reason = Unreadable::new(Reason::Io, error.kind().to_string());
                    if let Some(place) = open.column(ending) {
                        open.add_payload(place, Payload::Broken(reason), visit);
                    }
                }
            }
        }
    }
}

impl RowSource for FolderSource {
    fn read(
        &mut self,
        request: &Request<'_>,
        visit: &mut dyn FnMut(Item),
    ) -> std::result::Result<RowsRead, Unreadable> {
        let first = usize::try_from(request.unit.first_row).unwrap_or(usize::MAX);
        let wanted = self.form.rows.iter().skip(first);
        let mut rows = 0;
        for row in wanted {
            if !request.goes_on(rows) {
                break;
            }
            let number = request.unit.first_row + rows;
            let columns = &request.file.columns;
            let mut open = GroupedRow::new(number, columns, self.form.endings);
            self.read_row(row, &mut open, request.item_bytes, visit);
            open.finish(visit);
            rows += 1;
            (request.count_rows)(1);
        }
        Ok((rows, None))
    }
}
