//! What can go wrong with a registry as a whole.

use std::path::{Path, PathBuf};

/// Result of an operation on a registry.
pub type Result<T> = std::result::Result<T, Error>;

/// Trouble with a registry or a catalog as a whole, split by who has to act.
///
/// Trouble with one catalog line or one asset is never an error: it is a
/// [`Reject`](crate::Reject).
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file system refused.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Stored bytes are not what was written.
    #[error("{}: damaged: {detail}", path.display())]
    Corrupt {
        /// The damaged file.
        path: PathBuf,
        /// Which part, and how it shows.
        detail: String,
    },
    /// Written by another version of the format.
    #[error("{}: registry format version {found}, this program reads version {supported}", path.display())]
    Version {
        /// The file that names its version.
        path: PathBuf,
        /// The version it names.
        found: u32,
        /// The version that can be read.
        supported: u32,
    },
    /// Fingerprints made with other parameters cannot be compared.
    #[error("{}: fingerprints made with parameters {found:?}, this program compares {expected:?}", path.display())]
    Params {
        /// The file with the fingerprints.
        path: PathBuf,
        /// The parameters it names.
        found: String,
        /// The parameters of this program.
        expected: String,
    },
    /// No registry there.
    #[error("{}: not a registry (no registry.json)", path.display())]
    NotARegistry {
        /// The folder asked for.
        path: PathBuf,
    },
    /// Another process is changing the registry.
    #[error("{}: another registration is under way", path.display())]
    Busy {
        /// The registry's folder.
        path: PathBuf,
    },
    /// A catalog that cannot be read at all.
    #[error("{}: {detail}", path.display())]
    Catalog {
        /// The catalog.
        path: PathBuf,
        /// Why.
        detail: String,
    },
    /// A question or a change that does not fit what the registry holds.
    #[error("{}: {detail}", path.display())]
    Ledger {
        /// The registry's folder.
        path: PathBuf,
        /// What does not fit.
        detail: String,
    },
}

impl Error {
    pub(crate) fn io(path: &Path) -> impl FnOnce(std::io::Error) -> Self + '_ {
        move |source| Self::Io {
            path: path.to_owned(),
            source,
        }
    }

    pub(crate) fn corrupt(path: &Path, detail: impl Into<String>) -> Self {
        Self::Corrupt {
            path: path.to_owned(),
            detail: detail.into(),
        }
    }

    pub(crate) fn catalog(path: &Path, detail: impl Into<String>) -> Self {
        Self::Catalog {
            path: path.to_owned(),
            detail: one_line(&detail.into()),
        }
    }
}

/// Longest message with foreign words in it, in bytes.
const LONGEST_MESSAGE: usize = 1000;

/// A message made fit for one line of a terminal: what would move the cursor, break the line or
/// turn the reading direction is escaped, and what is too long is cut.
pub(crate) fn one_line(message: &str) -> String {
    let mut line = String::with_capacity(message.len().min(LONGEST_MESSAGE));
    for letter in message.chars() {
        if line.len() > LONGEST_MESSAGE {
            line.push('…');
            break;
        }
        let turns_line = matches!(
            letter,
            '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        );
        if turns_line || letter.is_control() {
            line.extend(letter.escape_default());
        } else {
            line.push(letter);
        }
    }
    line
}
