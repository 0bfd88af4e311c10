//! The text that PDF documents show (ISO 32000-2, section 9), in the order in which it is drawn.
//!
//! The file's structure, encryption and operators are read by `hayro-syntax`, character maps by
//! `hayro-cmap`. What is unpacked is unpacked here where that can be bounded (`streams`).

mod content;
mod font;
mod glyphs;
mod layout;
mod state;
mod streams;

use hayro_syntax::{DecryptionError, LoadPdfError, Pdf};

use self::content::Pages;
use crate::image::clock::Clock;
use crate::text::Document;
use crate::{Limits, Reason, Unreadable};

/// Pages read of one document; the rest is left out.
const PAGES_MAX: usize = 50_000;
/// A document of which more pages than this share show pictures and no text was read in part:
/// they may be scans. Covers and plates are fewer.
const PICTURE_PAGES_SHARE_MAX: f64 = 0.1;
/// The same for characters that the fonts give no letter for: bullets and symbols are fewer.
const UNKNOWN_SHARE_MAX: f64 = 0.05;

/// The text of all pages. At most `text_bytes` of content are unpacked, and as much text kept.
pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Result<Document, Unreadable> {
    let clock = Clock::start(limits);
    streams::check_tables(bytes, limits.text_bytes, &clock)?;
    let pdf = Pdf::new(bytes.to_vec()).map_err(refusal)?;
    let pages = pdf.pages();
    let mut reader = Pages::new(limits.text_bytes, &clock);
    for page in pages.iter().take(PAGES_MAX) {
        clock.check()?;
        reader.add(page)?;
        if reader.is_full() {
            break;
        }
    }
    finish(reader, pages.len(), limits)
}

fn refusal(error: LoadPdfError) -> Unreadable {
    match error {
        LoadPdfError::Decryption(DecryptionError::PasswordProtected) => {
            Unreadable::new(Reason::Unsupported, "PDF encrypted with a password")
        }
        LoadPdfError::Decryption(_) => Unreadable::new(
            Reason::Unsupported,
            "PDF encrypted in a way that is not supported",
        ),
        LoadPdfError::Invalid => Unreadable::new(Reason::Corrupt, "damaged PDF: no pages found"),
    }
}

/// The reading, or the reason why there is nothing to compare.
fn finish(reader: Pages<'_, '_>, pages: usize, limits: &Limits) -> Result<Document, Unreadable> {
    let is_full = reader.is_full();
    let read = reader.finish();
    if pages == 0 {
        return Err(refusal(LoadPdfError::Invalid));
    }
    if read.text.is_empty() {
        return Err(if read.unknown > 0 {
            let detail = "PDF whose fonts do not say which letters they show";
            Unreadable::new(Reason::Unsupported, detail)
        } else if is_full {
            let detail = format!("PDF without text in the first {} bytes", limits.text_bytes);
            Unreadable::new(Reason::Limit, detail)
        } else if read.lost > 0 {
            Unreadable::new(Reason::Corrupt, "damaged PDF: its pages cannot be unpacked")
        } else {
            let detail = format!("PDF without a text layer: {pages} pages of pictures or nothing");
            Unreadable::new(Reason::Empty, detail)
        });
    }
    let mut missing = Vec::new();
    if is_full {
        missing.push(format!(
            "only the first {} bytes of content were read",
            limits.text_bytes
        ));
    } else if pages > PAGES_MAX {
        missing.push(format!(
            "only the first {PAGES_MAX} of {pages} pages were read"
        ));
    }
    if read.lost > 0 {
        missing.push(format!(
            "{} parts of pages could not be unpacked",
            read.lost
        ));
    }
    if read.picture_pages as f64 > PICTURE_PAGES_SHARE_MAX * pages as f64 {
        let count = read.picture_pages;
        missing.push(format!(
            "{count} of {pages} pages show pictures and have no text layer"
        ));
    }
    let shown = read.unknown + read.known;
    if read.unknown as f64 > UNKNOWN_SHARE_MAX * shown as f64 {
        let unknown = read.unknown;
        missing.push(format!(
            "{unknown} of {shown} characters have no letter in their fonts"
        ));
    }
    Ok(Document {
        text: read.text,
        encoding: "UTF-8",
        partial: (!missing.is_empty()).then(|| missing.join("; ")),
    })
}

#[cfg(test)]
mod tests;
