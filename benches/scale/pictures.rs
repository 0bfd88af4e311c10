//! Fingerprints of pictures that nobody took: a hash and points of others, changed in part.

use std::path::Path;

use clearance_decode::{Limits, decode_image};
use clearance_fingerprint::image::{FoundPoint, ImageFingerprint, PdqHash, fingerprint};
use rayon::prelude::*;

use crate::filling::{Random, files};

/// Bits of a hash that are turned over, of 256: what is left is as uneven as hashes are, and no
/// near copy of its source.
const TURNED_BITS: u32 = 100;
/// Bits of a descriptor that are turned over, of 128.
const TURNED_DESCRIPTOR_BITS: u32 = 10;
/// The same in an altered copy.
const ALTERED_BITS: u32 = 20;
const ALTERED_DESCRIPTOR_BITS: u32 = 3;
/// Points of a picture, taken in runs from others.
const POINTS: usize = 64;
const RUN: usize = 8;

/// The fingerprints of all pictures under a folder that have enough structure.
pub(crate) fn fingerprints(folder: &Path) -> anyhow::Result<Vec<ImageFingerprint>> {
    let files = files(folder)?;
    let prints = files.par_iter().filter_map(|path| {
        let bytes = std::fs::read(path).ok()?;
        let picture = decode_image(&bytes, &Limits::default()).ok()?;
        let (width, height) = (picture.width_px as usize, picture.height_px as usize);
        let print = fingerprint(&picture.luma, width, height)?;
        (print.is_distinctive() && print.points.len() >= POINTS).then_some(print)
    });
    Ok(prints.collect())
}

/// A picture of a hash and of points of others.
pub(crate) fn made_up(sources: &[ImageFingerprint], random: &mut Random) -> ImageFingerprint {
    let source = |random: &mut Random| &sources[random.below(sources.len() as u64) as usize];
    let base = source(random);
    let mut hash = base.orientations[random.below(8) as usize];
    turn(&mut hash.0, TURNED_BITS, random);
    let mut points: Vec<FoundPoint> = Vec::with_capacity(POINTS);
    while points.len() < POINTS {
        let other = source(random);
        let first = random.below((other.points.len() - RUN) as u64) as usize;
        for found in &other.points[first..first + RUN] {
            let mut found = *found;
            turn(&mut found.point.descriptor, TURNED_DESCRIPTOR_BITS, random);
            found.point.x = random.below(4096) as u16;
            found.point.y = random.below(3072) as u16;
            found.is_main = true;
            points.push(found);
        }
    }
    ImageFingerprint {
        hash,
        orientations: [hash; 8],
        points,
        ..base.clone()
    }
}

/// A copy with some bits turned over.
pub(crate) fn altered(print: &ImageFingerprint, random: &mut Random) -> ImageFingerprint {
    let mut altered = print.clone();
    let PdqHash(words) = &mut altered.hash;
    turn(words, ALTERED_BITS, random);
    altered.orientations = [altered.hash; 8];
    for found in &mut altered.points {
        turn(&mut found.point.descriptor, ALTERED_DESCRIPTOR_BITS, random);
    }
    altered
}

fn turn(words: &mut [u64], bits: u32, random: &mut Random) {
    for _ in 0..bits {
        let bit = random.below(words.len() as u64 * 64) as usize;
        words[bit / 64] ^= 1 << (bit % 64);
    }
}
