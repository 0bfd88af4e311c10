//! Sorted postings: from a hash to the places where it occurs (FORMAT.md, "Postings").

use std::path::Path;

use rayon::slice::ParallelSliceMut;

use super::container::{Container, ContainerWriter, Section, read_u32, read_u64};
use crate::error::{Error, Result};

/// Where a hash occurs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Posting {
    /// Number of the asset within the segment.
    pub(crate) asset: u32,
    /// Position within the asset; its unit is the medium's.
    pub(crate) position: u32,
}

/// Collects postings for one segment.
#[derive(Default)]
pub(crate) struct PostingsBuilder {
    lines: Vec<(u64, Posting)>,
}

impl PostingsBuilder {
    pub(crate) fn add(&mut self, hash: u64, posting: Posting) {
        self.lines.push((spread(hash), posting));
    }

    pub(crate) fn bytes(&self) -> usize {
        self.lines.len() * 16
    }

    /// Sorts and writes the file.
    pub(crate) fn write(mut self, path: &Path, params: &str) -> Result<()> {
        self.lines.par_sort_unstable();
        let count = self.lines.len();
        let prefix_bits = count.max(1).ilog2().saturating_sub(2).min(28);
        let mut directory = Vec::with_capacity(((1 << prefix_bits) + 1) * 8);
        let mut line = 0;
        for prefix in 0..=1u64 << prefix_bits {
            while line < count && prefix_of(self.lines[line].0, prefix_bits) < prefix {
                line += 1;
            }
            directory.extend_from_slice(&(line as u64).to_le_bytes());
        }
        let mut keys = Vec::with_capacity(count * 8);
        let mut places = Vec::with_capacity(count * 8);
        for (key, posting) in &self.lines {
            keys.extend_from_slice(&key.to_le_bytes());
            places.extend_from_slice(&posting.asset.to_le_bytes());
            places.extend_from_slice(&posting.position.to_le_bytes());
        }
        ContainerWriter::new(params)
            .section("prefixes", directory)
            .section("keys", keys)
            .section("places", places)
            .write(path)
    }
}

/// Memory-mapped postings of one segment.
pub(crate) struct Postings {
    container: Container,
    prefixes: Section,
    keys: Section,
    places: Section,
    prefix_bits: u32,
    count: usize,
}

impl Postings {
    pub(crate) fn open(path: &Path, params: &str) -> Result<Self> {
        let container = Container::open(path, params)?;
        let prefixes = container.section("prefixes")?;
        let keys = container.section("keys")?;
        let places = container.section("places")?;
        let lines = prefixes.len() / 8;
        let count = keys.len() / 8;
        if lines < 2 || !(lines - 1).is_power_of_two() || places.len() != count * 8 {
            return Err(Error::corrupt(path, "the sections do not fit together"));
        }
        Ok(Self {
            prefix_bits: (lines - 1).ilog2(),
            container,
            prefixes,
            keys,
            places,
            count,
        })
    }

    /// The postings of a hash, by asset and position.
    pub(crate) fn get(&self, hash: u64) -> impl ExactSizeIterator<Item = Posting> + '_ {
        let places = self.container.bytes(&self.places);
        self.range(spread(hash)).map(move |line| Posting {
            asset: read_u32(places, line * 8),
            position: read_u32(places, line * 8 + 4),
        })
    }

    fn range(&self, key: u64) -> std::ops::Range<usize> {
        let prefixes = self.container.bytes(&self.prefixes);
        let keys = self.container.bytes(&self.keys);
        let prefix = prefix_of(key, self.prefix_bits) as usize;
        let bound = |prefix: usize| (read_u64(prefixes, prefix * 8) as usize).min(self.count);
        let (from, to) = (bound(prefix), bound(prefix + 1));
        let (mut low, mut high) = (from, to);
        while low < high {
            let middle = usize::midpoint(low, high);
            if read_u64(keys, middle * 8) < key {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        let mut end = low;
        while end < to && read_u64(keys, end * 8) == key {
            end += 1;
        }
        low..end
    }
}

fn prefix_of(key: u64, bits: u32) -> u64 {
    key.checked_shr(64 - bits).unwrap_or(0)
}

/// Spreads hashes evenly over 64 bits, one to one, so that the directory of
/// prefixes works for hashes of any distribution (the finalizer of `MurmurHash3`).
fn spread(hash: u64) -> u64 {
    let mut x = hash;
    x = (x ^ (x >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    x = (x ^ (x >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    x ^ (x >> 33)
}

#[cfg(test)]
mod tests;
