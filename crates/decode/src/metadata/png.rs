//! PNG chunks (W3C PNG, third edition, sections 5 and 11.3).

use std::io::Read;

use flate2::bufread::ZlibDecoder;

use super::bytes::{be_u32, split_zero};
use super::{Collector, PACKET_BYTES_MAX, exif};

const XMP_KEYWORD: &[u8] = b"XML:com.adobe.xmp";
/// Chunks of one file; encoders write some kilobytes into each.
const CHUNKS_MAX: usize = 1 << 20;

pub(super) fn read(bytes: &[u8], collector: &mut Collector) {
    let mut at = 8_usize;
    for _ in 0..CHUNKS_MAX {
        let (Some(length), Some(name)) = (be_u32(bytes, at), bytes.get(at + 4..at + 8)) else {
            return;
        };
        let start = at + 8;
        at = start.saturating_add(length).saturating_add(4);
        let Some(body) = bytes.get(start..start.saturating_add(length)) else {
            return;
        };
        match name {
            b"iTXt" => international_text(body, collector),
            b"eXIf" => exif::read(body, "EXIF (PNG eXIf)", collector),
            b"caBX" => collector.jumbf(body, "PNG caBX"),
            b"IEND" => return,
            _ => {}
        }
    }
}

/// Keyword, flags, language, translated keyword, text (section 11.3.3.4).
fn international_text(body: &[u8], collector: &mut Collector) {
    let Some((keyword, rest)) = split_zero(body) else {
        return;
    };
    let (Some(&[is_compressed, _]), Some((_, rest))) =
        (rest.first_chunk(), rest.get(2..).and_then(split_zero))
    else {
        return;
    };
    let Some((_, text)) = split_zero(rest) else {
        return;
    };
    if keyword != XMP_KEYWORD {
        return;
    }
    if is_compressed == 0 {
        collector.xmp(text, "PNG iTXt");
        return;
    }
    let mut packet = Vec::new();
    let most = PACKET_BYTES_MAX as u64;
    let outcome = ZlibDecoder::new(text)
        .take(most + 1)
        .read_to_end(&mut packet);
    let place = "XMP (PNG iTXt)";
    if packet.len() as u64 > most {
        let detail = format!("it unpacks to more than {most} bytes");
        collector.damage(super::UNIDENTIFIED, place, detail);
    } else if outcome.is_err() {
        collector.damage(super::UNIDENTIFIED, place, "it cannot be unpacked");
    }
    packet.truncate(PACKET_BYTES_MAX);
    collector.xmp(&packet, "PNG iTXt");
}
