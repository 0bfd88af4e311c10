//! Parts of a segment's pictures: some of them, and ranges of what leads to all.

use std::ops::Range;
use std::path::Path;

use clearance_fingerprint::params;

use super::{POINT_BYTES, PictureStore};
use crate::error::Result;
use crate::segment::buckets::sliced::cut;
use crate::segment::container::{ContainerWriter, read_u32};

impl PictureStore {
    /// Bits that number the buckets of keys, and where these are cut.
    pub(crate) fn cut_keys(&self, parts: usize, most: usize) -> (u32, Vec<u64>) {
        let weights = self.keyed.weights(&self.keys, most);
        (self.keyed.prefix_bits(), cut(weights, parts))
    }

    /// How many records the chunks have.
    pub(crate) fn chunk_records(&self) -> usize {
        self.chunks.len()
    }

    /// Where the pictures are cut into parts of about as many points.
    pub(crate) fn cut_pictures(&self, parts: usize) -> Vec<u64> {
        let starts = self.pictures.bytes(&self.starts);
        let weight = |picture: usize| {
            let bound = |at: usize| u64::from(read_u32(starts, at * 4));
            2 + bound(picture + 1).saturating_sub(bound(picture))
        };
        cut((0..self.len()).map(weight), parts)
    }

    pub(crate) fn write_keys_slice(
        &self,
        buckets: Range<usize>,
        most: usize,
        path: &Path,
    ) -> Result<()> {
        let writer = ContainerWriter::new(params::IMAGE);
        let writer = self.keyed.write_slice(&self.keys, buckets, most, writer);
        writer.write(path)
    }

    pub(crate) fn write_chunks_slice(&self, records: Range<usize>, path: &Path) -> Result<()> {
        self.chunks.write_slice(records, path)
    }

    /// Writes a file with these pictures alone, numbered from 0.
    pub(crate) fn write_slice(&self, pictures: Range<usize>, path: &Path) -> Result<()> {
        let all = |section, each: usize| {
            let bytes = self.pictures.bytes(section);
            let range = pictures.start * each..pictures.end * each;
            bytes.get(range).unwrap_or(&[]).to_vec()
        };
        let starts = self.pictures.bytes(&self.starts);
        let bound = |at: usize| read_u32(starts, at * 4);
        let (first, last) = (bound(pictures.start), bound(pictures.end));
        let rebased = (pictures.start..=pictures.end).map(|at| bound(at).saturating_sub(first));
        let cells = self.pictures.bytes(&self.cells);
        let cell = |at: usize| read_u32(cells, at * 4);
        let (first_cell, last_cell) = (cell(pictures.start), cell(pictures.end));
        let cells = (pictures.start..=pictures.end).map(|at| cell(at).saturating_sub(first_cell));
        let tones = self.pictures.bytes(&self.tones);
        let tones = tones.get(first_cell as usize..last_cell as usize);
        let points = self.pictures.bytes(&self.points);
        let points = points.get(first as usize * POINT_BYTES..last as usize * POINT_BYTES);
        ContainerWriter::new(params::IMAGE)
            .section("hashes", all(&self.hashes, 32))
            .section("assets", all(&self.assets, 4))
            .section("struct", all(&self.structures, 2))
            .section("sides", all(&self.sides, 4))
            .section("flat", all(&self.flat, 1))
            .section("starts", rebased.flat_map(u32::to_le_bytes).collect())
            .section("points", points.unwrap_or(&[]).to_vec())
            .section("cells", cells.flat_map(u32::to_le_bytes).collect())
            .section("tones", tones.unwrap_or(&[]).to_vec())
            .write(path)
    }
}
