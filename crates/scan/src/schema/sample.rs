//! What the first values of a column look like.

use clearance_decode::{Media, media_of_name, sniff};

/// Values that are looked at.
pub(crate) const SAMPLE_ROWS: usize = 64;
/// Share of the values that must look alike.
const MOST: f64 = 0.8;
/// Names of columns that hold text whatever their first values look like.
const TEXT_NAMES: [&str; 20] = [
    "text",
    "content",
    "caption",
    "captions",
    "body",
    "article",
    "sentence",
    "sentences",
    "transcript",
    "transcription",
    "lyrics",
    "story",
    "document",
    "prompt",
    "response",
    "completion",
    "instruction",
    "output",
    "passage",
    "description",
];
/// Which of [`MEDIA_NAMES`] are names of pictures, and which of recordings.
const PICTURE_NAMES: std::ops::Range<usize> = 0..9;
const RECORDING_NAMES: std::ops::Range<usize> = 9..17;
/// Parts of names of columns that hold media.
const MEDIA_NAMES: [&str; 18] = [
    "image",
    "img",
    "picture",
    "photo",
    "jpg",
    "jpeg",
    "png",
    "webp",
    "thumbnail",
    "audio",
    "sound",
    "wav",
    "mp3",
    "flac",
    "ogg",
    "track",
    "song",
    "media",
];

/// The first values of a column.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sample {
    pub(crate) texts: Vec<String>,
    pub(crate) binaries: Vec<Vec<u8>>,
}

impl Sample {
    fn share(&self, holds: impl Fn(&str) -> bool) -> f64 {
        let count = self.texts.iter().filter(|text| holds(text)).count();
        count as f64 / self.texts.len().max(1) as f64
    }

    pub(crate) fn is_url(&self) -> bool {
        self.share(is_url) >= MOST
    }

    /// The medium that most addresses' endings name.
    pub(crate) fn url_media(&self) -> Option<Media> {
        let media = |url: &str| {
            let path = url.split(['?', '#']).next().unwrap_or(url);
            media_of_name(path)
        };
        self.most_named(media, 0.5)
    }

    /// The medium that nearly all values name by their ending.
    pub(crate) fn path_media(&self) -> Option<Media> {
        let media = |path: &str| {
            let plausible = path.len() <= 1024 && !path.contains(['\n', '\t']);
            plausible.then(|| media_of_name(path)).flatten()
        };
        self.most_named(media, MOST)
    }

    fn most_named(&self, media: impl Fn(&str) -> Option<Media>, share: f64) -> Option<Media> {
        [Media::Audio, Media::Image, Media::Text]
            .into_iter()
            .find(|&wanted| self.share(|text| media(text) == Some(wanted)) >= share)
    }

    /// Half of the binary values or more are in a media format.
    pub(crate) fn is_media(&self) -> bool {
        let known = self.binaries.iter().filter(|bytes| {
            let format = sniff(bytes, None);
            format.is_some_and(|format| format.media() != Media::Text)
        });
        !self.binaries.is_empty() && known.count() * 2 >= self.binaries.len()
    }

    /// Values are sentences: words with spaces, or runs of a script without them.
    pub(crate) fn is_prose(&self) -> bool {
        self.share(|text| {
            let words = text.split_whitespace().count();
            let wide = text.chars().filter(|&c| c > '\u{2e80}').count();
            (words >= 5 && text.len() >= 24) || wide >= 12
        }) >= 0.5
    }

    /// Values are single tokens: ids, labels, dates.
    pub(crate) fn is_identifier(&self) -> bool {
        !self.texts.is_empty()
            && self.share(|text| {
                text.len() <= 64 && text.is_ascii() && !text.contains(char::is_whitespace)
            }) >= 0.95
    }
}

fn is_url(text: &str) -> bool {
    let head = text.get(..8).unwrap_or(text).to_ascii_lowercase();
    head.starts_with("http://") || head.starts_with("https://")
}

/// Whether a column is named like one that holds text.
pub(crate) fn names_text(name: &str) -> bool {
    TEXT_NAMES.contains(&name.to_lowercase().as_str())
}

/// The medium that a column's name speaks of.
pub(crate) fn named_media(name: &str) -> Option<Media> {
    let name = name.to_lowercase();
    let named = |names: &[&str]| {
        name.split(['_', '-', '.', ' '])
            .any(|part| names.contains(&part))
    };
    if named(&MEDIA_NAMES[PICTURE_NAMES]) {
        Some(Media::Image)
    } else {
        named(&MEDIA_NAMES[RECORDING_NAMES]).then_some(Media::Audio)
    }
}

/// Whether a column is named like one that holds media.
pub(crate) fn names_media(name: &str) -> bool {
    let name = name.to_lowercase();
    name.split(['_', '-', '.', ' '])
        .any(|part| MEDIA_NAMES.contains(&part))
}
