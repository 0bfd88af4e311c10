//! Normalized text with a map back, and selected k-grams.
//!
//! Text is compared as its letters and digits alone: compatibility-decomposed
//! and recomposed (Unicode NFKC, UAX #15), lower-cased, without combining
//! marks, spaces or punctuation. What a line break, a typeface or a copyist's
//! spacing changes is gone, and no word segmenter is needed, so any script
//! works. [`NormalizedText`] keeps where every letter stood.
//!
//! K-grams are selected as *closed syncmers* (Edgar, *Syncmers are more
//! sensitive than minimizers for selecting conserved k-mers in biological
//! sequences*, `PeerJ` 2021): of all 24-byte windows those whose smallest 8-byte
//! part stands first or last. Whether a window is selected depends on its own
//! bytes only, and of any 16 neighbouring windows at least one is selected: an
//! unchanged run of [`GUARANTEED_RUN`] bytes always yields a seed.

mod normalize;
mod offsets;
mod seed;

pub use normalize::{NormalizedText, normalize};
pub use offsets::Offsets;
pub use seed::{Seed, seeds};

/// Bytes in a k-gram.
pub const GRAM: usize = 24;
/// Bytes in the part of a k-gram whose place decides its selection.
pub const PART: usize = 8;
/// A run of this many unchanged normalized bytes always yields a seed.
pub const GUARANTEED_RUN: usize = 2 * GRAM - PART - 1;

#[cfg(test)]
mod tests;
