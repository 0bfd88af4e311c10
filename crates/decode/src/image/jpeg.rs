//! JPEG straight to luma: chroma is neither upsampled nor converted where the file keeps
//! brightness apart.

mod alone;
mod header;

use image::metadata::Orientation;
use zune_jpeg::JpegDecoder;
use zune_jpeg::errors::DecodeErrors;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use self::header::{Header, SCANS_MAX};
use super::still::check_size;
use super::{Reading, pixels};
use crate::{Limits, Reason, Unreadable};

/// What the markers say of a JPEG, for those who decode it elsewhere: how it stands, and what is
/// missing. Refuses what is not worth decoding.
pub(super) fn check(
    bytes: &[u8],
    limits: &Limits,
) -> Result<(Orientation, Option<String>), Unreadable> {
    let header = checked(bytes, limits)?;
    Ok((orientation(&header), header.partial))
}

/// Reads a JPEG. One that breaks off keeps what was decoded and is named partial.
///
/// Baseline decoding costs time in proportion to pixels, progressive decoding to pixels times
/// scans; both are bounded before the start, since the decoder looks at no clock.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Reading, Unreadable> {
    let header = checked(bytes, limits)?;
    let luma = luma(bytes, &header)?;
    Ok(Reading {
        width_px: header.width_px,
        height_px: header.height_px,
        luma,
        further_frames: Vec::new(),
        orientation: orientation(&header),
        partial: header.partial,
    })
}

fn checked<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Header<'a>, Unreadable> {
    let header = Header::read(bytes)?;
    check_size(header.width_px, header.height_px, limits)?;
    header.check_scans(limits)?;
    Ok(header)
}

fn orientation(header: &Header<'_>) -> Orientation {
    // Damaged EXIF is no reason to lose the picture.
    let stated = header.exif.and_then(Orientation::from_exif_chunk);
    stated.unwrap_or(Orientation::NoTransforms)
}

fn luma(bytes: &[u8], header: &Header<'_>) -> Result<Vec<u8>, Unreadable> {
    let mut decoder = open(bytes)?;
    let stored = decoder.input_colorspace().unwrap_or(ColorSpace::Unknown);
    match (header.components.len(), stored) {
        (1, _) => samples(&mut decoder, ColorSpace::Luma),
        // Adobe's "YCCK" on three components is a mistake for YCbCr that others forgive too.
        (3, ColorSpace::YCbCr | ColorSpace::YCCK) => {
            if let Some(gray) = alone::first_component(bytes, header) {
                return samples(&mut open(&gray)?, ColorSpace::Luma);
            }
            if is_luma_safe(header) {
                samples(&mut decoder, ColorSpace::Luma)
            } else {
                samples(&mut decoder, ColorSpace::RGB).map(|rgb| pixels::luma_of_rgb(&rgb))
            }
        }
        // The decoder undoes YCCK to the RGB that inverted inks stand for. Three components
        // that Adobe says are not transformed are reported as CMYK, and are RGB.
        (3, ColorSpace::RGB | ColorSpace::CMYK) | (4, ColorSpace::YCCK) => {
            samples(&mut decoder, ColorSpace::RGB).map(|rgb| pixels::luma_of_rgb(&rgb))
        }
        (4, ColorSpace::CMYK) => {
            let inks = samples(&mut decoder, ColorSpace::CMYK)?;
            Ok(pixels::luma_of_inks(&inks, header.is_adobe))
        }
        (count, _) => {
            let detail = format!("JPEGs of {count} components in {stored:?} are not supported");
            Err(Unreadable::new(Reason::Unsupported, detail))
        }
    }
}

/// Whether the decoder's way from YCbCr to luma is right: it leaves the first component as it is,
/// so that must have a sample for every pixel, and of progressive pictures with half the chroma
/// rows and all columns (4:4:0) it takes the wrong rows.
fn is_luma_safe(header: &Header<'_>) -> bool {
    header.is_first_dense() && !(header.is_progressive && header.densest() == (1, 2))
}

fn open(bytes: &[u8]) -> Result<JpegDecoder<ZCursor<&[u8]>>, Unreadable> {
    // Sizes are checked already, in pixels.
    let options = DecoderOptions::default()
        .set_strict_mode(false)
        .set_max_width(usize::MAX)
        .set_max_height(usize::MAX)
        .jpeg_set_max_scans(SCANS_MAX);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder
        .decode_headers()
        .map_err(|error| unreadable(&error))?;
    Ok(decoder)
}

/// All samples in a color space, channel beside channel, row by row.
fn samples(
    decoder: &mut JpegDecoder<ZCursor<&[u8]>>,
    space: ColorSpace,
) -> Result<Vec<u8>, Unreadable> {
    decoder.set_options(decoder.options().jpeg_set_out_colorspace(space));
    let mut samples = vec![0; decoder.output_buffer_size().unwrap_or_default()];
    decoder
        .decode_into(&mut samples)
        .map_err(|error| unreadable(&error))?;
    Ok(samples)
}

fn unreadable(error: &DecodeErrors) -> Unreadable {
    let (reason, detail) = match error {
        DecodeErrors::Unsupported(_) => (Reason::Unsupported, error.to_string()),
        DecodeErrors::LargeDimensions(_) => (Reason::Limit, error.to_string()),
        DecodeErrors::ExhaustedData | DecodeErrors::IoErrors(_) => {
            (Reason::Corrupt, "truncated: the bytes end too early".into())
        }
        DecodeErrors::Format(detail) => (Reason::Corrupt, detail.clone()),
        DecodeErrors::FormatStatic(detail) => (Reason::Corrupt, (*detail).to_owned()),
        _ => (Reason::Corrupt, error.to_string()),
    };
    Unreadable::new(reason, detail.trim_end().trim_end_matches('.'))
}

#[cfg(test)]
mod tests;
