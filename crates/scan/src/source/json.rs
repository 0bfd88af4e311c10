//! Objects in JSON: what columns they have, and the items in them.

use std::borrow::Cow;
use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use bytes::Bytes;
use clearance_decode::{Reason, Unreadable};
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::cells::{Payload, is_url};
use super::survey::{Kind, Survey, base64_part};
use crate::schema::{Holds, MediaColumn};

/// Items of a list that are examined.
const MOST_ITEMS: usize = 1 << 16;
/// Longest text that may be the path of a file, in bytes.
const LONGEST_PATH: usize = 4096;

/// Adds the columns of an object to a survey. An error says what is no JSON.
pub(crate) fn survey_object(text: &[u8], survey: &mut Survey) -> Result<(), Unreadable> {
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    let read = deserializer
        .deserialize_any(Object(survey))
        .and_then(|()| deserializer.end());
    read.map_err(|error| not_json(&error))
}

/// The values of an object, those of the given columns alone.
pub(crate) fn values(text: &[u8], names: &[&str]) -> Result<Vec<Option<Value>>, Unreadable> {
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    let values = deserializer
        .deserialize_any(Wanted(names))
        .and_then(|values| deserializer.end().map(|()| values));
    values.map_err(|error| not_json(&error))
}

fn not_json(error: &serde_json::Error) -> Unreadable {
    let mut detail = error.to_string();
    // Lines are counted by who knows the file.
    if let Some(at) = detail.rfind(" at line ") {
        detail.truncate(at);
    }
    if error.column() > 0 {
        detail = format!("{detail} at byte {}", error.column());
    }
    Unreadable::new(Reason::Corrupt, format!("not a JSON object: {detail}"))
}

/// Calls `emit` for every item of a value, with its position in a list.
pub(crate) fn items(value: Value, column: &MediaColumn, emit: &mut dyn FnMut(i32, Payload)) {
    match value {
        Value::Array(values) => {
            let length = values.len();
            for (index, value) in values.into_iter().take(MOST_ITEMS).enumerate() {
                if let Some(payload) = payload(value, column.holds) {
                    emit(index as i32, payload);
                }
            }
            if length > MOST_ITEMS {
                let detail = format!("a list of {length} items, limit {MOST_ITEMS}");
                let broken = Unreadable::new(Reason::Limit, detail);
                emit(MOST_ITEMS as i32, Payload::Broken(broken));
            }
        }
        value => {
            if let Some(payload) = payload(value, column.holds) {
                emit(0, payload);
            }
        }
    }
}

fn payload(value: Value, holds: Holds) -> Option<Payload> {
    let unexpected = |what: &str| {
        let detail = format!("{what} where the column holds {}", expected(holds));
        Some(Payload::Broken(Unreadable::new(Reason::Corrupt, detail)))
    };
    match value {
        Value::Null => None,
        Value::String(text) => Some(text_payload(text, holds)),
        Value::Object(mut fields) => {
            let mut text = |name: &str| match fields.remove(name) {
                Some(Value::String(text)) => Some(text),
                _ => None,
            };
            match (text("bytes"), text("path")) {
                (Some(encoded), name) => Some(decoded(&encoded, name)),
                (None, Some(path)) if is_url(&path) => Some(Payload::Url(path)),
                (None, Some(path)) => Some(Payload::Path(path)),
                (None, None) if holds == Holds::File && is_empty_file(&fields) => None,
                (None, None) => unexpected("an object"),
            }
        }
        Value::Array(_) => unexpected("a list in a list"),
        Value::Number(_) => unexpected("a number"),
        Value::Bool(_) => unexpected("true or false"),
    }
}

/// A file whose bytes and path are both null, or not there.
fn is_empty_file(fields: &serde_json::Map<String, Value>) -> bool {
    fields.values().all(Value::is_null)
}

fn expected(holds: Holds) -> &'static str {
    match holds {
        Holds::File => "files",
        Holds::Path => "paths",
        Holds::Url | Holds::Origin => "addresses",
        Holds::Text => "texts",
    }
}

/// What a text in a column offers to examine.
pub(crate) fn text_payload(text: String, holds: Holds) -> Payload {
    match holds {
        Holds::Text => Payload::Text(text),
        Holds::Url => Payload::Url(text),
        Holds::Origin => Payload::Origin(text),
        _ if is_url(&text) => Payload::Url(text),
        Holds::Path => Payload::Path(text),
        Holds::File => {
            let path_like = text.len() <= LONGEST_PATH && text.contains('.');
            if path_like && !text.starts_with("data:") {
                Payload::Path(text)
            } else {
                decoded(&text, None)
            }
        }
    }
}

fn decoded(encoded: &str, name: Option<String>) -> Payload {
    match BASE64.decode(base64_part(encoded)) {
        Ok(bytes) => Payload::File {
            bytes: Bytes::from(bytes),
            name,
        },
        Err(error) => Payload::Broken(Unreadable::new(
            Reason::Corrupt,
            format!("bytes that are not in Base64: {error}"),
        )),
    }
}

/// An object of which the columns are told apart.
struct Object<'a>(&'a mut Survey);

impl<'de> Visitor<'de> for Object<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<Cow<'de, str>>()? {
            let Some(place) = self.0.column(&name) else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            let survey = &mut *self.0;
            let kind = map.next_value_seed(KindOf { survey, place })?;
            if let Some(kind) = kind {
                self.0.count(place, kind);
            }
        }
        Ok(())
    }
}

/// What a value is; `None` for null.
struct KindOf<'a> {
    survey: &'a mut Survey,
    place: usize,
}

impl<'de> DeserializeSeed<'de> for KindOf<'_> {
    type Value = Option<Kind>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for KindOf<'_> {
    type Value = Option<Kind>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(Some(Kind::Boolean))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(Some(Kind::Number))
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
        Ok(Some(Kind::Number))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(Some(Kind::Number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        if self.survey.is_wanted(self.place) {
            self.survey.see_text(self.place, text);
        }
        Ok(Some(Kind::Text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut first = None;
        loop {
            let survey = &mut *self.survey;
            let place = self.place;
            let Some(kind) = list.next_element_seed(KindOf { survey, place })? else {
                break;
            };
            first = first.or(kind);
        }
        Ok(first.map(|kind| match kind {
            Kind::Text => Kind::Texts,
            Kind::File => Kind::Files,
            _ => Kind::Other,
        }))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut kind = Kind::Other;
        while let Some(name) = map.next_key::<Cow<'de, str>>()? {
            if matches!(&*name, "bytes" | "path") {
                let value = map.next_value::<Scalar>()?;
                if value.0 {
                    kind = Kind::File;
                }
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(Some(kind))
    }
}

/// Whether a value is a text.
struct Scalar(bool);

impl<'de> serde::Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(ScalarVisitor)
    }
}

struct ScalarVisitor;

impl<'de> Visitor<'de> for ScalarVisitor {
    type Value = Scalar;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Scalar, E> {
        Ok(Scalar(false))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Scalar, E> {
        Ok(Scalar(false))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Scalar, E> {
        Ok(Scalar(false))
    }

    fn visit_u64<E>(self, _: u64) -> Result<Scalar, E> {
        Ok(Scalar(false))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Scalar, E> {
        Ok(Scalar(false))
    }

    fn visit_str<E>(self, _: &str) -> Result<Scalar, E> {
        Ok(Scalar(true))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Scalar, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Scalar(false))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Scalar, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Scalar(false))
    }
}

/// An object of which some values are kept, in the order of their names.
struct Wanted<'a>(&'a [&'a str]);

impl<'de> Visitor<'de> for Wanted<'_> {
    type Value = Vec<Option<Value>>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut values = vec![None; self.0.len()];
        while let Some(name) = map.next_key::<Cow<'de, str>>()? {
            match self.0.iter().position(|wanted| *wanted == &*name) {
                Some(place) => values[place] = Some(map.next_value()?),
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(values)
    }
}

#[cfg(test)]
mod tests;
