//! Pixels of every kind to 8-bit RGB on white, to luma, and the right way up.

use image::metadata::Orientation;
use image::{DynamicImage, RgbImage};

/// The luma plane of a picture, row by row. One pass over the pixels, whatever their kind.
pub(super) fn luma(image: DynamicImage) -> Vec<u8> {
    match image {
        DynamicImage::ImageLuma8(gray) => gray.into_raw(),
        other => convert(&other, |gray| gray, luma_of),
    }
}

/// The luma of 8-bit RGB.
pub(super) fn luma_of_rgb(samples: &[u8]) -> Vec<u8> {
    each(samples, luma_of)
}

/// The luma of 8-bit RGBA, on white.
pub(super) fn luma_of_rgba(samples: &[u8]) -> Vec<u8> {
    each(samples, |[r, g, b, a]| {
        luma_of([r, g, b].map(|v| blend(v, a)))
    })
}

/// The luma of 8-bit CMYK, as a screen shows inks without a color profile: what each of cyan,
/// magenta and yellow lets through of what black lets through. `is_inverted` is Adobe's way of
/// writing them, where 255 is no ink.
pub(super) fn luma_of_inks(samples: &[u8], is_inverted: bool) -> Vec<u8> {
    let flip = if is_inverted { 0 } else { 255 };
    each(samples, |inks: [u8; 4]| {
        let [red, green, blue, light] = inks.map(|ink| u32::from(ink ^ flip));
        let sum = (299 * red + 587 * green + 114 * blue) * light;
        ((sum + 127_500) / 255_000) as u8
    })
}

/// Luma of full range from the range of video, 16 to 235 (ITU-R BT.601, 2.5.3), which is what
/// converting it to RGB and back would give.
pub(super) fn luma_of_video(luma: u8) -> u8 {
    let above = i32::from(luma) - 16;
    ((above * 510 + 219) / 438).clamp(0, 255) as u8
}

/// The picture in 8-bit RGB, as it looks on a white page.
pub(super) fn on_white(image: &DynamicImage) -> RgbImage {
    let bytes = convert(image, |gray| [gray; 3], |pixel| pixel).into_flattened();
    RgbImage::from_raw(image.width(), image.height(), bytes).unwrap_or_default()
}

/// ITU-R BT.601 luma in thousandths, rounded to the nearest.
fn luma_of([red, green, blue]: [u8; 3]) -> u8 {
    ((299 * u32::from(red) + 587 * u32::from(green) + 114 * u32::from(blue) + 500) / 1000) as u8
}

/// Every pixel in reading order, 8 bits a channel and on white, given to `gray` where the picture
/// has no color and to `color` where it has.
fn convert<T>(
    image: &DynamicImage,
    gray: impl Fn(u8) -> T,
    color: impl Fn([u8; 3]) -> T,
) -> Vec<T> {
    let seen = |[r, g, b, a]: [u8; 4]| color([r, g, b].map(|v| blend(v, a)));
    match image {
        DynamicImage::ImageLuma8(it) => each(it.as_raw(), |[v]| gray(v)),
        DynamicImage::ImageLumaA8(it) => each(it.as_raw(), |[v, a]| gray(blend(v, a))),
        DynamicImage::ImageRgb8(it) => each(it.as_raw(), color),
        DynamicImage::ImageRgba8(it) => each(it.as_raw(), seen),
        DynamicImage::ImageLuma16(it) => each(it.as_raw(), |[v]| gray(from_16_bits(v))),
        DynamicImage::ImageLumaA16(it) => each(it.as_raw(), |pixel: [u16; 2]| {
            let [v, a] = pixel.map(from_16_bits);
            gray(blend(v, a))
        }),
        DynamicImage::ImageRgb16(it) => each(it.as_raw(), |pixel: [u16; 3]| {
            color(pixel.map(from_16_bits))
        }),
        DynamicImage::ImageRgba16(it) => {
            each(it.as_raw(), |pixel: [u16; 4]| seen(pixel.map(from_16_bits)))
        }
        DynamicImage::ImageRgb32F(it) => {
            each(it.as_raw(), |pixel: [f32; 3]| color(pixel.map(from_float)))
        }
        DynamicImage::ImageRgba32F(it) => {
            each(it.as_raw(), |pixel: [f32; 4]| seen(pixel.map(from_float)))
        }
        // The enum is open; what it may gain is converted by the library.
        other => each(other.to_rgba8().as_raw(), seen),
    }
}

fn each<S: Copy, T, const N: usize>(samples: &[S], show: impl Fn([S; N]) -> T) -> Vec<T> {
    let (pixels, _) = samples.as_chunks::<N>();
    pixels.iter().map(|pixel| show(*pixel)).collect()
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

/// A plane of luma, row by row, and its sides in pixels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Plane {
    pub(super) width_px: u32,
    pub(super) height_px: u32,
    pub(super) luma: Vec<u8>,
}

/// Turns a plane as an EXIF orientation asks.
pub(super) fn turn(plane: Plane, orientation: Orientation) -> Plane {
    let (width, height) = (plane.width_px as usize, plane.height_px as usize);
    let (right, bottom) = (width - 1, height - 1);
    // For each pixel of the result, where it lies in the plane as stored.
    match orientation {
        Orientation::NoTransforms => plane,
        Orientation::FlipHorizontal => rearrange(&plane, false, |x, y| (right - x, y)),
        Orientation::FlipVertical => rearrange(&plane, false, |x, y| (x, bottom - y)),
        Orientation::Rotate180 => rearrange(&plane, false, |x, y| (right - x, bottom - y)),
        Orientation::Rotate90 => rearrange(&plane, true, |x, y| (y, bottom - x)),
        Orientation::Rotate270 => rearrange(&plane, true, |x, y| (right - y, x)),
        Orientation::Rotate90FlipH => rearrange(&plane, true, |x, y| (y, x)),
        Orientation::Rotate270FlipH => rearrange(&plane, true, |x, y| (right - y, bottom - x)),
    }
}

fn rearrange(
    plane: &Plane,
    swaps_sides: bool,
    from: impl Fn(usize, usize) -> (usize, usize),
) -> Plane {
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
    Plane {
        width_px,
        height_px,
        luma,
    }
}

#[cfg(test)]
mod tests;
