//! The three media, and every format this crate can tell from its bytes.

use std::error::Error;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What kind of thing an item is; decides which engine looks at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Media {
    /// Sound, also as the sound track of a video.
    Audio,
    /// Still pictures; of an animation, its first frame.
    Image,
    /// Written language, plain or marked up.
    Text,
}

impl Media {
    /// Every medium, in the order used by reports.
    pub const ALL: [Self; 3] = [Self::Audio, Self::Image, Self::Text];

    /// `audio`, `image` or `text`: the word used in catalogs and findings.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Audio => "audio",
            Self::Image => "image",
            Self::Text => "text",
        }
    }
}

impl fmt::Display for Media {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

/// A word that names no medium.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownMedia(pub String);

impl fmt::Display for UnknownMedia {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "`{}` is not a medium (audio, image, text)",
            self.0
        )
    }
}

impl Error for UnknownMedia {}

impl FromStr for Media {
    type Err = UnknownMedia;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|media| media.as_str() == word)
            .ok_or_else(|| UnknownMedia(word.to_owned()))
    }
}

/// A file format recognized by [`sniff`](crate::sniff).
///
/// Some are only named, so that an item we cannot open is reported as, say, an unsupported AVIF
/// picture rather than as unknown bytes; [`Format::is_supported`] tells them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Format {
    /// MPEG-1, 2 and 2.5 audio, layers I to III (ISO/IEC 11172-3, 13818-3).
    Mp3,
    /// AAC in ADTS frames (ISO/IEC 13818-7).
    Aac,
    /// The ISO base media family: MP4, M4A, M4B, 3GP, `QuickTime` (ISO/IEC 14496-12).
    Mp4,
    /// Native FLAC (RFC 9639).
    Flac,
    /// Ogg pages, whatever codec they carry (RFC 3533).
    Ogg,
    /// RIFF/WAVE.
    Wav,
    /// WAVE beyond 4 GiB (EBU Tech 3306, ITU-R BS.2088); named only.
    Rf64,
    /// AIFF and AIFF-C.
    Aiff,
    /// Apple Core Audio Format.
    Caf,
    /// Matroska and `WebM` (RFC 9559).
    Matroska,
    /// Windows Media in an ASF container; named only.
    Asf,
    /// `WavPack`; named only.
    #[serde(rename = "wavpack")]
    WavPack,
    /// Monkey's Audio; named only.
    MonkeysAudio,
    /// JPEG (ITU-T T.81).
    Jpeg,
    /// PNG, also animated (W3C PNG, third edition).
    Png,
    /// WebP, lossy, lossless or animated (RFC 9649).
    #[serde(rename = "webp")]
    WebP,
    /// GIF, both versions (87a and 89a).
    Gif,
    /// TIFF 6.0 and `BigTIFF`.
    Tiff,
    /// Windows bitmap.
    Bmp,
    /// AV1 pictures; named only.
    Avif,
    /// HEIC and other HEVC pictures; named only.
    Heif,
    /// JPEG XL; named only.
    JpegXl,
    /// HTML and XHTML.
    Html,
    /// Markdown; known by its name alone.
    Markdown,
    /// Any other prose.
    PlainText,
    /// Subtitles: `SubRip` and `WebVTT` (W3C).
    Subtitles,
    /// One JSON value a line.
    JsonLines,
    /// EPUB books (W3C EPUB 3.3).
    Epub,
    /// PDF (ISO 32000-2), of which the text is read; without the feature `pdf` named only.
    Pdf,
}

impl Format {
    /// The medium a format carries. Containers that may hold video count as audio.
    pub const fn media(self) -> Media {
        match self {
            Self::Mp3
            | Self::Aac
            | Self::Mp4
            | Self::Flac
            | Self::Ogg
            | Self::Wav
            | Self::Rf64
            | Self::Aiff
            | Self::Caf
            | Self::Matroska
            | Self::Asf
            | Self::WavPack
            | Self::MonkeysAudio => Media::Audio,
            Self::Jpeg
            | Self::Png
            | Self::WebP
            | Self::Gif
            | Self::Tiff
            | Self::Bmp
            | Self::Avif
            | Self::Heif
            | Self::JpegXl => Media::Image,
            Self::Html
            | Self::Markdown
            | Self::PlainText
            | Self::Subtitles
            | Self::JsonLines
            | Self::Epub
            | Self::Pdf => Media::Text,
        }
    }

    /// Whether this build can open the format. The codec inside may still be one it cannot.
    pub const fn is_supported(self) -> bool {
        let is_named_only = matches!(
            self,
            Self::Rf64
                | Self::Asf
                | Self::WavPack
                | Self::MonkeysAudio
                | Self::Avif
                | Self::Heif
                | Self::JpegXl
        );
        let lacks_feature = matches!(self, Self::Pdf) && !cfg!(feature = "pdf");
        !(is_named_only || lacks_feature)
    }

    /// A stable, lower-case name, as in reports: `mp3`, `jpeg-xl`, `plain-text`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mp3 => "mp3",
            Self::Aac => "aac",
            Self::Mp4 => "mp4",
            Self::Flac => "flac",
            Self::Ogg => "ogg",
            Self::Wav => "wav",
            Self::Rf64 => "rf64",
            Self::Aiff => "aiff",
            Self::Caf => "caf",
            Self::Matroska => "matroska",
            Self::Asf => "asf",
            Self::WavPack => "wavpack",
            Self::MonkeysAudio => "monkeys-audio",
            Self::Jpeg => "jpeg",
            Self::Png => "png",
            Self::WebP => "webp",
            Self::Gif => "gif",
            Self::Tiff => "tiff",
            Self::Bmp => "bmp",
            Self::Avif => "avif",
            Self::Heif => "heif",
            Self::JpegXl => "jpeg-xl",
            Self::Html => "html",
            Self::Markdown => "markdown",
            Self::PlainText => "plain-text",
            Self::Subtitles => "subtitles",
            Self::JsonLines => "json-lines",
            Self::Epub => "epub",
            Self::Pdf => "pdf",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests;
