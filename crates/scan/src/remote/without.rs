//! A program that was built without remote inputs.

use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use bytes::Bytes;

use super::{Beside, Listed, RemoteIdentity, error};
use crate::error::Result;

const NOT_BUILT: &str =
    "this program was built without remote inputs: build it with the feature remote";

/// There is none.
#[derive(Clone, Debug)]
pub(crate) enum Reader {}

impl Reader {
    pub(crate) fn len(&self) -> u64 {
        match *self {}
    }

    pub(crate) fn bytes_at(&self, _: u64, _: usize) -> io::Result<Bytes> {
        match *self {}
    }
}

impl Read for Reader {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        match *self {}
    }
}

impl Seek for Reader {
    fn seek(&mut self, _: SeekFrom) -> io::Result<u64> {
        match *self {}
    }
}

fn refused<T>(path: &Path) -> Result<T> {
    Err(error(&path.to_string_lossy(), NOT_BUILT))
}

pub(crate) fn open(path: &Path) -> io::Result<Reader> {
    refused(path).map_err(io::Error::other)
}

pub(crate) fn list(input: &str) -> Result<Vec<Listed>> {
    refused(Path::new(input))
}

pub(crate) fn identity_now(path: &Path) -> Result<RemoteIdentity> {
    refused(path)
}

pub(crate) fn planned_version(path: &Path) -> Result<Option<String>> {
    refused(path)
}

pub(crate) fn read_beside(path: &Path, _: u64) -> Result<Beside> {
    refused(path)
}

pub(crate) fn has_failed() -> bool {
    false
}

pub(crate) fn failure(_: &Path) -> Option<(String, String)> {
    None
}
