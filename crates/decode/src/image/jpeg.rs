//! What the JPEG decoder does not tell: whether the file is whole, and what it will cost.

use crate::{Reason, Unreadable};

/// Scans a progressive picture may have. Encoders write about ten; every one of them costs a pass
/// over the whole picture however few bytes it takes, so more of them are an attack.
const SCANS_MAX: usize = 256;

const START_OF_SCAN: u8 = 0xda;
const END_OF_IMAGE: u8 = 0xd9;

/// Walks the marker segments (ITU-T T.81, annex B). Refuses pictures with absurdly many scans;
/// returns what is missing from one that breaks off, since its decoder fills that in with gray.
pub(super) fn check(bytes: &[u8]) -> Result<Option<String>, Unreadable> {
    let mut rest = bytes;
    let mut scans = 0;
    let mut is_whole = false;
    while let Some((marker, behind)) = next_marker(rest) {
        if marker == END_OF_IMAGE {
            is_whole = true;
            break;
        }
        scans += usize::from(marker == START_OF_SCAN);
        if scans > SCANS_MAX {
            let detail = format!("more than {SCANS_MAX} scans in one JPEG");
            return Err(Unreadable::new(Reason::Limit, detail));
        }
        // The length counts itself but not the marker.
        let length = behind
            .first_chunk()
            .map_or(2, |length| u16::from_be_bytes(*length));
        rest = behind.get(usize::from(length)..).unwrap_or_default();
    }
    if scans == 0 {
        return Err(Unreadable::new(
            Reason::Corrupt,
            "truncated: no picture behind the header",
        ));
    }
    Ok((!is_whole).then(|| "truncated: the end of the picture is missing".to_owned()))
}

/// The next marker that starts a segment or ends the picture, and what follows it. Compressed
/// data, stuffed bytes, restart markers and junk between segments are stepped over.
fn next_marker(bytes: &[u8]) -> Option<(u8, &[u8])> {
    let is_marker =
        |pair: &[u8]| pair[0] == 0xff && !matches!(pair[1], 0x00 | 0x01 | 0xd0..=0xd8 | 0xff);
    let start = bytes.windows(2).position(is_marker)?;
    Some((bytes[start + 1], &bytes[start + 2..]))
}
