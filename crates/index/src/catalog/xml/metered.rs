//! What the parser reads, counted: lines, and the bytes of one piece.

use std::io::{self, BufRead, Read};

/// The longest piece that is read (a text, a tag, a comment), in bytes.
const LONGEST_PIECE: usize = 8 << 20;

/// Counts lines, and stops a single piece from filling the memory: the rest of a text is dropped
/// up to the next markup.
pub(super) struct Metered<R> {
    input: R,
    line: u64,
    piece_bytes: usize,
    is_cut: bool,
}

impl<R: BufRead> Metered<R> {
    pub(super) fn new(input: R) -> Self {
        Self {
            input,
            line: 1,
            piece_bytes: 0,
            is_cut: false,
        }
    }

    /// A new piece begins.
    pub(super) fn begin(&mut self) {
        self.piece_bytes = 0;
        self.is_cut = false;
    }

    /// The line that is being read, from 1.
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    /// Whether the piece was too long and lost a part.
    pub(super) fn is_cut(&self) -> bool {
        self.is_cut
    }

    fn drop_text(&mut self) -> io::Result<()> {
        loop {
            let available = self.input.fill_buf()?;
            if available.is_empty() {
                return Ok(());
            }
            let markup = available.iter().position(|&byte| byte == b'<');
            let dropped = markup.unwrap_or(available.len());
            self.line += lines(&available[..dropped]);
            self.input.consume(dropped);
            if markup.is_some() {
                return Ok(());
            }
        }
    }
}

fn lines(bytes: &[u8]) -> u64 {
    bytes.split(|&byte| byte == b'\n').skip(1).count() as u64
}

impl<R: BufRead> BufRead for Metered<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.piece_bytes > LONGEST_PIECE {
            // In a text this happens once; a tag or a section goes on after the next markup.
            if self.is_cut {
                return Err(io::Error::other(super::TOO_LONG));
            }
            self.is_cut = true;
            self.piece_bytes = 0;
            self.drop_text()?;
        }
        self.input.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        // These bytes were handed out already, so nothing is read and nothing can fail.
        if let Ok(available) = self.input.fill_buf() {
            self.line += lines(&available[..amount.min(available.len())]);
        }
        self.piece_bytes += amount;
        self.input.consume(amount);
    }
}

impl<R: BufRead> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let read = available.len().min(buffer.len());
        buffer[..read].copy_from_slice(&available[..read]);
        self.consume(read);
        Ok(read)
    }
}
