//! RIFF: WebP (RFC 9649) and WAVE; and AIFF, which is built the same way the other way round.

use std::ops::Range;

use clearance_decode::Format;

use super::{Task, id3};
use crate::bytes::{be_u32, le_u32, length_u32, part};
use crate::edits::Edits;
use crate::error::{Error, Result};

/// Chunks of one file. Animations have two a frame.
const CHUNKS_MAX: usize = 1 << 20;

/// A chunk: its name, where it stands with its header and padding, and its data.
struct Chunk<'b> {
    name: &'b [u8],
    range: Range<usize>,
    body: &'b [u8],
}

/// The chunks of a file, and where the last of them ends. What stands behind is no part of it.
fn chunks(
    bytes: &[u8],
    number: impl Fn(&[u8], usize) -> Result<usize>,
) -> Result<(Vec<Chunk<'_>>, usize)> {
    let length = number(bytes, 4)?;
    let end = part(bytes, 8, length)?.len() + 8;
    let mut found = Vec::new();
    let mut at = 12;
    while at < end {
        if found.len() >= CHUNKS_MAX {
            return Err(Error::Limit(format!("more than {CHUNKS_MAX} chunks")));
        }
        let name = part(bytes, at, 4)?;
        let length = number(bytes, at + 4)?;
        let body = part(bytes, at + 8, length)?;
        // Some writers leave the last padding out.
        let next = (at + 8 + length + length % 2).min(bytes.len());
        found.push(Chunk {
            name,
            range: at..next,
            body,
        });
        at = next;
    }
    if at > end + 1 {
        return Err(Error::damaged("a chunk is longer than its file"));
    }
    Ok((found, at))
}

fn chunk(name: &[u8], body: &[u8], length: impl Fn(u32) -> [u8; 4]) -> Result<Vec<u8>> {
    let mut new = name.to_vec();
    new.extend_from_slice(&length(length_u32(body.len())?));
    new.extend_from_slice(body);
    new.resize(new.len().next_multiple_of(2), 0);
    Ok(new)
}

/// Puts a chunk in the place of `old`, or behind all others.
fn put(edits: &mut Edits, old: Option<&Chunk<'_>>, end: usize, new: Vec<u8>) {
    if let Some(old) = old {
        edits.replace(old.range.clone(), new);
        return;
    }
    // The padding that the last chunk should have had.
    if end % 2 == 1 && !edits.inserts_at(end) {
        edits.insert(end, [0]);
    }
    edits.insert(end, new);
}

/// Writes the length of the whole, which has changed.
fn resize(edits: &mut Edits, end: usize, length: impl Fn(u32) -> [u8; 4]) -> Result<()> {
    if !edits.is_empty() {
        let whole = end as i64 - 8 + edits.growth();
        let whole = u32::try_from(whole).map_err(|_| Error::Limit("beyond 4 GiB".to_owned()))?;
        edits.replace(4..8, length(whole));
    }
    Ok(())
}

pub(super) fn edits(bytes: &[u8], format: Format, task: Task<'_>) -> Result<Edits> {
    let (chunks, end) = chunks(bytes, le_u32)?;
    let find = |name: &[u8]| chunks.iter().find(|it| it.name == name);
    let name: &[u8] = if format == Format::WebP {
        b"XMP "
    } else {
        b"_PMX"
    };
    let mut edits = Edits::default();
    let old = find(name);
    if let Some(new) = task.xmp(old.map(|it| it.body))? {
        put(&mut edits, old, end, chunk(name, &new, u32::to_le_bytes)?);
        if format == Format::WebP {
            announce(&chunks, &mut edits)?;
        }
    }
    if format == Format::Wav {
        if !chunks.iter().any(|it| it.name == b"data") {
            return Err(Error::damaged("the WAVE file has no sound"));
        }
        copyright(&chunks, end, task, &mut edits)?;
    }
    resize(&mut edits, end, u32::to_le_bytes)?;
    Ok(edits)
}

/// The flag of XMP in the header of the extended form, which is put before a simple picture (RFC
/// 9649, section 2.7).
fn announce(chunks: &[Chunk<'_>], edits: &mut Edits) -> Result<()> {
    const XMP: u8 = 0x04;
    const ALPHA: u8 = 0x10;
    let first = chunks.first();
    let first = first.ok_or_else(|| Error::damaged("the WebP file has no picture"))?;
    let (width, height, has_alpha) = match first.name {
        b"VP8X" => {
            let flags = part(first.body, 0, 10)?[0];
            let at = first.range.start + 8;
            edits.replace(at..at + 1, [flags | XMP]);
            return Ok(());
        }
        b"VP8 " => {
            // Behind three bytes and a start code: fourteen bits each (RFC 6386, section 9.1).
            if part(first.body, 3, 3)? != [0x9d, 0x01, 0x2a] {
                return Err(Error::damaged("the WebP picture does not begin as one"));
            }
            let width = le_u32(first.body, 6)? & 0x3fff;
            let height = le_u32(first.body, 6)? >> 16 & 0x3fff;
            (width, height, false)
        }
        b"VP8L" => {
            if part(first.body, 0, 1)? != [0x2f] {
                return Err(Error::damaged("the WebP picture does not begin as one"));
            }
            // Fourteen bits each, less one, then whether there is transparency (RFC 9649, 3.4).
            let bits = le_u32(first.body, 1)?;
            (
                (bits & 0x3fff) + 1,
                (bits >> 14 & 0x3fff) + 1,
                bits >> 28 & 1 == 1,
            )
        }
        _ => {
            return Err(Error::damaged(
                "the WebP file does not begin with a picture",
            ));
        }
    };
    if width == 0 || height == 0 {
        return Err(Error::damaged("the WebP picture has no size"));
    }
    let mut body = vec![if has_alpha { XMP | ALPHA } else { XMP }, 0, 0, 0];
    for side in [width, height] {
        body.extend_from_slice(&(side as u32 - 1).to_le_bytes()[..3]);
    }
    edits.insert(12, chunk(b"VP8X", &body, u32::to_le_bytes)?);
    Ok(())
}

/// The copyright line of WAVE's INFO list.
fn copyright(chunks: &[Chunk<'_>], end: usize, task: Task<'_>, edits: &mut Edits) -> Result<()> {
    let Some(line) = &task.statement.copyright else {
        return Ok(());
    };
    let is_info = |it: &&Chunk<'_>| it.name == b"LIST" && it.body.starts_with(b"INFO");
    let list = chunks.iter().find(is_info);
    let mut kept = b"INFO".to_vec();
    let mut found = Vec::new();
    if let Some(list) = list {
        let mut at = 4;
        while at < list.body.len() {
            let length = le_u32(list.body, at + 4)?;
            let value = part(list.body, at + 8, length)?;
            let next = (at + 8 + length + length % 2).min(list.body.len());
            if part(list.body, at, 4)? == b"ICOP" {
                let value = value.split(|&byte| byte == 0).next().unwrap_or_default();
                found.push(String::from_utf8_lossy(value).into_owned());
            } else {
                kept.extend_from_slice(&list.body[at..next]);
                kept.resize(kept.len().next_multiple_of(2), 0);
            }
            at = next;
        }
    }
    if task.writes("ICOP", &found, line)? {
        let mut text = line.clone().into_bytes();
        text.push(0);
        kept.extend(chunk(b"ICOP", &text, u32::to_le_bytes)?);
        put(edits, list, end, chunk(b"LIST", &kept, u32::to_le_bytes)?);
    }
    Ok(())
}

/// AIFF carries an ID3 tag as a chunk.
pub(super) fn aiff_edits(bytes: &[u8], task: Task<'_>) -> Result<Edits> {
    let (chunks, end) = chunks(bytes, be_u32)?;
    if !chunks.iter().any(|it| it.name == b"SSND") {
        return Err(Error::damaged("the AIFF file has no sound"));
    }
    let old = chunks.iter().find(|it| it.name == b"ID3 ");
    let mut edits = Edits::default();
    if let Some(new) = id3::tag(old.map(|it| it.body), task)? {
        put(
            &mut edits,
            old,
            end,
            chunk(b"ID3 ", &new, u32::to_be_bytes)?,
        );
    }
    resize(&mut edits, end, u32::to_be_bytes)?;
    Ok(edits)
}
