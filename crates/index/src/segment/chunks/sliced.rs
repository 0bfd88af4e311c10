//! A range of the chunks' records, for one part of a registry.

use std::ops::Range;
use std::path::Path;

use clearance_fingerprint::params;

use super::{Chunks, RECORD_BYTES};
use crate::error::Result;
use crate::segment::container::ContainerWriter;

impl Chunks {
    /// How many records there are.
    pub(crate) fn len(&self) -> usize {
        self.records.len() / RECORD_BYTES
    }

    /// Writes a file with these records alone. A bucket may be cut in two: what is found is the sum of
    /// what all slices find.
    pub(crate) fn write_slice(&self, records: Range<usize>, path: &Path) -> Result<()> {
        let (starts, _) = self.container.bytes(&self.starts).as_chunks::<4>();
        let bound = |at: &[u8; 4]| u32::from_le_bytes(*at) as usize;
        // The buckets that have some of the records.
        let first = starts.partition_point(|at| bound(at) <= records.start);
        let first = first.saturating_sub(1).min(starts.len().saturating_sub(1));
        let end = starts.partition_point(|at| bound(at) < records.end);
        let within = |at: &[u8; 4]| {
            let at = bound(at).clamp(records.start, records.end.max(records.start));
            ((at - records.start) as u32).to_le_bytes()
        };
        let end = end.min(starts.len() - 1).max(first);
        let sliced = starts[first..=end].iter().flat_map(within).collect();
        let bytes = self.container.bytes(&self.records);
        let bytes = bytes.get(records.start * RECORD_BYTES..records.end * RECORD_BYTES);
        let said = [self.layout.chunks, self.layout.prefix_bits].map(u32::to_le_bytes);
        ContainerWriter::new(params::IMAGE)
            .slice(first, self.layout.prefix_bits)
            .section("layout", said.concat())
            .section("starts", sliced)
            .section("records", bytes.unwrap_or(&[]).to_vec())
            .write(path)
    }
}
