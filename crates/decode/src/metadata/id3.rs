//! ID3 tags: version 2.2 to 2.4 before the sound, version 1 behind it.

use std::borrow::Cow;

use encoding_rs::{UTF_16BE, UTF_16LE};

use super::bytes::{be_u32, find, seven_bits, slice, split_zero, text};
use super::{Carrier, Collector, PACKETS_MAX};

/// Frames that are read, of version 2.2 by the names of the later ones.
const OLD_NAMES: [(&[u8], &[u8]); 9] = [
    (b"TRC", b"TSRC"),
    (b"TCR", b"TCOP"),
    (b"WCP", b"WCOP"),
    (b"TXX", b"TXXX"),
    (b"TP1", b"TPE1"),
    (b"TT2", b"TIT2"),
    (b"GEO", b"GEOB"),
    (b"PRI", b"PRIV"),
    (b"USE", b"USER"),
];
/// Largest tag of which unsynchronisation is undone, which takes a copy.
const UNSYNCHRONISED_MAX: usize = 16 << 20;

pub(super) fn read(bytes: &[u8], collector: &mut Collector) {
    behind_tags(bytes, collector);
    if collector.wants_everything() {
        version_1(bytes, collector);
    }
}

/// Reads the tags before something else; returns that.
pub(super) fn behind_tags<'b>(mut bytes: &'b [u8], collector: &mut Collector) -> &'b [u8] {
    while bytes.starts_with(b"ID3") {
        let Some(length) = seven_bits(bytes, 6) else {
            break;
        };
        let footer = if bytes[5] & 0x10 != 0 { 10 } else { 0 };
        read_tag(bytes, collector);
        bytes = bytes.get(10 + length + footer..).unwrap_or_default();
    }
    bytes
}

/// Reads one tag, header and all (ID3 v2.4.0, section 3).
pub(super) fn read_tag(bytes: &[u8], collector: &mut Collector) {
    let (Some(&version), Some(&flags)) = (bytes.get(3), bytes.get(5)) else {
        return;
    };
    let Some(length) = seven_bits(bytes, 6).filter(|_| bytes.starts_with(b"ID3")) else {
        return;
    };
    let body = slice(bytes, 10, length);
    let is_unsynchronised = flags & 0x80 != 0;
    // From version 2.4 on each frame is unsynchronised by itself.
    let body = if is_unsynchronised && version < 4 {
        if body.len() > UNSYNCHRONISED_MAX {
            collector.too_large(body, "ID3");
            return;
        }
        Cow::Owned(synchronised(body))
    } else {
        Cow::Borrowed(body)
    };
    collector.next_packet();
    let mut at = 0;
    if flags & 0x40 != 0 && version >= 3 {
        // The size of version 2.4 counts itself.
        at = match version {
            3 => be_u32(&body, 0).map_or(0, |size| size.saturating_add(4)),
            _ => seven_bits(&body, 0).unwrap_or(0),
        };
    }
    for _ in 0..PACKETS_MAX {
        let Some(frame) = Frame::read(&body, at, version) else {
            return;
        };
        frame.take(is_unsynchronised, collector);
        at = frame.end;
    }
}

struct Frame<'b> {
    name: &'b [u8],
    flags: u8,
    body: &'b [u8],
    version: u8,
    end: usize,
}

impl<'b> Frame<'b> {
    fn read(bytes: &'b [u8], at: usize, version: u8) -> Option<Self> {
        let (name_bytes, header) = if version < 3 { (3, 6) } else { (4, 10) };
        let name = bytes.get(at..at.checked_add(name_bytes)?)?;
        if name.iter().any(|it| !it.is_ascii_alphanumeric()) {
            return None;
        }
        let length = match version {
            0..=2 => be_u32(bytes, at + 2)? & 0xff_ffff,
            3 => be_u32(bytes, at + 4)?,
            // Some writers put plain numbers there.
            _ => seven_bits(bytes, at + 4).or_else(|| be_u32(bytes, at + 4))?,
        };
        let old = OLD_NAMES
            .iter()
            .find(|(old, _)| version < 3 && *old == name);
        let flags = if version < 3 { 0 } else { *bytes.get(at + 9)? };
        Some(Self {
            name: old.map_or(name, |&(_, new)| new),
            flags,
            body: slice(bytes, at + header, length),
            version,
            end: at.checked_add(header)?.checked_add(length)?,
        })
    }

    fn take(&self, is_unsynchronised: bool, collector: &mut Collector) {
        let everything = collector.wants_everything();
        let is_read = match self.name {
            b"TSRC" | b"TXXX" | b"PRIV" | b"GEOB" => true,
            b"TCOP" | b"WCOP" | b"USER" | b"TPE1" | b"TIT2" | b"TPRO" => everything,
            _ => false,
        };
        // Compressed and encrypted frames are not opened (ID3 v2.4.0, section 4.1.2).
        let (closed, has_length) = match self.version {
            0..=2 => (0, false),
            3 => (0xc0, false),
            _ => (0x0c, self.flags & 1 != 0),
        };
        if !is_read || self.flags & closed != 0 {
            return;
        }
        let body = if has_length {
            slice(self.body, 4, self.body.len())
        } else {
            self.body
        };
        let is_unsynchronised = is_unsynchronised && self.version >= 4 || self.flags & 2 != 0;
        if is_unsynchronised && self.version >= 4 && body.len() <= UNSYNCHRONISED_MAX {
            self.content(&synchronised(body), collector);
        } else {
            self.content(body, collector);
        }
    }

    fn content(&self, body: &[u8], collector: &mut Collector) {
        let name = text(self.name);
        let place = format!("ID3 {name}");
        match self.name {
            b"PRIV" => {
                if let Some(packet) = body.strip_prefix(b"XMP\0") {
                    collector.xmp(packet, "ID3 PRIV");
                }
            }
            b"GEOB" => object(body, collector),
            b"WCOP" => collector.sign(Carrier::Id3, name, &text(body), &place),
            b"TXXX" => {
                let Some((&encoding, rest)) = body.split_first() else {
                    return;
                };
                let (title, value) = split_text(rest, encoding);
                let title = decoded(title, encoding);
                let value = decoded(value, encoding);
                let name = format!("TXXX:{}", title.trim());
                collector.sign(Carrier::Id3, name, &value, &format!("{place} {title}"));
            }
            // Terms of use: encoding, language, text.
            b"USER" => {
                if let Some((&encoding, rest)) = body.split_first() {
                    let value = decoded(slice(rest, 3, rest.len()), encoding);
                    collector.sign(Carrier::Id3, name, &value, &place);
                }
            }
            _ => {
                if let Some((&encoding, rest)) = body.split_first() {
                    // Several values stand one behind the other, zeros between.
                    for value in decoded(rest, encoding).split('\0') {
                        collector.sign(Carrier::Id3, name.as_str(), value, &place);
                    }
                }
            }
        }
    }
}

/// A file inside the tag: encoding, media type, name, description, contents.
fn object(body: &[u8], collector: &mut Collector) {
    let Some((&encoding, rest)) = body.split_first() else {
        return;
    };
    let Some((media_type, rest)) = split_zero(rest) else {
        return;
    };
    if !matches!(
        media_type,
        b"application/c2pa" | b"application/x-c2pa-manifest-store"
    ) {
        return;
    }
    let (_, rest) = split_text(rest, encoding);
    let (_, store) = split_text(rest, encoding);
    collector.jumbf(store, "ID3 GEOB");
}

/// The bytes of a text up to its end, and those behind it.
fn split_text(bytes: &[u8], encoding: u8) -> (&[u8], &[u8]) {
    if matches!(encoding, 1 | 2) {
        let (pairs, _) = bytes.as_chunks::<2>();
        let end = pairs.iter().position(|pair| pair == &[0, 0]);
        let end = end.map_or(bytes.len(), |end| end * 2);
        return (&bytes[..end], slice(bytes, end + 2, bytes.len()));
    }
    split_zero(bytes).unwrap_or((bytes, &[]))
}

/// Text in one of the four encodings (ID3 v2.4.0, section 4).
fn decoded(bytes: &[u8], encoding: u8) -> String {
    let bytes = slice(bytes, 0, 2 * super::VALUE_BYTES_MAX);
    match encoding {
        1 => UTF_16LE.decode(bytes).0.into_owned(),
        2 => UTF_16BE.decode(bytes).0.into_owned(),
        _ => text(bytes),
    }
}

/// Removes the zeros that keep players from taking a tag for sound (ID3 v2.4.0, section 6.1).
fn synchronised(bytes: &[u8]) -> Vec<u8> {
    let mut kept = Vec::with_capacity(bytes.len());
    let mut before = 0;
    for &byte in bytes {
        if !(before == 0xff && byte == 0) {
            kept.push(byte);
        }
        before = byte;
    }
    kept
}

/// The last 128 bytes: title, artist, album, year, comment. Copyright lines stand in the comment,
/// where anywhere.
fn version_1(bytes: &[u8], collector: &mut Collector) {
    let Some(tag) = bytes
        .last_chunk::<128>()
        .filter(|tag| tag.starts_with(b"TAG"))
    else {
        return;
    };
    collector.next_packet();
    let comment = slice(tag, 97, 30);
    let comment = text(split_zero(comment).map_or(comment, |(text, _)| text));
    let is_copyright = find(&tag[97..127].to_ascii_lowercase(), b"copyright").is_some()
        || comment.contains('©')
        || comment.to_ascii_lowercase().contains("(c)");
    if is_copyright {
        collector.sign(Carrier::Id3v1, "copyright", &comment, "ID3v1 comment");
    }
}
