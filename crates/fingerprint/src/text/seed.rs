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

/// The seeds of `letters`, in order of position; empty below [`GRAM`] bytes.
/// About one position in eight is selected.
pub fn seeds(letters: &[u8]) -> Vec<Seed> {
    if letters.len() < GRAM {
        return Vec::new();
    }
    let mut found = Vec::with_capacity(letters.len() / 8 + 1);
    // The smallest part of a sliding window, by a queue of rising minima kept in
    // a ring: every part enters and leaves once.
    let mut queue = [(0u64, 0usize); 32];
    let (mut head, mut tail) = (0usize, 0usize);
    for part in 0..=letters.len() - PART {
        let order = mix(word(letters, part));
        // Among equal parts the first counts: a later equal one does not displace it.
        while tail > head && queue[(tail - 1) % 32].0 > order {
            tail -= 1;
        }
        queue[tail % 32] = (order, part);
        tail += 1;
        let Some(gram) = (part + 1).checked_sub(PARTS) else {
            continue;
        };
        if queue[head % 32].1 < gram {
            head += 1;
        }
        let (smallest, place) = queue[head % 32];
        if place == gram || smallest == order {
            found.push(Seed {
                hash: hash(letters, gram),
                position: gram as u32,
            });
        }
    }
    found
}

fn word(letters: &[u8], at: usize) -> u64 {
    let bytes = letters[at..at + PART].iter().rev();
    bytes.fold(0, |word, &byte| word << 8 | u64::from(byte))
}

fn hash(letters: &[u8], at: usize) -> u64 {
    let first = mix(word(letters, at));
    let second = mix(first ^ word(letters, at + PART));
    mix(second ^ word(letters, at + 2 * PART))
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
