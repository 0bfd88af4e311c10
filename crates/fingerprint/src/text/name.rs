//! Words as names are compared: case and accents folded, look-alikes told apart.
//!
//! The folding of texts (`fold`) takes `i` for `l`, which a passage survives and a name does not:
//! Ian is not Lan.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::fold::{is_ignorable, letters_of_a_word};

/// A text as folded words, each between single blanks, with the way back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FoldedWords {
    /// Begins and ends with a blank; one blank alone where there is no word.
    letters: String,
    words: Vec<Word>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Word {
    /// Its first byte in the folded letters.
    at: usize,
    /// Its characters in the text.
    characters: Range<usize>,
}

impl FoldedWords {
    /// Folds a text: compatibility-decomposed (NFKD), lower case, without marks; letters that do
    /// not decompose are written as Unicode's Latin-ASCII transliteration has them. Whatever is
    /// neither letter nor digit parts words. Letters of scripts that are written without blanks
    /// are a word each.
    pub fn new(text: &str) -> Self {
        let mut folded = Self {
            letters: String::with_capacity(text.len() + 2),
            words: Vec::new(),
        };
        folded.letters.push(' ');
        let mut is_open = false;
        for (place, character) in text.chars().enumerate() {
            if character.is_ascii() {
                if character.is_ascii_alphanumeric() {
                    folded.add(character.to_ascii_lowercase(), place, &mut is_open);
                } else {
                    folded.end(&mut is_open);
                }
            } else if !is_ignorable(character) && !is_combining_mark(character) {
                folded.add_folded(character, place, &mut is_open);
            }
        }
        folded.end(&mut is_open);
        folded
    }

    fn add_folded(&mut self, character: char, place: usize, is_open: &mut bool) {
        let decomposed = std::iter::once(character).nfkd();
        let lower = decomposed.flat_map(char::to_lowercase).nfkd();
        let bare = lower.filter(|&it| it.is_alphanumeric() && !is_combining_mark(it));
        let mut is_letter = false;
        for letter in bare.nfc() {
            is_letter = true;
            let is_word = letters_of_a_word(letter) > 0;
            if is_word {
                self.end(is_open);
            }
            match latin(letter) {
                Some(letters) => letters
                    .chars()
                    .for_each(|letter| self.add(letter, place, is_open)),
                None => self.add(letter, place, is_open),
            }
            if is_word {
                self.end(is_open);
            }
        }
        if !is_letter {
            self.end(is_open);
        }
    }

    fn add(&mut self, letter: char, place: usize, is_open: &mut bool) {
        if *is_open && let Some(word) = self.words.last_mut() {
            word.characters.end = place + 1;
        } else {
            self.words.push(Word {
                at: self.letters.len(),
                characters: place..place + 1,
            });
        }
        *is_open = true;
        self.letters.push(letter);
    }

    fn end(&mut self, is_open: &mut bool) {
        if std::mem::take(is_open) {
            self.letters.push(' ');
        }
    }

    /// The folded words, each between single blanks.
    pub fn as_str(&self) -> &str {
        &self.letters
    }

    /// The words alone.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.letters.split_ascii_whitespace()
    }

    /// The characters of the text that whole words stand for, by their bytes in
    /// [`FoldedWords::as_str`]; `None` where `bytes` does not begin with a word.
    pub fn characters(&self, bytes: Range<usize>) -> Option<Range<usize>> {
        let first = self.words.binary_search_by_key(&bytes.start, |it| it.at);
        let first = first.ok()?;
        let behind = self.words.partition_point(|it| it.at < bytes.end);
        let last = self.words.get(first.max(behind.checked_sub(1)?))?;
        let start = self.words.get(first)?.characters.start;
        Some(start..last.characters.end)
    }
}

/// Letters with a stroke and ligatures, which have no decomposition (Unicode CLDR, transform
/// Latin-ASCII).
fn latin(letter: char) -> Option<&'static str> {
    Some(match letter {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ħ' => "h",
        'ı' => "i",
        'ŧ' => "t",
        _ => return None,
    })
}

/// Whether a letter is of a script that is written without blanks between words.
pub fn is_word_of_its_own(letter: char) -> bool {
    letters_of_a_word(letter) > 0
}

#[cfg(test)]
mod tests;
