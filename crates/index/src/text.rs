//! Which registered texts an item quotes, and where.
//!
//! Shared seeds nominate; seeds that follow one another in both texts form a
//! chain; each chain is verified letter by letter on the stored text.

mod chain;
mod verify;

use clearance_fingerprint::text::{NormalizedText, seeds};

use crate::asset::AssetRef;
use crate::calibrate::{MAX_E_VALUE_PER_ITEM, score, text_e_value};
use crate::found::{Evidence, Match, MatchKind, Span, without_repeats};
use crate::registry::Snapshot;
use crate::segment::Segment;
use chain::{Chain, Hit, chains};
use verify::{Passage, verify};

/// Passages with fewer agreeing words are not reported: phrases that people
/// share without copying run up to about a dozen words.
const MIN_WORDS: usize = 15;
/// A passage that covers this share of a work is a copy of it.
const COPY_SHARE: f64 = 0.9;
/// K-grams that occur in more works than this are common property: they can
/// extend a passage but not found one.
const COMMON_WORKS: usize = 4;
/// At least this share of a chain's seeds must not be common, unless the passage
/// is most of a work.
const DISTINCT_SHARE: f64 = 0.3;
/// K-grams with more postings than this are not read at all.
const MOST_POSTINGS: usize = 512;

impl Snapshot {
    /// Registered texts that the item quotes, strongest first. Several works, and
    /// several passages of one work, give several matches.
    pub fn search_text(&self, text: &NormalizedText) -> Vec<Match> {
        let query_seeds = seeds(&text.letters);
        if query_seeds.is_empty() {
            return Vec::new();
        }
        // One seed for every eight letters or so.
        let registry_letters: usize = self
            .segments()
            .map(|(_, segment)| 8 * segment.text.len())
            .sum();
        let mut matches = Vec::new();
        for (number, segment) in self.segments() {
            for chain in chains(hits(segment, &query_seeds)) {
                let reference = segment.letters.letters(chain.asset);
                let Some(passage) = verify(&text.letters, reference, &chain) else {
                    continue;
                };
                let asset = AssetRef {
                    segment: number,
                    asset: chain.asset,
                };
                matches.extend(to_match(
                    segment,
                    asset,
                    text,
                    &chain,
                    &passage,
                    registry_letters,
                ));
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
fn hits(segment: &Segment, query: &[clearance_fingerprint::text::Seed]) -> Vec<Hit> {
    let mut hits = Vec::new();
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
            hits[first..].iter_mut().for_each(|hit| hit.common = true);
        }
    }
    hits
}

/// Whether a k-gram's places lie in many works. Postings come in order of asset.
fn is_common(segment: &Segment, hits: &[Hit]) -> bool {
    if hits.len() <= COMMON_WORKS {
        return false;
    }
    let work_of = |hit: &Hit| {
        segment
            .assets
            .get(hit.asset as usize)
            .map(|asset| &asset.work_id)
    };
    let mut works: Vec<_> = hits.iter().filter_map(work_of).collect();
    works.sort_unstable();
    works.dedup();
    works.len() > COMMON_WORKS
}

fn to_match(
    segment: &Segment,
    asset: AssetRef,
    text: &NormalizedText,
    chain: &Chain,
    passage: &Passage,
    registry_letters: usize,
) -> Option<Match> {
    let matched_words: usize = passage
        .blocks
        .iter()
        .map(|block| words_in(text, block))
        .sum();
    let reference = segment.letters.letters(asset.asset);
    let whole = passage.reference.len() as f64 >= COPY_SHARE * reference.len() as f64;
    let distinct = chain.distinct_share() >= DISTINCT_SHARE || whole;
    if matched_words < MIN_WORDS || !distinct {
        return None;
    }
    let letters = passage.matched();
    let e_value_per_item = text_e_value(
        letters,
        passage.blocks.len(),
        text.letters.len(),
        registry_letters,
    );
    if e_value_per_item > MAX_E_VALUE_PER_ITEM {
        return None;
    }
    let offsets = segment.letters.offsets(asset.asset);
    let span = |from: u32, to: u32| Span {
        start: f64::from(from),
        // The last letter's own character is inside.
        end: f64::from(to) + 1.0,
    };
    let longest = passage.query.len().max(passage.reference.len()).max(1);
    Some(Match {
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
            matched_words: Some(matched_words as u32),
            identity: Some(letters as f32 / longest as f32),
            shared_works: Some(0),
            ..Evidence::default()
        },
    })
}

/// Words of the query that lie wholly inside a block.
fn words_in(text: &NormalizedText, block: &verify::Block) -> usize {
    let range = block.query..block.query + block.length;
    let starts = text.offsets.words(range.start, range.end);
    let ends_whole = range.end == text.letters.len() || text.offsets.starts_word(range.end);
    starts.saturating_sub(usize::from(!ends_whole))
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
