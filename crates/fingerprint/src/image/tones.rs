//! Tones: a picture's brightness, cell by cell, by which an alignment of a work and an item is checked.

use super::plane::{GREY, Plane, shrink};

/// Cells along the longer side of an item's tones, at most.
pub const ITEM_TONES: usize = 128;
/// Cells along the longer side of the tones that a registry stores, at most.
pub const WORK_TONES: usize = 16;

/// Tones of items are told apart by this many grey levels: finer ones are noise that does not compress.
const STEP: u8 = 4;

/// Brightness of the cells of a grid over a picture, row by row, 0 (black) to 255.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tones {
    /// Cells of a row, at most [`ITEM_TONES`].
    width: usize,
    values: Vec<u8>,
}

impl Tones {
    /// `None` for what is no grid of rows of `width` cells, or a larger one than [`ITEM_TONES`] on a side.
    pub fn new(width: usize, values: Vec<u8>) -> Option<Self> {
        let fits = if values.is_empty() {
            width == 0
        } else {
            (1..=ITEM_TONES).contains(&width)
                && values.len().is_multiple_of(width)
                && values.len() / width <= ITEM_TONES
        };
        fits.then_some(Self { width, values })
    }

    /// Those of the picture at its working size.
    pub(super) fn of(picture: &Plane) -> Self {
        let mut tones = reduced(&greys(picture), (picture.width, picture.height), ITEM_TONES);
        for value in &mut tones.values {
            *value = *value / STEP * STEP + STEP / 2;
        }
        tones
    }

    /// As a registry stores them.
    #[must_use]
    pub fn stored(&self) -> Self {
        reduced(&self.values, (self.width, self.height()), WORK_TONES)
    }

    /// Those of the picture's negative.
    #[must_use]
    pub(super) fn negative(&self) -> Self {
        Self {
            width: self.width,
            values: self.values.iter().map(|value| u8::MAX - value).collect(),
        }
    }

    /// Those of the mirror image.
    #[must_use]
    pub fn mirrored(&self) -> Self {
        let rows = self.values.chunks(self.width.max(1));
        Self {
            width: self.width,
            values: rows.flat_map(|row| row.iter().rev()).copied().collect(),
        }
    }

    /// Cells of a row.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Rows.
    pub fn height(&self) -> usize {
        self.values.len() / self.width.max(1)
    }

    /// The cells, row by row.
    pub fn values(&self) -> &[u8] {
        &self.values
    }
}

/// Means of areas, so that the longer side has at most `longest` cells.
fn reduced(pixels: &[u8], size: (usize, usize), longest: usize) -> Tones {
    let longer = size.0.max(size.1);
    if longer <= longest {
        return Tones {
            width: size.0,
            values: pixels.to_vec(),
        };
    }
    let side = |of: usize| (of * longest).div_ceil(longer);
    let small = shrink(pixels, size, side(size.0), side(size.1));
    Tones {
        width: small.width,
        values: greys(&small),
    }
}

/// Whole grey levels.
fn greys(picture: &Plane) -> Vec<u8> {
    let values = picture.values.iter();
    values
        .map(|value| ((value + GREY / 2) / GREY) as u8)
        .collect()
}

#[cfg(test)]
mod tests;
