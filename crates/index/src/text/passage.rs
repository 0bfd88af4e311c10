//! Stretches of one work that stand near one another: one passage, whatever their order.

use std::ops::Range;

use clearance_fingerprint::text::NormalizedText;

use super::extend::Stretch;

/// Stretches of one passage are at most this many letters apart in either text.
const APART: usize = 600;
/// What a stretch more costs, in words: it could have come from anywhere near.
const JOIN_WORDS: f64 = 3.0;
/// What a word between stretches costs.
const BETWEEN_COST: f64 = 0.5;
/// Letters of a number, with a unit.
const LONGEST_NUMBER: usize = 24;
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
    /// Whether other numbers stand beside it in the work.
    numbers: bool,
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

/// What a letter of a stretch is worth in words: by the text whose words are longer, so that
/// spaces put into words gain nothing.
fn per_letter(stretch: &Stretch, text: &NormalizedText) -> f64 {
    let words = text.offsets.words(stretch.query.start, stretch.query.end);
    let end = stretch.query.end;
    let ends_whole = end == text.letters.len() || text.offsets.starts_word(end);
    words_per_letter(words, ends_whole, stretch.query.len()).min(stretch.words_per_letter)
}

/// Whole words a letter, of a part of a text in which `words` start and that ends with a whole
/// one or not.
pub(super) fn words_per_letter(words: usize, ends_whole: bool, letters: usize) -> f64 {
    let words = words.saturating_sub(usize::from(!ends_whole)).max(1);
    words as f64 / letters.max(1) as f64
}

/// The stretches that lie near others with which they are promising: no passage joins what is
/// [`APART`] in the item or in the work.
pub(super) fn promising(
    stretches: Vec<Stretch>,
    is_promising: impl Fn(&[Stretch]) -> bool,
) -> Vec<Stretch> {
    if !is_promising(&stretches) {
        return Vec::new();
    }
    let in_item = clusters(stretches, |stretch| &stretch.query).into_iter();
    let in_both = in_item
        .filter(|cluster| is_promising(cluster))
        .flat_map(|cluster| clusters(cluster, |stretch| &stretch.reference));
    in_both
        .filter(|cluster| is_promising(cluster))
        .flatten()
        .collect()
}

/// Stretches with less than [`APART`] between them on one side.
fn clusters(
    mut stretches: Vec<Stretch>,
    side: impl Fn(&Stretch) -> &Range<usize>,
) -> Vec<Vec<Stretch>> {
    stretches.sort_by_key(|stretch| side(stretch).start);
    let (mut clusters, mut end): (Vec<Vec<Stretch>>, usize) = (Vec::new(), 0);
    for stretch in stretches {
        let range = side(&stretch).clone();
        match clusters.last_mut() {
            Some(cluster) if range.start <= end + APART => cluster.push(stretch),
            _ => clusters.push(vec![stretch]),
        }
        end = end.max(range.end);
    }
    clusters
}

/// Joins stretches of one asset to passages, in the order of the item.
pub(super) fn passages(mut stretches: Vec<Stretch>, text: &NormalizedText) -> Vec<Passage> {
    stretches.sort_by_key(|stretch| (stretch.query.start, stretch.reference.start));
    let (mut open, mut done): (Vec<Joined>, Vec<Joined>) = (Vec::new(), Vec::new());
    for stretch in stretches {
        let per_letter = per_letter(&stretch, text);
        let alone = Passage {
            query: stretch.query.clone(),
            reference: stretch.reference.clone(),
            matched: stretch.matched,
            words: stretch.score * per_letter,
            distinct: stretch.distinct,
            numbers: stretch.numbers,
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
        let pays = joined.all.words.min(alone.words) > cost;
        if pays && !are_labels(&joined.all, &alone) {
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
        numbers: b.numbers,
    }
}

/// Whether two parts follow each other but for a number: labels of a table with other numbers.
fn are_labels(a: &Passage, b: &Passage) -> bool {
    let follows = |a: &Range<usize>, b: &Range<usize>| gap(a, b) <= LONGEST_NUMBER;
    (a.numbers || b.numbers) && follows(&a.query, &b.query) && follows(&a.reference, &b.reference)
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
