//! GIF: how many frames there are and how large, and those that are kept.

use image::codecs::gif::GifDecoder;
use image::metadata::Orientation;
use image::{AnimationDecoder, ImageDecoder, ImageFormat};

use super::Reading;
use super::animation::{Plan, Tally, planes, without_frames};
use super::clock::Clock;
use super::still::{self, check_size, library_limits, unreadable};
use crate::{Limits, Unreadable};

// Blocks: GIF89a specification, appendix A.
const EXTENSION: u8 = 0x21;
const FRAME: u8 = 0x2c;
const TRAILER: u8 = 0x3b;

/// Reads a GIF.
pub(super) fn read(bytes: &[u8], limits: &Limits, clock: &Clock) -> Result<Reading, Unreadable> {
    let (tally, is_whole) = survey(bytes, limits)?;
    let (width_px, height_px) = canvas(bytes);
    let canvas_px = u64::from(width_px) * u64::from(height_px);
    let reading = match Plan::new(tally, canvas_px, limits) {
        Some(plan) if !plan.is_first_only() => animation(bytes, &plan, limits, clock),
        plan => still::read(bytes, ImageFormat::Gif, limits, clock)
            .map(|first| Plan::noted(plan, first)),
    };
    Ok(reading?.cut_unless(is_whole))
}

fn animation(
    bytes: &[u8],
    plan: &Plan,
    limits: &Limits,
    clock: &Clock,
) -> Result<Reading, Unreadable> {
    let mut decoder = GifDecoder::new(clock.reader(bytes)).map_err(|error| unreadable(&error))?;
    let (width_px, height_px) = decoder.dimensions();
    check_size(width_px, height_px, limits)?;
    decoder
        .set_limits(library_limits(limits))
        .map_err(|error| unreadable(&error))?;
    let mut next = planes(decoder.into_frames());
    let first = Reading {
        width_px,
        height_px,
        luma: next(true).ok_or_else(without_frames)??,
        further_frames: Vec::new(),
        orientation: Orientation::NoTransforms,
        partial: None,
    };
    plan.collect(first, clock, next)
}

/// The logical screen.
fn canvas(bytes: &[u8]) -> (u32, u32) {
    (word(bytes, 6), word(bytes, 8))
}

fn word(bytes: &[u8], at: usize) -> u32 {
    let pair = bytes.get(at..).and_then(<[u8]>::first_chunk);
    pair.map_or(0, |pair| u32::from(u16::from_le_bytes(*pair)))
}

/// Walks the blocks and counts frames. One may be larger than the canvas, and is decoded in full
/// all the same: such a first frame is refused, such a later one ends what may be decoded. Tells
/// whether the file goes on to its trailer, too.
pub(super) fn survey(bytes: &[u8], limits: &Limits) -> Result<(Tally, bool), Unreadable> {
    let (width_px, height_px) = canvas(bytes);
    let canvas_px = u64::from(width_px) * u64::from(height_px);
    let mut tally = Tally::new(limits);
    let mut at = 13 + table_bytes(bytes.get(10).copied());
    while let Some(&block) = bytes.get(at) {
        match block {
            EXTENSION => at += 2,
            FRAME => {
                let (wide, high) = (word(bytes, at + 5), word(bytes, at + 7));
                let frame_px = u64::from(wide) * u64::from(high);
                if tally.count == 0 && frame_px > 0 {
                    check_size(wide, high, limits)?;
                }
                tally.add(if frame_px > limits.image_pixels {
                    u64::MAX
                } else {
                    frame_px.max(canvas_px)
                });
                // The descriptor, its colors, and the first code's size.
                at += 10 + table_bytes(bytes.get(at + 9).copied()) + 1;
            }
            other => return Ok((tally, other == TRAILER)),
        }
        // Data follow in pieces that name their size; an empty one is the last.
        while let Some(&size) = bytes.get(at) {
            at += 1 + usize::from(size);
            if size == 0 {
                break;
            }
        }
    }
    Ok((tally, false))
}

/// Bytes of the color table that packed fields announce.
fn table_bytes(packed: Option<u8>) -> usize {
    match packed {
        Some(fields) if fields & 0x80 != 0 => 3 << ((fields & 7) + 1),
        _ => 0,
    }
}

#[cfg(test)]
mod tests;
