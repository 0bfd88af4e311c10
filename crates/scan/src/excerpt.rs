//! The passage of a text that a match lies in, as a report shows it.

use clearance_index::Span;

/// Longest passage shown in a report, in characters.
pub(crate) const MOST_CHARACTERS: usize = 600;
/// What is kept of each end of a longer one.
pub(crate) const HALF_CHARACTERS: usize = MOST_CHARACTERS / 2;
/// Characters from one noted place to the next.
const STRIDE: usize = 256;

/// A text whose characters are found by number without walking from its start, so
/// that a row with thousands of matches costs one pass and not one for each match.
pub(crate) struct Excerpts<'a> {
    text: &'a str,
    /// Bytes before every `STRIDE`-th character.
    places: Vec<usize>,
}

impl<'a> Excerpts<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        let places = text.char_indices().step_by(STRIDE).map(|(at, _)| at);
        let places = places.collect();
        Self { text, places }
    }

    /// The characters of `span`, shortened in the middle; empty beyond the text's end.
    pub(crate) fn passage(&self, span: Span) -> String {
        let (from, to) = (span.start.max(0.0) as usize, span.end.max(0.0) as usize);
        let length = to.saturating_sub(from);
        if length <= MOST_CHARACTERS {
            return self.from(from).take(length).collect();
        }
        let half = HALF_CHARACTERS;
        let head: String = self.from(from).take(half).collect();
        let tail: String = self.from(to - half).take(half).collect();
        format!("{head} […] {tail}")
    }

    /// The characters from number `character` on.
    fn from(&self, character: usize) -> std::str::Chars<'a> {
        let place = self.places.get(character / STRIDE);
        let rest = place.and_then(|&place| self.text.get(place..));
        let mut characters = rest.unwrap_or_default().chars();
        let beyond = character % STRIDE;
        if beyond > 0 {
            characters.nth(beyond - 1);
        }
        characters
    }
}

#[cfg(test)]
mod tests;
