//! Decoys of pictures.

use super::descriptor::{DESCRIPTOR_BITS, Descriptor};
use super::patch::{CELLS, SLOPES};
use super::{ImageFingerprint, PdqHash};

/// Bits that differ between a patch and its negative, laid down along the opposite
/// orientation: rows and columns of cells stand in reverse order and slopes are the
/// same, so coefficients change their sign that are odd in one of both; and dark on light
/// is light on dark.
const NEGATIVE: Descriptor = {
    let mut words = [0u64; DESCRIPTOR_BITS / 64];
    let mut number = 0;
    while number < DESCRIPTOR_BITS {
        let (row, column) = (number / (CELLS * SLOPES), number / SLOPES % CELLS);
        if (row + column) % 2 == 1 || number == 0 {
            words[number / 64] |= 1 << (number % 64);
        }
        number += 1;
    }
    words
};

impl ImageFingerprint {
    /// Nearly the fingerprint of the picture's negative: a decoy, as in target-decoy
    /// searches (Elias and Gygi, *Nature Methods* 4, 2007). It has as many points, as
    /// crowded, as flat or as detailed, but shows no work: what is found in it, chance
    /// has found.
    ///
    /// Other pictures of a series, other steps of an installer resemble a work more than any
    /// negative does, so what is found in decoys is a lower limit (`benches/RESULTS.md`).
    #[must_use]
    pub fn decoy(&self) -> Self {
        let negative = |hash: PdqHash| PdqHash(hash.0.map(|word| !word));
        let mut decoy = self.clone();
        decoy.hash = negative(decoy.hash);
        decoy.orientations = decoy.orientations.map(negative);
        for region in &mut decoy.regions {
            region.hash = negative(region.hash);
        }
        decoy.tones = decoy.tones.negative();
        for found in &mut decoy.points {
            let point = &mut found.point;
            point.angle = point.angle.wrapping_add(128);
            for (word, change) in point.descriptor.iter_mut().zip(NEGATIVE) {
                *word ^= change;
            }
        }
        decoy
    }
}

#[cfg(test)]
mod tests;
