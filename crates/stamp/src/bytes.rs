//! Numbers in bytes that may end anywhere.

use crate::error::{Error, Result};

pub(crate) fn be_u16(bytes: &[u8], at: usize) -> Result<usize> {
    chunk(bytes, at).map(|it| usize::from(u16::from_be_bytes(it)))
}

pub(crate) fn be_u32(bytes: &[u8], at: usize) -> Result<usize> {
    chunk(bytes, at).map(|it| u32::from_be_bytes(it) as usize)
}

pub(crate) fn be_u64(bytes: &[u8], at: usize) -> Result<usize> {
    let number = u64::from_be_bytes(chunk(bytes, at)?);
    usize::try_from(number).map_err(|_| ends_early())
}

pub(crate) fn le_u32(bytes: &[u8], at: usize) -> Result<usize> {
    chunk(bytes, at).map(|it| u32::from_le_bytes(it) as usize)
}

/// `length` bytes from `at` on, all of them.
pub(crate) fn part(bytes: &[u8], at: usize, length: usize) -> Result<&[u8]> {
    let end = at.checked_add(length).ok_or_else(ends_early)?;
    bytes.get(at..end).ok_or_else(ends_early)
}

fn chunk<const N: usize>(bytes: &[u8], at: usize) -> Result<[u8; N]> {
    let found = bytes.get(at..).and_then(<[u8]>::first_chunk);
    found.copied().ok_or_else(ends_early)
}

pub(crate) fn ends_early() -> Error {
    Error::damaged("the file ends too early")
}

/// A length as a field of four bytes.
pub(crate) fn length_u32(length: usize) -> Result<u32> {
    u32::try_from(length).map_err(|_| Error::Limit(format!("{length} bytes in one part")))
}
