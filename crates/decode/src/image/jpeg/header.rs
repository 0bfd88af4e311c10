//! What the markers of a JPEG say about it, before anything is decoded.

use crate::image::CUT;
use crate::{Limits, Reason, Unreadable};

/// Scans a picture may have. Encoders write about ten; every one of them costs a pass over the
/// whole picture however few bytes it takes, so more of them are an attack.
pub(super) const SCANS_MAX: usize = 256;
/// Scans that a picture of `image_pixels` may have. A smaller one may have more, up to
/// [`SCANS_MAX`], as long as scans times pixels stay below: the decoder looks at no clock, so this
/// product bounds its time.
const SCANS_OF_LARGEST: u64 = 16;

// Second bytes of markers: ITU-T T.81, table B.1.
const START_OF_SCAN: u8 = 0xda;
const END_OF_IMAGE: u8 = 0xd9;
const EXIF_SEGMENT: u8 = 0xe1;
const ADOBE_SEGMENT: u8 = 0xee;

/// One component of the frame, as table B.2 has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Component {
    pub(super) id: u8,
    pub(super) across: u8,
    pub(super) down: u8,
    pub(super) table: u8,
}

/// A frame, its first scan and how the file ends.
#[derive(Debug)]
pub(super) struct Header<'a> {
    pub(super) width_px: u32,
    pub(super) height_px: u32,
    pub(super) is_progressive: bool,
    pub(super) components: Vec<Component>,
    /// Whether Adobe's segment is there, which turns CMYK around: 255 is then no ink.
    pub(super) is_adobe: bool,
    /// The TIFF structure behind `Exif\0\0`.
    pub(super) exif: Option<&'a [u8]>,
    /// What is missing: the decoder fills it in with gray and says nothing.
    pub(super) partial: Option<String>,
    /// Where the frame header stands, marker included.
    pub(super) frame_at: (usize, usize),
    /// Components of the first scan.
    pub(super) first_scan: Vec<u8>,
    /// Where the first scan's data end.
    pub(super) first_scan_end: usize,
    scans: usize,
}

impl<'a> Header<'a> {
    /// Walks the marker segments (annex B). Refuses kinds of JPEG that nobody here decodes and
    /// pictures with absurdly many scans.
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, Unreadable> {
        let mut header = Self {
            width_px: 0,
            height_px: 0,
            is_progressive: false,
            components: Vec::new(),
            is_adobe: false,
            exif: None,
            partial: None,
            frame_at: (0, 0),
            first_scan: Vec::new(),
            first_scan_end: bytes.len(),
            scans: 0,
        };
        let mut at = 0;
        let mut is_whole = false;
        while let Some((marker, start)) = next_marker(bytes, at) {
            if header.scans == 1 && header.first_scan_end == bytes.len() {
                header.first_scan_end = start;
            }
            if marker == END_OF_IMAGE {
                is_whole = true;
                break;
            }
            let behind = bytes.get(start + 2..).unwrap_or_default();
            // The length counts itself but not the marker.
            let length = behind
                .first_chunk()
                .map_or(2, |length| usize::from(u16::from_be_bytes(*length)));
            let content = behind.get(2..length).unwrap_or_default();
            header.segment(marker, content, (start, start + 2 + length))?;
            at = start + 2 + length;
        }
        if header.scans == 0 {
            let detail = "truncated: no picture behind the header";
            return Err(Unreadable::new(Reason::Corrupt, detail));
        }
        if !is_whole {
            header.partial = Some(CUT.to_owned());
        }
        Ok(header)
    }

    fn segment(
        &mut self,
        marker: u8,
        content: &'a [u8],
        place: (usize, usize),
    ) -> Result<(), Unreadable> {
        match marker {
            START_OF_SCAN => {
                self.scans += 1;
                if self.scans > SCANS_MAX {
                    let detail = format!("more than {SCANS_MAX} scans in one JPEG");
                    return Err(Unreadable::new(Reason::Limit, detail));
                }
                if self.scans == 1 {
                    let count = content.first().map_or(0, |count| usize::from(*count));
                    let named = content.get(1..).unwrap_or_default().chunks(2).take(count);
                    self.first_scan = named.map(|pair| pair[0]).collect();
                }
            }
            // The frame: 0xc0 to 0xcf without DHT (c4), JPG (c8) and DAC (cc).
            0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf if self.components.is_empty() => {
                self.frame(marker, content)?;
                self.frame_at = place;
            }
            EXIF_SEGMENT if self.exif.is_none() => self.exif = content.strip_prefix(b"Exif\0\0"),
            ADOBE_SEGMENT => self.is_adobe |= content.starts_with(b"Adobe"),
            _ => {}
        }
        Ok(())
    }

    /// A frame header: precision, height, width, components (B.2.2).
    fn frame(&mut self, marker: u8, content: &[u8]) -> Result<(), Unreadable> {
        let kind = match marker {
            0xc0..=0xc2 => None,
            0xc3 => Some("lossless"),
            0xc5..=0xc7 => Some("hierarchical"),
            _ => Some("arithmetic-coded"),
        };
        if let Some(kind) = kind {
            let detail = format!("{kind} JPEGs are not supported");
            return Err(Unreadable::new(Reason::Unsupported, detail));
        }
        let &[bits, high, low, wide, narrow, count, ref components @ ..] = content else {
            // A decoder cannot make sense of it either.
            return Err(Unreadable::new(
                Reason::Corrupt,
                "a frame header too short for a frame",
            ));
        };
        if bits != 8 {
            let detail = format!("JPEGs of {bits} bits are not supported");
            return Err(Unreadable::new(Reason::Unsupported, detail));
        }
        if !matches!(count, 1 | 3 | 4) {
            let detail = format!("JPEGs of {count} components are not supported");
            return Err(Unreadable::new(Reason::Unsupported, detail));
        }
        self.is_progressive = marker == 0xc2;
        self.height_px = u32::from(u16::from_be_bytes([high, low]));
        self.width_px = u32::from(u16::from_be_bytes([wide, narrow]));
        let (components, _) = components.as_chunks::<3>();
        self.components = components
            .iter()
            .take(usize::from(count))
            .map(|&[id, sampling, table]| Component {
                id,
                across: sampling >> 4,
                down: sampling & 15,
                table,
            })
            .collect();
        Ok(())
    }

    /// Refuses pictures whose scans together pass over too many pixels.
    pub(super) fn check_scans(&self, limits: &Limits) -> Result<(), Unreadable> {
        let pixels = u64::from(self.width_px) * u64::from(self.height_px);
        let most = limits.image_pixels.saturating_mul(SCANS_OF_LARGEST);
        if pixels.saturating_mul(self.scans as u64) > most {
            let (scans, detail) = (self.scans, "scans are too many for a picture of");
            let detail = format!("{scans} {detail} {pixels} pixels");
            return Err(Unreadable::new(Reason::Limit, detail));
        }
        Ok(())
    }

    /// The sampling that the densest components have, across and down.
    pub(super) fn densest(&self) -> (u8, u8) {
        let of = |sampling: fn(&Component) -> u8| self.components.iter().map(sampling).max();
        let (across, down) = (of(|it| it.across), of(|it| it.down));
        (across.unwrap_or(1), down.unwrap_or(1))
    }

    /// Whether the first component has a sample for every pixel.
    pub(super) fn is_first_dense(&self) -> bool {
        let first = self.components.first();
        first.is_some_and(|it| (it.across, it.down) == self.densest())
    }
}

/// The next marker, from `from` on, that starts a segment or ends the picture, and where it is.
/// Compressed data, stuffed bytes, restart markers and junk between segments are stepped over.
fn next_marker(bytes: &[u8], from: usize) -> Option<(u8, usize)> {
    let is_marker =
        |pair: &[u8]| pair[0] == 0xff && !matches!(pair[1], 0x00 | 0x01 | 0xd0..=0xd8 | 0xff);
    let start = from + bytes.get(from..)?.windows(2).position(is_marker)?;
    Some((bytes[start + 1], start))
}
