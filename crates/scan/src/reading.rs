//! From an item in its row to its fingerprint.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use clearance_decode::{
    Limits, Media, Reason, Signers, Source, Unreadable, guard, read_source, thumbnail_jpeg,
};
use clearance_fingerprint::audio::Peak;
use clearance_fingerprint::image::ImageFingerprint;
use clearance_index::{ItemPrint, Print, embedded_in_page, iscc, print_string, read_item};
use clearance_rights::Use;
use clearance_rights::signals::Embedded;
use serde::{Deserialize, Serialize};

use crate::isolation::DecoderPool;
use crate::remote::{self, Beside};
use crate::source::{Payload, resolve, resolve_remote};

/// Why an item was not examined, as the coverage says it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Trouble {
    Unreadable(String),
    Skipped(String),
}

impl From<Unreadable> for Trouble {
    fn from(unreadable: Unreadable) -> Self {
        Self::Unreadable(unreadable.to_string())
    }
}

/// What is known of an item's bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ItemBytes {
    /// Their BLAKE3.
    pub(crate) digest: [u8; 32],
    /// How many there are. Fingerprint tables of earlier programs do not say.
    pub(crate) length: Option<u64>,
}

impl ItemBytes {
    pub(crate) fn of(bytes: &[u8]) -> Self {
        Self {
            digest: *blake3::hash(bytes).as_bytes(),
            length: Some(bytes.len() as u64),
        }
    }

    /// The digest in hexadecimal.
    pub(crate) fn hex(&self) -> String {
        blake3::Hash::from_bytes(self.digest).to_hex().to_string()
    }
}

/// What an item declares about its own use.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Said {
    /// The item's bytes.
    pub(crate) source: ItemBytes,
    /// The medium of its format, whether it could be read or not.
    pub(crate) media: Media,
    /// At least one declaration.
    pub(crate) embedded: Embedded,
}

impl Said {
    /// `None` for an item that declares nothing.
    fn new(source: ItemBytes, media: Media, embedded: Embedded) -> Option<Arc<Self>> {
        let new = Self {
            source,
            media,
            embedded,
        };
        (!new.embedded.declarations.is_empty()).then(|| Arc::new(new))
    }

    /// Whether it is a finding of its own where `planned` is planned.
    pub(crate) fn is_notable(&self, planned: Use) -> bool {
        self.embedded.is_notable(planned)
    }
}

/// What was learnt of an item.
#[derive(Debug)]
pub(crate) struct Reading {
    /// Its fingerprint, or why there is none.
    pub(crate) item: Result<Box<PrintedItem>, Trouble>,
    /// What it declares about its own use, if it does.
    pub(crate) said: Option<Arc<Said>>,
}

impl Reading {
    /// An item of which nothing is known but that it could not be read.
    pub(crate) fn trouble(trouble: Trouble) -> Self {
        Self {
            item: Err(trouble),
            said: None,
        }
    }
}

/// What an item holds, before it is decoded.
pub(crate) enum Contents {
    Text(String),
    File {
        bytes: Bytes,
        name: Option<String>,
        digest: [u8; 32],
    },
    /// It was decoded before and comes from a fingerprint table.
    Printed(Box<PrintedItem>),
}

/// An item that was read.
#[derive(Debug)]
pub(crate) struct PrintedItem {
    pub(crate) source: ItemBytes,
    /// Seconds, pixels, words.
    pub(crate) extent: f64,
    /// Why only a part could be read, if so.
    pub(crate) partial: Option<String>,
    pub(crate) print: Print,
}

impl PrintedItem {
    /// About what it takes in memory.
    pub(crate) fn bytes(&self) -> usize {
        let points = |print: &ImageFingerprint| {
            size_of_val(print.points.as_slice())
                + size_of_val(print.regions.as_slice())
                + print.tones.values().len()
        };
        let print = match &self.print {
            Print::Audio(print) => print.peaks.len() * size_of::<Peak>(),
            Print::Image { print, further, .. } => {
                points(print) + further.iter().map(points).sum::<usize>()
            }
            Print::Text { text } => text.len(),
        };
        print + size_of::<Self>()
    }
}

/// Reads items within limits.
pub(crate) struct Reader<'a> {
    pub(crate) limits: &'a Limits,
    pub(crate) media_roots: &'a [PathBuf],
    /// Whether what items declare about their own use is read.
    pub(crate) declarations: bool,
    /// Whose signatures of manifests are trusted; without it none is checked.
    pub(crate) signers: Option<&'a Signers>,
    /// Who decodes, where it is not done here.
    pub(crate) decoders: Option<&'a DecoderPool>,
}

impl Reader<'_> {
    /// What an item of a row holds. Paths are relative to `dataset`.
    pub(crate) fn contents(&self, payload: Payload, dataset: &Path) -> Result<Contents, Trouble> {
        match payload {
            Payload::Text(text) => Ok(Contents::Text(text)),
            Payload::Url(_) | Payload::Origin(_) => {
                Err(Trouble::Skipped("url not fetched".to_owned()))
            }
            Payload::Fetched(fetched) => match fetched.body {
                Ok(bytes) => self.file(&Source::Bytes(bytes), fetched.name),
                Err(outcome) => Err(Trouble::Skipped(outcome)),
            },
            Payload::File { bytes, name } => self.file(&Source::Bytes(bytes), name),
            Payload::Path(path) if remote::is_remote(dataset) => self.remote_file(path, dataset),
            Payload::Path(path) => match resolve(&path, dataset, self.media_roots) {
                Ok(file) => self.file(&Source::File(file), Some(path)),
                Err(reason) => Err(missing(&reason)),
            },
            Payload::Printed(found) => found.item.map(Contents::Printed),
            Payload::Broken(unreadable) => Err(unreadable.into()),
            Payload::Left(reason) => Err(Trouble::Skipped(reason)),
        }
    }

    /// A file beside a dataset that is behind an address.
    fn remote_file(&self, path: String, dataset: &Path) -> Result<Contents, Trouble> {
        let found = resolve_remote(&path, dataset, self.media_roots);
        let found = found.map_err(|reason| missing(&reason))?;
        if !remote::is_remote(&found) {
            return self.file(&Source::File(found), Some(path));
        }
        let limit = self.limits.item_bytes;
        match remote::read_beside(&found, limit) {
            Ok(Beside::There(bytes)) => self.file(&Source::Bytes(bytes), Some(path)),
            Ok(Beside::Missing) => Err(missing(&format!("no file {path:?} beside the dataset"))),
            Ok(Beside::TooLong(bytes)) => {
                let detail = format!("{bytes} bytes, {limit} allowed");
                Err(Unreadable::new(Reason::Limit, detail).into())
            }
            // The run ends with it, and nothing of this row is kept.
            Err(error) => Err(Unreadable::new(Reason::Io, error.to_string()).into()),
        }
    }

    fn file(&self, source: &Source, name: Option<String>) -> Result<Contents, Trouble> {
        let bytes = read_source(source, self.limits)?;
        let digest = *blake3::hash(&bytes).as_bytes();
        Ok(Contents::File {
            bytes,
            name,
            digest,
        })
    }

    /// Decodes and fingerprints. `media` is what the column says of its items.
    pub(crate) fn print(&self, contents: Contents, media: Option<Media>) -> Reading {
        match contents {
            Contents::Printed(item) => Reading {
                item: Ok(item),
                said: None,
            },
            Contents::Text(text) => self.print_text(text),
            Contents::File {
                bytes,
                name,
                digest,
            } => {
                let source = ItemBytes {
                    digest,
                    length: Some(bytes.len() as u64),
                };
                if let Some(decoders) = self.decoders {
                    return decoders.read(&bytes, name.as_deref(), media, source);
                }
                let signers = self.signers.filter(|_| self.declarations);
                let read = read_item(&bytes, name.as_deref(), media, false, signers, self.limits);
                let known = read.media.filter(|_| self.declarations);
                Reading {
                    item: read
                        .print
                        .map_err(Trouble::from)
                        .and_then(|printed| finished(printed, source)),
                    said: known.and_then(|media| Said::new(source, media, read.embedded)),
                }
            }
        }
    }

    /// A JPEG of a picture, its longer side at most so long.
    pub(crate) fn thumbnail(&self, bytes: &[u8], side_px: u32) -> Result<Vec<u8>, Unreadable> {
        match self.decoders {
            Some(decoders) => decoders.thumbnail(bytes, side_px),
            None => thumbnail_jpeg(bytes, side_px, self.limits),
        }
    }

    /// The ISCC of an item.
    pub(crate) fn iscc(&self, print: &Print, bytes: Option<&[u8]>) -> Option<String> {
        match (self.decoders, print, bytes) {
            // That of a picture alone needs it decoded.
            (Some(decoders), Print::Image { .. }, Some(bytes)) => decoders.iscc(bytes),
            _ => iscc(print, bytes, self.limits),
        }
    }

    fn print_text(&self, text: String) -> Reading {
        let bytes = text.len() as u64;
        if bytes > self.limits.text_bytes {
            let detail = format!("{bytes} bytes of text, {} allowed", self.limits.text_bytes);
            return Reading::trouble(Unreadable::new(Reason::Limit, detail).into());
        }
        let source = ItemBytes::of(text.as_bytes());
        let said = if self.declarations && is_page(&text) {
            Said::new(source, Media::Text, embedded_in_page(&text))
        } else {
            None
        };
        Reading {
            item: finished(print_string(text), source),
            said,
        }
    }
}

fn missing(reason: &str) -> Trouble {
    let detail = reason.strip_prefix("missing: ").unwrap_or(reason);
    Unreadable::new(Reason::Missing, detail).into()
}

/// Whether a text is a page that might declare something: prose that talks about such pages is not.
fn is_page(text: &str) -> bool {
    text.trim_start().starts_with('<') && text.contains("tdm-")
}

fn finished(printed: ItemPrint, source: ItemBytes) -> Result<Box<PrintedItem>, Trouble> {
    let extent = guard(|| Ok(printed.print.extent()))?;
    Ok(Box::new(PrintedItem {
        source,
        extent,
        partial: printed.partial,
        print: printed.print,
    }))
}
