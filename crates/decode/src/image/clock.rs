//! The time a picture or a document may take, looked at wherever a decoder reads on.

use std::cell::Cell;
use std::io::{self, BufRead, Cursor, ErrorKind, Read, Seek, SeekFrom};
use std::time::{Duration, Instant};

use crate::{Limits, Reason, Unreadable};

/// Bytes handed out at once, so that a decoder comes back for more while it works.
const PIECE_BYTES: usize = 64 << 10;
/// Reads between two looks at the clock: some decoders fetch single bytes.
const READS_PER_LOOK: u32 = 64;

/// When the decoding of one picture, or of one document, must end.
pub(crate) struct Clock {
    deadline: Option<Instant>,
    limit_ms: u64,
    has_run_out: Cell<bool>,
}

impl Clock {
    pub(crate) fn start(limits: &Limits) -> Self {
        let limit_ms = limits.decode_time_ms;
        Self {
            deadline: Instant::now().checked_add(Duration::from_millis(limit_ms)),
            limit_ms,
            has_run_out: Cell::new(false),
        }
    }

    /// Refuses to go on once time is over.
    pub(crate) fn check(&self) -> Result<(), Unreadable> {
        let is_late = self
            .deadline
            .is_some_and(|deadline| Instant::now() >= deadline);
        if is_late {
            self.has_run_out.set(true);
        }
        if self.has_run_out.get() {
            let detail = format!("not decoded within {} ms", self.limit_ms);
            return Err(Unreadable::new(Reason::Timeout, detail));
        }
        Ok(())
    }

    /// The outcome of a decoder, or, if that was cut off, the reason: whatever the decoder makes
    /// of the missing bytes, it is not the picture's fault.
    pub(super) fn settle<T>(&self, outcome: Result<T, Unreadable>) -> Result<T, Unreadable> {
        if self.has_run_out.get() {
            self.check()?;
        }
        outcome
    }

    /// The bytes, for as long as there is time.
    pub(super) fn reader<'a>(&'a self, bytes: &'a [u8]) -> Timed<'a> {
        Timed {
            bytes: Cursor::new(bytes),
            clock: self,
            reads: 0,
        }
    }
}

/// Bytes that end when time does.
pub(super) struct Timed<'a> {
    bytes: Cursor<&'a [u8]>,
    clock: &'a Clock,
    reads: u32,
}

impl Timed<'_> {
    fn look(&mut self) -> io::Result<()> {
        let reads = self.reads;
        self.reads = reads.wrapping_add(1);
        if reads.is_multiple_of(READS_PER_LOOK) && self.clock.check().is_err() {
            return Err(ErrorKind::TimedOut.into());
        }
        Ok(())
    }
}

impl Read for Timed<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.look()?;
        self.bytes.read(buffer)
    }
}

impl BufRead for Timed<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.look()?;
        let rest = self.bytes.fill_buf()?;
        Ok(&rest[..rest.len().min(PIECE_BYTES)])
    }

    fn consume(&mut self, count: usize) {
        self.bytes.consume(count);
    }
}

impl Seek for Timed<'_> {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        self.bytes.seek(position)
    }
}

#[cfg(test)]
mod tests;
