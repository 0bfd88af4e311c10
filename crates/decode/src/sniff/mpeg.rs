//! MPEG audio has no signature, only frames that lead to each other.

use crate::Format;

/// How far into an item the first frame is looked for.
const JUNK_BYTES: usize = 16 << 10;

/// One frame header, reduced to what two frames of a stream have in common.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Frame {
    format: Format,
    /// Version, layer or profile, and sampling frequency: constant within a stream.
    constants: u32,
    len_bytes: usize,
}

/// A stream that starts with its first byte: one frame that leads to another of its kind, or to
/// the exact end of the bytes.
pub(super) fn of(head: &[u8]) -> Option<Format> {
    leads_on(head, 2)
        .then(|| frame(head).map(|it| it.format))
        .flatten()
}

/// A stream behind padding or junk. Sync words appear by chance, so without a name that promises
/// audio more frames in a row are asked for.
pub(super) fn after_junk(head: &[u8], promised: bool) -> Option<Format> {
    let frames = if promised { 3 } else { 6 };
    (1..head.len().min(JUNK_BYTES))
        .map(|start| &head[start..])
        .find(|rest| rest[0] == 0xff && leads_on(rest, frames))
        .and_then(frame)
        .map(|it| it.format)
}

/// Whether `bytes` hold this many matching frames in a row, or fewer that end exactly with them.
fn leads_on(bytes: &[u8], frames: usize) -> bool {
    let Some(first) = frame(bytes) else {
        return false;
    };
    let mut rest = bytes;
    for _ in 0..frames {
        if rest.is_empty() {
            return true;
        }
        match frame(rest) {
            Some(next) if next.constants == first.constants => {
                rest = rest.get(next.len_bytes..).unwrap_or_default();
            }
            _ => return false,
        }
    }
    true
}

fn frame(bytes: &[u8]) -> Option<Frame> {
    let header = u32::from_be_bytes(bytes.get(..4)?.try_into().ok()?);
    if header >> 20 == 0xfff && header & 0x0006_0000 == 0 {
        return adts_frame(header, bytes);
    }
    // Eleven bits of sync: MPEG-2.5 borrowed the twelfth.
    if header >> 21 == 0x7ff {
        mpeg_frame(header)
    } else {
        None
    }
}

/// An MPEG audio frame header, ISO/IEC 11172-3 section 2.4.1.3 and 13818-3 section 2.4.2.3.
fn mpeg_frame(header: u32) -> Option<Frame> {
    /// kbit/s by bit rate index, for MPEG-1 layers I, II, III, then MPEG-2 layer I, layers II/III.
    const KBIT_RATES: [[u32; 14]; 5] = [
        [
            32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448,
        ],
        [
            32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384,
        ],
        [
            32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320,
        ],
        [
            32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256,
        ],
        [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
    ];
    let version = header >> 19 & 3;
    let layer = 4 - (header >> 17 & 3);
    let rate_index = (header >> 12 & 15) as usize;
    let frequency_index = (header >> 10 & 3) as usize;
    // Reserved values; rate 0 ("free format") is used by nobody and matches too much.
    if version == 1 || layer == 4 || frequency_index == 3 || header & 3 == 2 {
        return None;
    }
    let first_generation = version == 3;
    let row = match (first_generation, layer) {
        (true, _) => layer as usize - 1,
        (false, 1) => 3,
        (false, _) => 4,
    };
    let kbit_rate = *KBIT_RATES[row].get(rate_index.checked_sub(1)?)?;
    let halvings = match version {
        3 => 0,
        2 => 1,
        _ => 2,
    };
    let frequency_hz = [44_100, 48_000, 32_000][frequency_index] >> halvings;
    let padding = header >> 9 & 1;
    let len_bytes = match layer {
        1 => (12_000 * kbit_rate / frequency_hz + padding) * 4,
        3 if !first_generation => 72_000 * kbit_rate / frequency_hz + padding,
        _ => 144_000 * kbit_rate / frequency_hz + padding,
    };
    let constants = header & 0xfffe_0c00;
    Some(Frame {
        format: Format::Mp3,
        constants,
        len_bytes: len_bytes as usize,
    })
}

/// An ADTS frame header, ISO/IEC 13818-7 section 6.2.
fn adts_frame(header: u32, bytes: &[u8]) -> Option<Frame> {
    let frequency_index = header >> 10 & 15;
    let tail = bytes.get(4..6)?;
    let len_bytes =
        (header as usize & 3) << 11 | usize::from(tail[0]) << 3 | usize::from(tail[1]) >> 5;
    // 7 bytes of header at least; frequencies 13 to 15 are reserved or escape values.
    if frequency_index > 12 || len_bytes <= 7 {
        return None;
    }
    Some(Frame {
        format: Format::Aac,
        constants: header & 0xfffe_fdc0,
        len_bytes,
    })
}
