//! The one error of this crate.

use std::path::PathBuf;

/// Why synthetic media could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file or folder could not be read or written.
    #[error("cannot use {path}: {source}")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The caller asked for something impossible, for example columns of different lengths.
    #[error("bad parameters: {0}")]
    Params(String),
    /// A picture, table or text could not be encoded or decoded.
    #[error("cannot encode {what}: {reason}")]
    Encode {
        /// What was being encoded.
        what: &'static str,
        /// What the encoder said.
        reason: String,
    },
    /// The `ffmpeg` program is missing; it makes MP3, M4A, FLAC, Ogg and lossy WebP.
    #[error("ffmpeg cannot be started ({0}); install it, for example `apt-get install ffmpeg`")]
    FfmpegMissing(std::io::Error),
    /// The `ffmpeg` program ran and failed.
    #[error("ffmpeg failed: {0}")]
    FfmpegFailed(String),
}

impl Error {
    pub(crate) fn io(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { path, source }
    }

    pub(crate) fn encode(what: &'static str) -> impl Fn(&dyn std::fmt::Display) -> Self {
        move |reason| Self::Encode {
            what,
            reason: reason.to_string(),
        }
    }
}
