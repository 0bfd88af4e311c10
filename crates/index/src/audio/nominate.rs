//! Candidates: which recording, where, at which pitch and tempo.
//!
//! The item is taken a few seconds at a time. Every landmark that is found names
//! a place, a pitch shift and a time scale; landmarks that name nearly the same
//! ones vote for a candidate together.

use std::ops::Range;

use clearance_fingerprint::audio::{
    AudioFingerprint, BIN_STEPS, Landmark, TIME_STEPS, query_landmarks,
};

use crate::segment::{LandmarkStore, StoredLandmark, Under};

/// Length of the part of an item whose votes are counted together: 10 s.
const PART_HOPS: u32 = 430;
/// At most this many candidates of a part are verified, most votes first.
const MOST_CANDIDATES: usize = 40;
/// Votes that make a candidate.
const MIN_VOTES: u32 = 2;
/// Landmarks found more often than this say too little to be worth reading.
pub(crate) const MOST_PLACES: usize = 256;
/// Votes read for a part, those of the rarest landmarks first: what a beat for an
/// hour, or a registry of a hundred thousand works, would ask for beyond that is
/// chance.
const MOST_VOTES: usize = 20_000;
/// Pitch shifts that are followed, in bins: 8.7 semitones either way.
const SHIFT_BINS: f32 = 26.0;
/// Time scales that are followed.
const SCALES: std::ops::RangeInclusive<f32> = 0.62..=1.6;
/// Two votes agree within this many hops at the middle of the part (0.37 s) ...
const AGREE_HOPS: f64 = 16.0;
/// ... this many bins ...
const AGREE_BINS: f32 = 1.6;
/// ... and this much of their time scales' logarithms.
const AGREE_SCALE: f32 = 0.07;
/// Votes for one moment of the query, 0.19 s, count once.
const MOMENT_HOPS: i32 = 8;
/// Two votes this far apart in the query (1 s) say something about the slope ...
const APART_HOPS: f64 = 43.0;
/// ... and so many pairs of them are believed.
const MIN_SLOPES: usize = 3;
/// Votes compared with each one: enough for loops, whose places crowd.
const MOST_NEIGHBORS: usize = 96;

/// Where landmarks are looked up: a segment, or what others found in it.
pub(super) trait Landmarks {
    /// Calls `visit` for each landmark of the query with its lines, where there are any under
    /// prefixes of one kind.
    fn find_all<'q>(
        &self,
        landmarks: &'q [Landmark],
        under: Under,
        visit: impl FnMut(&'q Landmark, Range<usize>),
    );
    fn line(&self, line: usize) -> StoredLandmark;
    /// The recording at a place of the timeline, and where it starts.
    fn asset_at(&self, place: u32) -> Option<(u32, u32)>;
}

impl Landmarks for LandmarkStore {
    fn find_all<'q>(
        &self,
        landmarks: &'q [Landmark],
        under: Under,
        visit: impl FnMut(&'q Landmark, Range<usize>),
    ) {
        Self::find_all(self, landmarks, under, visit);
    }

    fn line(&self, line: usize) -> StoredLandmark {
        Self::line(self, line)
    }

    fn asset_at(&self, place: u32) -> Option<(u32, u32)> {
        Self::asset_at(self, place)
    }
}

/// A recording, and the line along which it may play.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Candidate {
    /// Which of the segments, from 0.
    pub(super) segment: usize,
    /// Which recording of the segment.
    pub(super) asset: u32,
    pub(super) line: Line,
    /// The part of the query that voted, in time steps.
    pub(super) part: (u32, u32),
    pub(super) votes: u32,
}

/// How query and recording correspond.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Line {
    /// Recorded time that passes per query time; above 1, the query plays faster.
    pub(super) slope: f64,
    /// Recorded time at query time 0, in time steps.
    pub(super) offset: f64,
    /// Query frequency minus recorded frequency, in bin steps.
    pub(super) shift: f64,
}

impl Line {
    /// Recorded time for a query time, in time steps.
    pub(super) fn at(&self, time: f64) -> f64 {
        self.slope * time + self.offset
    }
}

/// One landmark found.
#[derive(Clone, Copy, Debug)]
struct Vote {
    /// Place on the segment's timeline that the middle of the part falls on, in hops.
    middle: f64,
    /// First peak on the timeline, in hops; and in the query, in hops from the middle.
    place: u32,
    time: f32,
    /// Query frequency minus stored frequency, in bins.
    shift: f32,
    /// Recorded time per query time.
    scale: f32,
    /// 1 over the root of the number of places that the landmark has.
    weight: f32,
}

/// Votes of one segment that agree.
struct Group {
    segment: usize,
    /// What they say together.
    strength: f32,
    votes: Vec<Vote>,
}

/// The parts of an item, from its start to its last peak, in time steps.
fn parts(print: &AudioFingerprint) -> impl Iterator<Item = Range<u32>> {
    let part = PART_HOPS * TIME_STEPS;
    let end = print.peaks.last().map_or(0, |peak| peak.time + 1);
    let starts = (0..end).step_by(part as usize);
    starts.map(move |from| from..from.saturating_add(part).min(end))
}

/// Hashes of all landmarks that are looked up for an item, rising, each once.
pub(super) fn asked(print: &AudioFingerprint) -> Vec<u64> {
    let landmarks = parts(print).flat_map(|times| query_landmarks(print, times));
    let mut hashes: Vec<u64> = landmarks.map(|landmark| landmark.hash).collect();
    hashes.sort_unstable();
    hashes.dedup();
    hashes
}

/// The candidates among all recordings of the segments, part by part.
pub(super) fn nominate<L: Landmarks>(segments: &[&L], print: &AudioFingerprint) -> Vec<Candidate> {
    let mut found = Vec::new();
    for times in parts(print) {
        let middle = u32::midpoint(times.start, times.end);
        let landmarks = query_landmarks(print, times.clone());
        let mut groups = Vec::new();
        for (number, segment) in segments.iter().enumerate() {
            let mut votes = votes(*segment, &landmarks, middle);
            votes
                .sort_unstable_by(|a, b| a.middle.total_cmp(&b.middle).then(a.place.cmp(&b.place)));
            groups.extend(strongest(&votes, number));
        }
        groups.sort_by(|a, b| b.strength.total_cmp(&a.strength));
        groups.truncate(MOST_CANDIDATES);
        let candidate = |group: Group| {
            let segment = segments[group.segment];
            candidate(segment, &group, middle, (times.start, times.end))
        };
        found.extend(groups.into_iter().filter_map(candidate));
    }
    found
}

fn votes<L: Landmarks>(segment: &L, landmarks: &[Landmark], middle: u32) -> Vec<Vote> {
    let mut found = Vec::new();
    let mut places = 0;
    for under in [Under::Rare, Under::Crowded] {
        // What is common is not even looked up when what is rare is votes enough.
        if places < MOST_VOTES {
            segment.find_all(landmarks, under, |landmark, lines| {
                places += lines.len();
                found.push((landmark, lines));
            });
        }
    }
    let most = most_places(found.iter().map(|(_, lines)| lines.len()));
    found.retain(|(_, lines)| lines.len() <= most);
    // All lines are read before any is looked at: reading is waiting for memory, for many at a time.
    let lines = found.iter().flat_map(|(_, lines)| lines.clone());
    let stored: Vec<StoredLandmark> = lines.map(|line| segment.line(line)).collect();
    let mut stored = stored.into_iter();
    let mut votes = Vec::with_capacity(stored.len());
    for (landmark, lines) in found {
        // A rare landmark says more than a common one.
        let weight = 1.0 / (lines.len() as f32).sqrt();
        let own = stored.by_ref().take(lines.len());
        votes.extend(own.filter_map(|stored| vote(landmark, stored, middle, weight)));
    }
    votes
}

/// How many places a landmark may have for its votes to be read, given the numbers of all.
fn most_places(places: impl Iterator<Item = usize>) -> usize {
    let mut votes = [0; MOST_PLACES + 1];
    for count in places.filter(|&count| count <= MOST_PLACES) {
        votes[count] += count;
    }
    let mut sum = 0;
    let affordable = votes.iter().take_while(|&&votes| {
        sum += votes;
        sum <= MOST_VOTES
    });
    // The first of them stands for no place at all.
    affordable.count().saturating_sub(1).max(1)
}

fn vote(landmark: &Landmark, stored: StoredLandmark, middle: u32, weight: f32) -> Option<Vote> {
    let time = (f64::from(landmark.time) - f64::from(middle)) / f64::from(TIME_STEPS);
    let shift = f32::from(landmark.bin) / f32::from(BIN_STEPS) - f32::from(stored.bin);
    let span = landmark.span as f32 / TIME_STEPS as f32;
    let scale = if landmark.fixed {
        1.0
    } else {
        f32::from(stored.span) / span
    };
    if !SCALES.contains(&scale) || shift.abs() > SHIFT_BINS {
        return None;
    }
    Some(Vote {
        middle: f64::from(stored.place) - f64::from(scale) * time,
        place: stored.place,
        time: time as f32,
        shift,
        scale,
        weight,
    })
}

/// Groups of votes that agree, strongest first; each vote counts in one group.
fn strongest(votes: &[Vote], segment: usize) -> Vec<Group> {
    let agree = |a: &Vote, b: &Vote| {
        (a.middle - b.middle).abs() <= AGREE_HOPS
            && (a.shift - b.shift).abs() <= AGREE_BINS
            && (a.scale - b.scale).abs() <= AGREE_SCALE * b.scale
    };
    let around = neighborhoods(votes);
    let near = |index: usize| around[index].0..around[index].1;
    let mut seeds: Vec<(f32, usize)> = Vec::new();
    let mut members: Vec<&Vote> = Vec::new();
    for index in 0..votes.len() {
        members.clear();
        let others = votes[near(index)].iter();
        members.extend(others.filter(|other| agree(&votes[index], other)));
        if members.len() >= MIN_VOTES as usize {
            seeds.push((strength(&mut members), index));
        }
    }
    seeds.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut used = vec![false; votes.len()];
    let mut groups = Vec::new();
    for (strength, index) in seeds {
        if used[index] {
            continue;
        }
        let members: Vec<usize> = near(index)
            .filter(|&other| !used[other] && agree(&votes[index], &votes[other]))
            .collect();
        if (members.len() as u32) < MIN_VOTES {
            continue;
        }
        groups.push(Group {
            segment,
            strength,
            votes: members.iter().map(|&member| votes[member]).collect(),
        });
        for member in members {
            used[member] = true;
        }
        if groups.len() == MOST_CANDIDATES {
            break;
        }
    }
    groups
}

/// The votes near each one, itself among them, first and behind the last; they are sorted.
fn neighborhoods(votes: &[Vote]) -> Vec<(usize, usize)> {
    let (mut start, mut end) = (0, 0);
    let of = |(index, vote): (usize, &Vote)| {
        while vote.middle - votes[start].middle > AGREE_HOPS {
            start += 1;
        }
        while end < votes.len() && votes[end].middle - vote.middle <= AGREE_HOPS {
            end += 1;
        }
        let first = start.max(index.saturating_sub(MOST_NEIGHBORS));
        (first, end.min(index + MOST_NEIGHBORS))
    };
    votes.iter().enumerate().map(of).collect()
}

/// What a group's votes say together. Votes within one moment of the query stand
/// or fall together, so each moment counts once, with its rarest landmark.
fn strength(members: &mut [&Vote]) -> f32 {
    let moment = |vote: &Vote| (vote.time as i32).div_euclid(MOMENT_HOPS);
    members.sort_unstable_by(|a, b| {
        let order = moment(a).cmp(&moment(b));
        order.then(b.weight.total_cmp(&a.weight))
    });
    members
        .chunk_by(|a, b| moment(a) == moment(b))
        .map(|together| together[0].weight)
        .sum()
}

/// The slope through the places of a group: the median over its pairs (Theil and
/// Sen), which strays hardly move. `None` when the votes are too close together.
fn slope(group: &[Vote]) -> Option<f64> {
    let mut slopes = Vec::new();
    for (index, a) in group.iter().enumerate() {
        for b in &group[index + 1..] {
            let apart = f64::from(b.time - a.time);
            if apart.abs() >= APART_HOPS {
                slopes.push((f64::from(b.place) - f64::from(a.place)) / apart);
            }
        }
    }
    if slopes.len() < MIN_SLOPES {
        return None;
    }
    slopes.sort_unstable_by(f64::total_cmp);
    Some(slopes[slopes.len() / 2])
}

/// A group as a line in its recording: medians, which single strays do not move.
fn candidate<L: Landmarks>(
    segment: &L,
    group: &Group,
    middle: u32,
    part: (u32, u32),
) -> Option<Candidate> {
    let votes = &group.votes;
    let median = |value: fn(&Vote) -> f32| {
        let mut values: Vec<f32> = votes.iter().map(value).collect();
        values.sort_unstable_by(f32::total_cmp);
        f64::from(values[values.len() / 2])
    };
    let slope = slope(votes)
        .filter(|slope| (f64::from(*SCALES.start())..=f64::from(*SCALES.end())).contains(slope))
        .unwrap_or_else(|| median(|vote| vote.scale));
    let time = median(|vote| vote.time);
    let nearest = votes.iter().min_by(|a, b| {
        (a.time - time as f32)
            .abs()
            .total_cmp(&(b.time - time as f32).abs())
    })?;
    let (asset, start) = segment.asset_at(nearest.place)?;
    let steps = f64::from(TIME_STEPS);
    let at = f64::from(nearest.place - start) - slope * f64::from(nearest.time);
    Some(Candidate {
        segment: group.segment,
        asset,
        line: Line {
            slope,
            offset: at * steps - slope * f64::from(middle),
            shift: median(|vote| vote.shift) * f64::from(BIN_STEPS),
        },
        part,
        votes: votes.len() as u32,
    })
}
