//! ID3 version 2.3 and 2.4 (id3.org, informal standards): a `PRIV` frame with XMP, and frames that
//! players show.
//!
//! Frames that are there are carried over byte for byte, in the version of their tag.

use super::Task;
use crate::bytes::{be_u32, part};
use crate::edits::Edits;
use crate::error::{Error, Result};

/// Frames of one tag.
const FRAMES_MAX: usize = 4096;
/// The largest length that a tag can state: four times seven bits.
const TAG_BYTES_MAX: usize = (1 << 28) - 1;
const XMP_OWNER: &[u8] = b"XMP\0";
/// Room that other taggers find for small changes.
const PADDING_BYTES: usize = 512;

pub(super) fn edits(bytes: &[u8], task: Task<'_>) -> Result<Edits> {
    let old = if bytes.starts_with(b"ID3") {
        let footer = if part(bytes, 5, 1)?[0] & 0x10 != 0 {
            10
        } else {
            0
        };
        Some(part(bytes, 0, 10 + seven_bits(bytes, 6)? + footer)?)
    } else {
        None
    };
    let end = old.map_or(0, <[u8]>::len);
    if bytes[end..].starts_with(b"ID3") {
        return Err(Error::unsupported(
            "a file with several ID3 tags; save it once with a tag editor",
        ));
    }
    let mut edits = Edits::default();
    if let Some(new) = tag(old, task)? {
        edits.replace(0..end, new);
    }
    Ok(edits)
}

/// A tag with the statement in it, `None` when `old` says it already.
pub(super) fn tag(old: Option<&[u8]>, task: Task<'_>) -> Result<Option<Vec<u8>>> {
    let mut tag = match old {
        Some(old) => Tag::read(old)?,
        None => Tag {
            version: 4,
            flags: 0,
            frames: Vec::new(),
        },
    };
    if !tag.state(task)? {
        return Ok(None);
    }
    tag.write().map(Some)
}

struct Frame {
    name: [u8; 4],
    /// With its header.
    bytes: Vec<u8>,
}

impl Frame {
    fn body(&self) -> &[u8] {
        self.bytes.get(10..).unwrap_or_default()
    }

    /// Whether the contents stand there as they are: neither compressed, encrypted, grouped nor
    /// unsynchronised.
    fn is_plain(&self) -> bool {
        self.bytes.get(9) == Some(&0)
    }
}

struct Tag {
    version: u8,
    /// Of the header. The frames of version 2.4 that are there may be unsynchronised; those that
    /// are added hold no byte `0xff`, so they read the same either way.
    flags: u8,
    frames: Vec<Frame>,
}

impl Tag {
    fn read(bytes: &[u8]) -> Result<Self> {
        let version = part(bytes, 3, 1)?[0];
        let flags = part(bytes, 5, 1)?[0];
        if !matches!(version, 3 | 4) {
            return Err(Error::unsupported(format!(
                "an ID3 tag of version 2.{version}; save the file once with a tag editor"
            )));
        }
        let body = part(bytes, 10, seven_bits(bytes, 6)?)?;
        // From version 2.4 on frames are unsynchronised by themselves, and stay so.
        let body = if flags & 0x80 != 0 && version == 3 {
            synchronised(body)
        } else {
            body.to_vec()
        };
        // An extended header holds a checksum and the length of the padding, which both change.
        let mut at = match (flags & 0x40 != 0, version) {
            (false, _) => 0,
            (true, 3) => be_u32(&body, 0)? + 4,
            (true, _) => seven_bits(&body, 0)?,
        };
        let mut frames = Vec::new();
        while at < body.len() && body[at] != 0 {
            if frames.len() >= FRAMES_MAX {
                return Err(Error::Limit(format!(
                    "more than {FRAMES_MAX} frames of ID3"
                )));
            }
            let header = part(&body, at, 10)?;
            let length = if version == 3 {
                be_u32(header, 4)?
            } else {
                seven_bits(header, 4)?
            };
            let is_name = header[..4]
                .iter()
                .all(|it| it.is_ascii_uppercase() || it.is_ascii_digit());
            if !is_name {
                return Err(Error::damaged("a frame of its ID3 tag has no name"));
            }
            frames.push(Frame {
                name: [header[0], header[1], header[2], header[3]],
                bytes: part(&body, at, 10 + length)?.to_vec(),
            });
            at += 10 + length;
        }
        let flags = if version == 4 { flags & 0x80 } else { 0 };
        Ok(Self {
            version,
            flags,
            frames,
        })
    }

    /// Adds what the statement says; false when the tag says it already.
    fn state(&mut self, task: Task<'_>) -> Result<bool> {
        let is_xmp = |frame: &Frame| &frame.name == b"PRIV" && frame.body().starts_with(XMP_OWNER);
        let old = self.frames.iter().position(is_xmp);
        let known = old.and_then(|at| self.frames.get(at));
        if known.is_some_and(|frame| !frame.is_plain()) {
            return Err(Error::unsupported(
                "XMP in a compressed or encrypted ID3 frame",
            ));
        }
        let known = known.map(|frame| frame.body()[XMP_OWNER.len()..].to_vec());
        let mut is_changed = false;
        if let Some(new) = task.xmp(known.as_deref())? {
            if let Some(at) = old {
                self.frames.remove(at);
            }
            self.add(*b"PRIV", &[XMP_OWNER, &new].concat())?;
            is_changed = true;
        }
        if let Some(line) = &task.statement.copyright {
            let found = self.texts(*b"TCOP");
            if task.writes("TCOP", &found, line)? {
                self.frames.retain(|frame| &frame.name != b"TCOP");
                let text = self.encoded(line);
                self.add(*b"TCOP", &text)?;
                is_changed = true;
            }
        }
        if let Some(url) = &task.statement.policy_url {
            // Several addresses may stand beside one another.
            let is_there = |frame: &Frame| &frame.name == b"WCOP" && frame.body() == url.as_bytes();
            if !self.frames.iter().any(is_there) {
                self.add(*b"WCOP", url.as_bytes())?;
                is_changed = true;
            }
        }
        if !self.frames.iter().any(|frame| &frame.name == b"USER") {
            // Terms of use: encoding, language, text.
            let mut text = self.encoded(&task.statement.sentence());
            text.splice(1..1, *b"eng");
            self.add(*b"USER", &text)?;
            is_changed = true;
        }
        Ok(is_changed)
    }

    /// The texts of a kind of frame, as far as they can be told here.
    fn texts(&self, name: [u8; 4]) -> Vec<String> {
        let frames = self.frames.iter().filter(|frame| frame.name == name);
        frames.map(|frame| decoded(frame.body())).collect()
    }

    /// Text behind its encoding. Version 2.3 knows Latin-1 and UTF-16 alone.
    fn encoded(&self, text: &str) -> Vec<u8> {
        if text.is_ascii() {
            return [&[0], text.as_bytes()].concat();
        }
        if self.version == 4 {
            return [&[3], text.as_bytes()].concat();
        }
        let mut encoded = vec![1, 0xff, 0xfe];
        encoded.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
        encoded
    }

    fn add(&mut self, name: [u8; 4], body: &[u8]) -> Result<()> {
        let mut bytes = name.to_vec();
        if self.version == 3 {
            bytes.extend_from_slice(&crate::bytes::length_u32(body.len())?.to_be_bytes());
        } else {
            bytes.extend_from_slice(&as_seven_bits(body.len())?);
        }
        bytes.extend_from_slice(&[0, 0]);
        bytes.extend_from_slice(body);
        self.frames.push(Frame { name, bytes });
        Ok(())
    }

    fn write(&self) -> Result<Vec<u8>> {
        let frames: usize = self.frames.iter().map(|frame| frame.bytes.len()).sum();
        let length = frames + PADDING_BYTES;
        let mut new = vec![b'I', b'D', b'3', self.version, 0, self.flags];
        new.extend_from_slice(&as_seven_bits(length)?);
        for frame in &self.frames {
            new.extend_from_slice(&frame.bytes);
        }
        new.resize(10 + length, 0);
        Ok(new)
    }
}

/// The text of a frame behind its encoding, zeros at the end left out.
fn decoded(body: &[u8]) -> String {
    let Some((&encoding, text)) = body.split_first() else {
        return String::new();
    };
    let wide = |from: fn([u8; 2]) -> u16, text: &[u8]| {
        let (pairs, _) = text.as_chunks();
        let units: Vec<u16> = pairs.iter().map(|&pair| from(pair)).collect();
        String::from_utf16_lossy(&units)
    };
    let text = match (encoding, text) {
        (1, [0xff, 0xfe, rest @ ..]) => wide(u16::from_le_bytes, rest),
        (1, [0xfe, 0xff, rest @ ..]) | (2, rest) => wide(u16::from_be_bytes, rest),
        (3, text) => String::from_utf8_lossy(text).into_owned(),
        _ => text.iter().map(|&byte| char::from(byte)).collect(),
    };
    text.trim_end_matches('\0').to_owned()
}

/// Undoes what keeps a tag from looking like sound: a zero behind each `0xff` (ID3 v2.3.0, section
/// 5).
fn synchronised(bytes: &[u8]) -> Vec<u8> {
    let mut new = Vec::with_capacity(bytes.len());
    let mut was_full = false;
    for &byte in bytes {
        if !(was_full && byte == 0) {
            new.push(byte);
        }
        was_full = byte == 0xff;
    }
    new
}

/// A number in four bytes of seven bits each (ID3 v2.4.0, section 6.2).
fn seven_bits(bytes: &[u8], at: usize) -> Result<usize> {
    let four = part(bytes, at, 4)?;
    if four.iter().any(|byte| byte & 0x80 != 0) {
        return Err(Error::damaged("a length in its ID3 tag is none"));
    }
    Ok(four
        .iter()
        .fold(0, |sum, &byte| sum << 7 | usize::from(byte)))
}

fn as_seven_bits(number: usize) -> Result<[u8; 4]> {
    if number > TAG_BYTES_MAX {
        return Err(Error::Limit(format!("{number} bytes in an ID3 tag")));
    }
    Ok([21, 14, 7, 0].map(|shift| (number >> shift & 0x7f) as u8))
}
