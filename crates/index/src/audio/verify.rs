//! Verification: do single peaks agree along an alignment, and over which span?

use clearance_fingerprint::audio::{AudioFingerprint, BIN_STEPS, Peak, TIME_STEPS};

/// Query peaks ranked below this are examined: a few more than are stored,
/// because an encoder shuffles the ranks.
const EXAMINED_RANKS: u8 = 22;
/// Two peaks agree within 1.5 hops (35 ms) ...
const TIME_REACH: i64 = 3 * TIME_STEPS as i64 / 2;
/// ... and 0.9 bins (0.3 semitones).
const BIN_REACH: u16 = 9 * BIN_STEPS / 10;
/// How far the exact offset may be from the nominated one, in time steps.
const OFFSET_REACH: i64 = 8 * TIME_STEPS as i64;
/// Wrong offsets, in hops, whose agreement rate is what chance gives for this
/// pair of recordings. Their spacing is irregular so that no beat fits them all.
const CHANCE_SHIFTS_HOPS: [i64; 12] = [-463, -311, -179, -101, -59, -31, 29, 53, 97, 173, 307, 467];
/// Least chance rate assumed: the share of the time-frequency plane within
/// reach of a stored peak.
const LEAST_CHANCE: f64 = 0.012;
/// Of the peaks that chance leaves over, the share that a true copy brings back.
const EXPECTED_RETURN: f64 = 0.35;
/// A span ends where its score has fallen this many nats below its best.
const DROP_NATS: f64 = 12.0;
/// Spans below this score are not worth an E-value.
const LEAST_NATS: f64 = 12.0;

/// A span over which query and reference agree.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Alignment {
    /// First and last agreeing peak in the query, in time steps.
    pub(super) query: (f64, f64),
    /// The same in the reference.
    pub(super) reference: (f64, f64),
    /// Log-likelihood ratio of "copy" against "chance", in nats.
    pub(super) score_nats: f64,
    pub(super) aligned: u32,
    pub(super) examined: u32,
}

/// The peaks of an item that verification examines.
pub(super) fn query_peaks(print: &AudioFingerprint) -> Vec<Peak> {
    let peaks = print.peaks.iter().copied();
    peaks.filter(|peak| peak.rank < EXAMINED_RANKS).collect()
}

/// All spans of the query that agree with the reference at about `offset`
/// (reference time minus query time, in time steps).
pub(super) fn verify(query: &[Peak], reference: &[Peak], offset: i64) -> Vec<Alignment> {
    let (Some(first), Some(last)) = (reference.first(), reference.last()) else {
        return Vec::new();
    };
    let Some(offset) = exact_offset(query, reference, offset) else {
        return Vec::new();
    };
    let inside = |peak: &&Peak| {
        let time = i64::from(peak.time) + offset;
        time >= i64::from(first.time) - TIME_REACH && time <= i64::from(last.time) + TIME_REACH
    };
    let examined: Vec<Peak> = query.iter().filter(inside).copied().collect();
    let agrees = agreement(&examined, reference, offset);
    let chance = chance_rate(&examined, reference, offset);
    spans(&examined, &agrees, chance, offset)
}

/// The offset near `offset` that most pairs of peaks agree on.
fn exact_offset(query: &[Peak], reference: &[Peak], offset: i64) -> Option<i64> {
    let mut differences = Vec::new();
    for_pairs(query, reference, offset, OFFSET_REACH, |peak, other| {
        differences.push(i64::from(other.time) - i64::from(peak.time));
    });
    differences.sort_unstable();
    // The fullest window of the width in which peaks count as agreeing.
    let mut best: &[i64] = &[];
    let mut end = 0;
    for start in 0..differences.len() {
        while end < differences.len() && differences[end] - differences[start] <= TIME_REACH {
            end += 1;
        }
        if end - start > best.len() {
            best = &differences[start..end];
        }
    }
    best.get(best.len() / 2).copied()
}

/// Which of the query's peaks have a reference peak at their place.
fn agreement(query: &[Peak], reference: &[Peak], offset: i64) -> Vec<bool> {
    let mut agrees = vec![false; query.len()];
    let mut index = 0;
    for_pairs(query, reference, offset, TIME_REACH, |peak, _| {
        // Pairs come in the query's order, so the peak is at or after the last one.
        while query[index] != *peak {
            index += 1;
        }
        agrees[index] = true;
    });
    agrees
}

/// The agreement rate at offsets that are wrong.
fn chance_rate(query: &[Peak], reference: &[Peak], offset: i64) -> f64 {
    if query.is_empty() {
        return LEAST_CHANCE;
    }
    let mut hits = 0;
    for shift in CHANCE_SHIFTS_HOPS {
        let wrong = offset + shift * i64::from(TIME_STEPS);
        hits += agreement(query, reference, wrong)
            .iter()
            .filter(|&&hit| hit)
            .count();
    }
    let rate = hits as f64 / (query.len() * CHANCE_SHIFTS_HOPS.len()) as f64;
    rate.clamp(LEAST_CHANCE, 0.9)
}

/// Calls `visit` for every pair of peaks within `reach` of the offset and
/// [`BIN_REACH`] of each other, in the query's order.
fn for_pairs<'a>(
    query: &'a [Peak],
    reference: &'a [Peak],
    offset: i64,
    reach: i64,
    mut visit: impl FnMut(&'a Peak, &'a Peak),
) {
    let mut from = 0;
    for peak in query {
        let time = i64::from(peak.time) + offset;
        while reference
            .get(from)
            .is_some_and(|r| i64::from(r.time) < time - reach)
        {
            from += 1;
        }
        let near = reference[from..]
            .iter()
            .take_while(|r| i64::from(r.time) <= time + reach);
        for other in near.filter(|r| r.bin.abs_diff(peak.bin) <= BIN_REACH) {
            visit(peak, other);
        }
    }
}

/// Maximal stretches whose log-likelihood ratio is high: the local alignment of
/// sequence search, along a fixed diagonal.
fn spans(query: &[Peak], agrees: &[bool], chance: f64, offset: i64) -> Vec<Alignment> {
    let copy = chance + EXPECTED_RETURN * (1.0 - chance);
    let gain = (copy / chance).ln();
    let loss = ((1.0 - copy) / (1.0 - chance)).ln();
    let mut found = Vec::new();
    let mut start = 0;
    let (mut score, mut best, mut best_end) = (0.0, 0.0, 0);
    for index in 0..=agrees.len() {
        let ended = index == agrees.len() || score <= 0.0 || score < best - DROP_NATS;
        if ended {
            if best >= LEAST_NATS {
                found.push(alignment(query, agrees, start..best_end, best, offset));
            }
            (score, best, start) = (0.0, 0.0, index);
        }
        let Some(&agrees) = agrees.get(index) else {
            break;
        };
        score += if agrees { gain } else { loss };
        if score > best {
            (best, best_end) = (score, index + 1);
        }
    }
    found
}

fn alignment(
    query: &[Peak],
    agrees: &[bool],
    range: std::ops::Range<usize>,
    score_nats: f64,
    offset: i64,
) -> Alignment {
    let aligned: Vec<f64> = range
        .clone()
        .filter(|&index| agrees[index])
        .map(|index| f64::from(query[index].time))
        .collect();
    let (from, to) = (
        aligned.first().copied().unwrap_or_default(),
        aligned.last().copied().unwrap_or_default(),
    );
    Alignment {
        query: (from, to),
        reference: (from + offset as f64, to + offset as f64),
        score_nats,
        aligned: aligned.len() as u32,
        examined: range.len() as u32,
    }
}
