//! XML catalogs, read as a stream: one record element at a time becomes a small tree.
//!
//! What strangers can do with XML is bounded here. Entities are never declared, looked up or
//! expanded: the five of XML itself and character references are all there is. Depth, the length
//! of one text and the size of one record have limits, and memory follows the largest record,
//! not the file.

mod metered;
mod tree;

use std::fs::File;
use std::io::Read;
use std::path::Path;

use clearance_decode::{TextEncoding, Utf8Reader};
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::Rows;
use crate::error::{Error, Result};
use metered::Metered;
pub(super) use tree::Element;

/// Elements inside each other; the standards read here need about a dozen.
const DEEPEST: usize = 64;
/// The most that one record may occupy, in bytes.
const LARGEST_RECORD: usize = 16 << 20;
/// Attributes of one element; the standards read here have fewer than ten.
const MOST_ATTRIBUTES: usize = 64;
/// Longest name of an element, in bytes.
const LONGEST_NAME: usize = 256;
/// Said of a piece that cannot be shortened.
const TOO_LONG: &str = "a tag or section is longer than 8 MiB";
/// How much of a file its XML declaration is looked for in.
const HEAD_BYTES: u64 = 1024;

/// Opens an XML catalog of any standard that its root element names.
pub(super) fn open(path: &Path) -> Result<Rows> {
    let (reader, root) = XmlReader::open(path)?;
    match root.name.as_str() {
        "NewReleaseMessage" => super::ddex::open(path, reader, &root),
        "ONIXMessage" | "ONIXmessage" => super::onix::open(path, reader, &root),
        other => Err(Error::catalog(
            path,
            format!(
                "the root element {other:?} is none that is read: a DDEX NewReleaseMessage or an ONIXMessage"
            ),
        )),
    }
}

/// Trouble with a record, or with all that follows it.
#[derive(Debug)]
pub(super) struct Fault {
    /// Line in the file, from 1.
    pub(super) line: u64,
    pub(super) reason: String,
    /// Whether nothing after it can be read.
    pub(super) is_last: bool,
}

/// A stream of record elements.
pub(super) struct XmlReader {
    reader: Reader<Metered<Utf8Reader<File>>>,
    buffer: Vec<u8>,
    /// Names of the open elements, outermost first.
    path: Vec<String>,
    ended: bool,
}

/// What the parser found, as far as anybody here asks.
enum Piece {
    Start(Element),
    End,
    Text(String),
    /// Something that spoils the record it stands in.
    Bad(String),
    Doctype(String),
    Nothing,
    EndOfFile,
}

impl XmlReader {
    /// Opens a file and reads to its root element.
    pub(super) fn open(path: &Path) -> Result<(Self, Element)> {
        let mut head = Vec::new();
        File::open(path)
            .and_then(|file| file.take(HEAD_BYTES).read_to_end(&mut head))
            .map_err(Error::io(path))?;
        let encoding = TextEncoding::of_xml(&head).map_err(|label| {
            Error::catalog(path, format!("declares the unknown encoding {label:?}"))
        })?;
        let file = File::open(path).map_err(Error::io(path))?;
        let mut reader = Reader::from_reader(Metered::new(Utf8Reader::new(file, encoding)));
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        // It comes as text with an & in it, which spoils one record and not the file.
        config.allow_dangling_amp = true;
        let mut reader = Self {
            reader,
            buffer: Vec::new(),
            path: Vec::new(),
            ended: false,
        };
        let root = reader
            .root()
            .map_err(|fault| Error::catalog(path, fault.reason))?;
        Ok((reader, root))
    }

    fn root(&mut self) -> std::result::Result<Element, Fault> {
        loop {
            match self.piece()? {
                Piece::Start(root) => {
                    self.path.push(root.name.clone());
                    return Ok(root);
                }
                Piece::Doctype(text) if text.contains('[') => {
                    return Err(self.last(
                        "declares entities or elements of its own in a DOCTYPE, which is not read",
                    ));
                }
                // A DOCTYPE that only names the standard's schema; it is not fetched.
                Piece::Doctype(_) | Piece::Nothing | Piece::Text(_) => {}
                Piece::Bad(_) | Piece::End | Piece::EndOfFile => {
                    return Err(self.last("not XML: no root element"));
                }
            }
        }
    }

    /// The next element that `wanted` picks by the names of the elements around it, outermost
    /// first, and its own. Elements inside it that `unread` names are left out with all they
    /// hold. `None` at the end of the file.
    pub(super) fn next(
        &mut self,
        wanted: impl Fn(&[String], &str) -> bool,
        unread: impl Fn(&str) -> bool,
    ) -> Option<std::result::Result<Element, Fault>> {
        if self.ended {
            return None;
        }
        let found = self.find(wanted, unread).transpose();
        self.ended =
            !matches!(&found, Some(Ok(_))) && !matches!(&found, Some(Err(fault)) if !fault.is_last);
        found
    }

    fn find(
        &mut self,
        wanted: impl Fn(&[String], &str) -> bool,
        unread: impl Fn(&str) -> bool,
    ) -> std::result::Result<Option<Element>, Fault> {
        loop {
            match self.piece()? {
                Piece::Start(element) if wanted(&self.path, &element.name) => {
                    return self.record(element, unread).map(Some);
                }
                Piece::Start(element) => {
                    self.check_depth(self.path.len())?;
                    self.path.push(element.name);
                }
                Piece::End => {
                    self.path.pop();
                }
                Piece::Doctype(_) => return Err(self.last("a DOCTYPE inside the document")),
                Piece::EndOfFile => {
                    return match self.path.last() {
                        None => Ok(None),
                        Some(name) => Err(self.last(&format!("the file ends inside <{name}>"))),
                    };
                }
                Piece::Text(_) | Piece::Bad(_) | Piece::Nothing => {}
            }
        }
    }

    /// Reads a record to its end. What spoils it is reported only then, so that the next record
    /// is found.
    fn record(
        &mut self,
        first: Element,
        unread: impl Fn(&str) -> bool,
    ) -> std::result::Result<Element, Fault> {
        let (line, name) = (first.line, first.name.clone());
        let mut bad = None;
        let mut bytes = first.bytes();
        let mut open = vec![first];
        // Levels below an element that nobody reads.
        let mut below = 0;
        loop {
            match self.piece()? {
                Piece::Start(element) => {
                    self.check_depth(self.path.len() + open.len() + below)?;
                    if below > 0 || bad.is_some() || unread(&element.name) {
                        below += 1;
                    } else {
                        bytes += element.bytes();
                        open.push(element);
                    }
                }
                Piece::End if below > 0 => below -= 1,
                Piece::End => match (open.pop(), open.last_mut()) {
                    (Some(done), Some(parent)) => parent.children.push(done),
                    (Some(done), None) => {
                        return match bad {
                            None => Ok(done),
                            Some(reason) => Err(Fault {
                                line,
                                reason,
                                is_last: false,
                            }),
                        };
                    }
                    (None, _) => return Err(self.last("an end without a start")),
                },
                Piece::Text(text) if below == 0 && bad.is_none() => {
                    bytes += text.len();
                    if let Some(element) = open.last_mut() {
                        element.text.push_str(&text);
                    }
                }
                Piece::Bad(reason) if below == 0 => bad = bad.or(Some(reason)),
                Piece::Text(_) | Piece::Bad(_) | Piece::Nothing => {}
                Piece::Doctype(_) => return Err(self.last("a DOCTYPE inside the document")),
                Piece::EndOfFile => {
                    return Err(self.last(&format!("the file ends inside <{name}>")));
                }
            }
            if bytes > LARGEST_RECORD && bad.is_none() {
                bad = Some(format!("<{name}> is larger than 16 MiB"));
                // Its own end is still waited for, so the places stay, emptied.
                for element in &mut open {
                    element.children = Vec::new();
                    element.text = String::new();
                }
            }
        }
    }

    fn check_depth(&mut self, depth: usize) -> std::result::Result<(), Fault> {
        if depth < DEEPEST {
            return Ok(());
        }
        Err(self.last(&format!("elements are nested deeper than {DEEPEST}")))
    }

    fn last(&self, reason: &str) -> Fault {
        Fault {
            line: self.reader.get_ref().line(),
            reason: reason.to_owned(),
            is_last: true,
        }
    }

    fn piece(&mut self) -> std::result::Result<Piece, Fault> {
        self.buffer.clear();
        self.reader.get_mut().begin();
        let line = self.reader.get_ref().line();
        let event = self.reader.read_event_into(&mut self.buffer);
        let is_cut = self.reader.get_ref().is_cut();
        let fault = |reason: String| Fault {
            line,
            reason,
            is_last: true,
        };
        let event = match event {
            Ok(event) => event,
            // What was cut off is why the rest makes no sense.
            Err(_) if is_cut => return Err(fault(TOO_LONG.to_owned())),
            Err(error) => return Err(fault(format!("not well-formed XML: {error}"))),
        };
        match event {
            Event::Text(_) | Event::GeneralRef(_) if is_cut => {
                Ok(Piece::Bad("a text is longer than 8 MiB".to_owned()))
            }
            _ if is_cut => Err(fault(TOO_LONG.to_owned())),
            Event::Start(start) => element(&start, line).map(Piece::Start).map_err(fault),
            Event::End(_) => Ok(Piece::End),
            Event::Text(text) if text.contains('&') => {
                Ok(Piece::Bad("an & that is not written &amp;".to_owned()))
            }
            Event::Text(text) => Ok(content(text.xml10_content().into_owned())),
            Event::CData(text) => Ok(content(text.xml10_content().into_owned())),
            Event::GeneralRef(reference) => Ok(referred(&reference)),
            Event::DocType(text) => Ok(Piece::Doctype(text.to_string())),
            Event::Eof => Ok(Piece::EndOfFile),
            Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {
                Ok(Piece::Nothing)
            }
        }
    }
}

fn content(text: String) -> Piece {
    if text.contains('\u{fffd}') {
        return Piece::Bad("a damaged character, or another encoding than declared".to_owned());
    }
    Piece::Text(text)
}

fn referred(reference: &BytesRef<'_>) -> Piece {
    if let Ok(Some(letter)) = reference.resolve_char_ref() {
        return Piece::Text(letter.to_string());
    }
    let name: &str = reference;
    if let Some(text) = resolve_predefined_entity(name) {
        return Piece::Text(text.to_owned());
    }
    let name: String = name.chars().take(40).collect();
    Piece::Bad(format!("the entity &{name}; is not one of XML itself"))
}

/// An element with its attributes; the error says why the file is given up.
fn element(start: &BytesStart<'_>, line: u64) -> std::result::Result<Element, String> {
    let name = start.name();
    let name: &str = name.as_ref();
    if name.len() > LONGEST_NAME {
        return Err("the name of an element is longer than 256 bytes".to_owned());
    }
    let mut element = Element {
        line,
        prefix: name.rsplit_once(':').map(|(prefix, _)| prefix.to_owned()),
        name: name.rsplit(':').next().unwrap_or(name).to_owned(),
        ..Element::default()
    };
    // The check for doubles takes the square of their number.
    let mut attributes = start.attributes();
    for attribute in attributes.with_checks(false) {
        let attribute = attribute.map_err(|error| format!("not well-formed XML: {error}"))?;
        if element.attributes.len() == MOST_ATTRIBUTES {
            return Err(format!(
                "an element has more than {MOST_ATTRIBUTES} attributes"
            ));
        }
        let value = attribute
            .normalized_value(XmlVersion::Implicit1_0)
            .map_err(|error| format!("not well-formed XML: {error}"))?;
        let key: &str = attribute.key.as_ref();
        element
            .attributes
            .push((key.to_owned(), value.into_owned()));
    }
    Ok(element)
}

#[cfg(test)]
mod tests;
