//! Which frames of an animation are kept, and their collection.

use super::clock::Clock;
use super::{Frame, Reading, pixels, still};
use crate::{Limits, Unreadable, guard};

/// Pixels decoded for the frames of one animation, in multiples of `image_pixels`: a minute of
/// full high definition at the default, and a few seconds of decoding.
const FRAMES_OF_LARGEST: u64 = 4;
/// An animation's canvas may have this part of `image_pixels`: decoders hold a handful of
/// canvases at once, up to 28 bytes a pixel, where a single picture takes 8.
const CANVASES_IN_LARGEST: u64 = 4;

/// Counts the frames of a file from its structure, before any is decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tally {
    /// Frames that are there.
    pub(super) count: u32,
    /// How many of them, from the first on, may be decoded.
    pub(super) readable: u32,
    pixels: u64,
    pixels_max: u64,
}

impl Tally {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            count: 0,
            readable: 0,
            pixels: 0,
            pixels_max: limits.image_pixels.saturating_mul(FRAMES_OF_LARGEST),
        }
    }

    /// One more frame, which costs that many pixels to decode.
    pub(super) fn add(&mut self, pixels: u64) {
        self.count = self.count.saturating_add(1);
        self.pixels = self.pixels.saturating_add(pixels);
        // The first is decoded in any case, by limits of its own.
        if self.pixels <= self.pixels_max || self.count == 1 {
            self.readable = self.count;
        }
    }
}

/// What to keep of an animation.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Plan {
    /// Frames to keep behind the first, rising; the last of them is the last one decoded.
    further: Vec<u32>,
    /// What is left out on account of limits.
    partial: Option<String>,
}

impl Plan {
    /// Frames spread evenly from the first to the last that may be decoded; `None` where the
    /// first is all there is, or all that is wanted.
    pub(super) fn new(tally: Tally, canvas_px: u64, limits: &Limits) -> Option<Self> {
        if limits.image_frames <= 1 || tally.count <= 1 {
            return None;
        }
        let canvas_px = canvas_px.max(1);
        if canvas_px > limits.image_pixels / CANVASES_IN_LARGEST {
            return Some(Self::first_only(&format!(
                "an animation of {canvas_px} pixels, limit {}",
                limits.image_pixels / CANVASES_IN_LARGEST
            )));
        }
        let fitting = limits.image_pixels / canvas_px + 1;
        let last = u64::from(tally.readable.max(1) - 1);
        let steps = u64::from(limits.image_frames - 1).min(fitting).min(last);
        let further = (1..=steps).map(|step| (step * last / steps) as u32);
        let partial = (tally.readable < tally.count).then(|| {
            format!(
                "limit: frames behind the first {} of {} are left out",
                tally.readable, tally.count
            )
        });
        Some(Self {
            further: further.collect(),
            partial,
        })
    }

    /// Leaves everything behind the first frame out.
    pub(super) fn first_only(why: &str) -> Self {
        Self {
            further: Vec::new(),
            partial: Some(format!("limit: only the first frame is read: {why}")),
        }
    }

    /// Whether the first frame is all that will be decoded.
    pub(super) fn is_first_only(&self) -> bool {
        self.further.is_empty()
    }

    /// A reading with what is left out of its animation, if it has one.
    pub(super) fn noted(plan: Option<Self>, mut reading: Reading) -> Reading {
        let left_out = plan.and_then(|plan| plan.partial);
        reading.partial = reading.partial.or(left_out);
        reading
    }

    /// Adds the planned frames to a reading of the first one. `next` decodes one frame after the
    /// other, from the second on, to a plane, or to nothing where it is told that nobody wants
    /// the pixels. Trouble with a later frame costs that and what is behind it; the end of time
    /// costs everything, so that a slow machine does not count as a shorter animation.
    pub(super) fn collect(
        &self,
        mut reading: Reading,
        clock: &Clock,
        mut next: impl FnMut(bool) -> Option<Result<Vec<u8>, Unreadable>>,
    ) -> Result<Reading, Unreadable> {
        let mut wanted = self.further.iter().copied().peekable();
        for index in 1..=self.further.last().copied().unwrap_or(0) {
            clock.check()?;
            let is_wanted = wanted.next_if_eq(&index).is_some();
            let luma = match guard(|| next(is_wanted).transpose()) {
                Ok(Some(luma)) => luma,
                Ok(None) => {
                    reading.partial = Some(format!("the animation ends before frame {index}"));
                    break;
                }
                Err(trouble) => {
                    clock.check()?;
                    reading.partial = Some(format!("frame {index} of the animation: {trouble}"));
                    break;
                }
            };
            let before = reading.further_frames.last();
            let before = before.map_or(&reading.luma, |frame| &frame.luma);
            if is_wanted && luma != *before {
                reading.further_frames.push(Frame { index, luma });
            }
        }
        reading.partial = reading.partial.or_else(|| self.partial.clone());
        Ok(reading)
    }
}

/// The library's frames as planes of luma, for [`Plan::collect`].
pub(super) fn planes(
    mut frames: image::Frames<'_>,
) -> impl FnMut(bool) -> Option<Result<Vec<u8>, Unreadable>> {
    move |is_wanted| {
        let frame = match frames.next()? {
            Ok(frame) => frame,
            Err(error) => return Some(Err(still::unreadable(&error))),
        };
        let samples = frame.buffer().as_raw();
        let luma = is_wanted.then(|| pixels::luma_of_rgba(samples));
        Some(Ok(luma.unwrap_or_default()))
    }
}

/// What a decoder of frames says when it has not even a first one.
pub(super) fn without_frames() -> Unreadable {
    still::corrupt("an animation without frames")
}

#[cfg(test)]
mod tests;
