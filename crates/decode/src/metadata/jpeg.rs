//! JPEG: marker segments before the picture (ITU-T T.81, annex B).

use std::collections::BTreeMap;

use super::bytes::{be_u16, be_u32, slice};
use super::{Collector, PACKET_BYTES_MAX, PACKETS_MAX, exif, iptc};

const XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
/// The rest of a packet that does not fit one segment (Adobe XMP Specification, part 3, 1.1.3.1).
const XMP_REST: &[u8] = b"http://ns.adobe.com/xmp/extension/\0";
const EXIF: &[u8] = b"Exif\0\0";
const PHOTOSHOP: &[u8] = b"Photoshop 3.0\0";
const START_OF_SCAN: u8 = 0xda;
const END_OF_IMAGE: u8 = 0xd9;

pub(super) fn read(bytes: &[u8], collector: &mut Collector) {
    let mut parts = Parts::default();
    let mut at = 2;
    for _ in 0..PACKETS_MAX {
        // Any number of 0xff may stand before a marker.
        while bytes.get(at) == Some(&0xff) && bytes.get(at + 1) == Some(&0xff) {
            at += 1;
        }
        let (Some(0xff), Some(&marker)) = (bytes.get(at), bytes.get(at + 1)) else {
            break;
        };
        if matches!(marker, START_OF_SCAN | END_OF_IMAGE) {
            break;
        }
        if matches!(marker, 0x01 | 0xd0..=0xd8) {
            at += 2;
            continue;
        }
        let Some(length) = be_u16(bytes, at + 2).filter(|&length| length >= 2) else {
            break;
        };
        segment(
            marker,
            slice(bytes, at + 4, length - 2),
            &mut parts,
            collector,
        );
        at += 2 + length;
    }
    parts.finish(collector);
}

/// Packets that are spread over several segments.
#[derive(Default)]
struct Parts<'b> {
    /// Parts of extended XMP by their place in it, for each digest that names a packet.
    xmp: BTreeMap<&'b [u8], BTreeMap<usize, &'b [u8]>>,
    xmp_bytes: usize,
    /// Parts of a JUMBF box by number, for each box (ISO/IEC 19566-5, annex D).
    boxes: BTreeMap<usize, BTreeMap<usize, &'b [u8]>>,
}

fn segment<'b>(marker: u8, body: &'b [u8], parts: &mut Parts<'b>, collector: &mut Collector) {
    match marker {
        0xe1 => {
            if let Some(packet) = body.strip_prefix(XMP) {
                collector.xmp(packet, "JPEG APP1");
            } else if let Some(rest) = body.strip_prefix(XMP_REST) {
                if let (Some(digest), Some(at)) = (rest.get(..32), be_u32(rest, 36)) {
                    let part = rest.get(40..).unwrap_or_default();
                    parts.xmp.entry(digest).or_default().insert(at, part);
                    parts.xmp_bytes += part.len();
                }
            } else if let Some(tiff) = body.strip_prefix(EXIF) {
                exif::read(tiff, "EXIF (JPEG APP1)", collector);
            }
        }
        0xeb if body.starts_with(b"JP") => {
            if let (Some(number), Some(sequence)) = (be_u16(body, 2), be_u32(body, 4)) {
                let part = body.get(8..).unwrap_or_default();
                parts
                    .boxes
                    .entry(number)
                    .or_default()
                    .insert(sequence, part);
            }
        }
        0xed => {
            if let Some(resources) = body.strip_prefix(PHOTOSHOP) {
                iptc::read_resources(resources, "IPTC-IIM (JPEG APP13)", collector);
            }
        }
        _ => {}
    }
}

impl Parts<'_> {
    fn finish(self, collector: &mut Collector) {
        const PLACE: &str = "JPEG APP1, extended";
        for parts in self.xmp.values() {
            let mut packet = Vec::new();
            for (&at, part) in parts {
                if at != packet.len() {
                    let place = format!("XMP ({PLACE})");
                    collector.damage(super::UNIDENTIFIED, &place, "a part is missing");
                    break;
                }
                if packet.len() + part.len() > PACKET_BYTES_MAX {
                    collector.too_large(&packet, &format!("XMP ({PLACE})"));
                    packet.clear();
                    break;
                }
                packet.extend_from_slice(part);
            }
            if !packet.is_empty() {
                collector.xmp(&packet, PLACE);
            }
        }
        for parts in self.boxes.values() {
            let mut store: Vec<u8> = Vec::new();
            for part in parts.values() {
                // Every part repeats the length and the type of the box.
                let header = match (store.is_empty(), be_u32(part, 0)) {
                    (true, _) => 0,
                    (false, Some(1)) => 16,
                    (false, _) => 8,
                };
                store.extend_from_slice(part.get(header..).unwrap_or_default());
            }
            collector.jumbf(&store, "JPEG APP11");
        }
    }
}
