//! Unpacking within bounds.

use std::io::Read;

use flate2::bufread::ZlibDecoder;
use hayro_syntax::Filter;
use hayro_syntax::object::Stream;

use crate::image::clock::Clock;
use crate::{Reason, Unreadable};

/// Bytes before `stream` in which its dictionary says what it is.
const DICTIONARY_BYTES: usize = 512;

/// The content of a stream, at most `left` bytes, which are taken from `left`. `None` when it
/// cannot be unpacked, or not without more memory than that.
pub(super) fn unpacked(stream: &Stream<'_>, left: &mut u64) -> Option<Vec<u8>> {
    let filters = stream.filters();
    let raw = stream.raw_data();
    let has_parameters = ["DecodeParms", "DP"]
        .iter()
        .any(|key| stream.dict().contains_key(key));
    let mut bytes = match filters.as_slice() {
        [] => raw.into_owned(),
        [Filter::FlateDecode] if !has_parameters => inflated(&raw, *left)?,
        others => {
            // The library unpacks all or nothing: only what cannot grow beyond the limit.
            let most = others.iter().fold(raw.len() as u64, |len, filter| {
                len.saturating_mul(growth(*filter))
            });
            if most > *left {
                return None;
            }
            stream.decoded_data().ok()?.into_owned()
        }
    };
    bytes.truncate(usize::try_from(*left).unwrap_or(usize::MAX));
    *left -= bytes.len() as u64;
    Some(bytes)
}

/// The most bytes that one byte becomes: of deflated data RFC 1951 allows 258 for two bits, of LZW
/// 4,096 for nine, of run lengths 128 for two bytes. Pictures are not read.
fn growth(filter: Filter) -> u64 {
    match filter {
        Filter::AsciiHexDecode | Filter::Crypt => 1,
        // `z` stands for four zeros.
        Filter::Ascii85Decode => 4,
        Filter::RunLengthDecode => 64,
        Filter::FlateDecode => 1032,
        Filter::LzwDecode => 3641,
        _ => u64::MAX,
    }
}

/// At most the first `most` bytes of deflated data; of damaged data, what comes before the damage.
fn inflated(raw: &[u8], most: u64) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let outcome = ZlibDecoder::new(raw).take(most).read_to_end(&mut bytes);
    (outcome.is_ok() || !bytes.is_empty()).then_some(bytes)
}

/// Refuses documents whose tables of objects unpack to more than `most` bytes: the library keeps
/// them in memory whole. Only streams that call themselves such tables are looked at.
pub(super) fn check_tables(bytes: &[u8], most: u64, clock: &Clock) -> Result<(), Unreadable> {
    let mut left = most;
    let mut at = 0;
    while let Some(found) = find(&bytes[at..], b"stream") {
        let start = at + found;
        at = start + b"stream".len();
        let head = &bytes[start.saturating_sub(DICTIONARY_BYTES)..start];
        let is_table = find(head, b"ObjStm").is_some() || find(head, b"XRef").is_some();
        if head.ends_with(b"end") || !is_table {
            continue;
        }
        clock.check()?;
        let body = bytes[at..].trim_ascii_start();
        let mut table = ZlibDecoder::new(body);
        let mut piece = [0; 16 << 10];
        while let Ok(count @ 1..) = table.read(&mut piece) {
            left = left.checked_sub(count as u64).ok_or_else(|| {
                let detail = format!("PDF whose tables of objects take over {most} bytes");
                Unreadable::new(Reason::Limit, detail)
            })?;
        }
    }
    Ok(())
}

fn find(bytes: &[u8], word: &[u8]) -> Option<usize> {
    bytes.windows(word.len()).position(|window| window == word)
}
