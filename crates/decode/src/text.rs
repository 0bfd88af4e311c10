//! Encoded text to Unicode.

pub(crate) mod encoding;
pub(crate) mod stream;

use crate::guard::guard;
use crate::subtitles::cue_text;
use crate::{Format, Limits, Media, Reason, Unreadable, epub, html_to_text};

/// The text of one item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Unicode text. HTML, books and subtitles have been reduced to their prose; other markup
    /// stays as it is.
    pub text: String,
    /// The encoding found, by its name in the WHATWG Encoding Standard: `UTF-8`, `Shift_JIS`. Of an
    /// EPUB, that of its first chapter; of a PDF, whose letters are numbers of its fonts, `UTF-8`.
    pub encoding: &'static str,
    /// What was left out, when something was.
    pub partial: Option<String>,
}

/// Decodes text of a known [`Format`] (see [`sniff`](crate::sniff)).
///
/// The encoding is taken from a byte order mark, then from the bytes being valid (or almost
/// valid) UTF-8, then from zeros that give UTF-16 away, then from an HTML `charset` declaration,
/// and guessed otherwise. Damaged characters become U+FFFD. Beyond `text_bytes` the text is cut
/// between characters and `partial` says so; in an EPUB or a PDF these are bytes unpacked.
pub fn decode_text(bytes: &[u8], format: Format, limits: &Limits) -> Result<Document, Unreadable> {
    guard(|| read_text(bytes, format, limits))
}

fn read_text(bytes: &[u8], format: Format, limits: &Limits) -> Result<Document, Unreadable> {
    limits.check_item_len(bytes.len() as u64)?;
    if format.media() != Media::Text {
        return Err(Unreadable::new(
            Reason::Unrecognized,
            format!("{format} is not text"),
        ));
    }
    if !format.is_supported() {
        let detail = format!("this build cannot read {format} documents");
        return Err(Unreadable::new(Reason::Unsupported, detail));
    }
    match format {
        Format::Epub => return epub::read(bytes, limits),
        #[cfg(feature = "pdf")]
        Format::Pdf => return crate::pdf::read(bytes, limits),
        _ => {}
    }
    let most = usize::try_from(limits.text_bytes).unwrap_or(usize::MAX);
    let kept = &bytes[..bytes.len().min(most)];
    let is_cut = kept.len() < bytes.len();
    let declared = || {
        if format == Format::Html {
            encoding::declared_in_html(kept)
        } else {
            None
        }
    };
    let encoding = encoding::detect_or(kept, is_cut, declared)
        .ok_or_else(|| Unreadable::new(Reason::Unrecognized, "binary bytes, not text"))?;
    let text = encoding::decode(kept, encoding, is_cut);
    Ok(Document {
        text: match format {
            Format::Html => html_to_text(&text),
            Format::Subtitles => cue_text(&text),
            _ => text.into_owned(),
        },
        encoding: encoding.name(),
        partial: is_cut.then(|| {
            format!(
                "only the first {} of {} bytes were read",
                kept.len(),
                bytes.len()
            )
        }),
    })
}

#[cfg(test)]
mod tests;
