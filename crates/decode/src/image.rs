//! Pictures in any format to one upright plane of luma.

mod jpeg;
mod pixels;

use std::io::{Cursor, ErrorKind};

use image::codecs::jpeg::JpegEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader};

use crate::guard::guard;
use crate::{Format, Limits, Reason, Unreadable, sniff};

/// Memory for one pixel of the widest common kind, 16-bit RGBA, in bytes.
const PIXEL_BYTES_MAX: u64 = 8;
/// Memory a decoder may take beside the picture itself.
const WORKSPACE_BYTES: u64 = 64 << 20;
/// Quality of thumbnails on libjpeg's scale: plain to look at, small in a report.
const THUMBNAIL_QUALITY: u8 = 70;

/// A picture reduced to what is compared: brightness, the right way up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Width in pixels, after orientation.
    pub width_px: u32,
    /// Height in pixels, after orientation.
    pub height_px: u32,
    /// `width_px * height_px` values, row by row from the top left; 0 is black. Luma as in ITU-R
    /// BT.601: 0.299 red + 0.587 green + 0.114 blue, rounded, transparency shown on white.
    pub luma: Vec<u8>,
    /// What is missing, when something is.
    pub partial: Option<String>,
}

/// Decodes a picture: of an animation the first frame, turned as its EXIF orientation says.
///
/// The format is recognized from the bytes. Size is read from the header and checked against
/// `image_pixels` before memory is taken.
pub fn decode_image(bytes: &[u8], limits: &Limits) -> Result<Picture, Unreadable> {
    guard(|| {
        let decoded = decode(bytes, limits)?;
        let (width_px, height_px) = (decoded.pixels.width(), decoded.pixels.height());
        let luma = pixels::luma(decoded.pixels);
        let plane = Picture {
            width_px,
            height_px,
            luma,
            partial: decoded.partial,
        };
        Ok(pixels::turn(plane, decoded.orientation))
    })
}

/// A small JPEG of a picture for a report: upright, transparency on white, its longest side at
/// most `side_px` pixels (and at least one). Pictures smaller than that keep their size.
pub fn thumbnail_jpeg(bytes: &[u8], side_px: u32, limits: &Limits) -> Result<Vec<u8>, Unreadable> {
    guard(|| {
        let Decoded {
            mut pixels,
            orientation,
            ..
        } = decode(bytes, limits)?;
        let side_px = side_px.max(1);
        if pixels.width().max(pixels.height()) > side_px {
            pixels = pixels.thumbnail(side_px, side_px);
        }
        let mut upright = DynamicImage::ImageRgb8(pixels::on_white(&pixels));
        upright.apply_orientation(orientation);
        let mut jpeg = Vec::new();
        JpegEncoder::new_with_quality(&mut jpeg, THUMBNAIL_QUALITY)
            .encode_image(&upright)
            .map_err(|error| unreadable(&error))?;
        Ok(jpeg)
    })
}

/// A picture as stored, not yet turned.
struct Decoded {
    pixels: DynamicImage,
    orientation: Orientation,
    partial: Option<String>,
}

fn decode(bytes: &[u8], limits: &Limits) -> Result<Decoded, Unreadable> {
    limits.check_item_len(bytes.len() as u64)?;
    let format = supported_format(bytes)?;
    let partial = if format == ImageFormat::Jpeg {
        jpeg::check(bytes)?
    } else {
        None
    };
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut library_limits = image::Limits::default();
    let most_bytes = limits.image_pixels.saturating_mul(PIXEL_BYTES_MAX);
    library_limits.max_alloc = Some(most_bytes.saturating_add(WORKSPACE_BYTES));
    reader.limits(library_limits);
    let mut decoder = reader.into_decoder().map_err(|error| unreadable(&error))?;
    // Not every decoder minds `max_alloc`, so the size is checked here for all of them.
    let (width_px, height_px) = decoder.dimensions();
    let pixels = u64::from(width_px) * u64::from(height_px);
    if pixels == 0 {
        return Err(Unreadable::new(Reason::Corrupt, "a picture without pixels"));
    }
    if pixels > limits.image_pixels {
        let detail = format!(
            "{width_px} x {height_px} pixels, limit {}",
            limits.image_pixels
        );
        return Err(Unreadable::new(Reason::Limit, detail));
    }
    // Damaged EXIF is no reason to lose the picture.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let pixels = DynamicImage::from_decoder(decoder).map_err(|error| unreadable(&error))?;
    Ok(Decoded {
        pixels,
        orientation,
        partial,
    })
}

fn supported_format(bytes: &[u8]) -> Result<ImageFormat, Unreadable> {
    match sniff(bytes, None) {
        Some(Format::Jpeg) => Ok(ImageFormat::Jpeg),
        Some(Format::Png) => Ok(ImageFormat::Png),
        Some(Format::WebP) => Ok(ImageFormat::WebP),
        Some(Format::Gif) => Ok(ImageFormat::Gif),
        Some(Format::Tiff) => Ok(ImageFormat::Tiff),
        Some(Format::Bmp) => Ok(ImageFormat::Bmp),
        Some(format @ (Format::Avif | Format::Heif | Format::JpegXl)) => {
            let detail = format!("{format} pictures are not supported");
            Err(Unreadable::new(Reason::Unsupported, detail))
        }
        Some(format) => {
            let detail = format!("the bytes are {format}, not a picture");
            Err(Unreadable::new(Reason::Unrecognized, detail))
        }
        None => Err(Unreadable::new(
            Reason::Unrecognized,
            "no picture format that we know",
        )),
    }
}

fn unreadable(error: &ImageError) -> Unreadable {
    let reason = match error {
        ImageError::Limits(_) => Reason::Limit,
        ImageError::Unsupported(_) => Reason::Unsupported,
        _ => Reason::Corrupt,
    };
    let detail = error.to_string().trim_end().to_owned();
    let is_cut = match error {
        ImageError::IoError(error) => error.kind() == ErrorKind::UnexpectedEof,
        // Some decoders wrap the end of the bytes in errors of their own.
        _ => [
            "Not enough bytes",
            "end of file",
            "EOF",
            "end of the file",
            "exhausted",
        ]
        .iter()
        .any(|words| detail.contains(words)),
    };
    Unreadable::new(
        reason,
        if is_cut {
            format!("truncated: {detail}")
        } else {
            detail
        },
    )
}

#[cfg(test)]
mod tests;
