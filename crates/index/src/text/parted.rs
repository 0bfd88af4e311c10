//! The search for texts where the registry lies in parts (see `audio::parted`).
//!
//! Common k-grams have many places, which tell something only of texts that something else was found
//! of. They are asked for in a second round, and most items need none.

use std::cell::OnceCell;
use std::collections::HashMap;

use clearance_fingerprint::text::{Seed, letters};
use serde::{Deserialize, Serialize};

use super::chain::Hit;
use super::hits::{COMMON_PLACES, Grams, MOST_PLACES, hits};
use super::{Item, Place, hit_matches};
use crate::asset::AssetRef;
use crate::found::Match;
use crate::parts::{Answer, Parts, Question};
use crate::registry::Snapshot;
use crate::segment::{Places, Segment, TextCache, TextStore, seed_key};

/// K-grams that occur in one segment, by their places in the question: where, or that they occur too
/// often for the question.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct FoundSeeds {
    few: Vec<(u32, Vec<u32>)>,
    many: Vec<u32>,
}

/// Texts to be verified against an item.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct AskedTexts {
    text: String,
    /// The largest E-value that is reported.
    limit: f64,
    hits: Vec<AskedHits>,
}

/// A segment, and what was found there: asset, letter of the item, place, whether it is common.
type AskedHits = (u32, Vec<(u32, u32, u32, bool)>);

/// Matches by segment and asset, as JSON.
pub(crate) type FoundTexts = Vec<(u32, u32, String)>;

/// The places that some k-grams have in a part of a segment, where there are at most `most`. What
/// occurs more often than is ever read is left out.
pub(crate) fn held_seeds(store: &TextStore, keys: &[u32], most: u32) -> FoundSeeds {
    let mut found = FoundSeeds::default();
    store.find_keys(keys, |number, places| {
        if places.len() > MOST_PLACES {
            return;
        }
        if places.len() > most as usize {
            found.many.push(number as u32);
        } else {
            found.few.push((number as u32, places.iter().collect()));
        }
    });
    found
}

/// Verifies what was found against the texts that a part holds.
pub(crate) fn held_texts(
    stores: &[&TextStore],
    cache: &TextCache,
    asked: &AskedTexts,
) -> FoundTexts {
    let item = Item {
        text: &asked.text,
        letters: letters(&asked.text),
        normalized: OnceCell::new(),
    };
    let mut matches = Vec::new();
    for (number, found) in &asked.hits {
        let Some(texts) = stores.get(*number as usize) else {
            continue;
        };
        let place = Place {
            texts,
            number: *number,
            cache,
        };
        let hit = |&(asset, query, reference, common): &(u32, u32, u32, bool)| Hit {
            asset,
            query,
            reference,
            common,
        };
        let hits = found.iter().map(hit).collect();
        for found in hit_matches(&place, &item, hits, asked.limit) {
            let asset = found.asset;
            // Only numbers and words are in it, which JSON holds exactly.
            if let Ok(json) = serde_json::to_string(&found) {
                matches.push((asset.segment, asset.asset, json));
            }
        }
    }
    matches
}

/// What all parts found in one segment.
#[derive(Default)]
struct Sum(HashMap<u32, Vec<[u8; 4]>>);

impl Grams for Sum {
    fn find_all<'a>(&'a self, seeds: &[Seed], mut visit: impl FnMut(&Seed, Places<'a>)) {
        for seed in seeds {
            if let Some(places) = self.0.get(&seed_key(seed)) {
                visit(seed, Places::new(places));
            }
        }
    }
}

/// Matches with registered texts, before repeats are left out. Nothing when a part failed: [`Parts`]
/// remembers that.
pub(crate) fn parted_texts(
    parts: &Parts,
    snapshot: &Snapshot,
    text: &str,
    seeds: &[Seed],
    limit: f64,
) -> Vec<Match> {
    let segments: Vec<&Segment> = snapshot.segments().map(|(_, segment)| segment).collect();
    let mut sums: Vec<Sum> = segments.iter().map(|_| Sum::default()).collect();
    let mut keys: Vec<u32> = seeds.iter().map(seed_key).collect();
    keys.sort_unstable();
    keys.dedup();
    let many = look_up(parts, &mut sums, &keys, COMMON_PLACES as u32);
    let found = |sums: &[Sum]| -> Vec<Vec<Hit>> {
        let both = segments.iter().zip(sums);
        both.map(|(segment, sum)| hits(segment, sum, seeds))
            .collect()
    };
    let mut by_segment = found(&sums);
    let is_told =
        |(segment, hits): (&&Segment, &Vec<Hit>)| !hits.is_empty() || segment.texts.has_short();
    if !many.is_empty() && segments.iter().zip(&by_segment).any(is_told) {
        look_up(parts, &mut sums, &many, MOST_PLACES as u32);
        by_segment = found(&sums);
    }
    verified(parts, text, limit, by_segment)
}

/// Asks for the places of some k-grams; returns those that have more than `most` somewhere.
fn look_up(parts: &Parts, sums: &mut [Sum], keys: &[u32], most: u32) -> Vec<u32> {
    let keys = parts.routed_seeds(keys);
    let asked = keys.iter().enumerate().filter(|(_, keys)| !keys.is_empty());
    let question = |(part, keys): (usize, &Vec<u32>)| {
        let keys = keys.clone();
        (part, Question::Seeds { keys, most })
    };
    let mut many = Vec::new();
    for (part, answer) in parts.ask(&asked.map(question).collect::<Vec<_>>()) {
        let Answer::Seeds(found) = answer else {
            continue;
        };
        for (segment, found) in found {
            let key = |number: u32| keys[part].get(number as usize).copied();
            many.extend(found.many.iter().filter_map(|number| key(*number)));
            let Some(sum) = sums.get_mut(segment as usize) else {
                continue;
            };
            for (number, places) in found.few {
                if let Some(key) = key(number) {
                    let places = places.iter().map(|place| place.to_be_bytes());
                    sum.0.insert(key, places.collect());
                }
            }
        }
    }
    many.sort_unstable();
    many.dedup();
    many
}

/// What the holders of the texts say of them.
fn verified(parts: &Parts, text: &str, limit: f64, by_segment: Vec<Vec<Hit>>) -> Vec<Match> {
    let mut asked: Vec<Vec<AskedHits>> = vec![Vec::new(); parts.count()];
    for (segment, hits) in (0u32..).zip(by_segment) {
        for hit in hits {
            let of_part = &mut asked[parts.holder_of_asset(segment, hit.asset)];
            if of_part.last().is_none_or(|(known, _)| *known != segment) {
                of_part.push((segment, Vec::new()));
            }
            if let Some((_, hits)) = of_part.last_mut() {
                hits.push((hit.asset, hit.query, hit.reference, hit.common));
            }
        }
    }
    let question = |(part, hits): (usize, Vec<_>)| {
        let text = text.to_owned();
        let asked = AskedTexts { text, limit, hits };
        (part, Question::Texts(asked))
    };
    let asked = asked.into_iter().enumerate();
    let asked = asked.filter(|(_, hits)| !hits.is_empty()).map(question);
    let mut matches = Vec::new();
    for (_, answer) in parts.ask(&asked.collect::<Vec<_>>()) {
        let Answer::Texts(found) = answer else {
            continue;
        };
        matches.extend(found.into_iter().filter_map(|(segment, asset, json)| {
            let found: Match = serde_json::from_str(&json).ok()?;
            let asset = AssetRef { segment, asset };
            Some(Match { asset, ..found })
        }));
    }
    matches
}
