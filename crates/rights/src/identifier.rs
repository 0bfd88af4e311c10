//! Identifiers of works, recordings, books, people and files, checked and in one spelling each.
//!
//! Check digits find typing errors; they do not show that the identifier was ever issued, nor that
//! it belongs to the work beside it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::words::{self, WordError, excerpt};

mod checksum;
mod iscc;
mod scheme;
#[cfg(test)]
mod tests;

/// Longest identifier read, in bytes; the longest DOI in use is a few hundred.
const TEXT_BYTES_MAX: usize = 1024;

/// An identifier scheme.
///
/// "All" below means that any one changed digit is found.
///
/// | scheme | canonical value | check | one changed digit |
/// |---|---|---|---|
/// | ISRC, ISO 3901 | `USRC17607839` | form only | no |
/// | ISWC, ISO 15707 | `T0345246801` | weights 1 to 9, modulo 10 | at odd weights other than 5, and the check digit |
/// | ISBN, ISO 2108 | 13 digits, `9783161484100`; ten-digit ones are converted | modulo 11 (ten), modulo 10 (thirteen) | all |
/// | ISNI, ISO 27729 | 16 characters, `000000012281955X` | ISO 7064 MOD 11-2 | all |
/// | DOI, ISO 26324 | `10.1000/182`, lower case | form only | no |
/// | ISCC, ISO 24138 | `ISCC:` and base32 | header and length agree | no |
/// | GTIN, GS1 General Specifications | 14 digits, padded with zeros | modulo 10 | all |
/// | EIDR, content records | `10.5240/7791-8534-2C23-9030-8610-5` | ISO 7064 MOD 37,36 | all |
/// | IPI, CISAC, name number | 11 digits, `00334284961` | weights 10 to 2, modulo 101 | all |
/// | IPI, CISAC, base number | `I-001068130-6` | weights 1 to 9, modulo 10 | as ISWC |
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum IdentifierKind {
    /// International Standard Recording Code: one recording.
    Isrc,
    /// International Standard Musical Work Code: one composition.
    Iswc,
    /// International Standard Book Number: one edition of a book.
    Isbn,
    /// International Standard Name Identifier: one public identity of a person or organization.
    Isni,
    /// Digital Object Identifier.
    Doi,
    /// International Standard Content Code: derived from the content itself.
    Iscc,
    /// Global Trade Item Number (EAN, UPC): one product, such as an album.
    Gtin,
    /// Entertainment Identifier Registry: one audiovisual work.
    Eidr,
    /// Interested Party Information: one name or party in a collecting society's books.
    Ipi,
}

impl IdentifierKind {
    /// Every scheme.
    pub const ALL: [Self; 9] = [
        Self::Isrc,
        Self::Iswc,
        Self::Isbn,
        Self::Isni,
        Self::Doi,
        Self::Iscc,
        Self::Gtin,
        Self::Eidr,
        Self::Ipi,
    ];

    /// The catalog column of this scheme, lower case.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Isrc => "isrc",
            Self::Iswc => "iswc",
            Self::Isbn => "isbn",
            Self::Isni => "isni",
            Self::Doi => "doi",
            Self::Iscc => "iscc",
            Self::Gtin => "gtin",
            Self::Eidr => "eidr",
            Self::Ipi => "ipi",
        }
    }

    /// The scheme's name as people write it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Isrc => "ISRC",
            Self::Iswc => "ISWC",
            Self::Isbn => "ISBN",
            Self::Isni => "ISNI",
            Self::Doi => "DOI",
            Self::Iscc => "ISCC",
            Self::Gtin => "GTIN",
            Self::Eidr => "EIDR",
            Self::Ipi => "IPI",
        }
    }
}

impl fmt::Display for IdentifierKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for IdentifierKind {
    type Err = WordError;

    fn from_str(text: &str) -> Result<Self, WordError> {
        let accepted = "isrc, iswc, isbn, isni, doi, iscc, gtin, eidr or ipi";
        words::find(
            "identifier scheme",
            accepted,
            &Self::ALL,
            Self::as_str,
            text,
        )
    }
}

/// Why a text is not an identifier of the scheme asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IdentifierError {
    /// The text does not have the scheme's form.
    #[error("`{given}` is not an {label}, expected {expected}", label = .kind.label())]
    Form {
        /// The scheme asked for.
        kind: IdentifierKind,
        /// The text as written, shortened when very long.
        given: String,
        /// The scheme's form in words, with an example.
        expected: &'static str,
    },
    /// The form is right, but the check digit is not the one the other digits ask for.
    #[error("{label} {value} has check digit {found}, expected {expected}", label = .kind.label())]
    CheckDigit {
        /// The scheme asked for.
        kind: IdentifierKind,
        /// The identifier without separators.
        value: String,
        /// The check digit or digits as written.
        found: String,
        /// The check digit or digits computed from the rest.
        expected: String,
    },
    /// The text is longer than any identifier.
    #[error("{label} of {found_bytes} bytes, expected at most {limit_bytes}", label = .kind.label())]
    TooLong {
        /// The scheme asked for.
        kind: IdentifierKind,
        /// Length of the text, in bytes.
        found_bytes: usize,
        /// Longest text read, in bytes.
        limit_bytes: usize,
    },
}

/// A checked identifier in its canonical spelling, so that two spellings of one are equal.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "UncheckedIdentifier")]
pub struct Identifier {
    kind: IdentifierKind,
    value: String,
}

impl Identifier {
    /// Reads an identifier of scheme `kind`. Case, hyphens, spaces, a leading label (`ISBN `,
    /// `doi:`, `urn:isbn:`) and the scheme's usual web address are tolerated.
    ///
    /// ```
    /// # use clearance_rights::{Identifier, IdentifierKind};
    /// let isbn = Identifier::parse(IdentifierKind::Isbn, "3-16-148410-X")?;
    /// assert_eq!(isbn.value(), "9783161484100");
    ///
    /// let typing_error = Identifier::parse(IdentifierKind::Isbn, "978-3-16-148410-5");
    /// assert_eq!(
    ///     typing_error.unwrap_err().to_string(),
    ///     "ISBN 9783161484105 has check digit 5, expected 0"
    /// );
    /// # Ok::<(), clearance_rights::IdentifierError>(())
    /// ```
    pub fn parse(kind: IdentifierKind, text: &str) -> Result<Self, IdentifierError> {
        // A label does not count: the longest identifier is displayed with one, and read again.
        let bare = scheme::without_label(kind, text.trim());
        if bare.len() > TEXT_BYTES_MAX {
            return Err(IdentifierError::TooLong {
                kind,
                found_bytes: bare.len(),
                limit_bytes: TEXT_BYTES_MAX,
            });
        }
        let value = scheme::canonical(kind, bare)?;
        Ok(Self { kind, value })
    }

    /// The scheme.
    pub const fn kind(&self) -> IdentifierKind {
        self.kind
    }

    /// The canonical spelling, as listed at [`IdentifierKind`].
    pub fn value(&self) -> &str {
        &self.value
    }
}

impl fmt::Display for Identifier {
    /// The scheme's name and the value: `ISRC USRC17607839`. An ISCC already begins with its name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            IdentifierKind::Iscc => f.write_str(&self.value),
            kind => write!(f, "{} {}", kind.label(), self.value),
        }
    }
}

#[derive(Deserialize)]
struct UncheckedIdentifier {
    kind: IdentifierKind,
    value: String,
}

impl TryFrom<UncheckedIdentifier> for Identifier {
    type Error = IdentifierError;

    fn try_from(unchecked: UncheckedIdentifier) -> Result<Self, IdentifierError> {
        Self::parse(unchecked.kind, &unchecked.value)
    }
}

fn form_error(kind: IdentifierKind, text: &str, expected: &'static str) -> IdentifierError {
    IdentifierError::Form {
        kind,
        given: excerpt(text),
        expected,
    }
}
