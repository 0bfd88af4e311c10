//! Which single peaks of a query agree with a recording along a line.

use clearance_fingerprint::audio::{BIN_STEPS, Peak, TIME_STEPS};

use super::nominate::Line;

/// Two peaks agree closely within 0.7 hops (16 ms) and 0.4 bins (0.13 semitones) ...
const CLOSE: (f64, f64) = (0.7, 0.4);
/// ... and loosely within 1.6 hops (37 ms) and 0.9 bins.
pub(super) const LOOSE: (f64, f64) = (1.6, 0.9);

/// How well a query peak agrees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd)]
pub(super) enum Agreement {
    None,
    Loose,
    Close,
}

/// Places along a line are compared in these parts of a step: whole numbers are compared several
/// times as fast, and a line is not known to more.
const PARTS: f64 = 65536.0;
/// The same as a shift of bits.
const PART_BITS: u32 = 16;
/// Beyond all places, in parts: nothing that is compared with one overflows.
const FAR: i64 = 1 << 56;

/// Tolerances in parts of a step.
#[derive(Clone, Copy)]
struct Tolerance {
    time: i64,
    bin: i64,
}

impl Tolerance {
    /// Of hops and bins.
    const fn new((hops, bins): (f64, f64)) -> Self {
        Self {
            time: (hops * TIME_STEPS as f64 * PARTS) as i64,
            bin: (bins * BIN_STEPS as f64 * PARTS) as i64,
        }
    }
}

/// How each of the query's peaks agrees with the reference.
pub(super) fn agreements(query: &[Peak], reference: &[Peak], line: Line) -> Vec<Agreement> {
    let mut found = Vec::with_capacity(query.len());
    each_agreement(query.iter(), reference, line, |agreement| {
        found.push(agreement);
    });
    found
}

/// Says of each of the query's peaks, in order of time, how it agrees with the reference.
pub(super) fn each_agreement<'q>(
    query: impl Iterator<Item = &'q Peak> + Clone,
    reference: &[Peak],
    line: Line,
    mut visit: impl FnMut(Agreement),
) {
    const CLOSELY: Tolerance = Tolerance::new(CLOSE);
    const LOOSELY: Tolerance = Tolerance::new(LOOSE);
    let first = query.clone().next();
    let mut reference = line.ahead(first, reference, (LOOSE.0 + 1.0) * f64::from(TIME_STEPS));
    let shift = ((line.shift * PARTS) as i64).clamp(-FAR, FAR);
    for peak in query {
        let time = ((line.at(peak.time.into()) * PARTS) as i64).clamp(-FAR, FAR);
        let bin = (i64::from(peak.bin) << PART_BITS) - shift;
        let late = |other: &Peak| (i64::from(other.time) << PART_BITS).wrapping_sub(time);
        while let [first, rest @ ..] = reference
            && late(first) < -LOOSELY.time
        {
            reference = rest;
        }
        let mut best = Agreement::None;
        for other in reference {
            let late = late(other);
            if late > LOOSELY.time {
                break;
            }
            let high = (i64::from(other.bin) << PART_BITS)
                .wrapping_sub(bin)
                .wrapping_abs();
            if high > LOOSELY.bin {
                continue;
            }
            if high <= CLOSELY.bin && late.abs() <= CLOSELY.time {
                best = Agreement::Close;
                break;
            }
            best = Agreement::Loose;
        }
        visit(best);
    }
}

/// The query's peaks that agree with the reference, closely or loosely.
pub(super) fn agreeing(query: &[Peak], reference: &[Peak], line: Line) -> Vec<Peak> {
    let agreements = agreements(query, reference, line);
    let agreeing = query.iter().zip(agreements);
    agreeing
        .filter(|(_, agreement)| *agreement != Agreement::None)
        .map(|(peak, _)| *peak)
        .collect()
}
