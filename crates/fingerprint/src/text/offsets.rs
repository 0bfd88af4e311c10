//! From normalized bytes back to characters of the original.

/// Where the words and characters of a normalized text stood in the original.
///
/// Most letters follow the one before at once, and most first letters of a word
/// follow one space. Only where that guess is wrong is an offset written down,
/// which takes about a third of a byte for each byte of prose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offsets {
    /// One bit for each normalized byte: a word starts here.
    pub word_starts: Vec<u64>,
    /// (normalized byte, character in the original) where the guess fails, and
    /// at least every 2,048 bytes; in order.
    pub anchors: Vec<(u32, u32)>,
}

/// Longest distance in bytes from an anchor.
pub(super) const CHECKPOINT: u32 = 2048;

impl Offsets {
    /// The bits of `word_starts` that are set in `from..to`: words that begin there.
    pub fn words(&self, from: usize, to: usize) -> usize {
        let parts = (from / 64..to.div_ceil(64)).map(|part| {
            let bits = self.word_starts.get(part).copied().unwrap_or(0);
            let first = from.saturating_sub(64 * part);
            let end = (to - 64 * part).min(64);
            let within = u64::MAX >> (64 - end) & u64::MAX << first;
            (bits & within).count_ones() as usize
        });
        if from < to { parts.sum() } else { 0 }
    }

    /// Whether a word starts at this normalized byte.
    pub fn starts_word(&self, at: usize) -> bool {
        let word = self.word_starts.get(at / 64);
        word.is_some_and(|word| word >> (at % 64) & 1 == 1)
    }

    /// The character (code point) of the original that gave the letter at
    /// normalized byte `at` of `letters`.
    pub fn character(&self, letters: &[u8], at: usize) -> u32 {
        let index = self
            .anchors
            .partition_point(|&(byte, _)| byte as usize <= at);
        let (byte, mut character) = match index.checked_sub(1) {
            Some(index) => self.anchors[index],
            None => return 0,
        };
        for (next, &letter) in letters
            .iter()
            .enumerate()
            .take(at + 1)
            .skip(byte as usize + 1)
        {
            if starts_letter(letter) {
                character += guess(letter, self.starts_word(next));
            }
        }
        character
    }

    pub(super) fn mark_word(&mut self, at: usize) {
        if self.word_starts.len() <= at / 64 {
            self.word_starts.resize(at / 64 + 1, 0);
        }
        self.word_starts[at / 64] |= 1 << (at % 64);
    }
}

/// Whether a UTF-8 byte begins a character.
pub(super) fn starts_letter(byte: u8) -> bool {
    byte & 0xc0 != 0x80
}

/// Characters a letter is expected to stand after the one before. Scripts that
/// are written without spaces (in UTF-8 from U+3000 up) mark words but leave no gap.
pub(super) fn guess(first_byte: u8, starts_word: bool) -> u32 {
    if starts_word && first_byte < 0xe3 {
        2
    } else {
        1
    }
}
