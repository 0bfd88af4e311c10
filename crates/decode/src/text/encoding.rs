//! Which encoding some bytes are in, and whether they are text at all.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{CoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// Bytes fed to the statistical guess; more does not change it.
const GUESS_BYTES: usize = 1 << 20;
/// How far into an HTML page its encoding may be declared (WHATWG HTML, section 13.2.3.2).
const DECLARATION_BYTES: usize = 1024;
/// Shortest run of bytes that can be told from noise without being UTF-8.
const CERTAIN_BYTES: usize = 64;

/// An encoding that makes text of the bytes.
pub(crate) struct Guess {
    pub(crate) encoding: &'static Encoding,
    /// False when noise would pass as well: short, not Unicode, or with control characters.
    pub(crate) is_certain: bool,
}

/// The encoding of `bytes`, or `None` for bytes that are not text. `is_cut` says that more bytes
/// follow, so that the last character may be incomplete.
pub(crate) fn detect(bytes: &[u8], is_cut: bool) -> Option<Guess> {
    if let Some(encoding) = detect_unicode(bytes, is_cut) {
        return Some(Guess {
            encoding,
            is_certain: true,
        });
    }
    if is_binary(bytes) {
        return None;
    }
    let is_certain = bytes.len() >= CERTAIN_BYTES && count_controls(bytes) == 0;
    Some(Guess {
        encoding: guess_legacy(bytes),
        is_certain,
    })
}

/// Like [`detect`], preferring what a page declares of itself to a statistical guess.
pub(crate) fn detect_or(
    bytes: &[u8],
    is_cut: bool,
    declared: impl FnOnce() -> Option<&'static Encoding>,
) -> Option<&'static Encoding> {
    if let Some(encoding) = detect_unicode(bytes, is_cut) {
        return Some(encoding);
    }
    if is_binary(bytes) {
        return None;
    }
    Some(declared().unwrap_or_else(|| guess_legacy(bytes)))
}

/// Decodes without ever failing; an incomplete last character is dropped when `is_cut`.
pub(crate) fn decode<'a>(
    bytes: &'a [u8],
    encoding: &'static Encoding,
    is_cut: bool,
) -> Cow<'a, str> {
    if !is_cut {
        return encoding.decode_with_bom_removal(bytes).0;
    }
    if encoding == UTF_8 {
        return encoding.decode_with_bom_removal(whole_characters(bytes)).0;
    }
    let mut decoder = encoding.new_decoder_with_bom_removal();
    let most = decoder
        .max_utf8_buffer_length(bytes.len())
        .unwrap_or(bytes.len());
    let mut text = String::with_capacity(most);
    // Not told that this is the end, the decoder keeps an incomplete character to itself.
    let (progress, _, _) = decoder.decode_to_string(bytes, &mut text, false);
    debug_assert_eq!(
        progress,
        CoderResult::InputEmpty,
        "the buffer was measured for it"
    );
    Cow::Owned(text)
}

/// UTF-8 without the character that is cut off at its end, if one is.
fn whole_characters(bytes: &[u8]) -> &[u8] {
    let is_cut_off = |tail: &&[u8]| {
        std::str::from_utf8(tail)
            .is_err_and(|error| error.valid_up_to() == 0 && error.error_len().is_none())
    };
    let tail = (1..=bytes.len().min(3))
        .map(|back| &bytes[bytes.len() - back..])
        .find(is_cut_off);
    &bytes[..bytes.len() - tail.map_or(0, <[u8]>::len)]
}

/// The `charset` a page declares near its top. Declarations of UTF-16 cannot be true where an
/// ASCII declaration could be read, and mean UTF-8 (same section, step 8).
pub(crate) fn declared_in_html(bytes: &[u8]) -> Option<&'static Encoding> {
    let top = bytes[..bytes.len().min(DECLARATION_BYTES)].to_ascii_lowercase();
    let (word, start) = (
        b"charset",
        top.windows(7).position(|window| window == b"charset")?,
    );
    let rest = top[start + word.len()..]
        .trim_ascii_start()
        .strip_prefix(b"=")?;
    let rest = rest.trim_ascii_start();
    let rest = rest
        .strip_prefix(b"\"")
        .or_else(|| rest.strip_prefix(b"'"))
        .unwrap_or(rest);
    let is_end = |byte: &u8| byte.is_ascii_whitespace() || b"\"';>/".contains(byte);
    let label = &rest[..rest.iter().position(is_end).unwrap_or(rest.len())];
    Encoding::for_label(label).map(|encoding| {
        if encoding.is_ascii_compatible() {
            encoding
        } else {
            UTF_8
        }
    })
}

fn detect_unicode(bytes: &[u8], is_cut: bool) -> Option<&'static Encoding> {
    if let Some((encoding, mark_bytes)) = Encoding::for_bom(bytes) {
        // UTF-32 opens with the mark of UTF-16; nobody writes it, and as UTF-16 it is noise.
        let is_wide = encoding == UTF_16LE && bytes[mark_bytes..].starts_with(&[0, 0]);
        return (!is_wide).then_some(encoding);
    }
    if let Some(encoding) = utf_16_by_zeros(bytes) {
        return Some(encoding);
    }
    // An escape character in seven-bit text may be ISO-2022-JP, which is valid UTF-8 too.
    let is_utf_8 = is_mostly_utf_8(bytes, is_cut) && !bytes.contains(&0x1b);
    (is_utf_8 && !is_binary(bytes)).then_some(UTF_8)
}

/// Western text in UTF-16 is half zeros, all on one side of each pair.
fn utf_16_by_zeros(bytes: &[u8]) -> Option<&'static Encoding> {
    let (pairs, odd) = bytes.as_chunks::<2>();
    if pairs.len() < 2 || odd.len() > pairs.len() {
        return None;
    }
    let first = pairs.iter().filter(|pair| pair[0] == 0).count();
    let second = pairs.iter().filter(|pair| pair[1] == 0).count();
    let is_plenty = |zeros: usize| zeros * 10 >= pairs.len() * 6;
    let is_rare = |zeros: usize| zeros * 20 <= pairs.len();
    let encoding = match () {
        () if is_plenty(second) && is_rare(first) => UTF_16LE,
        () if is_plenty(first) && is_rare(second) => UTF_16BE,
        () => return None,
    };
    // Samples of quiet 16-bit sound look alike at first; their small numbers are controls.
    let (text, _) = encoding.decode_without_bom_handling(bytes);
    let controls = text
        .chars()
        .filter(|&letter| letter.is_control() && !is_layout(letter));
    (controls.count() * 100 <= pairs.len()).then_some(encoding)
}

/// Valid UTF-8, or text with so many good multi-byte characters that the bad ones are accidents.
fn is_mostly_utf_8(bytes: &[u8], is_cut: bool) -> bool {
    let Err(error) = std::str::from_utf8(bytes) else {
        return true;
    };
    if is_cut && error.error_len().is_none() {
        return true;
    }
    let (mut good, mut bad) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk
            .valid()
            .chars()
            .filter(|letter| !letter.is_ascii())
            .count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    bad * 10 <= good
}

/// Zeros or control characters in numbers that text does not have.
fn is_binary(bytes: &[u8]) -> bool {
    let is_zero = |byte: &&u8| **byte == 0;
    bytes.iter().filter(is_zero).count() * 1000 > bytes.len()
        || count_controls(bytes) * 50 > bytes.len()
}

/// C0 controls other than white space, backspace and escape, and DEL.
fn count_controls(bytes: &[u8]) -> usize {
    let is_control = |byte: &&u8| matches!(**byte, 0..=7 | 11 | 14..=26 | 28..=31 | 127);
    bytes.iter().filter(is_control).count()
}

fn is_layout(letter: char) -> bool {
    matches!(letter, '\t' | '\n' | '\r' | '\u{c}')
}

fn guess_legacy(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    let sample = &bytes[..bytes.len().min(GUESS_BYTES)];
    detector.feed(sample, sample.len() == bytes.len());
    detector.guess(None, Utf8Detection::Allow)
}
