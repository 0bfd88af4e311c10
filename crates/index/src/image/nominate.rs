//! Candidates: registered pictures that share several points with the item, turned and
//! scaled alike.
//!
//! Points that share a key vote for their picture. Votes that name about the same turn and
//! scale count together (weak geometric consistency: Jégou, Douze and Schmid, ECCV 2008,
//! section 4).

use clearance_fingerprint::image::{REST_DISTANCE, probes};

use super::scene::Scene;
use crate::segment::{KeyedPoint, PictureStore, point_key};

/// At most this many candidates are verified, most votes first.
const MOST_CANDIDATES: usize = 24;
/// Votes that make a candidate.
const MIN_VOTES: usize = 2;
/// Keys under which more points stand say too little to be worth reading.
pub(crate) const MOST_UNDER_KEY: usize = 256;
/// Votes agree within this many steps of a turn (18 degrees) ...
const AGREE_TURN: u8 = 13;
/// ... and this many steps of scale (a factor of 1.4).
const AGREE_SCALE: i16 = 8;
/// Slots of the table that counts votes before they are sorted.
const SLOTS: usize = 1 << 16;

/// Where keys are looked up: a segment, or what others found in it.
pub(super) trait KeyedPictures {
    /// How many pictures there are.
    fn count(&self) -> usize;
    /// Calls `visit` with the number of each key and the points under it.
    fn find_points(
        &self,
        keys: &[u32],
        visit: impl FnMut(usize, &mut dyn Iterator<Item = KeyedPoint>),
    );
}

impl KeyedPictures for PictureStore {
    fn count(&self) -> usize {
        self.len()
    }

    fn find_points(
        &self,
        keys: &[u32],
        visit: impl FnMut(usize, &mut dyn Iterator<Item = KeyedPoint>),
    ) {
        Self::find_points(self, keys, visit);
    }
}

/// A registered picture, and how it may lie in the item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Candidate {
    /// Which of the segments, from 0.
    pub(super) segment: usize,
    pub(super) picture: u32,
    /// Whether it is the item's mirror image that shows it.
    pub(super) flip: bool,
    /// Turn of the item's points against the work's, in 256ths.
    pub(super) turn: u8,
    /// Their size against the work's, in sixteenths of a doubling.
    pub(super) scale: i16,
    pub(super) votes: usize,
}

/// One point of the item and one of a picture that share a key. Sorted by picture first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Vote {
    picture: u32,
    flip: bool,
    point: u16,
    turn: u8,
    scale: i16,
}

/// The keys that an item is looked up under, and for each the number of its point, the rest of its
/// descriptor and whether they are of the mirrored form.
pub(super) fn asked(scenes: &[Scene; 2]) -> (Vec<u32>, Vec<(u16, u16, bool)>) {
    let mut keys = Vec::new();
    let mut asked = Vec::new();
    for (number, point) in scenes[0].points.iter().enumerate() {
        probes(
            &point.descriptor,
            &point.doubtful,
            |table, key, rest, is_mirrored| {
                keys.push(point_key(table, key));
                asked.push((number as u16, rest, is_mirrored));
            },
        );
    }
    (keys, asked)
}

/// Candidates of all segments, most votes first.
pub(super) fn candidates<K: KeyedPictures>(segments: &[&K], scenes: &[Scene; 2]) -> Vec<Candidate> {
    let (keys, asked) = asked(scenes);
    let mut candidates = Vec::new();
    for (segment, opened) in segments.iter().enumerate() {
        let mut votes = Vec::new();
        opened.find_points(&keys, |key, points| {
            let (number, rest, is_mirrored) = asked[key];
            for found in points.take(MOST_UNDER_KEY) {
                if (found.rest ^ rest).count_ones() <= REST_DISTANCE {
                    votes.push(vote(scenes, number, is_mirrored, &found));
                }
            }
        });
        votes.retain(|vote| (vote.picture as usize) < opened.count());
        keep_repeated(&mut votes);
        votes.sort_unstable();
        votes.dedup();
        for group in votes.chunk_by(|a, b| (a.picture, a.flip) == (b.picture, b.flip)) {
            candidates.extend(agreeing(segment, group).filter(|c| c.votes >= MIN_VOTES));
        }
    }
    let rank = |candidate: &Candidate| {
        let votes = std::cmp::Reverse(candidate.votes);
        (votes, candidate.segment, candidate.picture, candidate.flip)
    };
    candidates.sort_unstable_by_key(rank);
    candidates.truncate(MOST_CANDIDATES);
    candidates
}

fn vote(scenes: &[Scene; 2], number: u16, is_mirrored: bool, found: &KeyedPoint) -> Vote {
    let flip = found.is_mirrored != is_mirrored;
    let point = &scenes[usize::from(flip)].points[usize::from(number)];
    Vote {
        picture: found.picture,
        flip,
        point: number,
        turn: point.angle.wrapping_sub(found.angle),
        scale: i16::from(point.size) - i16::from(found.size),
    }
}

/// Drops most votes for pictures that got no other, before they are sorted.
fn keep_repeated(votes: &mut Vec<Vote>) {
    let slot = |vote: &Vote| {
        let key = vote.picture << 1 | u32::from(vote.flip);
        (key.wrapping_mul(0x9e37_79b1) >> 16) as usize % SLOTS
    };
    let mut counts = vec![0u8; SLOTS];
    for vote in votes.iter() {
        let count = &mut counts[slot(vote)];
        *count = count.saturating_add(1);
    }
    votes.retain(|vote| usize::from(counts[slot(vote)]) >= MIN_VOTES);
}

/// The largest set of votes for one picture that agree with one of them, each point of the
/// item counted once.
fn agreeing(segment: usize, group: &[Vote]) -> Option<Candidate> {
    /// Votes tried as the middle of a set.
    const MOST_TRIED: usize = 64;
    let count = |middle: &Vote| {
        let agrees = |vote: &&Vote| {
            let turn = vote.turn.wrapping_sub(middle.turn);
            turn.min(turn.wrapping_neg()) <= AGREE_TURN
                && (vote.scale - middle.scale).abs() <= AGREE_SCALE
        };
        let mut last = None;
        let points = group.iter().filter(agrees).filter(|vote| {
            // Sorted by point: each is new only once.
            last.replace(vote.point) != Some(vote.point)
        });
        points.count()
    };
    let step = group.len().div_ceil(MOST_TRIED);
    let tried = group.iter().step_by(step);
    let best = tried
        .map(|vote| (count(vote), vote))
        .max_by_key(|&(votes, _)| votes);
    best.map(|(votes, middle)| Candidate {
        segment,
        picture: middle.picture,
        flip: middle.flip,
        turn: middle.turn,
        scale: middle.scale,
        votes,
    })
}
