//! Landmarks: hashes of a few peaks that follow one another.
//!
//! Two families, stored side by side:
//!
//! - [`fixed`]: three peaks, with their absolute frequencies and time
//!   differences (Wang 2003, section 2.2, with one more peak). They survive noise
//!   and mixing best, and break when pitch or tempo change.
//! - [`free`]: four peaks, by frequency differences and time *ratios* only
//!   (Sonnleitner and Widmer, *Robust Quad-Based Audio Fingerprinting*, IEEE/ACM
//!   TASLP 24, 2016, section III). They survive any change of pitch, tempo and speed.
//!
//! Which landmarks are kept is decided by their own hash, on both sides alike, as
//! minimizers and `FracMinHash` sketches do it: a query may enumerate everything
//! around a peak and still looks up only the sample that a registry holds.

mod fixed;
mod free;

use std::ops::Range;

use super::{AudioFingerprint, BIN_STEPS, Peak, TIME_STEPS};

/// Neighbouring cells are tried too when a value lies within this share (in
/// sixteenths of a cell) of the border: peaks move a little in every encoder.
const BORDER_SIXTEENTHS: i32 = 4;

/// No landmark is longer than this many hops.
const LONGEST_HOPS: u32 = 80;

/// A hash of several peaks, with what is needed to find the transform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Landmark {
    /// Spread over all 64 bits; different for the two families.
    pub hash: u64,
    /// Time of the first peak, in [`TIME_STEPS`]ths of a hop.
    pub time: u32,
    /// Frequency of the first peak, in [`BIN_STEPS`]ths of a bin.
    pub bin: u16,
    /// From the first to the last peak, in [`TIME_STEPS`]ths of a hop.
    pub span: u32,
    /// Whether the hash holds absolute frequencies and times.
    pub fixed: bool,
}

/// Who asks: a registry stores few landmarks of strong peaks, a query tries more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Stored,
    Query,
}

/// How many landmarks of one family there are, and how sharp.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Family {
    /// Strongest peaks of a second that stored landmarks are made of ...
    pub stored_ranks: u8,
    /// ... and those of a query: noise and other voices push a work's peaks down the ranks.
    pub query_ranks: u8,
    /// One in so many is used, as the hash of all but its last peak decides.
    pub sample: u64,
    /// Bins in a cell of frequency, at least 1.
    pub cell_bins: i32,
}

/// Both families' numbers. Only [`LandmarkDesign::IN_USE`] may be stored; others are
/// for measuring what a choice costs (`benches/quality/landmark_curve.rs`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LandmarkDesign {
    /// Three peaks at their own pitch and tempo.
    pub fixed: Family,
    /// Four peaks at any pitch and tempo.
    pub free: Family,
}

impl LandmarkDesign {
    /// What registries hold, chosen from the curve in `benches/RESULTS.md`: landmarks of
    /// many peaks, thinly sampled, are found as often as those of few, with fewer lookups.
    pub const IN_USE: Self = Self {
        fixed: Family {
            stored_ranks: 10,
            query_ranks: 26,
            sample: 20,
            cell_bins: 1,
        },
        free: Family {
            stored_ranks: 12,
            query_ranks: 15,
            sample: 50,
            cell_bins: 1,
        },
    };

    /// The landmarks to store for a recording.
    pub fn stored(&self, fingerprint: &AudioFingerprint) -> Vec<Landmark> {
        self.landmarks(&fingerprint.peaks, u32::MAX, Side::Stored)
    }

    /// The landmarks to look up for an item whose first peak lies in `times`, in
    /// [`TIME_STEPS`]ths of a hop.
    pub fn query(&self, fingerprint: &AudioFingerprint, times: Range<u32>) -> Vec<Landmark> {
        let peaks = &fingerprint.peaks;
        let at = |time: u32| peaks.partition_point(|peak| peak.time < time);
        let reach = LONGEST_HOPS * TIME_STEPS;
        let around = at(times.start)..at(times.end.saturating_add(reach));
        self.landmarks(&peaks[around], times.end, Side::Query)
    }

    /// Those whose first peak comes before `until`.
    fn landmarks(&self, peaks: &[Peak], until: u32, side: Side) -> Vec<Landmark> {
        let mut found = Vec::new();
        fixed::collect(self.fixed, peaks, until, side, &mut found);
        free::collect(self.free, peaks, until, side, &mut found);
        found
    }
}

/// The landmarks a registry stores for a work: about 23 a second.
pub fn stored_landmarks(fingerprint: &AudioFingerprint) -> Vec<Landmark> {
    LandmarkDesign::IN_USE.stored(fingerprint)
}

/// The landmarks looked up for an item whose first peak lies in `times`, in
/// [`TIME_STEPS`]ths of a hop: about 2,000 a second, so ask for some seconds at
/// a time.
pub fn query_landmarks(fingerprint: &AudioFingerprint, times: Range<u32>) -> Vec<Landmark> {
    LandmarkDesign::IN_USE.query(fingerprint, times)
}

/// Peaks of the lowest ranks, in order of time.
fn strongest(peaks: &[Peak], ranks: u8) -> Vec<Peak> {
    peaks
        .iter()
        .copied()
        .filter(|peak| peak.rank < ranks)
        .collect()
}

/// One or two cells that a value may fall into, in eight bits each.
#[derive(Clone, Copy)]
struct Cells {
    cells: [u8; 2],
    count: usize,
}

impl Cells {
    /// Those of `value`, in sixteenths of a cell.
    fn new(value: i32, side: Side, border: i32) -> Self {
        let (first, within) = (value.div_euclid(16), value.rem_euclid(16));
        let second = match side {
            Side::Query if within < border => first - 1,
            Side::Query if within >= 16 - border => first + 1,
            _ => first,
        };
        Self {
            cells: [first as u8, second as u8],
            count: 1 + usize::from(second != first),
        }
    }

    fn iter(&self) -> impl Iterator<Item = u64> {
        let cells = self.cells.iter().take(self.count);
        cells.map(|&cell| u64::from(cell))
    }
}

/// Spreads a key over 64 bits, one to one (the finalizer of `MurmurHash3`).
fn spread(key: u64) -> u64 {
    let mut x = key;
    x = (x ^ (x >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    x = (x ^ (x >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    x ^ (x >> 33)
}

/// The sample of one key in so many.
#[derive(Clone, Copy)]
struct Sample {
    /// Whole numbers of 32 bits that are multiples come out at most this large when multiplied by
    /// `inverse`, others larger, so that nothing is divided (Lemire, Kaser and Kurz, *Faster remainder by
    /// direct computation*, Software: Practice and Experience 49, 2019, section 3.2).
    most: u64,
    inverse: u64,
}

impl Sample {
    /// One in `of`, at least 1.
    fn new(of: u64) -> Self {
        let inverse = (u64::MAX / of.max(1)).wrapping_add(1);
        Self {
            most: inverse.wrapping_sub(1),
            inverse,
        }
    }

    /// Whether it holds the key.
    fn holds(self, key: u64) -> bool {
        let number = spread(key ^ 0x5a17) >> 40;
        number.wrapping_mul(self.inverse) <= self.most
    }
}

#[cfg(test)]
mod tests;
