//! A dataset file to read and to seek in, wherever it is.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use bytes::Bytes;
use parquet::errors::{ParquetError, Result as ParquetResult};
use parquet::file::reader::{ChunkReader, Length};

use crate::error::{Error, Result};
use crate::remote;

/// How much of a remote file is taken out of its block at a time.
const BUFFER_BYTES: usize = 64 << 10;

/// A file of a dataset that is open, on this machine or behind an address.
#[derive(Debug)]
pub struct Input(Where);

#[derive(Debug)]
enum Where {
    Local(File),
    Remote(remote::Reader),
}

impl Input {
    /// Opens a file. One behind an address is the version that was there when a
    /// [`Plan`](crate::Plan) first saw it; that it was replaced since is an error of the reading.
    pub fn open(path: &Path) -> io::Result<Self> {
        Ok(Self(if remote::is_remote(path) {
            Where::Remote(remote::open(path)?)
        } else {
            Where::Local(File::open(path)?)
        }))
    }

    /// Its length in bytes.
    pub fn length(&self) -> io::Result<u64> {
        match &self.0 {
            Where::Local(file) => Ok(file.metadata()?.len()),
            Where::Remote(reader) => Ok(reader.len()),
        }
    }

    /// The same file once more. On this machine both have one position.
    #[cfg_attr(
        not(feature = "remote"),
        expect(
            unreachable_code,
            reason = "there are no such files without the feature"
        )
    )]
    pub fn try_clone(&self) -> io::Result<Self> {
        Ok(Self(match &self.0 {
            Where::Local(file) => Where::Local(file.try_clone()?),
            Where::Remote(reader) => Where::Remote(reader.clone()),
        }))
    }
}

/// Length of a dataset file in bytes.
pub(crate) fn length(path: &Path) -> Result<u64> {
    let opened = Input::open(path).and_then(|input| input.length());
    opened.map_err(Error::io(path))
}

impl Read for Input {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match &mut self.0 {
            Where::Local(file) => file.read(into),
            Where::Remote(reader) => reader.read(into),
        }
    }
}

impl Seek for Input {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match &mut self.0 {
            Where::Local(file) => file.seek(to),
            Where::Remote(reader) => reader.seek(to),
        }
    }
}

impl Length for Input {
    fn len(&self) -> u64 {
        self.length().unwrap_or(0)
    }
}

impl ChunkReader for Input {
    type T = BufReader<Self>;

    fn get_read(&self, start: u64) -> ParquetResult<Self::T> {
        let mut input = self.try_clone()?;
        input.seek(SeekFrom::Start(start))?;
        Ok(match &input.0 {
            Where::Local(_) => BufReader::new(input),
            Where::Remote(_) => BufReader::with_capacity(BUFFER_BYTES, input),
        })
    }

    fn get_bytes(&self, start: u64, length: usize) -> ParquetResult<Bytes> {
        match &self.0 {
            Where::Local(file) => file.get_bytes(start, length),
            Where::Remote(reader) => reader
                .bytes_at(start, length)
                .map_err(|error| ParquetError::External(Box::new(error))),
        }
    }
}
