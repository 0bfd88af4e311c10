//! Alterations of pictures.

use ::image::imageops::{self, FilterType};
use ::image::{ImageFormat, RgbImage};

use crate::art::Canvas;
use crate::encode;
use crate::error::Error;

/// Stretched or shrunk to a new size with a triangle filter. A zero side becomes 1.
pub fn resize(canvas: &Canvas, width: u32, height: u32) -> Result<Canvas, Error> {
    let picture = encode::to_rgb_image(canvas)?;
    let resized = imageops::resize(&picture, width.max(1), height.max(1), FilterType::Triangle);
    Ok(from_rgb_image(resized))
}

/// What is left after saving as JPEG at `quality` (1 to 100) and reading it again.
pub fn jpeg(canvas: &Canvas, quality: u8) -> Result<Canvas, Error> {
    let bytes = encode::jpeg(canvas, quality)?;
    let picture = ::image::load_from_memory_with_format(&bytes, ImageFormat::Jpeg)
        .map_err(|error| Error::encode("JPEG")(&error))?;
    Ok(from_rgb_image(picture.to_rgb8()))
}

/// Without colour: every part becomes the luminance of ITU-R BT.601.
pub fn grey(canvas: &Canvas) -> Canvas {
    map_pixels(canvas, |[red, green, blue]| {
        let luminance = 0.299 * f32::from(red) + 0.587 * f32::from(green) + 0.114 * f32::from(blue);
        [luminance.round() as u8; 3]
    })
}

/// Mirrored left to right.
pub fn flip(canvas: &Canvas) -> Canvas {
    let last = canvas.width - 1;
    Canvas::from_pixels(canvas.width, canvas.height, |x, y| {
        canvas.pixel(last - x, y)
    })
}

/// Turned upside down (by 180 degrees).
pub fn turn_around(canvas: &Canvas) -> Canvas {
    let (last_x, last_y) = (canvas.width - 1, canvas.height - 1);
    Canvas::from_pixels(canvas.width, canvas.height, |x, y| {
        canvas.pixel(last_x - x, last_y - y)
    })
}

/// Every part multiplied by `factor`: 1.2 is brighter, 0.8 darker.
pub fn brightness(canvas: &Canvas, factor: f32) -> Canvas {
    map_pixels(canvas, |pixel| {
        pixel.map(|part| (f32::from(part) * factor).round().clamp(0.0, 255.0) as u8)
    })
}

/// The part that is left when this share of each side is cut away (0.1 is a tenth of the
/// width or height): left, top, right, bottom.
pub fn crop(canvas: &Canvas, [left, top, right, bottom]: [f64; 4]) -> Canvas {
    let cut = |share: f64, side: u32| (share.clamp(0.0, 1.0) * f64::from(side)).round() as u32;
    let (x, y) = (cut(left, canvas.width), cut(top, canvas.height));
    let width = canvas.width.saturating_sub(x + cut(right, canvas.width));
    let height = canvas.height.saturating_sub(y + cut(bottom, canvas.height));
    Canvas::from_pixels(width, height, |column, row| {
        canvas.pixel(x + column, y + row)
    })
}

/// A frame of one colour, `pixels` wide, around the picture.
pub fn border(canvas: &Canvas, pixels: u32, colour: [u8; 3]) -> Canvas {
    let (width, height) = (canvas.width + 2 * pixels, canvas.height + 2 * pixels);
    Canvas::from_pixels(width, height, |x, y| {
        let inside_x = (pixels..pixels + canvas.width).contains(&x);
        let inside_y = (pixels..pixels + canvas.height).contains(&y);
        if inside_x && inside_y {
            canvas.pixel(x - pixels, y - pixels)
        } else {
            colour
        }
    })
}

/// `picture` laid over `host` with its top left corner at column `left`, row `top`; what
/// reaches over the edge is lost.
pub fn paste(host: &Canvas, picture: &Canvas, left: u32, top: u32) -> Canvas {
    Canvas::from_pixels(host.width, host.height, |x, y| {
        match (x.checked_sub(left), y.checked_sub(top)) {
            (Some(column), Some(row)) if column < picture.width && row < picture.height => {
                picture.pixel(column, row)
            }
            _ => host.pixel(x, y),
        }
    })
}

fn map_pixels(canvas: &Canvas, change: impl Fn([u8; 3]) -> [u8; 3]) -> Canvas {
    Canvas::from_pixels(canvas.width, canvas.height, |x, y| {
        change(canvas.pixel(x, y))
    })
}

fn from_rgb_image(picture: RgbImage) -> Canvas {
    Canvas {
        width: picture.width(),
        height: picture.height(),
        rgb: picture.into_raw(),
    }
}
