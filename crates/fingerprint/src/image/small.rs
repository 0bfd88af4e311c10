//! A small gray picture, as ISCC codes of pictures are made of (ISO 24138, section 5.4.3).

use image::GrayImage;
use image::imageops::{self, FilterType};

/// The picture without its empty borders, at `side` × `side` pixels, row by row. A border is empty
/// where it has the brightness of the pixel in the top left corner. `None` for planes that are not
/// of the size that they claim.
///
/// The filter is the cubic one of Keys (1981) with a = -1/2, widened to cover what a pixel stands for:
/// Pillow's `BICUBIC`, which the standard's authors use.
pub fn small_gray(luma: &[u8], size_px: (usize, usize), side: usize) -> Option<Vec<u8>> {
    let (width, height) = size_px;
    if width == 0 || height == 0 || luma.len() != width.checked_mul(height)? {
        return None;
    }
    let empty = luma[0];
    let row = |row: usize| &luma[row * width..(row + 1) * width];
    let is_used = |at: &usize| row(*at).iter().any(|&pixel| pixel != empty);
    let (top, bottom) = match ((0..height).find(is_used), (0..height).rfind(is_used)) {
        (Some(top), Some(bottom)) => (top, bottom + 1),
        _ => (0, height),
    };
    let is_used = |at: &usize| (top..bottom).any(|row| luma[row * width + at] != empty);
    let (left, right) = match ((0..width).find(is_used), (0..width).rfind(is_used)) {
        (Some(left), Some(right)) => (left, right + 1),
        _ => (0, width),
    };
    let mut cropped = Vec::with_capacity((bottom - top) * (right - left));
    for at in top..bottom {
        cropped.extend_from_slice(&row(at)[left..right]);
    }
    let cropped = GrayImage::from_raw((right - left) as u32, (bottom - top) as u32, cropped)?;
    let small = imageops::resize(&cropped, side as u32, side as u32, FilterType::CatmullRom);
    Some(small.into_raw())
}

#[cfg(test)]
mod tests {
    use super::small_gray;

    #[test]
    fn empty_borders_do_not_count() {
        let inner: Vec<u8> = (0..64 * 48).map(|at| (at * 7 % 251) as u8 | 1).collect();
        let mut framed = vec![0; 80 * 60];
        for row in 0..48 {
            let at = (row + 5) * 80 + 9;
            framed[at..at + 64].copy_from_slice(&inner[row * 64..(row + 1) * 64]);
        }
        let small = small_gray(&framed, (80, 60), 32);
        assert_eq!(small, small_gray(&inner, (64, 48), 32));
        assert_eq!(small.map(|it| it.len()), Some(1024));
    }

    #[test]
    fn a_plain_picture_stays_plain_and_a_wrong_size_is_refused() {
        assert_eq!(small_gray(&[9; 100], (10, 10), 32), Some(vec![9; 1024]));
        assert_eq!(small_gray(&[9; 99], (10, 10), 32), None);
        assert_eq!(small_gray(&[], (0, 0), 32), None);
    }
}
