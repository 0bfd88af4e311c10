//! Chunks of whole-picture hashes: which pictures agree with a hash in some of its bits
//! (FORMAT.md, "Chunks").

mod sliced;

use std::path::Path;

use clearance_fingerprint::image::{HASH_BITS, PdqHash};
use clearance_fingerprint::params;
use multiversion::multiversion;

use super::container::{Container, ContainerWriter, Section, read_u32, read_u64};
use crate::error::{Error, Result};

/// Bytes of a picture under a chunk: its number, and 96 bits of its hash. Of unlike hashes one in
/// some thousand is within 31 bits there.
const RECORD_BYTES: usize = 16;
/// Chunks of a hash in segments of few pictures: 16 bits each.
const FEW_CHUNKS: u32 = 16;
/// Chunks in those of more than [`MANY_PICTURES`]: wider ones keep buckets short, and more of them
/// have to be looked up (Norouzi, Punjani and Fleet, *Fast Search in Hamming Space with Multi-Index
/// Hashing*, CVPR 2012, section 3.1).
const MANY_CHUNKS: u32 = 11;
/// From about here on 272 buckets of 16 bits hold more bytes to read than 2,794 and more of 22 or 23 bits
/// cost in waiting for memory: at 4 million the first are faster by half, at 16 million the others by a quarter.
const MANY_PICTURES: usize = 12_000_000;
/// Buckets whose memory is waited for together.
const TOGETHER: usize = 32;

/// Writes `image.chunks` for these pictures.
pub(super) fn write_chunks(pictures: &[(u32, PdqHash)], path: &Path) -> Result<()> {
    let layout = Layout::of(pictures.len());
    let buckets = layout.buckets();
    let mut starts = vec![0u32; buckets + 1];
    let places = |hash: PdqHash| {
        (0..layout.chunks).map(move |chunk| layout.bucket(chunk, layout.prefix(&hash, chunk)))
    };
    for (_, hash) in pictures {
        for bucket in places(*hash) {
            starts[bucket + 1] += 1;
        }
    }
    let mut total = 0;
    for start in &mut starts {
        total += *start;
        *start = total;
    }
    let mut records = vec![0u8; total as usize * RECORD_BYTES];
    let mut next = starts.clone();
    for (picture, hash) in pictures {
        for (chunk, bucket) in places(*hash).enumerate() {
            let at = next[bucket] as usize * RECORD_BYTES;
            next[bucket] += 1;
            let (a, b) = far_bits(hash, layout.far_words(chunk as u32));
            records[at..at + 4].copy_from_slice(&picture.to_le_bytes());
            records[at + 4..at + 12].copy_from_slice(&a.to_le_bytes());
            records[at + 12..at + 16].copy_from_slice(&b.to_le_bytes());
        }
    }
    let said = [
        layout.chunks.to_le_bytes(),
        layout.prefix_bits.to_le_bytes(),
    ];
    let starts = starts.into_iter().flat_map(u32::to_le_bytes);
    ContainerWriter::new(params::IMAGE)
        .section("layout", said.concat())
        .section("starts", starts.collect())
        .section("records", records)
        .write(path)
}

/// How hashes are cut, and how much of a chunk leads to its bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Layout {
    chunks: u32,
    prefix_bits: u32,
}

impl Layout {
    /// That for so many pictures: about two in a bucket or more, so that the starts of buckets do
    /// not outweigh them.
    fn of(pictures: usize) -> Self {
        let chunks = if pictures > MANY_PICTURES {
            MANY_CHUNKS
        } else {
            FEW_CHUNKS
        };
        let wanted = pictures.max(1).ilog2().saturating_sub(1);
        Self {
            chunks,
            prefix_bits: wanted.clamp(1, HASH_BITS as u32 / chunks),
        }
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let (&[chunks, prefix_bits], []) = bytes.as_chunks::<4>() else {
            return None;
        };
        let new = Self {
            chunks: u32::from_le_bytes(chunks),
            prefix_bits: u32::from_le_bytes(prefix_bits),
        };
        let is_known = (MANY_CHUNKS..=FEW_CHUNKS).contains(&new.chunks)
            && (1..=HASH_BITS as u32 / new.chunks).contains(&new.prefix_bits);
        is_known.then_some(new)
    }

    fn buckets(self) -> usize {
        (self.chunks as usize) << self.prefix_bits
    }

    fn bucket(self, chunk: u32, prefix: u32) -> usize {
        (chunk as usize) << self.prefix_bits | prefix as usize
    }

    /// Where a chunk begins and ends in the hash.
    fn bits(self, chunk: u32) -> (u32, u32) {
        let bits = HASH_BITS as u32;
        (bits * chunk / self.chunks, bits * (chunk + 1) / self.chunks)
    }

    /// The last bits of a chunk, which lead to its bucket.
    fn prefix(self, hash: &PdqHash, chunk: u32) -> u32 {
        let first = self.bits(chunk).1 - self.prefix_bits;
        let word = (first / 64) as usize;
        let low = u128::from(hash.0[word]);
        let high = u128::from(hash.0.get(word + 1).copied().unwrap_or(0));
        let bits = (low | high << 64) >> (first % 64);
        bits as u32 & ((1 << self.prefix_bits) - 1)
    }

    /// Two words of the hash that have nothing of the chunk.
    fn far_words(self, chunk: u32) -> [usize; 2] {
        let last = (self.bits(chunk).1 - 1) / 64;
        [1, 2].map(|further| (last as usize + further) % 4)
    }
}

/// One word of the hash, and the first half of another.
fn far_bits(hash: &PdqHash, [whole, half]: [usize; 2]) -> (u64, u32) {
    (hash.0[whole], hash.0[half] as u32)
}

/// The chunks of a segment's hashes, mapped.
pub(crate) struct Chunks {
    container: Container,
    starts: Section,
    records: Section,
    layout: Layout,
    /// The first bucket; 0, but in slices.
    first: usize,
}

impl Chunks {
    pub(super) fn open(path: &Path) -> Result<Self> {
        let container = Container::open(path, params::IMAGE)?;
        let (starts, records) = (container.section("starts")?, container.section("records")?);
        let said = container.section("layout")?;
        let layout = Layout::read(container.bytes(&said));
        let Some(layout) = layout else {
            return Err(Error::corrupt(path, "an impossible division into chunks"));
        };
        let slice = container.slice()?;
        let fits = starts.len() >= 4
            && (slice.is_some() || starts.len() == (layout.buckets() + 1) * 4)
            && records.len().is_multiple_of(RECORD_BYTES);
        if !fits {
            return Err(Error::corrupt(path, "the sections do not fit together"));
        }
        Ok(Self {
            container,
            starts,
            records,
            layout,
            first: slice.map_or(0, |(first, _)| first),
        })
    }

    /// Pictures that may be within `radius_bits` of `hash`, at most 47: all that are, and a few of
    /// those that are not. Rising, each once.
    ///
    /// Of 31 differing bits over 16 chunks some chunk has at most one, over 11 at most two (Norouzi,
    /// Punjani and Fleet, section 3), and so have the bits of it that lead to a bucket; a part of
    /// the hash differs in no more bits than all of it.
    pub(crate) fn find(&self, hash: &PdqHash, radius_bits: u32) -> Vec<u32> {
        let (starts, _) = self.container.bytes(&self.starts).as_chunks::<4>();
        let (records, _) = self
            .container
            .bytes(&self.records)
            .as_chunks::<RECORD_BYTES>();
        let flips = radius_bits / self.layout.chunks;
        let mut found = Vec::new();
        let mut prefixes = Vec::new();
        for chunk in 0..self.layout.chunks {
            near_prefixes(self.layout, hash, chunk, flips, &mut prefixes);
            let wanted = far_bits(hash, self.layout.far_words(chunk));
            for some in prefixes.chunks(TOGETHER) {
                let buckets = some.iter().map(|&prefix| {
                    let bucket = self.layout.bucket(chunk, prefix);
                    let at = bucket.wrapping_sub(self.first);
                    let bound = |at: usize| starts.get(at).map(|at| u32::from_le_bytes(*at));
                    // In a slice there are other buckets that are not there.
                    match (bound(at), bound(at.wrapping_add(1))) {
                        (Some(start), Some(end)) => (start as usize, end as usize),
                        _ => (0, 0),
                    }
                });
                read_buckets(records, buckets, wanted, radius_bits, &mut found);
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// The chunk's own prefix, and those that differ from it in at most `flips` bits, one or two.
fn near_prefixes(layout: Layout, hash: &PdqHash, chunk: u32, flips: u32, into: &mut Vec<u32>) {
    let own = layout.prefix(hash, chunk);
    into.clear();
    into.push(own);
    for a in 0..layout.prefix_bits {
        into.push(own ^ 1 << a);
        if flips > 1 {
            into.extend((0..a).map(|b| own ^ 1 << a ^ 1 << b));
        }
    }
}

/// Reads buckets one after the other, after their first lines were all asked for.
fn read_buckets(
    records: &[[u8; RECORD_BYTES]],
    buckets: impl Iterator<Item = (usize, usize)>,
    wanted: (u64, u32),
    radius_bits: u32,
    found: &mut Vec<u32>,
) {
    let mut spans = [(0, 0); TOGETHER];
    let mut touched = [0u8; TOGETHER];
    let mut count = 0;
    for (span, bucket) in spans.iter_mut().zip(buckets) {
        *span = bucket;
        count += 1;
    }
    for (touched, (start, _)) in touched.iter_mut().zip(&spans[..count]) {
        *touched = records.get(*start).map_or(0, |record| record[0]);
    }
    // Without a use of them the reads, which are what matters, would be left out.
    std::hint::black_box(&touched);
    for &(start, end) in &spans[..count] {
        let bucket = records.get(start..end).unwrap_or(&[]);
        compare(bucket, wanted, radius_bits, found);
    }
}

/// Adds the pictures whose part of a hash is near enough. With an instruction that counts bits this
/// takes a third of the time.
#[multiversion(targets("x86_64+popcnt"))]
fn compare(
    bucket: &[[u8; RECORD_BYTES]],
    wanted: (u64, u32),
    radius_bits: u32,
    found: &mut Vec<u32>,
) {
    for record in bucket {
        let (a, b) = (read_u64(record, 4), read_u32(record, 12));
        let distance = (a ^ wanted.0).count_ones() + (b ^ wanted.1).count_ones();
        if distance <= radius_bits {
            found.push(read_u32(record, 0));
        }
    }
}

#[cfg(test)]
mod tests;
