//! Letters and digits of a text, and where they stood.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::offsets::{CHECKPOINT, Offsets, guess, starts_letter};

/// Longest text in normalized bytes; what lies beyond is left out.
const LONGEST: usize = u32::MAX as usize - 64;

/// A text's letters and digits as UTF-8, with a map back to the original.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NormalizedText {
    /// The letters and digits: NFKC, lower case, no combining marks.
    pub letters: Vec<u8>,
    /// Where they stood.
    pub offsets: Offsets,
    /// Length of the original in characters (code points).
    pub characters: u32,
}

impl NormalizedText {
    /// Character of the original behind the letter at normalized byte `at`.
    pub fn character(&self, at: usize) -> u32 {
        self.offsets.character(&self.letters, at)
    }

    /// Words in the whole text. Two characters of a script written without
    /// spaces count as one word.
    pub fn words(&self) -> usize {
        self.offsets.words(0, self.letters.len())
    }
}

/// Normalizes a text.
///
/// ```
/// let text = clearance_fingerprint::text::normalize("Call me Ish-\nmael — “Ｃａｌｌ” me.");
/// assert_eq!(text.letters, b"callmeishmaelcallme");
/// assert_eq!(text.character(13), 21); // the second "call" starts at character 21
/// ```
pub fn normalize(text: &str) -> NormalizedText {
    let mut writer = Writer::default();
    let mut characters = 0u32;
    for (index, character) in text.chars().enumerate() {
        let Ok(index) = u32::try_from(index) else {
            break;
        };
        if writer.text.letters.len() >= LONGEST {
            break;
        }
        characters = index + 1;
        match character {
            'a'..='z' | '0'..='9' => writer.letter(character, index),
            'A'..='Z' => writer.letter(character.to_ascii_lowercase(), index),
            '\0'..='\x7f' => writer.separator(character),
            _ => writer.wide(character, index),
        }
    }
    writer.text.characters = characters;
    writer.text
}

/// What stands between the last letter and the next.
#[derive(Clone, Copy, Default, PartialEq)]
enum Gap {
    #[default]
    Start,
    None,
    /// A hyphen or apostrophe, which joins what it separates.
    Joint,
    /// A line break after a joint: a word that was divided at a line's end.
    DividedWord,
    Word,
}

#[derive(Default)]
struct Writer {
    text: NormalizedText,
    gap: Gap,
    expected: u32,
    /// Characters since the last word start in a script without spaces.
    unspaced: u32,
}

impl Writer {
    fn separator(&mut self, character: char) {
        self.gap = match (self.gap, character) {
            (Gap::Start, _) => Gap::Start,
            (Gap::None, '-' | '\'' | '\u{2019}' | '\u{2010}' | '\u{ad}') => Gap::Joint,
            (Gap::Joint, '\n' | '\r') | (Gap::DividedWord, '\n' | '\r' | ' ' | '\t') => {
                Gap::DividedWord
            }
            _ => Gap::Word,
        };
    }

    /// A character beyond ASCII: zero or more letters after compatibility folding.
    fn wide(&mut self, character: char, index: u32) {
        // A mark, a joiner or a variation selector leaves the word whole.
        if is_ignorable(character) || is_combining_mark(character) {
            return;
        }
        let mut wrote = false;
        let decomposed = std::iter::once(character).nfkd();
        let lower = decomposed.flat_map(char::to_lowercase).nfkd();
        let bare = lower.filter(|&part| part.is_alphanumeric() && !is_combining_mark(part));
        for part in bare.nfc() {
            self.letter(part, index);
            wrote = true;
        }
        if !wrote {
            self.separator(character);
        }
    }

    fn letter(&mut self, letter: char, index: u32) {
        let at = self.text.letters.len();
        let starts_word = self.starts_word(letter);
        if starts_word {
            self.text.offsets.mark_word(at);
        }
        let mut buffer = [0; 4];
        let bytes = letter.encode_utf8(&mut buffer).as_bytes();
        let last = self.text.offsets.anchors.last();
        let near = last.is_some_and(|&(byte, _)| at as u32 - byte < CHECKPOINT);
        if !near || self.expected + guess(bytes[0], starts_word) != index {
            self.text.offsets.anchors.push((at as u32, index));
        }
        debug_assert!(starts_letter(bytes[0]));
        self.text.letters.extend_from_slice(bytes);
        self.expected = index;
        self.gap = Gap::None;
    }

    fn starts_word(&mut self, letter: char) -> bool {
        if is_unspaced(letter) {
            let starts = self.unspaced.is_multiple_of(2);
            self.unspaced += 1;
            return starts;
        }
        let after_unspaced = std::mem::take(&mut self.unspaced) > 0;
        after_unspaced || matches!(self.gap, Gap::Start | Gap::Word)
    }
}

/// Scripts written without spaces between words: CJK ideographs, kana, and the
/// full planes of ideographic extensions; Thai, Lao, Khmer and Myanmar.
fn is_unspaced(letter: char) -> bool {
    matches!(u32::from(letter),
        0x0e00..=0x0eff | 0x1000..=0x109f | 0x1780..=0x17ff
        | 0x3040..=0x30ff | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xf900..=0xfaff
        | 0x2_0000..=0x3_ffff)
}

/// Characters that leave no trace in print (Unicode `Default_Ignorable_Code_Point`).
fn is_ignorable(character: char) -> bool {
    matches!(u32::from(character),
        0xad | 0x34f | 0x61c | 0x115f..=0x1160 | 0x17b4..=0x17b5 | 0x180b..=0x180f
        | 0x200b..=0x200f | 0x202a..=0x202e | 0x2060..=0x206f | 0x3164
        | 0xfe00..=0xfe0f | 0xfeff | 0xffa0 | 0xfff0..=0xfff8
        | 0x1_bca0..=0x1_bca3 | 0x1_d173..=0x1_d17a | 0xe_0000..=0xe_0fff)
}
