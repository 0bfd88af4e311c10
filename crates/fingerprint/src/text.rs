//! Normalized text with a map back, and selected k-grams.
//!
//! Text is compared as its letters and digits alone: compatibility-decomposed
//! and recomposed (Unicode NFKC, UAX #15), lower-cased, without combining
//! marks, spaces or punctuation, look-alikes taken for one letter (UTS #39), tags passed over,
//! character references and escapes read. What a line break, a typeface, a copyist's
//! spacing or a file format changes is gone, and no word segmenter is needed, so any script
//! works. [`NormalizedText`] keeps where every letter stood; [`letters`] is enough to see
//! whether there is anything to compare.
//!
//! Names in running text need whole words and exact letters: [`FoldedWords`] folds case and
//! accents alone.
//!
//! K-grams are selected as *closed syncmers* (Edgar, *Syncmers are more
//! sensitive than minimizers for selecting conserved k-mers in biological
//! sequences*, `PeerJ` 2021): of all 20-byte windows those whose smallest 4-byte
//! part stands first or last. Whether a window is selected depends on its own
//! bytes only, and of any 16 neighbouring windows at least one is selected: an
//! unchanged run of [`GUARANTEED_RUN`] bytes always yields a seed.

mod fold;
mod markup;
mod name;
mod normalize;
mod offsets;
mod seed;

pub use name::{FoldedWords, is_word_of_its_own};
pub use normalize::{NormalizedText, letters, normalize, words};
pub use offsets::Offsets;
pub use seed::{Seed, seeds};

/// Bytes in a k-gram.
pub const GRAM: usize = 20;
/// Bytes in the part of a k-gram whose place decides its selection.
pub const PART: usize = 4;
/// A run of this many unchanged normalized bytes always yields a seed.
/// Unless all it holds repeats a letter or two.
pub const GUARANTEED_RUN: usize = 2 * GRAM - PART - 1;

#[cfg(test)]
mod tests;
