//! A registry to a pack.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use clearance_rights::Work;

use super::{FORMAT, PACK, PackInfo, VERSION, check_name, owned};
use crate::error::{Error, Result};
use crate::registry::{Action, ChangeNote, LOCK, RegistryWriter, Rewrite, SEGMENTS, Snapshot};
use crate::segment::records::WorkRecord;

/// Settings of an export.
#[derive(Clone, Debug)]
pub struct ExportOptions<'a> {
    /// Whose works these are: the name that statements in the pack are kept under.
    pub name: &'a str,
    /// Nothing that shows the works is given away: no texts, no previews, no names of files, no
    /// catalog columns of other names.
    pub fingerprints_only: bool,
    /// A segment is closed when it holds this many bytes in memory; a segment of the registry that is
    /// larger is taken whole.
    pub segment_bytes: usize,
    /// When, by whom and why.
    pub note: ChangeNote,
}

/// Writes the listed works of a registry, each with its newest record and its assets, as a pack into
/// the folder `to`, which must not be there. Of withdrawn works the pack has the ids, so that they
/// are withdrawn where an earlier pack was merged. It appears all at once, at the end.
pub fn export_pack(
    snapshot: &Snapshot,
    to: &Path,
    options: &ExportOptions<'_>,
) -> Result<PackInfo> {
    let refused = |detail: String| Error::Ledger {
        path: to.to_owned(),
        detail,
    };
    check_name(options.name).map_err(refused)?;
    if to.symlink_metadata().is_ok() {
        return Err(refused("is there already: choose another name".to_owned()));
    }
    let aside = aside(to);
    if aside.symlink_metadata().is_ok() && !aside.join(SEGMENTS).is_dir() {
        let other = aside.display();
        return Err(refused(format!(
            "{other}, where it is made, is something else: move that away"
        )));
    }
    match fs::remove_dir_all(&aside) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(Error::io(&aside)(error));
        }
        _ => {}
    }
    let mut writer = RegistryWriter::open(&aside)?;
    let rewrite = Rewrite {
        fingerprints_only: options.fingerprints_only,
        segment_bytes: options.segment_bytes,
        kept: &BTreeSet::new(),
        record: &|record| Some(of_pack(record, options)),
    };
    let written = rewrite.run(snapshot, &mut writer)?;
    let info = PackInfo {
        format: FORMAT.to_owned(),
        version: VERSION,
        name: options.name.to_owned(),
        fingerprints_only: options.fingerprints_only,
        works: written.works,
        assets: written.assets,
        withdrawn: written.withdrawn,
    };
    writer.publish(options.note.change(Action::Export, Vec::new()))?;
    let lock = aside.join(LOCK);
    fs::remove_file(&lock).map_err(Error::io(&lock))?;
    write_info(&aside.join(PACK), &info)?;
    fs::rename(&aside, to).map_err(Error::io(to))?;
    Ok(info)
}

/// A record as a pack has it: in the owner's name, and of a withdrawn work nothing but its id.
fn of_pack(record: &WorkRecord, options: &ExportOptions<'_>) -> WorkRecord {
    let owned = owned(record, options.name, options.fingerprints_only);
    if record.withdrawn {
        WorkRecord {
            work: Work::new(record.work.work_id.clone()),
            reservations: Vec::new(),
            licenses: Vec::new(),
            ..owned
        }
    } else {
        owned
    }
}

fn aside(to: &Path) -> PathBuf {
    let mut name = to.file_name().unwrap_or_default().to_owned();
    name.push(".writing");
    to.with_file_name(name)
}

fn write_info(path: &Path, info: &PackInfo) -> Result<()> {
    let mut text =
        serde_json::to_vec_pretty(info).map_err(|error| Error::corrupt(path, error.to_string()))?;
    text.push(b'\n');
    let write = || {
        let mut file = File::create(path)?;
        file.write_all(&text)?;
        file.sync_all()
    };
    write().map_err(Error::io(path))
}
