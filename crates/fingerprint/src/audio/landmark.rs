//! Landmarks: hashes of three peaks that occur shortly after one another.
//!
//! Three peaks give 36 bits against the 20 to 30 of the usual pair (Wang 2003,
//! section 2.2), so chance meetings stay rare as the registry grows; that a
//! triple survives an encoder less often is made up for by the number of
//! triples and by verification, which counts single peaks again.

use super::{AudioFingerprint, BIN_STEPS, Peak, TIME_STEPS};

/// Peaks ranked below this form the query's landmarks: more than the stored
/// ones, because an encoder shuffles the ranks.
const QUERY_RANKS: u8 = 26;
/// Later peaks that a stored anchor is joined with: three triples an anchor.
const STORED_PARTNERS: usize = 3;
/// Later peaks that a query's anchor is joined with: ten triples an anchor.
const QUERY_PARTNERS: usize = 5;
/// Nearest and farthest partner, in hops: 70 ms to 1.46 s.
const ZONE_HOPS: std::ops::Range<u32> = 3..64;
/// Farthest partner in bins: 1.75 octaves.
const ZONE_BINS: u16 = 63;
/// Time differences are rounded to this many hops.
const TIME_CELL_HOPS: u32 = 2;

/// A hash of three peaks and the time of the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Landmark {
    /// 36 bits: three frequencies of 8 bits, two time differences of 6 bits.
    pub hash: u64,
    /// Time of the first peak, in [`TIME_STEPS`]ths of a hop.
    pub time: u32,
}

/// The landmarks a registry stores for a work: up to 54 a second.
pub fn stored_landmarks(fingerprint: &AudioFingerprint) -> Vec<Landmark> {
    let peaks: Vec<Peak> = fingerprint.stored_peaks().collect();
    landmarks(&peaks, STORED_PARTNERS)
}

/// The landmarks looked up for an item: up to 260 a second.
pub fn query_landmarks(fingerprint: &AudioFingerprint) -> Vec<Landmark> {
    let peaks: Vec<Peak> = fingerprint
        .peaks
        .iter()
        .copied()
        .filter(|peak| peak.rank < QUERY_RANKS)
        .collect();
    landmarks(&peaks, QUERY_PARTNERS)
}

fn landmarks(peaks: &[Peak], partners: usize) -> Vec<Landmark> {
    let mut found = Vec::with_capacity(peaks.len() * partners * (partners - 1) / 2);
    let mut near: Vec<Peak> = Vec::with_capacity(partners);
    for (index, anchor) in peaks.iter().enumerate() {
        near.clear();
        near.extend(
            peaks[index + 1..]
                .iter()
                .take_while(|peak| peak.time - anchor.time < ZONE_HOPS.end * TIME_STEPS)
                .filter(|peak| peak.time - anchor.time >= ZONE_HOPS.start * TIME_STEPS)
                .filter(|peak| peak.bin.abs_diff(anchor.bin) <= ZONE_BINS * BIN_STEPS)
                .take(partners),
        );
        for (second, b) in near.iter().enumerate() {
            for c in &near[second + 1..] {
                found.push(Landmark {
                    hash: hash(*anchor, *b, *c),
                    time: anchor.time,
                });
            }
        }
    }
    found
}

fn hash(a: Peak, b: Peak, c: Peak) -> u64 {
    let bin = |peak: Peak| u64::from((peak.bin + BIN_STEPS / 2) / BIN_STEPS);
    let cell = TIME_CELL_HOPS * TIME_STEPS;
    let after = |peak: Peak| u64::from((peak.time - a.time + cell / 2) / cell);
    bin(a) << 28 | bin(b) << 20 | bin(c) << 12 | after(b) << 6 | after(c)
}
