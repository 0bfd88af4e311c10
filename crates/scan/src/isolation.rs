//! Decoding in processes of its own, so that what no guard stops costs one item.
//!
//! A guard stops a panic. It does not stop a decoder that runs out of memory, overflows its stack or
//! writes where it must not: these end the process. With [`Isolation`] the bytes of each item go to
//! a process that does nothing but read them (`clearance decode`), under limits of the system on its
//! memory and its time, and what comes back is a fingerprint. A process that ends takes one item
//! with it, which is asked of a fresh process once more, so that nobody else's trouble is blamed on
//! it, and is then unreadable (`crashed`). Everything else is as without: the same code reads the
//! items, and the same values come out.
//!
//! What travels is `wire`: lengths, a few words of JSON, the bytes; and back, what was learnt of an item, which is
//! held to the same bounds as what a fingerprint table from a stranger says (`stated`).

#[cfg(unix)]
mod pool;
#[cfg(unix)]
mod process;
#[cfg(unix)]
mod serving;
#[cfg(unix)]
mod wire;

#[cfg(not(unix))]
#[path = "isolation/absent.rs"]
mod pool;

use std::ffi::OsString;
use std::path::PathBuf;

pub(crate) use pool::DecoderPool;
pub use pool::serve_decoding;

/// Memory of a decoding process, at least: what it takes before it has read anything, and a picture.
pub const LEAST_DECODER_MEMORY: u64 = 256 << 20;

/// How items are decoded in processes of their own.
#[derive(Clone, Debug)]
pub struct Isolation {
    /// The program that calls [`serve_decoding`].
    pub program: PathBuf,
    /// Its arguments.
    pub arguments: Vec<OsString>,
    /// Address space of one process, in bytes; at least [`LEAST_DECODER_MEMORY`]. There are as many
    /// processes as threads.
    pub memory_bytes: u64,
}
