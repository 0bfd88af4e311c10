//! From an item in its row to its fingerprint.

use std::path::{Path, PathBuf};

use bytes::Bytes;
use clearance_decode::{Limits, Media, Reason, Source, Unreadable, guard, read_source};
use clearance_fingerprint::audio::Peak;
use clearance_fingerprint::image::{FoundPoint, ImageFingerprint};
use clearance_index::{Print, print_item, print_string};

use crate::source::{Payload, resolve};

/// Why an item was not examined, as the coverage says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    Unreadable(String),
    Skipped(String),
}

impl From<Unreadable> for Trouble {
    fn from(unreadable: Unreadable) -> Self {
        Self::Unreadable(unreadable.to_string())
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
    /// BLAKE3 of its bytes.
    pub(crate) digest: [u8; 32],
    /// Seconds, pixels, words.
    pub(crate) extent: f64,
    /// Why only a part could be read, if so.
    pub(crate) partial: Option<String>,
    pub(crate) print: Print,
}

impl PrintedItem {
    /// About what it takes in memory.
    pub(crate) fn bytes(&self) -> usize {
        let points = |print: &ImageFingerprint| print.points.len() * size_of::<FoundPoint>();
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
}

impl Reader<'_> {
    /// What an item of a row holds. Paths are relative to `dataset`.
    pub(crate) fn contents(&self, payload: Payload, dataset: &Path) -> Result<Contents, Trouble> {
        match payload {
            Payload::Text(text) => Ok(Contents::Text(text)),
            Payload::Url(_) => Err(Trouble::Skipped("url not fetched".to_owned())),
            Payload::File { bytes, name } => self.file(&Source::Bytes(bytes), name),
            Payload::Path(path) => match resolve(&path, dataset, self.media_roots) {
                Ok(file) => self.file(&Source::File(file), Some(path)),
                Err(reason) => {
                    let detail = reason.strip_prefix("missing: ").unwrap_or(&reason);
                    Err(Unreadable::new(Reason::Missing, detail).into())
                }
            },
            Payload::Printed(found) => found.map(Contents::Printed),
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
    pub(crate) fn print(
        &self,
        contents: Contents,
        media: Option<Media>,
    ) -> Result<PrintedItem, Trouble> {
        let (printed, digest) = match contents {
            Contents::Printed(item) => return Ok(*item),
            Contents::Text(text) => {
                let bytes = text.len() as u64;
                if bytes > self.limits.text_bytes {
                    let detail =
                        format!("{bytes} bytes of text, {} allowed", self.limits.text_bytes);
                    return Err(Unreadable::new(Reason::Limit, detail).into());
                }
                let digest = *blake3::hash(text.as_bytes()).as_bytes();
                (print_string(text), digest)
            }
            Contents::File {
                bytes,
                name,
                digest,
            } => {
                let source = Source::Bytes(bytes);
                let printed = print_item(&source, name.as_deref(), media, false, self.limits)?;
                (printed, digest)
            }
        };
        let extent = guard(|| Ok(printed.print.extent()))?;
        Ok(PrintedItem {
            digest,
            extent,
            partial: printed.partial,
            print: printed.print,
        })
    }
}
