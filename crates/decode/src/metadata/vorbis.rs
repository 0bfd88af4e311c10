//! Vorbis comments: in FLAC (RFC 9639, section 8.6) and in the second packet of an Ogg stream
//! (Vorbis I, section 5; RFC 7845, section 5.2).

use super::bytes::{find, le_u32, slice, text};
use super::{Carrier, Collector, PACKETS_MAX, id3};

const COMMENT_BLOCK: u8 = 4;
/// Bytes of an Ogg stream's comment packet that are put together. Covers stand in it as well.
const OGG_PACKET_MAX: usize = 16 << 20;
/// Names of comments that are declarations or identifiers.
const IDENTIFIERS: [&str; 4] = ["isrc", "iswc", "isbn", "iscc"];

pub(super) fn read_flac(bytes: &[u8], collector: &mut Collector) {
    let bytes = id3::behind_tags(bytes, collector);
    let mut at = 4_usize;
    for _ in 0..PACKETS_MAX {
        let Some(&[kind, a, b, c]) = bytes.get(at..).and_then(<[u8]>::first_chunk) else {
            return;
        };
        let length = u32::from_be_bytes([0, a, b, c]) as usize;
        if kind & 0x7f == COMMENT_BLOCK {
            comments(slice(bytes, at + 4, length), "FLAC comment", collector);
        }
        at += 4 + length;
        if kind & 0x80 != 0 {
            return;
        }
    }
}

/// Puts the first packets of each stream together, page by page (RFC 3533, section 6).
pub(super) fn read_ogg(bytes: &[u8], collector: &mut Collector) {
    let mut packet = Vec::new();
    let mut serial = None;
    let mut at = 0;
    let mut packets = 0;
    for _ in 0..PACKETS_MAX {
        let Some(header) = bytes.get(at..at + 27).filter(|it| it.starts_with(b"OggS")) else {
            return;
        };
        let page_serial = le_u32(header, 14);
        let segments = slice(bytes, at + 27, usize::from(header[26]));
        let mut start = at + 27 + segments.len();
        // Streams may be interleaved; the first one is the sound, or the picture beside it.
        let is_ours = *serial.get_or_insert(page_serial) == page_serial;
        for &length in segments {
            if is_ours {
                packet.extend_from_slice(slice(bytes, start, usize::from(length)));
                if length < 255 {
                    packets += 1;
                    if packets == 2 {
                        ogg_comments(&packet, collector);
                        return;
                    }
                    packet.clear();
                }
            }
            start += usize::from(length);
        }
        if packet.len() > OGG_PACKET_MAX {
            return;
        }
        at = start;
    }
}

/// The comment packets of Vorbis, Opus, FLAC, Speex and Theora differ in what stands before.
fn ogg_comments(packet: &[u8], collector: &mut Collector) {
    let place = "Ogg comment";
    if let Some(rest) = packet.strip_prefix(b"\x03vorbis") {
        comments(rest, place, collector);
    } else if let Some(rest) = packet.strip_prefix(b"OpusTags") {
        comments(rest, place, collector);
    } else if let Some(rest) = packet.strip_prefix(b"\x81theora") {
        comments(rest, place, collector);
    } else if packet
        .first()
        .is_some_and(|kind| kind & 0x7f == COMMENT_BLOCK)
    {
        comments(slice(packet, 4, packet.len()), place, collector);
    } else {
        comments(packet, place, collector);
    }
}

/// The writer's name, a count, and `NAME=value` as often, each behind its length.
fn comments(bytes: &[u8], place: &str, collector: &mut Collector) {
    collector.next_packet();
    let Some(vendor) = le_u32(bytes, 0) else {
        return;
    };
    let mut at = vendor.saturating_add(8);
    for _ in 0..PACKETS_MAX {
        let Some(length) = le_u32(bytes, at) else {
            return;
        };
        let comment = slice(bytes, at + 4, length);
        at = at.saturating_add(4).saturating_add(length);
        let Some(equals) = find(slice(comment, 0, 64), b"=") else {
            continue;
        };
        let name = text(&comment[..equals]);
        let value = &comment[equals + 1..];
        let folded = name.to_ascii_lowercase();
        if folded == "xmp" {
            collector.xmp(value, place);
        } else if collector.wants_everything() || IDENTIFIERS.contains(&folded.as_str()) {
            let value = text(slice(value, 0, super::VALUE_BYTES_MAX));
            let place = format!("{place} {name}");
            collector.sign(Carrier::Vorbis, name, &value, &place);
        }
    }
}
