//! Landmarks of all recordings of a segment (FORMAT.md, "audio.postings").
//!
//! A posting takes 8 bytes: 16 more bits of its hash beyond those that say where
//! it stands, a place on one timeline of all recordings, and two bytes from which
//! the transform follows.

mod sliced;

use std::ops::Range;
use std::path::Path;

use clearance_fingerprint::audio::{BIN_STEPS, Landmark, TIME_STEPS};
use clearance_fingerprint::params;
use rayon::slice::ParallelSliceMut;

use super::container::{Container, ContainerWriter, Section, read_u32};
use crate::error::{Error, Result};

/// Silence between two recordings on the timeline, in hops: 12 s, so that no
/// alignment runs from one into the next.
const GAP_HOPS: u32 = 512;
/// Prefixes with more postings than this are crowded: a common landmark is among them.
const CROWDED: usize = 32;
/// Lookups made together.
const TOGETHER: usize = 64;
/// Bytes of a posting besides its tail: place, bin, span.
const LINE_BYTES: usize = 6;

/// Where a lookup looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Under {
    /// Prefixes with few postings.
    Rare,
    /// All others.
    Crowded,
}

/// A stored landmark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct StoredLandmark {
    /// First peak, in hops on the segment's timeline.
    pub(crate) place: u32,
    /// Its frequency, in bins.
    pub(crate) bin: u8,
    /// Hops to the last peak.
    pub(crate) span: u8,
}

/// Landmarks in the making.
#[derive(Default)]
pub(crate) struct LandmarksBuilder {
    lines: Vec<(u64, u64)>,
    assets: Vec<u32>,
    starts: Vec<u32>,
    /// Where the next recording starts.
    end: u32,
}

impl LandmarksBuilder {
    /// Adds a recording of `length_hops`.
    pub(crate) fn add(&mut self, asset: u32, length_hops: u32, landmarks: &[Landmark]) {
        let start = self.end;
        self.end = start.saturating_add(length_hops).saturating_add(GAP_HOPS);
        self.assets.push(asset);
        self.starts.push(start);
        self.lines.extend(landmarks.iter().map(|landmark| {
            let hops = |time: u32| (time + TIME_STEPS / 2) / TIME_STEPS;
            let bin = (landmark.bin + BIN_STEPS / 2) / BIN_STEPS;
            let line = u64::from(start.saturating_add(hops(landmark.time))) << 16
                | u64::from(bin.min(255)) << 8
                | u64::from(hops(landmark.span).min(255));
            (landmark.hash, line)
        }));
    }

    /// Bytes held. More than any segment may hold once half of the timeline, a
    /// year and a half of sound, is used.
    pub(crate) fn bytes(&self) -> usize {
        if self.end > u32::MAX / 2 {
            return usize::MAX / 2;
        }
        self.lines.len() * 16
    }

    pub(crate) fn write(mut self, path: &Path) -> Result<()> {
        self.lines.par_sort_unstable();
        let count = self.lines.len();
        // Eight postings for each prefix, on average.
        let prefix_bits = count.max(1).ilog2().saturating_sub(3).clamp(1, 32);
        let mut prefixes = Vec::with_capacity(((1 << prefix_bits) + 1) * 4);
        let mut line = 0;
        for prefix in 0..=1u64 << prefix_bits {
            while line < count && self.lines[line].0 >> (64 - prefix_bits) < prefix {
                line += 1;
            }
            prefixes.extend_from_slice(&(line as u32).to_le_bytes());
        }
        let mut tails = Vec::with_capacity(count * 2);
        let mut lines = Vec::with_capacity(count * LINE_BYTES);
        for (hash, line) in &self.lines {
            tails.extend_from_slice(&tail(*hash, prefix_bits).to_le_bytes());
            lines.extend_from_slice(&line.to_le_bytes()[..LINE_BYTES]);
        }
        let bytes = |numbers: &[u32]| numbers.iter().flat_map(|n| n.to_le_bytes()).collect();
        ContainerWriter::new(params::AUDIO)
            .section("assets", bytes(&self.assets))
            .section("starts", bytes(&self.starts))
            .section("prefixes", prefixes)
            .section("tails", tails)
            .section("lines", lines)
            .write(path)
    }
}

/// The 16 bits of a hash after its prefix.
fn tail(hash: u64, prefix_bits: u32) -> u16 {
    (hash << prefix_bits >> 48) as u16
}

/// How many of a few tails are below the wanted one, and how many are it.
fn counted(tails: &[[u8; 2]], wanted: u16) -> (usize, usize) {
    let count = |(below, equal): (u16, u16), &tail: &[u8; 2]| {
        let tail = u16::from_le_bytes(tail);
        // Without overflow checks, and as wide as what is compared: so the loop runs on vectors.
        (
            below.wrapping_add(u16::from(tail < wanted)),
            equal.wrapping_add(u16::from(tail == wanted)),
        )
    };
    let (below, equal) = tails.iter().fold((0, 0), count);
    (below.into(), equal.into())
}

/// Landmarks of a segment, mapped.
pub(crate) struct LandmarkStore {
    container: Container,
    assets: Section,
    starts: Section,
    prefixes: Section,
    tails: Section,
    lines: Section,
    prefix_bits: u32,
    /// The first prefix; 0, but in slices.
    first: usize,
}

impl LandmarkStore {
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let container = Container::open(path, params::AUDIO)?;
        let (assets, starts) = (container.section("assets")?, container.section("starts")?);
        let prefixes = container.section("prefixes")?;
        let (tails, lines) = (container.section("tails")?, container.section("lines")?);
        let count = prefixes.len() / 4;
        let slice = container.slice()?;
        let is_whole = count >= 3 && (count - 1).is_power_of_two();
        if assets.len() != starts.len()
            || count == 0
            || (slice.is_none() && !is_whole)
            || lines.len() / LINE_BYTES != tails.len() / 2
        {
            return Err(Error::corrupt(path, "the sections do not fit together"));
        }
        Ok(Self {
            prefix_bits: slice.map_or_else(|| (count - 1).ilog2(), |(_, bits)| bits),
            first: slice.map_or(0, |(first, _)| first),
            container,
            assets,
            starts,
            prefixes,
            tails,
            lines,
        })
    }

    /// Number of stored landmarks.
    pub(crate) fn len(&self) -> usize {
        self.tails.len() / 2
    }

    /// Calls `visit` for each landmark of the query with its lines, ranges for
    /// [`Self::line`], where there are any under prefixes of one kind.
    ///
    /// Looking up is waiting for memory. Some dozens of lookups are therefore made
    /// together, step by step, so that they wait at the same time.
    pub(crate) fn find_all<'a>(
        &self,
        landmarks: &'a [Landmark],
        under: Under,
        mut visit: impl FnMut(&'a Landmark, Range<usize>),
    ) {
        let mut buckets = Vec::with_capacity(TOGETHER);
        let mut least = Vec::with_capacity(TOGETHER);
        for together in landmarks.chunks(TOGETHER) {
            buckets.clear();
            buckets.extend(together.iter().map(|landmark| self.bucket(landmark.hash)));
            least.clear();
            least.extend(buckets.iter().map(|bucket| {
                let first = match under {
                    Under::Rare if bucket.len() > CROWDED => None,
                    Under::Crowded if bucket.len() <= CROWDED => None,
                    _ => self.tails(bucket).first(),
                };
                first.map_or(u32::MAX, |&tail| u16::from_le_bytes(tail).into())
            }));
            for ((landmark, bucket), least) in together.iter().zip(&buckets).zip(&least) {
                // Tails rise: a first one above the wanted says that it is not there.
                if *least > tail(landmark.hash, self.prefix_bits).into() {
                    continue;
                }
                let lines = self.lines_within(bucket, landmark.hash);
                if !lines.is_empty() {
                    visit(landmark, lines);
                }
            }
        }
    }

    /// The lines that share a hash's prefix.
    fn bucket(&self, hash: u64) -> Range<usize> {
        let prefixes = self.container.bytes(&self.prefixes);
        let prefix = (hash >> (64 - self.prefix_bits)) as usize;
        let Some(prefix) = prefix
            .checked_sub(self.first)
            .filter(|prefix| (prefix + 1) * 4 < prefixes.len())
        else {
            return 0..0;
        };
        let bound = |prefix: usize| (read_u32(prefixes, prefix * 4) as usize).min(self.len());
        bound(prefix)..bound(prefix + 1)
    }

    fn tails(&self, bucket: &Range<usize>) -> &[[u8; 2]] {
        let bytes = self.container.bytes(&self.tails);
        let tails = bytes.get(bucket.start * 2..bucket.end * 2);
        tails.unwrap_or(&[]).as_chunks::<2>().0
    }

    /// The lines of a bucket that have the hash.
    fn lines_within(&self, bucket: &Range<usize>, hash: u64) -> Range<usize> {
        let wanted = tail(hash, self.prefix_bits);
        let tails = self.tails(bucket);
        // A dozen tails are counted faster than searched: no branch to mispredict.
        let (below, equal) = if tails.len() <= CROWDED {
            counted(tails, wanted)
        } else {
            let below = tails.partition_point(|&tail| u16::from_le_bytes(tail) < wanted);
            let equal = tails[below..].partition_point(|&tail| u16::from_le_bytes(tail) == wanted);
            (below, equal)
        };
        bucket.start + below..bucket.start + below + equal
    }

    pub(crate) fn line(&self, line: usize) -> StoredLandmark {
        let lines = self.container.bytes(&self.lines);
        let at = line * LINE_BYTES;
        match lines.get(at..at + LINE_BYTES) {
            Some(&[span, bin, a, b, c, d]) => StoredLandmark {
                place: u32::from_le_bytes([a, b, c, d]),
                bin,
                span,
            },
            _ => StoredLandmark {
                place: 0,
                bin: 0,
                span: 0,
            },
        }
    }

    /// The recording at a place of the timeline, and where it starts.
    pub(crate) fn asset_at(&self, place: u32) -> Option<(u32, u32)> {
        let starts = self.container.bytes(&self.starts);
        let (mut low, mut high) = (0, starts.len() / 4);
        while low < high {
            let middle = usize::midpoint(low, high);
            if read_u32(starts, middle * 4) <= place {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        let index = low.checked_sub(1)?;
        let asset = read_u32(self.container.bytes(&self.assets), index * 4);
        Some((asset, read_u32(starts, index * 4)))
    }
}

#[cfg(test)]
mod tests;
