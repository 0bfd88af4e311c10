//! Refuses Parquet files whose own description claims more than its bytes can hold.
//!
//! The footer and the headers of pages are structures of the Thrift compact protocol. What the
//! library does not know in them it skips value by value, and a truth value in a list takes no
//! bytes when it is skipped: eight bytes may claim two thousand million of them and keep it busy
//! for seconds, as often as they are repeated. Here the same bytes are walked through before, at a
//! cost that their number bounds. A field that the library knows must have the type that it
//! expects (`parquet.thrift` of Parquet 2.12), or the two would read different things.

mod fields;

use std::io::{Read, Seek, SeekFrom};

use self::fields::{FILE, PAGE};
use crate::unreadable::{Reason, Unreadable};

/// What a file ends with: the length of its footer, and a mark.
const TAIL_BYTES: u64 = 8;
/// Largest footer that is read; they have a few kilobytes, with thousands of row groups
/// a few megabytes.
const LARGEST_FOOTER: u64 = 256 << 20;
/// Most bytes that the header of a page is looked for in. It may hold two values of its column.
const LARGEST_HEADER: u64 = 16 << 20;
/// What is read of a page first: nearly all headers are shorter.
const USUAL_HEADER: u64 = 1 << 10;
/// Structures inside each other; the format has about eight.
const DEEPEST: usize = 32;

/// What a field has to be.
#[derive(Clone, Copy)]
enum Kind {
    Truth,
    Byte,
    /// An integer of 16, 32 or 64 bits: all are written alike.
    Number,
    Double,
    Bytes,
    List(&'static Kind),
    Fields(&'static [(i16, Kind)]),
}

/// Checks the footer of a Parquet file before a library reads it. It moves the file's position.
///
/// # Errors
///
/// [`Reason::Corrupt`] with what is wrong, [`Reason::Io`] when the file cannot be read.
pub fn check_parquet_footer(mut file: impl Read + Seek) -> Result<(), Unreadable> {
    let short = || corrupt("shorter than any Parquet file");
    let end = length(&mut file)?
        .checked_sub(TAIL_BYTES)
        .ok_or_else(short)?;
    let tail = read(&mut file, end, TAIL_BYTES)?;
    let footer = tail.first_chunk().ok_or_else(short)?;
    let footer = u64::from(u32::from_le_bytes(*footer));
    let most = LARGEST_FOOTER.min(end);
    if footer > most {
        return Err(corrupt(format!(
            "a footer of {footer} bytes, at most {most}"
        )));
    }
    let bytes = read(&mut file, end - footer, footer)?;
    let mut walk = Walk::new(&bytes);
    walk.fields(FILE, 0)
        .map(drop)
        .map_err(|why| corrupt(why.to_string()))
}

/// Checks the headers of all pages in a part of a Parquet file, `bytes` from `start` on: a column
/// of a row group. It moves the file's position.
///
/// # Errors
///
/// As [`check_parquet_footer`].
pub fn check_parquet_pages(
    mut file: impl Read + Seek,
    start: u64,
    bytes: u64,
) -> Result<(), Unreadable> {
    let end = start.saturating_add(bytes).min(length(&mut file)?);
    let mut at = start;
    while at < end {
        let mut most = USUAL_HEADER;
        let (header, page) = loop {
            let head = read(&mut file, at, most)?;
            let mut walk = Walk::new(&head);
            match walk.fields(PAGE, 0) {
                Ok(page) => break (head.len() - walk.rest.len(), page),
                Err(Fault::TooShort) if most < LARGEST_HEADER && head.len() as u64 == most => {
                    most *= 16;
                }
                // The library says what it makes of it, and ends there.
                Err(Fault::TooShort) => return Ok(()),
                Err(why) => return Err(corrupt(why.to_string())),
            }
        };
        at = at.saturating_add(header as u64).saturating_add(page);
    }
    Ok(())
}

fn corrupt(detail: impl Into<String>) -> Unreadable {
    Unreadable {
        reason: Reason::Corrupt,
        detail: format!("parquet: {}", detail.into()),
    }
}

fn io(error: &std::io::Error) -> Unreadable {
    Unreadable {
        reason: Reason::Io,
        detail: error.to_string(),
    }
}

fn length(file: &mut impl Seek) -> Result<u64, Unreadable> {
    file.seek(SeekFrom::End(0)).map_err(|error| io(&error))
}

fn read(file: &mut (impl Read + Seek), start: u64, most: u64) -> Result<Vec<u8>, Unreadable> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(start))
        .and_then(|_| file.take(most).read_to_end(&mut bytes))
        .map_err(|error| io(&error))?;
    Ok(bytes)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    TooShort,
    TooDeep,
    TooMany,
    Type(i16),
    Malformed,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::TooShort => f.write_str("metadata end too early"),
            Self::TooDeep => write!(f, "metadata are nested deeper than {DEEPEST}"),
            Self::TooMany => f.write_str("metadata claim more values than they have bytes"),
            Self::Type(id) => write!(f, "metadata have a field {id} of another type"),
            Self::Malformed => f.write_str("metadata are malformed"),
        }
    }
}

/// Types as the compact protocol numbers them.
const TRUE: u8 = 1;
const FALSE: u8 = 2;
const BYTE: u8 = 3;
const DOUBLE: u8 = 7;
const BYTES: u8 = 8;
const LIST: u8 = 9;
const SET: u8 = 10;
const MAP: u8 = 11;
const STRUCT: u8 = 12;
const UUID: u8 = 13;

/// What is left of the bytes, and of the values that take none.
struct Walk<'a> {
    rest: &'a [u8],
    truths_left: u64,
}

impl<'a> Walk<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        Self {
            rest: bytes,
            truths_left: bytes.len() as u64,
        }
    }

    fn byte(&mut self) -> Result<u8, Fault> {
        let (&byte, rest) = self.rest.split_first().ok_or(Fault::TooShort)?;
        self.rest = rest;
        Ok(byte)
    }

    fn skip(&mut self, count: u64) -> Result<(), Fault> {
        let count = usize::try_from(count).map_err(|_| Fault::TooShort)?;
        self.rest = self.rest.get(count..).ok_or(Fault::TooShort)?;
        Ok(())
    }

    /// An unsigned number, seven bits a byte.
    fn number(&mut self) -> Result<u64, Fault> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(Fault::Malformed)
    }

    fn signed(&mut self) -> Result<i64, Fault> {
        let number = self.number()?;
        Ok((number >> 1) as i64 ^ -((number & 1) as i64))
    }

    /// The fields of a structure up to its end. Returns its field 3 when that is a number: of the
    /// header of a page, the length of the page.
    fn fields(&mut self, known: &[(i16, Kind)], depth: usize) -> Result<u64, Fault> {
        let (mut last, mut third) = (0_i16, 0);
        loop {
            let head = self.byte()?;
            let kind = head & 0xf;
            if kind == 0 {
                return Ok(third);
            }
            let id = match head >> 4 {
                0 => self.signed()? as i16,
                more => last.checked_add(i16::from(more)).ok_or(Fault::Malformed)?,
            };
            last = id;
            let expected = known.iter().find(|(known, _)| *known == id);
            let expected = expected.map(|(_, expected)| *expected);
            if expected.is_some_and(|expected| !expected.fits(kind)) {
                return Err(Fault::Type(id));
            }
            if matches!(expected, Some(Kind::Number)) {
                let number = self.signed()?;
                if id == 3 {
                    third = u64::try_from(number).map_err(|_| Fault::Malformed)?;
                }
            } else {
                self.value(kind, expected, depth)?;
            }
        }
    }

    fn value(&mut self, kind: u8, expected: Option<Kind>, depth: usize) -> Result<(), Fault> {
        if depth >= DEEPEST {
            return Err(Fault::TooDeep);
        }
        match kind {
            TRUE | FALSE => Ok(()),
            BYTE => self.skip(1),
            4..=6 => self.number().map(drop),
            DOUBLE => self.skip(8),
            BYTES => {
                let length = self.number()?;
                self.skip(length)
            }
            LIST | SET => {
                let item = match expected {
                    Some(Kind::List(item)) => Some(*item),
                    _ => None,
                };
                self.list(item, depth)
            }
            MAP => self.map(depth),
            STRUCT => {
                let known = match expected {
                    Some(Kind::Fields(known)) => known,
                    _ => &[],
                };
                self.fields(known, depth + 1).map(drop)
            }
            UUID => self.skip(16),
            _ => Err(Fault::Malformed),
        }
    }

    fn list(&mut self, expected: Option<Kind>, depth: usize) -> Result<(), Fault> {
        let head = self.byte()?;
        // Some writers give an empty list no type.
        if head == 0 {
            return Ok(());
        }
        let (count, kind) = (head >> 4, head & 0xf);
        let count = match count {
            15 => self.number()?,
            few => u64::from(few),
        };
        if expected.is_some_and(|expected| !expected.fits(kind)) {
            return Err(Fault::Malformed);
        }
        self.claim(count, matches!(kind, TRUE | FALSE))?;
        if matches!(kind, TRUE | FALSE) {
            return Ok(());
        }
        for _ in 0..count {
            self.value(kind, expected, depth + 1)?;
        }
        Ok(())
    }

    fn map(&mut self, depth: usize) -> Result<(), Fault> {
        let count = self.number()?;
        if count == 0 {
            return Ok(());
        }
        let kinds = self.byte()?;
        let kinds = [kinds >> 4, kinds & 0xf];
        let is_empty = kinds.iter().all(|&kind| matches!(kind, TRUE | FALSE));
        self.claim(count, is_empty)?;
        if is_empty {
            return Ok(());
        }
        for _ in 0..count {
            for kind in kinds {
                self.value(kind, None, depth + 1)?;
            }
        }
        Ok(())
    }

    /// Takes note of values that are said to follow.
    fn claim(&mut self, count: u64, is_empty: bool) -> Result<(), Fault> {
        if is_empty {
            self.truths_left = self.truths_left.checked_sub(count).ok_or(Fault::TooMany)?;
        } else if count > self.rest.len() as u64 {
            return Err(Fault::TooMany);
        }
        Ok(())
    }
}

impl Kind {
    fn fits(self, kind: u8) -> bool {
        match self {
            Self::Truth => matches!(kind, TRUE | FALSE),
            Self::Byte => kind == BYTE,
            Self::Number => matches!(kind, 4..=6),
            Self::Double => kind == DOUBLE,
            Self::Bytes => kind == BYTES,
            Self::List(_) => kind == LIST,
            Self::Fields(_) => kind == STRUCT,
        }
    }
}

#[cfg(test)]
mod tests;
