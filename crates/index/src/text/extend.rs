//! From a shared seed outwards: runs of equal letters, over what was changed between them.

use std::ops::Range;

use clearance_fingerprint::text::GRAM;

use super::passage::words_per_letter;
use crate::segment::Window;

/// After a change both texts agree again for this many letters ...
const RESUMED: usize = size_of::<u64>();
/// ... or bytes of a script whose letters take several.
const RESUMED_WIDE: usize = 12;
/// A change skips at most this many letters of either text ...
const LONGEST_CHANGE: usize = 64;
/// ... and after little that agrees, this many and half of what agrees: it would cost more
/// than it could bring.
const SHORT_CHANGE: usize = 16;
/// What a skipped letter costs; an equal one is worth 1.
pub(super) const CHANGE_COST: f64 = 0.4;
/// A number in place of another costs as much as a label that could stand beside it: a table of
/// the same labels says something else.
const NUMBER_COST: f64 = 40.0;
/// A letter in UTF-8 is at least half a word, in scripts whose words have two.
const MOST_WORDS_PER_LETTER: f64 = 0.5;
/// An extension that has lost this much since its best is given up (the X-drop of Altschul
/// et al., *Gapped BLAST*, Nucleic Acids Research 25, 1997).
pub(super) const DROP: f64 = 60.0;
/// How far is looked back from a seed at first, in letters, ...
const FIRST_BACK: usize = 192;
/// ... how much of that is left over when it was enough ...
const LEFT_BACK: usize = 128;
/// ... and how far at most: all seeds further back lie in another stretch.
const FARTHEST_BACK: usize = 4096;

/// Runs that follow one another in both texts, with changes between them.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Stretch {
    /// In normalized bytes, from the first run to the last.
    pub(super) query: Range<usize>,
    /// The same in the work: places.
    pub(super) reference: Range<usize>,
    /// Letters in all runs.
    pub(super) matched: usize,
    /// Equal letters less the cost of changes.
    pub(super) score: f64,
    /// Share of the seeds of its chain that are not common.
    pub(super) distinct: f64,
    /// Whether another number follows in the work, or goes before.
    pub(super) numbers: bool,
    /// Words a letter, in the work; infinite where that is not known.
    pub(super) words_per_letter: f64,
}

impl Stretch {
    /// What it is worth in the words of the work, or in those of any script.
    pub(super) fn words(&self) -> f64 {
        self.score * self.words_per_letter.min(MOST_WORDS_PER_LETTER)
    }
}

/// The stretches along a chain's seeds, each from the first of them that the ones before do not
/// cover.
pub(super) fn stretches(
    query: &[u8],
    window: &Window,
    seeds: &[(u32, u32)],
    distinct: f64,
) -> Vec<Stretch> {
    let mut found: Vec<Stretch> = Vec::new();
    let start = window.start() as usize;
    let mut from = (0, 0);
    for &(q, r) in seeds {
        let at = (q as usize, (r as usize).saturating_sub(start));
        if at.0 < from.0 || at.1 < from.1 {
            continue;
        }
        let Some(mut stretch) = stretch(query, window.letters(), at, from) else {
            continue;
        };
        from = (stretch.query.end, stretch.reference.end);
        stretch.distinct = distinct;
        stretch.words_per_letter = in_window(window, &stretch.reference);
        stretch.reference = start + stretch.reference.start..start + stretch.reference.end;
        found.push(stretch);
    }
    found
}

/// Words a letter in a part of a window.
fn in_window(window: &Window, range: &Range<usize>) -> f64 {
    let end = range.end;
    let ends_whole = end == window.letters().len() || window.words(end..end + 1) == 1;
    words_per_letter(window.words(range.clone()), ends_whole, range.len())
}

/// The stretch around a shared seed that begins at `at` in both texts, within the parts of the
/// texts from `from` on; `None` when the letters are not equal.
fn stretch(
    query: &[u8],
    reference: &[u8],
    at: (usize, usize),
    from: (usize, usize),
) -> Option<Stretch> {
    let (q, r) = at;
    if query.get(q..q + GRAM)? != reference.get(r..r + GRAM)? {
        return None;
    }
    let ahead = extended(&query[q..], &reference[r..]);
    let behind = behind(&query[from.0..q], &reference[from.1..r]);
    let (back, front) = (behind.end, ahead.end);
    Some(Stretch {
        query: q - back.0..q + front.0,
        reference: r - back.1..r + front.1,
        matched: ahead.matched + behind.matched,
        score: ahead.score + behind.score,
        distinct: 1.0,
        numbers: ahead.number || behind.number,
        words_per_letter: f64::INFINITY,
    })
}

/// How far two texts agree from their ends back.
fn behind(query: &[u8], reference: &[u8]) -> Extended {
    let last =
        |text: &[u8], count: usize| -> Vec<u8> { text.iter().rev().take(count).copied().collect() };
    let mut count = FIRST_BACK;
    loop {
        let (q, r) = (last(query, count), last(reference, count));
        let found = extended(&q, &r);
        let is_all = count >= FARTHEST_BACK || q.len().max(r.len()) < count;
        if is_all || found.end.0.max(found.end.1) + LEFT_BACK < count {
            return found;
        }
        count = FARTHEST_BACK;
    }
}

/// How far two texts agree from their beginnings on.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Extended {
    /// Letters of each text.
    end: (usize, usize),
    matched: usize,
    score: f64,
    /// The next change is one of numbers.
    number: bool,
}

fn extended(query: &[u8], reference: &[u8]) -> Extended {
    let (mut best, mut here) = (Extended::default(), Extended::default());
    loop {
        let (q, r) = here.end;
        let run = equal_prefix(&query[q..], &reference[r..]);
        here.end = (q + run, r + run);
        here.matched += run;
        here.score += run as f64;
        let is_best = here.score > best.score;
        if is_best {
            best = here;
        }
        let (query, reference) = (&query[q + run..], &reference[r + run..]);
        let longest = LONGEST_CHANGE.min(SHORT_CHANGE + here.matched / 2);
        let Some((over_q, over_r)) = change(query, reference, longest) else {
            return best;
        };
        let is_number = is_number(&query[..over_q], &reference[..over_r]);
        best.number |= is_best && is_number;
        here.score -= CHANGE_COST * over_q.max(over_r) as f64;
        if is_number {
            here.score -= NUMBER_COST;
        }
        if here.score < best.score - DROP {
            return best;
        }
        here.end = (q + run + over_q, r + run + over_r);
    }
}

/// Whether a number stands in place of another. Zeros and ones are letters by now.
fn is_number(query: &[u8], reference: &[u8]) -> bool {
    let is_digits = |text: &[u8]| {
        let is_digit = |byte: &u8| matches!(byte, b'2'..=b'9' | b'o' | b'l');
        !text.is_empty() && text.iter().all(is_digit)
    };
    let has_digit = |text: &[u8]| text.iter().any(u8::is_ascii_digit);
    is_digits(query) && is_digits(reference) && (has_digit(query) || has_digit(reference))
}

/// The shortest change, in letters of both texts together, after which they agree again; of
/// either at most `longest`.
fn change(query: &[u8], reference: &[u8], longest: usize) -> Option<(usize, usize)> {
    let places = words(reference, longest);
    let seen = marks(places.clone());
    let mut best = None;
    let mut shortest = 2 * longest + 1;
    for (of_query, word) in words(query, longest).enumerate() {
        if of_query >= shortest {
            break;
        }
        // Nearly all places of the item are told by a look at the marks.
        if !is_marked(&seen, word) {
            continue;
        }
        let near = places.clone().take(shortest - of_query).enumerate();
        let agreeing = near
            .filter(|(_, other)| *other == word)
            .find(|&(of_reference, _)| {
                (word as u8).is_ascii()
                    || query.get(of_query..of_query + RESUMED_WIDE)
                        == reference.get(of_reference..of_reference + RESUMED_WIDE)
            });
        if let Some((of_reference, _)) = agreeing {
            shortest = of_query + of_reference;
            best = Some((of_query, of_reference));
        }
    }
    best
}

/// The next letters at each place within the reach of a change.
fn words(text: &[u8], longest: usize) -> impl Iterator<Item = u64> + Clone + '_ {
    let reach = text.len().min(longest + RESUMED);
    let words = text[..reach].windows(RESUMED);
    words.filter_map(|word| word.first_chunk().map(|word| u64::from_le_bytes(*word)))
}

/// One bit for each of 1,024 kinds of word.
type Marks = [u64; 16];

fn marks(words: impl Iterator<Item = u64>) -> Marks {
    let mut marks = [0; 16];
    for word in words {
        let (at, bit) = mark(word);
        marks[at] |= bit;
    }
    marks
}

fn is_marked(marks: &Marks, word: u64) -> bool {
    let (at, bit) = mark(word);
    marks[at] & bit != 0
}

fn mark(word: u64) -> (usize, u64) {
    let kind = word.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 54;
    ((kind / 64) as usize, 1 << (kind % 64))
}

fn equal_prefix(a: &[u8], b: &[u8]) -> usize {
    let words = a.as_chunks::<8>().0.iter().zip(b.as_chunks::<8>().0);
    let whole = 8 * words.take_while(|(a, b)| a == b).count();
    let rest = a[whole..].iter().zip(&b[whole..]);
    whole + rest.take_while(|(a, b)| a == b).count()
}

#[cfg(test)]
mod tests;
