//! Where the system has no processes of the kind that is needed here.

use bytes::Bytes;
use clearance_decode::{Media, Unreadable};

use super::Isolation;
use crate::error::{Error, Result};
use crate::reading::{ItemBytes, Reader, Reading, Trouble};

/// There is none: [`DecoderPool::start`] says so.
pub(crate) enum DecoderPool {}

impl DecoderPool {
    pub(crate) fn start(_: &Isolation, _: &Reader<'_>) -> Result<Self> {
        Err(Error::Decoder {
            detail: "this system has no processes with limits".to_owned(),
        })
    }

    pub(crate) fn read(
        &self,
        _: &Bytes,
        _: Option<&str>,
        _: Option<Media>,
        _: ItemBytes,
    ) -> Reading {
        match *self {}
    }

    pub(crate) fn thumbnail(&self, _: &[u8], _: u32) -> std::result::Result<Vec<u8>, Unreadable> {
        match *self {}
    }

    pub(crate) fn iscc(&self, _: &[u8]) -> Option<String> {
        match *self {}
    }
}

/// Decodes for another process. Here it does nothing.
pub fn serve_decoding() -> std::io::Result<()> {
    Err(std::io::ErrorKind::Unsupported.into())
}
