//! Whole-picture hashes.
//!
//! [`PdqHash`] follows the published description of PDQ (*The TMK+PDQF
//! Video-Hashing Algorithm and the PDQ Image-Hashing Algorithm*, Facebook, 2019)
//! and agrees with its reference implementation. Its eight orientations come
//! from one blur of the picture; a registry stores one hash, a query asks for all
//! eight. [`Codes`] are `img_hash` codes, stored for exchange with
//! tools that speak those.

mod codes;
mod decoy;
mod descriptor;
mod keys;
mod patch;
mod pdq;
mod plane;
mod points;
mod regions;
mod scale_space;
mod small;
mod tones;

pub use codes::{Codes, codes};
pub use descriptor::{DESCRIPTOR_BITS, Descriptor, MIRRORED};
pub use keys::{DOUBTS, KEY_BITS, KEYS, Keys, REST_DISTANCE, keys, mirrored, probes};
pub use pdq::{HASH_BITS, Orientation, PdqHash};
pub use points::{FoundPoint, MOST_STORED, PLACE_STEPS, Point, SIZE_STEPS, stored_points};
pub use regions::{MOST_REGIONS, Region};
pub use small::small_gray;
pub use tones::{ITEM_TONES, Tones, WORK_TONES};

/// Pictures of this quality (0 to 100) and more have enough structure; the
/// threshold is the one PDQ's description recommends.
const MIN_QUALITY: u8 = 50;
/// Pictures with this many firm bits have enough structure at any quality. Faint
/// wallpapers and fog have 180 and more, computed gradients up to 107.
const MIN_FIRM_BITS: u8 = 128;
/// Pictures with a side below this many pixels are not hashed.
pub const MIN_SIDE_PX: usize = 16;

/// How much there is in a picture to compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Structure {
    /// PDQ's quality, 0 (flat) to 100: the sum of visible steps between neighbours.
    pub quality: u8,
    /// Bits of the hash that rest on more than rounding, at most 255.
    pub firm_bits: u8,
}

impl Structure {
    /// Whether the hash of a picture with this structure means anything.
    pub fn is_distinctive(self) -> bool {
        self.quality >= MIN_QUALITY || self.firm_bits >= MIN_FIRM_BITS
    }

    /// The same for a copy: compression may have smoothed away some structure
    /// that the registered picture has.
    pub fn may_be_distinctive(self) -> bool {
        self.quality >= MIN_QUALITY - MIN_QUALITY / 4
            || self.firm_bits >= MIN_FIRM_BITS - MIN_FIRM_BITS / 8
    }
}

/// What is known of a picture as a whole.
#[derive(Clone, Debug, PartialEq)]
pub struct ImageFingerprint {
    /// The hash of the picture as it is.
    pub hash: PdqHash,
    /// How much there is to compare.
    pub structure: Structure,
    /// The picture's hash in each orientation, in the order of [`Orientation::ALL`].
    pub orientations: [PdqHash; 8],
    /// Width and height as shares of the longer of both.
    pub sides: [f32; 2],
    /// Its local points.
    pub points: Vec<FoundPoint>,
    /// Rectangles in it that may be pictures of their own.
    pub regions: Vec<Region>,
    /// Share of the picture that is of one shade with its surroundings, 0 to 1: little in
    /// photographs, most of a drawing, a page of text or a window.
    pub flatness: f32,
    /// Its brightness, by which what local points say is checked; none where there are no points.
    pub tones: Tones,
}

impl ImageFingerprint {
    /// Whether there is enough structure to compare, and more than a pattern.
    pub fn is_distinctive(&self) -> bool {
        self.structure.is_distinctive() && !self.hash.is_pattern()
    }
}

/// Fingerprints row-major luma of `width` by `height` pixels.
///
/// `None` when a side is shorter than [`MIN_SIDE_PX`] or `luma` is not
/// `width * height` long.
pub fn fingerprint(luma: &[u8], width: usize, height: usize) -> Option<ImageFingerprint> {
    let mut print = fingerprint_whole(luma, width, height)?;
    points::add(&mut print, luma, width, height);
    Some(print)
}

/// Width and height as shares of the longer of both.
pub fn sides(width: usize, height: usize) -> [f32; 2] {
    let longer = width.max(height).max(1) as f32;
    [width as f32 / longer, height as f32 / longer]
}

/// The whole-picture layer of [`fingerprint`] alone, without points.
pub fn fingerprint_whole(luma: &[u8], width: usize, height: usize) -> Option<ImageFingerprint> {
    if width.min(height) < MIN_SIDE_PX || width.checked_mul(height) != Some(luma.len()) {
        return None;
    }
    let (transforms, quality) = pdq::transforms(luma, width, height);
    let orientations = Orientation::ALL.map(|orientation| pdq::hash(&transforms, orientation));
    Some(ImageFingerprint {
        hash: orientations[0],
        structure: Structure {
            quality,
            firm_bits: pdq::firm_bits(&transforms[0]),
        },
        orientations,
        sides: sides(width, height),
        points: Vec::new(),
        regions: Vec::new(),
        flatness: 0.0,
        tones: Tones::default(),
    })
}

#[cfg(test)]
mod tests;
