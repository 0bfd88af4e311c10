//! One module a container: where in it the statement goes.
//!
//! Each walks its container by the container's own lengths, to its end: a file whose structure does
//! not hold is refused rather than mended. XMP goes where Adobe's XMP Specification, part 3, puts
//! it.

mod bmff;
mod epub;
mod flac;
mod gif;
mod html;
mod id3;
mod jpeg;
mod ogg;
mod png;
mod riff;
mod tiff;
mod vorbis;

use clearance_decode::Format;

use crate::error::{Error, Result};
use crate::{Existing, Statement};

/// What is to be written, and how.
#[derive(Clone, Copy)]
struct Task<'a> {
    statement: &'a Statement,
    existing: Existing,
}

impl Task<'_> {
    /// A packet of XMP with the statement in it; `None` when `packet` says it already.
    fn xmp(self, packet: Option<&[u8]>) -> Result<Option<Vec<u8>>> {
        crate::xmp::merged(packet, self.statement, self.existing)
    }

    /// Whether a tag is to be written: `found` are its values in the file.
    fn writes(self, name: &str, found: &[String], wanted: &str) -> Result<bool> {
        let other = found.iter().find(|value| value.trim() != wanted);
        match other {
            Some(other) if self.existing == Existing::Keep => {
                Err(Error::contradicts(name, other.trim()))
            }
            Some(_) => Ok(true),
            None => Ok(found.is_empty()),
        }
    }
}

/// The bytes of a copy that carries the statement.
pub(crate) fn write(
    bytes: &[u8],
    format: Format,
    statement: &Statement,
    existing: Existing,
) -> Result<Vec<u8>> {
    let task = Task {
        statement,
        existing,
    };
    let edits = match format {
        Format::Jpeg => jpeg::edits(bytes, task)?,
        Format::Png => png::edits(bytes, task)?,
        Format::WebP | Format::Wav => riff::edits(bytes, format, task)?,
        Format::Aiff => riff::aiff_edits(bytes, task)?,
        Format::Gif => gif::edits(bytes, task)?,
        Format::Tiff => tiff::edits(bytes, task)?,
        Format::Mp4 => bmff::edits(bytes, task)?,
        Format::Mp3 | Format::Aac => id3::edits(bytes, task)?,
        Format::Flac => flac::edits(bytes, task)?,
        Format::Html => html::edits(bytes, task)?,
        Format::Ogg => return ogg::write(bytes, task),
        Format::Epub => return epub::write(bytes, task),
        Format::Pdf => {
            return Err(Error::unsupported(
                "PDF, whose cross-references would have to be written anew; the program that made \
                 it can embed XMP when it saves",
            ));
        }
        Format::PlainText | Format::Markdown | Format::Subtitles | Format::JsonLines => {
            return Err(Error::unsupported(format!(
                "{format}, which has no place for metadata; publish a tdmrep.json on the site \
                 instead"
            )));
        }
        other => {
            return Err(Error::unsupported(format!(
                "{other}; stamped are JPEG, PNG, WebP, GIF, TIFF, MP3, AAC, MP4, FLAC, Ogg, WAV, \
                 AIFF, HTML and EPUB"
            )));
        }
    };
    edits.apply(bytes)
}
