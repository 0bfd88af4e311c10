//! Bodies of answers, read within bounds.

use std::io::{self, Read};

use bytes::Bytes;
use flate2::read::MultiGzDecoder;

use crate::pipeline::Reserved;

/// Bytes of a body that are asked for at a time.
const STEP: usize = 64 << 10;
/// What an answer is given more room in.
const GROWTH: usize = 1 << 20;

/// Why there is no body.
#[derive(Debug)]
pub(super) enum NoBody {
    /// It has more bytes than an item may have.
    TooLong,
    /// It is packed in a way that nobody asked for and that is not known.
    Packed(String),
    /// It did not come to its end, or contradicts itself.
    Broken(io::Error),
    /// All is to stop.
    Stopped,
}

/// How bodies are read.
pub(super) struct Bounds<'b> {
    /// Most bytes, unpacked.
    pub(super) most_bytes: u64,
    pub(super) is_stopped: &'b dyn Fn() -> bool,
}

/// Reads a body to its end. `encoding` is the value of `Content-Encoding`, `length` that of
/// `Content-Length`. A body is asked for as it is; one that comes packed with gzip all the same is
/// unpacked within the same bounds.
pub(super) fn read_body(
    body: impl Read,
    encoding: &str,
    length: Option<u64>,
    bounds: &Bounds<'_>,
    room: &mut Reserved<'_>,
) -> Result<Bytes, NoBody> {
    match encoding.trim().to_ascii_lowercase().as_str() {
        "" | "identity" => read_plain(body, length, bounds, room),
        "gzip" | "x-gzip" => read_plain(MultiGzDecoder::new(body), None, bounds, room),
        other => Err(NoBody::Packed(other.chars().take(60).collect())),
    }
}

/// Reads the first `most` bytes of a body, and says whether there are more.
pub(super) fn read_start(
    body: impl Read,
    encoding: &str,
    most: usize,
) -> Result<(Bytes, bool), NoBody> {
    let mut bytes = Vec::new();
    let beyond = most as u64 + 1;
    let read = match encoding.trim().to_ascii_lowercase().as_str() {
        "" | "identity" => body.take(beyond).read_to_end(&mut bytes),
        "gzip" | "x-gzip" => MultiGzDecoder::new(body)
            .take(beyond)
            .read_to_end(&mut bytes),
        other => return Err(NoBody::Packed(other.chars().take(60).collect())),
    };
    read.map_err(NoBody::Broken)?;
    let is_cut = bytes.len() > most;
    bytes.truncate(most);
    Ok((Bytes::from(bytes), is_cut))
}

fn read_plain(
    mut body: impl Read,
    length: Option<u64>,
    bounds: &Bounds<'_>,
    room: &mut Reserved<'_>,
) -> Result<Bytes, NoBody> {
    if length.is_some_and(|length| length > bounds.most_bytes) {
        return Err(NoBody::TooLong);
    }
    let mut bytes: Vec<u8> = Vec::new();
    let mut step = vec![0; STEP];
    loop {
        if (bounds.is_stopped)() {
            return Err(NoBody::Stopped);
        }
        let read = match body.read(&mut step) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(NoBody::Broken(error)),
        };
        let all = bytes.len() + read;
        if all as u64 > bounds.most_bytes {
            return Err(NoBody::TooLong);
        }
        if all > room.bytes() {
            // As much again as came: the length that a server promises costs it nothing.
            let wanted = all + bytes.len().max(GROWTH);
            let most = usize::try_from(bounds.most_bytes).unwrap_or(usize::MAX);
            let more = wanted.min(most.max(all)) - room.bytes();
            if !room.grow(more, bounds.is_stopped) {
                return Err(NoBody::Stopped);
            }
        }
        if all > bytes.capacity() {
            let wanted = room.bytes().min(all * 2).max(all);
            bytes.reserve_exact(wanted - bytes.len());
        }
        bytes.extend_from_slice(&step[..read]);
    }
    bytes.shrink_to_fit();
    Ok(Bytes::from(bytes))
}

#[cfg(test)]
mod tests;
