//! Changes of single works and licenses.
//!
//! Each writes new records of the works concerned in a segment of its own: what was said before
//! stays readable, and [`Snapshot::open_at`](super::Snapshot::open_at) finds it.

use std::collections::BTreeSet;
use std::path::Path;

use chrono::NaiveDate;
use clearance_rights::License;

use super::history::{Action, ChangeNote};
use super::{RegistryWriter, Snapshot};
use crate::error::{Error, Result};
use crate::segment::SegmentBuilder;
use crate::segment::records::WorkRecord;

/// The source of licenses that were added or changed one by one. What the ledger says of a
/// license stands until the ledger changes it, whatever a catalog says later.
pub(crate) const LEDGER: &str = "ledger";

/// Withdraws works: they are no longer found, and no longer listed. Returns how many were
/// withdrawn that were not before.
///
/// Fingerprints and records stay in the files for questions about earlier days. Registering a
/// withdrawn work again brings it back.
pub fn withdraw(registry: &Path, work_ids: &[String], note: &ChangeNote) -> Result<u64> {
    let writer = open(registry)?;
    let snapshot = writer.snapshot()?;
    let ids: BTreeSet<&str> = work_ids.iter().map(String::as_str).collect();
    let mut records = Vec::new();
    for id in ids {
        let record = snapshot.record(id).ok_or_else(|| unknown(registry, id))?;
        if !record.withdrawn {
            records.push(WorkRecord {
                withdrawn: true,
                ..record.clone()
            });
        }
    }
    write(writer, records, Action::Withdraw, note)
}

/// Adds a license to works. `license` says everything but the work. Returns how many works have
/// it that had not.
///
/// Refused when a work has another license with this id.
pub fn add_license(
    registry: &Path,
    work_ids: &[String],
    license: &License,
    note: &ChangeNote,
) -> Result<u64> {
    let writer = open(registry)?;
    let snapshot = writer.snapshot()?;
    let ids: BTreeSet<&str> = work_ids.iter().map(String::as_str).collect();
    let mut records = Vec::new();
    for id in ids {
        let mut record = listed(&snapshot, registry, id)?.clone();
        let license = License {
            work_id: id.to_owned(),
            source: Some(LEDGER.to_owned()),
            ..license.clone()
        };
        let known = record
            .licenses
            .iter()
            .find(|known| known.license_id == license.license_id);
        match known {
            Some(known) if *known == license => continue,
            Some(_) => {
                return Err(Error::Ledger {
                    path: registry.to_owned(),
                    detail: format!(
                        "work {id:?} has another license {:?}: expire that, or choose another id",
                        license.license_id
                    ),
                });
            }
            None => record.licenses.push(license),
        }
        records.push(record);
    }
    write(writer, records, Action::AddLicense, note)
}

/// Gives a license `last` as its last day, in all works that have it. Returns how many works
/// that changed; a license that ends earlier stays as it is.
pub fn expire_license(
    registry: &Path,
    license_id: &str,
    last: NaiveDate,
    note: &ChangeNote,
) -> Result<u64> {
    let writer = open(registry)?;
    let snapshot = writer.snapshot()?;
    let (mut records, mut is_known) = (Vec::new(), false);
    for record in snapshot.works() {
        let mut record = record.clone();
        let mut changed = false;
        for license in &mut record.licenses {
            if license.license_id != license_id {
                continue;
            }
            is_known = true;
            if license.until.is_none_or(|until| until > last) {
                license.until = Some(last);
                license.source = Some(LEDGER.to_owned());
                changed = true;
            }
        }
        if changed {
            records.push(record);
        }
    }
    if !is_known {
        return Err(Error::Ledger {
            path: registry.to_owned(),
            detail: format!("no work has a license {license_id:?}"),
        });
    }
    write(writer, records, Action::ExpireLicense, note)
}

/// Opens a registry that is there already.
pub(super) fn open(registry: &Path) -> Result<RegistryWriter> {
    super::Manifest::read(&registry.join(super::MANIFEST))?;
    RegistryWriter::open(registry)
}

fn listed<'a>(snapshot: &'a Snapshot, registry: &Path, id: &str) -> Result<&'a WorkRecord> {
    snapshot.work(id).ok_or_else(|| unknown(registry, id))
}

fn unknown(registry: &Path, id: &str) -> Error {
    Error::Ledger {
        path: registry.to_owned(),
        detail: format!("there is no work {id:?}; nothing was changed"),
    }
}

fn write(
    mut writer: RegistryWriter,
    records: Vec<WorkRecord>,
    action: Action,
    note: &ChangeNote,
) -> Result<u64> {
    let changed = records.len() as u64;
    if changed == 0 {
        return Ok(0);
    }
    let mut builder = SegmentBuilder::default();
    for record in records {
        builder.add_work(record);
    }
    writer.add(builder)?;
    writer.publish(note.change(action, Vec::new()))?;
    Ok(changed)
}

#[cfg(test)]
mod tests;
