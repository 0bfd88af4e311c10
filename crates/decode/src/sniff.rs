//! Which format some bytes are.
//!
//! Content decides. A name is asked only where content cannot say: between kinds of text, and
//! for bytes that could be text in an old encoding or an MPEG stream that starts with junk.

mod magic;
mod mpeg;
mod prose;

use crate::{Format, Media};

/// Bytes of an item that are looked at.
pub(crate) const HEAD_BYTES: usize = 64 << 10;

/// Fewer bytes than this are not told from the beginning of a recording by having only letters.
const LEAST_WRITTEN: usize = 64;

/// Recognizes a format from an item's bytes, or at least its first 64 KiB.
///
/// `name` may be a file name, a path or a URL path; only its extension counts, and never against
/// clear content: a JPEG called `song.mp3` is a JPEG. Bytes that are neither a known format nor
/// plausible text are `None`, whatever they are called.
pub fn sniff(bytes: &[u8], name: Option<&str>) -> Option<Format> {
    let head = &bytes[..bytes.len().min(HEAD_BYTES)];
    let named = name.and_then(format_of_name);
    if head.is_empty() {
        return None;
    }
    magic::of(head, named)
        .filter(|&format| format == Format::Pdf || !is_written(head))
        .or_else(|| mpeg::of(head))
        .or_else(|| prose::of(head, bytes.len() > head.len(), named))
        .or_else(|| mpeg::after_junk(head, named.is_some_and(|it| it.media() == Media::Audio)))
}

/// Whether the bytes are letters and nothing else. A text may open with the letters of a signature
/// (`The wide sea`, `BM 1024`, `ID3 tags are`); no recording and no picture goes on in them. PDF does.
fn is_written(head: &[u8]) -> bool {
    // A few bytes may be the beginning of either.
    if head.len() < LEAST_WRITTEN {
        return false;
    }
    let written = match std::str::from_utf8(head) {
        Ok(text) => text,
        // A letter that the end of the head cuts in two.
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(&head[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return false,
    };
    let is_control =
        |letter: char| letter.is_control() && !matches!(letter, '\t' | '\n' | '\x0c' | '\r');
    !written.is_empty() && !written.contains(is_control)
}

/// The medium a file's extension promises; `None` for extensions that promise none of ours.
///
/// For folder walks and columns of paths, where opening every file would cost too much.
pub fn media_of_name(name: &str) -> Option<Media> {
    format_of_name(name).map(Format::media)
}

fn format_of_name(name: &str) -> Option<Format> {
    // URL columns carry queries and fragments behind the path.
    let path = name.split(['?', '#']).next().unwrap_or(name);
    let file = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let (stem, extension) = file.rsplit_once('.')?;
    if stem.is_empty() {
        return None;
    }
    Some(match extension.to_ascii_lowercase().as_str() {
        "mp3" | "mp2" | "mp1" | "mpga" | "mpa" => Format::Mp3,
        "aac" | "adts" => Format::Aac,
        "mp4" | "m4a" | "m4b" | "m4r" | "m4v" | "mov" | "3gp" | "3g2" | "qt" => Format::Mp4,
        "flac" => Format::Flac,
        "ogg" | "oga" | "ogv" | "opus" | "spx" => Format::Ogg,
        "wav" | "wave" | "bwf" => Format::Wav,
        "rf64" | "bw64" => Format::Rf64,
        "aif" | "aiff" | "aifc" => Format::Aiff,
        "caf" => Format::Caf,
        "mkv" | "mka" | "webm" => Format::Matroska,
        "wma" | "wmv" | "asf" => Format::Asf,
        "wv" => Format::WavPack,
        "ape" => Format::MonkeysAudio,
        "jpg" | "jpeg" | "jpe" | "jfif" => Format::Jpeg,
        "png" | "apng" => Format::Png,
        "webp" => Format::WebP,
        "gif" => Format::Gif,
        "tif" | "tiff" => Format::Tiff,
        "bmp" | "dib" => Format::Bmp,
        "avif" => Format::Avif,
        "heic" | "heif" => Format::Heif,
        "jxl" => Format::JpegXl,
        "html" | "htm" | "xhtml" => Format::Html,
        "md" | "markdown" => Format::Markdown,
        "txt" | "text" | "tex" | "rst" | "lrc" => Format::PlainText,
        "srt" | "vtt" => Format::Subtitles,
        "jsonl" | "ndjson" => Format::JsonLines,
        "epub" => Format::Epub,
        "pdf" => Format::Pdf,
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
