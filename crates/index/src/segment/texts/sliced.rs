//! Parts of a segment's texts: some of them, ranges of the k-grams of all, and where each begins.

use std::ops::Range;
use std::path::Path;

use clearance_fingerprint::params;
use clearance_fingerprint::text::Seed;

use super::{NO_BLOCK, PIECE_BYTES, Piece, Places, TextStore, key};
use crate::error::Result;
use crate::segment::buckets::sliced::cut;
use crate::segment::container::{ContainerWriter, read_u64};

/// The key under which the places of a k-gram stand.
pub(crate) fn seed_key(seed: &Seed) -> u32 {
    key(seed)
}

impl<'a> Places<'a> {
    /// Places as they are stored.
    pub(crate) fn new(stored: &'a [[u8; 4]]) -> Self {
        Self(stored)
    }
}

impl TextStore {
    /// Bits that number the buckets of k-grams, and where these are cut.
    pub(crate) fn cut_seeds(&self, parts: usize, most: usize) -> (u32, Vec<u64>) {
        let weights = self.seeds.weights(&self.hashes, most);
        (self.seeds.prefix_bits(), cut(weights, parts))
    }

    /// Calls `visit` with the number of each key that occurs here, and with its places.
    pub(crate) fn find_keys<'a>(&'a self, keys: &[u32], mut visit: impl FnMut(usize, Places<'a>)) {
        self.seeds.find_all(&self.hashes, keys, |index, places| {
            visit(index, Places(places));
        });
    }

    pub(crate) fn write_seeds_slice(
        &self,
        buckets: Range<usize>,
        most: usize,
        path: &Path,
    ) -> Result<()> {
        let writer = ContainerWriter::new(params::TEXT);
        let writer = self.seeds.write_slice(&self.hashes, buckets, most, writer);
        writer.write(path)
    }

    /// Writes a file with the texts of these assets alone. Places are those of the segment.
    pub(crate) fn write_slice(&self, assets: &Range<u32>, path: &Path) -> Result<()> {
        let first = self.first(|piece| piece.asset >= assets.start);
        let end = self.first(|piece| piece.asset >= assets.end);
        let pieces = first..end;
        let blocks = pieces.clone().map(|index| self.piece(index).block);
        let blocks = blocks.filter(|&block| block != NO_BLOCK);
        let (low, high) = blocks.fold((u32::MAX, 0), |(low, high), block| {
            (low.min(block), high.max(block + 1))
        });
        let low = low.min(high);
        let sliced = pieces.map(|index| {
            let piece = self.piece(index);
            let block = match piece.block {
                NO_BLOCK => NO_BLOCK,
                block => block - low,
            };
            Piece { block, ..piece }
        });
        let pieces = sliced.chain([self.end_at(end)]);
        let starts = self.texts.bytes(&self.starts);
        let bound = |block: u32| read_u64(starts, block as usize * 8);
        let rebased = (low..=high).map(|block| bound(block).saturating_sub(bound(low)));
        let bytes = self.texts.bytes(&self.blocks);
        let bytes = bytes.get(bound(low) as usize..bound(high) as usize);
        ContainerWriter::new(params::TEXT)
            .section("pieces", pieces.flat_map(Piece::to_bytes).collect())
            .section("starts", rebased.flat_map(u64::to_le_bytes).collect())
            .section("blocks", bytes.unwrap_or(&[]).to_vec())
            .write(path)
    }

    /// Writes a file that says where the texts begin, and nothing of what they are.
    pub(crate) fn write_beginnings(&self, path: &Path) -> Result<()> {
        let mut beginnings = Vec::new();
        let mut last = None;
        for index in 0..self.count() {
            let piece = self.piece(index);
            if last.replace(piece.asset) == Some(piece.asset) {
                continue;
            }
            let alone = Piece {
                characters: 0,
                block: NO_BLOCK,
                from: 0,
                length: 0,
                ..piece
            };
            beginnings.extend(alone.to_bytes());
        }
        beginnings.extend(self.end_at(self.count()).to_bytes());
        ContainerWriter::new(params::TEXT)
            .section("pieces", beginnings)
            .section("starts", vec![0; 8])
            .section("blocks", Vec::new())
            .write(path)
    }

    /// The line that ends a list of pieces where piece `index` of this one begins.
    fn end_at(&self, index: usize) -> Piece {
        debug_assert!(index < self.pieces.len() / PIECE_BYTES);
        Piece {
            asset: u32::MAX,
            place: self.piece(index).place,
            characters: 0,
            block: NO_BLOCK,
            from: 0,
            length: 0,
        }
    }
}
