//! Which single peaks of a query agree with a recording along a line.

use clearance_fingerprint::audio::{BIN_STEPS, Peak, TIME_STEPS};

use super::nominate::Line;

/// Two peaks agree closely within 0.7 hops (16 ms) and 0.4 bins (0.13 semitones) ...
const CLOSE: (f64, f64) = (0.7, 0.4);
/// ... and loosely within 1.6 hops (37 ms) and 0.9 bins.
pub(super) const LOOSE: (f64, f64) = (1.6, 0.9);

/// How well a query peak agrees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Agreement {
    Close,
    Loose,
    None,
}

/// How each of the query's peaks agrees with the reference.
pub(super) fn agreements(query: &[Peak], reference: &[Peak], line: Line) -> Vec<Agreement> {
    let (steps, bins) = (f64::from(TIME_STEPS), f64::from(BIN_STEPS));
    let mut reference = line.ahead(query, reference, LOOSE.0 * steps);
    let agreement = |peak: &Peak| {
        let time = line.at(peak.time.into());
        let bin = f64::from(peak.bin) - line.shift;
        while let [first, rest @ ..] = reference
            && f64::from(first.time) < time - LOOSE.0 * steps
        {
            reference = rest;
        }
        let mut best = Agreement::None;
        for other in reference {
            let late = f64::from(other.time) - time;
            if late > LOOSE.0 * steps {
                break;
            }
            let high = (f64::from(other.bin) - bin).abs();
            if late.abs() <= CLOSE.0 * steps && high <= CLOSE.1 * bins {
                return Agreement::Close;
            }
            if high <= LOOSE.1 * bins {
                best = Agreement::Loose;
            }
        }
        best
    };
    query.iter().map(agreement).collect()
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
