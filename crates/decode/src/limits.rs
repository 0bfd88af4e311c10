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
    /// Encoded text read from one item, in bytes; the rest is left out.
    pub text_bytes: u64,
    /// Wall-clock time for the sound of one item, in milliseconds. Pictures and text need no
    /// clock: their cost is bounded by `image_pixels` and `text_bytes`.
    pub decode_time_ms: u64,
}

impl Default for Limits {
    /// 512 MiB, 12 hours, 200 megapixels, 256 MiB of text, two minutes.
    fn default() -> Self {
        Self {
            item_bytes: 512 << 20,
            audio_duration_s: 12.0 * 3600.0,
            image_pixels: 200_000_000,
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
