//! Four peaks by frequency differences and time ratios.

use super::{BIN_STEPS, BORDER_SIXTEENTHS, Cells, Family, Landmark, Peak, Side, TIME_STEPS};
use super::{Sample, spread, strongest};

/// From the first to the last peak, in hops: 0.37 to 1.1 s as stored ...
const STORED_SPAN_HOPS: std::ops::RangeInclusive<u32> = 16..=48;
/// ... and in a query, which may play 0.75 to 1.6 times as fast, or slower with fewer landmarks.
const QUERY_SPAN_HOPS: std::ops::RangeInclusive<u32> = 10..=64;
/// Least distance in time between two peaks, in hops; a query allows one less.
const GAP_HOPS: u32 = 3;
/// Farthest frequency from the first peak, in bins: two octaves.
const FARTHEST_BINS: i32 = 72;
/// Least distance in frequency between two successive peaks, in steps: 1.5 bins.
/// Repeated notes are in all music and tell works apart badly.
const NEAREST_STEPS: i32 = 3 * BIN_STEPS as i32 / 2;
/// Marks the family in a key.
const MARK: u64 = 1 << 17;
/// Tries at the border of a cell of time ratios, in sixteenths of a cell.
const RATIO_BORDER: i32 = 3;

/// A later peak as seen from the first.
struct Partner {
    peak: Peak,
    /// Bins above the first peak.
    above: Cells,
}

pub(super) fn collect(
    family: Family,
    peaks: &[Peak],
    until: u32,
    side: Side,
    found: &mut Vec<Landmark>,
) {
    let (ranks, span, gap) = match side {
        Side::Stored => (family.stored_ranks, STORED_SPAN_HOPS, GAP_HOPS),
        Side::Query => (family.query_ranks, QUERY_SPAN_HOPS, GAP_HOPS - 1),
    };
    let peaks = strongest(peaks, ranks);
    let quads = Quads {
        sample: Sample::new(family.sample),
        side,
        span: span.start() * TIME_STEPS..=span.end() * TIME_STEPS,
        gap: gap * TIME_STEPS,
    };
    let mut near = Vec::new();
    let anchors = peaks.iter().take_while(|peak| peak.time < until);
    for (index, anchor) in anchors.enumerate() {
        near.clear();
        near.extend(
            peaks[index + 1..]
                .iter()
                .take_while(|peak| peak.time - anchor.time <= *quads.span.end())
                .filter(|peak| peak.time - anchor.time >= quads.gap)
                .filter(|peak| {
                    let steps = above(*anchor, **peak).abs();
                    (NEAREST_STEPS..=FARTHEST_BINS * i32::from(BIN_STEPS)).contains(&steps)
                })
                .map(|&peak| Partner {
                    peak,
                    above: Cells::new(
                        above(*anchor, peak).div_euclid(family.cell_bins),
                        side,
                        BORDER_SIXTEENTHS,
                    ),
                }),
        );
        quads.from(*anchor, &near, found);
    }
}

fn above(from: Peak, to: Peak) -> i32 {
    i32::from(to.bin) - i32::from(from.bin)
}

/// Enumerates four peaks in order of time.
struct Quads {
    sample: Sample,
    side: Side,
    span: std::ops::RangeInclusive<u32>,
    gap: u32,
}

impl Quads {
    fn from(&self, anchor: Peak, near: &[Partner], found: &mut Vec<Landmark>) {
        for (index, b) in near.iter().enumerate() {
            for (place, c) in near.iter().enumerate().skip(index + 1) {
                if !self.may_follow(b.peak, c.peak) {
                    continue;
                }
                for first in b.above.iter() {
                    for second in c.above.iter() {
                        let key = MARK | first << 8 | second;
                        if self.sample.holds(key) {
                            self.last(anchor, b, c, key, &near[place + 1..], found);
                        }
                    }
                }
            }
        }
    }

    fn last(
        &self,
        anchor: Peak,
        b: &Partner,
        c: &Partner,
        key: u64,
        near: &[Partner],
        found: &mut Vec<Landmark>,
    ) {
        for d in near {
            let span = d.peak.time - anchor.time;
            if !self.span.contains(&span) || !self.may_follow(c.peak, d.peak) {
                continue;
            }
            let (early, late) = (self.ratio(anchor, b, span), self.ratio(anchor, c, span));
            for third in d.above.iter() {
                for early in early.iter() {
                    found.extend(late.iter().map(|late| Landmark {
                        hash: spread(key << 20 | third << 12 | early << 6 | late),
                        time: anchor.time,
                        bin: anchor.bin,
                        span,
                        fixed: false,
                    }));
                }
            }
        }
    }

    /// How far along the span a peak comes, in sixteenths.
    fn ratio(&self, anchor: Peak, partner: &Partner, span: u32) -> Cells {
        let after = partner.peak.time - anchor.time;
        Cells::new((after * 256 / span) as i32, self.side, RATIO_BORDER)
    }

    fn may_follow(&self, before: Peak, after: Peak) -> bool {
        after.time - before.time >= self.gap && above(before, after).abs() >= NEAREST_STEPS
    }
}
