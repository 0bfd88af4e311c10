//! Ogg (RFC 3533) with Vorbis or Opus (RFC 7845): the comment header, in pages made anew.
//!
//! The pages behind it keep their contents; their numbers, and with them their checksums, change
//! where the header takes more pages than before.

use std::io::Cursor;

use ogg_pager::{Page, paginate};

use super::{Task, vorbis};
use crate::error::{Error, Result};

/// Header packets together. Covers stand in them as well.
const HEADERS_BYTES_MAX: usize = 32 << 20;
/// Of a page, before its table of segments (RFC 3533, section 6).
const HEADER_BYTES: usize = 27;

pub(super) fn write(bytes: &[u8], task: Task<'_>) -> Result<Vec<u8>> {
    let mut cursor = Cursor::new(bytes);
    let first = next_page(&mut cursor)?;
    let serial = first.header().stream_serial;
    let kind = Kind::of(first.content())?;
    let mut out = first.as_bytes();
    let mut headers = Headers::default();
    // Pages of other streams between the headers.
    let mut others = Vec::new();
    while headers.packets.len() < kind.headers() {
        let page = next_page(&mut cursor)?;
        if page.header().stream_serial == serial {
            headers.add(&page)?;
        } else {
            others.extend(page.as_bytes());
        }
    }
    if headers.packets.len() > kind.headers() || !headers.open.is_empty() {
        let detail = "its headers share a page with sound; save the file anew with a tag editor";
        return Err(Error::unsupported(detail));
    }
    let Some(comments) = kind.stated(&headers.packets[0], task)? else {
        return Ok(bytes.to_vec());
    };
    let rest = headers.packets[1..].iter().map(Vec::as_slice);
    let packets = std::iter::once(comments.as_slice()).chain(rest);
    let pages = paginate(packets, serial, 0, 0).map_err(|error| damaged(&error))?;
    let added = (pages.len() as u32).wrapping_sub(headers.pages);
    for (number, mut page) in (1..).zip(pages) {
        page.header_mut().sequence_number = number;
        page.gen_crc();
        out.extend(page.as_bytes());
    }
    out.extend(others);
    while (cursor.position() as usize) < bytes.len() {
        let mut page = next_page(&mut cursor)?;
        if page.header().stream_serial == serial && added != 0 {
            let number = page.header().sequence_number.wrapping_add(added);
            page.header_mut().sequence_number = number;
            page.gen_crc();
        }
        out.extend(page.as_bytes());
    }
    Ok(out)
}

/// The next page. One with a wrong checksum is refused: it would get a right one.
fn next_page(cursor: &mut Cursor<&[u8]>) -> Result<Page> {
    let mut page = Page::read(cursor).map_err(|error| damaged(&error))?;
    let stated = page.header().checksum();
    page.gen_crc();
    if page.header().checksum() != stated {
        return Err(Error::damaged("the checksum of an Ogg page is wrong"));
    }
    Ok(page)
}

fn damaged(error: &ogg_pager::PageError) -> Error {
    Error::damaged(format!("an Ogg page: {error}"))
}

#[derive(Default)]
struct Headers {
    packets: Vec<Vec<u8>>,
    /// The beginning of a packet whose end is on the next page.
    open: Vec<u8>,
    pages: u32,
    bytes: usize,
}

impl Headers {
    fn add(&mut self, page: &Page) -> Result<()> {
        self.pages += 1;
        self.bytes += page.content().len();
        if self.bytes > HEADERS_BYTES_MAX {
            return Err(Error::Limit("headers of more than 32 MiB".to_owned()));
        }
        // Behind the fixed part of the header: how many segments, and how long each is.
        let whole = page.as_bytes();
        let table = whole.get(HEADER_BYTES - 1).zip(whole.get(HEADER_BYTES..));
        let table = table.and_then(|(&count, rest)| rest.get(..usize::from(count)));
        let mut at = 0;
        for &length in table.unwrap_or_default() {
            let end = at + usize::from(length);
            let part = page.content().get(at..end).unwrap_or_default();
            self.open.extend_from_slice(part);
            at = end;
            if length < 255 {
                self.packets.push(std::mem::take(&mut self.open));
            }
        }
        Ok(())
    }
}

#[derive(Clone, Copy)]
enum Kind {
    Vorbis,
    Opus,
}

impl Kind {
    fn of(first: &[u8]) -> Result<Self> {
        if first.starts_with(b"\x01vorbis") {
            Ok(Self::Vorbis)
        } else if first.starts_with(b"OpusHead") {
            Ok(Self::Opus)
        } else {
            Err(Error::unsupported(
                "Ogg with something else than Vorbis or Opus in it",
            ))
        }
    }

    /// Header packets behind the first one.
    fn headers(self) -> usize {
        match self {
            Self::Vorbis => 2,
            Self::Opus => 1,
        }
    }

    /// The comment packet with the statement in it.
    fn stated(self, packet: &[u8], task: Task<'_>) -> Result<Option<Vec<u8>>> {
        let name: &[u8] = match self {
            Self::Vorbis => b"\x03vorbis",
            Self::Opus => b"OpusTags",
        };
        let body = packet.strip_prefix(name);
        let body = body.ok_or_else(|| Error::damaged("the second packet holds no comments"))?;
        let (new, taken) = vorbis::stated(body, task)?;
        // Vorbis has a framing bit behind, Opus may have more.
        let rest = body.get(taken..).unwrap_or_default();
        Ok(new.map(|new| [name, &new, rest].concat()))
    }
}
