//! Untrusted bytes become PCM, pixels or text here, within limits.
//!
//! This is the only crate that names a media decoder (symphonia, image and what is below it,
//! html5gum, `encoding_rs`, zip, hayro) and the only caller of `catch_unwind`. Whatever the bytes, each entry point comes back with a
//! reading or with an [`Unreadable`] that says why there is none: it does not panic, does not
//! allocate beyond [`Limits`], and gives the same answer for the same bytes on every run
//! ([`Reason::Timeout`] and [`Reason::Io`] excepted, which depend on the machine).
//!
//! What was read only in part is kept and says so in `partial`: a row is never lost because its
//! last packet is missing, and never counted as fully examined either.
//!
//! # When not to use it
//!
//! For playback or editing. Sound is mixed to mono and resampled to [`AUDIO_RATE_HZ`], pictures
//! keep only their luma, and markup is thrown away: enough to recognize a work, not to enjoy it.
//!
//! # Example
//!
//! ```
//! use clearance_decode::{Format, Limits, Media, decode_text, sniff};
//!
//! let bytes = b"<!doctype html><title>x</title><p>Call me Ishmael.</p>";
//! let format = sniff(bytes, None).expect("HTML announces itself");
//! assert_eq!((format, format.media()), (Format::Html, Media::Text));
//!
//! let document = decode_text(bytes, format, &Limits::default()).expect("well-formed");
//! assert_eq!(document.text, "Call me Ishmael.");
//! ```
//!
//! # Modules
//!
//! | module | what is in it |
//! |---|---|
//! | `media` | the three media and the formats we can name |
//! | `sniff` | which format some bytes are, by content first |
//! | `limits`, `unreadable`, `guard` | bounds, reasons for refusal, the panic stop |
//! | `source` | where bytes come from, and how they are read |
//! | `audio`, `resample` | containers and codecs to mono PCM at one rate |
//! | `image` | pictures to upright luma planes, and thumbnails |
//! | `parquet_bounds` | refuses Parquet files that claim more than they hold, for all who read them |
//! | `text`, `html` | encodings to Unicode, also as a stream; markup to prose |
//! | `epub`, `subtitles` | books to their chapters, subtitles to what is said |
//! | `metadata` | what a file says about itself, as names and values |
//! | `provenance` | whether the signature of a C2PA manifest holds, with the feature `c2pa` |
//! | `warc` | what a crawler was answered, record by record |
//! | `xml` | small XML documents to trees |
//! | `pdf` | documents to the text they show, with the feature of that name |

mod audio;
mod epub;
mod guard;
mod html;
mod image;
mod limits;
mod media;

mod metadata;
mod parquet_bounds;
#[cfg(feature = "pdf")]
mod pdf;
mod provenance;
mod resample;
mod sniff;
mod source;
mod subtitles;
mod text;
mod unreadable;
mod warc;
mod xml;

pub use self::audio::{AUDIO_RATE_HZ, AudioReading, decode_audio};
pub use self::guard::guard;
pub use self::html::html_to_text;
pub use self::image::{Frame, Picture, decode_image, gray_jpeg, thumbnail_jpeg};
pub use self::limits::Limits;
pub use self::media::{Format, Media, UnknownMedia};
pub use self::metadata::{
    Carrier, Depth, Metadata, MetadataAssertion, MetadataDamage, MetadataSign, read_metadata,
};
pub use self::parquet_bounds::{check_parquet_footer, check_parquet_pages};
pub use self::provenance::{ManifestSignature, SignatureState, Signers};
pub use self::sniff::{media_of_name, sniff};
pub use self::source::{Source, read_source};
pub use self::text::stream::{TextEncoding, Utf8Reader};
pub use self::text::{Document, decode_text};
pub use self::unreadable::{Reason, Unreadable};
pub use self::warc::{HttpHead, WarcReader, WarcRecord};
pub use self::xml::{XmlElement, read_xml};
