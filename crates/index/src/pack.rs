//! Packs: registries to be given away, and several owners' packs in one registry (FORMAT.md, "Packs").
//!
//! A pack is a registry with a description beside its manifest. Statements in it are named after
//! whose they are, so that those of two owners about one work stand side by side in the registry
//! they are merged into, and a later pack of an owner replaces her own and nobody else's.

mod export;
mod merge;

use std::path::Path;

use clearance_rights::{License, Reservation, Rightsholder};
use serde::{Deserialize, Serialize};

pub use export::{ExportOptions, export_pack};
pub use merge::{MergedPacks, PackToMerge, merge_packs};

use crate::error::{Error, Result};
use crate::registry::LEDGER;
use crate::segment::records::{JOINT, WorkRecord};

/// Name of the description inside a pack.
pub(crate) const PACK: &str = "pack.json";
const FORMAT: &str = "clearance-pack";
const VERSION: u32 = 1;
/// Stands between an owner's name and that of her catalog.
const OF: &str = ": ";
/// Longest name of an owner, in bytes.
const LONGEST_NAME: usize = 100;
/// Descriptions have a few hundred bytes.
const MOST_BYTES: u64 = 64 << 10;

/// The contents of `pack.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackInfo {
    format: String,
    version: u32,
    /// Whose works these are.
    pub name: String,
    /// Nothing in it shows the works: no texts, no previews, no names of files.
    pub fingerprints_only: bool,
    /// Works in it.
    pub works: u64,
    /// Their assets.
    pub assets: u64,
    /// Works that the owner withdrew, by their ids alone.
    pub withdrawn: u64,
}

impl PackInfo {
    /// Reads the description of the pack in `folder`.
    pub fn read(folder: &Path) -> Result<Self> {
        let path = folder.join(PACK);
        let length = match std::fs::metadata(&path) {
            Ok(file) => file.len(),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let detail =
                    format!("no pack (no {PACK}): make one with clearance registry export");
                return Err(Error::Ledger {
                    path: folder.to_owned(),
                    detail,
                });
            }
            Err(error) => return Err(Error::io(&path)(error)),
        };
        if length > MOST_BYTES {
            return Err(Error::corrupt(&path, format!("{length} bytes long")));
        }
        let text = std::fs::read(&path).map_err(Error::io(&path))?;
        let value: serde_json::Value = serde_json::from_slice(&text)
            .map_err(|error| Error::corrupt(&path, error.to_string()))?;
        if value["format"] != FORMAT {
            return Err(Error::corrupt(&path, "not a clearance pack"));
        }
        let found = value["version"].as_u64().unwrap_or(0);
        if found != u64::from(VERSION) {
            return Err(Error::Version {
                path,
                found: u32::try_from(found).unwrap_or(u32::MAX),
                supported: VERSION,
            });
        }
        let info: Self = serde_json::from_value(value)
            .map_err(|error| Error::corrupt(&path, error.to_string()))?;
        check_name(&info.name).map_err(|detail| Error::corrupt(&path, detail))?;
        Ok(info)
    }
}

/// An owner's name stands in one line before a colon.
fn check_name(name: &str) -> std::result::Result<(), String> {
    let is_name = !name.is_empty()
        && name.trim() == name
        && name.len() <= LONGEST_NAME
        && !name.contains(':')
        && !name.contains(JOINT)
        && !name.contains(char::is_control);
    if is_name {
        return Ok(());
    }
    Err(format!(
        "a pack's name is 1 to {LONGEST_NAME} bytes in one line, without a colon and {JOINT:?}"
    ))
}

/// How a catalog is named in an owner's pack; of statements whose catalog is not known, too.
fn owned_name(name: &str, catalog: Option<&str>) -> String {
    format!("{name}{OF}{}", catalog.unwrap_or("registry"))
}

/// Whether a statement is in this owner's name.
fn is_owned(name: &str, catalog: &str) -> bool {
    catalog
        .strip_prefix(name)
        .is_some_and(|rest| rest.starts_with(OF))
}

/// A record with all of its statements in an owner's name. What she said of licenses one by one is
/// a catalog's word for others.
fn owned(record: &WorkRecord, name: &str, fingerprints_only: bool) -> WorkRecord {
    let mut record = record.clone();
    let renamed = |catalog: &Option<String>| Some(owned_name(name, catalog.as_deref()));
    for Rightsholder { source, .. } in &mut record.work.rightsholders {
        *source = renamed(source);
    }
    for Reservation { catalog, .. } in &mut record.reservations {
        *catalog = renamed(catalog);
    }
    for License {
        source, catalog, ..
    } in &mut record.licenses
    {
        *catalog = match source.take() {
            Some(stated) if stated == LEDGER => Some(owned_name(name, Some(LEDGER))),
            stated => {
                *source = stated;
                renamed(catalog)
            }
        };
    }
    if fingerprints_only {
        record.work.extra.clear();
    }
    let catalogs = record
        .catalogs()
        .map(|catalog| owned_name(name, Some(catalog)));
    record.source = catalogs.collect::<Vec<_>>().join(JOINT);
    record
}
