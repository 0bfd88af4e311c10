//! How much one item may cost.

use serde::{Deserialize, Serialize};

use crate::{Reason, Unreadable};

/// Bounds on one item. They are checked before memory is taken, and hitting one is reported:
/// as [`Reason::Limit`] when nothing was read, in `partial` when the beginning was.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Largest item opened at all, in bytes.
    pub item_bytes: u64,
    /// Sound read from one item, in seconds; the rest is left out.
    pub audio_duration_s: f64,
    /// Largest picture decoded, width times height.
    pub image_pixels: u64,
    /// Frames kept of one animated picture, the first included; 1 reads no further than that. They
    /// are spread evenly over the animation. Frames decoded for them may have four times
    /// `image_pixels` in sum, and a canvas of a quarter of it; the rest is left out.
    pub image_frames: u32,
    /// Encoded text read from one item, in bytes; the rest is left out. Of an EPUB or a PDF, bytes
    /// of content after unpacking.
    pub text_bytes: u64,
    /// Wall-clock time for the sound, the picture or the document of one item, in milliseconds. A picture is
    /// stopped when its decoder reads on, and between frames. A JPEG is not stopped half-way: its
    /// cost is bounded by scans times pixels, at most 16 scans for a picture of `image_pixels`.
    /// EPUB and PDF are stopped between parts. Other text needs no clock: its cost is bounded by
    /// `text_bytes`.
    pub decode_time_ms: u64,
}

impl Default for Limits {
    /// 512 MiB, 12 hours, 200 megapixels, 8 frames, 256 MiB of text, two minutes.
    fn default() -> Self {
        Self {
            item_bytes: 512 << 20,
            audio_duration_s: 12.0 * 3600.0,
            image_pixels: 200_000_000,
            image_frames: 8,
            text_bytes: 256 << 20,
            decode_time_ms: 120_000,
        }
    }
}

impl Limits {
    /// Refuses items with no bytes or with too many.
    pub(crate) fn check_item_len(&self, len_bytes: u64) -> Result<(), Unreadable> {
        if len_bytes == 0 {
            return Err(Unreadable::new(Reason::Empty, "no bytes"));
        }
        if len_bytes > self.item_bytes {
            let detail = format!("{len_bytes} bytes, limit {}", self.item_bytes);
            return Err(Unreadable::new(Reason::Limit, detail));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
