//! What a character is compared as.

use std::sync::OnceLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{compose, is_combining_mark};
use unicode_security::confusable_detection::skeleton;

/// What becomes of an ASCII character: the letter or digit it is compared as; 0 for what parts
/// words.
///
/// Look-alikes are one letter: `0` and `o`, `1`, `l` and `i` (Unicode UTS #39, and
/// whoever reads print by machine).
pub(super) const ASCII: [u8; 128] = {
    let mut table = [0u8; 128];
    let mut byte = 0u8;
    while byte < 128 {
        if byte.is_ascii_alphanumeric() {
            table[byte as usize] = match byte.to_ascii_lowercase() {
                b'0' => b'o',
                b'1' | b'i' => b'l',
                other => other,
            };
        }
        byte += 1;
    }
    table
};

/// What becomes of a character.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Folded {
    /// One letter.
    Letter(char),
    /// Several.
    Letters(Box<[char]>),
    /// It leaves no trace: marks, joiners, variation selectors.
    Nothing,
    /// It parts words.
    Separator,
}

/// Characters whose folding is computed together, when one of them turns up.
const PAGE: usize = 256;
static PAGES: [OnceLock<Box<[Folded]>>; 0x11_0000 / PAGE] =
    [const { OnceLock::new() }; 0x11_0000 / PAGE];

/// What becomes of a character beyond ASCII.
pub(super) fn folded(character: char) -> &'static Folded {
    let code = character as usize;
    let page = PAGES[code / PAGE].get_or_init(|| {
        let first = (code / PAGE * PAGE) as u32;
        let codes = first..first + PAGE as u32;
        codes
            .map(|code| char::from_u32(code).map_or(Folded::Separator, fold))
            .collect()
    });
    &page[code % PAGE]
}

fn fold(character: char) -> Folded {
    if is_ignorable(character) || is_combining_mark(character) {
        return Folded::Nothing;
    }
    let decomposed = std::iter::once(character).nfkd();
    let lower = decomposed.flat_map(char::to_lowercase).nfkd();
    let bare = lower.filter(|&part| part.is_alphanumeric() && !is_combining_mark(part));
    let letters: Vec<char> = bare.flat_map(plain).nfc().collect();
    match letters.as_slice() {
        [] => Folded::Separator,
        [letter] => Folded::Letter(*letter),
        _ => Folded::Letters(letters.into()),
    }
}

/// The Latin letters that a letter is easily taken for (Unicode UTS #39, section 4), folded;
/// the letter itself where there are none.
fn plain(letter: char) -> Vec<char> {
    if let Some(latin) = latin(letter) {
        return vec![latin];
    }
    let mut buffer = [0; 4];
    let prototype = skeleton(letter.encode_utf8(&mut buffer)).flat_map(char::to_lowercase);
    let bare = prototype.nfkd().filter(|&part| !is_combining_mark(part));
    match bare.map(latin).collect::<Option<Vec<char>>>() {
        Some(latin) if !latin.is_empty() => latin,
        _ => vec![letter],
    }
}

/// The folded form of an ASCII letter or digit.
fn latin(letter: char) -> Option<char> {
    let folded = *ASCII.get(letter as usize)?;
    (folded != 0).then_some(char::from(folded))
}

/// The syllable of two neighbouring letters of Hangul that were written apart.
pub(super) fn syllable(first: char, second: char) -> Option<char> {
    let is_jamo = matches!(second, '\u{1161}'..='\u{1175}' | '\u{11a8}'..='\u{11c2}');
    is_jamo.then(|| compose(first, second)).flatten()
}

/// Characters that leave no trace in print (Unicode `Default_Ignorable_Code_Point`).
pub(super) fn is_ignorable(character: char) -> bool {
    matches!(u32::from(character),
        0xad | 0x34f | 0x61c | 0x115f..=0x1160 | 0x17b4..=0x17b5 | 0x180b..=0x180f
        | 0x200b..=0x200f | 0x202a..=0x202e | 0x2060..=0x206f | 0x3164
        | 0xfe00..=0xfe0f | 0xfeff | 0xffa0 | 0xfff0..=0xfff8
        | 0x1_bca0..=0x1_bca3 | 0x1_d173..=0x1_d17a | 0xe_0000..=0xe_0fff)
}

/// Of a script written without spaces between words, or with few, how many
/// letters make one word; 0 for other scripts.
pub(super) fn letters_of_a_word(letter: char) -> u32 {
    match u32::from(letter) {
        // Thai, Lao, Myanmar, Khmer; Hangul, between the two counts in use, by syllables and by
        // spaces.
        0x0e00..=0x0eff | 0x1000..=0x109f | 0x1780..=0x17ff | 0xac00..=0xd7a3 => 3,
        // Kana, ideographs.
        0x3040..=0x30ff
        | 0x3400..=0x4dbf
        | 0x4e00..=0x9fff
        | 0xf900..=0xfaff
        | 0x2_0000..=0x3_ffff => 2,
        _ => 0,
    }
}

#[cfg(test)]
mod tests;
