//! Whole-picture hashes.
//!
//! [`PdqHash`] follows the published description of PDQ (*The TMK+PDQF
//! Video-Hashing Algorithm and the PDQ Image-Hashing Algorithm*, Facebook, 2019)
//! and agrees with its reference implementation. Its eight orientations come
//! from one blur of the picture; a registry stores one hash, a query asks for all
//! eight. [`Codes`] are `img_hash` codes, stored for exchange with
//! tools that speak those.

mod codes;
mod pdq;

pub use codes::{Codes, codes};
pub use pdq::{HASH_BITS, Orientation, PdqHash};

/// Pictures below this quality (0 to 100) are too flat for their hash to mean
/// anything; the threshold is the one PDQ's description recommends.
pub const MIN_QUALITY: u8 = 50;
/// Pictures with a side below this many pixels are not hashed.
pub const MIN_SIDE_PX: usize = 16;

/// What is known of a picture as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImageFingerprint {
    /// The hash of the picture as it is.
    pub hash: PdqHash,
    /// How much structure the picture has, 0 (flat) to 100.
    pub quality: u8,
    /// The picture's hash in each orientation, in the order of [`Orientation::ALL`].
    pub orientations: [PdqHash; 8],
}

impl ImageFingerprint {
    /// Whether there is enough structure to compare.
    pub fn is_distinctive(&self) -> bool {
        self.quality >= MIN_QUALITY
    }
}

/// Fingerprints row-major luma of `width` by `height` pixels.
///
/// `None` when a side is shorter than [`MIN_SIDE_PX`] or `luma` is not
/// `width * height` long.
pub fn fingerprint(luma: &[u8], width: usize, height: usize) -> Option<ImageFingerprint> {
    if width.min(height) < MIN_SIDE_PX || width.checked_mul(height) != Some(luma.len()) {
        return None;
    }
    let (transforms, quality) = pdq::transforms(luma, width, height);
    let orientations = Orientation::ALL.map(|orientation| pdq::hash(&transforms, orientation));
    Some(ImageFingerprint {
        hash: orientations[0],
        quality,
        orientations,
    })
}

#[cfg(test)]
mod tests;
