//! Files that are read forward: plain, or compressed with gzip or Zstandard.
//!
//! Everything that is read front to back is opened here, so that another kind of store needs to
//! give bytes from an offset on and nothing else.

use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use clearance_decode::{Reason, Unreadable};
use flate2::bufread::MultiGzDecoder;

use super::Input;

/// How much is read at a time.
const BUFFER_BYTES: usize = 256 << 10;
/// What a compressed file may expand to whatever its length ...
const FREE_BYTES: u64 = 4 << 30;
/// ... and how many times its own length beyond that. Texts come to 20, and gzip cannot exceed 1,032.
const MOST_EXPANSION: u64 = 400;

/// How a file is compressed as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Codec {
    Plain,
    /// RFC 1952, of one member or several.
    Gzip,
    /// RFC 8878, of one frame or several.
    Zstd,
}

impl Codec {
    fn name(self) -> &'static str {
        match self {
            Self::Plain => "file",
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        }
    }
}

/// A file that is read forward. Offsets count bytes after unpacking.
pub(crate) struct Stream {
    path: PathBuf,
    codec: Codec,
    input: Box<dyn BufRead + Send>,
    position: u64,
}

impl Stream {
    pub(crate) fn open(path: &Path, codec: Codec) -> io::Result<Self> {
        Self::open_at(path, codec, 0)
    }

    /// Opens a file at an offset. Compressed files are unpacked up to there.
    fn open_at(path: &Path, codec: Codec, offset: u64) -> io::Result<Self> {
        let mut file = Input::open(path)?;
        let input: Box<dyn BufRead + Send> = match codec {
            Codec::Plain => {
                file.seek(SeekFrom::Start(offset))?;
                Box::new(BufReader::with_capacity(BUFFER_BYTES, file))
            }
            Codec::Gzip | Codec::Zstd => unpacking(file, codec)?,
        };
        let mut stream = Self {
            path: path.to_owned(),
            codec,
            input,
            position: if codec == Codec::Plain { offset } else { 0 },
        };
        stream.skip(offset - stream.position)?;
        Ok(stream)
    }

    /// Bytes before the next one that is read.
    pub(crate) fn position(&self) -> u64 {
        self.position
    }

    /// Goes to an offset: forward in what is unpacked, from the beginning otherwise.
    pub(crate) fn go_to(&mut self, offset: u64) -> io::Result<()> {
        if offset == self.position {
            return Ok(());
        }
        if self.codec != Codec::Plain && offset > self.position {
            return self.skip(offset - self.position);
        }
        *self = Self::open_at(&self.path, self.codec, offset)?;
        Ok(())
    }

    /// Leaves out bytes. An end before them is an error.
    pub(crate) fn skip(&mut self, mut bytes: u64) -> io::Result<()> {
        while bytes > 0 {
            let there = self.fill_buf()?.len();
            if there == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let step = (there as u64).min(bytes);
            self.consume(step as usize);
            bytes -= step;
        }
        Ok(())
    }

    /// What an error while reading says of the file.
    pub(crate) fn damage(&self, error: &io::Error) -> Unreadable {
        if let Some(limit) = error.get_ref().and_then(|it| it.downcast_ref::<Expands>()) {
            return Unreadable::new(Reason::Limit, limit.to_string());
        }
        if let Some(wrong) = error
            .get_ref()
            .and_then(|it| it.downcast_ref::<Malformed>())
        {
            return Unreadable::new(Reason::Corrupt, wrong.to_string());
        }
        let name = self.codec.name();
        if error.kind() == io::ErrorKind::UnexpectedEof {
            let detail = format!("the {name} ends early; get the whole file again");
            return Unreadable::new(Reason::Corrupt, detail);
        }
        match self.codec {
            Codec::Plain => Unreadable::new(Reason::Io, error.kind().to_string()),
            _ => Unreadable::new(Reason::Corrupt, format!("{name}: {error}")),
        }
    }
}

impl Read for Stream {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(into)?;
        self.position += read as u64;
        Ok(read)
    }
}

impl BufRead for Stream {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.input.fill_buf()
    }

    fn consume(&mut self, bytes: usize) {
        self.position += bytes as u64;
        self.input.consume(bytes);
    }
}

fn unpacking(file: Input, codec: Codec) -> io::Result<Box<dyn BufRead + Send>> {
    let packed = Arc::new(AtomicU64::new(0));
    let counted = Counted {
        file,
        packed: Arc::clone(&packed),
    };
    let counted = BufReader::with_capacity(BUFFER_BYTES, counted);
    let unpacked: Box<dyn Read + Send> = match codec {
        Codec::Zstd => Box::new(zstd::stream::read::Decoder::with_buffer(counted)?),
        _ => Box::new(MultiGzDecoder::new(counted)),
    };
    let bounded = Bounded {
        unpacked,
        packed,
        bytes: 0,
    };
    Ok(Box::new(BufReader::with_capacity(BUFFER_BYTES, bounded)))
}

/// Counts what is taken from the file.
struct Counted {
    file: Input,
    packed: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(into)?;
        self.packed.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

/// Stops where a file unpacks to more than anybody would have packed.
struct Bounded {
    unpacked: Box<dyn Read + Send>,
    packed: Arc<AtomicU64>,
    bytes: u64,
}

#[derive(Debug, thiserror::Error)]
#[error(
    "unpacks to more than {MOST_EXPANSION} times its length; unpack it yourself and give the plain file if that is meant"
)]
struct Expands;

/// What is wrong with a file as a whole, told by who reads it.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Malformed(pub(crate) &'static str);

impl Read for Bounded {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.unpacked.read(into)?;
        self.bytes += read as u64;
        let packed = self.packed.load(Ordering::Relaxed);
        if self.bytes > FREE_BYTES.saturating_add(packed.saturating_mul(MOST_EXPANSION)) {
            return Err(io::Error::other(Expands));
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests;
