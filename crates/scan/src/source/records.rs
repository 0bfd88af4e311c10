//! A stream cut into records: lines, elements of a JSON array, lines with breaks inside quotes.

use std::io::{self, BufRead};

use super::stream::{Malformed, Stream};

/// A record longer than this is not taken into memory: 64 MiB.
pub(crate) const LONGEST_RECORD: usize = 64 << 20;

/// What ends a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Splitting {
    /// A line feed.
    Lines,
    /// The end of an element of the one JSON array that the file is.
    Elements,
    /// A line feed outside of quotes (RFC 4180). Only a field that begins with a quote is quoted.
    Quoted { delimiter: u8 },
}

/// Where a record stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Record {
    /// Its first byte, counted after unpacking.
    pub(crate) offset: u64,
    /// Its first line, from 1.
    pub(crate) line: u64,
    /// Whether it was too long to be kept.
    pub(crate) is_too_long: bool,
}

/// Reads a stream record by record.
pub(crate) struct Records {
    stream: Stream,
    splitting: Splitting,
    line: u64,
    /// An error that came in the middle of a record, told after what there was of it.
    failed: Option<io::Error>,
    /// Whether the array was opened.
    is_inside: bool,
    /// Whether it was closed.
    ended: bool,
}

impl Records {
    /// Records from where the stream stands.
    pub(crate) fn new(stream: Stream, splitting: Splitting) -> Self {
        Self {
            stream,
            splitting,
            line: 1,
            failed: None,
            is_inside: false,
            ended: false,
        }
    }

    pub(crate) fn stream(&self) -> &Stream {
        &self.stream
    }

    /// Goes to a record that was read before: its offset and line.
    pub(crate) fn go_to(&mut self, offset: u64, line: u64) -> io::Result<()> {
        self.stream.go_to(offset)?;
        (self.line, self.failed, self.ended) = (line, None, false);
        self.is_inside = offset > 0;
        Ok(())
    }

    /// Reads a record with what ends it. What there is of a record that an error cuts off comes
    /// first, and then the error.
    pub(crate) fn next(&mut self, into: &mut Vec<u8>) -> io::Result<Option<Record>> {
        into.clear();
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        let mut cut = match self.splitting {
            Splitting::Lines => Cut::Line,
            Splitting::Quoted { delimiter } => Cut::Quoted(Quotes::new(delimiter)),
            Splitting::Elements => {
                if !self.find_element()? {
                    return Ok(None);
                }
                Cut::Element(Nesting::default())
            }
        };
        let mut record = Record {
            offset: self.stream.position(),
            line: self.line,
            is_too_long: false,
        };
        let mut length = 0;
        loop {
            let there = match self.stream.fill_buf() {
                Ok(there) => there,
                Err(error) if length == 0 => return Err(error),
                Err(error) => {
                    self.failed = Some(error);
                    break;
                }
            };
            if there.is_empty() {
                break;
            }
            let (mut taken, mut ends) = cut.take(there);
            if length + taken > LONGEST_RECORD {
                record.is_too_long = true;
                // A quote that nobody closed must not swallow the rest of the file.
                if let Cut::Quoted(_) = cut {
                    cut = Cut::Line;
                    (taken, ends) = cut.take(there);
                }
            }
            length += taken;
            if record.is_too_long {
                into.clear();
            } else {
                into.extend_from_slice(&there[..taken]);
            }
            self.line += memchr::memchr_iter(b'\n', &there[..taken]).count() as u64;
            self.stream.consume(taken);
            if ends {
                break;
            }
        }
        Ok((length > 0).then_some(record))
    }

    /// Goes over what stands between elements. An array that is not closed, and anything behind its
    /// end, is an error: what would be lost with it nobody could say.
    fn find_element(&mut self) -> io::Result<bool> {
        while !self.ended {
            let position = self.stream.position();
            let Some(&byte) = self.stream.fill_buf()?.first() else {
                self.ended = true;
                return if self.is_inside {
                    Err(io::ErrorKind::UnexpectedEof.into())
                } else {
                    Ok(false)
                };
            };
            match byte {
                // The mark that some editors put before UTF-8.
                0xef | 0xbb | 0xbf if position < 3 => {}
                b'[' if !self.is_inside => self.is_inside = true,
                b']' => {
                    self.stream.consume(1);
                    self.ended = true;
                    return self.check_end().map(|()| false);
                }
                b',' | b' ' | b'\t' | b'\r' => {}
                b'\n' => self.line += 1,
                _ => return Ok(true),
            }
            self.stream.consume(1);
        }
        Ok(false)
    }

    fn check_end(&mut self) -> io::Result<()> {
        loop {
            let there = self.stream.fill_buf()?;
            if there.is_empty() {
                return Ok(());
            }
            if !there.trim_ascii().is_empty() {
                let wrong = "bytes behind the end of the array; write one array, or a row a line";
                return Err(io::Error::other(Malformed(wrong)));
            }
            let length = there.len();
            self.stream.consume(length);
        }
    }
}

/// How far a record goes.
enum Cut {
    Line,
    Quoted(Quotes),
    Element(Nesting),
}

impl Cut {
    /// How many of these bytes belong to the record, and whether it ends with them.
    fn take(&mut self, there: &[u8]) -> (usize, bool) {
        match self {
            Self::Line => match memchr::memchr(b'\n', there) {
                Some(at) => (at + 1, true),
                None => (there.len(), false),
            },
            Self::Quoted(quotes) => quotes.take(there),
            Self::Element(nesting) => nesting.take(there),
        }
    }
}

/// Where in a line with quotes: as the parser of the csv crate sees it.
struct Quotes {
    delimiter: u8,
    state: Field,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Field {
    Start,
    Plain,
    Quoted,
    /// Behind a quote inside quotes: the end of the field, or half of a doubled quote.
    Quote,
}

impl Quotes {
    fn new(delimiter: u8) -> Self {
        Self {
            delimiter,
            state: Field::Start,
        }
    }

    fn take(&mut self, there: &[u8]) -> (usize, bool) {
        for (at, &byte) in there.iter().enumerate() {
            self.state = match (self.state, byte) {
                (Field::Quoted, b'"') => Field::Quote,
                (Field::Start | Field::Quote, b'"') | (Field::Quoted, _) => Field::Quoted,
                (_, b'\n') => return (at + 1, true),
                (_, byte) if byte == self.delimiter => Field::Start,
                _ => Field::Plain,
            };
        }
        (there.len(), false)
    }
}

/// How deep in an element of an array. What is no JSON is told by the parser.
#[derive(Default)]
struct Nesting {
    depth: u64,
    is_string: bool,
    is_escaped: bool,
}

impl Nesting {
    fn take(&mut self, there: &[u8]) -> (usize, bool) {
        for (at, &byte) in there.iter().enumerate() {
            if self.is_string {
                match byte {
                    _ if self.is_escaped => self.is_escaped = false,
                    b'\\' => self.is_escaped = true,
                    b'"' => self.is_string = false,
                    _ => {}
                }
                continue;
            }
            match byte {
                b'"' => self.is_string = true,
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' if self.depth > 1 => self.depth -= 1,
                b'}' | b']' if self.depth == 1 => return (at + 1, true),
                // A number or a word ends where the array goes on.
                b',' | b']' | b'\n' if self.depth == 0 => return (at, true),
                _ => {}
            }
        }
        (there.len(), false)
    }
}

#[cfg(test)]
mod tests;
