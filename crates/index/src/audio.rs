//! Which registered recordings an item plays, and where.
//!
//! Landmarks nominate (asset, time offset) pairs; [`verify`](self::verify)
//! decides by counting single peaks along that alignment.

mod nominate;
mod verify;

use clearance_fingerprint::audio::{AudioFingerprint, Peak, seconds};

use crate::asset::AssetRef;
use crate::calibrate::{MAX_E_VALUE_PER_ITEM, audio_e_value, score};
use crate::found::{Evidence, Match, MatchKind, Span, without_repeats};
use crate::registry::Snapshot;
use crate::segment::Segment;
use nominate::{Candidate, nominate};
use verify::{Alignment, verify};

/// A match that covers this share of a work is a copy of it, a smaller one an excerpt.
const COPY_SHARE: f64 = 0.9;
/// Bytes of a stored landmark count as this share of a peak when the registry's
/// size is estimated from its postings: three landmarks for each peak.
const LANDMARKS_PER_PEAK: usize = 3;

impl Snapshot {
    /// Registered recordings that the item plays at their own speed and pitch,
    /// strongest first. Several works, and several spans of one work, give
    /// several matches; spans of one work that overlap in the item give one.
    pub fn search_audio(&self, print: &AudioFingerprint) -> Vec<Match> {
        let registry_peaks = self
            .segments()
            .map(|(_, segment)| segment.audio.len() / LANDMARKS_PER_PEAK)
            .sum();
        let query: Vec<Peak> = verify::query_peaks(print);
        let mut matches = Vec::new();
        for (number, segment) in self.segments() {
            for candidate in nominate(segment, print) {
                let reference = segment.peaks.get(candidate.asset);
                for alignment in verify(&query, &reference, candidate.offset) {
                    let asset = AssetRef {
                        segment: number,
                        asset: candidate.asset,
                    };
                    let e_value = audio_e_value(alignment.score_nats, query.len(), registry_peaks);
                    if e_value <= MAX_E_VALUE_PER_ITEM {
                        matches.push(to_match(segment, asset, &candidate, &alignment, e_value));
                    }
                }
            }
        }
        without_repeats(matches, |asset| self.work_id(asset))
    }
}

impl Snapshot {
    /// The highest log-likelihood ratio, in nats, of any alignment of the item
    /// with any registered recording, and the number of peaks examined: what the
    /// calibration of E-values is measured from, on items that contain no
    /// registered work.
    pub fn strongest_chance_alignment(&self, print: &AudioFingerprint) -> (f64, usize) {
        let query = verify::query_peaks(print);
        let scores = self.segments().flat_map(|(_, segment)| {
            nominate(segment, print).into_iter().flat_map(|candidate| {
                let reference = segment.peaks.get(candidate.asset);
                verify(&query, &reference, candidate.offset)
            })
        });
        let strongest = scores
            .map(|alignment| alignment.score_nats)
            .fold(0.0, f64::max);
        (strongest, query.len())
    }
}

fn to_match(
    segment: &Segment,
    asset: AssetRef,
    candidate: &Candidate,
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
        transform: None,
        evidence: Evidence {
            aligned_peaks: Some(alignment.aligned),
            examined_peaks: Some(alignment.examined),
            landmarks: Some(candidate.votes),
            ..Evidence::default()
        },
    }
}

#[cfg(test)]
mod tests;
