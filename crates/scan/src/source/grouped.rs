//! Files that belong together by their names: `0001.jpg`, `0001.txt` and `0001.json` are one row.
//!
//! So it is in the archives of `WebDataset` and in folders with captions. Media and texts are columns
//! named by their endings; the keys of `.json` are columns too.

use std::collections::BTreeMap;

use bytes::Bytes;
use clearance_decode::{Media, Reason, Unreadable, media_of_name};
use serde_json::Value;

use super::cells::{Item, Payload};
use super::json;
use super::survey::{Kind, SAMPLE_BYTES, Survey};
use super::{Detected, detected};
use crate::error::Result;
use crate::schema::{Declared, MediaColumn, Overrides};

/// Endings of files that hold one text.
const TEXT_ENDINGS: [&str; 3] = ["txt", "text", "caption"];
/// Endings of files that hold a label or a number, in letters.
const LABEL_ENDINGS: [&str; 5] = ["cls", "cls2", "id", "index", "transcript"];
pub(super) const JSON: &str = "json";
/// What has no ending.
pub(super) const NO_ENDING: &str = "file";
/// Texts and descriptions of one row that are held at once.
const MOST_BESIDE: usize = 16;
/// Captions and descriptions longer than this are not taken for such, in bytes.
pub(super) const MOST_BESIDE_BYTES: u64 = 16 << 20;

/// Splits the path of a file into what it shares with those of its row, and the rest. `None` for
/// hidden files, which belong to no row.
pub(super) fn key(path: &str) -> Option<(&str, String)> {
    let path = path.trim_start_matches("./");
    let start = path.rfind('/').map_or(0, |at| at + 1);
    let (folder, name) = path.split_at(start);
    if name.is_empty() || name.starts_with('.') || folder.split('/').any(is_hidden) {
        return None;
    }
    match name.find('.') {
        Some(at) => {
            let ending = name.get(at + 1..).unwrap_or_default().to_ascii_lowercase();
            Some((path.get(..start + at).unwrap_or(path), ending))
        }
        None => Some((path, NO_ENDING.to_owned())),
    }
}

fn is_hidden(folder: &str) -> bool {
    folder == "__MACOSX" || (folder.starts_with('.') && folder.len() > 1)
}

/// Whether a file with this ending is read as a text of its row.
pub(super) fn is_text(ending: &str) -> bool {
    TEXT_ENDINGS.contains(&ending) || LABEL_ENDINGS.contains(&ending)
}

/// What the rows hold, by ending and by key.
#[derive(Default)]
pub(super) struct GroupSurvey {
    pub(super) files: Survey,
    pub(super) keys: Survey,
}

/// How many bytes of a file a survey looks at.
pub(super) fn looked_bytes(ending: &str) -> u64 {
    if ending == JSON {
        MOST_BESIDE_BYTES
    } else {
        SAMPLE_BYTES as u64
    }
}

impl GroupSurvey {
    /// Adds a file with its first bytes.
    pub(super) fn add(&mut self, ending: &str, head: &[u8]) {
        if ending == JSON {
            // What is no object has no columns.
            json::survey_object(head, &mut self.keys).ok();
            return;
        }
        let Some(place) = self.files.column(ending) else {
            return;
        };
        if is_text(ending) {
            self.files.count(place, Kind::Text);
            let end = head.len().min(SAMPLE_BYTES);
            let text = String::from_utf8_lossy(head.get(..end).unwrap_or_default());
            self.files.see_text(place, &text);
        } else {
            self.files.count(place, Kind::Bytes);
            self.files.see_bytes(place, head);
        }
    }

    /// The columns: first those named by endings, then the keys that are not named like one.
    pub(super) fn finish(self, overrides: &Overrides) -> Result<Detected> {
        let Self { files, keys } = self;
        let mut declared = BTreeMap::new();
        for ending in files.names() {
            let media = if TEXT_ENDINGS.contains(&ending) {
                Some(Media::Text)
            } else {
                media_of_name(&format!("x.{ending}"))
            };
            declared.extend(media.map(|media| (ending.to_owned(), media)));
        }
        let twice: Vec<String> = keys
            .names()
            .filter(|name| files.has(name))
            .map(str::to_owned)
            .collect();
        let (files, mut samples) = files.finish();
        let (keys, mut key_samples) = keys.finish();
        let mut fields: Vec<_> = files.fields().iter().cloned().collect();
        for (field, sample) in keys.fields().iter().zip(key_samples.drain(..)) {
            if !twice.contains(field.name()) {
                fields.push(field.clone());
                samples.push(sample);
            }
        }
        let schema = arrow_schema::Schema::new(fields);
        let declared = Declared {
            media: declared,
            because: "the ending of its files",
        };
        let sample = |index: usize| samples.get(index).cloned().unwrap_or_default();
        detected(&schema, &sample, &declared, overrides)
    }
}

/// A row whose files come one after the other.
pub(super) struct GroupedRow<'a> {
    row: u64,
    columns: &'a [MediaColumn],
    /// Columns named by endings; the others are keys.
    endings: usize,
    /// Files of each column so far.
    counts: Vec<i32>,
    /// Texts of the row, which its descriptions often repeat.
    texts: Vec<String>,
    descriptions: Vec<Vec<u8>>,
}

impl<'a> GroupedRow<'a> {
    pub(super) fn new(row: u64, columns: &'a [MediaColumn], endings: usize) -> Self {
        Self {
            row,
            columns,
            endings,
            counts: vec![0; columns.len()],
            texts: Vec::new(),
            descriptions: Vec::new(),
        }
    }

    /// The place of the column that files with this ending are in, if they hold items.
    pub(super) fn column(&self, ending: &str) -> Option<usize> {
        let mut columns = self.columns.iter();
        columns.position(|column| column.index < self.endings && column.name == ending)
    }

    /// Whether the contents of files with this ending are of use.
    pub(super) fn is_wanted(&self, ending: &str) -> bool {
        let has_keys = self.columns.iter().any(|it| it.index >= self.endings);
        (ending == JSON && has_keys) || self.column(ending).is_some()
    }

    /// Hands out what a file offers to examine.
    pub(super) fn add_payload(
        &mut self,
        place: usize,
        payload: Payload,
        visit: &mut dyn FnMut(Item),
    ) {
        let Some(count) = self.counts.get_mut(place) else {
            return;
        };
        visit(Item {
            row: self.row,
            column: place,
            index: *count,
            payload,
        });
        *count += 1;
    }

    /// Adds the contents of a file that was found under `path`.
    pub(super) fn add(
        &mut self,
        ending: &str,
        path: &str,
        bytes: Vec<u8>,
        visit: &mut dyn FnMut(Item),
    ) {
        if ending == JSON {
            self.describe(bytes, visit);
            return;
        }
        let Some(place) = self.column(ending) else {
            return;
        };
        let Some(holds) = self.columns.get(place).map(|column| column.holds) else {
            return;
        };
        let file = |bytes: Vec<u8>, name: String| Payload::File {
            bytes: Bytes::from(bytes),
            name: Some(name),
        };
        let payload = if is_text(ending) {
            match String::from_utf8(bytes) {
                Ok(text) => {
                    if self.texts.len() < MOST_BESIDE {
                        self.texts.push(text.trim().to_owned());
                    }
                    json::text_payload(text, holds)
                }
                // Old encodings are told apart where files are decoded.
                Err(error) => file(error.into_bytes(), format!("{path}.txt")),
            }
        } else {
            file(bytes, path.to_owned())
        };
        self.add_payload(place, payload, visit);
    }

    fn describe(&mut self, bytes: Vec<u8>, visit: &mut dyn FnMut(Item)) {
        if self.descriptions.len() < MOST_BESIDE {
            self.descriptions.push(bytes);
            return;
        }
        let mut columns = self.columns.iter();
        if let Some(place) = columns.position(|column| column.index >= self.endings) {
            let detail = format!("more than {MOST_BESIDE} descriptions of one row");
            let broken = Payload::Broken(Unreadable::new(Reason::Limit, detail));
            self.add_payload(place, broken, visit);
        }
    }

    /// Hands out what the descriptions hold, but for the texts that stand beside them already.
    pub(super) fn finish(mut self, visit: &mut dyn FnMut(Item)) {
        let keys: Vec<(usize, &MediaColumn)> = self
            .columns
            .iter()
            .enumerate()
            .filter(|(_, column)| column.index >= self.endings)
            .collect();
        let names: Vec<&str> = keys
            .iter()
            .map(|(_, column)| column.name.as_str())
            .collect();
        for description in std::mem::take(&mut self.descriptions) {
            let values = match json::values(&description, &names) {
                Ok(values) => values,
                Err(unreadable) => {
                    if let Some((place, _)) = keys.first() {
                        self.add_payload(*place, Payload::Broken(unreadable), visit);
                    }
                    continue;
                }
            };
            for (value, (place, column)) in values.into_iter().zip(&keys) {
                if value.as_ref().is_some_and(|value| self.is_repeated(value)) {
                    continue;
                }
                let Some(value) = value else { continue };
                let mut payloads = Vec::new();
                json::items(value, column, &mut |_, payload| payloads.push(payload));
                for payload in payloads {
                    self.add_payload(*place, payload, visit);
                }
            }
        }
    }

    fn is_repeated(&self, value: &Value) -> bool {
        let text = value.as_str().map(str::trim);
        text.is_some_and(|text| self.texts.iter().any(|known| known == text))
    }
}

/// A file that is longer than what is taken into memory.
pub(super) fn too_long(bytes: u64, limit: u64) -> Payload {
    let detail = format!("{bytes} bytes, limit {limit}");
    Payload::Broken(Unreadable::new(Reason::Limit, detail))
}
