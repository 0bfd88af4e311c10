//! The peaks of some recordings, for one part of a registry.

use std::ops::Range;
use std::path::Path;

use clearance_fingerprint::params;

use super::{PEAK_BYTES, PeakStore};
use crate::error::Result;
use crate::segment::container::{ContainerWriter, read_u64};

impl PeakStore {
    /// Stored peaks of an asset; none of what is no recording.
    pub(crate) fn count(&self, asset: u32) -> usize {
        let range = self.directory.range(&self.container, asset);
        range.map_or(0, |range| range.len())
    }

    /// Writes a file with the recordings of these assets alone.
    pub(crate) fn write_slice(&self, assets: Range<u32>, path: &Path) -> Result<()> {
        let numbers = self.container.bytes(&self.directory.assets);
        let starts = self.container.bytes(&self.directory.starts);
        let (known, _) = numbers.as_chunks::<4>();
        let before = |asset: u32| known.partition_point(|n| u32::from_le_bytes(*n) < asset);
        let (first, end) = (before(assets.start), before(assets.end));
        let base = read_u64(starts, first * 8);
        let rebased = (first..=end).map(|at| read_u64(starts, at * 8).saturating_sub(base));
        let sliced = rebased.flat_map(u64::to_le_bytes).collect();
        let each = PEAK_BYTES as u64;
        let range = base * each..read_u64(starts, end * 8) * each;
        let peaks = self.container.bytes(&self.peaks);
        let peaks = peaks.get(range.start as usize..range.end as usize);
        ContainerWriter::new(params::AUDIO)
            .section("assets", known[first..end].concat())
            .section("starts", sliced)
            .section("peaks", peaks.unwrap_or(&[]).to_vec())
            .write(path)
    }
}
