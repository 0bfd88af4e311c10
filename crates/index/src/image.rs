//! Which registered pictures an item shows.

use clearance_fingerprint::image::{HASH_BITS, ImageFingerprint, Orientation, PdqHash};

use crate::asset::AssetRef;
use crate::calibrate::{MAX_E_VALUE_PER_ITEM, image_e_value, score};
use crate::found::{Evidence, Match, MatchKind, Transform, without_repeats};
use crate::registry::Snapshot;
use crate::segment::{IMAGE_CHUNKS, Segment, chunk_hash};

/// Hashes further apart are never the same picture. PDQ's description recommends
/// 31; copies reduced to the size of a thumbnail reach 48, and what keeps chance
/// out as the registry grows is the E-value.
const MAX_DISTANCE_BITS: u32 = 47;
/// Bits in a chunk.
const CHUNK_BITS: u32 = 16;
/// Below this many hashes, comparing with all is faster than looking chunks up.
const SCAN_LIMIT: usize = 20_000;

impl Snapshot {
    /// Registered pictures that the item shows as a whole, in any of the eight
    /// orientations, strongest first; at most one for each work.
    ///
    /// Exact: finds what comparing with every hash would find.
    pub fn search_image(&self, print: &ImageFingerprint) -> Vec<Match> {
        if !print.structure.may_be_distinctive() {
            return Vec::new();
        }
        let registered = self
            .segments()
            .map(|(_, segment)| segment.hashes.len())
            .sum();
        let mut matches = Vec::new();
        for (number, segment) in self.segments() {
            for (orientation, hash) in Orientation::ALL.iter().zip(&print.orientations) {
                for (line, distance_bits) in near(segment, hash) {
                    let e_value_per_item = image_e_value(distance_bits, registered);
                    if e_value_per_item > MAX_E_VALUE_PER_ITEM {
                        continue;
                    }
                    matches.push(Match {
                        asset: AssetRef {
                            segment: number,
                            asset: segment.hashes.asset(line),
                        },
                        kind: MatchKind::Copy,
                        score: score(e_value_per_item),
                        e_value_per_item,
                        query_span: None,
                        work_span: None,
                        transform: transform(*orientation),
                        evidence: Evidence {
                            distance_bits: Some(distance_bits),
                            ..Evidence::default()
                        },
                    });
                }
            }
        }
        without_repeats(matches, |asset| self.work_id(asset))
    }
}

impl Snapshot {
    /// How many (orientation, registered picture) pairs lie at each distance of 0
    /// to 256 bits from the item: what the calibration of E-values is measured
    /// from, on items that show no registered picture.
    pub fn image_distances(&self, print: &ImageFingerprint) -> Vec<u64> {
        let mut counts = vec![0; HASH_BITS + 1];
        for (_, segment) in self.segments() {
            for line in 0..segment.hashes.len() {
                let registered = segment.hashes.hash(line);
                for hash in &print.orientations {
                    counts[registered.distance(hash) as usize] += 1;
                }
            }
        }
        counts
    }
}

/// What was done to the registered picture: the item had to be laid down in
/// `orientation` to look like it, so the work was laid down in the inverse.
fn transform(orientation: Orientation) -> Option<Transform> {
    let (flip, rotation_deg) = orientation.flip_and_rotation();
    if !flip && rotation_deg == 0 {
        return None;
    }
    // Mirror-and-turn is its own inverse; a plain turn is undone by the rest of the circle.
    let rotation_deg = if flip {
        rotation_deg
    } else {
        360 - rotation_deg
    };
    Some(Transform {
        flip,
        rotation_deg,
        ..Transform::default()
    })
}

/// Lines of the store within the radius of `hash`, with their distances.
fn near(segment: &Segment, hash: &PdqHash) -> Vec<(usize, u32)> {
    let store = &segment.hashes;
    let lines: Vec<usize> = if store.len() <= SCAN_LIMIT {
        (0..store.len()).collect()
    } else {
        candidates(segment, hash)
    };
    lines
        .into_iter()
        .map(|line| (line, store.hash(line).distance(hash)))
        .filter(|&(line, distance)| distance <= MAX_DISTANCE_BITS && store.is_distinctive(line))
        .collect()
}

/// Lines that agree with `hash` in some chunk but for at most two bits.
///
/// Multi-index hashing (Norouzi, Punjani and Fleet, CVPR 2012, section 3): of 47
/// differing bits over 16 chunks, some chunk has at most two.
fn candidates(segment: &Segment, hash: &PdqHash) -> Vec<usize> {
    let mut lines = Vec::new();
    for chunk in 0..IMAGE_CHUNKS {
        let value = hash.chunk(chunk);
        for first in 0..=CHUNK_BITS {
            for second in first..=CHUNK_BITS {
                // Bit 16 is none; equal ones would undo each other.
                if first == second && first < CHUNK_BITS {
                    continue;
                }
                let flips = (1u32 << first | 1u32 << second) as u16;
                let postings = segment.image.get(chunk_hash(chunk, value ^ flips));
                lines.extend(postings.map(|posting| posting.position as usize));
            }
        }
    }
    lines.sort_unstable();
    lines.dedup();
    lines.retain(|&line| line < segment.hashes.len());
    lines
}

#[cfg(test)]
mod tests;
