//! Pixels of every kind to 8-bit RGB on white, to luma, and the right way up.

use image::metadata::Orientation;
use image::{DynamicImage, RgbImage};

use super::Picture;

/// The luma plane of a picture, row by row.
pub(super) fn luma(image: DynamicImage) -> Vec<u8> {
    match image {
        DynamicImage::ImageLuma8(gray) => gray.into_raw(),
        other => {
            let mut plane = Vec::with_capacity(other.width() as usize * other.height() as usize);
            each_pixel(&other, &mut |pixel| plane.push(luma_of(pixel)));
            plane
        }
    }
}

/// The picture in 8-bit RGB, as it looks on a white page.
pub(super) fn on_white(image: &DynamicImage) -> RgbImage {
    let mut bytes = Vec::with_capacity(image.width() as usize * image.height() as usize * 3);
    each_pixel(image, &mut |pixel| bytes.extend_from_slice(&pixel));
    RgbImage::from_raw(image.width(), image.height(), bytes).unwrap_or_default()
}

/// ITU-R BT.601 luma in thousandths, rounded to the nearest.
fn luma_of([red, green, blue]: [u8; 3]) -> u8 {
    ((299 * u32::from(red) + 587 * u32::from(green) + 114 * u32::from(blue) + 500) / 1000) as u8
}

/// Shows every pixel to `emit` in reading order, as 8-bit RGB on white.
fn each_pixel(image: &DynamicImage, emit: &mut impl FnMut([u8; 3])) {
    match image {
        DynamicImage::ImageLuma8(it) => it.as_raw().iter().for_each(|&v| emit([v; 3])),
        DynamicImage::ImageLumaA8(it) => {
            each(it.as_raw(), |[v, a]| emit([blend(v, a); 3]));
        }
        DynamicImage::ImageRgb8(it) => each(it.as_raw(), emit),
        DynamicImage::ImageRgba8(it) => {
            each(it.as_raw(), |[r, g, b, a]| {
                emit([r, g, b].map(|v| blend(v, a)));
            });
        }
        DynamicImage::ImageLuma16(it) => {
            it.as_raw().iter().for_each(|&v| emit([from_16_bits(v); 3]));
        }
        DynamicImage::ImageLumaA16(it) => {
            each(it.as_raw(), |pixel: [u16; 2]| {
                let [v, a] = pixel.map(from_16_bits);
                emit([blend(v, a); 3]);
            });
        }
        DynamicImage::ImageRgb16(it) => {
            each(it.as_raw(), |pixel: [u16; 3]| emit(pixel.map(from_16_bits)));
        }
        DynamicImage::ImageRgba16(it) => {
            each(it.as_raw(), |pixel: [u16; 4]| {
                let [r, g, b, a] = pixel.map(from_16_bits);
                emit([r, g, b].map(|v| blend(v, a)));
            });
        }
        DynamicImage::ImageRgb32F(it) => {
            each(it.as_raw(), |pixel: [f32; 3]| emit(pixel.map(from_float)));
        }
        DynamicImage::ImageRgba32F(it) => {
            each(it.as_raw(), |pixel: [f32; 4]| {
                let [r, g, b, a] = pixel.map(from_float);
                emit([r, g, b].map(|v| blend(v, a)));
            });
        }
        // The enum is open; what it may gain is converted by the library.
        other => each(other.to_rgba8().as_raw(), |[r, g, b, a]| {
            emit([r, g, b].map(|v| blend(v, a)));
        }),
    }
}

fn each<T: Copy, const N: usize>(samples: &[T], mut emit: impl FnMut([T; N])) {
    let (pixels, _) = samples.as_chunks::<N>();
    for &pixel in pixels {
        emit(pixel);
    }
}

/// One channel at an opacity, over white.
fn blend(value: u8, alpha: u8) -> u8 {
    let (value, alpha) = (u32::from(value), u32::from(alpha));
    ((value * alpha + 255 * (255 - alpha) + 127) / 255) as u8
}

fn from_16_bits(value: u16) -> u8 {
    ((u32::from(value) + 128) / 257) as u8
}

fn from_float(value: f32) -> u8 {
    // Numbers that are none become black.
    (value.clamp(0.0, 1.0) * 255.0).round() as u8
}

/// Turns a plane as an EXIF orientation asks.
pub(super) fn turn(plane: Picture, orientation: Orientation) -> Picture {
    let (width, height) = (plane.width_px as usize, plane.height_px as usize);
    let (right, bottom) = (width - 1, height - 1);
    // For each pixel of the result, where it lies in the plane as stored.
    match orientation {
        Orientation::NoTransforms => plane,
        Orientation::FlipHorizontal => rearrange(plane, false, |x, y| (right - x, y)),
        Orientation::FlipVertical => rearrange(plane, false, |x, y| (x, bottom - y)),
        Orientation::Rotate180 => rearrange(plane, false, |x, y| (right - x, bottom - y)),
        Orientation::Rotate90 => rearrange(plane, true, |x, y| (y, bottom - x)),
        Orientation::Rotate270 => rearrange(plane, true, |x, y| (right - y, x)),
        Orientation::Rotate90FlipH => rearrange(plane, true, |x, y| (y, x)),
        Orientation::Rotate270FlipH => rearrange(plane, true, |x, y| (right - y, bottom - x)),
    }
}

fn rearrange(
    plane: Picture,
    swaps_sides: bool,
    from: impl Fn(usize, usize) -> (usize, usize),
) -> Picture {
    let stride = plane.width_px as usize;
    let (width_px, height_px) = if swaps_sides {
        (plane.height_px, plane.width_px)
    } else {
        (plane.width_px, plane.height_px)
    };
    let mut luma = Vec::with_capacity(plane.luma.len());
    for y in 0..height_px as usize {
        luma.extend((0..width_px as usize).map(|x| {
            let (column, row) = from(x, y);
            plane.luma[row * stride + column]
        }));
    }
    Picture {
        width_px,
        height_px,
        luma,
        partial: plane.partial,
    }
}

#[cfg(test)]
mod tests;
