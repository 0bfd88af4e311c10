//! Numbers and words in bytes that may end anywhere.

use memchr::memmem;

pub(super) fn be_u16(bytes: &[u8], at: usize) -> Option<usize> {
    let bytes = bytes.get(at..)?.first_chunk()?;
    Some(usize::from(u16::from_be_bytes(*bytes)))
}

pub(super) fn be_u32(bytes: &[u8], at: usize) -> Option<usize> {
    let bytes = bytes.get(at..)?.first_chunk()?;
    usize::try_from(u32::from_be_bytes(*bytes)).ok()
}

pub(super) fn be_u64(bytes: &[u8], at: usize) -> Option<usize> {
    let bytes = bytes.get(at..)?.first_chunk()?;
    usize::try_from(u64::from_be_bytes(*bytes)).ok()
}

pub(super) fn le_u32(bytes: &[u8], at: usize) -> Option<usize> {
    let bytes = bytes.get(at..)?.first_chunk()?;
    usize::try_from(u32::from_le_bytes(*bytes)).ok()
}

/// Four bytes of seven bits each (ID3 v2.4.0, section 6.2).
pub(super) fn seven_bits(bytes: &[u8], at: usize) -> Option<usize> {
    let four = bytes.get(at..at + 4)?;
    let is_sound = four.iter().all(|byte| byte & 0x80 == 0);
    let length = four
        .iter()
        .fold(0, |sum, &byte| sum << 7 | usize::from(byte));
    is_sound.then_some(length)
}

/// As much of `bytes` as there is of `length` bytes from `at` on.
pub(super) fn slice(bytes: &[u8], at: usize, length: usize) -> &[u8] {
    let rest = bytes.get(at..).unwrap_or_default();
    &rest[..length.min(rest.len())]
}

pub(super) fn find(bytes: &[u8], word: &[u8]) -> Option<usize> {
    memmem::find(bytes, word)
}

pub(super) fn holds_any(bytes: &[u8], words: &[&[u8]]) -> bool {
    words.iter().any(|word| find(bytes, word).is_some())
}

/// The bytes before the first zero, and those behind it.
pub(super) fn split_zero(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = memchr::memchr(0, bytes)?;
    Some((&bytes[..at], &bytes[at + 1..]))
}

/// Text in UTF-8, or in Windows-1252 where it is not.
pub(super) fn text(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => encoding_rs::WINDOWS_1252.decode(bytes).0.into_owned(),
    }
}
