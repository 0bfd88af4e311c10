//! Candidates: which asset, at which time offset.

use clearance_fingerprint::audio::{AudioFingerprint, TIME_STEPS, query_landmarks};

use crate::segment::Segment;

/// Offsets are counted in cells of this many time steps: 93 ms.
const CELL: i64 = 4 * TIME_STEPS as i64;
/// Two neighbouring cells with this many votes together are worth verifying.
const MIN_VOTES: u32 = 4;
/// At most this many candidates of a segment are verified, most votes first.
const MOST_CANDIDATES: usize = 64;
/// Landmarks with more postings than this say too little to be worth reading.
const MOST_POSTINGS: usize = 2_000;

/// An asset and an offset that landmarks agree on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Candidate {
    pub(super) asset: u32,
    /// Reference time minus query time, in time steps.
    pub(super) offset: i64,
    pub(super) votes: u32,
}

/// The candidates of one segment, most votes first.
pub(super) fn nominate(segment: &Segment, print: &AudioFingerprint) -> Vec<Candidate> {
    let mut votes: Vec<(u32, i64)> = Vec::new();
    for landmark in query_landmarks(print) {
        let postings = segment.audio.get(landmark.hash);
        if postings.len() > MOST_POSTINGS {
            continue;
        }
        votes.extend(postings.map(|posting| {
            let offset = i64::from(posting.position) - i64::from(landmark.time);
            (posting.asset, offset.div_euclid(CELL))
        }));
    }
    votes.sort_unstable();
    let mut candidates = peaks_of(&count(&votes));
    candidates.sort_by_key(|c| (std::cmp::Reverse(c.votes), c.asset, c.offset));
    candidates.truncate(MOST_CANDIDATES);
    candidates
}

/// Runs of equal votes: (asset, cell, number).
fn count(votes: &[(u32, i64)]) -> Vec<(u32, i64, u32)> {
    votes
        .chunk_by(|a, b| a == b)
        .map(|run| (run[0].0, run[0].1, run.len() as u32))
        .collect()
}

/// Pairs of neighbouring cells with enough votes; each cell counts in one pair only.
fn peaks_of(cells: &[(u32, i64, u32)]) -> Vec<Candidate> {
    let mut found = Vec::new();
    let mut index = 0;
    while index < cells.len() {
        let (asset, cell, own) = cells[index];
        let next = cells.get(index + 1);
        let beside = next.filter(|next| next.0 == asset && next.1 == cell + 1);
        let votes = own + beside.map_or(0, |next| next.2);
        if votes >= MIN_VOTES {
            // The middle of the pair, or of the single cell.
            let offset = cell * CELL + if beside.is_some() { CELL } else { CELL / 2 };
            found.push(Candidate {
                asset,
                offset,
                votes,
            });
            index += usize::from(beside.is_some());
        }
        index += 1;
    }
    found
}
