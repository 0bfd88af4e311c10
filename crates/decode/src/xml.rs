//! Small XML documents as trees, within limits.
//!
//! Entities are never declared, looked up or expanded but for the five of XML itself and character
//! references. Size, depth and the number of parts have limits.

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;
use quick_xml::reader::NsReader;

use crate::text::encoding;
use crate::{Reason, Unreadable};

/// Longest document in bytes.
const DOCUMENT_BYTES_MAX: usize = 4 << 20;
/// Elements within elements.
const DEPTH_MAX: usize = 32;
/// Attributes of one element.
const ATTRIBUTES_MAX: usize = 64;
/// Parts of one document: tags and texts.
const PARTS_MAX: usize = 1 << 20;

/// An element of an XML document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct XmlElement {
    /// Its local name.
    pub name: String,
    /// Its namespace; empty where it has none.
    pub namespace: String,
    /// Attributes without a namespace of their own, by name.
    pub attributes: Vec<(String, String)>,
    /// The text directly in it.
    pub text: String,
    /// Elements in it, at most 31 deep.
    pub children: Vec<XmlElement>,
}

/// Reads a document of at most 4 MiB, in any encoding that it declares or shows.
///
/// # Errors
///
/// [`Reason::Limit`] for what is too large or too deep, [`Reason::Corrupt`] for what is no
/// well-formed document.
pub fn read_xml(bytes: &[u8]) -> Result<XmlElement, Unreadable> {
    if bytes.len() > DOCUMENT_BYTES_MAX {
        let detail = format!("{} bytes, {DOCUMENT_BYTES_MAX} allowed", bytes.len());
        return Err(Unreadable::new(Reason::Limit, detail));
    }
    let encoding = encoding::detect_or(bytes, false, || None)
        .ok_or_else(|| corrupt("neither Unicode nor any other text"))?;
    let text = encoding::decode(bytes, encoding, false);
    let mut reader = NsReader::from_str(&text);
    reader.config_mut().expand_empty_elements = true;
    let mut open: Vec<XmlElement> = Vec::new();
    for _ in 0..PARTS_MAX {
        match reader.read_event().map_err(|error| corrupt(&error))? {
            Event::Start(start) => {
                if open.len() >= DEPTH_MAX {
                    let detail = format!("elements deeper than {DEPTH_MAX}");
                    return Err(Unreadable::new(Reason::Limit, detail));
                }
                open.push(element(&reader, &start)?);
            }
            Event::End(_) => {
                let Some(done) = open.pop() else {
                    return Err(corrupt("an element ends that never began"));
                };
                match open.last_mut() {
                    Some(parent) => parent.children.push(done),
                    None => return Ok(done),
                }
            }
            Event::Text(text) => add(&mut open, &text.xml10_content()),
            Event::CData(text) => add(&mut open, &text.xml10_content()),
            Event::GeneralRef(reference) => match reference.resolve_char_ref() {
                Ok(Some(letter)) => add(&mut open, letter.encode_utf8(&mut [0; 4])),
                Ok(None) => {
                    let name = reference.into_inner();
                    let known = quick_xml::escape::resolve_xml_entity(&name);
                    add(
                        &mut open,
                        known.ok_or_else(|| corrupt("an entity that XML does not have"))?,
                    );
                }
                Err(error) => return Err(corrupt(&error)),
            },
            Event::Eof => return Err(corrupt("it ends too early")),
            _ => {}
        }
    }
    let detail = format!("more than {PARTS_MAX} parts");
    Err(Unreadable::new(Reason::Limit, detail))
}

fn corrupt(detail: impl std::fmt::Display) -> Unreadable {
    Unreadable::new(Reason::Corrupt, format!("XML: {detail}"))
}

fn add(open: &mut [XmlElement], more: &str) {
    if let Some(element) = open.last_mut() {
        element.text.push_str(more);
    }
}

fn element(reader: &NsReader<&[u8]>, start: &BytesStart<'_>) -> Result<XmlElement, Unreadable> {
    let (namespace, name) = reader.resolver().resolve_element(start.name());
    let namespace = match namespace {
        ResolveResult::Bound(namespace) => namespace.0.to_owned(),
        _ => String::new(),
    };
    let mut new = XmlElement {
        name: name.into_inner().to_owned(),
        namespace,
        ..XmlElement::default()
    };
    let mut attributes = start.attributes();
    for attribute in attributes.with_checks(false) {
        let attribute = attribute.map_err(|error| corrupt(&error))?;
        let key = attribute.key;
        if key.as_namespace_binding().is_some() || key.prefix().is_some() {
            continue;
        }
        if new.attributes.len() == ATTRIBUTES_MAX {
            let detail = format!("more than {ATTRIBUTES_MAX} attributes");
            return Err(Unreadable::new(Reason::Limit, detail));
        }
        let value = attribute
            .normalized_value(XmlVersion::Implicit1_0)
            .map_err(|error| corrupt(&error))?;
        let name = key.local_name().into_inner().to_owned();
        new.attributes.push((name, value.into_owned()));
    }
    Ok(new)
}

#[cfg(test)]
mod tests;
