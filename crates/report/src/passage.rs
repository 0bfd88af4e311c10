//! Two passages side by side, with what differs marked.

use serde::Serialize;

use crate::words::passage;

/// Words of each passage that are compared; excerpts have about a hundred.
const MOST_WORDS: usize = 1000;
/// From here on letters are words of their own: scripts without spaces.
const IDEOGRAPHS: char = '\u{2e80}';

/// A passage of the item and the passage of the work that it matches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Passages {
    pub(crate) item: Vec<Run>,
    /// Empty when the registry keeps no texts.
    pub(crate) work: Vec<Run>,
}

/// Neighboring words that all stand in the other passage too, or all do not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Run(pub(crate) bool, pub(crate) String);

impl Passages {
    /// Compares by words; case, spaces and marks do not count. Without the work's passage nothing
    /// is marked.
    pub(crate) fn new(item: &str, work: Option<&str>) -> Self {
        let item = passage(item);
        let Some(work) = work.map(passage).filter(|work| !work.trim().is_empty()) else {
            return Self {
                item: vec![Run(true, item)],
                work: Vec::new(),
            };
        };
        let (item, work) = (words(&item), words(&work));
        let (in_item, in_work) = common(&item, &work);
        Self {
            item: runs(&item, &in_item),
            work: runs(&work, &in_work),
        }
    }

    /// How many words of the item's passage do not stand in the work's, and the other way round.
    pub(crate) fn differing(&self) -> (usize, usize) {
        let count = |runs: &[Run]| {
            let other = runs.iter().filter(|run| !run.0);
            other.map(|run| words(&run.1).len()).sum()
        };
        (count(&self.item), count(&self.work))
    }
}

/// A word with the spaces and marks after it, and what is compared of it.
struct Word<'a> {
    text: &'a str,
    key: String,
}

fn words(text: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let (mut start, mut was_letter) = (0, false);
    for (at, character) in text.char_indices() {
        let is_letter = character.is_alphanumeric();
        let starts = is_letter && (!was_letter || character >= IDEOGRAPHS);
        // What precedes the first word belongs to it.
        if starts && text[start..at].contains(char::is_alphanumeric) {
            words.push(word(&text[start..at]));
            start = at;
        }
        was_letter = is_letter || (was_letter && matches!(character, '\'' | '’' | '\u{ad}'));
    }
    if start < text.len() {
        words.push(word(&text[start..]));
    }
    words
}

fn word(text: &str) -> Word<'_> {
    let letters = text.chars().filter(|character| character.is_alphanumeric());
    Word {
        text,
        key: letters.flat_map(char::to_lowercase).collect(),
    }
}

/// For each word of both, whether it belongs to a longest common subsequence.
fn common(item: &[Word<'_>], work: &[Word<'_>]) -> (Vec<bool>, Vec<bool>) {
    let (mut in_item, mut in_work) = (vec![false; item.len()], vec![false; work.len()]);
    let (item, work) = (
        &item[..item.len().min(MOST_WORDS)],
        &work[..work.len().min(MOST_WORDS)],
    );
    let across = work.len() + 1;
    // The longest common part of what follows each pair of places.
    let mut longest = vec![0u16; (item.len() + 1) * across];
    for row in (0..item.len()).rev() {
        for column in (0..work.len()).rev() {
            longest[row * across + column] = if item[row].key == work[column].key {
                longest[(row + 1) * across + column + 1] + 1
            } else {
                longest[(row + 1) * across + column].max(longest[row * across + column + 1])
            };
        }
    }
    let (mut row, mut column) = (0, 0);
    while row < item.len() && column < work.len() {
        if item[row].key == work[column].key {
            (in_item[row], in_work[column]) = (true, true);
            (row, column) = (row + 1, column + 1);
        } else if longest[(row + 1) * across + column] >= longest[row * across + column + 1] {
            row += 1;
        } else {
            column += 1;
        }
    }
    (in_item, in_work)
}

fn runs(words: &[Word<'_>], same: &[bool]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for (word, &same) in words.iter().zip(same) {
        match runs.last_mut() {
            Some(run) if run.0 == same => run.1.push_str(word.text),
            _ => runs.push(Run(same, word.text.to_owned())),
        }
    }
    runs
}

#[cfg(test)]
mod tests;
