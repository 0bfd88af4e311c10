//! Which registered texts an item quotes, and where.
//!
//! Shared seeds nominate; seeds that follow one another in both texts form a chain
//! (`chain`). From its seeds equal letters are followed outwards on the stored text, over what
//! was changed (`extend`), and stretches near one another make a passage (`passage`).

mod chain;
mod extend;
mod hashed;
mod hits;
mod parted;
mod passage;

use std::cell::OnceCell;
use std::ops::Range;

use clearance_fingerprint::text::{NormalizedText, Seed, letters, normalize, seeds};

use crate::asset::AssetRef;
use crate::calibrate::{MAX_TEXT_E_VALUE_PER_ITEM, score, text_e_value};
use crate::found::{Cells, Evidence, Match, MatchKind, Span, without_repeats};
use crate::registry::Snapshot;
use crate::segment::{SHORT_WORK, TextCache, TextStore};
use chain::{Chain, Hit, chains};
use extend::{Stretch, stretches};
pub(crate) use hits::MOST_PLACES;
use hits::hits;
use parted::parted_texts;
pub(crate) use parted::{AskedTexts, FoundSeeds, FoundTexts, held_seeds, held_texts};
use passage::{Passage, passages, promising};

/// A passage that covers this share of a work is a copy of it.
const COPY_SHARE: f64 = 0.9;
/// Whole works of fewer words than a passage needs are found down to this many.
const FEWEST_WORDS: f64 = 9.0;
/// At least this share of a chain's seeds must not be common, unless the passage
/// is most of a work.
const DISTINCT_SHARE: f64 = 0.3;
/// Letters of a work that are read on both sides of a chain: more than a stretch goes on without
/// a seed.
const MARGIN: u32 = 2048;

impl Snapshot {
    /// Registered texts that the item quotes, strongest first. Several works, and
    /// several passages of one work, give several matches.
    pub fn search_text(&self, text: &str) -> Vec<Match> {
        self.search_text_below(text, MAX_TEXT_E_VALUE_PER_ITEM)
    }

    /// What [`Self::search_text`] finds, and weaker matches up to an E-value of `limit`.
    pub fn search_text_below(&self, text: &str, limit: f64) -> Vec<Match> {
        let item = Item {
            text,
            letters: letters(text),
            normalized: OnceCell::new(),
        };
        let seeds = seeds(&item.letters);
        let matches = match self.parts() {
            Some(parts) => parted_texts(parts, self, text, &seeds, limit),
            None => self.matches_of(&item, &seeds, limit),
        };
        let mut matches = without_repeats(matches, |asset| self.work_id(asset));
        count_shared(&mut matches, |asset| self.work_id(asset));
        matches
    }

    /// Matches in all segments, in their order.
    fn matches_of(&self, item: &Item<'_>, seeds: &[Seed], limit: f64) -> Vec<Match> {
        let mut matches = Vec::new();
        for (number, segment) in self.segments() {
            let place = Place {
                texts: &segment.texts,
                number,
                cache: self.text_cache(),
            };
            let hits = hits(segment, &segment.texts, seeds);
            matches.extend(hit_matches(&place, item, hits, limit));
        }
        matches
    }

    /// At most `length` characters of a registered text from number `from` on, as they were
    /// written; `None` when the registry keeps hashes of texts only.
    pub fn text_passage(&self, asset: AssetRef, from: usize, length: usize) -> Option<String> {
        let (_, segment) = self
            .segments()
            .find(|(number, _)| *number == asset.segment)?;
        segment.texts.passage(asset.asset, from, length)
    }

    /// The work behind an asset; empty when it is withdrawn, or the reference is stale.
    pub(crate) fn work_id(&self, asset: AssetRef) -> &str {
        let work = self
            .asset(asset)
            .and_then(|asset| self.work(&asset.work_id));
        work.map_or("", |record| record.work.work_id.as_str())
    }
}

/// The text that is compared.
struct Item<'a> {
    text: &'a str,
    letters: Vec<u8>,
    /// Where the letters stood: asked for only when something is shared.
    normalized: OnceCell<NormalizedText>,
}

impl Item<'_> {
    fn normalized(&self) -> &NormalizedText {
        self.normalized.get_or_init(|| normalize(self.text))
    }
}

/// The texts of a segment that are compared with.
struct Place<'a> {
    texts: &'a TextStore,
    number: u32,
    cache: &'a TextCache,
}

/// Matches that follow from hits in one segment.
fn hit_matches(place: &Place<'_>, item: &Item<'_>, hits: Vec<Hit>, limit: f64) -> Vec<Match> {
    let chains = chains(hits);
    let by_asset = chains.chunk_by(|a, b| a.asset == b.asset);
    by_asset
        .flat_map(|of_asset| asset_matches(place, item, of_asset, limit))
        .collect()
}

/// Matches with one asset.
fn asset_matches(place: &Place<'_>, item: &Item<'_>, chains: &[Chain], limit: f64) -> Vec<Match> {
    let Some(asset) = chains.first().map(|chain| chain.asset) else {
        return Vec::new();
    };
    let places = place.texts.places(asset);
    let (mut distinct, mut common) = (Vec::new(), Vec::new());
    for chain in chains {
        if chain.distinct_share() >= DISTINCT_SHARE {
            distinct.extend(chain_stretches(place, item, &places, chain));
        } else if places.len() <= SHORT_WORK as usize {
            common.extend(chain_stretches(place, item, &places, chain));
        }
    }
    let is_promising = |stretches: &[Stretch]| {
        let words: f64 = stretches.iter().map(Stretch::words).sum();
        let letters: usize = stretches
            .iter()
            .map(|stretch| stretch.reference.len())
            .sum();
        // A passage has letters between its stretches, too.
        let may_be_whole = letters as f64 >= 0.5 * COPY_SHARE * places.len() as f64;
        words >= FEWEST_WORDS && text_e_value(words, may_be_whole) <= limit
    };
    let (distinct, common) = (
        promising(distinct, is_promising),
        promising(common, is_promising),
    );
    if distinct.is_empty() && common.is_empty() {
        return Vec::new();
    }
    let is_whole =
        |passage: &Passage| passage.reference.len() as f64 >= COPY_SHARE * places.len() as f64;
    let text = item.normalized();
    let distinct = passages(distinct, text).into_iter();
    let common = passages(common, text).into_iter().filter(is_whole);
    let passages = distinct.chain(common).filter_map(|passage| {
        let is_whole = is_whole(&passage);
        let e_value = text_e_value(passage.words, is_whole);
        let is_enough = passage.words >= FEWEST_WORDS && e_value <= limit;
        is_enough.then(|| found(place, item, asset, &passage, is_whole, e_value))
    });
    passages.collect()
}

/// The stretches along a chain.
fn chain_stretches(
    place: &Place<'_>,
    item: &Item<'_>,
    places: &Range<u32>,
    chain: &Chain,
) -> Vec<Stretch> {
    let seeds = chain.seeds.as_slice();
    let (Some(first), Some(last)) = (seeds.first(), seeds.last()) else {
        return Vec::new();
    };
    let around = first.1.saturating_sub(MARGIN).max(places.start)
        ..last.1.saturating_add(MARGIN).min(places.end);
    let texts = place.texts;
    let distinct = chain.distinct_share();
    match texts.window(place.cache, place.number, chain.asset, &around) {
        Some(window) => stretches(&item.letters, &window, seeds, distinct),
        None => hashed::stretches(seeds, distinct),
    }
}

fn found(
    place: &Place<'_>,
    item: &Item<'_>,
    asset: u32,
    passage: &Passage,
    is_whole: bool,
    e_value_per_item: f64,
) -> Match {
    let text = item.normalized();
    let texts = place.texts;
    let character = |at: usize| texts.character(place.cache, place.number, at as u32);
    Match {
        asset: AssetRef {
            segment: place.number,
            asset,
        },
        kind: if is_whole {
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
            character(passage.reference.start),
            character(passage.reference.end - 1),
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
    }
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
    let mut cells = Cells::new(spans.iter().filter_map(|(span, _)| *span));
    for (index, (span, _)) in spans.iter().enumerate() {
        if let Some(span) = span {
            cells.add(index, span);
        }
    }
    for (index, found) in matches.iter_mut().enumerate() {
        let Some(span) = found.query_span else {
            continue;
        };
        let mut others: Vec<&str> = cells
            .near(&span)
            .map(|other| spans[other])
            .filter(|(other, work)| {
                *work != spans[index].1
                    && other.is_some_and(|other| other.overlap(&span) > 0.5 * span.length())
            })
            .map(|(_, work)| work)
            .collect();
        others.sort_unstable();
        others.dedup();
        found.evidence.shared_works = Some(others.len() as u32);
    }
}
