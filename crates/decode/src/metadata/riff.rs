//! RIFF chunks: WebP (RFC 9649) and WAVE with its INFO list, broadcast extension (EBU Tech 3285),
//! `axml` (EBU Tech 3352) and iXML; IFF chunks of AIFF.

use super::bytes::{be_u32, le_u32, slice, split_zero, text};
use super::{Carrier, Collector, PACKETS_MAX, exif, id3, opf};

/// Bytes of one field of the broadcast extension: description, originator, its reference.
const BEXT_FIELDS: [(&str, usize, usize); 3] = [
    ("Description", 0, 256),
    ("Originator", 256, 32),
    ("OriginatorReference", 288, 32),
];

pub(super) fn read(bytes: &[u8], collector: &mut Collector) {
    each_chunk(bytes.get(12..).unwrap_or_default(), le_u32, |name, body| {
        chunk(name, body, collector);
    });
}

pub(super) fn read_aiff(bytes: &[u8], collector: &mut Collector) {
    each_chunk(
        bytes.get(12..).unwrap_or_default(),
        be_u32,
        |name, body| match name {
            b"ID3 " => id3::read_tag(body, collector),
            b"(c) " | b"AUTH" => {
                let as_riff = if name == b"AUTH" { "IART" } else { "ICOP" };
                let place = "AIFF ";
                let place = format!("{place}{}", text(name).trim());
                info_field(as_riff, body, &place, collector);
            }
            _ => {}
        },
    );
}

/// Calls `see` for each chunk: name, length, data, and a byte that makes the length even.
fn each_chunk(
    bytes: &[u8],
    length: impl Fn(&[u8], usize) -> Option<usize>,
    mut see: impl FnMut(&[u8], &[u8]),
) {
    let mut at = 0_usize;
    for _ in 0..PACKETS_MAX {
        let (Some(name), Some(length)) = (bytes.get(at..at + 4), length(bytes, at + 4)) else {
            return;
        };
        see(name, slice(bytes, at + 8, length));
        at = at
            .saturating_add(8)
            .saturating_add(length)
            .saturating_add(length % 2);
    }
}

fn chunk(name: &[u8], body: &[u8], collector: &mut Collector) {
    match name {
        b"XMP " => collector.xmp(body, "WebP XMP"),
        b"C2PA" => collector.jumbf(body, "RIFF C2PA"),
        b"_PMX" => collector.xmp(body, "WAVE _PMX"),
        b"EXIF" => {
            let tiff = body.strip_prefix(b"Exif\0\0").unwrap_or(body);
            exif::read(tiff, "EXIF (WebP)", collector);
        }
        b"LIST" if body.starts_with(b"INFO") => {
            collector.next_packet();
            each_chunk(&body[4..], le_u32, |name, value| {
                let name = text(name);
                info_field(&name, value, &format!("RIFF {name}"), collector);
            });
        }
        b"id3 " | b"ID3 " => id3::read_tag(body, collector),
        b"bext" if collector.wants_everything() => {
            collector.next_packet();
            for (field, start, length) in BEXT_FIELDS {
                let value = slice(body, start, length);
                let value = text(split_zero(value).map_or(value, |(value, _)| value));
                let place = format!("bext {field}");
                collector.sign(Carrier::Bext, field, &value, &place);
            }
        }
        b"axml" => opf::read_elements(body, Carrier::Axml, "axml", collector),
        b"iXML" => opf::read_elements(body, Carrier::Ixml, "iXML", collector),
        _ => {}
    }
}

fn info_field(name: &str, value: &[u8], place: &str, collector: &mut Collector) {
    if !collector.wants_everything() && name != "ISRC" {
        return;
    }
    let value = text(split_zero(value).map_or(value, |(value, _)| value));
    collector.sign(Carrier::Riff, name, &value, place);
}
