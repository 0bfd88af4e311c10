//! What can stop a scan as a whole.

use std::path::{Path, PathBuf};

/// Result of a scan operation.
pub type Result<T> = std::result::Result<T, Error>;

/// Trouble with a scan as a whole, split by who has to act. Trouble with one
/// file, row or item is never an error: it is counted and named in the coverage.
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
    /// An input that holds no dataset.
    #[error("{}: {detail}", path.display())]
    Input {
        /// The input as it was given.
        path: PathBuf,
        /// What is missing or wrong.
        detail: String,
    },
    /// An override of a column that does not exist or cannot hold that medium.
    #[error("column {column:?}: {detail}")]
    Column {
        /// The column's name.
        column: String,
        /// What is wrong.
        detail: String,
    },
    /// Intermediate results that are not what was written.
    #[error("{}: damaged: {detail}", path.display())]
    Corrupt {
        /// The damaged file.
        path: PathBuf,
        /// How it shows.
        detail: String,
    },
    /// Shards that do not make one scan.
    #[error("{}: {detail}", path.display())]
    Shards {
        /// The folder of one of them.
        path: PathBuf,
        /// What is missing, double or different.
        detail: String,
    },
    /// Items cannot be decoded in processes of their own.
    #[error("no decoding process could be started: {detail}; --no-isolate decodes without")]
    Decoder {
        /// Which program, and why not.
        detail: String,
    },
    /// A file in an object store or on the web that cannot be read, after all attempts.
    #[error("{address}: {detail}")]
    Remote {
        /// Its address, without a signature.
        address: String,
        /// What happened, where in the file, and what to do.
        detail: String,
    },
    /// A part of the scanner stopped without a result; nothing it did is reported.
    #[error("the scanner stopped in the middle: {detail}")]
    Worker {
        /// Which part.
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

    pub(crate) fn input(path: &Path, detail: impl Into<String>) -> Self {
        Self::Input {
            path: path.to_owned(),
            detail: detail.into(),
        }
    }
}
