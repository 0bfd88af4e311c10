//! A packet of XMP (ISO 16684-1) with a statement in it, made or merged.
//!
//! A packet that is there is not written anew: properties of ours that say something else are cut
//! out of its text, and one description is put at the end of its RDF.

use std::ops::Range;

use quick_xml::XmlVersion;
use quick_xml::escape::escape;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;
use quick_xml::reader::NsReader;

use crate::edits::Edits;
use crate::error::{Error, Result};
use crate::{Existing, Statement};

const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
const PLUS: &str = "http://ns.useplus.org/ldf/xmp/1.0/";
const TDM: &str = "http://www.w3.org/ns/tdmrep/";
const DC: &str = "http://purl.org/dc/elements/1.1/";
const RIGHTS: &str = "http://ns.adobe.com/xap/1.0/rights/";

/// Largest packet that is merged with; a reader of this program's takes no larger one.
const PACKET_BYTES_MAX: usize = 8 << 20;
/// Elements within elements.
const DEPTH_MAX: usize = 32;
/// Events of one packet.
const EVENTS_MAX: usize = 1 << 20;

/// How a property holds its value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Text,
    /// Alternatives by language, of which there is one.
    Language,
    /// A list without an order.
    Bag,
}

struct Property {
    namespace: &'static str,
    /// As it is written here: `plus:DataMining`.
    name: &'static str,
    form: Form,
    /// `None` for a property that is not written, but must not contradict either.
    value: Option<String>,
}

impl Property {
    fn full_name(&self) -> String {
        let local = self.name.split_once(':').map_or(self.name, |it| it.1);
        format!("{}{local}", self.namespace)
    }

    fn write(&self, value: &str, out: &mut String) {
        let (name, value) = (self.name, escape(value));
        let inner = match self.form {
            Form::Text => value.into_owned(),
            Form::Language => {
                format!("<rdf:Alt><rdf:li xml:lang=\"x-default\">{value}</rdf:li></rdf:Alt>")
            }
            Form::Bag => format!("<rdf:Bag><rdf:li>{value}</rdf:li></rdf:Bag>"),
        };
        for part in ["   <", name, ">", &inner, "</", name, ">\n"] {
            out.push_str(part);
        }
    }
}

fn properties(statement: &Statement) -> Vec<Property> {
    let new = |namespace, name, form, value: Option<String>| Property {
        namespace,
        name,
        form,
        value,
    };
    let url = &statement.policy_url;
    let has_tdmrep = statement.has_tdmrep();
    vec![
        new(PLUS, "plus:DataMining", Form::Text, statement.plus_term()),
        new(
            TDM,
            "tdm:reservation",
            Form::Text,
            has_tdmrep.then(|| "1".to_owned()),
        ),
        new(
            TDM,
            "tdm:policy",
            Form::Text,
            url.clone().filter(|_| has_tdmrep),
        ),
        new(DC, "dc:rights", Form::Language, statement.copyright.clone()),
        new(
            RIGHTS,
            "xmpRights:Marked",
            Form::Text,
            Some("True".to_owned()),
        ),
        new(
            RIGHTS,
            "xmpRights:Owner",
            Form::Bag,
            statement.owner.clone(),
        ),
        new(RIGHTS, "xmpRights:WebStatement", Form::Text, url.clone()),
    ]
}

/// The statement as a packet of its own.
pub(crate) fn new_packet(statement: &Statement) -> String {
    let written = properties(statement);
    let description = description("", &written);
    format!(
        "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n\
         <x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n \
         <rdf:RDF xmlns:rdf=\"{RDF}\">\n{description} </rdf:RDF>\n\
         </x:xmpmeta>\n<?xpacket end=\"w\"?>"
    )
}

/// A description of the resource `about` with every property that has a value.
fn description(about: &str, written: &[Property]) -> String {
    let mut out = format!("  <rdf:Description xmlns:rdf=\"{RDF}\" rdf:about=\"{about}\"");
    let mut declared = Vec::new();
    for property in written.iter().filter(|it| it.value.is_some()) {
        if !declared.contains(&property.namespace) {
            declared.push(property.namespace);
            let prefix = property.name.split_once(':').map_or("", |it| it.0);
            for part in ["\n    xmlns:", prefix, "=\"", property.namespace, "\""] {
                out.push_str(part);
            }
        }
    }
    out.push_str(">\n");
    for property in written {
        if let Some(value) = &property.value {
            property.write(value, &mut out);
        }
    }
    out.push_str("  </rdf:Description>\n");
    out
}

/// A packet with the statement in it: a new one, or `packet` with the statement added. `None` when
/// `packet` says all of it already.
pub(crate) fn merged(
    packet: Option<&[u8]>,
    statement: &Statement,
    existing: Existing,
) -> Result<Option<Vec<u8>>> {
    let Some(packet) = packet else {
        return Ok(Some(new_packet(statement).into_bytes()));
    };
    if packet.len() > PACKET_BYTES_MAX {
        let detail = format!("{} bytes of XMP", packet.len());
        return Err(Error::Limit(detail));
    }
    let text =
        std::str::from_utf8(packet).map_err(|_| Error::unsupported("XMP that is not in UTF-8"))?;
    let found = Found::read(text)?;
    let mut edits = Edits::default();
    let mut written = properties(statement);
    for property in &mut written {
        let full_name = property.full_name();
        let same_name = found.values.iter().filter(|it| it.name == full_name);
        let others: Vec<&Value> = same_name
            .clone()
            .filter(|it| property.value.as_ref() != Some(&it.text))
            .collect();
        let is_said = same_name.clone().count() > others.len();
        let is_declaration = [PLUS, TDM].contains(&property.namespace);
        if property.value.is_none() && !(existing == Existing::Replace && is_declaration) {
            continue;
        }
        if let (Some(other), Existing::Keep) = (others.first(), existing) {
            return Err(Error::contradicts(property.name, &other.text));
        }
        for other in others {
            edits.replace(other.range.clone(), "");
        }
        if is_said {
            property.value = None;
        }
    }
    if written.iter().any(|it| it.value.is_some()) {
        let about = escape(found.about.as_deref().unwrap_or_default()).into_owned();
        edits.insert(found.end, description(&about, &written));
    } else if edits.is_empty() {
        return Ok(None);
    }
    edits.apply(packet).map(Some)
}

/// A property of ours in a packet.
struct Value {
    /// Namespace and local name.
    name: String,
    text: String,
    /// What is cut out to remove it: an element, or an attribute with the blank before it.
    range: Range<usize>,
}

/// What a packet holds.
struct Found {
    values: Vec<Value>,
    /// What its descriptions are about.
    about: Option<String>,
    /// Where its RDF ends: the place of `</rdf:RDF>`.
    end: usize,
}

/// An element of ours that is open.
struct Open {
    name: String,
    start: usize,
    depth: usize,
    text: String,
}

impl Found {
    fn read(text: &str) -> Result<Self> {
        // A byte order mark before the packet is none of the reader's.
        let skipped = text.find('<').unwrap_or(text.len());
        let mut reader = NsReader::from_str(&text[skipped..]);
        let mut walk = Walk {
            text,
            found: Self {
                values: Vec::new(),
                about: None,
                end: 0,
            },
            path: Vec::new(),
            open: None,
        };
        for _ in 0..EVENTS_MAX {
            let start = skipped + reader.buffer_position() as usize;
            let event = reader.read_event().map_err(|error| malformed(&error))?;
            let end = skipped + reader.buffer_position() as usize;
            match event {
                Event::Start(tag) => walk.enter(&reader, &tag, start..end)?,
                Event::Empty(tag) => {
                    walk.enter(&reader, &tag, start..end)?;
                    walk.leave(end..end);
                }
                Event::End(_) => walk.leave(start..end),
                Event::Text(part) => walk.add(&part.xml10_content()),
                Event::CData(part) => walk.add(&part.xml10_content()),
                Event::GeneralRef(reference) => {
                    let letter = reference.resolve_char_ref().ok().flatten();
                    let name = reference.into_inner();
                    let known = quick_xml::escape::resolve_xml_entity(&name);
                    match letter {
                        Some(letter) => walk.add(letter.encode_utf8(&mut [0; 4])),
                        None => walk.add(known.ok_or_else(|| malformed(&"an unknown entity"))?),
                    }
                }
                Event::DocType(_) => return Err(malformed(&"a document type")),
                Event::Eof => return walk.finish(),
                _ => {}
            }
        }
        Err(Error::Limit(format!("XMP of more than {EVENTS_MAX} parts")))
    }
}

fn malformed(detail: &dyn std::fmt::Display) -> Error {
    Error::damaged(format!("its XMP is malformed ({detail})"))
}

/// What an open element is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    Outside,
    Rdf,
    Description,
    Inside,
}

struct Walk<'t> {
    text: &'t str,
    found: Found,
    path: Vec<Level>,
    open: Option<Open>,
}

impl Walk<'_> {
    fn enter(
        &mut self,
        reader: &NsReader<&[u8]>,
        tag: &BytesStart<'_>,
        range: Range<usize>,
    ) -> Result<()> {
        if self.path.len() >= DEPTH_MAX {
            return Err(Error::Limit(format!(
                "XMP deeper than {DEPTH_MAX} elements"
            )));
        }
        let (namespace, local) = reader.resolver().resolve_element(tag.name());
        let name = full_name(&namespace, local.into_inner());
        let level = match self.path.last() {
            Some(Level::Rdf) if name == format!("{RDF}Description") => Level::Description,
            Some(Level::Description) => {
                if is_ours(&name) {
                    self.open = Some(Open {
                        name,
                        start: range.start,
                        depth: self.path.len(),
                        text: String::new(),
                    });
                }
                Level::Inside
            }
            Some(Level::Rdf | Level::Inside) => Level::Inside,
            None | Some(Level::Outside) if name == format!("{RDF}RDF") => Level::Rdf,
            None | Some(Level::Outside) => Level::Outside,
        };
        match level {
            Level::Description => self.attributes(reader, tag, range.start)?,
            Level::Inside => self.resource(tag)?,
            _ => {}
        }
        self.path.push(level);
        Ok(())
    }

    /// Properties that are attributes of a description.
    fn attributes(
        &mut self,
        reader: &NsReader<&[u8]>,
        tag: &BytesStart<'_>,
        start: usize,
    ) -> Result<()> {
        // The tag's text stands behind its `<`.
        let places = attribute_ranges(tag, start + 1);
        for (attribute, range) in tag.attributes().with_checks(false).zip(places) {
            let attribute = attribute.map_err(|error| malformed(&error))?;
            let (namespace, local) = reader.resolver().resolve_attribute(attribute.key);
            let name = full_name(&namespace, local.into_inner());
            let is_about = name == format!("{RDF}about") || name == "about";
            if !is_about && !is_ours(&name) {
                continue;
            }
            let value = attribute.normalized_value(XmlVersion::Implicit1_0);
            let value = value.map_err(|error| malformed(&error))?;
            if is_about {
                self.found.about.get_or_insert_with(|| value.into_owned());
            } else if self.text.get(range.clone()).is_some() {
                self.found.values.push(Value {
                    name,
                    text: value.trim().to_owned(),
                    range,
                });
            }
        }
        Ok(())
    }

    /// A value that is an address in an attribute (`rdf:resource`).
    fn resource(&mut self, tag: &BytesStart<'_>) -> Result<()> {
        let Some(open) = &mut self.open else {
            return Ok(());
        };
        for attribute in tag.attributes().with_checks(false) {
            let attribute = attribute.map_err(|error| malformed(&error))?;
            if attribute.key.local_name().as_ref() == "resource" {
                let value = attribute.normalized_value(XmlVersion::Implicit1_0);
                open.text
                    .push_str(&value.map_err(|error| malformed(&error))?);
            }
        }
        Ok(())
    }

    fn add(&mut self, part: &str) {
        if let Some(open) = &mut self.open {
            open.text.push_str(part);
        }
    }

    fn leave(&mut self, range: Range<usize>) {
        let left = self.path.pop();
        if left == Some(Level::Rdf) && !range.is_empty() {
            self.found.end = range.start;
        }
        if let Some(open) = self.open.take_if(|open| open.depth == self.path.len()) {
            self.found.values.push(Value {
                name: open.name,
                text: open.text.trim().to_owned(),
                range: open.start..range.end,
            });
        }
    }

    fn finish(self) -> Result<Found> {
        if !self.path.is_empty() {
            return Err(malformed(&"it ends too early"));
        }
        if self.found.end == 0 {
            return Err(Error::unsupported("XMP without a description in it"));
        }
        Ok(self.found)
    }
}

fn is_ours(name: &str) -> bool {
    [
        (PLUS, &["DataMining"][..]),
        (TDM, &["reservation", "policy"]),
        (DC, &["rights"]),
        (RIGHTS, &["Marked", "Owner", "WebStatement"]),
    ]
    .iter()
    .any(|(namespace, locals)| {
        name.strip_prefix(namespace)
            .is_some_and(|local| locals.contains(&local))
    })
}

fn full_name(namespace: &ResolveResult<'_>, local: &str) -> String {
    match namespace {
        ResolveResult::Bound(namespace) => format!("{}{local}", namespace.0),
        ResolveResult::Unbound => local.to_owned(),
        ResolveResult::Unknown(prefix) => format!("{prefix}:{local}"),
    }
}

/// Where the attributes of a tag stand, each with the blanks before it. `start` is the place of the
/// tag's text.
fn attribute_ranges(tag: &str, start: usize) -> Vec<Range<usize>> {
    let bytes = tag.as_bytes();
    let mut ranges = Vec::new();
    let mut at = bytes
        .iter()
        .position(u8::is_ascii_whitespace)
        .unwrap_or(bytes.len());
    while let Some(equals) = memchr::memchr(b'=', bytes.get(at..).unwrap_or_default()) {
        let opening = at + equals + 1;
        let rest = bytes.get(opening..).unwrap_or_default();
        let Some(quote) = rest.iter().position(|it| matches!(it, b'"' | b'\'')) else {
            break;
        };
        let inside = rest.get(quote + 1..).unwrap_or_default();
        let Some(length) = rest.get(quote).and_then(|&it| memchr::memchr(it, inside)) else {
            break;
        };
        let end = opening + quote + 1 + length + 1;
        ranges.push(start + at..start + end);
        at = end;
    }
    ranges
}

#[cfg(test)]
mod tests;
