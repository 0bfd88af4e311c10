//! What a table says of the dataset it was made of, in its Parquet metadata.

use std::ops::Range;
use std::path::{Path, PathBuf};

use clearance_decode::Media;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::schema::{Holds, MediaColumn, Overrides};
use crate::source::{FileIdentity, Form, ParquetSource, PlannedFile};

/// The metadata's key.
pub(super) const KEY: &str = "clearance.fingerprints";
const FORMAT: &str = "clearance-fingerprints";
const VERSION: u32 = 4;
/// Tables without the column `declarations`, which are read all the same ...
const VERSION_WITHOUT_DECLARATIONS: u32 = 1;
/// ... as are those without the column `image_regions`.
const VERSION_WITHOUT_REGIONS: u32 = 2;
/// ... and those without the column `image_tones`.
const VERSION_WITHOUT_TONES: u32 = 3;
/// A row group of more rows is a mistake of the header's.
const MOST_ROWS: u64 = 1 << 30;

/// A dataset, as the table stands for it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Header {
    format: String,
    version: u32,
    /// Parameter sets of the fingerprints.
    params: Vec<String>,
    /// Whether texts are in the table.
    pub(super) texts: bool,
    pub(super) files: Vec<HeaderFile>,
}

/// A file of the dataset.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct HeaderFile {
    name: String,
    #[serde(flatten)]
    identity: FileIdentity,
    damage: Option<String>,
    columns: Vec<HeaderColumn>,
    pub(super) units: Vec<HeaderUnit>,
}

/// A column that holds items.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct HeaderColumn {
    name: String,
    media: Option<Media>,
    because: String,
}

/// A row group of the file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct HeaderUnit {
    pub(super) rows: u64,
    /// How many of them could be read, and why not all.
    pub(super) rows_read: u64,
    pub(super) damage: Option<String>,
    /// Row groups of the table that hold its items.
    pub(super) groups: u64,
    /// Items by what became of them.
    pub(super) examined: u64,
    pub(super) unreadable: u64,
    pub(super) skipped: u64,
}

impl Header {
    pub(super) fn new(texts: bool, files: &[PlannedFile]) -> Self {
        let column = |column: &MediaColumn| HeaderColumn {
            name: column.name.clone(),
            media: column.media,
            because: column.because.clone(),
        };
        let files = files.iter().map(|file| HeaderFile {
            name: file.name.clone(),
            identity: file.identity.clone(),
            damage: file.damage.clone(),
            columns: file.columns.iter().map(column).collect(),
            units: Vec::new(),
        });
        Self {
            format: FORMAT.to_owned(),
            version: VERSION,
            params: params(),
            texts,
            files: files.collect(),
        }
    }

    fn check(&self, path: &Path) -> Result<()> {
        let is_known = (VERSION_WITHOUT_DECLARATIONS..=VERSION).contains(&self.version);
        if self.format != FORMAT || !is_known {
            let detail = format!(
                "a fingerprint table in the form {} {}; this program reads {FORMAT} {VERSION}",
                self.format, self.version
            );
            return Err(Error::input(path, detail));
        }
        if self.params != params() {
            let detail = format!(
                "fingerprints of {} cannot be compared with those of {}: make the table again with clearance fingerprint",
                self.params.join(", "),
                params().join(", ")
            );
            return Err(Error::input(path, detail));
        }
        let units = self.files.iter().flat_map(|file| &file.units);
        if units.into_iter().any(|unit| unit.rows > MOST_ROWS) {
            return Err(Error::input(path, "a row group of impossible size"));
        }
        Ok(())
    }
}

fn params() -> Vec<String> {
    let names = clearance_index::params();
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// Where a dataset file's items stand in a table.
#[derive(Clone, Debug)]
pub(crate) struct PrintedFile {
    pub(super) table: PathBuf,
    /// Whether the table says what items declare about their own use.
    pub(crate) has_declarations: bool,
    /// Whether it says what rectangles pictures hold.
    pub(crate) has_regions: bool,
    /// Whether it has the tones of pictures.
    pub(crate) has_tones: bool,
    /// What tells this version of the table from another, for scans that are continued.
    #[expect(dead_code, reason = "compared as a whole, in its debug form")]
    identity: FileIdentity,
    pub(super) units: Vec<PrintedUnit>,
}

/// A row group of the dataset file.
#[derive(Clone, Debug)]
pub(super) struct PrintedUnit {
    pub(super) groups: Range<usize>,
    pub(super) rows_read: u64,
    pub(super) damage: Option<String>,
}

/// The files of the dataset that the table at `path` was made of; `None` for any other file.
pub(crate) fn planned(
    path: &Path,
    identity: &FileIdentity,
    overrides: &Overrides,
) -> Result<Option<Vec<PlannedFile>>> {
    let text = clearance_decode::guard(|| {
        let source = ParquetSource::open(path)?;
        Ok(source.key_value(KEY).map(str::to_owned))
    });
    let Ok(Some(text)) = text else {
        return Ok(None);
    };
    let header: Header = serde_json::from_str(&text)
        .map_err(|error| Error::input(path, format!("the fingerprint table's header: {error}")))?;
    header.check(path)?;
    let version = header.version;
    let mut next = 0usize;
    let mut files = Vec::with_capacity(header.files.len());
    for file in header.files {
        let mut planned = planned_file(path, identity, overrides, file, &mut next)?;
        if let Some(printed) = &mut planned.printed {
            printed.has_declarations = version > VERSION_WITHOUT_DECLARATIONS;
            printed.has_regions = version > VERSION_WITHOUT_REGIONS;
            printed.has_tones = version > VERSION_WITHOUT_TONES;
        }
        files.push(planned);
    }
    Ok(Some(files))
}

fn planned_file(
    path: &Path,
    identity: &FileIdentity,
    overrides: &Overrides,
    file: HeaderFile,
    next: &mut usize,
) -> Result<PlannedFile> {
    let column = |column: HeaderColumn| MediaColumn {
        name: column.name,
        index: 0,
        holds: Holds::File,
        media: column.media,
        list: false,
        because: column.because,
    };
    let columns: Vec<MediaColumn> = file.columns.into_iter().map(column).collect();
    if let Some(column) = columns.iter().find(|c| overrides.contains_key(&c.name)) {
        return Err(Error::Column {
            column: column.name.clone(),
            detail: "what it holds was decided when the fingerprint table was made".to_owned(),
        });
    }
    let row_groups = file.units.iter().map(|unit| unit.rows).collect();
    let unit = |unit: HeaderUnit| {
        let first = *next;
        *next = first.saturating_add(unit.groups as usize);
        PrintedUnit {
            groups: first..*next,
            rows_read: unit.rows_read,
            damage: unit.damage,
        }
    };
    Ok(PlannedFile {
        origins: Vec::new(),
        path: path.to_owned(),
        name: file.name,
        schema: columns
            .iter()
            .map(|column| (column.name.clone(), "fingerprints".to_owned()))
            .collect(),
        columns,
        row_groups,
        identity: file.identity,
        damage: file.damage,
        remarks: Vec::new(),
        form: Form::Parquet,
        printed: Some(PrintedFile {
            table: path.to_owned(),
            has_declarations: false,
            has_regions: false,
            has_tones: false,
            identity: identity.clone(),
            units: file.units.into_iter().map(unit).collect(),
        }),
    })
}
