//! Many small segments to few, without what is not found any more.

use std::collections::BTreeSet;
use std::path::Path;

use super::history::{Action, ChangeNote};
use super::ledger::open;
use super::rewrite::Rewrite;
use super::{RegistryWriter, Snapshot};
use crate::error::Result;
use crate::segment::Segment;

/// What a compaction did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Compacted {
    /// Segments before and after.
    pub segments: [u64; 2],
    /// Assets before and after: those of withdrawn works go.
    pub assets: [u64; 2],
    /// Bytes of all segments before and after.
    pub bytes: [u64; 2],
}

/// Writes the segments of a registry anew into as few as hold `segment_bytes` in memory each, without
/// the assets and records of withdrawn works and without records that newer ones replaced. What a
/// scan finds stays the same. The registry as it stood before, and what was said of works then, is
/// gone; the history keeps what was done.
///
/// Large segments without anything to leave out stay as they are. Old ones are removed after the new
/// ones are published; scans that have them open go on.
pub fn compact(registry: &Path, segment_bytes: usize, note: &ChangeNote) -> Result<Compacted> {
    let mut writer = open(registry)?;
    let snapshot = writer.snapshot()?;
    let before = sizes(&snapshot);
    let whole: BTreeSet<u32> = snapshot
        .segments()
        .filter(|(_, segment)| is_whole(&snapshot, segment))
        .map(|(number, _)| number)
        .collect();
    let is_large = |number: &u32| {
        let stays_apart = |segment: &Segment| segment.texts.has_short_hashes();
        let mut segments = snapshot.segments();
        // Half of what it takes in memory while it is built.
        snapshot.stored_bytes(*number).saturating_mul(4) >= segment_bytes as u64
            || segments.any(|(known, segment)| known == *number && stays_apart(segment))
    };
    let kept: BTreeSet<u32> = whole.iter().copied().filter(is_large).collect();
    let others: Vec<u32> = snapshot
        .segments()
        .map(|(number, _)| number)
        .filter(|number| !kept.contains(number))
        .collect();
    let has_gain = others.len() > 1 || others.iter().any(|number| !whole.contains(number));
    if !has_gain {
        return Ok(Compacted::of(before, before));
    }
    let rewrite = Rewrite {
        fingerprints_only: false,
        segment_bytes,
        kept: &kept,
        record: &|record| (!record.withdrawn).then(|| record.clone()),
    };
    rewrite.run(&snapshot, &mut writer)?;
    drop(snapshot);
    let change = note.change(Action::Compact, Vec::new());
    writer.publish_compacted(&kept, change)?;
    let after = sizes(&Snapshot::open(registry)?);
    Ok(Compacted::of(before, after))
}

impl Compacted {
    fn of(before: [u64; 3], after: [u64; 3]) -> Self {
        let pair = |which: usize| [before[which], after[which]];
        Self {
            segments: pair(0),
            assets: pair(1),
            bytes: pair(2),
        }
    }
}

/// Segments, assets and bytes.
fn sizes(snapshot: &Snapshot) -> [u64; 3] {
    let segments = &snapshot.manifest().segments;
    let files = segments.iter().flat_map(|segment| &segment.files);
    [
        segments.len() as u64,
        segments.iter().map(|segment| segment.assets).sum(),
        files.map(|file| file.bytes).sum(),
    ]
}

/// Whether nothing of a segment is to be left out: every asset is found, every record is the newest.
fn is_whole(snapshot: &Snapshot, segment: &Segment) -> bool {
    let assets = segment.assets.iter();
    let mut records = segment.works.iter();
    assets
        .map(|asset| snapshot.work(&asset.work_id))
        .all(|work| work.is_some())
        && records.all(|record| {
            let newest = snapshot.work(&record.work.work_id);
            newest.is_some_and(|newest| std::ptr::eq(newest, record))
        })
}

impl RegistryWriter {
    /// Makes the added segments visible in place of all but the kept ones, and removes those.
    fn publish_compacted(mut self, kept: &BTreeSet<u32>, change: super::Change) -> Result<()> {
        let replaced = Some(self.manifest.digest());
        let mut number = 0;
        self.manifest.segments.retain(|_| {
            number += 1;
            kept.contains(&(number - 1))
        });
        self.write_manifest(super::Change { replaced, ..change })?;
        self.remove_unnamed_segments()
    }
}

#[cfg(test)]
mod tests;
