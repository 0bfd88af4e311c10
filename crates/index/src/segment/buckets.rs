//! Buckets: from a 32-bit key to small records of one size (FORMAT.md, "Buckets").

pub(super) mod sliced;

use std::ops::Range;

use rayon::slice::ParallelSliceMut;

use super::container::{Container, ContainerWriter, Section, read_u32};
use crate::error::{Error, Result};

/// Bits of a spread key that are kept beyond those of its prefix.
const TAIL_BITS: u32 = 16;
/// Lookups that are made together, so that they wait for memory at the same time.
const TOGETHER: usize = 32;

/// Collects records of `N` bytes under their keys.
pub(crate) struct BucketsBuilder<const N: usize> {
    lines: Vec<(u32, [u8; N])>,
    /// Highest bits of the spread keys that are known of all lines.
    known_bits: u32,
}

impl<const N: usize> Default for BucketsBuilder<N> {
    fn default() -> Self {
        Self {
            lines: Vec::new(),
            known_bits: u32::BITS,
        }
    }
}

impl<const N: usize> BucketsBuilder<N> {
    pub(crate) fn add(&mut self, key: u32, record: [u8; N]) {
        self.lines.push((spread(key), record));
    }

    /// Takes over the records of mapped buckets for which `renewed` gives new ones. Of their keys only
    /// the bits in the file are known; what is written then holds no more of any.
    pub(crate) fn carry(
        &mut self,
        from: &Buckets<N>,
        container: &Container,
        mut renewed: impl FnMut([u8; N]) -> Option<[u8; N]>,
    ) {
        self.known_bits = self.known_bits.min(from.known_bits());
        let lines = &mut self.lines;
        from.each(container, |spread, record| {
            lines.extend(renewed(record).map(|record| (spread, record)));
        });
    }

    pub(crate) fn bytes(&self) -> usize {
        self.lines.len() * size_of::<(u32, [u8; N])>()
    }

    /// Adds the sections `prefixes`, `tails` and `records`. From `2^crowd` to twice as many
    /// records share a prefix: fewer are found sooner, in a larger table of prefixes.
    pub(crate) fn write(mut self, writer: ContainerWriter<'_>, crowd: u32) -> ContainerWriter<'_> {
        self.lines.par_sort_unstable();
        let count = self.lines.len();
        let most = 28.min(self.known_bits.saturating_sub(TAIL_BITS)).max(1);
        let bits = count.max(1).ilog2().saturating_sub(crowd).clamp(1, most);
        let mut prefixes = Vec::with_capacity(((1 << bits) + 1) * 4);
        let mut line = 0;
        for prefix in 0..=1u64 << bits {
            while line < count && u64::from(self.lines[line].0 >> (32 - bits)) < prefix {
                line += 1;
            }
            prefixes.extend_from_slice(&(line as u32).to_le_bytes());
        }
        let tails = self.lines.iter();
        let tails = tails.flat_map(|(key, _)| tail(*key, bits).to_le_bytes());
        let records = self.lines.iter().flat_map(|(_, record)| *record);
        writer
            .section("prefixes", prefixes)
            .section("tails", tails.collect())
            .section("records", records.collect())
    }
}

/// The 16 bits of a spread key after its prefix; zeros after its end.
fn tail(key: u32, prefix_bits: u32) -> u16 {
    (key << prefix_bits >> 16) as u16
}

/// Spreads keys evenly over 32 bits, one to one (the finalizer of `MurmurHash3`).
pub(crate) fn spread(key: u32) -> u32 {
    let mut x = key;
    x = (x ^ (x >> 16)).wrapping_mul(0x85eb_ca6b);
    x = (x ^ (x >> 13)).wrapping_mul(0xc2b2_ae35);
    x ^ (x >> 16)
}

/// Records under their keys, in a mapped container.
pub(crate) struct Buckets<const N: usize> {
    prefixes: Section,
    tails: Section,
    records: Section,
    prefix_bits: u32,
    /// The first prefix; 0, but in slices.
    first: usize,
}

impl<const N: usize> Buckets<N> {
    pub(crate) fn open(container: &Container) -> Result<Self> {
        let prefixes = container.section("prefixes")?;
        let (tails, records) = (container.section("tails")?, container.section("records")?);
        let count = prefixes.len() / 4;
        let slice = container.slice()?;
        let is_whole = count >= 3 && (count - 1).is_power_of_two();
        let fits = count > 0
            && (slice.is_some() || is_whole)
            && tails.len() / 2 * N == records.len()
            && prefixes.len() == count * 4;
        if !fits {
            let detail = "the sections do not fit together";
            return Err(Error::corrupt(container.path(), detail));
        }
        Ok(Self {
            prefixes,
            tails,
            records,
            prefix_bits: slice.map_or_else(|| (count - 1).ilog2(), |(_, bits)| bits),
            first: slice.map_or(0, |(first, _)| first),
        })
    }

    /// How many of the highest bits of the spread keys are in the file.
    pub(crate) fn known_bits(&self) -> u32 {
        (self.prefix_bits + TAIL_BITS).min(u32::BITS)
    }

    /// Calls `visit` with each record and the known bits of its spread key, in order.
    fn each(&self, container: &Container, mut visit: impl FnMut(u32, [u8; N])) {
        let prefixes = container.bytes(&self.prefixes);
        let (tails, _) = container.bytes(&self.tails).as_chunks::<2>();
        let (records, _) = container.bytes(&self.records).as_chunks::<N>();
        // Each line once, whatever the prefixes of a damaged or forged file say.
        let mut next = 0;
        for prefix in 0..prefixes.len() / 4 - 1 {
            let end = (read_u32(prefixes, (prefix + 1) * 4) as usize).min(tails.len());
            let lines = next..end;
            next = next.max(end);
            for line in lines {
                let tail = u32::from(u16::from_le_bytes(tails[line]));
                let spread = (prefix as u32) << (32 - self.prefix_bits)
                    | tail << TAIL_BITS >> self.prefix_bits;
                visit(spread, records[line]);
            }
        }
    }

    /// Calls `visit` with the number and the records of each key that has any. Now and then
    /// there are records of other keys among them.
    pub(crate) fn find_all<'a>(
        &self,
        container: &'a Container,
        keys: &[u32],
        mut visit: impl FnMut(usize, &'a [[u8; N]]),
    ) {
        let prefixes = container.bytes(&self.prefixes);
        let (tails, _) = container.bytes(&self.tails).as_chunks::<2>();
        let (records, _) = container.bytes(&self.records).as_chunks::<N>();
        let mut buckets: [(u32, Range<usize>); TOGETHER] = std::array::from_fn(|_| (0, 0..0));
        let mut firsts = [0u16; TOGETHER];
        let mut touched = [0u8; TOGETHER];
        for (batch, keys) in keys.chunks(TOGETHER).enumerate() {
            for (slot, &key) in buckets.iter_mut().zip(keys) {
                let key = spread(key);
                let prefix = (key >> (32 - self.prefix_bits)) as usize;
                let Some(prefix) = prefix
                    .checked_sub(self.first)
                    .filter(|prefix| (prefix + 1) * 4 < prefixes.len())
                else {
                    *slot = (key, 0..0);
                    continue;
                };
                let bound =
                    |prefix: usize| (read_u32(prefixes, prefix * 4) as usize).min(tails.len());
                *slot = (key, bound(prefix)..bound(prefix + 1));
            }
            for (first, (_, bucket)) in firsts.iter_mut().zip(&buckets[..keys.len()]) {
                let tails = tails.get(bucket.clone()).unwrap_or_default();
                *first = tails
                    .first()
                    .map_or(u16::MAX, |&tail| u16::from_le_bytes(tail));
                if tails.len() > MOST_COUNTED {
                    // Where the search in it will look first.
                    let quarters = [1, 2, 3].map(|quarter| tails[tails.len() * quarter / 4]);
                    std::hint::black_box(quarters);
                }
            }
            for ((key, bucket), first) in buckets.iter_mut().zip(&firsts).take(keys.len()) {
                let wanted = tail(*key, self.prefix_bits);
                // Tails rise: a first one above the wanted says that it is not there.
                let tails = tails.get(bucket.clone()).filter(|_| *first <= wanted);
                let (below, equal) = tails.map_or((0, 0), |tails| place(tails, wanted));
                let start = bucket.start + below;
                *bucket = start..start + equal;
            }
            for (touched, (_, bucket)) in touched.iter_mut().zip(&buckets[..keys.len()]) {
                *touched = records.get(bucket.start).map_or(0, |record| record[0]);
            }
            // Without a use of them the reads, which are what matters, would be left out.
            std::hint::black_box(&touched);
            for (number, (_, bucket)) in buckets[..keys.len()].iter().enumerate() {
                if !bucket.is_empty() {
                    visit(batch * TOGETHER + number, &records[bucket.clone()]);
                }
            }
        }
    }
}

/// Buckets of more than this are searched.
const MOST_COUNTED: usize = 64;

/// How many of the rising tails are below and equal to the wanted one.
fn place(tails: &[[u8; 2]], wanted: u16) -> (usize, usize) {
    let value = |tail: &[u8; 2]| u16::from_le_bytes(*tail);
    if tails.len() > MOST_COUNTED {
        let below = tails.partition_point(|tail| value(tail) < wanted);
        return (
            below,
            leading(&tails[below..], |tail| value(tail) == wanted),
        );
    }
    // A few dozen are counted faster than searched: no branch to mispredict.
    tails.iter().fold((0usize, 0usize), |(below, equal), tail| {
        let tail = value(tail);
        (
            below.wrapping_add(usize::from(tail < wanted)),
            equal.wrapping_add(usize::from(tail == wanted)),
        )
    })
}

/// How many tails from the first on are such; those that are not come after. Looks ahead in doubled
/// steps, because they are few, and near.
fn leading(tails: &[[u8; 2]], is_such: impl Fn(&[u8; 2]) -> bool) -> usize {
    let mut reach = 8;
    while tails.get(reach).is_some_and(&is_such) {
        reach *= 2;
    }
    tails[..tails.len().min(reach)].partition_point(is_such)
}

#[cfg(test)]
mod tests;
