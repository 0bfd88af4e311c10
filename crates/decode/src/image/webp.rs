//! WebP: lossy pictures straight to luma, animations frame by frame.

use std::io::ErrorKind;

use image::ImageFormat;
use image::metadata::Orientation;
use image_webp::vp8::Vp8Decoder;
use image_webp::{DecodingError, WebPDecoder};

use self::chunks::Survey;
use super::animation::{Plan, without_frames};
use super::clock::Clock;
use super::still::{self, check_size};
use super::{Reading, pixels};
use crate::{Limits, Reason, Unreadable};

mod chunks;

/// What the container says, for those who decode the picture elsewhere: how it stands, and what
/// is missing. Sizes inside are checked against the limits.
pub(super) fn check(
    bytes: &[u8],
    limits: &Limits,
) -> Result<(Orientation, Option<String>), Unreadable> {
    let survey = Survey::read(bytes, limits)?;
    Ok((survey.orientation, survey.partial))
}

/// Reads a WebP.
pub(super) fn read(bytes: &[u8], limits: &Limits, clock: &Clock) -> Result<Reading, Unreadable> {
    let survey = Survey::read(bytes, limits)?;
    if let Some(data) = survey.opaque_lossy {
        return lossy(data, &survey, limits, clock);
    }
    let (width_px, height_px) = survey.canvas;
    let canvas_px = u64::from(width_px) * u64::from(height_px);
    match Plan::new(survey.tally, canvas_px, limits) {
        Some(plan) if !plan.is_first_only() => animation(bytes, &plan, survey, limits, clock),
        plan => {
            let first = still::read(bytes, ImageFormat::WebP, limits, clock)?;
            Ok(Plan::noted(plan, first))
        }
    }
}

/// A VP8 key frame, which stores brightness apart, in the range of video (RFC 6386, 9.2).
fn lossy(
    data: &[u8],
    survey: &Survey<'_>,
    limits: &Limits,
    clock: &Clock,
) -> Result<Reading, Unreadable> {
    let (width_px, height_px) = survey.canvas;
    check_size(width_px, height_px, limits)?;
    let frame = Vp8Decoder::decode_frame(clock.reader(data)).map_err(|error| unreadable(&error))?;
    if (u32::from(frame.width), u32::from(frame.height)) != (width_px, height_px) {
        return Err(still::corrupt("a frame of another size than its canvas"));
    }
    let width = usize::from(frame.width);
    // Rows are padded to whole macroblocks.
    let rows = frame.ybuf.chunks_exact(width.next_multiple_of(16));
    let rows = rows.take(usize::from(frame.height));
    let mut luma = Vec::with_capacity(width * usize::from(frame.height));
    for row in rows {
        luma.extend(row[..width].iter().map(|luma| pixels::luma_of_video(*luma)));
    }
    Ok(Reading {
        width_px,
        height_px,
        luma,
        further_frames: Vec::new(),
        orientation: survey.orientation,
        partial: survey.partial.clone(),
    })
}

fn animation(
    bytes: &[u8],
    plan: &Plan,
    survey: Survey<'_>,
    limits: &Limits,
    clock: &Clock,
) -> Result<Reading, Unreadable> {
    let mut decoder = WebPDecoder::new(clock.reader(bytes)).map_err(|error| unreadable(&error))?;
    let (width_px, height_px) = decoder.dimensions();
    check_size(width_px, height_px, limits)?;
    if !decoder.is_animated() {
        return Err(still::corrupt("frames in a picture that does not move"));
    }
    let has_alpha = decoder.has_alpha();
    let mut canvas = vec![0; decoder.output_buffer_size().unwrap_or_default()];
    let mut next = |is_wanted: bool| match decoder.read_frame(&mut canvas) {
        Err(DecodingError::NoMoreFrames) => None,
        Err(error) => Some(Err(unreadable(&error))),
        Ok(_) if !is_wanted => Some(Ok(Vec::new())),
        Ok(_) if has_alpha => Some(Ok(pixels::luma_of_rgba(&canvas))),
        Ok(_) => Some(Ok(pixels::luma_of_rgb(&canvas))),
    };
    let first = Reading {
        width_px,
        height_px,
        luma: next(true).ok_or_else(without_frames)??,
        further_frames: Vec::new(),
        orientation: survey.orientation,
        partial: survey.partial,
    };
    plan.collect(first, clock, next)
}

fn unreadable(error: &DecodingError) -> Unreadable {
    let reason = match error {
        DecodingError::UnsupportedFeature(_) => Reason::Unsupported,
        _ => Reason::Corrupt,
    };
    let is_cut =
        matches!(error, DecodingError::IoError(error) if error.kind() == ErrorKind::UnexpectedEof);
    let cut = if is_cut { "truncated: " } else { "" };
    Unreadable::new(reason, format!("{cut}{error}"))
}

#[cfg(test)]
mod tests;
