//! The search for recordings where the registry lies in parts: what is asked of them, what they
//! answer, and the sum.
//!
//! Landmarks are looked up by whoever holds their hashes. All votes are counted together, by the same
//! code that counts those of one registry, and what it nominates is verified by whoever holds the
//! recording.

use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use clearance_fingerprint::audio::{AudioFingerprint, Landmark, Peak};
use serde::{Deserialize, Serialize};

use super::nominate::{Candidate, Landmarks, Line, MOST_PLACES, asked, nominate};
use super::verify::{Alignment, query_peaks};
use super::{Found, confirmed, item_s, to_match};
use crate::asset::AssetRef;
use crate::found::Match;
use crate::parts::{Answer, Parts, Question};
use crate::registry::Snapshot;
use crate::segment::{LandmarkStore, PeakStore, StoredLandmark, Under};

/// Landmarks that a part has under one of the hashes it was asked for.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct FoundLandmarks {
    /// Which hash, by its place in the question.
    asked: u32,
    /// Whether they stand under a crowded prefix.
    crowded: bool,
    /// How many there are.
    count: u32,
    /// Place, bin and span of each, unless there are too many to be read.
    lines: Vec<(u32, u8, u8)>,
}

/// Recordings to be verified against an item.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct AskedSound {
    /// Those peaks of the item that verification examines: time, bin, rank.
    peaks: Vec<(u32, u16, u8)>,
    item_s: f64,
    /// The largest E-value that is reported.
    limit: f64,
    candidates: Vec<AskedLine>,
}

/// A candidate: segment, asset, slope, offset and shift of its line, the part that voted, votes.
type AskedLine = (u32, u32, [f64; 3], (u32, u32), u32);

/// A recording that is there.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct FoundSound {
    segment: u32,
    asset: u32,
    query: (f64, f64),
    reference: (f64, f64),
    line: [f64; 3],
    score_nats: f64,
    counts: [u32; 4],
    e_value: f64,
}

/// What a part has under some hashes in one of its segments.
pub(crate) fn held_landmarks(store: &LandmarkStore, hashes: &[u64]) -> Vec<FoundLandmarks> {
    let asked: Vec<Landmark> = hashes
        .iter()
        .zip(0u32..)
        .map(|(&hash, number)| Landmark {
            hash,
            time: number,
            bin: 0,
            span: 0,
            fixed: false,
        })
        .collect();
    let mut found = Vec::new();
    for under in [Under::Rare, Under::Crowded] {
        store.find_all(&asked, under, |landmark, lines| {
            let count = lines.len() as u32;
            let read = if lines.len() <= MOST_PLACES {
                lines
            } else {
                0..0
            };
            let stored = read.map(|line| store.line(line));
            found.push(FoundLandmarks {
                asked: landmark.time,
                crowded: under == Under::Crowded,
                count,
                lines: stored.map(|it| (it.place, it.bin, it.span)).collect(),
            });
        });
    }
    found
}

/// Verifies candidates against the recordings that a part holds.
pub(crate) fn held_sound(stores: &[&PeakStore], asked: &AskedSound) -> Vec<FoundSound> {
    let peak = |&(time, bin, rank): &(u32, u16, u8)| Peak { time, bin, rank };
    let query: Vec<Peak> = asked.peaks.iter().map(peak).collect();
    let candidates = asked.candidates.iter();
    let candidate = |&(segment, asset, line, part, votes): &AskedLine| Candidate {
        segment: segment as usize,
        asset,
        line: line_of(line),
        part,
        votes,
    };
    let peaks = |segment: usize, asset: u32| -> Rc<[Peak]> {
        let store = stores.get(segment);
        store.map_or_else(Vec::new, |store| store.get(asset)).into()
    };
    let candidates = candidates.map(candidate).collect();
    let confirmed = confirmed(candidates, &query, asked.item_s, peaks, asked.limit);
    let found = confirmed.into_iter().map(|(found, e_value)| {
        let alignment = found.alignment;
        FoundSound {
            segment: found.segment as u32,
            asset: found.asset,
            query: alignment.query,
            reference: alignment.reference,
            line: [
                alignment.line.slope,
                alignment.line.offset,
                alignment.line.shift,
            ],
            score_nats: alignment.score_nats,
            counts: [
                alignment.aligned,
                alignment.examined,
                alignment.equal_places,
                found.votes,
            ],
            e_value,
        }
    });
    found.collect()
}

fn line_of([slope, offset, shift]: [f64; 3]) -> Line {
    Line {
        slope,
        offset,
        shift,
    }
}

/// What all parts found in one segment.
struct Sum<'a> {
    /// Knows where recordings start.
    timeline: &'a LandmarkStore,
    /// Lines by hash, under rare and under crowded prefixes.
    found: [HashMap<u64, Range<usize>>; 2],
    lines: Vec<StoredLandmark>,
}

impl Landmarks for Sum<'_> {
    fn find_all<'q>(
        &self,
        landmarks: &'q [Landmark],
        under: Under,
        mut visit: impl FnMut(&'q Landmark, Range<usize>),
    ) {
        let found = &self.found[usize::from(under == Under::Crowded)];
        for landmark in landmarks {
            if let Some(lines) = found.get(&landmark.hash) {
                visit(landmark, lines.clone());
            }
        }
    }

    fn line(&self, line: usize) -> StoredLandmark {
        // Those of which there are too many are not asked for.
        self.lines.get(line).copied().unwrap_or(StoredLandmark {
            place: 0,
            bin: 0,
            span: 0,
        })
    }

    fn asset_at(&self, place: u32) -> Option<(u32, u32)> {
        self.timeline.asset_at(place)
    }
}

impl<'a> Sum<'a> {
    fn new(timeline: &'a LandmarkStore) -> Self {
        Self {
            timeline,
            found: [HashMap::new(), HashMap::new()],
            lines: Vec::new(),
        }
    }

    fn add(&mut self, hashes: &[u64], found: FoundLandmarks) {
        let Some(&hash) = hashes.get(found.asked as usize) else {
            return;
        };
        let start = self.lines.len();
        let line = |(place, bin, span)| StoredLandmark { place, bin, span };
        self.lines.extend(found.lines.into_iter().map(line));
        let lines = start..start + found.count as usize;
        self.found[usize::from(found.crowded)].insert(hash, lines);
    }
}

/// Registered recordings that the item plays, before repeats are left out. Nothing when a part failed:
/// [`Parts`] remembers that.
pub(crate) fn parted_sound(
    parts: &Parts,
    snapshot: &Snapshot,
    print: &AudioFingerprint,
    limit: f64,
) -> Vec<Match> {
    let sums = sums(parts, snapshot, print);
    let stores: Vec<&Sum<'_>> = sums.iter().collect();
    let mut by_part: Vec<Vec<AskedLine>> = vec![Vec::new(); parts.count()];
    for candidate in nominate(&stores, print) {
        let Line {
            slope,
            offset,
            shift,
        } = candidate.line;
        let segment = candidate.segment as u32;
        let line = [slope, offset, shift];
        let asked = (
            segment,
            candidate.asset,
            line,
            candidate.part,
            candidate.votes,
        );
        by_part[parts.holder_of_asset(segment, candidate.asset)].push(asked);
    }
    let peaks = query_peaks(print).into_iter();
    let peaks: Vec<_> = peaks.map(|it| (it.time, it.bin, it.rank)).collect();
    let asked = by_part.into_iter().enumerate();
    let asked = asked.filter(|(_, candidates)| !candidates.is_empty());
    let asked = asked.map(|(part, candidates)| {
        let question = AskedSound {
            peaks: peaks.clone(),
            item_s: item_s(print),
            limit,
            candidates,
        };
        (part, Question::Sound(question))
    });
    let mut matches = Vec::new();
    for (_, answer) in parts.ask(&asked.collect::<Vec<_>>()) {
        if let Answer::Sound(found) = answer {
            matches.extend(found.iter().map(|found| match_of(snapshot, found)));
        }
    }
    matches
}

/// What each segment has of the item's landmarks.
fn sums<'a>(parts: &Parts, snapshot: &'a Snapshot, print: &AudioFingerprint) -> Vec<Sum<'a>> {
    let segments = snapshot.segments();
    let mut sums: Vec<Sum<'a>> = segments.map(|(_, it)| Sum::new(&it.audio)).collect();
    let hashes = parts.routed_landmarks(&asked(print));
    let questions = hashes.iter().enumerate();
    let questions = questions.filter(|(_, hashes)| !hashes.is_empty());
    let questions = questions.map(|(part, hashes)| (part, Question::Landmarks(hashes.clone())));
    for (part, answer) in parts.ask(&questions.collect::<Vec<_>>()) {
        let Answer::Landmarks(found) = answer else {
            continue;
        };
        for (segment, found) in found {
            if let Some(sum) = sums.get_mut(segment as usize) {
                for found in found {
                    sum.add(&hashes[part], found);
                }
            }
        }
    }
    sums
}

fn match_of(snapshot: &Snapshot, found: &FoundSound) -> Match {
    let asset = AssetRef {
        segment: found.segment,
        asset: found.asset,
    };
    let [aligned, examined, equal_places, votes] = found.counts;
    let verified = Found {
        segment: found.segment as usize,
        asset: found.asset,
        reference: Rc::new([]),
        alignment: Alignment {
            query: found.query,
            reference: found.reference,
            line: line_of(found.line),
            score_nats: found.score_nats,
            aligned,
            examined,
            equal_places,
        },
        votes,
    };
    to_match(snapshot.asset(asset), asset, &verified, found.e_value)
}
