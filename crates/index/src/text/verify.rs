//! Letter-by-letter comparison along a chain.

use std::ops::Range;

use clearance_fingerprint::text::GRAM;

use super::chain::Chain;

/// A run of equal letters in both texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Block {
    pub(super) query: usize,
    pub(super) reference: usize,
    pub(super) length: usize,
}

/// A chain after verification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Passage {
    /// Runs of equal letters, in order and without overlap in either text.
    pub(super) blocks: Vec<Block>,
    /// From the first run to the last, in normalized bytes.
    pub(super) query: Range<usize>,
    pub(super) reference: Range<usize>,
}

impl Passage {
    /// Letters in all runs.
    pub(super) fn matched(&self) -> usize {
        self.blocks.iter().map(|block| block.length).sum()
    }
}

/// Extends every seed of a chain to the longest run of equal letters around it.
/// `None` when no seed holds: equal hashes of unequal letters.
pub(super) fn verify(query: &[u8], reference: &[u8], chain: &Chain) -> Option<Passage> {
    let mut blocks: Vec<Block> = Vec::new();
    for &(q, r) in &chain.seeds {
        let (q, r) = (q as usize, r as usize);
        let (min_q, min_r) = blocks.last().map_or((0, 0), |last| {
            (last.query + last.length, last.reference + last.length)
        });
        if q < min_q || r < min_r {
            continue;
        }
        if query.get(q..q + GRAM)? != reference.get(r..r + GRAM)? {
            continue;
        }
        let before = equal_suffix(&query[min_q..q], &reference[min_r..r]);
        let after = equal_prefix(&query[q + GRAM..], &reference[r + GRAM..]);
        blocks.push(Block {
            query: q - before,
            reference: r - before,
            length: before + GRAM + after,
        });
    }
    let (first, last) = (*blocks.first()?, *blocks.last()?);
    Some(Passage {
        query: first.query..last.query + last.length,
        reference: first.reference..last.reference + last.length,
        blocks,
    })
}

fn equal_prefix(a: &[u8], b: &[u8]) -> usize {
    a.iter().zip(b).take_while(|(a, b)| a == b).count()
}

fn equal_suffix(a: &[u8], b: &[u8]) -> usize {
    a.iter()
        .rev()
        .zip(b.iter().rev())
        .take_while(|(a, b)| a == b)
        .count()
}
