//! Seeds that follow one another in both texts.

/// Two consecutive seeds of a chain are at most this many letters apart in
/// either text: about seventy words.
const GAP: u32 = 400;
/// A seed joins one of this many chains that were extended last.
const OPEN_CHAINS: usize = 16;

/// A seed of the item at one of its places in a registered text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hit {
    pub(super) asset: u32,
    pub(super) query: u32,
    pub(super) reference: u32,
    /// The seed occurs in many works.
    pub(super) common: bool,
}

/// Hits in one asset, in order in both texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Chain {
    pub(super) asset: u32,
    /// (query, reference) positions in normalized bytes, both rising.
    pub(super) seeds: Vec<(u32, u32)>,
    common: usize,
}

impl Chain {
    /// Share of the seeds that do not occur in many works.
    pub(super) fn distinct_share(&self) -> f64 {
        1.0 - self.common as f64 / self.seeds.len().max(1) as f64
    }
}

/// Joins hits into chains: each hit extends the open chain whose diagonal is
/// nearest, or starts one.
pub(super) fn chains(mut hits: Vec<Hit>) -> Vec<Chain> {
    hits.sort_unstable_by_key(|hit| (hit.asset, hit.query, hit.reference));
    let mut done = Vec::new();
    for of_asset in hits.chunk_by(|a, b| a.asset == b.asset) {
        let mut open: Vec<Chain> = Vec::new();
        for hit in of_asset {
            let best = open
                .iter_mut()
                .filter(|chain| follows(chain, hit))
                .min_by_key(|chain| diagonal_step(chain, hit));
            if let Some(chain) = best {
                chain.seeds.push((hit.query, hit.reference));
                chain.common += usize::from(hit.common);
                continue;
            }
            if open.len() == OPEN_CHAINS {
                // Close the chain that lies furthest back in the item.
                let oldest = (0..open.len()).min_by_key(|&i| open[i].seeds.last().map(|s| s.0));
                done.extend(oldest.map(|index| open.remove(index)));
            }
            open.push(Chain {
                asset: hit.asset,
                seeds: vec![(hit.query, hit.reference)],
                common: usize::from(hit.common),
            });
        }
        done.append(&mut open);
    }
    done
}

fn follows(chain: &Chain, hit: &Hit) -> bool {
    chain.seeds.last().is_some_and(|&(query, reference)| {
        hit.query > query
            && hit.reference > reference
            && hit.query - query <= GAP
            && hit.reference - reference <= GAP
    })
}

fn diagonal_step(chain: &Chain, hit: &Hit) -> u32 {
    chain.seeds.last().map_or(u32::MAX, |&(query, reference)| {
        (hit.query - query).abs_diff(hit.reference - reference)
    })
}

#[cfg(test)]
mod tests;
