//! Who holds the rights in a work, and how much of them.

use serde::{Deserialize, Serialize};

use crate::words::{excerpt, same_name};

mod share;
#[cfg(test)]
mod tests;

pub use share::Share;

/// One of those who hold the rights in a work, as one catalog says it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Rightsholder {
    /// The name. Compared without regard to case and surrounding white space.
    pub name: String,
    /// The share of the rights; nothing when it is not stated.
    pub share: Option<Share>,
    /// The catalog that says so. Within one catalog several rightsholders are co-owners; catalogs
    /// that name different ones contradict each other.
    pub source: Option<String>,
}

/// A text that names no rightsholders as it should.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RightsholderError {
    /// A text that is no percentage.
    #[error("{text:?} is no share: write a percentage such as 60, 33.33 or 0.5 %")]
    NotAShare {
        /// The text as written, shortened when very long.
        text: String,
    },
    /// A number that may be a percentage or a fraction.
    #[error("{text:?} may be {text} % or a part of 1: write the share with its percent sign")]
    AmbiguousShare {
        /// The text as written, shortened when very long.
        text: String,
    },
    /// A percentage that nobody can hold.
    #[error("{text:?} is no share: it has to be more than 0 % and at most 100 %")]
    ShareOutOfRange {
        /// The text as written, shortened when very long.
        text: String,
    },
    /// A share without the name of the one who holds it.
    #[error("{text:?} is a share without a name")]
    NoName {
        /// The text as written, shortened when very long.
        text: String,
    },
    /// A name that is too long to be one.
    #[error("a name is longer than {max} bytes: {text:?}")]
    LongName {
        /// The name, shortened.
        text: String,
        /// The longest that is read, in bytes.
        max: usize,
    },
    /// More names than a work may have rightsholders.
    #[error("more than {max} names in one list")]
    TooMany {
        /// The most that are read.
        max: usize,
    },
}

impl Rightsholder {
    /// Most rightsholders of one work. With more than these recorded, who has to sign is unclear.
    pub const MOST: usize = 500;
    /// Longest name, in bytes.
    pub const NAME_BYTES_MAX: usize = 1024;

    /// A rightsholder whose share is not stated.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            ..Self::default()
        }
    }

    /// Whether this is the rightsholder with `name`, but for case and surrounding white space.
    pub fn is_named(&self, name: &str) -> bool {
        same_name(&self.name, name)
    }

    /// Reads a list such as `Harbor Records (60 %); Ben Cole (40 %)`; an empty text is an empty
    /// list.
    ///
    /// Semicolons separate names, but not inside parentheses, not inside a name in double quotes,
    /// and not as the end of a character reference (`Simon &amp; Sons`). Commas separate nothing.
    /// A percentage in parentheses at a name's end is its share; other parentheses belong to the
    /// name.
    pub fn parse_list(text: &str) -> Result<Vec<Self>, RightsholderError> {
        let mut holders = Vec::new();
        for part in parts(text) {
            if holders.len() == Self::MOST {
                return Err(RightsholderError::TooMany { max: Self::MOST });
            }
            holders.push(Self::parse(part)?);
        }
        Ok(holders)
    }

    /// Reads the whole text as one name, whatever is in it.
    fn parse_name(text: &str) -> Result<Self, RightsholderError> {
        let name = text.trim();
        if name.len() > Self::NAME_BYTES_MAX {
            return Err(RightsholderError::LongName {
                text: excerpt(name),
                max: Self::NAME_BYTES_MAX,
            });
        }
        Ok(Self::new(name))
    }

    /// One name of a list, with its share.
    fn parse(part: &str) -> Result<Self, RightsholderError> {
        let (name, share) = match share_of(part) {
            Some((name, share)) => (name, Some(share.parse()?)),
            None => (part, None),
        };
        let name = name.trim();
        let unquoted = name
            .strip_prefix('"')
            .and_then(|rest| rest.strip_suffix('"'))
            .filter(|inner| !inner.contains('"'));
        let name = unquoted.unwrap_or(name).trim();
        if name.is_empty() {
            let text = excerpt(part);
            return Err(RightsholderError::NoName { text });
        }
        Ok(Self {
            share,
            ..Self::parse_name(name)?
        })
    }
}

/// A name and the percentage in parentheses behind it. `Studio (54)` and `Live (100 % Music)` are
/// names.
fn share_of(part: &str) -> Option<(&str, &str)> {
    let (name, inner) = part.trim().strip_suffix(')')?.rsplit_once('(')?;
    let number = inner.trim().strip_suffix('%')?.trim();
    let is_number = !number.is_empty()
        && number
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | '+'));
    is_number.then_some((name, inner))
}

/// The non-empty parts of a list, trimmed.
fn parts(text: &str) -> Vec<&str> {
    // What is opened and never closed protects nothing: two names read as one would need one
    // signature too few.
    let is_balanced = text.matches('(').count() == text.matches(')').count();
    let mut parts = Vec::new();
    let (mut start, mut depth, mut quoted) = (0, 0_usize, false);
    for (at, character) in text.char_indices() {
        match character {
            '"' if quoted => quoted = false,
            '"' if text[start..at].trim().is_empty() => quoted = text[at + 1..].contains('"'),
            _ if quoted => {}
            '(' if is_balanced => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            ';' if depth == 0 && !ends_reference(&text[start..at]) => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    let trimmed = parts.into_iter().map(str::trim);
    trimmed.filter(|part| !part.is_empty()).collect()
}

/// Whether a semicolon after `text` closes a character reference: `&amp`, `&#8217`.
fn ends_reference(text: &str) -> bool {
    text.rsplit_once('&').is_some_and(|(_, name)| {
        let letters = name.strip_prefix('#').unwrap_or(name);
        (1..=31).contains(&letters.len()) && letters.bytes().all(|b| b.is_ascii_alphanumeric())
    })
}
