//! PNG: whether it is animated, and the frames that are kept.

use image::codecs::png::PngDecoder;
use image::metadata::Orientation;
use image::{AnimationDecoder, ImageDecoder, ImageFormat};

use super::Reading;
use super::animation::{Plan, Tally, planes, without_frames};
use super::clock::Clock;
use super::still::{self, check_size, library_limits, unreadable};
use crate::{Limits, Unreadable};

/// What the chunks of a PNG say about its animation (PNG specification, third edition, 4.9).
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Survey {
    canvas_px: u64,
    sample_bits: u8,
    is_whole: bool,
    /// Whether the still picture is the animation's first frame as well, or stands apart.
    is_first_frame: bool,
    pub(super) tally: Tally,
}

/// Reads a PNG.
///
/// Of an animated one the still picture comes first, whether or not it belongs to the animation.
pub(super) fn read(bytes: &[u8], limits: &Limits, clock: &Clock) -> Result<Reading, Unreadable> {
    let survey = survey(bytes, limits);
    let plan = Plan::new(survey.tally, survey.canvas_px, limits).map(|plan| {
        let is_deep = survey.sample_bits > 8;
        let why = "the animation has 16 bits a sample";
        if is_deep { Plan::first_only(why) } else { plan }
    });
    match plan {
        Some(plan) if !plan.is_first_only() => animation(bytes, &plan, &survey, limits, clock),
        plan => {
            let first = still::read(bytes, ImageFormat::Png, limits, clock)?;
            Ok(Plan::noted(plan, first))
        }
    }
}

fn animation(
    bytes: &[u8],
    plan: &Plan,
    survey: &Survey,
    limits: &Limits,
    clock: &Clock,
) -> Result<Reading, Unreadable> {
    let mut decoder = PngDecoder::with_limits(clock.reader(bytes), library_limits(limits))
        .map_err(|error| unreadable(&error))?;
    let (width_px, height_px) = decoder.dimensions();
    check_size(width_px, height_px, limits)?;
    decoder
        .set_limits(library_limits(limits))
        .map_err(|error| unreadable(&error))?;
    let orientation = decoder.orientation();
    let frames = decoder.apng().map_err(|error| unreadable(&error))?;
    let mut next = planes(frames.into_frames());
    let first = if survey.is_first_frame {
        Reading {
            width_px,
            height_px,
            luma: next(true).ok_or_else(without_frames)??,
            further_frames: Vec::new(),
            // Damaged EXIF is no reason to lose the picture.
            orientation: orientation.unwrap_or(Orientation::NoTransforms),
            partial: None,
        }
    } else {
        still::read(bytes, ImageFormat::Png, limits, clock)?
    };
    let reading = plan.collect(first, clock, next)?;
    Ok(reading.cut_unless(survey.is_whole))
}

/// Walks the chunks.
pub(super) fn survey(bytes: &[u8], limits: &Limits) -> Survey {
    let mut survey = Survey {
        canvas_px: 0,
        sample_bits: 0,
        is_whole: false,
        is_first_frame: false,
        tally: Tally::new(limits),
    };
    let (mut announced, mut controls, mut has_data) = (0, 0_u32, false);
    let mut rest = bytes.get(8..).unwrap_or_default();
    while let Some((length, [a, b, c, d, ..])) = rest.split_first_chunk() {
        let length = u32::from_be_bytes(*length) as usize;
        let content = &rest[8..];
        match &[*a, *b, *c, *d] {
            b"IHDR" => {
                let side = |at| u64::from(number(content, at));
                survey.canvas_px = side(0) * side(4);
                survey.sample_bits = content.get(8).copied().unwrap_or(0);
            }
            // Behind the data it counts for nothing.
            b"acTL" if !has_data => announced = number(content, 0),
            b"fcTL" => {
                survey.is_first_frame |= !has_data;
                controls = controls.saturating_add(1);
            }
            b"IDAT" => has_data = true,
            b"IEND" => {
                survey.is_whole = true;
                break;
            }
            _ => {}
        }
        // Behind the content stands a checksum.
        rest = content.get(length.saturating_add(4)..).unwrap_or_default();
    }
    let frames = if announced == 0 { 0 } else { controls };
    for _ in 0..frames.min(announced) + u32::from(!survey.is_first_frame) {
        survey.tally.add(survey.canvas_px);
    }
    survey
}

fn number(content: &[u8], at: usize) -> u32 {
    let four = content.get(at..).and_then(<[u8]>::first_chunk);
    four.map_or(0, |four| u32::from_be_bytes(*four))
}

#[cfg(test)]
mod tests;
