//! Which registered pictures an item shows.
//!
//! Two layers, one answer. The hash of the whole picture finds copies that show the
//! whole work, flat ones too (`whole`). Local points find works that are cropped, turned,
//! framed, or a part of the item: keys nominate (`nominate`), an alignment of work and item
//! is fitted (`align`), and the points that agree along it decide (`verify`).

mod align;
mod areas;
mod nominate;
mod parted;
mod scene;
mod verify;
mod whole;

use std::collections::BTreeSet;

use clearance_fingerprint::image::ImageFingerprint;

use crate::asset::AssetRef;
use crate::calibrate::{MAX_IMAGE_E_VALUE_PER_ITEM, image_e_value, points_e_value, score};
use crate::found::{Evidence, Match, MatchKind, Transform, overlaps, without_repeats};
use crate::registry::Snapshot;
use crate::segment::{PictureStore, Segment};
pub(crate) use nominate::MOST_UNDER_KEY;
use parted::parted_pictures;
pub(crate) use parted::{
    AskedKey, AskedPictures, FoundKeyed, FoundPictures, held_keys, held_near, held_pictures,
};
use scene::Scene;
use verify::{Alignment, Work};

/// A work of which less is seen is an excerpt.
const COPY_SHARE: f32 = 0.8;
/// A work of whose points this share is found is mostly there.
const MOSTLY_SEEN: f64 = 0.6;
/// Sightings as strong as this take evidence from others.
const SHARING_NATS: f64 = 20.0;
/// The box of a whole picture.
pub(crate) const WHOLE: [f32; 4] = [0.0, 0.0, 1.0, 1.0];

impl Snapshot {
    /// Registered pictures that the item shows, strongest first; of each work the
    /// strongest for each part of the item.
    pub fn search_image(&self, print: &ImageFingerprint) -> Vec<Match> {
        self.search_image_below(print, MAX_IMAGE_E_VALUE_PER_ITEM)
    }

    /// Registered pictures that any frame of an animation shows.
    pub fn search_frames<'a>(
        &self,
        prints: impl Iterator<Item = &'a ImageFingerprint>,
    ) -> Vec<Match> {
        let matches = prints.flat_map(|print| self.search_image(print)).collect();
        without_repeats(matches, |asset| self.work_id(asset))
    }

    /// What [`Self::search_image`] finds, and weaker matches up to an E-value of `limit`.
    pub fn search_image_below(&self, print: &ImageFingerprint, limit: f64) -> Vec<Match> {
        let (mut matches, mut by_points) = match self.parts() {
            Some(parts) => parted_pictures(parts, self, print),
            None => (self.whole_matches(print), self.point_matches(print)),
        };
        join_evidence(&mut matches, &mut by_points);
        matches.append(&mut by_points);
        matches.retain(|found| found.e_value_per_item <= limit);
        without_repeats(matches, |asset| self.work_id(asset))
    }

    /// Matches of the hashes of the picture and of its regions.
    fn whole_matches(&self, print: &ImageFingerprint) -> Vec<Match> {
        let shown = whole::shown(print);
        let registered = self.segments().map(|(_, segment)| segment.pictures.len());
        let registered = registered.sum();
        let mut matches = Vec::new();
        for (number, segment) in self.segments() {
            for near in whole::near(&segment.pictures, &shown) {
                let asset = AssetRef {
                    segment: number,
                    asset: segment.pictures.asset(near.picture),
                };
                let shown = &shown[near.which];
                matches.push(hash_match(asset, near.distance_bits, shown, registered));
            }
        }
        matches
    }

    /// Matches of local points.
    fn point_matches(&self, print: &ImageFingerprint) -> Vec<Match> {
        if print.points.is_empty() {
            return Vec::new();
        }
        let scenes = [false, true].map(|flip| Scene::new(print, flip));
        let segments: Vec<&Segment> = self.segments().map(|(_, segment)| segment).collect();
        let stores: Vec<&PictureStore> = segments.iter().map(|it| &it.pictures).collect();
        let candidates = nominate::candidates(&stores, &scenes);
        let mut sightings = Vec::new();
        for candidate in candidates {
            let number = candidate.segment as u32;
            let segment = segments[candidate.segment];
            let picture = candidate.picture as usize;
            let store = &segment.pictures;
            let work = Work::of(store, picture);
            let scene = &scenes[usize::from(candidate.flip)];
            let asset = AssetRef {
                segment: number,
                asset: store.asset(picture),
            };
            if let Some(mut alignment) = verify::verify(scene, &work, &candidate) {
                if alignment.needs_areas() {
                    alignment.compare_areas(scene, work.sides, &store.tones(picture));
                }
                sightings.push(Sighting {
                    work_id: self.work_id(asset),
                    asset,
                    flatness: store.flatness(picture),
                    scene,
                    alignment,
                });
            }
        }
        point_matches(sightings)
    }
}

/// A match of hashes: all of a work, in the part of the item that was hashed.
fn hash_match(
    asset: AssetRef,
    distance_bits: u32,
    shown: &whole::Shown,
    registered: usize,
) -> Match {
    let e_value_per_item = shown.tries * image_e_value(distance_bits, registered);
    Match {
        asset,
        kind: MatchKind::Copy,
        score: score(e_value_per_item),
        e_value_per_item,
        query_span: None,
        work_span: None,
        query_box: Some(shown.place),
        work_box: Some(WHOLE),
        transform: shown.transform,
        evidence: Evidence {
            distance_bits: Some(distance_bits),
            ..Evidence::default()
        },
    }
}

/// What the sightings of an item say together.
fn point_matches(mut sightings: Vec<Sighting<'_>>) -> Vec<Match> {
    let shared: Vec<f64> = sightings
        .iter()
        .map(|sighting| shared_nats(sighting, &sightings))
        .collect();
    for (sighting, shared) in sightings.iter_mut().zip(shared) {
        sighting.alignment.nats -= shared;
    }
    sightings.iter().map(point_match).collect()
}

/// Matches of both layers with the same picture at the same place: whichever is reported shows the
/// evidence of both.
fn join_evidence(by_hashes: &mut [Match], by_points: &mut [Match]) {
    let mut joined = BTreeSet::new();
    for whole in by_hashes {
        let points = by_points.iter_mut().enumerate().find(|(number, points)| {
            points.asset == whole.asset && overlaps(points, whole) && !joined.contains(number)
        });
        if let Some((number, points)) = points {
            joined.insert(number);
            let bits = whole.evidence.distance_bits;
            whole.evidence = Evidence {
                distance_bits: bits,
                ..points.evidence
            };
            points.evidence.distance_bits = bits;
        }
    }
}

/// A registered picture and where it seems to lie in the item.
struct Sighting<'a> {
    work_id: &'a str,
    asset: AssetRef,
    flatness: f64,
    scene: &'a Scene,
    alignment: Alignment,
}

/// What a sighting owes to places that another work explains as well: the frame of a window, a
/// title on each picture of a series. That says that the works share them, not which of
/// them is there. A work most of which is seen keeps it: the other may contain it.
fn shared_nats(sighting: &Sighting<'_>, all: &[Sighting<'_>]) -> f64 {
    let alignment = &sighting.alignment;
    if f64::from(alignment.aligned) >= MOSTLY_SEEN * f64::from(alignment.examined) {
        return 0.0;
    }
    let others = all.iter().filter(|other| {
        other.work_id != sighting.work_id
            && other.scene.flip == sighting.scene.flip
            && other.alignment.nats >= SHARING_NATS
    });
    let others: BTreeSet<usize> = others
        .flat_map(|other| other.alignment.agreeing.iter().map(|&(item, _)| item))
        .collect();
    let agreeing = alignment.agreeing.iter();
    let shared = agreeing.filter(|(item, _)| others.contains(item));
    shared.map(|(_, nats)| nats).sum()
}

fn point_match(sighting: &Sighting<'_>) -> Match {
    let (scene, alignment) = (sighting.scene, &sighting.alignment);
    let areas = alignment.areas.unwrap_or_default();
    let by_points = points_e_value(alignment.nats, sighting.flatness);
    let e_value_per_item = by_points * (-areas.nats).exp();
    let [left, top, right, bottom] = alignment.work_box;
    let kind = if (right - left) * (bottom - top) < COPY_SHARE {
        MatchKind::Excerpt
    } else {
        MatchKind::Copy
    };
    Match {
        asset: sighting.asset,
        kind,
        score: score(e_value_per_item),
        e_value_per_item,
        query_span: None,
        work_span: None,
        query_box: Some(alignment.query_box),
        work_box: Some(alignment.work_box),
        transform: Some(transform(scene, alignment)),
        evidence: Evidence {
            aligned_points: Some(alignment.aligned),
            examined_points: Some(alignment.examined),
            points_nats: Some(alignment.nats as f32),
            aligned_areas: alignment.areas.map(|it| it.aligned),
            examined_areas: alignment.areas.map(|it| it.examined),
            areas_nats: alignment.areas.map(|it| it.nats as f32),
            ..Evidence::default()
        },
    }
}

/// What was done to the work; nothing is said of turns below a degree.
fn transform(scene: &Scene, alignment: &Alignment) -> Transform {
    // The item was mirrored before it was aligned, so the work is first turned and then
    // mirrored: the same as first mirrored, then turned the other way.
    let turned = 360.0 * alignment.map.turn();
    let turned = if scene.flip { -turned } else { turned };
    let rotation_deg = if turned.abs() < 1.0 {
        0.0
    } else {
        (turned * 10.0).round() / 10.0
    };
    let scale = (alignment.map.scale() * 1000.0).round() / 1000.0;
    Transform {
        flip: scene.flip,
        rotation_deg,
        scale: Some(scale),
        corners: Some(alignment.corners),
        ..Transform::default()
    }
}

#[cfg(test)]
mod tests;
