//! From the bytes of one item to its fingerprint: the same way for registered
//! assets and for dataset items.

use bytes::Bytes;
use clearance_decode::{
    Depth, Format, Limits, Media, Reason, Signers, Source, Unreadable, decode_audio, decode_image,
    decode_text, guard, read_source, sniff,
};
use clearance_fingerprint::audio::{AudioExtractor, AudioFingerprint};
use clearance_fingerprint::image::{Codes, ImageFingerprint, codes, fingerprint};
use clearance_fingerprint::text::words;
use clearance_rights::signals::Embedded;

use crate::embedded::embedded_in;

/// What was read of one item, and what it says about itself: each may be there without the other.
#[derive(Debug)]
pub struct ItemReading {
    /// Its fingerprint, or why there is none.
    pub print: Result<ItemPrint, Unreadable>,
    /// What it declares about its own use, and its identifiers.
    pub embedded: Embedded,
    /// The medium of its format; `None` for bytes in no known one.
    pub media: Option<Media>,
}

/// What was read of one item.
#[derive(Debug)]
pub struct ItemPrint {
    /// The fingerprint.
    pub print: Print,
    /// Why only a part could be read, if so.
    pub partial: Option<String>,
}

#[expect(clippy::large_enum_variant, reason = "short-lived, one at a time")]
/// The fingerprint of an item in its medium.
#[derive(Debug)]
pub enum Print {
    /// A recording.
    Audio(AudioFingerprint),
    /// A picture.
    Image {
        /// Its hash in eight orientations, and its points.
        print: ImageFingerprint,
        /// The same of further frames, for an animation.
        further: Vec<ImageFingerprint>,
        /// Its size in pixels: width, height.
        size_px: (u32, u32),
        /// `img_hash` codes, where they were asked for.
        codes: Option<Codes>,
    },
    /// A text.
    Text {
        /// The text itself: what is compared of it is quickly made.
        text: String,
    },
}

impl Print {
    /// The medium.
    pub fn media(&self) -> Media {
        match self {
            Self::Audio(_) => Media::Audio,
            Self::Image { .. } => Media::Image,
            Self::Text { .. } => Media::Text,
        }
    }

    /// Size in the medium's measure: seconds, pixels, words.
    pub fn extent(&self) -> f64 {
        match self {
            Self::Audio(print) => print.duration_s(),
            Self::Image { size_px, .. } => f64::from(size_px.0) * f64::from(size_px.1),
            Self::Text { text } => words(text) as f64,
        }
    }
}

/// BLAKE3 of an item's bytes, hexadecimal: what identical items share.
pub fn digest(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}

/// Decodes and fingerprints an item. `media` is what the item is declared to be;
/// without it, or for bytes of another medium, the contents decide. A panic
/// anywhere on the way is an outcome like any other.
pub fn print_item(
    source: &Source,
    name: Option<&str>,
    media: Option<Media>,
    with_codes: bool,
    limits: &Limits,
) -> Result<ItemPrint, Unreadable> {
    guard(|| {
        let bytes = read_source(source, limits)?;
        let format = sniff(&bytes, name);
        print_as(&bytes, format, media, with_codes, limits)
    })
}

/// Decodes and fingerprints an item as [`print_item`] does, and reads what it declares about its own
/// use; signatures of that are checked against `signers`, if there are any.
pub fn read_item(
    bytes: &Bytes,
    name: Option<&str>,
    media: Option<Media>,
    with_codes: bool,
    signers: Option<&Signers>,
    limits: &Limits,
) -> ItemReading {
    let format = guard(|| Ok(sniff(bytes, name)));
    let known = format.as_ref().ok().copied().flatten();
    ItemReading {
        print: format.and_then(|format| {
            guard(|| {
                let bytes = read_source(&Source::Bytes(bytes.clone()), limits)?;
                print_as(&bytes, format, media, with_codes, limits)
            })
        }),
        embedded: known.map_or_else(Embedded::default, |format| {
            embedded_in(bytes, format, Depth::Declarations, signers)
        }),
        media: known.map(Format::media),
    }
}

fn print_as(
    bytes: &Bytes,
    format: Option<Format>,
    media: Option<Media>,
    with_codes: bool,
    limits: &Limits,
) -> Result<ItemPrint, Unreadable> {
    let format = format.ok_or_else(|| unrecognized(bytes))?;
    match format.media() {
        Media::Audio => print_audio(&Source::Bytes(bytes.clone()), limits),
        Media::Image => print_image(bytes, with_codes, limits),
        Media::Text if media.is_none_or(|media| media == Media::Text) => {
            print_text(bytes, format, limits)
        }
        Media::Text => Err(Unreadable {
            reason: Reason::Unrecognized,
            detail: format!(
                "text where {} was expected",
                media.map_or("", Media::as_str)
            ),
        }),
    }
}

fn unrecognized(bytes: &Bytes) -> Unreadable {
    if bytes.is_empty() {
        return Unreadable {
            reason: Reason::Empty,
            detail: "no bytes".to_owned(),
        };
    }
    Unreadable {
        reason: Reason::Unrecognized,
        detail: format!("{} bytes in no known format", bytes.len()),
    }
}

fn print_audio(source: &Source, limits: &Limits) -> Result<ItemPrint, Unreadable> {
    let mut extractor = AudioExtractor::new();
    let reading = decode_audio(source, limits, &mut |block| extractor.push(block))?;
    Ok(ItemPrint {
        print: Print::Audio(extractor.finish()),
        partial: reading.partial,
    })
}

fn print_image(bytes: &Bytes, with_codes: bool, limits: &Limits) -> Result<ItemPrint, Unreadable> {
    let picture = decode_image(bytes, limits)?;
    let (width, height) = (picture.width_px as usize, picture.height_px as usize);
    let print = fingerprint(&picture.luma, width, height).ok_or_else(|| Unreadable {
        reason: Reason::Unsupported,
        detail: format!("{width} × {height} pixels are too few to compare"),
    })?;
    let frames = picture.further_frames.iter();
    let further = frames.filter_map(|frame| fingerprint(&frame.luma, width, height));
    let further = further.collect();
    let codes = with_codes
        .then(|| codes(&picture.luma, width, height))
        .flatten();
    Ok(ItemPrint {
        print: Print::Image {
            print,
            further,
            size_px: (picture.width_px, picture.height_px),
            codes,
        },
        partial: picture.partial,
    })
}

fn print_text(bytes: &Bytes, format: Format, limits: &Limits) -> Result<ItemPrint, Unreadable> {
    let document = decode_text(bytes, format, limits)?;
    let mut printed = print_string(document.text);
    printed.partial = document.partial;
    Ok(printed)
}

/// The print of a text that is already decoded, such as a cell of a text column.
pub fn print_string(text: String) -> ItemPrint {
    ItemPrint {
        print: Print::Text { text },
        partial: None,
    }
}
