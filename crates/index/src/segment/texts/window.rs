//! Parts of registered texts, read again and again.

use std::ops::Range;
use std::sync::Arc;

use clearance_fingerprint::text::NormalizedText;
use quick_cache::Weighter;
use quick_cache::sync::Cache;

use super::{NO_BLOCK, Piece, TextStore};

/// Memory for pieces that were read, in bytes; part of what ARCHITECTURE.md says a scan takes.
const CACHE_BYTES: u64 = 64 << 20;
/// What a piece takes, for the first size of the cache.
const PIECE_BYTES: u64 = 1 << 15;

/// Pieces of texts as they were read, of all segments of a registry.
pub(crate) struct TextCache(Cache<(u32, u32), Arc<NormalizedText>, Bytes>);

impl Default for TextCache {
    fn default() -> Self {
        let pieces = (CACHE_BYTES / PIECE_BYTES) as usize;
        Self(Cache::with_weighter(pieces, CACHE_BYTES, Bytes))
    }
}

#[derive(Clone)]
struct Bytes;

impl Weighter<(u32, u32), Arc<NormalizedText>> for Bytes {
    fn weight(&self, _: &(u32, u32), text: &Arc<NormalizedText>) -> u64 {
        let offsets = &text.offsets;
        let offsets = 8 * (offsets.word_starts.capacity() + offsets.anchors.capacity());
        (text.letters.capacity() + offsets + 128) as u64
    }
}

/// A stretch of a registered text.
pub(crate) struct Window {
    /// Place of the first letter.
    start: u32,
    pieces: Vec<(u32, Arc<NormalizedText>)>,
    /// The letters, where several pieces have a part of them.
    joined: Vec<u8>,
}

impl Window {
    /// Place of the first letter.
    pub(crate) fn start(&self) -> u32 {
        self.start
    }

    /// The letters from there on.
    pub(crate) fn letters(&self) -> &[u8] {
        match self.pieces.as_slice() {
            [(_, only)] => &only.letters,
            _ => &self.joined,
        }
    }

    /// Words that start in a range of the letters.
    pub(crate) fn words(&self, range: Range<usize>) -> usize {
        let of_piece = |(place, text): &(u32, Arc<NormalizedText>)| {
            // Where the piece's letters lie among those of the window.
            let first = i64::from(*place) - i64::from(self.start);
            let length = text.letters.len() as i64;
            let within = |at: usize| (at as i64 - first).clamp(0, length) as usize;
            text.offsets.words(within(range.start), within(range.end))
        };
        self.pieces.iter().map(of_piece).sum()
    }
}

impl TextStore {
    /// The letters of an asset around some of its places; `None` when texts are not kept.
    pub(crate) fn window(
        &self,
        cache: &TextCache,
        segment: u32,
        asset: u32,
        places: &Range<u32>,
    ) -> Option<Window> {
        let first = self.piece_at(places.start)?;
        let mut pieces = Vec::new();
        for index in first..self.count() {
            let piece = self.piece(index);
            if piece.place >= places.end || piece.asset != asset {
                break;
            }
            pieces.push((piece.place, self.cached(cache, segment, index, &piece)?));
        }
        if let [(place, _)] = pieces.as_slice() {
            return Some(Window {
                start: *place,
                pieces,
                joined: Vec::new(),
            });
        }
        let mut joined = Vec::with_capacity(places.len());
        for (place, text) in &pieces {
            let length = text.letters.len();
            let within = |at: u32| (at.saturating_sub(*place) as usize).min(length);
            joined.extend_from_slice(&text.letters[within(places.start)..within(places.end)]);
        }
        Some(Window {
            start: places.start.max(pieces.first()?.0),
            pieces,
            joined,
        })
    }

    /// Characters of the asset before the letter at a place; about so, when texts are not kept.
    pub(crate) fn character(&self, cache: &TextCache, segment: u32, place: u32) -> u32 {
        let Some(index) = self.piece_at(place) else {
            return 0;
        };
        let piece = self.piece(index);
        let within = place.saturating_sub(piece.place);
        let inside = if let Some(text) = self.cached(cache, segment, index, &piece) {
            text.character(within as usize)
        } else {
            let letters = self.piece(index + 1).place.saturating_sub(piece.place);
            let share = f64::from(within) / f64::from(letters.max(1));
            (share * f64::from(piece.length)) as u32
        };
        piece.characters.saturating_add(inside)
    }

    fn cached(
        &self,
        cache: &TextCache,
        segment: u32,
        index: usize,
        piece: &Piece,
    ) -> Option<Arc<NormalizedText>> {
        if piece.block == NO_BLOCK {
            return None;
        }
        let key = (segment, index as u32);
        if let Some(text) = cache.0.get(&key) {
            return Some(text);
        }
        let text = self.read(piece)?;
        cache.0.insert(key, Arc::clone(&text));
        Some(text)
    }
}
