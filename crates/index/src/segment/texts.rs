//! Registered texts: places of their k-grams, and the texts themselves (FORMAT.md, "Texts").
//!
//! All texts of a segment stand one after another on one line of letters; a *place* counts
//! normalized bytes on it.

mod carried;
mod cut;
mod passage;
mod sliced;
mod window;

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use clearance_fingerprint::params;
use clearance_fingerprint::text::{NormalizedText, Seed, normalize, seeds};
use rayon::prelude::*;

use super::buckets::{Buckets, BucketsBuilder};
use super::container::{Container, ContainerWriter, Section, read_u32, read_u64};
use crate::error::{Error, Result};
use cut::{cut, marks};
pub(crate) use sliced::seed_key;
pub(crate) use window::{TextCache, Window};

/// A block is closed when it holds this many bytes of text. Larger ones are little smaller
/// compressed, and are read whole for a few lines.
const BLOCK_BYTES: usize = 1 << 16;
/// Zstandard's level: above it texts get 5 % smaller at a tenth of the speed.
const LEVEL: i32 = 9;
/// Works of so few letters may be made of common k-grams.
pub(crate) const SHORT_WORK: u32 = 4096;
/// Letters from one entry to the next of the table that leads to the pieces.
const STEP: u32 = 4096;
/// The block of a piece without text.
const NO_BLOCK: u32 = u32::MAX;
/// Bytes of a piece's record.
const PIECE_BYTES: usize = 24;
/// Places that share a prefix, as a power of two.
const CROWD: u32 = 3;
/// Without the texts, k-grams are kept whose hash is in this part of all.
const KEPT_HASHES: u64 = u64::MAX / 100 * 42;

/// What is kept of registered texts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KeptTexts {
    /// The texts, compressed: matches are verified letter by letter.
    #[default]
    Whole,
    /// A part of the hashes alone: nothing in the registry can be read, and short or much
    /// edited passages are missed.
    Hashes,
}

/// A text made ready for a segment.
pub(crate) struct TextPrint {
    seeds: Vec<Seed>,
    pieces: Vec<Piece>,
    /// Normalized bytes.
    letters: usize,
    /// What the pieces' bytes are counted in; empty when it is not kept.
    text: String,
}

impl TextPrint {
    pub(crate) fn new(text: String, kept: KeptTexts) -> Self {
        match kept {
            KeptTexts::Whole => {
                let (pieces, letters) = cut(&text);
                Self {
                    seeds: seeds(&letters),
                    pieces,
                    letters: letters.len(),
                    text,
                }
            }
            KeptTexts::Hashes => {
                let text = normalize(&text);
                let mut seeds = seeds(&text.letters);
                seeds.retain(|seed| seed.hash <= KEPT_HASHES);
                Self {
                    seeds,
                    pieces: marks(&text),
                    letters: text.letters.len(),
                    text: String::new(),
                }
            }
        }
    }

    fn bytes(&self) -> usize {
        self.text.len() + 8 * self.seeds.len() + PIECE_BYTES * self.pieces.len()
    }
}

/// A part of a registered text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Piece {
    asset: u32,
    /// Place of its first letter.
    place: u32,
    /// Characters of the text before it.
    characters: u32,
    block: u32,
    /// Where it starts in its block, in bytes.
    from: u32,
    /// Its length in bytes; in characters when it has no text.
    length: u32,
}

impl Piece {
    fn to_bytes(self) -> [u8; PIECE_BYTES] {
        let fields = [
            self.asset,
            self.place,
            self.characters,
            self.block,
            self.from,
            self.length,
        ];
        let mut bytes = [0; PIECE_BYTES];
        for (slot, field) in bytes.chunks_exact_mut(4).zip(fields) {
            slot.copy_from_slice(&field.to_le_bytes());
        }
        bytes
    }

    fn read(bytes: &[u8], index: usize) -> Self {
        let field = |number: usize| read_u32(bytes, index * PIECE_BYTES + 4 * number);
        Self {
            asset: field(0),
            place: field(1),
            characters: field(2),
            block: field(3),
            from: field(4),
            length: field(5),
        }
    }
}

/// Texts of one segment in the making.
#[derive(Default)]
pub(crate) struct TextsBuilder {
    seeds: BucketsBuilder<4>,
    pieces: Vec<Piece>,
    /// Letters of all texts.
    letters: usize,
    blocks: Vec<String>,
    bytes: usize,
}

impl TextsBuilder {
    /// Adds the text of an asset; assets come in rising order.
    pub(crate) fn add(&mut self, asset: u32, print: TextPrint) {
        self.bytes += print.bytes();
        let first = self.letters as u32;
        for seed in &print.seeds {
            let place = first.saturating_add(seed.position);
            self.seeds.add(key(seed), place.to_be_bytes());
        }
        for piece in print.pieces {
            let (block, from) = if piece.block == NO_BLOCK {
                (NO_BLOCK, 0)
            } else {
                let range = piece.from as usize..(piece.from + piece.length) as usize;
                self.append(&print.text[range])
            };
            self.pieces.push(Piece {
                asset,
                place: first.saturating_add(piece.place),
                block,
                from,
                ..piece
            });
        }
        self.letters += print.letters;
    }

    /// Where a piece's text came to stand: block and byte.
    fn append(&mut self, text: &str) -> (u32, u32) {
        if self
            .blocks
            .last()
            .is_none_or(|block| block.len() >= BLOCK_BYTES)
        {
            self.blocks.push(String::new());
        }
        let number = self.blocks.len() - 1;
        let block = &mut self.blocks[number];
        let from = block.len();
        block.push_str(text);
        (number as u32, from as u32)
    }

    /// Bytes held.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Whether places run out: a segment counts letters in 32 bits.
    pub(crate) fn is_full(&self) -> bool {
        self.letters > i32::MAX as usize
    }

    pub(crate) fn write(self, seeds: &Path, texts: &Path) -> Result<()> {
        self.seeds
            .write(ContainerWriter::new(params::TEXT), CROWD)
            .write(seeds)?;
        let end = Piece {
            asset: u32::MAX,
            place: u32::try_from(self.letters).unwrap_or(u32::MAX),
            characters: 0,
            block: NO_BLOCK,
            from: 0,
            length: 0,
        };
        let pieces = self.pieces.iter().chain([&end]);
        let pieces = pieces.flat_map(|piece| piece.to_bytes()).collect();
        let compressed = self.blocks.par_iter();
        let compressed = compressed.map(|block| zstd::bulk::compress(block.as_bytes(), LEVEL));
        let compressed: Vec<Vec<u8>> = compressed
            .collect::<std::io::Result<_>>()
            .map_err(Error::io(texts))?;
        let mut starts = Vec::with_capacity((compressed.len() + 1) * 8);
        let mut start = 0u64;
        for length in compressed.iter().map(Vec::len).chain([0]) {
            starts.extend_from_slice(&start.to_le_bytes());
            start += length as u64;
        }
        ContainerWriter::new(params::TEXT)
            .section("pieces", pieces)
            .section("starts", starts)
            .section("blocks", compressed.concat())
            .write(texts)
    }
}

fn key(seed: &Seed) -> u32 {
    (seed.hash >> 32) as u32
}

/// The piece at every [`STEP`]th place.
fn steps(pieces: &[u8]) -> Vec<u32> {
    let mut steps = Vec::new();
    for index in 0..pieces.len() / PIECE_BYTES {
        let place = Piece::read(pieces, index).place;
        while steps.len() as u64 * u64::from(STEP) < u64::from(place) {
            steps.push((index as u32).saturating_sub(1));
        }
    }
    steps
}

/// For each piece, whether its asset has at most [`SHORT_WORK`] letters.
fn short(pieces: &[u8]) -> Vec<bool> {
    let count = pieces.len() / PIECE_BYTES - 1;
    let mut short = vec![false; count];
    let mut first = 0;
    for index in 0..count {
        let (piece, next) = (Piece::read(pieces, index), Piece::read(pieces, index + 1));
        if next.asset != piece.asset {
            let start = Piece::read(pieces, first).place;
            let is_short = next.place.saturating_sub(start) <= SHORT_WORK;
            short[first..=index].fill(is_short);
            first = index + 1;
        }
    }
    short
}

/// Texts of one segment, mapped.
pub(crate) struct TextStore {
    hashes: Container,
    seeds: Buckets<4>,
    texts: Container,
    pieces: Section,
    starts: Section,
    blocks: Section,
    /// The piece at every [`STEP`]th place.
    steps: Vec<u32>,
    /// For each piece, whether it is of a short text.
    short: Vec<bool>,
    has_short: bool,
}

/// Places of one k-gram, rising.
#[derive(Clone, Copy)]
pub(crate) struct Places<'a>(&'a [[u8; 4]]);

impl<'a> Places<'a> {
    pub(crate) fn len(self) -> usize {
        self.0.len()
    }

    pub(crate) fn iter(self) -> impl Iterator<Item = u32> + 'a {
        self.0.iter().map(|place| u32::from_be_bytes(*place))
    }

    /// Those in a range.
    pub(crate) fn within(self, range: &Range<u32>) -> Self {
        let before = |end: u32| {
            self.0
                .partition_point(|place| u32::from_be_bytes(*place) < end)
        };
        let (start, end) = (before(range.start), before(range.end));
        Self(self.0.get(start..end).unwrap_or(&[]))
    }
}

impl TextStore {
    pub(crate) fn open(seeds: &Path, texts: &Path) -> Result<Self> {
        let hashes = Container::open(seeds, params::TEXT)?;
        let container = Container::open(texts, params::TEXT)?;
        let pieces = container.section("pieces")?;
        let (starts, blocks) = (container.section("starts")?, container.section("blocks")?);
        let whole = pieces.len().is_multiple_of(PIECE_BYTES) && starts.len().is_multiple_of(8);
        if !whole || pieces.len() == 0 || starts.len() == 0 {
            return Err(Error::corrupt(texts, "the sections do not fit together"));
        }
        let short = short(container.bytes(&pieces));
        Ok(Self {
            seeds: Buckets::open(&hashes)?,
            hashes,
            steps: steps(container.bytes(&pieces)),
            has_short: short.contains(&true),
            short,
            pieces,
            starts,
            blocks,
            texts: container,
        })
    }

    /// Calls `visit` with each of the seeds that occurs here, and with its places. Now and then
    /// one is another k-gram's.
    pub(crate) fn find_all<'a>(&'a self, seeds: &[Seed], mut visit: impl FnMut(&Seed, Places<'a>)) {
        let keys: Vec<u32> = seeds.iter().map(key).collect();
        self.seeds.find_all(&self.hashes, &keys, |index, places| {
            visit(&seeds[index], Places(places));
        });
    }

    /// Number of pieces, without the line that ends them.
    fn count(&self) -> usize {
        self.pieces.len() / PIECE_BYTES - 1
    }

    fn piece(&self, index: usize) -> Piece {
        Piece::read(self.texts.bytes(&self.pieces), index)
    }

    /// The first piece for which `is_past` holds; they are in order of asset and place.
    fn first(&self, is_past: impl Fn(&Piece) -> bool) -> usize {
        self.first_of(0..self.count(), is_past)
    }

    fn first_of(&self, among: Range<usize>, is_past: impl Fn(&Piece) -> bool) -> usize {
        let (mut low, mut high) = (among.start, among.end);
        while low < high {
            let middle = usize::midpoint(low, high);
            if is_past(&self.piece(middle)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        low
    }

    /// The piece in which a place lies.
    fn piece_at(&self, place: u32) -> Option<usize> {
        let step = (place / STEP) as usize;
        let bound = |step: usize| self.steps.get(step).map_or(self.count(), |at| *at as usize);
        let within = bound(step)..bound(step + 1).saturating_add(1).min(self.count());
        self.first_of(within, |piece| piece.place > place)
            .checked_sub(1)
    }

    /// The asset whose letters lie at a place.
    pub(crate) fn asset_at(&self, place: u32) -> Option<u32> {
        Some(self.piece(self.piece_at(place)?).asset)
    }

    /// Whether the asset at a place has at most [`SHORT_WORK`] letters.
    pub(crate) fn is_short_at(&self, place: u32) -> bool {
        let piece = self.piece_at(place).and_then(|index| self.short.get(index));
        piece.copied().unwrap_or(false)
    }

    /// Whether any asset has so few letters.
    pub(crate) fn has_short(&self) -> bool {
        self.has_short
    }

    /// The places of an asset's letters.
    pub(crate) fn places(&self, asset: u32) -> Range<u32> {
        let first = self.first(|piece| piece.asset >= asset);
        let end = self.first(|piece| piece.asset > asset);
        self.piece(first).place..self.piece(end).place
    }

    /// The text of a piece.
    fn read(&self, piece: &Piece) -> Option<Arc<NormalizedText>> {
        let bytes = self.bytes_of(piece)?;
        Some(Arc::new(normalize(std::str::from_utf8(&bytes).ok()?)))
    }

    /// The text of a piece in UTF-8.
    fn bytes_of(&self, piece: &Piece) -> Option<Vec<u8>> {
        let starts = self.texts.bytes(&self.starts);
        let block = piece.block as usize;
        if (block + 2) * 8 > starts.len() {
            return None;
        }
        let bound = |index: usize| usize::try_from(read_u64(starts, index * 8)).ok();
        let block = self.texts.bytes(&self.blocks);
        let block = block.get(bound(piece.block as usize)?..bound(piece.block as usize + 1)?)?;
        let block = zstd::bulk::decompress(block, 4 * BLOCK_BYTES).ok()?;
        let from = piece.from as usize;
        let text = block.get(from..from.checked_add(piece.length as usize)?)?;
        Some(text.to_vec())
    }
}

#[cfg(test)]
mod tests;
