//! A remote file as something to read and to seek in.

use std::fmt;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;

use bytes::{Bytes, BytesMut};

use super::blocks::{BLOCK_BYTES, Blocks};
use super::object::{Failure, Object};
use super::world::World;

/// Reads a version of a remote file. Copies read for themselves.
#[derive(Clone)]
pub(crate) struct Reader {
    world: &'static World,
    blocks: Arc<Blocks>,
    object: Arc<Object>,
    position: u64,
    /// The block that was read last, and its number.
    block: Option<(u64, Bytes)>,
}

impl fmt::Debug for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}", self.object.address, self.position)
    }
}

impl Reader {
    pub(super) fn new(world: &'static World, blocks: &Arc<Blocks>, object: Arc<Object>) -> Self {
        Self {
            world,
            blocks: Arc::clone(blocks),
            object,
            position: 0,
            block: None,
        }
    }

    /// Length of the file in bytes.
    pub(crate) fn len(&self) -> u64 {
        self.object.bytes
    }

    /// Bytes from a place on, all of them.
    pub(crate) fn bytes_at(&self, start: u64, length: usize) -> io::Result<Bytes> {
        let mut reader = self.clone();
        reader.position = start;
        let first = reader.there()?;
        if first.len() >= length {
            return Ok(first.slice(..length));
        }
        let mut bytes = BytesMut::new();
        while bytes.len() < length {
            let there = reader.there()?;
            let step = there.len().min(length - bytes.len());
            if step == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            bytes.extend_from_slice(there.get(..step).unwrap_or_default());
            reader.position += step as u64;
        }
        Ok(bytes.freeze())
    }

    /// What there is of the block at the position, from there on; nothing at the end of the file.
    fn there(&mut self) -> io::Result<Bytes> {
        if self.position >= self.object.bytes {
            return Ok(Bytes::new());
        }
        let number = self.position / BLOCK_BYTES;
        let known = self.block.as_ref().filter(|(known, _)| *known == number);
        let bytes = if let Some((_, bytes)) = known {
            bytes.clone()
        } else {
            let before = self.block.as_ref().map(|(known, _)| *known);
            let goes_forward = before.is_some_and(|before| before + 1 == number);
            let bytes = self.fetch(number, goes_forward)?;
            self.block = Some((number, bytes.clone()));
            bytes
        };
        let from = (self.position % BLOCK_BYTES) as usize;
        Ok(bytes.slice(from.min(bytes.len())..))
    }

    fn fetch(&self, number: u64, goes_forward: bool) -> io::Result<Bytes> {
        let address = &self.object.address;
        if let Some(detail) = self.world.failure(address) {
            return Err(io::Error::other(detail));
        }
        let found = self.blocks.get(&self.object, number, goes_forward);
        found.map_err(|failure| {
            let detail = match failure {
                Failure::Missing => "is gone".to_owned(),
                Failure::Other(detail) => detail,
            };
            self.world.fail(address, &detail);
            io::Error::other(detail)
        })
    }
}

impl Read for Reader {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let there = self.there()?;
        let step = there.len().min(into.len());
        if let (Some(to), Some(from)) = (into.get_mut(..step), there.get(..step)) {
            to.copy_from_slice(from);
        }
        self.position += step as u64;
        Ok(step)
    }
}

impl Seek for Reader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let position = match to {
            SeekFrom::Start(position) => Some(position),
            SeekFrom::End(offset) => self.object.bytes.checked_add_signed(offset),
            SeekFrom::Current(offset) => self.position.checked_add_signed(offset),
        };
        self.position = position.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.position)
    }
}
