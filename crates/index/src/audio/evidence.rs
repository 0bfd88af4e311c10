//! Which peaks of an item and of a recording agree along a match, for people to see.

use clearance_fingerprint::audio::{
    AudioFingerprint, BIN_STEPS, HOP, Peak, SAMPLE_RATE_HZ, TIME_STEPS,
};

use super::agreement::{LOOSE, agreeing};
use super::line::between;
use super::nominate::Line;
use super::verify::query_peaks;
use super::{SEMITONE_BINS, Snapshot};
use crate::found::{Match, Span};

/// The peaks of an item and of a registered recording within the spans of a match.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SoundEvidence {
    /// The strongest of the item, in order of time.
    pub item: Vec<Peak>,
    /// The strongest of the recording.
    pub work: Vec<Peak>,
    /// Peaks of the item with the nearest of the recording that they agree with.
    pub aligned: Vec<(Peak, Peak)>,
}

impl Snapshot {
    /// What the evidence of a match looks like: at most `most` peaks of each kind, the strongest.
    /// `None` for a match without spans, or of an asset that is no recording.
    pub fn sound_evidence(
        &self,
        print: &AudioFingerprint,
        found: &Match,
        most: usize,
    ) -> Option<SoundEvidence> {
        let (query_span, work_span) = (found.query_span?, found.work_span?);
        let (_, segment) = self
            .segments()
            .find(|(number, _)| *number == found.asset.segment)?;
        let reference = segment.peaks.get(found.asset.asset);
        let all = query_peaks(print);
        let query = between(&all, steps(query_span));
        let line = lines(found, query_span, work_span)
            .into_iter()
            .max_by_key(|line| agreeing(query, &reference, *line).len())?;
        Some(SoundEvidence {
            item: strongest(query.to_vec(), most, |peak| *peak),
            work: strongest(
                between(&reference, steps(work_span)).to_vec(),
                most,
                |peak| *peak,
            ),
            aligned: strongest(pairs(query, &reference, line), most, |pair| pair.0),
        })
    }
}

/// The lines that a match can stand for: through its start or through its end, which differ
/// where a span was cut off at the start of the work.
fn lines(found: &Match, query: Span, work: Span) -> [Line; 2] {
    let transform = found.transform.unwrap_or_default();
    let slope = transform.speed.or(transform.tempo).unwrap_or(1.0);
    let semitones = match transform.speed {
        Some(speed) => 12.0 * speed.log2(),
        None => transform.pitch_semitones.unwrap_or(0.0),
    };
    let ((query_start, query_end), (work_start, work_end)) = (steps(query), steps(work));
    [(query_start, work_start), (query_end, work_end)].map(|(query, work)| Line {
        slope,
        offset: work - slope * query,
        shift: semitones * SEMITONE_BINS * f64::from(BIN_STEPS),
    })
}

/// Each agreeing peak of the query with the nearest recorded one.
fn pairs(query: &[Peak], reference: &[Peak], line: Line) -> Vec<(Peak, Peak)> {
    let reach = LOOSE.0 * f64::from(TIME_STEPS);
    let high = LOOSE.1 * f64::from(BIN_STEPS);
    let partner = |peak: Peak| {
        let (time, bin) = (line.at(peak.time.into()), f64::from(peak.bin) - line.shift);
        let apart = |other: &Peak| {
            let late = (f64::from(other.time) - time) / reach;
            late.hypot((f64::from(other.bin) - bin) / high)
        };
        let near = between(reference, (time - reach, time + reach)).iter();
        let near = near.filter(|other| (f64::from(other.bin) - bin).abs() <= high);
        near.copied().min_by(|a, b| apart(a).total_cmp(&apart(b)))
    };
    let agreeing = agreeing(query, reference, line).into_iter();
    agreeing
        .filter_map(|peak| Some((peak, partner(peak)?)))
        .collect()
}

fn steps(span: Span) -> (f64, f64) {
    let steps_per_s = f64::from(TIME_STEPS) * f64::from(SAMPLE_RATE_HZ) / HOP as f64;
    (span.start * steps_per_s, span.end * steps_per_s)
}

/// The strongest `most` in order of time.
fn strongest<T>(mut all: Vec<T>, most: usize, peak: impl Fn(&T) -> Peak) -> Vec<T> {
    all.sort_by_key(|one| {
        let peak = peak(one);
        (peak.rank, peak.time, peak.bin)
    });
    all.truncate(most);
    all.sort_by_key(|one| {
        let peak = peak(one);
        (peak.time, peak.bin)
    });
    all
}

#[cfg(test)]
mod tests;
