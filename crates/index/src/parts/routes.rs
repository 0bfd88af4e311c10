//! Which parts have a hash.

use super::division::{Buckets, Division, part_of};

/// Ways to all that is looked up by hash.
pub(super) struct Routes {
    pub(super) landmarks: Table,
    pub(super) keys: Table,
    pub(super) seeds: Table,
}

impl Routes {
    pub(super) fn new(division: &Division) -> Self {
        let table = |buckets: &dyn Fn(usize) -> Buckets| {
            let segments = 0..division.segments.len();
            Table::new(&segments.map(buckets).collect::<Vec<_>>(), division.parts)
        };
        let segments = &division.segments;
        Self {
            landmarks: table(&|number| segments[number].landmarks.clone()),
            keys: table(&|number| segments[number].keys.clone()),
            seeds: table(&|number| segments[number].seeds.clone()),
        }
    }
}

/// Stretches of hashes, each with the parts that have it in some segment: segments are cut where their
/// own lines weigh the same, which is nearly but not quite in one place.
pub(super) struct Table {
    parts: usize,
    /// Where each stretch begins, as the highest bits of 64; the first at 0.
    starts: Vec<u64>,
    holders: Vec<Vec<usize>>,
}

impl Table {
    fn new(segments: &[Buckets], parts: usize) -> Self {
        let first = |buckets: &Buckets, bucket: u64| bucket.checked_shl(64 - buckets.bits);
        let inner = segments.iter().flat_map(|buckets| {
            let bounds = buckets.bounds[..parts].iter();
            let whole = 1u64 << buckets.bits;
            let inner = bounds.filter(move |&&bound| bound < whole);
            inner.filter_map(move |&bound| first(buckets, bound))
        });
        let mut starts: Vec<u64> = inner.chain([0]).collect();
        starts.sort_unstable();
        starts.dedup();
        let holders = starts.iter().map(|&start| {
            let holder = |buckets: &Buckets| part_of(&buckets.bounds, start >> (64 - buckets.bits));
            let mut holders: Vec<usize> = segments.iter().map(holder).collect();
            holders.sort_unstable();
            holders.dedup();
            holders
        });
        Self {
            parts,
            holders: holders.collect(),
            starts,
        }
    }

    /// Sorts what is looked up by the parts that have it, in the order given.
    pub(super) fn sorted<T: Clone>(
        &self,
        asked: impl Iterator<Item = T>,
        place: impl Fn(&T) -> u64,
    ) -> Vec<Vec<T>> {
        let mut by_part = vec![Vec::new(); self.parts];
        for one in asked {
            let place = place(&one);
            let stretch = self.starts.partition_point(|&start| start <= place);
            let holders = stretch.checked_sub(1).and_then(|at| self.holders.get(at));
            for &part in holders.into_iter().flatten() {
                by_part[part].push(one.clone());
            }
        }
        by_part
    }
}
