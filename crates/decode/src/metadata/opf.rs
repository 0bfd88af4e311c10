//! XML with names and texts: the package of an EPUB (EPUB 3.3, section 5.5), and what broadcast
//! WAVE files carry.

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use super::{Carrier, Collector, PACKET_BYTES_MAX, topics};
use crate::epub;
use crate::text::encoding;

/// Elements of the package that are read, besides `meta`.
const NAMES: [&str; 4] = ["identifier", "rights", "creator", "title"];

/// Reads the package of an EPUB.
pub(super) fn read(bytes: &[u8], collector: &mut Collector) {
    if let Some(package) = epub::package_document(bytes) {
        read_elements(&package, Carrier::Opf, "EPUB package", collector);
    }
}

/// Reads the texts of elements, and of `meta` elements by their names.
pub(super) fn read_elements(
    bytes: &[u8],
    carrier: Carrier,
    place: &str,
    collector: &mut Collector,
) {
    if bytes.len() > PACKET_BYTES_MAX {
        collector.too_large(bytes, place);
        return;
    }
    let Some(encoding) = encoding::detect_or(bytes, false, || None) else {
        return;
    };
    let text = encoding::decode(bytes, encoding, false);
    if !collector.is_wanted(text.as_bytes()) {
        return;
    }
    collector.next_packet();
    let mut elements = Elements {
        collector,
        carrier,
        place,
        name: None,
        text: String::new(),
    };
    if let Err(detail) = elements.parse(&text) {
        for topic in topics(text.as_bytes()) {
            collector.damage(topic, place, format!("malformed XML: {detail}"));
        }
    }
}

struct Elements<'c> {
    collector: &'c mut Collector,
    carrier: Carrier,
    place: &'c str,
    /// The name under which the text that follows is kept.
    name: Option<String>,
    text: String,
}

impl Elements<'_> {
    fn parse(&mut self, text: &str) -> Result<(), String> {
        let mut reader = Reader::from_str(text);
        reader.config_mut().check_end_names = false;
        loop {
            match reader.read_event().map_err(|error| error.to_string())? {
                Event::Start(start) => {
                    self.text.clear();
                    self.name = self.named(&start);
                }
                Event::Empty(start) => {
                    self.named(&start);
                }
                Event::Text(text) => self.add(&text.xml10_content()),
                Event::CData(text) => self.add(&text.xml10_content()),
                Event::GeneralRef(reference) => {
                    if let Ok(Some(letter)) = reference.resolve_char_ref() {
                        self.add(letter.encode_utf8(&mut [0; 4]));
                    } else {
                        let known = quick_xml::escape::resolve_xml_entity(&reference);
                        self.add(known.unwrap_or("\u{fffd}"));
                    }
                }
                Event::End(_) => {
                    if let Some(name) = self.name.take() {
                        let value = std::mem::take(&mut self.text);
                        self.emit(name, value.trim());
                    }
                }
                Event::Eof => return Ok(()),
                _ => {}
            }
        }
    }

    fn add(&mut self, more: &str) {
        if self.name.is_some() && self.text.len() < super::VALUE_BYTES_MAX {
            self.text.push_str(more);
        }
    }

    fn emit(&mut self, name: String, value: &str) {
        if !value.is_empty() {
            self.collector.sign(self.carrier, name, value, self.place);
        }
    }

    /// The name under which an element's text is kept, if it is. Values in attributes are kept at
    /// once.
    fn named(&mut self, start: &BytesStart<'_>) -> Option<String> {
        let local = start.local_name();
        let local = local.as_ref();
        if self.carrier == Carrier::Ixml {
            return Some(local.to_ascii_lowercase());
        }
        if self.carrier == Carrier::Axml {
            return (local == "identifier").then(|| "dc:identifier".to_owned());
        }
        if local == "meta" {
            // EPUB 3 has a property and the value as text, EPUB 2 both as attributes.
            if let Some(property) = attribute(start, "property") {
                return property.starts_with("tdm:").then_some(property);
            }
            let (name, content) = (attribute(start, "name")?, attribute(start, "content")?);
            let name = name.replace("tdm-", "tdm:");
            if name.starts_with("tdm:") {
                self.emit(name, content.trim());
            }
            return None;
        }
        if !NAMES.contains(&local) {
            return None;
        }
        let scheme = attribute(start, "scheme").unwrap_or_default();
        let is_isbn = local == "identifier" && scheme.to_ascii_lowercase().contains("isbn");
        let more = if is_isbn { ":isbn" } else { "" };
        Some(format!("dc:{local}{more}"))
    }
}

/// An attribute's value, whatever its prefix.
fn attribute(start: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = start.attributes();
    let found = attributes
        .with_checks(false)
        .flatten()
        .find(|it| it.key.local_name().as_ref() == name)?;
    let value = found.normalized_value(XmlVersion::Implicit1_0).ok()?;
    Some(value.trim().to_owned())
}
