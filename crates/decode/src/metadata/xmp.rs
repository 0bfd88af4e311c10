//! XMP packets: RDF in XML (ISO 16684-1), read as properties and their values.
//!
//! A property is an attribute or a child of a top-level `rdf:Description`; its values are the texts
//! in it, in whatever array or structure, and what `rdf:resource` points to.

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;
use quick_xml::reader::NsReader;

use super::bytes::holds_any;
use super::{Carrier, Collector, PACKET_BYTES_MAX, topics};
use crate::text::encoding;

const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
const META: &str = "adobe:ns:meta/";
/// Elements within elements; arrays of structures need six.
const DEPTH_MAX: usize = 32;
/// Events of one packet.
const EVENTS_MAX: usize = 1 << 20;

/// Prefixes whose namespace is known, for packets that forget to declare them.
const KNOWN_PREFIXES: [(&str, &str); 5] = [
    ("plus", "http://ns.useplus.org/ldf/xmp/1.0/"),
    ("tdm", "http://www.w3.org/ns/tdmrep/"),
    ("dc", "http://purl.org/dc/elements/1.1/"),
    ("xmpRights", "http://ns.adobe.com/xap/1.0/rights/"),
    ("rdf", RDF),
];

/// Reads a packet, if it holds anything that is asked for.
pub(super) fn read(packet: &[u8], place: &str, collector: &mut Collector) {
    // UTF-16 hides words behind zeros.
    let is_wide = packet.iter().take(64).any(|&byte| byte == 0);
    if !is_wide && !collector.is_wanted(packet) {
        return;
    }
    if packet.len() > PACKET_BYTES_MAX {
        collector.too_large(packet, place);
        return;
    }
    let Some(encoding) = encoding::detect_or(packet, false, || None) else {
        unreadable(
            packet,
            place,
            "neither Unicode nor any other text",
            collector,
        );
        return;
    };
    let text = encoding::decode(packet, encoding, false);
    if is_wide && !collector.is_wanted(text.as_bytes()) {
        return;
    }
    collector.next_packet();
    let mut properties = Properties {
        collector,
        place,
        path: Vec::new(),
    };
    if let Err(detail) = properties.parse(&text) {
        unreadable(text.as_bytes(), place, &detail, collector);
    }
}

fn unreadable(packet: &[u8], place: &str, detail: &str, collector: &mut Collector) {
    for topic in topics(packet) {
        collector.damage(topic, place, format!("malformed XMP: {detail}"));
    }
}

/// What an open element is.
enum Level {
    /// Around the descriptions: `x:xmpmeta`, `rdf:RDF`, or something unknown.
    Outside,
    /// A top-level description.
    Description,
    /// A property with its name, or something inside one, and the text so far.
    Property { name: String, text: String },
}

struct Properties<'c> {
    collector: &'c mut Collector,
    place: &'c str,
    path: Vec<Level>,
}

impl Properties<'_> {
    fn parse(&mut self, text: &str) -> Result<(), String> {
        // Packets are padded, and some stand in a larger text.
        let start = text.find('<').unwrap_or(text.len());
        let mut reader = NsReader::from_str(&text[start..]);
        reader.config_mut().check_end_names = false;
        for _ in 0..EVENTS_MAX {
            let event = reader.read_event().map_err(|error| error.to_string())?;
            match event {
                Event::Start(start) => self.open(&reader, &start)?,
                Event::Empty(start) => {
                    self.open(&reader, &start)?;
                    self.close();
                }
                Event::End(_) => self.close(),
                Event::Text(text) => self.add(&text.xml10_content()),
                Event::CData(text) => self.add(&text.xml10_content()),
                Event::GeneralRef(reference) => match reference.resolve_char_ref() {
                    Ok(Some(letter)) => self.add(letter.encode_utf8(&mut [0; 4])),
                    Ok(None) => {
                        let name = reference.into_inner();
                        let known = quick_xml::escape::resolve_xml_entity(&name);
                        self.add(known.ok_or_else(|| format!("entity {}", shown(&name)))?);
                    }
                    Err(error) => return Err(error.to_string()),
                },
                Event::Eof if self.path.is_empty() => return Ok(()),
                Event::Eof => return Err("it ends too early".to_owned()),
                _ => {}
            }
        }
        Err(format!("more than {EVENTS_MAX} parts"))
    }

    fn open(&mut self, reader: &NsReader<&[u8]>, start: &BytesStart<'_>) -> Result<(), String> {
        if self.path.len() >= DEPTH_MAX {
            return Err(format!("elements deeper than {DEPTH_MAX}"));
        }
        let (namespace, name) = reader.resolver().resolve_element(start.name());
        let element = full_name(&namespace, name.into_inner());
        let level = match self.path.last() {
            Some(Level::Property { name, .. }) => Level::Property {
                name: name.clone(),
                text: String::new(),
            },
            Some(Level::Description) => Level::Property {
                name: element,
                text: String::new(),
            },
            // A packet may hold its descriptions without anything around them.
            _ if element == format!("{RDF}Description") => Level::Description,
            _ => Level::Outside,
        };
        self.attributes(reader, start, &level)?;
        self.path.push(level);
        Ok(())
    }

    fn attributes(
        &mut self,
        reader: &NsReader<&[u8]>,
        start: &BytesStart<'_>,
        level: &Level,
    ) -> Result<(), String> {
        let mut attributes = start.attributes();
        for attribute in attributes.with_checks(false) {
            let attribute = attribute.map_err(|error| error.to_string())?;
            let key = attribute.key;
            if key.as_namespace_binding().is_some() {
                continue;
            }
            let (namespace, name) = reader.resolver().resolve_attribute(key);
            let name = full_name(&namespace, name.into_inner());
            let is_resource = name == format!("{RDF}resource");
            let owner = match level {
                Level::Description if !name.starts_with(RDF) && !name.starts_with(META) => name,
                // Values may be addresses, and fields of a structure may be attributes.
                Level::Property { name: property, .. }
                    if is_resource || !name.starts_with(RDF) && !name.contains("XML/1998") =>
                {
                    property.clone()
                }
                _ => continue,
            };
            let value = attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .map_err(|error| error.to_string())?;
            self.emit(&owner, &value);
        }
        Ok(())
    }

    fn add(&mut self, more: &str) {
        if let Some(Level::Property { text, .. }) = self.path.last_mut()
            && text.len() < super::VALUE_BYTES_MAX
        {
            text.push_str(more);
        }
    }

    fn close(&mut self) {
        if let Some(Level::Property { name, text }) = self.path.pop() {
            self.emit(&name, &text);
        }
    }

    fn emit(&mut self, name: &str, value: &str) {
        let value = value.trim();
        if !value.is_empty() {
            self.collector.sign(Carrier::Xmp, name, value, self.place);
        }
    }
}

/// The namespace with the local name behind it. Prefixes that are not declared stand for what they
/// usually do.
fn full_name(namespace: &ResolveResult<'_>, local: &str) -> String {
    match namespace {
        ResolveResult::Bound(namespace) => format!("{}{local}", namespace.0),
        ResolveResult::Unbound => local.to_owned(),
        ResolveResult::Unknown(prefix) => {
            let known = KNOWN_PREFIXES.iter().find(|(known, _)| known == prefix);
            match known {
                Some((_, namespace)) => format!("{namespace}{local}"),
                None => format!("{prefix}:{local}"),
            }
        }
    }
}

fn shown(name: &str) -> String {
    name.chars().take(40).collect()
}

/// Whether some bytes are a packet of XMP at all.
pub(super) fn is_packet(bytes: &[u8]) -> bool {
    holds_any(bytes, &[b"xmpmeta", b"rdf:RDF", b"<?xpacket"])
}
