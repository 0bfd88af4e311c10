//! Three peaks with absolute frequencies and time differences.

use super::{BIN_STEPS, BORDER_SIXTEENTHS, Cells, Family, Landmark, Peak, Side, TIME_STEPS};
use super::{Sample, spread, strongest};

/// Farthest peak, in hops: 1.1 s. A query reaches one hop further.
const REACH_HOPS: u32 = 48;
/// Least distance in time between two peaks, in hops; a query allows one less.
const GAP_HOPS: u32 = 4;
/// Distance in frequency between two peaks, in bins: 1 bin to two octaves.
const DISTANCE_BINS: std::ops::RangeInclusive<u16> = 1..=72;
/// Marks the family in a key.
const MARK: u64 = 1 << 24;

/// A later peak as seen from the first.
struct Partner {
    peak: Peak,
    /// What it may add to a key: one to four cells of frequency and of time.
    codes: [u64; 4],
    count: usize,
}

impl Partner {
    /// With its cells of frequency, and of the time after the first peak.
    fn new(peak: Peak, bins: Cells, after: Cells) -> Self {
        let (mut codes, mut count) = ([0; 4], 0);
        for bin in bins.iter() {
            for after in after.iter() {
                codes[count] = bin << 6 | after;
                count += 1;
            }
        }
        Self { peak, codes, count }
    }

    fn codes(&self) -> impl Iterator<Item = u64> {
        self.codes.iter().take(self.count).copied()
    }
}

pub(super) fn collect(
    family: Family,
    peaks: &[Peak],
    until: u32,
    side: Side,
    found: &mut Vec<Landmark>,
) {
    let (ranks, reach, gap) = match side {
        Side::Stored => (family.stored_ranks, REACH_HOPS, GAP_HOPS),
        Side::Query => (family.query_ranks, REACH_HOPS + 1, GAP_HOPS - 1),
    };
    let peaks = strongest(peaks, ranks);
    let gap = gap * TIME_STEPS;
    let sample = Sample::new(family.sample);
    let mut near = Vec::new();
    let anchors = peaks.iter().take_while(|peak| peak.time < until);
    for (index, anchor) in anchors.enumerate() {
        near.clear();
        near.extend(
            peaks[index + 1..]
                .iter()
                .take_while(|peak| peak.time - anchor.time <= reach * TIME_STEPS)
                .filter(|peak| peak.time - anchor.time >= gap && are_apart(*anchor, **peak))
                .map(|&peak| {
                    // In cells of two hops.
                    let after = (peak.time - anchor.time) as i32 / 2;
                    let after = Cells::new(after, side, BORDER_SIXTEENTHS);
                    Partner::new(peak, bin_cells(peak, family, side), after)
                }),
        );
        for first in bin_cells(*anchor, family, side).iter() {
            let start = MARK | first << 14;
            triples(*anchor, start, sample, &near, gap, found);
        }
    }
}

fn triples(
    anchor: Peak,
    start: u64,
    sample: Sample,
    near: &[Partner],
    gap: u32,
    found: &mut Vec<Landmark>,
) {
    for (index, b) in near.iter().enumerate() {
        for code in b.codes() {
            let key = start | code;
            if !sample.holds(key) {
                continue;
            }
            for c in &near[index + 1..] {
                if c.peak.time - b.peak.time < gap || !are_apart(b.peak, c.peak) {
                    continue;
                }
                found.extend(c.codes().map(|code| Landmark {
                    hash: spread(key << 14 | code),
                    time: anchor.time,
                    bin: anchor.bin,
                    span: c.peak.time - anchor.time,
                    fixed: true,
                }));
            }
        }
    }
}

fn bin_cells(peak: Peak, family: Family, side: Side) -> Cells {
    let place = i32::from(peak.bin) / family.cell_bins;
    Cells::new(place, side, BORDER_SIXTEENTHS)
}

fn are_apart(a: Peak, b: Peak) -> bool {
    let steps = a.bin.abs_diff(b.bin);
    steps >= DISTANCE_BINS.start() * BIN_STEPS && steps <= DISTANCE_BINS.end() * BIN_STEPS
}
