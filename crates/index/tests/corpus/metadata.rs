//! What holds of what a file says about itself, whatever is in it.

use clearance_decode::{Depth, Format, read_metadata};
use clearance_index::embedded;
use clearance_rights::signals::Embedded;

/// Formats that have metadata, by the first byte of an input.
const FORMATS: [Format; 16] = [
    Format::Jpeg,
    Format::Png,
    Format::WebP,
    Format::Gif,
    Format::Tiff,
    Format::Avif,
    Format::Mp4,
    Format::Mp3,
    Format::Flac,
    Format::Ogg,
    Format::Wav,
    Format::Aiff,
    Format::Html,
    Format::Epub,
    Format::Pdf,
    Format::JpegXl,
];

/// Reads what follows the first byte as a file of the format that it stands for, twice, and checks
/// what was found.
pub(crate) fn check(input: &[u8]) {
    let Some((&which, bytes)) = input.split_first() else {
        return;
    };
    let format = FORMATS[usize::from(which) % FORMATS.len()];
    let all = read_metadata(bytes, format, Depth::Everything, None);
    assert_eq!(all, read_metadata(bytes, format, Depth::Everything, None));
    let some = read_metadata(bytes, format, Depth::Declarations, None);
    assert_eq!(some.assertions, all.assertions);
    for damage in &all.damage {
        assert!(!damage.detail.contains("panicked"), "{format}: {damage:?}");
        assert!(damage.detail.len() <= 1024, "{damage:?}");
    }
    assert!(all.signs.len() <= 512);
    assert!(all.signs.iter().all(|sign| sign.value.len() <= 2048));
    meaning(bytes);
}

/// What is made of it is short, on one line each, and read back as it was written.
fn meaning(bytes: &[u8]) {
    let found = embedded(bytes, None, Depth::Everything, None);
    assert!(found.is_sound(), "{found:?}");
    let text = serde_json::to_string(&found).unwrap();
    assert_eq!(serde_json::from_str::<Embedded>(&text).unwrap(), found);
}
