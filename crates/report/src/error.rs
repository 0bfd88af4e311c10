//! What can go wrong when results are written or read back.

use std::path::{Path, PathBuf};

/// Result of a report operation.
pub type Result<T> = std::result::Result<T, Error>;

/// Trouble with an output folder.
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
    /// Something that is not as it has to be, and that this command cannot mend.
    #[error("{}: {detail}", path.display())]
    Refused {
        /// The file or folder.
        path: PathBuf,
        /// What is wrong with it.
        detail: String,
    },
    /// A file of results that is not what was written.
    #[error("{}: damaged: {detail}", path.display())]
    Corrupt {
        /// The damaged file.
        path: PathBuf,
        /// How it shows.
        detail: String,
    },
    /// A scan that did not examine everything it was asked to.
    #[error("{}: {detail}", path.display())]
    Incomplete {
        /// The output folder.
        path: PathBuf,
        /// What is missing.
        detail: String,
    },
    /// A finding that was asked for and is not there, or not one.
    #[error("{}: {detail}", path.display())]
    Finding {
        /// The file of findings.
        path: PathBuf,
        /// What was asked for.
        detail: String,
    },
    /// The scan's own results could not be read.
    #[error(transparent)]
    Scan(#[from] clearance_scan::Error),
}

impl Error {
    pub(crate) fn io(path: &Path) -> impl FnOnce(std::io::Error) -> Self + '_ {
        move |source| Self::Io {
            path: path.to_owned(),
            source,
        }
    }

    pub(crate) fn refused(path: &Path, detail: impl Into<String>) -> Self {
        Self::Refused {
            path: path.to_owned(),
            detail: detail.into(),
        }
    }

    pub(crate) fn corrupt(path: &Path, detail: &dyn std::fmt::Display) -> Self {
        Self::Corrupt {
            path: path.to_owned(),
            detail: detail.to_string(),
        }
    }
}
