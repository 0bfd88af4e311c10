//! Packs of several owners in one registry.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clearance_rights::Rightsholder;

use super::{PackInfo, is_owned};
use crate::error::{Error, Result};
use crate::register::works::{describe, restated};
use crate::registry::{Action, ChangeNote, RegistryWriter, SegmentInfo, Snapshot, SourceFile};
use crate::segment::SegmentBuilder;
use crate::segment::records::{JOINT, WorkRecord};

/// Bytes of records in memory for one segment.
const SEGMENT_BYTES: usize = 64 << 20;

/// A pack that is to be merged, and whose signature it bears.
#[derive(Clone, Debug)]
pub struct PackToMerge {
    /// Its folder.
    pub folder: PathBuf,
    /// The key that its signature was verified with; nothing for a pack that is taken unsigned.
    pub key: Option<String>,
}

/// What a merge did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MergedPacks {
    /// Works that were not in the registry.
    pub works_added: u64,
    /// Works of which something else is said now.
    pub works_updated: u64,
    /// Works of which the same is said.
    pub works_unchanged: u64,
    /// Works that are withdrawn now: their owner did, and nobody else names them.
    pub works_withdrawn: u64,
    /// Of the works in the packs, those that others name, too.
    pub works_shared: u64,
    /// Assets that were added.
    pub assets_added: u64,
    /// Assets that were there already.
    pub assets_known: u64,
}

/// Merges packs into the registry in the folder `registry`, which is created when there is none.
/// Segments are taken over as they are; of those with assets that are there already, the others
/// are. Everything becomes visible at once; on an error the registry is what it was.
///
/// # Errors
///
/// [`Error::Ledger`] when a name comes twice, or was that of packs under another key until now.
pub fn merge_packs(
    packs: &[PackToMerge],
    registry: &Path,
    note: &ChangeNote,
) -> Result<MergedPacks> {
    let mut opened: Vec<(PackInfo, Snapshot, &PackToMerge)> = Vec::new();
    for pack in packs {
        let info = PackInfo::read(&pack.folder)?;
        if opened.iter().any(|(other, _, _)| other.name == info.name) {
            let detail = format!("a second pack of {:?}: merge the newest only", info.name);
            return Err(refused(&pack.folder, detail));
        }
        opened.push((info, Snapshot::open(&pack.folder)?, pack));
    }
    let writer = RegistryWriter::open(registry)?;
    let target = writer.snapshot()?;
    for (info, _, pack) in &opened {
        check_key(&target, info, pack)?;
    }
    let mut run = Run::new(&target, writer);
    for (info, pack, from) in &opened {
        run.add_segments(pack, &from.folder)?;
        run.add_records(pack, &info.name);
    }
    let source = |(info, pack, from): &(PackInfo, Snapshot, &PackToMerge)| SourceFile {
        name: info.name.clone(),
        blake3: Some(pack.manifest().digest()),
        source: None,
        key: from.key.clone(),
    };
    let sources = opened.iter().map(source).collect();
    run.finish(note, sources)
}

fn refused(path: &Path, detail: String) -> Error {
    Error::Ledger {
        path: path.to_owned(),
        detail,
    }
}

/// Who merged a pack under a name first has that name: another key cannot replace what it says.
fn check_key(target: &Snapshot, info: &PackInfo, pack: &PackToMerge) -> Result<()> {
    let history = target.manifest().history.iter().rev();
    let merged = history.filter(|change| change.action == Action::Merge);
    let mut sources = merged.flat_map(|change| &change.sources);
    let before = sources.find(|source| source.name == info.name);
    match before.and_then(|source| source.key.as_ref()) {
        Some(key) if pack.key.as_ref() != Some(key) => Err(refused(
            &pack.folder,
            format!(
                "packs of {:?} were signed with key {key} until now, and this one is not: ask whether the key was changed, and have it exported under another --name if so",
                info.name
            ),
        )),
        _ => Ok(()),
    }
}

struct Run<'a> {
    target: &'a Snapshot,
    writer: RegistryWriter,
    /// (work, digest) of every asset that is in the registry.
    known: HashSet<(String, [u8; 32])>,
    /// What each segment that is in the registry consists of.
    segments: HashSet<Vec<(String, String)>>,
    /// Records in segments that were taken over as they are.
    adopted: HashMap<String, WorkRecord>,
    /// What is to be said of each work in the packs.
    records: BTreeMap<String, WorkRecord>,
    result: MergedPacks,
}

/// What a segment consists of, whatever its place among others.
fn contents(info: &SegmentInfo) -> Vec<(String, String)> {
    let files = info.files.iter();
    files
        .map(|file| (file.name.clone(), file.blake3.clone()))
        .collect()
}

impl<'a> Run<'a> {
    fn new(target: &'a Snapshot, writer: RegistryWriter) -> Self {
        let assets = target.assets();
        Self {
            writer,
            known: assets
                .map(|asset| (asset.work_id.clone(), asset.digest))
                .collect(),
            segments: target.manifest().segments.iter().map(contents).collect(),
            adopted: HashMap::new(),
            records: BTreeMap::new(),
            result: MergedPacks::default(),
            target,
        }
    }

    fn add_segments(&mut self, pack: &Snapshot, folder: &Path) -> Result<()> {
        for (number, segment) in pack.segments() {
            let info = &pack.manifest().segments[number as usize];
            if segment.assets.is_empty() {
                continue;
            }
            if !self.segments.insert(contents(info)) {
                self.result.assets_known += segment.assets.len() as u64;
                continue;
            }
            let known = &mut self.known;
            let assets = segment.assets.iter();
            let mut fresh: HashSet<&str> = assets
                .filter(|asset| known.insert((asset.work_id.clone(), asset.digest)))
                .map(|asset| asset.asset_id.as_str())
                .collect();
            let added = fresh.len() as u64;
            self.result.assets_added += added;
            self.result.assets_known += segment.assets.len() as u64 - added;
            if fresh.len() == segment.assets.len() {
                self.writer.adopt(folder, info)?;
                let records = segment.works.iter();
                self.adopted
                    .extend(records.map(|record| (record.work.work_id.clone(), record.clone())));
            } else if !fresh.is_empty() {
                let mut builder = SegmentBuilder::default();
                builder.carry(segment, false, |asset| {
                    fresh.remove(asset.asset_id.as_str())
                })?;
                self.writer.add(builder)?;
            }
        }
        Ok(())
    }

    fn add_records(&mut self, pack: &Snapshot, name: &str) {
        for record in pack.records() {
            let work_id = &record.work.work_id;
            let before = self
                .records
                .get(work_id)
                .or_else(|| self.target.record(work_id));
            let joined = match before {
                Some(before) => joined(before, record, name),
                None if record.withdrawn => continue,
                None => record.clone(),
            };
            let is_shared = joined.catalogs().any(|catalog| !is_owned(name, catalog));
            self.result.works_shared += u64::from(is_shared && !record.withdrawn);
            self.records.insert(work_id.clone(), joined);
        }
    }

    /// Writes the records that differ from what the segments say by themselves, and publishes.
    fn finish(mut self, note: &ChangeNote, sources: Vec<SourceFile>) -> Result<MergedPacks> {
        let mut builder = SegmentBuilder::default();
        for (work_id, record) in std::mem::take(&mut self.records) {
            let before = self.target.record(&work_id);
            let result = &mut self.result;
            let count = match before {
                Some(before) if *before == record => &mut result.works_unchanged,
                Some(before) if record.withdrawn && !before.withdrawn => {
                    &mut result.works_withdrawn
                }
                Some(before) if !before.withdrawn => &mut result.works_updated,
                _ => &mut result.works_added,
            };
            *count += 1;
            let visible = self.adopted.get(&work_id).or(before);
            if visible != Some(&record) {
                builder.add_work(record);
            }
            if builder.bytes() > SEGMENT_BYTES {
                self.writer.add(std::mem::take(&mut builder))?;
            }
        }
        if !builder.is_empty() {
            self.writer.add(builder)?;
        }
        self.writer.publish(note.change(Action::Merge, sources))?;
        Ok(self.result)
    }
}

/// What is said of a work after its owner's pack came: what others said before, and what she says
/// now. A work that she withdrew, and that nobody else names, is withdrawn.
fn joined(before: &WorkRecord, record: &WorkRecord, name: &str) -> WorkRecord {
    let others = before
        .catalogs()
        .filter(|catalog| !is_owned(name, catalog))
        .count();
    if record.withdrawn {
        if others == 0 {
            return WorkRecord {
                withdrawn: true,
                ..before.clone()
            };
        }
    } else if others == 0 {
        return record.clone();
    }
    let own: Vec<Arc<str>> = statements_of(before)
        .chain(statements_of(record))
        .filter(|catalog| is_owned(name, catalog))
        .map(Arc::from)
        .collect();
    let mut joined = before.clone();
    let now = record.work.rightsholders.clone();
    let rightsholders = std::mem::take(&mut joined.work.rightsholders);
    describe(&mut joined.work, record.work.clone());
    joined.work.rightsholders = restated(rightsholders, now, &own);
    joined.work.rightsholders.truncate(Rightsholder::MOST + 1);
    joined.reservations = restated(joined.reservations, record.reservations.clone(), &own);
    joined.licenses = restated(joined.licenses, record.licenses.clone(), &own);
    let named: Vec<&str> = if record.withdrawn {
        Vec::new()
    } else {
        record.catalogs().collect()
    };
    let kept = before
        .catalogs()
        .filter(|catalog| !is_owned(name, catalog) || named.contains(catalog));
    let mut catalogs: Vec<&str> = kept.collect();
    for catalog in named {
        if !catalogs.contains(&catalog) {
            catalogs.push(catalog);
        }
    }
    joined.source = catalogs.join(JOINT);
    // What others withdrew stays so until they or she bring it back.
    joined.withdrawn = before.withdrawn && record.withdrawn;
    joined
}

/// The catalogs of all statements in a record.
fn statements_of(record: &WorkRecord) -> impl Iterator<Item = &str> {
    let holders = record.work.rightsholders.iter();
    let holders = holders.filter_map(|holder| holder.source.as_deref());
    let reservations = record.reservations.iter();
    let reservations = reservations.filter_map(|it| it.catalog.as_deref());
    let licenses = record
        .licenses
        .iter()
        .filter_map(|it| it.catalog.as_deref());
    holders.chain(reservations).chain(licenses)
}
