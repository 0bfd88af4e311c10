//! Formats that announce themselves in their first bytes.

use super::mpeg;
use crate::{Format, epub};

/// The format whose signature `head` opens with. `named` breaks the tie for an ID3 tag that
/// is longer than `head`: several formats may follow one.
pub(super) fn of(head: &[u8], named: Option<Format>) -> Option<Format> {
    let format = match head {
        [0xff, 0xd8, 0xff, ..] => Format::Jpeg,
        [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => Format::Png,
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Format::Gif,
        [b'I', b'I', 42 | 43, 0, ..] | [b'M', b'M', 0, 42 | 43, ..] => Format::Tiff,
        [0xff, 0x0a, ..] | [0, 0, 0, 12, b'J', b'X', b'L', b' ', ..] => Format::JpegXl,
        [b'f', b'L', b'a', b'C', ..] => Format::Flac,
        [b'O', b'g', b'g', b'S', ..] => Format::Ogg,
        [b'c', b'a', b'f', b'f', 0, ..] => Format::Caf,
        [0x1a, 0x45, 0xdf, 0xa3, ..] => Format::Matroska,
        [0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11, ..] => Format::Asf,
        [b'w', b'v', b'p', b'k', ..] => Format::WavPack,
        [b'M', b'A', b'C', b' ', _, 0x0f | 0x0e, ..] => Format::MonkeysAudio,
        [b'%', b'P', b'D', b'F', b'-', ..] => Format::Pdf,
        [b'P', b'K', 3, 4, ..] => {
            // Some archivers put `mimetype` elsewhere; the name tells what other archives are not.
            let is_epub = epub::is_epub(head) || named == Some(Format::Epub);
            return is_epub.then_some(Format::Epub);
        }
        [b'I', b'D', b'3', ..] => return behind_id3(head, named),
        [b'B', b'M', ..] => return bitmap(head),
        _ => return riff(head).or_else(|| iso_base_media(head)),
    };
    Some(format)
}

/// RIFF, RF64 and IFF containers, told apart by their form type at byte 8.
fn riff(head: &[u8]) -> Option<Format> {
    match (head.get(..4)?, head.get(8..12)?) {
        (b"RIFF", b"WAVE") => Some(Format::Wav),
        (b"RF64" | b"BW64", b"WAVE") => Some(Format::Rf64),
        (b"RIFF", b"WEBP") => Some(Format::WebP),
        (b"FORM", b"AIFF" | b"AIFC") => Some(Format::Aiff),
        _ => None,
    }
}

/// ISO base media files open with a `ftyp` box; `QuickTime` may leave it out.
fn iso_base_media(head: &[u8]) -> Option<Format> {
    match head.get(4..8)? {
        b"ftyp" => Some(match head.get(8..12)? {
            b"avif" | b"avis" => Format::Avif,
            b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"mif1" | b"msf1" => {
                pictures_brand(head)
            }
            _ => Format::Mp4,
        }),
        b"moov" | b"mdat" | b"wide" => Some(Format::Mp4),
        _ => None,
    }
}

/// `mif1` only says "pictures"; the compatible brands that follow say which.
fn pictures_brand(head: &[u8]) -> Format {
    let brands = head.get(16..head.len().min(64)).unwrap_or_default();
    if brands.chunks_exact(4).any(|brand| brand == b"avif") {
        Format::Avif
    } else {
        Format::Heif
    }
}

/// `BM` alone is two letters; a DIB header of a known length makes it a bitmap.
fn bitmap(head: &[u8]) -> Option<Format> {
    let length = u32::from_le_bytes(head.get(14..18)?.try_into().ok()?);
    matches!(length, 12 | 16 | 40 | 52 | 56 | 64 | 108 | 124).then_some(Format::Bmp)
}

/// What follows an ID3 tag: its length is 28 bits in four bytes (ID3 v2.4.0, section 3.1).
fn behind_id3(head: &[u8], named: Option<Format>) -> Option<Format> {
    let length = head.get(6..10)?;
    if length.iter().any(|byte| byte & 0x80 != 0) {
        return None;
    }
    let footer = if head[5] & 0x10 != 0 { 10 } else { 0 };
    let length = length
        .iter()
        .fold(0, |sum, byte| sum << 7 | usize::from(*byte));
    let Some(rest) = head
        .get(10 + length + footer..)
        .filter(|rest| rest.len() >= 4)
    else {
        let plausible = [Format::Mp3, Format::Aac, Format::Flac, Format::Aiff];
        return named
            .filter(|it| plausible.contains(it))
            .or(Some(Format::Mp3));
    };
    if rest.starts_with(b"ID3") {
        return behind_id3(rest, named);
    }
    if rest.starts_with(b"fLaC") {
        return Some(Format::Flac);
    }
    // Taggers leave padding and junk behind the tag; its presence is promise enough.
    mpeg::of(rest)
        .or_else(|| mpeg::after_junk(rest, true))
        .or(Some(Format::Mp3))
}
