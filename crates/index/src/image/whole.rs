//! Pictures whose hash is near the item's: exact search within a radius.

use clearance_fingerprint::image::{ImageFingerprint, Orientation, PdqHash};

use super::WHOLE;
use crate::found::Transform;
use crate::segment::PictureStore;

/// Hashes further apart are not the same picture: what PDQ's description recommends.
pub(super) const MAX_DISTANCE_BITS: u32 = 31;
/// Of works flatter than this the hash is that of an outline on plain ground, which pictures of one kind
/// share: they are held to fewer bits (`benches/RESULTS.md`, "Image attacks").
const FLAT: f64 = 0.85;
const MAX_FLAT_DISTANCE_BITS: u32 = 21;
/// Below this many hashes, comparing with all is faster than looking chunks up.
const SCAN_LIMIT: usize = 4_000;

/// Comparisons with each picture that [`crate::calibrate::image_e_value`] counts on.
const COUNTED: f64 = 8.0;

/// A hash of the item: of all of it as it lies in one of the orientations, or of a region.
pub(super) struct Shown {
    pub(super) hash: PdqHash,
    /// What was done to a picture that has the hash.
    pub(super) transform: Option<Transform>,
    /// Which part of the item: left, top, right and bottom as shares of its sides.
    pub(super) place: [f32; 4],
    /// Hashes of its kind, in units of [`COUNTED`].
    pub(super) tries: f64,
}

/// The hashes of an item that mean anything.
pub(super) fn shown(print: &ImageFingerprint) -> Vec<Shown> {
    let is_distinctive = print.structure.may_be_distinctive();
    let oriented = Orientation::ALL.iter().zip(&print.orientations);
    let whole = oriented.map(|(&orientation, &hash)| Shown {
        hash,
        transform: transform(orientation),
        place: WHOLE,
        tries: 1.0,
    });
    let regions = print.regions.iter().map(|region| {
        let place = region.place.map(|at| f32::from(at) / f32::from(u16::MAX));
        Shown {
            hash: region.hash,
            transform: Some(Transform {
                scale: Some(scale(place, print.sides)),
                ..Transform::default()
            }),
            place,
            tries: print.regions.len() as f64 / COUNTED,
        }
    });
    let whole = whole.filter(|_| is_distinctive);
    whole.chain(regions).collect()
}

/// The longer side of a part of the item, measured in longer sides of the item.
fn scale([left, top, right, bottom]: [f32; 4], [width, height]: [f32; 2]) -> f32 {
    let longer = ((right - left) * width).max((bottom - top) * height);
    (longer * 1000.0).round() / 1000.0
}

/// A registered picture within the radius of one of the item's hashes.
pub(super) struct Near {
    pub(super) picture: usize,
    pub(super) distance_bits: u32,
    /// Which of the hashes.
    pub(super) which: usize,
}

/// All pictures within the radius of any hash.
pub(super) fn near(store: &PictureStore, shown: &[Shown]) -> Vec<Near> {
    let mut found = Vec::new();
    for (which, one) in shown.iter().enumerate() {
        let pictures = if store.len() <= SCAN_LIMIT {
            (0..store.len()).collect()
        } else {
            candidates(store, &one.hash)
        };
        let near = pictures.into_iter().filter_map(|picture| {
            let distance_bits = distance_near(store, picture, &one.hash)?;
            Some(Near {
                picture,
                distance_bits,
                which,
            })
        });
        found.extend(near);
    }
    found
}

/// How far a picture is from a hash, if it is within the radius that holds for it.
pub(super) fn distance_near(store: &PictureStore, picture: usize, hash: &PdqHash) -> Option<u32> {
    let distance_bits = store.hash(picture).distance(hash);
    let most = if store.flatness(picture) > FLAT {
        MAX_FLAT_DISTANCE_BITS
    } else {
        MAX_DISTANCE_BITS
    };
    let is_near = distance_bits <= most && store.is_distinctive(picture);
    is_near.then_some(distance_bits)
}

/// Pictures that may be within the radius, and all that are.
pub(super) fn candidates(store: &PictureStore, hash: &PdqHash) -> Vec<usize> {
    let mut pictures = store.candidates(hash, MAX_DISTANCE_BITS);
    // Written by another hand, numbers may lead nowhere.
    pictures.retain(|&picture| (picture as usize) < store.len());
    pictures
        .into_iter()
        .map(|picture| picture as usize)
        .collect()
}

/// What was done to the registered picture: the item had to be laid down in
/// `orientation` to look like it, so the work was laid down in the inverse.
pub(super) fn transform(orientation: Orientation) -> Option<Transform> {
    let (flip, degrees) = orientation.flip_and_rotation();
    if !flip && degrees == 0 {
        return None;
    }
    // Mirror-and-turn is its own inverse; a plain turn is undone the other way.
    let degrees = if flip {
        f32::from(degrees)
    } else {
        -f32::from(degrees)
    };
    let rotation_deg = if degrees > 180.0 {
        degrees - 360.0
    } else if degrees <= -180.0 {
        degrees + 360.0
    } else {
        degrees
    };
    Some(Transform {
        flip,
        rotation_deg,
        ..Transform::default()
    })
}

#[cfg(test)]
mod tests;
