//! Segments written anew, without what is not found any more.

use std::collections::BTreeSet;

use super::{RegistryWriter, Snapshot};
use crate::error::Result;
use crate::segment::SegmentBuilder;
use crate::segment::records::WorkRecord;

/// How segments are written anew. Memory is bounded as in a registration, by `segment_bytes` or the
/// largest single segment.
pub(crate) struct Rewrite<'a> {
    /// Whether what shows the works is left out.
    pub(crate) fingerprints_only: bool,
    /// A segment is closed when it holds this many bytes in memory.
    pub(crate) segment_bytes: usize,
    /// Segments that are not touched, by their numbers.
    pub(crate) kept: &'a BTreeSet<u32>,
    /// The record that is written of a work; nothing for one that is left out.
    pub(crate) record: &'a dyn Fn(&WorkRecord) -> Option<WorkRecord>,
}

/// What was written.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Rewritten {
    /// Works that are not withdrawn.
    pub(crate) works: u64,
    /// Their assets.
    pub(crate) assets: u64,
    /// Works that are.
    pub(crate) withdrawn: u64,
}

impl Rewrite<'_> {
    /// Adds the listed assets of all other segments to the writer, in their order, and each work
    /// in the segment of its first asset; works without one, and withdrawn ones, come last.
    pub(crate) fn run(
        &self,
        snapshot: &Snapshot,
        writer: &mut RegistryWriter,
    ) -> Result<Rewritten> {
        let mut written: BTreeSet<&str> = BTreeSet::new();
        let mut result = Rewritten::default();
        let mut builder = SegmentBuilder::default();
        for (number, segment) in snapshot.segments() {
            if self.kept.contains(&number) {
                let works = segment.works.iter();
                written.extend(works.map(|record| record.work.work_id.as_str()));
            }
        }
        for (number, segment) in snapshot.segments() {
            if self.kept.contains(&number) {
                continue;
            }
            let stored = snapshot.stored_bytes(number);
            let is_full = builder.bytes() as u64 + stored > self.segment_bytes as u64;
            // Among the hashes of others, those of which few bits are known would make lookups slow.
            let is_apart = segment.texts.has_short_hashes();
            if !builder.is_empty() && (is_full || is_apart) {
                writer.add(std::mem::take(&mut builder))?;
            }
            let mut works = Vec::new();
            result.assets += builder.carry(segment, self.fingerprints_only, |asset| {
                let work = snapshot.work(&asset.work_id);
                works.extend(work.filter(|work| written.insert(&work.work.work_id)));
                work.is_some()
            })?;
            result.works += works.len() as u64;
            let records = works.into_iter().filter_map(self.record);
            records.for_each(|record| builder.add_work(record));
            if is_apart && !builder.is_empty() {
                writer.add(std::mem::take(&mut builder))?;
            }
        }
        for known in snapshot.records() {
            if written.contains(known.work.work_id.as_str()) {
                continue;
            }
            if let Some(record) = (self.record)(known) {
                result.works += u64::from(!known.withdrawn);
                result.withdrawn += u64::from(known.withdrawn);
                builder.add_work(record);
            }
        }
        if !builder.is_empty() {
            writer.add(builder)?;
        }
        Ok(result)
    }
}
