//! Verification: do single peaks agree along a line, and over which span?

use clearance_fingerprint::audio::{AudioFingerprint, BIN_STEPS, BINS, Peak, TIME_STEPS};

use super::agreement::{Agreement, LOOSE, agreements};
use super::chance::{Chance, Weights, recorded_bin};
use super::line::between;
use super::nominate::{Candidate, Line};

/// Query peaks ranked below this are examined: more than are stored, because
/// noise and other voices push a work's peaks down the ranks.
const EXAMINED_RANKS: u8 = 32;
/// Wrong offsets, in hops, whose agreement rate is what chance gives for this
/// pair of recordings. Their spacing is irregular so that no beat fits them all.
const CHANCE_SHIFTS_HOPS: [i32; 12] = [-463, -311, -179, -101, -59, -31, 29, 53, 97, 173, 307, 467];
/// The fewer ones that a first look makes do with.
const QUICK_SHIFTS_HOPS: [i32; 3] = [-101, 53, 173];
/// Where chance alone makes more peaks than this agree, nothing can be told.
const MOST_CHANCE: f64 = 0.7;
/// Of the peaks that chance leaves over, the shares that a copy brings back: a
/// clean one, and one under noise or other voices. The better explanation counts.
const EXPECTED_RETURNS: [f64; 2] = [0.40, 0.14];
/// A span ends where its score has fallen this many nats below its best.
const DROP_NATS: f64 = 14.0;
/// Spans below this score are not worth an E-value.
const LEAST_NATS: f64 = 10.0;
/// Peaks of a second that are looked at first ...
const PROMISING_RANKS: u8 = 18;
/// ... and the score they must reach for a candidate to be followed further.
const PROMISING_NATS: f64 = 11.0;
/// Delays looked at first of all, in hops either way ...
const GLANCE_HOPS: usize = 12;
/// ... how many of them together are a pile ...
const GLANCE_WIDTH: usize = 3;
/// ... and its least height, in standard deviations above the mean.
const GLANCE_DEVIATIONS: f64 = 2.5;
/// A copy explains at least this share of the item's peaks, unless much is laid over it.
const WHOLE_SHARE: f64 = 0.45;
/// Query time around the voting part in which a line is first fitted, in hops.
const AROUND_HOPS: f64 = 90.0;
/// A line is fitted again over the span it explains, at most this often.
const MOST_FITS: usize = 4;

/// A span over which query and reference agree.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Alignment {
    /// First and last agreeing peak in the query, in time steps.
    pub(super) query: (f64, f64),
    /// The same in the reference.
    pub(super) reference: (f64, f64),
    /// The line they lie on.
    pub(super) line: Line,
    /// Log-likelihood ratio of "copy" against "chance", in nats.
    pub(super) score_nats: f64,
    pub(super) aligned: u32,
    pub(super) examined: u32,
    /// Other places in the reference that fit about as well.
    pub(super) equal_places: u32,
}

impl Alignment {
    /// Share of the score that tells this recording from others, 0.5 or 1. A beat
    /// that fits many places of a recording, and leaves most of the item
    /// unexplained, is as likely to come from another recording with that beat.
    pub(super) fn distinctness(&self) -> f64 {
        let explained = f64::from(self.aligned) / f64::from(self.examined.max(1));
        if self.equal_places > 0 && explained < WHOLE_SHARE {
            0.5
        } else {
            1.0
        }
    }
}

/// The peaks of an item that verification examines.
pub(super) fn query_peaks(print: &AudioFingerprint) -> Vec<Peak> {
    let peaks = print.peaks.iter().copied();
    peaks.filter(|peak| peak.rank < EXAMINED_RANKS).collect()
}

/// All spans of the query that agree with the reference along about the
/// candidate's line.
pub(super) fn verify(query: &[Peak], reference: &[Peak], candidate: &Candidate) -> Vec<Alignment> {
    let around = AROUND_HOPS * f64::from(TIME_STEPS);
    let part = (f64::from(candidate.part.0), f64::from(candidate.part.1));
    let times = (part.0 - around, part.1 + around);
    // Most candidates are chance, and the strongest peaks around them show it.
    let strong: Vec<Peak> = between(query, times)
        .iter()
        .copied()
        .filter(|peak| peak.rank < PROMISING_RANKS)
        .collect();
    if !is_promising(&strong, reference, candidate.line) {
        return Vec::new();
    }
    let line = candidate.line.refined(&strong, reference, times);
    if best(
        &spans_along(&strong, reference, line, &QUICK_SHIFTS_HOPS),
        part,
    ) < PROMISING_NATS
    {
        return Vec::new();
    }
    let mut line = line.refined(query, reference, times);
    let mut found = spans_along(query, reference, line, &CHANCE_SHIFTS_HOPS);
    for _ in 0..MOST_FITS {
        let Some(span) = found.iter().find(|span| touches(span.query, part)) else {
            break;
        };
        let wider = (span.query.0 - around, span.query.1 + around);
        let again = line.refined(query, reference, wider);
        if again == line {
            break;
        }
        let better = spans_along(query, reference, again, &CHANCE_SHIFTS_HOPS);
        let gained = best(&better, part) - best(&found, part);
        if gained <= 0.0 {
            break;
        }
        (line, found) = (again, better);
        if gained < 1.0 {
            break;
        }
    }
    // Spans far from the votes are other candidates' business unless nothing is bent.
    if (line.slope - 1.0).abs() > 1e-9 {
        found.retain(|span| touches(span.query, times));
    }
    found
}

/// A glance at a candidate: whether the delays between peaks of one frequency pile up
/// anywhere near the line, more than delays do that are spread evenly.
fn is_promising(query: &[Peak], reference: &[Peak], line: Line) -> bool {
    let reach = GLANCE_HOPS as i64 * i64::from(TIME_STEPS);
    let near = (LOOSE.1 * f64::from(BIN_STEPS)) as i32;
    let mut delays = [0u32; 2 * GLANCE_HOPS];
    let reference = line.ahead(query.first(), reference, reach as f64);
    let mut window = 0..0;
    for peak in query {
        let time = line.at(peak.time.into()) as i64;
        let bin = i32::from(peak.bin).saturating_sub(line.shift as i32);
        let bins = bin.saturating_sub(near)..=bin.saturating_add(near);
        let times = time.saturating_sub(reach)..time.saturating_add(reach);
        let reached = |place: usize, time: i64| {
            let rest = reference[place..].iter();
            place
                + rest
                    .take_while(|other| i64::from(other.time) < time)
                    .count()
        };
        window.start = reached(window.start, times.start);
        window.end = reached(window.end.max(window.start), times.end);
        // Of one frequency are few: what is counted only then is hardly ever waited for.
        let near = |other: &&Peak| bins.contains(&i32::from(other.bin));
        for other in reference[window.clone()].iter().filter(near) {
            let delay = i64::from(other.time).saturating_sub(times.start);
            if let Some(count) = delays.get_mut((delay / i64::from(TIME_STEPS)) as usize) {
                *count += 1;
            }
        }
    }
    let all: u32 = delays.iter().sum();
    let most: u32 = delays
        .windows(GLANCE_WIDTH)
        .map(|some| some.iter().sum())
        .max()
        .unwrap_or(0);
    let expected = f64::from(all) * GLANCE_WIDTH as f64 / delays.len() as f64;
    f64::from(most) >= expected + GLANCE_DEVIATIONS * expected.sqrt()
}

fn touches(span: (f64, f64), part: (f64, f64)) -> bool {
    span.0 <= part.1 && span.1 >= part.0
}

fn best(spans: &[Alignment], part: (f64, f64)) -> f64 {
    let touching = spans.iter().filter(|span| touches(span.query, part));
    touching.map(|span| span.score_nats).fold(0.0, f64::max)
}

/// Agreeing spans along a line, strongest first; chance is measured at `shifts`.
fn spans_along(query: &[Peak], reference: &[Peak], line: Line, shifts: &[i32]) -> Vec<Alignment> {
    let (Some(first), Some(last)) = (reference.first(), reference.last()) else {
        return Vec::new();
    };
    let query_time = |time: f64| (time - line.offset) / line.slope;
    let inside = (
        query_time(f64::from(first.time) - 2.0 * f64::from(TIME_STEPS)),
        query_time(f64::from(last.time) + 2.0 * f64::from(TIME_STEPS)),
    );
    let examined = between(query, inside);
    let agreements = agreements(examined, reference, line);
    let chance = Chance::new(examined, reference, line, shifts);
    if chance.rates[0] + chance.rates[1] > MOST_CHANCE {
        return Vec::new();
    }
    let mut found: Vec<Alignment> = Vec::new();
    for expected in EXPECTED_RETURNS {
        let mut by_bin = [None; BINS];
        let weight = |(peak, agreement): (&Peak, &Agreement)| {
            let bin = recorded_bin(*peak, line);
            let crowding = chance.crowding[bin];
            let weights = || Weights::new(chance.rates, crowding, expected);
            by_bin[bin].get_or_insert_with(weights).of(*agreement)
        };
        let scores: Vec<f64> = examined.iter().zip(&agreements).map(weight).collect();
        for span in spans(examined, &agreements, &scores, line) {
            // Two explanations of one stretch: the better one counts.
            match found
                .iter_mut()
                .find(|other| touches(other.query, span.query))
            {
                Some(other) if other.score_nats < span.score_nats => *other = span,
                Some(_) => {}
                None => found.push(span),
            }
        }
    }
    found.sort_by(|a, b| b.score_nats.total_cmp(&a.score_nats));
    found
}

/// Maximal stretches whose log-likelihood ratio is high: the local alignment of
/// sequence search, along a fixed diagonal.
fn spans(query: &[Peak], agreements: &[Agreement], scores: &[f64], line: Line) -> Vec<Alignment> {
    let mut found = Vec::new();
    let mut start = 0;
    let (mut score, mut best, mut best_end) = (0.0, 0.0, 0);
    for index in 0..=agreements.len() {
        let ended = index == agreements.len() || score <= 0.0 || score < best - DROP_NATS;
        if ended {
            if best >= LEAST_NATS {
                found.push(alignment(query, agreements, start..best_end, best, line));
            }
            (score, best, start) = (0.0, 0.0, index);
        }
        let Some(own) = scores.get(index) else {
            break;
        };
        score += own;
        if score > best {
            (best, best_end) = (score, index + 1);
        }
    }
    found
}

fn alignment(
    query: &[Peak],
    agreements: &[Agreement],
    range: std::ops::Range<usize>,
    score_nats: f64,
    line: Line,
) -> Alignment {
    let aligned: Vec<f64> = range
        .clone()
        .filter(|&index| agreements[index] != Agreement::None)
        .map(|index| f64::from(query[index].time))
        .collect();
    let (from, to) = (
        aligned.first().copied().unwrap_or_default(),
        aligned.last().copied().unwrap_or_default(),
    );
    Alignment {
        query: (from, to),
        reference: (line.at(from), line.at(to)),
        line,
        score_nats,
        aligned: aligned.len() as u32,
        examined: range.len() as u32,
        equal_places: 0,
    }
}
