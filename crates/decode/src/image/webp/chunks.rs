//! The chunks of a WebP file (RFC 9649), read before anything is decoded.

use image::metadata::Orientation;

use crate::image::CUT;
use crate::image::animation::Tally;
use crate::image::still::check_size;
use crate::{Limits, Unreadable};

// Flags of an extended file (RFC 9649, figure 7).
const HAS_ALPHA: u8 = 0x10;
const IS_ANIMATED: u8 = 0x02;

/// What the container says about its picture.
#[derive(Debug)]
pub(super) struct Survey<'a> {
    /// Width and height in pixels; zeros where the file does not get that far, or where only the
    /// lossless bitstream tells.
    pub(super) canvas: (u32, u32),
    pub(super) orientation: Orientation,
    pub(super) tally: Tally,
    /// The VP8 data of a picture that neither moves nor lets anything through.
    pub(super) opaque_lossy: Option<&'a [u8]>,
    pub(super) partial: Option<String>,
}

impl<'a> Survey<'a> {
    /// Walks the chunks. The decoder takes memory for a VP8 frame before it compares that with the
    /// canvas, and for metadata before it knows whether the file goes on, so both are looked at
    /// here.
    pub(super) fn read(bytes: &'a [u8], limits: &Limits) -> Result<Self, Unreadable> {
        let mut survey = Self {
            canvas: (0, 0),
            orientation: Orientation::NoTransforms,
            tally: Tally::new(limits),
            opaque_lossy: None,
            partial: None,
        };
        let mut flags = None;
        let mut is_lossless = false;
        for chunk in Chunks(bytes.get(12..).unwrap_or_default()) {
            match &chunk.name {
                b"VP8X" => {
                    flags = flags.or(chunk.content.first().copied());
                    survey.canvas = (size_at(chunk.content, 4), size_at(chunk.content, 7));
                }
                b"VP8 " if survey.opaque_lossy.is_none() => {
                    let size = check_frame(&chunk, limits)?;
                    if flags.is_none() {
                        survey.canvas = size;
                    }
                    survey.opaque_lossy = Some(chunk.content);
                }
                b"VP8L" => is_lossless = true,
                b"EXIF" if chunk.is_whole => {
                    let exif = chunk.content.strip_prefix(b"Exif\0\0");
                    let exif = Orientation::from_exif_chunk(exif.unwrap_or(chunk.content));
                    survey.orientation = exif.unwrap_or(survey.orientation);
                }
                b"ANMF" => {
                    let (wide, high) = survey.canvas;
                    survey.tally.add(u64::from(wide) * u64::from(high));
                    for part in Chunks(chunk.content.get(16..).unwrap_or_default()) {
                        check_frame(&part, limits)?;
                    }
                }
                _ => {}
            }
            if !chunk.is_whole {
                survey.partial = Some(CUT.to_owned());
            }
            if flags.is_none() {
                // A simple file is one chunk; what follows is not part of it.
                break;
            }
        }
        if is_lossless || flags.unwrap_or(0) & (HAS_ALPHA | IS_ANIMATED) != 0 {
            survey.opaque_lossy = None;
        }
        if flags.unwrap_or(0) & IS_ANIMATED == 0 {
            survey.tally = Tally::new(limits);
        } else if size_of_file(bytes) > bytes.len() {
            // A file may break off between two frames.
            survey.partial = Some(CUT.to_owned());
        }
        Ok(survey)
    }
}

/// The size that a VP8 key frame states (RFC 6386, 9.1), which must be within limits. Other
/// chunks have none.
fn check_frame(chunk: &Chunk<'_>, limits: &Limits) -> Result<(u32, u32), Unreadable> {
    let Some(&[a, b, c, d]) = chunk.content.get(6..10).and_then(<[u8]>::first_chunk) else {
        return Ok((0, 0));
    };
    if &chunk.name != b"VP8 " {
        return Ok((0, 0));
    }
    // Two bits of each are for scaling.
    let side = |low, high| u32::from(u16::from_le_bytes([low, high]) & 0x3fff);
    let size = (side(a, b), side(c, d));
    check_size(size.0, size.1, limits)?;
    Ok(size)
}

/// Bytes that the whole file has, by its own account.
fn size_of_file(bytes: &[u8]) -> usize {
    let size = bytes.get(4..).and_then(<[u8]>::first_chunk);
    size.map_or(0, |size| u32::from_le_bytes(*size) as usize + 8)
}

/// Three bytes that hold a side, less one.
fn size_at(content: &[u8], at: usize) -> u32 {
    match content.get(at..at + 3) {
        Some(&[low, middle, high]) => u32::from_le_bytes([low, middle, high, 0]) + 1,
        _ => 0,
    }
}

struct Chunk<'a> {
    name: [u8; 4],
    content: &'a [u8],
    /// Whether the file has as many bytes as the chunk says.
    is_whole: bool,
}

struct Chunks<'a>(&'a [u8]);

impl<'a> Iterator for Chunks<'a> {
    type Item = Chunk<'a>;

    fn next(&mut self) -> Option<Chunk<'a>> {
        let (name, rest) = self.0.split_first_chunk::<4>()?;
        let (size, rest) = rest.split_first_chunk::<4>()?;
        let size = u32::from_le_bytes(*size) as usize;
        // Chunks of odd size are followed by one more byte.
        self.0 = rest.get(size + size % 2..).unwrap_or_default();
        Some(Chunk {
            name: *name,
            content: &rest[..size.min(rest.len())],
            is_whole: size <= rest.len(),
        })
    }
}
