//! Which registered texts an item quotes, and where.
//!
//! Shared seeds nominate; seeds that follow one another in both texts form a chain
//! (`chain`). From its seeds equal letters are followed outwards on the stored text, over what
//! was changed (`extend`), and stretches near one another make a passage (`passage`).

mod chain;
mod extend;
mod passage;

use std::collections::BTreeMap;

use clearance_fingerprint::text::{NormalizedText, Seed, letters, normalize, seeds};

use crate::asset::AssetRef;
use crate::calibrate::{MAX_TEXT_E_VALUE_PER_ITEM, score, text_e_value};
use crate::found::{Evidence, Match, MatchKind, Span, without_repeats};
use crate::registry::Snapshot;
use crate::segment::Segment;
use chain::{Chain, Hit, chains};
use extend::{Stretch, stretch};
use passage::{Passage, Words, passages};

/// A passage that covers this share of a work is a copy of it.
const COPY_SHARE: f64 = 0.9;
/// Whole works of fewer words than a passage needs are found down to this many.
const FEWEST_WORDS: f64 = 9.0;
/// Items and works that share fewer letters, in bytes, are not looked at further.
const FEWEST_LETTERS: usize = 36;
/// K-grams that occur in more works than this are common property: they can
/// extend a passage but not found one.
const COMMON_WORKS: usize = 8;
/// So are those that a work repeats more often: formulas.
const FORMULA_TIMES: usize = 4;
/// At least this share of a chain's seeds must not be common, unless the passage
/// is most of a work.
const DISTINCT_SHARE: f64 = 0.3;
/// Places of common k-grams that are kept of one item, at most: a page of one repeated phrase has
/// more than memory holds, and they found no passage.
const MOST_COMMON_HITS: usize = 1 << 20;
/// K-grams with more postings than this are not read at all.
const MOST_POSTINGS: usize = 256;

impl Snapshot {
    /// Registered texts that the item quotes, strongest first. Several works, and
    /// several passages of one work, give several matches.
    pub fn search_text(&self, text: &str) -> Vec<Match> {
        self.search_text_below(text, MAX_TEXT_E_VALUE_PER_ITEM)
    }

    /// What [`Self::search_text`] finds, and weaker matches up to an E-value of `limit`.
    pub fn search_text_below(&self, text: &str, limit: f64) -> Vec<Match> {
        let letters = letters(text);
        let query_seeds = seeds(&letters);
        // Where the letters stood is asked only for texts that share something.
        let mut normalized = None;
        let mut matches = Vec::new();
        for (number, segment) in self.segments() {
            let mut chained: BTreeMap<u32, Vec<Chain>> = BTreeMap::new();
            for chain in chains(hits(segment, &query_seeds)) {
                chained.entry(chain.asset).or_default().push(chain);
            }
            for (asset, chains) in chained {
                let shared = Shared::new(&letters, segment.letters.letters(asset), &chains);
                if shared.letters() < FEWEST_LETTERS {
                    continue;
                }
                let text = normalized.get_or_insert_with(|| normalize(text));
                let asset = AssetRef {
                    segment: number,
                    asset,
                };
                matches.extend(asset_matches(segment, asset, text, shared, limit));
            }
        }
        let mut matches = without_repeats(matches, |asset| self.work_id(asset));
        count_shared(&mut matches, |asset| self.work_id(asset));
        matches
    }

    /// The work behind an asset; empty when the reference is stale.
    pub(crate) fn work_id(&self, asset: AssetRef) -> &str {
        self.asset(asset).map_or("", |asset| asset.work_id.as_str())
    }
}

/// Places of the item's seeds in one segment.
fn hits(segment: &Segment, query: &[Seed]) -> Vec<Hit> {
    let (mut hits, mut common) = (Vec::new(), 0);
    for seed in query {
        let postings = segment.text.get(seed.hash);
        if postings.len() > MOST_POSTINGS {
            continue;
        }
        let first = hits.len();
        hits.extend(postings.map(|posting| Hit {
            asset: posting.asset,
            query: seed.position,
            reference: posting.position,
            common: false,
        }));
        if is_common(segment, &hits[first..]) {
            common += hits.len() - first;
            if common > MOST_COMMON_HITS {
                hits.truncate(first);
            }
            hits[first..].iter_mut().for_each(|hit| hit.common = true);
        }
    }
    hits
}

/// Whether a k-gram's places lie in many works, or one work repeats it. They come in order of
/// asset.
fn is_common(segment: &Segment, hits: &[Hit]) -> bool {
    let repeated = |of_asset: &[Hit]| of_asset.len() > FORMULA_TIMES;
    if hits.chunk_by(|a, b| a.asset == b.asset).any(repeated) {
        return true;
    }
    if hits.len() <= COMMON_WORKS {
        return false;
    }
    // A few works are told apart by comparing each with those before.
    let mut works: Vec<&str> = Vec::with_capacity(COMMON_WORKS + 1);
    for of_asset in hits.chunk_by(|a, b| a.asset == b.asset) {
        let asset = of_asset
            .first()
            .and_then(|hit| segment.assets.get(hit.asset as usize));
        if let Some(asset) = asset
            && !works.contains(&asset.work_id.as_str())
        {
            works.push(&asset.work_id);
        }
        if works.len() > COMMON_WORKS {
            return true;
        }
    }
    false
}

/// The stretches that an item shares with an asset.
struct Shared {
    distinct: Vec<Stretch>,
    /// Those made of what many works have.
    common: Vec<Stretch>,
}

impl Shared {
    fn new(query: &[u8], reference: &[u8], chains: &[Chain]) -> Self {
        let (mut distinct, mut common) = (Vec::new(), Vec::new());
        for chain in chains {
            let found = stretches(query, reference, chain);
            if chain.distinct_share() >= DISTINCT_SHARE {
                distinct.extend(found);
            } else {
                common.extend(found);
            }
        }
        Self { distinct, common }
    }

    /// Letters that agree, in bytes.
    fn letters(&self) -> usize {
        let all = self.distinct.iter().chain(&self.common);
        all.map(|stretch| stretch.matched).sum()
    }
}

/// Matches with one asset.
fn asset_matches(
    segment: &Segment,
    asset: AssetRef,
    text: &NormalizedText,
    shared: Shared,
    limit: f64,
) -> Vec<Match> {
    let reference = segment.letters.letters(asset.asset);
    let offsets = segment.letters.offsets(asset.asset);
    let words = Words {
        query: text,
        reference: &offsets,
        reference_length: reference.len(),
    };
    let is_whole =
        |passage: &Passage| passage.reference.len() as f64 >= COPY_SHARE * reference.len() as f64;
    let distinct = passages(shared.distinct, &words).into_iter();
    let common = passages(shared.common, &words).into_iter().filter(is_whole);
    distinct
        .chain(common)
        .filter_map(|passage| {
            let whole = is_whole(&passage);
            let e_value_per_item = text_e_value(passage.words, whole);
            let is_long_enough = passage.words >= FEWEST_WORDS;
            (is_long_enough && e_value_per_item <= limit).then(|| Match {
                asset,
                kind: if whole {
                    MatchKind::Copy
                } else {
                    MatchKind::Excerpt
                },
                score: score(e_value_per_item),
                e_value_per_item,
                query_span: Some(span(
                    text.character(passage.query.start),
                    text.character(passage.query.end - 1),
                )),
                work_span: Some(span(
                    offsets.character(reference, passage.reference.start),
                    offsets.character(reference, passage.reference.end - 1),
                )),
                query_box: None,
                work_box: None,
                transform: None,
                evidence: Evidence {
                    matched_words: Some(passage.words as u32),
                    identity: Some(passage.identity()),
                    shared_works: Some(0),
                    ..Evidence::default()
                },
            })
        })
        .collect()
}

/// The stretches along a chain, each from the first of its seeds that the ones before do not
/// cover.
fn stretches(query: &[u8], reference: &[u8], chain: &Chain) -> Vec<Stretch> {
    let mut found: Vec<Stretch> = Vec::new();
    for &(q, r) in &chain.seeds {
        let at = (q as usize, r as usize);
        let from = found
            .last()
            .map_or((0, 0), |last| (last.query.end, last.reference.end));
        if at.0 >= from.0 && at.1 >= from.1 {
            found.extend(stretch(query, reference, at, from).map(|stretch| Stretch {
                distinct: chain.distinct_share(),
                ..stretch
            }));
        }
    }
    found
}

fn span(first: u32, last: u32) -> Span {
    Span {
        start: f64::from(first),
        // The last letter's own character is inside.
        end: f64::from(last) + 1.0,
    }
}

/// Notes for each match how many other works hold the same passage of the item.
fn count_shared<'a>(matches: &mut [Match], work_of: impl Fn(AssetRef) -> &'a str) {
    let spans: Vec<(Option<Span>, &str)> = matches
        .iter()
        .map(|found| (found.query_span, work_of(found.asset)))
        .collect();
    for (index, found) in matches.iter_mut().enumerate() {
        let Some(span) = found.query_span else {
            continue;
        };
        let mut others: Vec<&str> = spans
            .iter()
            .filter(|(other, work)| {
                *work != spans[index].1
                    && other.is_some_and(|other| other.overlap(&span) > 0.5 * span.length())
            })
            .map(|(_, work)| *work)
            .collect();
        others.sort_unstable();
        others.dedup();
        found.evidence.shared_works = Some(others.len() as u32);
    }
}

#[cfg(test)]
mod tests;
