//! Which registered recordings an item plays, and where.
//!
//! Landmarks nominate lines: a recording, a place, a pitch and a tempo
//! ([`nominate`]). [`line`](self::line) makes them exact, [`verify`] decides by
//! counting single peaks along them, [`crate::calibrate`] says how sure that is.

mod line;
mod nominate;
mod verify;

use std::collections::HashMap;

use clearance_fingerprint::audio::{AudioFingerprint, BIN_STEPS, Peak, TIME_STEPS, seconds};

use crate::asset::AssetRef;
use crate::calibrate::{MAX_AUDIO_E_VALUE_PER_ITEM, audio_e_value, score};
use crate::found::{Evidence, Match, MatchKind, Span, Transform, without_repeats};
use crate::registry::Snapshot;
use crate::segment::Segment;
use nominate::{Candidate, Line, nominate};
use verify::{Alignment, verify};

/// A match that covers this share of a work is a copy of it, a smaller one an excerpt.
const COPY_SHARE: f64 = 0.9;
/// Another place of the work is as good as the best one when it scores this share of it.
const EQUAL_SHARE: f64 = 0.8;
/// ... and starts this far from it in the work, in time steps (0.5 s).
const ELSEWHERE_STEPS: f64 = 22.0 * TIME_STEPS as f64;
/// A pitch shift that is what the change of speed causes, within this many semitones.
const LINKED_SEMITONES: f64 = 0.1;
/// Bins in a semitone.
const SEMITONE_BINS: f64 = 3.0;

impl Snapshot {
    /// Registered recordings that the item plays, at any pitch (±8 semitones) and
    /// tempo (0.62 to 1.6), strongest first. Several works, and several spans of
    /// one work, give several matches; spans of one work that overlap in the item
    /// give one, with the number of equally good places in its evidence.
    pub fn search_audio(&self, print: &AudioFingerprint) -> Vec<Match> {
        self.search_audio_below(print, MAX_AUDIO_E_VALUE_PER_ITEM)
    }

    /// The same with another limit on the E-value per item: what benches use to
    /// see how far from the limit an answer is.
    pub fn search_audio_below(
        &self,
        print: &AudioFingerprint,
        max_e_value_per_item: f64,
    ) -> Vec<Match> {
        let query = verify::query_peaks(print);
        let registry_peaks = self
            .segments()
            .map(|(_, segment)| segment.peaks.len())
            .sum();
        let mut matches = Vec::new();
        for (number, segment) in self.segments() {
            for (asset, mut found, votes) in alignments(segment, print, &query) {
                let asset = AssetRef {
                    segment: number,
                    asset,
                };
                found.score_nats *= found.distinctness();
                let e_value = audio_e_value(found.score_nats, query.len(), registry_peaks);
                if e_value <= max_e_value_per_item {
                    matches.push(to_match(segment, asset, votes, &found, e_value));
                }
            }
        }
        without_repeats(matches, |asset| self.work_id(asset))
    }

    /// The highest log-likelihood ratio, in nats, of any alignment of the item
    /// with any registered recording, the number of peaks examined and of peaks
    /// registered: what the calibration of E-values is measured from, on items
    /// that contain no registered work.
    pub fn strongest_chance_alignment(&self, print: &AudioFingerprint) -> (f64, usize, usize) {
        let query = verify::query_peaks(print);
        let registered = self
            .segments()
            .map(|(_, segment)| segment.peaks.len())
            .sum();
        let all = self
            .segments()
            .flat_map(|(_, segment)| alignments(segment, print, &query));
        let strongest = all
            .map(|(_, found, _)| found.score_nats)
            .fold(0.0, f64::max);
        (strongest, query.len(), registered)
    }
}

/// Verified alignments of one segment: asset, alignment, votes.
fn alignments(
    segment: &Segment,
    print: &AudioFingerprint,
    query: &[Peak],
) -> Vec<(u32, Alignment, u32)> {
    let mut references: HashMap<u32, Vec<Peak>> = HashMap::new();
    let mut found: Vec<(u32, Alignment, u32)> = Vec::new();
    for candidate in nominate(segment, print) {
        if found.iter().any(|known| explains(known, &candidate)) {
            continue;
        }
        let reference = references
            .entry(candidate.asset)
            .or_insert_with(|| segment.peaks.get(candidate.asset));
        for alignment in verify(query, reference, &candidate) {
            found.push((candidate.asset, alignment, candidate.votes));
        }
    }
    let places: Vec<u32> = found.iter().map(|one| equal_places(one, &found)).collect();
    for (one, places) in found.iter_mut().zip(places) {
        one.1.equal_places = places;
    }
    found
}

/// Whether an alignment found before covers a candidate of a later part.
fn explains(known: &(u32, Alignment, u32), candidate: &Candidate) -> bool {
    let (asset, alignment, _) = known;
    let middle = f64::midpoint(candidate.part.0.into(), candidate.part.1.into());
    let apart = (alignment.line.at(middle) - candidate.line.at(middle)).abs();
    *asset == candidate.asset
        && apart < ELSEWHERE_STEPS
        && alignment.query.0 <= middle
        && alignment.query.1 >= middle
}

/// Other places in the recording that fit the same part of the item about as well.
fn equal_places(one: &(u32, Alignment, u32), found: &[(u32, Alignment, u32)]) -> u32 {
    let middle = |alignment: &Alignment| f64::midpoint(alignment.query.0, alignment.query.1);
    let time = middle(&one.1);
    let mut known = vec![one.1.line.at(time)];
    for (asset, other, _) in found {
        let place = other.line.at(time);
        if *asset == one.0
            && other.query.0 <= time
            && other.query.1 >= time
            && other.score_nats >= EQUAL_SHARE * one.1.score_nats
            && known.iter().all(|at| (at - place).abs() >= ELSEWHERE_STEPS)
        {
            known.push(place);
        }
    }
    known.len() as u32 - 1
}

fn to_match(
    segment: &Segment,
    asset: AssetRef,
    votes: u32,
    alignment: &Alignment,
    e_value_per_item: f64,
) -> Match {
    let duration_s = segment
        .assets
        .get(asset.asset as usize)
        .map_or(0.0, |asset| asset.extent);
    let work_span = Span {
        start: seconds(alignment.reference.0).max(0.0),
        end: seconds(alignment.reference.1),
    };
    let whole = work_span.length() >= COPY_SHARE * duration_s;
    Match {
        asset,
        kind: if whole {
            MatchKind::Copy
        } else {
            MatchKind::Excerpt
        },
        score: score(e_value_per_item),
        e_value_per_item,
        query_span: Some(Span {
            start: seconds(alignment.query.0),
            end: seconds(alignment.query.1),
        }),
        work_span: Some(work_span),
        transform: transform(alignment.line),
        evidence: Evidence {
            aligned_peaks: Some(alignment.aligned),
            examined_peaks: Some(alignment.examined),
            equal_places: Some(alignment.equal_places),
            alignment_nats: Some(alignment.score_nats as f32),
            landmarks: Some(votes),
            ..Evidence::default()
        },
    }
}

/// How the item differs from the recording: played faster as a whole, or bent in
/// tempo and pitch apart. `None` when in neither.
fn transform(line: Line) -> Option<Transform> {
    let semitones = line.shift / (SEMITONE_BINS * f64::from(BIN_STEPS));
    let unbent = (line.slope - 1.0).abs() < 1e-9;
    if unbent && semitones.abs() < 0.1 {
        return None;
    }
    let linked = 12.0 * line.slope.log2();
    let transform = if !unbent && (semitones - linked).abs() <= LINKED_SEMITONES {
        Transform {
            speed: Some(line.slope),
            ..Transform::default()
        }
    } else {
        Transform {
            tempo: Some(line.slope),
            pitch_semitones: Some(semitones),
            ..Transform::default()
        }
    };
    Some(transform)
}

#[cfg(test)]
mod tests;
