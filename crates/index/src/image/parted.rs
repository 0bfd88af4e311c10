//! The search for pictures where the registry lies in parts (see `audio::parted`).

use std::collections::HashMap;

use clearance_fingerprint::image::{
    DOUBTS, FoundPoint, ImageFingerprint, KEYS, PdqHash, Point, REST_DISTANCE, Tones,
};
use serde::{Deserialize, Serialize};

use super::nominate::{Candidate, KeyedPictures, MOST_UNDER_KEY, asked, candidates};
use super::scene::Scene;
use super::verify::{self, Alignment, Work};
use super::whole::{MAX_DISTANCE_BITS, Shown, distance_near, shown};
use super::{Sighting, hash_match, point_matches};
use crate::asset::AssetRef;
use crate::found::Match;
use crate::parts::{Answer, Parts, Question};
use crate::registry::Snapshot;
use crate::segment::{KeyedPoint, PictureStore};

/// A key, and the rests of the descriptors that ask for it.
pub(crate) type AskedKey = (u32, Vec<u16>);
/// A key by its place in the question, and what stands under it: picture, whether mirrored, rest,
/// angle, size.
pub(crate) type FoundKeyed = (u32, Vec<(u32, bool, u16, u8, u8)>);
/// A candidate: segment, picture, whether of the mirror image, turn, scale, votes.
type AskedPicture = (u32, u32, bool, u8, i16, u32);

/// Pictures to be verified against an item.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct AskedPictures {
    sides: [f32; 2],
    /// Points of the item: place, size, angle, descriptor; none where none is needed.
    points: Vec<(u16, u16, u8, u8, [u64; 2])>,
    /// Its hashes.
    hashes: Vec<[u64; 4]>,
    /// Pictures whose hash may be near: segment, picture, which of the hashes.
    whole: Vec<(u32, u32, u8)>,
    candidates: Vec<AskedPicture>,
}

/// What was verified, in the order of the question.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct FoundPictures {
    /// Differing bits and asset of the pictures that are near.
    whole: Vec<Option<(u32, u32)>>,
    /// The pictures that are seen.
    seen: Vec<Option<SeenPicture>>,
}

/// A picture that an item shows.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct SeenPicture {
    asset: u32,
    flatness: f64,
    /// By its points alone: the tones of the picture, 200 bytes, go to who asks for a comparison of
    /// areas, since the item's would be 12 KB to each holder.
    alignment: Alignment,
    shades: Option<Shades>,
}

/// A picture's sides and tones: cells of a row, and all.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Shades {
    sides: [f32; 2],
    width: u8,
    values: Vec<u8>,
}

impl Shades {
    fn of(store: &PictureStore, picture: usize) -> Self {
        let tones = store.tones(picture);
        Self {
            sides: store.sides(picture),
            width: tones.width() as u8,
            values: tones.values().to_vec(),
        }
    }
}

/// Pictures of one segment that may be near each of some hashes.
pub(crate) fn held_near(store: &PictureStore, hashes: &[[u64; 4]]) -> Vec<Vec<u32>> {
    let near = |hash: &[u64; 4]| store.candidates(&PdqHash(*hash), MAX_DISTANCE_BITS);
    hashes.iter().map(near).collect()
}

/// Points that one segment has under some keys.
pub(crate) fn held_keys(store: &PictureStore, asked: &[AskedKey]) -> Vec<FoundKeyed> {
    let keys: Vec<u32> = asked.iter().map(|(key, _)| *key).collect();
    let mut found = Vec::new();
    store.find_points(&keys, |number, points| {
        let rests = &asked[number].1;
        let is_near = |point: &KeyedPoint| {
            let mut rests = rests.iter();
            rests.any(|rest| (point.rest ^ rest).count_ones() <= REST_DISTANCE)
        };
        let near = points.take(MOST_UNDER_KEY).filter(is_near);
        let near = near.map(|it| (it.picture, it.is_mirrored, it.rest, it.angle, it.size));
        let near: Vec<_> = near.collect();
        if !near.is_empty() {
            found.push((number as u32, near));
        }
    });
    found
}

/// Verifies candidates against the pictures that a part holds: of each segment the store, and which
/// of the segment's pictures is its first.
pub(crate) fn held_pictures(
    stores: &[(&PictureStore, u32)],
    asked: &AskedPictures,
) -> FoundPictures {
    let find = |segment: u32, picture: u32| {
        let (store, first) = stores.get(segment as usize)?;
        let own = picture.checked_sub(*first)? as usize;
        (own < store.len()).then_some((*store, own))
    };
    let whole = asked.whole.iter().map(|&(segment, picture, which)| {
        let (store, own) = find(segment, picture)?;
        let hash = PdqHash(*asked.hashes.get(usize::from(which))?);
        let distance_bits = distance_near(store, own, &hash)?;
        Some((distance_bits, store.asset(own)))
    });
    let whole = whole.collect();
    let print = print_of(asked);
    let scenes = [false, true].map(|flip| Scene::new(&print, flip));
    let seen = asked.candidates.iter().map(|candidate| {
        let (store, own) = find(candidate.0, candidate.1)?;
        let candidate = candidate_of(candidate);
        let scene = &scenes[usize::from(candidate.flip)];
        let alignment = verify::verify(scene, &Work::of(store, own), &candidate)?;
        Some(SeenPicture {
            asset: store.asset(own),
            flatness: store.flatness(own),
            shades: alignment.needs_areas().then(|| Shades::of(store, own)),
            alignment,
        })
    });
    FoundPictures {
        whole,
        seen: seen.collect(),
    }
}

fn candidate_of(&(segment, picture, flip, turn, scale, votes): &AskedPicture) -> Candidate {
    Candidate {
        segment: segment as usize,
        picture,
        flip,
        turn,
        scale,
        votes: votes as usize,
    }
}

/// As much of an item's fingerprint as verification needs.
fn print_of(asked: &AskedPictures) -> ImageFingerprint {
    let point = |&(x, y, size, angle, descriptor): &(u16, u16, u8, u8, [u64; 2])| FoundPoint {
        point: Point {
            x,
            y,
            size,
            angle,
            descriptor,
        },
        is_main: true,
        contrast: 0.0,
        doubtful: [[0; DOUBTS]; KEYS],
    };
    ImageFingerprint {
        hash: PdqHash([0; 4]),
        structure: clearance_fingerprint::image::Structure {
            quality: 0,
            firm_bits: 0,
        },
        orientations: [PdqHash([0; 4]); 8],
        sides: asked.sides,
        points: asked.points.iter().map(point).collect(),
        regions: Vec::new(),
        flatness: 0.0,
        tones: Tones::default(),
    }
}

/// What all parts found in one segment.
struct Sum {
    pictures: usize,
    found: HashMap<u32, Vec<KeyedPoint>>,
}

impl KeyedPictures for Sum {
    fn count(&self) -> usize {
        self.pictures
    }

    fn find_points(
        &self,
        keys: &[u32],
        mut visit: impl FnMut(usize, &mut dyn Iterator<Item = KeyedPoint>),
    ) {
        for (number, key) in keys.iter().enumerate() {
            if let Some(points) = self.found.get(key) {
                visit(number, &mut points.iter().copied());
            }
        }
    }
}

/// Registered pictures that the item shows: by their hashes, and by their points. Nothing when a part
/// failed: [`Parts`] remembers that.
pub(crate) fn parted_pictures(
    parts: &Parts,
    snapshot: &Snapshot,
    print: &ImageFingerprint,
) -> (Vec<Match>, Vec<Match>) {
    let scenes = [false, true].map(|flip| Scene::new(print, flip));
    let shown = shown(print);
    let (mut whole, sums) = looked_up(parts, &shown, print, &scenes);
    whole.sort_unstable();
    whole.dedup();
    // In the order of one registry: segment, hash, picture.
    whole.sort_by_key(|&(segment, picture, which)| (segment, which, picture));
    let nominated = match &sums {
        Some(sums) => candidates(&sums.iter().collect::<Vec<_>>(), &scenes),
        None => Vec::new(),
    };
    let held = verified(parts, print, &shown, &whole, &nominated);
    let registered = parts.pictures().sum();
    let whole = whole.iter().zip(held.whole).filter_map(|(asked, near)| {
        let &(segment, _, which) = asked;
        let (distance_bits, asset) = near?;
        let asset = AssetRef { segment, asset };
        let shown = &shown[usize::from(which)];
        Some(hash_match(asset, distance_bits, shown, registered))
    });
    let whole = whole.collect();
    let sightings = nominated
        .iter()
        .zip(held.seen)
        .filter_map(|(candidate, seen)| {
            let mut seen = seen?;
            let asset = AssetRef {
                segment: candidate.segment as u32,
                asset: seen.asset,
            };
            let scene = &scenes[usize::from(candidate.flip)];
            if let Some(shades) = seen.shades {
                let tones = Tones::new(usize::from(shades.width), shades.values)?;
                seen.alignment.compare_areas(scene, shades.sides, &tones);
            }
            Some(Sighting {
                work_id: snapshot.work_id(asset),
                asset,
                flatness: seen.flatness,
                scene,
                alignment: seen.alignment,
            })
        });
    (whole, point_matches(sightings.collect()))
}

type MayBeNear = Vec<(u32, u32, u8)>;

/// What is found under the item's hashes and keys: pictures that may be near, and what the segments
/// have of its points, if it has any.
fn looked_up(
    parts: &Parts,
    shown: &[Shown],
    print: &ImageFingerprint,
    scenes: &[Scene; 2],
) -> (MayBeNear, Option<Vec<Sum>>) {
    let mut questions = Vec::new();
    if !shown.is_empty() {
        let hashes: Vec<[u64; 4]> = shown.iter().map(|one| one.hash.0).collect();
        questions.extend((0..parts.count()).map(|part| (part, Question::Near(hashes.clone()))));
    }
    let keys = parts.routed_keys(&asked_keys(scenes));
    for (part, keys) in keys.iter().enumerate().filter(|(_, keys)| !keys.is_empty()) {
        questions.push((part, Question::Keys(keys.clone())));
    }
    let mut near = Vec::new();
    let sum = |pictures| Sum {
        pictures,
        found: HashMap::new(),
    };
    let mut sums: Vec<Sum> = parts.pictures().map(sum).collect();
    for (part, answer) in parts.ask(&questions) {
        match answer {
            Answer::Near(found) => {
                for (segment, by_hash) in found {
                    let by_hash = (0u8..).zip(by_hash).take(shown.len());
                    near.extend(by_hash.flat_map(|(which, pictures)| {
                        let place = move |picture| (segment, picture, which);
                        pictures.into_iter().map(place)
                    }));
                }
            }
            Answer::Keys(found) => {
                for (segment, found) in found {
                    if let Some(sum) = sums.get_mut(segment as usize) {
                        sum.add(&keys[part], found);
                    }
                }
            }
            _ => {}
        }
    }
    (near, (!print.points.is_empty()).then_some(sums))
}

impl Sum {
    fn add(&mut self, keys: &[AskedKey], found: Vec<FoundKeyed>) {
        for (number, points) in found {
            let Some((key, _)) = keys.get(number as usize) else {
                continue;
            };
            let point = |(picture, is_mirrored, rest, angle, size)| KeyedPoint {
                picture,
                is_mirrored,
                rest,
                angle,
                size,
            };
            let known = self.found.entry(*key).or_default();
            known.extend(points.into_iter().map(point));
        }
    }
}

/// Each key that is looked up, with the rests that it is looked up for.
fn asked_keys(scenes: &[Scene; 2]) -> Vec<AskedKey> {
    let (keys, asked) = asked(scenes);
    let rests = asked.into_iter().map(|(_, rest, _)| rest);
    let mut pairs: Vec<(u32, u16)> = keys.into_iter().zip(rests).collect();
    pairs.sort_unstable();
    pairs.dedup();
    let groups = pairs.chunk_by(|a, b| a.0 == b.0);
    let group = |group: &[(u32, u16)]| (group[0].0, group.iter().map(|pair| pair.1).collect());
    groups.map(group).collect()
}

/// What the holders of the pictures say of them, in their order.
fn verified(
    parts: &Parts,
    print: &ImageFingerprint,
    shown: &[Shown],
    whole: &[(u32, u32, u8)],
    nominated: &[Candidate],
) -> FoundPictures {
    let mut asked: Vec<AskedPictures> = vec![AskedPictures::default(); parts.count()];
    // Where in the whole list each holder's own stand.
    let mut places: Vec<(Vec<usize>, Vec<usize>)> = vec![Default::default(); parts.count()];
    for (place, found) in whole.iter().enumerate() {
        let part = parts.holder_of_picture(found.0, found.1);
        asked[part].whole.push(*found);
        places[part].0.push(place);
    }
    for (place, found) in nominated.iter().enumerate() {
        let segment = found.segment as u32;
        let part = parts.holder_of_picture(segment, found.picture);
        let votes = found.votes as u32;
        let one = (
            segment,
            found.picture,
            found.flip,
            found.turn,
            found.scale,
            votes,
        );
        asked[part].candidates.push(one);
        places[part].1.push(place);
    }
    let complete = |(part, mut asked): (usize, AskedPictures)| {
        let is_asked = !asked.whole.is_empty() || !asked.candidates.is_empty();
        asked.sides = print.sides;
        if !asked.whole.is_empty() {
            asked.hashes = shown.iter().map(|one| one.hash.0).collect();
        }
        if !asked.candidates.is_empty() {
            let point = |found: &FoundPoint| {
                let point = &found.point;
                (point.x, point.y, point.size, point.angle, point.descriptor)
            };
            asked.points = print.points.iter().map(point).collect();
        }
        is_asked.then_some((part, Question::Pictures(asked)))
    };
    let questions = asked.into_iter().enumerate().filter_map(complete);
    let mut all = FoundPictures {
        whole: vec![None; whole.len()],
        seen: vec![None; nominated.len()],
    };
    for (part, answer) in parts.ask(&questions.collect::<Vec<_>>()) {
        if let Answer::Pictures(found) = answer {
            for (place, found) in places[part].0.iter().zip(found.whole) {
                all.whole[*place] = found;
            }
            for (place, found) in places[part].1.iter().zip(found.seen) {
                // A number that leads out of the item would be no answer.
                let fits = |seen: &SeenPicture| {
                    let mut agreeing = seen.alignment.agreeing.iter();
                    agreeing.all(|(number, _)| *number < print.points.len())
                };
                all.seen[*place] = found.filter(fits);
            }
        }
    }
    all
}
