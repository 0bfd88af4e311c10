//! C2PA manifests, as far as assertions about training and mining go: JUMBF boxes (ISO/IEC 19566-5)
//! with CBOR (RFC 8949) or JSON in them (C2PA Technical Specification 2.1, sections 8 and 11).
//! Signatures and hashes are for `provenance`.

use minicbor::data::Type;
use minicbor::decode::Decoder;
use serde_json::Value;

use super::bytes::{be_u32, be_u64, find, holds_any, slice, split_zero};
use super::{Collector, MetadataAssertion, UNIDENTIFIED};
use crate::ManifestSignature;

/// Boxes within boxes. A store holds manifests, those a store of assertions, those the assertions:
/// four; what ingredients add stands beside them.
const BOX_DEPTH_MAX: usize = 16;
/// Boxes of one store.
const BOXES_MAX: usize = 1 << 16;
/// Values within values of one assertion.
const VALUE_DEPTH_MAX: usize = 16;
/// Values of one assertion. Four entries have eight.
const LEAVES_MAX: usize = 256;
/// Assertions of one store that are kept.
const ASSERTIONS_MAX: usize = 64;
/// Bytes kept of a key or a value.
const TEXT_BYTES_MAX: usize = 1024;

const WORD: &[u8] = b"training-mining";
/// A manifest that is packed with Brotli (C2PA 2.1, section 11.1.4.5).
const PACKED: &[u8] = b"brob";

/// Reads a store of manifests, if the word is in it.
pub(super) fn read(bytes: &[u8], place: &str, collector: &mut Collector) {
    let place = format!("C2PA manifest ({place})");
    if find(bytes, WORD).is_none() {
        if find(bytes, PACKED).is_some() && holds_any(bytes, &[b"c2cm"]) {
            let detail = "a compressed manifest, which is not read";
            collector.damage(UNIDENTIFIED, &place, detail);
        }
        return;
    }
    let mut store = Store {
        boxes: BOXES_MAX,
        assertions: Vec::new(),
        manifests: 0,
        damage: None,
    };
    let mut at = 0;
    while let Some(next) = JumbfBox::read(bytes, at) {
        if &next.kind == b"jumb" {
            store.open(next.body, 0);
        }
        at = next.end;
    }
    if store.assertions.is_empty() && store.damage.is_none() {
        store.damage = Some("no assertion could be reached".to_owned());
    }
    let last = store.assertions.iter().map(|it| it.manifest).max();
    let last = last.map(|last| last.max(store.manifests));
    for found in store.assertions {
        collector.found.assertions.push(MetadataAssertion {
            // The active manifest is the last of the store (section 11.1.4.2).
            is_active: Some(found.manifest) == last,
            label: found.label,
            leaves: found.leaves,
            place: place.clone(),
            signature: ManifestSignature::default(),
        });
    }
    if let Some(detail) = store.damage {
        let is_older = find(bytes, b"cawg.training-mining").is_none();
        let topic = if is_older {
            "c2pa.training-mining"
        } else {
            "cawg.training-mining"
        };
        collector.damage(topic, &place, detail);
    }
}

/// A box: length, type, contents (ISO/IEC 19566-5, section 4.2).
struct JumbfBox<'b> {
    kind: [u8; 4],
    body: &'b [u8],
    end: usize,
    is_whole: bool,
}

impl<'b> JumbfBox<'b> {
    fn read(bytes: &'b [u8], at: usize) -> Option<Self> {
        let length = be_u32(bytes, at)?;
        let kind = *bytes.get(at + 4..)?.first_chunk()?;
        let (header, length) = match length {
            0 => (8, bytes.len() - at),
            1 => (16, be_u64(bytes, at + 8)?),
            length => (8, length),
        };
        let body_bytes = length.checked_sub(header)?;
        let body = slice(bytes, at + header, body_bytes);
        Some(Self {
            kind,
            body,
            end: at.checked_add(length)?,
            is_whole: body.len() == body_bytes,
        })
    }
}

/// An assertion, and the number of the manifest it stands in.
struct Found {
    manifest: usize,
    label: String,
    leaves: Vec<(Vec<String>, String)>,
}

/// What is found on the way through the boxes.
struct Store {
    boxes: usize,
    assertions: Vec<Found>,
    /// Manifests begun so far.
    manifests: usize,
    damage: Option<String>,
}

impl Store {
    /// Goes through a superbox: a description with a label, then contents.
    fn open(&mut self, bytes: &[u8], depth: usize) {
        if depth >= BOX_DEPTH_MAX {
            self.spoil(format!("boxes deeper than {BOX_DEPTH_MAX}"));
            return;
        }
        let mut label = String::new();
        let mut at = 0;
        while let Some(next) = JumbfBox::read(bytes, at) {
            let Some(left) = self.boxes.checked_sub(1) else {
                self.spoil(format!("more than {BOXES_MAX} boxes"));
                return;
            };
            self.boxes = left;
            if !next.is_whole {
                self.spoil("a box is longer than what it is in".to_owned());
            }
            match &next.kind {
                b"jumd" => {
                    label = described(next.body);
                    // Directly below the store of manifests.
                    self.manifests += usize::from(depth == 1);
                }
                b"jumb" => self.open(next.body, depth + 1),
                b"cbor" | b"json" if is_about_training(&label) => {
                    self.add(&next, label.clone());
                }
                _ => {}
            }
            at = next.end;
        }
        if at < bytes.len() {
            self.spoil("bytes that are no box".to_owned());
        }
    }

    fn add(&mut self, content: &JumbfBox<'_>, label: String) {
        let mut leaves = Leaves::default();
        let outcome = match &content.kind {
            b"json" => serde_json::from_slice(content.body)
                .map_err(|error| error.to_string())
                .and_then(|value| leaves.json(&value, 0)),
            _ => leaves.cbor(&mut Decoder::new(content.body), 0),
        };
        if let Err(detail) = outcome {
            self.spoil(format!("{label}: {detail}"));
        }
        if self.assertions.len() < ASSERTIONS_MAX {
            self.assertions.push(Found {
                manifest: self.manifests,
                label,
                leaves: leaves.found,
            });
        }
    }

    fn spoil(&mut self, detail: String) {
        self.damage.get_or_insert(detail);
    }
}

fn is_about_training(label: &str) -> bool {
    label.contains("training-mining")
}

/// The label in a description box: a type of 16 bytes, flags, the label (section 4.2.2).
fn described(body: &[u8]) -> String {
    let label = slice(body, 17, TEXT_BYTES_MAX);
    let label = split_zero(label).map_or(label, |(label, _)| label);
    String::from_utf8_lossy(label).into_owned()
}

/// The values of an assertion, each behind its keys.
#[derive(Default)]
struct Leaves {
    path: Vec<String>,
    found: Vec<(Vec<String>, String)>,
}

impl Leaves {
    fn add(&mut self, value: &str) -> Result<(), String> {
        if self.found.len() >= LEAVES_MAX {
            return Err(format!("more than {LEAVES_MAX} values"));
        }
        self.found.push((self.path.clone(), cut(value)));
        Ok(())
    }

    fn json(&mut self, value: &Value, depth: usize) -> Result<(), String> {
        check_depth(depth)?;
        match value {
            Value::Object(entries) => {
                for (key, value) in entries {
                    self.path.push(cut(key));
                    self.json(value, depth + 1)?;
                    self.path.pop();
                }
                Ok(())
            }
            Value::Array(values) => values.iter().try_for_each(|it| self.json(it, depth + 1)),
            Value::String(text) => self.add(text),
            other => self.add(&other.to_string()),
        }
    }

    fn cbor(&mut self, decoder: &mut Decoder<'_>, depth: usize) -> Result<(), String> {
        check_depth(depth)?;
        let wrong = |error: minicbor::decode::Error| format!("malformed CBOR: {error}");
        match decoder.datatype().map_err(wrong)? {
            Type::Map | Type::MapIndef => {
                let count = decoder.map().map_err(wrong)?;
                self.members(decoder, count, |leaves, decoder| {
                    let key = text_of(decoder)?;
                    leaves.path.push(key);
                    leaves.cbor(decoder, depth + 1)?;
                    leaves.path.pop();
                    Ok(())
                })
            }
            Type::Array | Type::ArrayIndef => {
                let count = decoder.array().map_err(wrong)?;
                self.members(decoder, count, |leaves, decoder| {
                    leaves.cbor(decoder, depth + 1)
                })
            }
            Type::Tag => {
                decoder.tag().map_err(wrong)?;
                self.cbor(decoder, depth + 1)
            }
            _ => {
                let value = text_of(decoder)?;
                self.add(&value)
            }
        }
    }

    /// Reads as many members as announced, or up to the mark that ends them.
    fn members(
        &mut self,
        decoder: &mut Decoder<'_>,
        count: Option<u64>,
        mut read: impl FnMut(&mut Self, &mut Decoder<'_>) -> Result<(), String>,
    ) -> Result<(), String> {
        let wrong = |error: minicbor::decode::Error| format!("malformed CBOR: {error}");
        let mut done = 0;
        while count.is_none_or(|count| done < count) {
            if count.is_none() && decoder.datatype().map_err(wrong)? == Type::Break {
                decoder.set_position(decoder.position() + 1);
                return Ok(());
            }
            read(self, decoder)?;
            done += 1;
        }
        Ok(())
    }
}

fn check_depth(depth: usize) -> Result<(), String> {
    if depth >= VALUE_DEPTH_MAX {
        return Err(format!("values deeper than {VALUE_DEPTH_MAX}"));
    }
    Ok(())
}

/// A key or a plain value as text.
fn text_of(decoder: &mut Decoder<'_>) -> Result<String, String> {
    let wrong = |error: minicbor::decode::Error| format!("malformed CBOR: {error}");
    match decoder.datatype().map_err(wrong)? {
        Type::String => Ok(cut(decoder.str().map_err(wrong)?)),
        Type::StringIndef => {
            let mut text = String::new();
            for part in decoder.str_iter().map_err(wrong)? {
                let part = part.map_err(wrong)?;
                if text.len() < TEXT_BYTES_MAX {
                    text.push_str(part);
                }
            }
            Ok(cut(&text))
        }
        Type::Bool => Ok(decoder.bool().map_err(wrong)?.to_string()),
        kind @ (Type::Map | Type::MapIndef | Type::Array | Type::ArrayIndef | Type::Tag) => {
            Err(format!("{kind} where text was expected"))
        }
        kind => {
            decoder.skip().map_err(wrong)?;
            Ok(format!("({kind})"))
        }
    }
}

fn cut(text: &str) -> String {
    let most = text.len().min(TEXT_BYTES_MAX);
    let end = (0..=most).rev().find(|&at| text.is_char_boundary(at));
    text[..end.unwrap_or(0)].to_owned()
}
