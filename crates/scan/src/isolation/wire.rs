//! What is said between a scan and its decoding processes.
//!
//! A message is the length of its head (u32, little-endian), the head in JSON, and as many bytes
//! as the head says. The first one from the scan holds the [`Settings`], and is answered by an
//! empty one; then every [`Question`] is followed by its [`Answer`].

use std::io::{self, Read, Write};

use clearance_decode::{Limits, Media, Reason, Unreadable};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::reading::Reading;
use crate::stated::Stated;

/// Bytes of a head, at most. Names of items are in it.
const HEAD_BYTES_MAX: u32 = 1 << 20;
/// Longest list of certificates that is passed on; longer ones are refused before.
const PEM_BYTES_MAX: u64 = 64 << 20;
/// Bytes that go out together with their head: the other side is woken once.
const TOGETHER_BYTES: usize = 256 << 10;
/// Bytes of a name that is passed on: its ending is what counts.
const NAME_BYTES_MAX: usize = 4096;

/// What decides how items are read.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Settings {
    /// Both sides have to be of one version.
    pub(super) version: String,
    pub(super) limits: Limits,
    pub(super) declarations: bool,
    /// Whether signatures of manifests are checked; the certificates follow.
    pub(super) signers: bool,
    /// Bytes that follow.
    pub(super) length: u64,
    /// Address space of the process, in bytes.
    pub(super) memory_bytes: u64,
}

impl Settings {
    pub(super) const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), " decode 2");
}

/// What is asked of an item whose bytes follow.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Question {
    pub(super) what: What,
    /// Bytes that follow.
    pub(super) length: u64,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) enum What {
    /// Everything that a scan compares.
    Read {
        name: Option<String>,
        media: Option<Media>,
        digest: String,
    },
    /// A small JPEG of it.
    Thumbnail { side_px: u32 },
    /// The ISCC of a picture.
    Iscc,
}

/// What comes back, if anything.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Answer {
    /// Whether there is an answer.
    pub(super) is_there: bool,
    /// Bytes that follow.
    pub(super) length: u64,
}

impl Answer {
    pub(super) const NONE: Self = Self {
        is_there: false,
        length: 0,
    };
}

/// The end of a name that is long beyond reason.
pub(super) fn short(name: &str) -> &str {
    let mut start = name.len().saturating_sub(NAME_BYTES_MAX);
    while !name.is_char_boundary(start) {
        start += 1;
    }
    &name[start..]
}

pub(super) fn send(to: &mut impl Write, head: &impl Serialize, bytes: &[u8]) -> io::Result<()> {
    let head = serde_json::to_vec(head)?;
    let length = u32::try_from(head.len()).map_err(|_| io::ErrorKind::InvalidInput)?;
    let (first, rest) = bytes.split_at(bytes.len().min(TOGETHER_BYTES));
    let message = [&length.to_le_bytes(), head.as_slice(), first].concat();
    to.write_all(&message)?;
    to.write_all(rest)?;
    to.flush()
}

/// The next head; `None` where the other side has gone.
pub(super) fn head<T: DeserializeOwned>(from: &mut impl Read) -> io::Result<Option<T>> {
    let mut length = [0; 4];
    match from.read_exact(&mut length) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        other => other?,
    }
    let length = u32::from_le_bytes(length);
    if length > HEAD_BYTES_MAX {
        return Err(nonsense());
    }
    let head = bytes(from, u64::from(length), u64::from(HEAD_BYTES_MAX))?;
    Ok(Some(serde_json::from_slice(&head)?))
}

/// So many bytes. Memory is taken as they arrive, whatever the head announced.
pub(super) fn bytes(from: &mut impl Read, length: u64, most: u64) -> io::Result<Vec<u8>> {
    if length > most {
        return Err(nonsense());
    }
    let mut bytes = Vec::with_capacity(length.min(64 << 20) as usize);
    from.take(length).read_to_end(&mut bytes)?;
    if bytes.len() as u64 == length {
        Ok(bytes)
    } else {
        Err(io::ErrorKind::UnexpectedEof.into())
    }
}

pub(super) fn certificates(from: &mut impl Read, length: u64) -> io::Result<String> {
    String::from_utf8(bytes(from, length, PEM_BYTES_MAX)?).map_err(|_| nonsense())
}

/// A reading, as postcard writes it (<https://postcard.jamesmunns.com/wire-format>).
pub(super) fn written(reading: Reading) -> io::Result<Vec<u8>> {
    let stated = Stated::of(reading)?;
    postcard::to_stdvec(&stated).map_err(io::Error::other)
}

/// What [`written`] wrote, held to the bounds of what a stranger may say.
pub(super) fn read(written: &[u8]) -> io::Result<Reading> {
    let (stated, rest): (Stated, _) =
        postcard::take_from_bytes(written).map_err(io::Error::other)?;
    if !rest.is_empty() {
        return Err(nonsense());
    }
    let refused = |wrong: &str| {
        let detail = format!("the decoding process answered: {wrong}");
        Unreadable::new(Reason::Crashed, detail)
    };
    Ok(stated.checked(&refused))
}

pub(super) fn nonsense() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "an answer that is none")
}
