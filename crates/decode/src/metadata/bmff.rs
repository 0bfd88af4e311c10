//! Boxes of the ISO base media family (ISO/IEC 14496-12): XMP and the item list of MP4, `QuickTime`,
//! AVIF, HEIF and JPEG XL.

use super::bytes::{be_u32, be_u64, find, slice, split_zero, text};
use super::{Carrier, Collector, PACKETS_MAX};

/// The box of XMP (Adobe XMP Specification, part 3, 1.2.6).
const XMP_UUID: [u8; 16] = [
    0xbe, 0x7a, 0xcf, 0xcb, 0x97, 0xa9, 0x42, 0xe8, 0x9c, 0x71, 0x99, 0x94, 0x91, 0xe3, 0xaf, 0xac,
];
/// The box of C2PA (C2PA Technical Specification 2.1, section A.5.1).
const C2PA_UUID: [u8; 16] = [
    0xd8, 0xfe, 0xc3, 0xd6, 0x1b, 0x0e, 0x48, 0x3c, 0x92, 0x97, 0x58, 0x28, 0x87, 0x7e, 0xc4, 0x81,
];
/// Boxes within boxes; the item list is four deep.
const DEPTH_MAX: usize = 8;

pub(super) fn read(bytes: &[u8], collector: &mut Collector) {
    let mut boxes = PACKETS_MAX;
    let mut has_items = false;
    walk(bytes, 0, &mut boxes, &mut |name, body| {
        match name {
            b"uuid" => {
                if let Some(packet) = body.strip_prefix(&XMP_UUID) {
                    collector.xmp(packet, "MP4 uuid box");
                } else if let Some(rest) = body.strip_prefix(&C2PA_UUID) {
                    // Version and flags, a purpose, and for manifests a place of eight bytes.
                    if let Some((b"manifest", rest)) = rest.get(4..).and_then(split_zero) {
                        collector.jumbf(slice(rest, 8, rest.len()), "MP4 uuid box");
                    }
                }
            }
            // QuickTime's own place for it, and JPEG XL's.
            b"XMP_" => collector.xmp(body, "QuickTime XMP_"),
            b"xml " if super::xmp::is_packet(body) => collector.xmp(body, "JPEG XL xml box"),
            b"jumb" => {
                // The box as a whole is the store.
                let store = whole_box(name, body);
                collector.jumbf(&store, "JPEG XL jumb box");
            }
            b"ilst" => item_list(body, collector),
            b"cprt" => copyright_box(body, collector),
            b"iinf" => has_items = true,
            _ => {}
        }
    });
    if has_items {
        xmp_item(bytes, collector);
    }
}

/// A box with its header again.
fn whole_box(name: &[u8], body: &[u8]) -> Vec<u8> {
    let length = (body.len() + 8) as u32;
    let mut whole = length.to_be_bytes().to_vec();
    whole.extend_from_slice(name);
    whole.extend_from_slice(body);
    whole
}

/// Calls `see` for each box, and goes into those that hold others.
fn walk(bytes: &[u8], depth: usize, boxes: &mut usize, see: &mut dyn FnMut(&[u8], &[u8])) {
    let mut at = 0_usize;
    while let (Some(length), Some(name)) = (be_u32(bytes, at), bytes.get(at + 4..at + 8)) {
        let Some(left) = boxes.checked_sub(1) else {
            return;
        };
        *boxes = left;
        let (header, length) = match length {
            0 => (8, bytes.len() - at),
            1 => (16, be_u64(bytes, at + 8).unwrap_or(0)),
            length => (8, length),
        };
        if length < header {
            return;
        }
        let body = slice(bytes, at + header, length - header);
        see(name, body);
        if depth < DEPTH_MAX {
            match name {
                b"moov" | b"udta" | b"trak" => walk(body, depth + 1, boxes, see),
                // A full box has version and flags before its children; QuickTime's has none.
                b"meta" => {
                    let is_plain = slice(body, 4, 4) == b"hdlr";
                    let start = if is_plain { 0 } else { 4 };
                    walk(slice(body, start, body.len()), depth + 1, boxes, see);
                }
                _ => {}
            }
        }
        at = at.saturating_add(length).min(bytes.len());
    }
}

/// The item list of iTunes: a box for each name, with `data` boxes inside; free names stand in
/// `----` boxes with `mean` and `name`.
fn item_list(bytes: &[u8], collector: &mut Collector) {
    collector.next_packet();
    let mut boxes = PACKETS_MAX;
    walk(bytes, DEPTH_MAX, &mut boxes, &mut |name, body| {
        let (mut mean, mut own, mut value) = (String::new(), String::new(), None);
        let mut inner = 64;
        walk(
            body,
            DEPTH_MAX,
            &mut inner,
            &mut |part, content| match part {
                b"mean" => mean = text(slice(content, 4, 256)),
                b"name" => own = text(slice(content, 4, 256)),
                b"data" if value.is_none() => {
                    value = Some(text(slice(content, 8, super::VALUE_BYTES_MAX)));
                }
                _ => {}
            },
        );
        let name = if name == b"----" {
            format!("----:{mean}:{own}")
        } else {
            name.iter().map(|&byte| char::from(byte)).collect()
        };
        let is_identifier = name.starts_with("----:");
        if let Some(value) = value
            && (is_identifier || collector.wants_everything())
        {
            let place = format!("MP4 {name}");
            collector.sign(Carrier::Mp4, name, &value, &place);
        }
    });
}

/// The copyright box: version and flags, a language, a notice (ISO/IEC 14496-12, section 8.10.2).
fn copyright_box(body: &[u8], collector: &mut Collector) {
    if !collector.wants_everything() {
        return;
    }
    let notice = slice(body, 6, super::VALUE_BYTES_MAX);
    let notice = notice.split(|&byte| byte == 0).next().unwrap_or_default();
    collector.next_packet();
    collector.sign(Carrier::Mp4, "cprt", &text(notice), "MP4 cprt");
}

/// The packet that AVIF and HEIF keep as an item, which stands in the file as it is.
fn xmp_item(bytes: &[u8], collector: &mut Collector) {
    let start = find(bytes, b"<?xpacket begin").or_else(|| find(bytes, b"<x:xmpmeta"));
    let Some(start) = start else { return };
    let rest = &bytes[start..];
    let end = find(rest, b"</x:xmpmeta>").map_or(rest.len(), |end| end + 12);
    collector.xmp(&rest[..end], "item of a HEIF file");
}
