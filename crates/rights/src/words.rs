//! Lists of words in one cell (`mining|train`, `DE, FR`), the errors for words nobody knows, and how
//! names are compared.

#[cfg(test)]
mod tests;

/// Longest excerpt of foreign text, in characters, that goes into a message or a reason.
const EXCERPT_CHARS_MAX: usize = 120;

/// A word outside a closed list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WordError {
    /// The text holds no word at all.
    #[error("no {what} given, expected {accepted}")]
    Empty {
        /// What the word should have named, such as `use`.
        what: &'static str,
        /// The accepted words, as a person would list them.
        accepted: &'static str,
    },
    /// A word is not on the list.
    #[error("unknown {what} `{word}`, expected {accepted}")]
    Unknown {
        /// What the word should have named, such as `use`.
        what: &'static str,
        /// The word as written, shortened when very long.
        word: String,
        /// The accepted words, as a person would list them.
        accepted: &'static str,
    },
    /// `none` and another word in one list contradict each other.
    #[error("`none` cannot stand beside another {what} in `{text}`")]
    NoneBesideOthers {
        /// What the words name, such as `use`.
        what: &'static str,
        /// The whole list as written, shortened when very long.
        text: String,
    },
}

/// The words of a list separated by `|`, `,`, `;`, `+` or white space.
pub(crate) fn split(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() || matches!(c, '|' | ',' | ';' | '+'))
        .filter(|word| !word.is_empty())
}

/// The member of `all` whose name is `text`, ignoring ASCII case and surrounding white space.
pub(crate) fn find<T: Copy>(
    what: &'static str,
    accepted: &'static str,
    all: &[T],
    name: impl Fn(T) -> &'static str,
    text: &str,
) -> Result<T, WordError> {
    let word = text.trim();
    if word.is_empty() {
        return Err(WordError::Empty { what, accepted });
    }
    all.iter()
        .copied()
        .find(|&member| name(member).eq_ignore_ascii_case(word))
        .ok_or_else(|| WordError::Unknown {
            what,
            word: excerpt(word),
            accepted,
        })
}

/// Foreign text made fit for one line of a message: trimmed, cut to [`EXCERPT_CHARS_MAX`]
/// characters, and with characters escaped that would move the reader's cursor, break the line or
/// turn the reading direction.
pub(crate) fn excerpt(text: &str) -> String {
    let mut characters = text.trim().chars();
    let mut shortened = String::new();
    for character in characters.by_ref().take(EXCERPT_CHARS_MAX) {
        if is_disruptive(character) {
            shortened.extend(character.escape_default());
        } else {
            shortened.push(character);
        }
    }
    if characters.next().is_some() {
        shortened.push('…');
    }
    shortened
}

/// Whether a character would move the reader's cursor, break the line or turn the reading direction.
fn is_disruptive(character: char) -> bool {
    let turns_line = matches!(
        character,
        '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    );
    turns_line || character.is_control()
}

/// Whether a text may have come out of [`excerpt`]: an escaped character takes ten at most.
pub(crate) fn is_excerpt(text: &str) -> bool {
    text.chars().count() <= 10 * EXCERPT_CHARS_MAX + 1 && !text.chars().any(is_disruptive)
}

/// A name that says something, without the white space around it.
pub(crate) fn stated(name: Option<&str>) -> Option<&str> {
    name.map(str::trim).filter(|name| !name.is_empty())
}

/// Whether two names are equal but for case and surrounding white space, in every script.
pub(crate) fn same_name(left: &str, right: &str) -> bool {
    left.trim() == right.trim() || folded(left) == folded(right)
}

/// A name as it is compared. Upper before lower case brings `Straße` and `STRASSE`, and both forms
/// of a Greek sigma, together, as case folding would.
pub(crate) fn folded(name: &str) -> String {
    name.trim().to_uppercase().to_lowercase()
}
