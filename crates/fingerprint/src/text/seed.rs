//! Selected k-grams of normalized bytes.

use super::{GRAM, PART};

/// A selected k-gram.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Seed {
    /// 64-bit hash of the k-gram's [`GRAM`] bytes.
    pub hash: u64,
    /// Where it starts, in normalized bytes.
    pub position: u32,
}

/// Parts in a k-gram.
const PARTS: usize = GRAM - PART + 1;
/// K-grams that are looked at together.
const BLOCK: usize = 256;
/// The parts they are made of, and some more that doubling reads.
const ORDERS: usize = BLOCK + 2 * PARTS;

/// The seeds of `letters`, in order of position; empty below [`GRAM`] bytes.
/// About two positions in seventeen are selected; none that repeats one letter or two.
pub fn seeds(letters: &[u8]) -> Vec<Seed> {
    if letters.len() < GRAM {
        return Vec::new();
    }
    let grams = letters.len() - GRAM + 1;
    let mut found = Vec::with_capacity(2 * grams / PARTS + 8);
    let mut orders = [0u32; ORDERS];
    for block in (0..grams).step_by(BLOCK) {
        order(&letters[block..], &mut orders);
        let selected = selected(&orders);
        for (at, _) in selected.iter().enumerate().filter(|(_, is)| **is != 0) {
            let position = block + at;
            if position < grams && !is_monotonous(&letters[position..position + GRAM]) {
                found.push(Seed {
                    hash: hash(letters, position),
                    position: position as u32,
                });
            }
        }
    }
    found
}

/// The order of the part at each place; what lies beyond the end comes last.
#[multiversion::multiversion(targets("x86_64+avx+avx2"))]
fn order(letters: &[u8], orders: &mut [u32; ORDERS]) {
    let parts = letters.len().saturating_sub(PART - 1).min(ORDERS);
    for (at, order) in orders[..parts].iter_mut().enumerate() {
        let part = [
            letters[at],
            letters[at + 1],
            letters[at + 2],
            letters[at + 3],
        ];
        // A multiplication alone would order parts by their last letters (finalizer of
        // MurmurHash3).
        let mut x = u32::from_le_bytes(part);
        x = (x ^ (x >> 16)).wrapping_mul(0x85eb_ca6b);
        x = (x ^ (x >> 13)).wrapping_mul(0xc2b2_ae35);
        *order = x ^ (x >> 16);
    }
    orders[parts..].fill(u32::MAX);
}

/// Which k-grams' smallest part is their first or last: minima over windows by doubling.
#[multiversion::multiversion(targets("x86_64+avx+avx2"))]
fn selected(orders: &[u32; ORDERS]) -> [u8; BLOCK] {
    let mut least = *orders;
    let mut width = 1;
    while 2 * width <= PARTS {
        for at in 0..ORDERS - width {
            least[at] = least[at].min(least[at + width]);
        }
        width *= 2;
    }
    let rest = PARTS - width;
    std::array::from_fn(|at| {
        let smallest = least[at].min(least[at + rest]);
        u8::from(orders[at] == smallest) | u8::from(orders[at + PARTS - 1] == smallest)
    })
}

/// Whether a k-gram repeats a letter or two: a ruled line, a scream. Such k-grams crowd wherever
/// there is one.
fn is_monotonous(gram: &[u8]) -> bool {
    // All periods divide twelve: nearly every k-gram is told by one comparison.
    if gram[..GRAM - 12] != gram[12..] {
        return false;
    }
    // In bytes; six are two letters of three.
    [1, 2, 3, 4, 6]
        .iter()
        .any(|&period| gram[period..] == gram[..GRAM - period])
}

fn word(letters: &[u8], at: usize) -> u64 {
    let bytes = letters[at..].first_chunk::<8>();
    bytes.map_or(0, |bytes| u64::from_le_bytes(*bytes))
}

fn hash(letters: &[u8], at: usize) -> u64 {
    let first = mix(word(letters, at));
    let second = mix(first ^ word(letters, at + 8));
    // The last eight bytes, of which some were there before.
    mix(second ^ word(letters, at + GRAM - 8))
}

/// Spreads every input bit over all output bits, one to one (the finalizer of
/// Steele, Lea and Flood, *Fast Splittable Pseudorandom Number Generators*,
/// OOPSLA 2014, in Stafford's variant 13).
fn mix(mut x: u64) -> u64 {
    x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}
