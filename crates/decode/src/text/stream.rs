//! Files of text that are too long to be held: any encoding to a stream of UTF-8.

use std::io::{self, BufRead, Read};

use encoding_rs::{Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::encoding::detect;

/// Bytes read at a time.
const CHUNK_BYTES: usize = 1 << 16;
/// How much of a file is looked at once it stops being plain ASCII.
const SAMPLE_BYTES: usize = 1 << 18;
/// How far into an XML file its declaration may end; far beyond what anybody writes.
const DECLARATION_BYTES: usize = 1024;

/// A character encoding of the WHATWG Encoding Standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextEncoding(&'static Encoding);

impl TextEncoding {
    /// UTF-8.
    pub const UTF_8: Self = Self(UTF_8);

    /// The encoding's name in the standard: `UTF-8`, `windows-1252`.
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// The encoding of a text: by its byte order mark, by being valid or almost valid UTF-8, by
    /// the zeros of UTF-16, and guessed otherwise. Reads as far as the first byte that is not
    /// plain ASCII and 256 KiB beyond, in constant memory; `None` for bytes that are not text.
    pub fn detect(input: &mut impl BufRead) -> io::Result<Option<Self>> {
        let mut sample = Vec::new();
        loop {
            let chunk = input.fill_buf()?;
            if chunk.is_empty() {
                break;
            }
            let is_plain = chunk.iter().all(|&byte| byte.is_ascii() && byte != 0);
            // Plain chunks before the first letter that tells are of no use to a guess.
            if is_plain && sample.is_empty() {
                let read = chunk.len();
                input.consume(read);
                continue;
            }
            let wanted = SAMPLE_BYTES - sample.len();
            let taken = chunk.len().min(wanted);
            sample.extend_from_slice(&chunk[..taken]);
            input.consume(taken);
            if sample.len() == SAMPLE_BYTES {
                break;
            }
        }
        if sample.is_empty() {
            return Ok(Some(Self::UTF_8));
        }
        let is_cut = sample.len() == SAMPLE_BYTES;
        Ok(detect(&sample, is_cut).map(|guess| Self(guess.encoding)))
    }

    /// The encoding of an XML file, from its first kilobyte: byte order mark, the zeros of UTF-16,
    /// or the declaration (XML 1.0, appendix F.1); UTF-8 where nothing is declared. The error is
    /// the declared name, when no encoding has it.
    pub fn of_xml(head: &[u8]) -> Result<Self, String> {
        if let Some((encoding, _)) = Encoding::for_bom(head) {
            return Ok(Self(encoding));
        }
        if head.starts_with(b"<\0") {
            return Ok(Self(UTF_16LE));
        }
        if head.starts_with(b"\0<") {
            return Ok(Self(UTF_16BE));
        }
        let Some(label) = declared(head) else {
            return Ok(Self::UTF_8);
        };
        let encoding = Encoding::for_label(label)
            .ok_or_else(|| String::from_utf8_lossy(label).into_owned())?;
        // A declaration that could be read in ASCII shows that a wide encoding was not used.
        Ok(if encoding.is_ascii_compatible() {
            Self(encoding)
        } else {
            Self::UTF_8
        })
    }
}

/// The name in `<?xml … encoding="name"?>`.
fn declared(head: &[u8]) -> Option<&[u8]> {
    let top = &head[..head.len().min(DECLARATION_BYTES)];
    let rest = top.strip_prefix(b"<?xml")?;
    let end = rest.windows(2).position(|pair| pair == b"?>")?;
    let declaration = &rest[..end];
    let word = b"encoding";
    let start = declaration
        .windows(word.len())
        .position(|window| window == word)?;
    let value = declaration[start + word.len()..]
        .trim_ascii_start()
        .strip_prefix(b"=")?
        .trim_ascii_start();
    let (&quote, value) = value.split_first()?;
    let end = value.iter().position(|&byte| byte == quote)?;
    Some(&value[..end])
}

/// Text of any encoding as UTF-8, read as it comes and in constant memory (128 KiB and a little).
///
/// A byte order mark is dropped, and wins over the encoding given. Bytes that the encoding does
/// not have become U+FFFD, so that what comes out is always UTF-8.
#[derive(Debug)]
pub struct Utf8Reader<R> {
    input: R,
    decoder: Decoder,
    raw: Box<[u8]>,
    raw_span: (usize, usize),
    text: Box<[u8]>,
    text_span: (usize, usize),
    state: State,
}

#[derive(Debug, PartialEq, Eq)]
enum State {
    Reading,
    /// Everything was read; the decoder may hold the last characters.
    Draining,
    Finished,
}

impl<R: Read> Utf8Reader<R> {
    /// Reads `input` as text in `encoding`.
    pub fn new(input: R, encoding: TextEncoding) -> Self {
        Self {
            input,
            decoder: encoding.0.new_decoder(),
            raw: vec![0; CHUNK_BYTES].into_boxed_slice(),
            raw_span: (0, 0),
            text: vec![0; CHUNK_BYTES].into_boxed_slice(),
            text_span: (0, 0),
            state: State::Reading,
        }
    }

    fn read_raw(&mut self) -> io::Result<()> {
        loop {
            match self.input.read(&mut self.raw) {
                Ok(read) => {
                    self.raw_span = (0, read);
                    if read == 0 {
                        self.state = State::Draining;
                    }
                    return Ok(());
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
}

impl<R: Read> BufRead for Utf8Reader<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.text_span.0 == self.text_span.1 && self.state != State::Finished {
            let (start, end) = self.raw_span;
            if start == end && self.state == State::Reading {
                self.read_raw()?;
                continue;
            }
            let is_last = self.state == State::Draining;
            let (result, read, written, _) =
                self.decoder
                    .decode_to_utf8(&self.raw[start..end], &mut self.text, is_last);
            self.raw_span.0 += read;
            self.text_span = (0, written);
            // The decoder must not be asked again after it has been told of the end and is done.
            if is_last && result == encoding_rs::CoderResult::InputEmpty {
                self.state = State::Finished;
            }
        }
        Ok(&self.text[self.text_span.0..self.text_span.1])
    }

    fn consume(&mut self, amount: usize) {
        self.text_span.0 = (self.text_span.0 + amount).min(self.text_span.1);
    }
}

impl<R: Read> Read for Utf8Reader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let read = available.len().min(buffer.len());
        buffer[..read].copy_from_slice(&available[..read]);
        self.consume(read);
        Ok(read)
    }
}

#[cfg(test)]
mod tests;
