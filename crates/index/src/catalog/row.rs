//! Named cells to a [`CatalogRow`].

mod rights;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clearance_decode::Media;
use clearance_rights::{Identifier, IdentifierKind, Territory, Work};

use super::{AssetSource, CatalogRow, Reject, pattern};
use crate::error::one_line;
use rights::{read_license, read_reservation, read_rightsholders};

pub(super) use rights::derived_id;

/// Identifier columns.
const IDENTIFIERS: [(&str, IdentifierKind); 9] = [
    ("isrc", IdentifierKind::Isrc),
    ("iswc", IdentifierKind::Iswc),
    ("isbn", IdentifierKind::Isbn),
    ("isni", IdentifierKind::Isni),
    ("iscc", IdentifierKind::Iscc),
    ("doi", IdentifierKind::Doi),
    ("gtin", IdentifierKind::Gtin),
    ("eidr", IdentifierKind::Eidr),
    ("ipi", IdentifierKind::Ipi),
];
/// Every column that means something; others are kept as they are.
pub(super) const COLUMNS: [&str; 34] = [
    "work_id",
    "title",
    "creators",
    "rightsholder",
    "share",
    "media",
    "path",
    "text",
    "role",
    "territory",
    "reservation",
    "reserved_since",
    "reserved_until",
    "reservation_source",
    "reservation_evidence",
    "license_id",
    "licensee",
    "license_uses",
    "license_from",
    "license_until",
    "license_territory",
    "licensor",
    "license_derivatives",
    "license_price_class",
    "license_reference",
    "isrc",
    "iswc",
    "isbn",
    "isni",
    "iscc",
    "doi",
    "gtin",
    "eidr",
    "ipi",
];
/// Longest work id, in bytes.
const LONGEST_ID: usize = 1024;

/// What every row of one catalog shares.
pub(super) struct RowContext {
    name: String,
    folder: PathBuf,
}

impl RowContext {
    pub(super) fn new(path: &Path) -> Self {
        Self {
            name: super::name(path),
            folder: path.parent().map(Path::to_owned).unwrap_or_default(),
        }
    }

    /// The folder that the catalog's paths are relative to.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(super) fn reject(&self, line: u64, reason: impl Into<String>) -> Reject {
        Reject {
            catalog: self.name.clone(),
            line,
            work_id: None,
            path: None,
            reason: one_line(&reason.into()),
        }
    }
}

/// Builds a row; the first thing wrong with it rejects the line.
pub(super) fn to_row(
    context: &RowContext,
    line: u64,
    cells: Vec<(String, String)>,
) -> Result<CatalogRow, Reject> {
    let mut cells: Cells = cells.into_iter().collect();
    bound_to_content(&mut cells);
    let work_id = cells.remove("work_id");
    let row = match &work_id {
        None => Err("work_id is empty".to_owned()),
        Some(id) => check_id(id).and_then(|()| read_row(context, line, id, cells)),
    };
    row.map_err(|reason| Reject {
        work_id: work_id.filter(|id| id.len() <= LONGEST_ID),
        ..context.reject(line, reason)
    })
}

/// A declaration that names its work by an ISCC alone: the code is the work's id, the date of the
/// declaration that of its reservation, and the reference to its signature the evidence.
fn bound_to_content(cells: &mut Cells) {
    if cells.contains_key("work_id") {
        return;
    }
    let Some(code) = cells.get("iscc").cloned() else {
        return;
    };
    let code = Identifier::parse(IdentifierKind::Iscc, &code).map_or(code, |it| it.to_string());
    cells.insert("work_id".to_owned(), code);
    for (name, column) in [
        ("date", "reserved_since"),
        ("signature", "reservation_evidence"),
    ] {
        if !cells.contains_key(column)
            && let Some(value) = cells.remove(name)
        {
            cells.insert(column.to_owned(), value);
        }
    }
}

/// Whether a text may be a work's id.
pub(super) fn check_id(id: &str) -> Result<(), String> {
    if id.len() > LONGEST_ID || id.chars().any(char::is_control) {
        return Err(format!(
            "work_id is longer than {LONGEST_ID} bytes or has control characters"
        ));
    }
    Ok(())
}

type Cells = BTreeMap<String, String>;

fn read_row(
    context: &RowContext,
    line: u64,
    work_id: &str,
    mut cells: Cells,
) -> Result<CatalogRow, String> {
    let mut take = |name: &str| cells.remove(name);
    let media = take("media")
        .map(|media| media.to_lowercase().parse::<Media>())
        .transpose()
        .map_err(|error| error.to_string())?;
    let asset = read_asset(&context.folder, take("path"), take("text"))?;
    let role = take("role").unwrap_or_else(|| "master".to_owned());
    let territory: Territory = take("territory")
        .unwrap_or_default()
        .parse()
        .map_err(|error| format!("territory: {error}"))?;
    let reservation = read_reservation(work_id, &mut cells, &territory)?;
    let rightsholders = read_rightsholders(&mut cells)?;
    let license = read_license(work_id, &mut cells, territory, &rightsholders)?;
    let work = Work {
        rightsholders,
        ..read_work(work_id, cells)?
    };
    Ok(CatalogRow {
        line,
        work,
        asset,
        media,
        role,
        reservation,
        license,
    })
}

fn read_work(work_id: &str, mut cells: Cells) -> Result<Work, String> {
    let mut identifiers = Vec::new();
    for (name, kind) in IDENTIFIERS {
        for value in list(cells.remove(name)) {
            let identifier = Identifier::parse(kind, &value).map_err(|error| error.to_string())?;
            identifiers.push(identifier);
        }
    }
    Ok(Work {
        title: cells.remove("title"),
        creators: list(cells.remove("creators")),
        identifiers,
        extra: cells,
        ..Work::new(work_id)
    })
}

/// A cell with several values: separated by semicolons or bars.
fn list(cell: Option<String>) -> Vec<String> {
    let cell = cell.unwrap_or_default();
    let parts = cell.split([';', '|']).map(str::trim);
    parts
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

fn read_asset(
    folder: &Path,
    path: Option<String>,
    text: Option<String>,
) -> Result<AssetSource, String> {
    match (path, text) {
        (Some(_), Some(_)) => Err("a path and a text: one asset a line".to_owned()),
        (None, Some(text)) => Ok(AssetSource::Inline(text)),
        (None, None) => Ok(AssetSource::None),
        (Some(path), None) => files(folder, &path).map(AssetSource::Files),
    }
}

/// The files that a path or pattern names, in order.
fn files(folder: &Path, path: &str) -> Result<Vec<PathBuf>, String> {
    let full = folder.join(path);
    if full.exists() || !path.contains(['*', '?', '[']) {
        return Ok(vec![full]);
    }
    pattern::files(folder, path)
}
