//! Where k-grams of an item occur in registered texts, and which of them tell anything.

use clearance_fingerprint::text::Seed;

use super::chain::Hit;
use crate::segment::{Places, Segment, TextStore};

/// K-grams that occur in more works than this are common property: they can
/// extend a passage but not found one.
const COMMON_WORKS: usize = 8;
/// So are those that a work repeats more often: formulas.
const FORMULA_TIMES: usize = 4;
/// K-grams with more places than this are one of the two in any case.
pub(super) const COMMON_PLACES: usize = COMMON_WORKS * FORMULA_TIMES;
/// K-grams with more places than this are not read at all.
pub(crate) const MOST_PLACES: usize = 256;
/// Places of common k-grams that are kept of one item, at most: a page of one repeated phrase has
/// more than memory holds, and they found no passage.
const MOST_COMMON_HITS: usize = 1 << 20;
/// A place is looked up about as fast as so many ranges are cut out of a list of places.
const RANGES_A_PLACE: usize = 4;

/// Where k-grams are looked up: a segment, or what others found in it.
pub(super) trait Grams {
    /// Calls `visit` with each of the seeds that occurs, and with its places.
    fn find_all<'a>(&'a self, seeds: &[Seed], visit: impl FnMut(&Seed, Places<'a>));
}

impl Grams for TextStore {
    fn find_all<'a>(&'a self, seeds: &[Seed], visit: impl FnMut(&Seed, Places<'a>)) {
        Self::find_all(self, seeds, visit);
    }
}

/// Places of the item's seeds in one segment, where `grams` finds them. Of common seeds only those in assets that something
/// else is found of, and in short works, most of which may be made of them.
pub(super) fn hits<G: Grams>(segment: &Segment, grams: &G, query: &[Seed]) -> Vec<Hit> {
    let (mut hits, mut common) = (Vec::new(), Vec::new());
    grams.find_all(query, |seed, places| {
        if places.len() > MOST_PLACES {
            return;
        }
        if places.len() > COMMON_PLACES {
            common.push((seed.position, places));
            return;
        }
        let first = hits.len();
        hits.extend(places.iter().filter_map(|reference| {
            Some(Hit {
                asset: segment.texts.asset_at(reference)?,
                query: seed.position,
                reference,
                common: false,
            })
        }));
        if is_common(segment, &hits[first..]) {
            hits.truncate(first);
            common.push((seed.position, places));
        }
    });
    add_common(segment, &common, &mut hits);
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

/// Adds places of common seeds where they tell something.
fn add_common(segment: &Segment, common: &[(u32, Places<'_>)], hits: &mut Vec<Hit>) {
    let texts = &segment.texts;
    let mut useful: Vec<u32> = hits.iter().map(|hit| hit.asset).collect();
    useful.sort_unstable();
    useful.dedup();
    if useful.is_empty() && !texts.has_short() {
        return;
    }
    let mut ranges = None;
    let most = hits.len().saturating_add(MOST_COMMON_HITS);
    for &(query, places) in common {
        let hit = |asset, reference| Hit {
            asset,
            query,
            reference,
            common: true,
        };
        if !texts.has_short() && useful.len() < RANGES_A_PLACE * places.len() {
            let ranges = ranges.get_or_insert_with(|| {
                let of_asset = |asset: &u32| (*asset, texts.places(*asset));
                useful.iter().map(of_asset).collect::<Vec<_>>()
            });
            for (asset, range) in ranges {
                hits.extend(places.within(range).iter().map(|place| hit(*asset, place)));
            }
        } else {
            hits.extend(places.iter().filter_map(|place| {
                let asset = texts.asset_at(place)?;
                let tells = useful.binary_search(&asset).is_ok() || texts.is_short_at(place);
                tells.then(|| hit(asset, place))
            }));
        }
        if hits.len() > most {
            hits.truncate(most);
            return;
        }
    }
}
