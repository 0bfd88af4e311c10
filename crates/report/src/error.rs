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
    /// A file of results that is not what was written.
    #[error("{}: damaged: {detail}", path.display())]
    Corrupt {
        /// The damaged file.
        path: PathBuf,
        /// How it shows.
        detail: String,
    },
    /// Findings that the registry would not make now.
    #[error("{}: {detail}", path.display())]
    Recognition {
        /// The folder with the findings.
        path: PathBuf,
        /// Why, and what to do.
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

    pub(crate) fn corrupt(path: &Path, detail: &dyn std::fmt::Display) -> Self {
        Self::Corrupt {
            path: path.to_owned(),
            detail: detail.to_string(),
        }
    }
}
