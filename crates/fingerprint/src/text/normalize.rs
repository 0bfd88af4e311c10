//! Letters and digits of a text, and where they stood.

use super::fold::{ASCII, Folded, folded, letters_of_a_word, syllable};
use super::markup::{Markup, markup};
use super::offsets::{CHECKPOINT, Offsets, guess};

/// Longest text in normalized bytes; what lies beyond is left out.
const LONGEST: usize = u32::MAX as usize - 64;

/// A text's letters and digits as UTF-8, with a map back to the original.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NormalizedText {
    /// The letters and digits, folded.
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

    /// Words in the whole text. Of scripts written without spaces two characters count as one
    /// word, three where they are letters, and of Hangul three syllables.
    pub fn words(&self) -> usize {
        self.offsets.words(0, self.letters.len())
    }
}

/// Normalizes a text.
///
/// ```
/// let text = clearance_fingerprint::text::normalize("Call me Ish-\nmael — “Ｃａｌｌ” me.");
/// assert_eq!(text.letters, b"callmelshmaelcallme");
/// assert_eq!(text.character(13), 21); // the second "call" starts at character 21
/// ```
pub fn normalize(text: &str) -> NormalizedText {
    let mut writer = Writer::default();
    walk(text, &mut writer);
    writer.text
}

/// The letters of [`normalize`] alone, several times as fast.
pub fn letters(text: &str) -> Vec<u8> {
    let mut letters = Letters(Vec::with_capacity(text.len()));
    walk(text, &mut letters);
    letters.0
}

/// The words of [`normalize`], counted.
pub fn words(text: &str) -> usize {
    let mut counter = Counter::default();
    walk(text, &mut counter);
    counter.words
}

/// What is told of a text while it is walked through.
trait Sink {
    /// Letters so far, in bytes.
    fn length(&self) -> usize;
    /// Takes as much of an ASCII text as has no markup; returns its length.
    fn plain(&mut self, bytes: &[u8]) -> usize;
    /// A letter of the next character, or one more of the last.
    fn letter(&mut self, letter: char);
    /// What the next character parts.
    fn separator(&mut self, character: char);
    /// This many characters are done.
    fn advance(&mut self, characters: usize);
}

fn walk(text: &str, sink: &mut impl Sink) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() && sink.length() < LONGEST {
        at += sink.plain(&bytes[at..]);
        let Some(character) = text[at..].chars().next() else {
            return;
        };
        if !character.is_ascii() {
            wide(character, sink);
            sink.advance(1);
            at += character.len_utf8();
        } else if let Some(Markup {
            length,
            text: meant,
        }) = markup(&bytes[at..])
        {
            // Its end is that of an ASCII character, so of a character.
            let skipped = text
                .get(at..at + length)
                .map_or(1, |part| part.chars().count());
            if meant.is_empty() {
                sink.separator(' ');
            }
            for character in meant.chars() {
                wide(character, sink);
            }
            sink.advance(skipped);
            at += length;
        } else {
            sink.separator(character);
            sink.advance(1);
            at += 1;
        }
    }
}

/// A character that needs looking up.
fn wide(character: char, sink: &mut impl Sink) {
    if let Some(&ascii) = ASCII.get(character as usize) {
        match ascii {
            0 => sink.separator(character),
            letter => sink.letter(char::from(letter)),
        }
        return;
    }
    match folded(character) {
        Folded::Letter(letter) => sink.letter(*letter),
        Folded::Letters(letters) => letters.iter().for_each(|&letter| sink.letter(letter)),
        // A mark, a joiner or a variation selector leaves the word whole.
        Folded::Nothing => {}
        Folded::Separator => sink.separator(character),
    }
}

/// Whether an ASCII byte may begin markup.
const fn is_special(byte: u8) -> bool {
    matches!(byte, b'<' | b'&' | b'\\')
}

/// What becomes of a byte: the letter; 0 for separators; `STOP` for what `plain` leaves.
const BYTES: [u8; 256] = {
    let mut table = [STOP; 256];
    let mut byte = 0;
    while byte < 128 {
        if !is_special(byte as u8) {
            table[byte] = ASCII[byte];
        }
        byte += 1;
    }
    table
};
const STOP: u8 = 0xff;
/// Bytes that are taken one by one.
const FEW: usize = 8;

/// Letters alone.
struct Letters(Vec<u8>);

impl Sink for Letters {
    fn length(&self) -> usize {
        self.0.len()
    }

    fn plain(&mut self, bytes: &[u8]) -> usize {
        const BLOCK: usize = 64;
        // Between words of other scripts there are only a few bytes.
        for (at, &byte) in bytes.iter().take(FEW).enumerate() {
            match BYTES[usize::from(byte)] {
                STOP => return at,
                0 => {}
                letter => self.0.push(letter),
            }
        }
        let mut done = bytes.len().min(FEW);
        // Every byte is written, and only letters are kept: no branch to mispredict.
        for block in bytes[done..].chunks(BLOCK) {
            let mut written = [0u8; BLOCK + 1];
            let mut count = 0;
            let mut stops = 0u8;
            for &byte in block {
                let letter = BYTES[usize::from(byte)];
                written[count.min(BLOCK)] = letter;
                count += usize::from(letter != 0);
                stops |= letter;
            }
            if stops & 0x80 != 0 {
                let clean = block
                    .iter()
                    .take_while(|byte| BYTES[usize::from(**byte)] != STOP);
                let clean = clean.count();
                let letters = block[..clean].iter().map(|byte| BYTES[usize::from(*byte)]);
                self.0.extend(letters.filter(|&letter| letter != 0));
                return done + clean;
            }
            self.0.extend_from_slice(&written[..count]);
            done += block.len();
        }
        done
    }

    fn letter(&mut self, letter: char) {
        if let Some(whole) = joined(&self.0, letter) {
            self.0.truncate(self.0.len() - 3);
            return self.letter(whole);
        }
        let mut buffer = [0; 4];
        self.0
            .extend_from_slice(letter.encode_utf8(&mut buffer).as_bytes());
    }

    fn separator(&mut self, _: char) {}

    fn advance(&mut self, _: usize) {}
}

/// The syllable of Hangul that a letter completes: all parts take three bytes.
fn joined(letters: &[u8], letter: char) -> Option<char> {
    if !matches!(letter, '\u{1161}'..='\u{11c2}') {
        return None;
    }
    let last = std::str::from_utf8(letters.last_chunk::<3>()?).ok()?;
    syllable(last.chars().next()?, letter)
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

/// Where words start.
#[derive(Default)]
struct Boundaries {
    gap: Gap,
    /// Letters since the last word start in a script without spaces.
    unspaced: u32,
}

impl Boundaries {
    fn separator(&mut self, character: char) {
        if character == ' ' && self.gap == Gap::None {
            self.gap = Gap::Word;
            return;
        }
        self.gap = match (self.gap, character) {
            (Gap::Start, _) => Gap::Start,
            (Gap::None, '-' | '\'' | '\u{2019}' | '\u{2010}' | '\u{ad}') => Gap::Joint,
            (Gap::Joint, '\n' | '\r') | (Gap::DividedWord, '\n' | '\r' | ' ' | '\t') => {
                Gap::DividedWord
            }
            _ => Gap::Word,
        };
    }

    /// [`Self::starts_word`] for letters of one byte.
    fn starts_plain_word(&mut self) -> bool {
        let gap = std::mem::replace(&mut self.gap, Gap::None);
        let after_unspaced = std::mem::take(&mut self.unspaced) > 0;
        after_unspaced || matches!(gap, Gap::Start | Gap::Word)
    }

    /// Whether the next letter starts a word.
    fn starts_word(&mut self, letter: char) -> bool {
        let period = letters_of_a_word(letter);
        if period == 0 {
            return self.starts_plain_word();
        }
        self.gap = Gap::None;
        let starts = self.unspaced.is_multiple_of(period);
        self.unspaced += 1;
        starts
    }
}

/// Words alone.
#[derive(Default)]
struct Counter {
    boundaries: Boundaries,
    words: usize,
    last: Option<char>,
}

impl Sink for Counter {
    fn length(&self) -> usize {
        0
    }

    fn plain(&mut self, bytes: &[u8]) -> usize {
        one_by_one(self, bytes)
    }

    fn letter(&mut self, letter: char) {
        if let Some(whole) = self.last.and_then(|last| syllable(last, letter)) {
            self.last = Some(whole);
            return;
        }
        self.words += usize::from(self.boundaries.starts_word(letter));
        self.last = Some(letter);
    }

    fn separator(&mut self, character: char) {
        self.boundaries.separator(character);
    }

    fn advance(&mut self, _: usize) {}
}

/// [`Sink::plain`] for those who want every character.
fn one_by_one(sink: &mut impl Sink, bytes: &[u8]) -> usize {
    for (at, &byte) in bytes.iter().enumerate() {
        match BYTES[usize::from(byte)] {
            STOP => return at,
            0 => sink.separator(char::from(byte)),
            letter => sink.letter(char::from(letter)),
        }
        sink.advance(1);
    }
    bytes.len()
}

/// Letters with their places.
#[derive(Default)]
struct Writer {
    text: NormalizedText,
    boundaries: Boundaries,
    /// The last letter's character.
    expected: u32,
    last_anchor: u32,
    anchored: bool,
}

impl Writer {
    /// A letter that is one byte, of the character with this index.
    fn plain_letter(&mut self, letter: u8, index: u32) {
        let at = self.text.letters.len();
        let starts_word = self.boundaries.starts_plain_word();
        if starts_word {
            self.text.offsets.mark_word(at);
        }
        self.anchor(at, index, guess(letter, starts_word));
        self.text.letters.push(letter);
    }

    /// Notes where the next letter stands, if not where it is expected after the last.
    fn anchor(&mut self, at: usize, index: u32, guess: u32) {
        let at = at as u32;
        let is_near = self.anchored && at - self.last_anchor < CHECKPOINT;
        if !is_near || self.expected + guess != index {
            self.text.offsets.anchors.push((at, index));
            self.last_anchor = at;
            self.anchored = true;
        }
        self.expected = index;
    }
}

impl Sink for Writer {
    fn length(&self) -> usize {
        self.text.letters.len()
    }

    fn plain(&mut self, bytes: &[u8]) -> usize {
        let mut index = self.text.characters;
        let mut done = bytes.len();
        for (at, &byte) in bytes.iter().enumerate() {
            match BYTES[usize::from(byte)] {
                STOP => {
                    done = at;
                    break;
                }
                0 => self.boundaries.separator(char::from(byte)),
                letter => self.plain_letter(letter, index),
            }
            index = index.saturating_add(1);
        }
        self.text.characters = index;
        done
    }

    fn separator(&mut self, character: char) {
        self.boundaries.separator(character);
    }

    fn letter(&mut self, letter: char) {
        if let Some(whole) = joined(&self.text.letters, letter) {
            let at = self.text.letters.len() - 3;
            whole.encode_utf8(&mut self.text.letters[at..]);
            return;
        }
        let (at, index) = (self.text.letters.len(), self.text.characters);
        let starts_word = self.boundaries.starts_word(letter);
        if starts_word {
            self.text.offsets.mark_word(at);
        }
        let mut buffer = [0; 4];
        let bytes = letter.encode_utf8(&mut buffer).as_bytes();
        self.anchor(at, index, guess(bytes[0], starts_word));
        self.text.letters.extend_from_slice(bytes);
    }

    fn advance(&mut self, characters: usize) {
        let characters = u32::try_from(characters).unwrap_or(u32::MAX);
        self.text.characters = self.text.characters.saturating_add(characters);
    }
}
