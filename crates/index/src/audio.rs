//! Which registered recordings an item plays, and where.
//!
//! Landmarks nominate lines: a recording, a place, a pitch and a tempo
//! ([`nominate`]). [`line`](self::line) makes them exact, [`verify`] decides by
//! counting single peaks along them, [`crate::calibrate`] says how sure that is.

mod agreement;
mod chance;
mod evidence;
mod line;
mod nominate;
mod parted;
mod places;
mod verify;

use std::collections::HashMap;
use std::rc::Rc;

use clearance_fingerprint::audio::{AudioFingerprint, BIN_STEPS, Peak, TIME_STEPS, seconds};

use crate::asset::{Asset, AssetRef};
use crate::calibrate::{MAX_AUDIO_E_VALUE_PER_ITEM, audio_e_value, score};
use crate::found::{Evidence, Match, MatchKind, Span, Transform, without_repeats};
use crate::registry::Snapshot;
use crate::segment::{LandmarkStore, Segment};
pub use evidence::SoundEvidence;
pub(crate) use nominate::MOST_PLACES;
use nominate::{Candidate, Line, nominate};
use parted::parted_sound;
pub(crate) use parted::{AskedSound, FoundLandmarks, FoundSound, held_landmarks, held_sound};
use places::equal_places;
use verify::{Alignment, verify};

/// A match that covers this share of a work is a copy of it, a smaller one an excerpt.
const COPY_SHARE: f64 = 0.9;
/// Alignments this far apart in the work, in time steps (0.5 s), are two places.
const ELSEWHERE_STEPS: f64 = 22.0 * TIME_STEPS as f64;
/// Alignments of an item with one recording: a beat for hours fits hours of that beat in
/// thousands of ways, which say no more than the first.
const MOST_ALIGNMENTS: usize = 256;
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
        if let Some(parts) = self.parts() {
            let found = parted_sound(parts, self, print, max_e_value_per_item);
            return without_repeats(found, |asset| self.work_id(asset));
        }
        let query = verify::query_peaks(print);
        let segments: Vec<&Segment> = self.segments().map(|(_, segment)| segment).collect();
        let stores: Vec<&LandmarkStore> = segments.iter().map(|segment| &segment.audio).collect();
        let candidates = nominate(&stores, print);
        let peaks = |segment: usize, asset: u32| segments[segment].peaks.get(asset).into();
        let confirmed = confirmed(
            candidates,
            &query,
            item_s(print),
            peaks,
            max_e_value_per_item,
        );
        let matches = confirmed.iter().map(|(found, e_value)| {
            let asset = AssetRef {
                segment: found.segment as u32,
                asset: found.asset,
            };
            to_match(self.asset(asset), asset, found, *e_value)
        });
        without_repeats(matches.collect(), |asset| self.work_id(asset))
    }
}

/// The candidates that hold, with their E-values: at most `limit`. `query` are the peaks of the item
/// that verification examines.
fn confirmed(
    candidates: Vec<Candidate>,
    query: &[Peak],
    item_s: f64,
    peaks: impl Fn(usize, u32) -> Rc<[Peak]>,
    limit: f64,
) -> Vec<(Found, f64)> {
    let e_value = |nats| audio_e_value(nats, item_s);
    let confirm = |mut found: Found| {
        // Fewer nats are no better; what fails already need not be looked at closer.
        if e_value(found.alignment.score_nats) > limit {
            return None;
        }
        found.alignment.equal_places = equal_places(query, &found.reference, &found.alignment);
        found.alignment.score_nats *= found.alignment.distinctness();
        let e_value = e_value(found.alignment.score_nats);
        (e_value <= limit).then_some((found, e_value))
    };
    let found = alignments(candidates, query, peaks).into_iter();
    found.filter_map(confirm).collect()
}

/// How long an item counts as: silence at the end brings nothing, neither right nor wrong.
fn item_s(print: &AudioFingerprint) -> f64 {
    seconds(print.peaks.last().map_or(0.0, |peak| peak.time.into()))
}

/// A verified alignment and what it aligns with.
struct Found {
    /// Which of the segments, from 0.
    segment: usize,
    asset: u32,
    /// The asset's peaks.
    reference: Rc<[Peak]>,
    alignment: Alignment,
    /// Landmarks that led there.
    votes: u32,
}

/// Verified alignments of candidates, in their order.
fn alignments(
    candidates: Vec<Candidate>,
    query: &[Peak],
    peaks: impl Fn(usize, u32) -> Rc<[Peak]>,
) -> Vec<Found> {
    let mut references: HashMap<(usize, u32), Rc<[Peak]>> = HashMap::new();
    let mut found: Vec<Found> = Vec::new();
    for candidate in candidates {
        if found.iter().any(|known| known.explains(&candidate)) {
            continue;
        }
        let (segment, asset) = (candidate.segment, candidate.asset);
        let known = found
            .iter()
            .filter(|known| (known.segment, known.asset) == (segment, asset));
        if known.count() >= MOST_ALIGNMENTS {
            continue;
        }
        let reference = references
            .entry((segment, asset))
            .or_insert_with(|| peaks(segment, asset));
        found.extend(
            verify(query, reference, &candidate)
                .into_iter()
                .map(|alignment| Found {
                    segment,
                    asset,
                    reference: Rc::clone(reference),
                    alignment,
                    votes: candidate.votes,
                }),
        );
    }
    found
}

impl Found {
    /// Whether this alignment covers a candidate of a later part.
    fn explains(&self, candidate: &Candidate) -> bool {
        let alignment = &self.alignment;
        let middle = f64::midpoint(candidate.part.0.into(), candidate.part.1.into());
        let apart = (alignment.line.at(middle) - candidate.line.at(middle)).abs();
        (self.segment, self.asset) == (candidate.segment, candidate.asset)
            && apart < ELSEWHERE_STEPS
            && alignment.query.0 <= middle
            && alignment.query.1 >= middle
    }
}

fn to_match(
    registered: Option<&Asset>,
    asset: AssetRef,
    found: &Found,
    e_value_per_item: f64,
) -> Match {
    let alignment = &found.alignment;
    let duration_s = registered.map_or(0.0, |asset| asset.extent);
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
        query_box: None,
        work_box: None,
        transform: transform(alignment.line),
        evidence: Evidence {
            aligned_peaks: Some(alignment.aligned),
            examined_peaks: Some(alignment.examined),
            equal_places: Some(alignment.equal_places),
            alignment_nats: Some(alignment.score_nats as f32),
            landmarks: Some(found.votes),
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
