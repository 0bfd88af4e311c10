//! Pictures whose hash is near the item's: exact search within a radius.

use clearance_fingerprint::image::{ImageFingerprint, Orientation, PdqHash};

use crate::found::Transform;
use crate::segment::PictureStore;

/// Hashes further apart are not the same picture: what PDQ's description recommends.
pub(super) const MAX_DISTANCE_BITS: u32 = 31;
/// Below this many hashes, comparing with all is faster than looking chunks up.
const SCAN_LIMIT: usize = 4_000;

/// A registered picture within the radius of the item's hash.
pub(super) struct Near {
    pub(super) picture: usize,
    pub(super) distance_bits: u32,
    pub(super) orientation: Orientation,
}

/// All pictures within the radius, in any of the eight orientations.
pub(super) fn near(store: &PictureStore, print: &ImageFingerprint) -> Vec<Near> {
    let mut found = Vec::new();
    for (&orientation, hash) in Orientation::ALL.iter().zip(&print.orientations) {
        let pictures = if store.len() <= SCAN_LIMIT {
            (0..store.len()).collect()
        } else {
            candidates(store, hash)
        };
        for picture in pictures {
            found.extend(near_one(store, picture, orientation, hash));
        }
    }
    found
}

/// A picture, if it is within the radius of the item's hash as it lies in `orientation`.
pub(super) fn near_one(
    store: &PictureStore,
    picture: usize,
    orientation: Orientation,
    hash: &PdqHash,
) -> Option<Near> {
    let distance_bits = store.hash(picture).distance(hash);
    let is_near = distance_bits <= MAX_DISTANCE_BITS && store.is_distinctive(picture);
    is_near.then_some(Near {
        picture,
        distance_bits,
        orientation,
    })
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
