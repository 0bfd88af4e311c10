//! Stretches of one work that stand near one another: one passage, whatever their order.

use std::ops::Range;

use clearance_fingerprint::text::{NormalizedText, Offsets};

use super::extend::Stretch;

/// Stretches of one passage are at most this many letters apart in either text.
const APART: usize = 600;
/// What a stretch more costs, in words: it could have come from anywhere near.
const JOIN_WORDS: f64 = 3.0;
/// What a word between stretches costs.
const BETWEEN_COST: f64 = 0.5;
/// At least this share of the letters of a passage agrees: in less, pieces of phrases are strung
/// together.
const MIN_IDENTITY: f64 = 0.55;
/// What is made of formulas alone, units and labels around other numbers, has to agree better.
const FORMULA_IDENTITY: f64 = 0.95;

/// A passage of a work found in an item.
#[derive(Clone, Debug)]
pub(super) struct Passage {
    /// In normalized bytes, from the first letter to the last.
    pub(super) query: Range<usize>,
    pub(super) reference: Range<usize>,
    /// Letters that agree.
    pub(super) matched: usize,
    /// Words that agree, less the cost of changes and of what stands between.
    pub(super) words: f64,
    /// Share of its seeds that are not common.
    distinct: f64,
}

impl Passage {
    /// Agreeing share of the letters, of the longer side.
    pub(super) fn identity(&self) -> f32 {
        let longest = self.query.len().max(self.reference.len()).max(1);
        (self.matched as f32 / longest as f32).min(1.0)
    }

    fn agrees_enough(&self) -> bool {
        let formulas = (1.0 - self.distinct) * (FORMULA_IDENTITY - MIN_IDENTITY);
        f64::from(self.identity()) >= MIN_IDENTITY + formulas
    }
}

/// Where words start in both texts.
pub(super) struct Words<'a> {
    pub(super) query: &'a NormalizedText,
    pub(super) reference: &'a Offsets,
    /// Letters of the work.
    pub(super) reference_length: usize,
}

impl Words<'_> {
    /// What a letter of a stretch is worth in words: by the text whose words are longer, so
    /// that spaces put into words gain nothing.
    fn per_letter(&self, stretch: &Stretch) -> f64 {
        let of_query = share(
            &self.query.offsets,
            &stretch.query,
            self.query.letters.len(),
        );
        let of_reference = share(self.reference, &stretch.reference, self.reference_length);
        of_query.min(of_reference)
    }
}

/// Whole words in a range of a text of `length` letters, as a share of its letters.
fn share(offsets: &Offsets, range: &Range<usize>, length: usize) -> f64 {
    let starts = offsets.words(range.start, range.end);
    let ends_whole = range.end == length || offsets.starts_word(range.end);
    let words = starts.saturating_sub(usize::from(!ends_whole)).max(1);
    words as f64 / range.len().max(1) as f64
}

/// Joins stretches of one asset to passages, in the order of the item.
pub(super) fn passages(mut stretches: Vec<Stretch>, words: &Words<'_>) -> Vec<Passage> {
    stretches.sort_by_key(|stretch| (stretch.query.start, stretch.reference.start));
    let (mut open, mut done): (Vec<Joined>, Vec<Joined>) = (Vec::new(), Vec::new());
    for stretch in stretches {
        let per_letter = words.per_letter(&stretch);
        let alone = Passage {
            query: stretch.query.clone(),
            reference: stretch.reference.clone(),
            matched: stretch.matched,
            words: stretch.score * per_letter,
            distinct: stretch.distinct,
        };
        // What lies too far back is joined by nothing that follows.
        let is_past = |joined: &mut Joined| joined.all.query.end + APART < alone.query.start;
        done.extend(open.extract_if(.., is_past));
        let near = open.iter_mut().find(|joined| is_near(&joined.all, &alone));
        let Some(joined) = near else {
            open.push(Joined {
                all: alone.clone(),
                best: alone,
            });
            continue;
        };
        let between = gap(&joined.all.query, &alone.query) as f64 * per_letter;
        let cost = JOIN_WORDS + BETWEEN_COST * between;
        // Joining pays only where both sides are worth more than it costs.
        if joined.all.words.min(alone.words) > cost {
            joined.all = together(&joined.all, &alone, cost);
        } else if alone.words > joined.all.words {
            joined.all = alone.clone();
        }
        if alone.words > joined.best.words {
            joined.best = alone;
        }
    }
    done.extend(open);
    let found = done.into_iter().map(|joined| {
        if joined.all.agrees_enough() {
            joined.all
        } else {
            joined.best
        }
    });
    found.filter(Passage::agrees_enough).collect()
}

/// A passage in the making, and the best of its stretches.
struct Joined {
    all: Passage,
    best: Passage,
}

fn together(a: &Passage, b: &Passage, cost: f64) -> Passage {
    let cover = |a: &Range<usize>, b: &Range<usize>| a.start.min(b.start)..a.end.max(b.end);
    Passage {
        query: cover(&a.query, &b.query),
        reference: cover(&a.reference, &b.reference),
        matched: a.matched + b.matched,
        words: a.words + b.words - cost,
        distinct: a.distinct.min(b.distinct),
    }
}

fn is_near(a: &Passage, b: &Passage) -> bool {
    gap(&a.query, &b.query) <= APART
        && gap(&a.reference, &b.reference) <= APART
        // The same part of the item twice is another place of the work, not more of it.
        && b.query.start + b.query.len() / 2 >= a.query.end
}

/// Letters between two ranges; none when they touch or overlap.
fn gap(a: &Range<usize>, b: &Range<usize>) -> usize {
    let later = a.start.max(b.start);
    later.saturating_sub(a.end.min(b.end))
}

#[cfg(test)]
mod tests;
