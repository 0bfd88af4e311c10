//! A range of buckets, for one part of a registry that is too large for a machine.

use std::ops::Range;

use super::Buckets;
use crate::segment::container::{Container, ContainerWriter, read_u32};

/// Where a table of buckets is cut: bucket numbers, rising, one more than there are parts. Parts weigh
/// about the same, whatever the keys: it is what stands in the buckets that is counted.
pub(crate) fn cut(weights: impl Iterator<Item = u64> + Clone, parts: usize) -> Vec<u64> {
    let total: u64 = weights.clone().sum();
    let share = |part: usize| (u128::from(total) * part as u128 / parts.max(1) as u128) as u64;
    let mut bounds = vec![0];
    let (mut before, mut count) = (0u64, 0u64);
    for weight in weights {
        // A bucket goes to the part in whose share its middle lies.
        while bounds.len() < parts && before + weight / 2 >= share(bounds.len()) {
            bounds.push(count);
        }
        before += weight;
        count += 1;
    }
    bounds.resize(parts, count);
    bounds.push(count);
    bounds
}

/// The lines of a bucket that are kept: of lines with one tail the first `most`.
pub(crate) fn kept(
    start: usize,
    tails: &[[u8; 2]],
    most: usize,
) -> impl Iterator<Item = Range<usize>> {
    let mut next = start;
    tails.chunk_by(|a, b| a == b).map(move |same| {
        let first = next;
        next += same.len();
        first..first + same.len().min(most)
    })
}

impl<const N: usize> Buckets<N> {
    pub(crate) fn prefix_bits(&self) -> u32 {
        self.prefix_bits
    }

    fn bucket(&self, container: &Container, prefix: usize) -> Range<usize> {
        let prefixes = container.bytes(&self.prefixes);
        let most = self.tails.len() / 2;
        let bound = |prefix: usize| (read_u32(prefixes, prefix * 4) as usize).min(most);
        bound(prefix)..bound(prefix + 1).max(bound(prefix))
    }

    /// What each bucket weighs, in lines, where of those with one tail `most` count.
    pub(crate) fn weights(
        &self,
        container: &Container,
        most: usize,
    ) -> impl Iterator<Item = u64> + Clone {
        let (tails, _) = container.bytes(&self.tails).as_chunks::<2>();
        (0..self.prefixes.len() / 4 - 1).map(move |prefix| {
            let bucket = self.bucket(container, prefix);
            let kept = kept(bucket.start, &tails[bucket.clone()], most);
            kept.map(|lines| lines.len() as u64).sum()
        })
    }

    /// Adds the sections of these buckets alone, with at most so many lines of one tail.
    pub(crate) fn write_slice<'a>(
        &self,
        container: &Container,
        buckets: Range<usize>,
        most: usize,
        writer: ContainerWriter<'a>,
    ) -> ContainerWriter<'a> {
        let (tails, _) = container.bytes(&self.tails).as_chunks::<2>();
        let (records, _) = container.bytes(&self.records).as_chunks::<N>();
        let first = buckets.start;
        let (mut starts, mut sliced, mut lines) = (Vec::new(), Vec::new(), Vec::new());
        for bucket in buckets {
            starts.push(lines.len() as u32);
            let bucket = self.bucket(container, bucket);
            for range in kept(bucket.start, &tails[bucket.clone()], most) {
                sliced.extend_from_slice(&tails[range.clone()]);
                lines.extend_from_slice(&records[range]);
            }
        }
        starts.push(lines.len() as u32);
        writer
            .slice(first, self.prefix_bits)
            .section(
                "prefixes",
                starts.into_iter().flat_map(u32::to_le_bytes).collect(),
            )
            .section("tails", sliced.concat())
            .section("records", lines.concat())
    }
}
