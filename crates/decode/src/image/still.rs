//! One picture of any format through the library that knows them all.

use std::io::ErrorKind;

use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader};

use super::clock::Clock;
use super::{Reading, jpeg, pixels, webp};
use crate::{Limits, Reason, Unreadable};

/// Memory for one pixel of the widest common kind, 16-bit RGBA, in bytes.
const PIXEL_BYTES_MAX: u64 = 8;
/// Memory a decoder may take beside the picture itself.
const WORKSPACE_BYTES: u64 = 64 << 20;

/// A picture as stored, not yet turned.
pub(super) struct Decoded {
    pub(super) pixels: DynamicImage,
    pub(super) orientation: Orientation,
    pub(super) partial: Option<String>,
}

/// Reads the picture, or the first of an animation, to luma.
pub(super) fn read(
    bytes: &[u8],
    format: ImageFormat,
    limits: &Limits,
    clock: &Clock,
) -> Result<Reading, Unreadable> {
    let decoded = decode(bytes, format, limits, clock)?;
    Ok(Reading {
        width_px: decoded.pixels.width(),
        height_px: decoded.pixels.height(),
        luma: pixels::luma(decoded.pixels),
        further_frames: Vec::new(),
        orientation: decoded.orientation,
        partial: decoded.partial,
    })
}

/// Decodes the picture in its colors.
pub(super) fn decode(
    bytes: &[u8],
    format: ImageFormat,
    limits: &Limits,
    clock: &Clock,
) -> Result<Decoded, Unreadable> {
    let (stated, partial) = match format {
        // The decoder would read the markers once more for this.
        ImageFormat::Jpeg => Some(jpeg::check(bytes, limits)?),
        // The decoder would take memory for as much EXIF as the file claims to have.
        ImageFormat::WebP => Some(webp::check(bytes, limits)?),
        _ => None,
    }
    .map_or((None, None), |(stated, partial)| (Some(stated), partial));
    let mut reader = ImageReader::with_format(clock.reader(bytes), format);
    reader.limits(library_limits(limits));
    let mut decoder = reader.into_decoder().map_err(|error| unreadable(&error))?;
    // Not every decoder minds `max_alloc`, so the size is checked here for all of them.
    let (width_px, height_px) = decoder.dimensions();
    check_size(width_px, height_px, limits)?;
    // Damaged EXIF is no reason to lose the picture.
    let orientation = stated.or_else(|| decoder.orientation().ok());
    let pixels = DynamicImage::from_decoder(decoder).map_err(|error| unreadable(&error))?;
    Ok(Decoded {
        pixels,
        orientation: orientation.unwrap_or(Orientation::NoTransforms),
        partial,
    })
}

/// The library's own limits: memory for a picture of the largest allowed size.
pub(super) fn library_limits(limits: &Limits) -> image::Limits {
    let most_bytes = limits.image_pixels.saturating_mul(PIXEL_BYTES_MAX);
    let mut library_limits = image::Limits::default();
    library_limits.max_alloc = Some(most_bytes.saturating_add(WORKSPACE_BYTES));
    library_limits
}

/// Refuses pictures with no pixels or with too many.
pub(super) fn check_size(width_px: u32, height_px: u32, limits: &Limits) -> Result<(), Unreadable> {
    let pixels = u64::from(width_px) * u64::from(height_px);
    if pixels == 0 {
        return Err(corrupt("a picture without pixels"));
    }
    if pixels > limits.image_pixels {
        let detail = format!(
            "{width_px} x {height_px} pixels, limit {}",
            limits.image_pixels
        );
        return Err(Unreadable::new(Reason::Limit, detail));
    }
    Ok(())
}

/// A picture that contradicts itself.
pub(super) fn corrupt(detail: &str) -> Unreadable {
    Unreadable::new(Reason::Corrupt, detail)
}

/// The library's trouble in our words.
pub(super) fn unreadable(error: &ImageError) -> Unreadable {
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
