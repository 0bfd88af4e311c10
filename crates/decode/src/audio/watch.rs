//! A reader that stops at a deadline and remembers why reading failed.

use std::io::{self, ErrorKind, Read, Seek, SeekFrom};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use symphonia::core::io::MediaSource;

use crate::source::unreadable_file;
use crate::{Reason, Unreadable};

/// Time allowed for one item, shared between the decoding loop and its byte source, because a
/// demuxer may read on for long between two packets.
pub(super) struct Watch {
    deadline: Option<Instant>,
    limit_ms: u64,
    trouble: OnceLock<Unreadable>,
}

impl Watch {
    pub(super) fn new(limit_ms: u64) -> Self {
        let deadline = Instant::now().checked_add(Duration::from_millis(limit_ms));
        Self {
            deadline,
            limit_ms,
            trouble: OnceLock::new(),
        }
    }

    /// Whether time is left and no read has failed.
    pub(super) fn is_running(&self) -> bool {
        if self
            .deadline
            .is_some_and(|deadline| Instant::now() >= deadline)
        {
            let detail = format!("not decoded within {} ms", self.limit_ms);
            self.note(Unreadable::new(Reason::Timeout, detail));
        }
        self.trouble.get().is_none()
    }

    /// What stopped reading, if it was not the content.
    pub(super) fn trouble(&self) -> Option<Unreadable> {
        self.trouble.get().cloned()
    }

    fn note(&self, trouble: Unreadable) {
        // The first trouble is the cause; what follows it are consequences.
        drop(self.trouble.set(trouble));
    }
}

/// A byte source under a [`Watch`].
pub(super) struct Watched {
    inner: Box<dyn MediaSource>,
    watch: Arc<Watch>,
    is_forward_only: bool,
}

impl Watched {
    pub(super) fn new(inner: Box<dyn MediaSource>, watch: &Arc<Watch>) -> Self {
        Self {
            inner,
            watch: Arc::clone(watch),
            is_forward_only: false,
        }
    }

    /// The same source as if it came through a pipe, of unknown length.
    pub(super) fn forward_only(self) -> Self {
        Self {
            is_forward_only: true,
            ..self
        }
    }

    /// The first bytes, up to `most`; reading then starts over.
    pub(super) fn read_head(&mut self, most: usize) -> io::Result<Vec<u8>> {
        let mut head = Vec::with_capacity(most);
        self.by_ref().take(most as u64).read_to_end(&mut head)?;
        self.rewind()?;
        Ok(head)
    }
}

impl Read for Watched {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if !self.watch.is_running() {
            return Err(ErrorKind::TimedOut.into());
        }
        let outcome = self.inner.read(buffer);
        if let Err(error) = &outcome
            && error.kind() != ErrorKind::Interrupted
        {
            self.watch.note(unreadable_file(error));
        }
        outcome
    }
}

impl Seek for Watched {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        self.inner.seek(position)
    }
}

impl MediaSource for Watched {
    fn is_seekable(&self) -> bool {
        !self.is_forward_only && self.inner.is_seekable()
    }

    fn byte_len(&self) -> Option<u64> {
        if self.is_forward_only {
            None
        } else {
            self.inner.byte_len()
        }
    }
}
