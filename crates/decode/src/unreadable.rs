//! Why an item could not be read: an outcome to record, not an error to propagate.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The kinds of trouble one item can be in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Reason {
    /// No bytes, or none that carry content.
    Empty,
    /// The file is not there.
    Missing,
    /// The bytes are no format we know, or not of the medium asked for.
    Unrecognized,
    /// A known format or codec that this build cannot decode.
    Unsupported,
    /// A known format, damaged beyond reading.
    Corrupt,
    /// A [limit](crate::Limits) was hit before anything was read.
    Limit,
    /// Decoding took longer than allowed.
    Timeout,
    /// The decoder panicked and was stopped.
    Panicked,
    /// The process that decoded it ended.
    Crashed,
    /// The file could not be read: permissions, devices, networks.
    Io,
}

impl Reason {
    /// A stable lower-case word, as in `coverage.parquet`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Missing => "missing",
            Self::Unrecognized => "unrecognized",
            Self::Unsupported => "unsupported",
            Self::Corrupt => "corrupt",
            Self::Limit => "limit",
            Self::Timeout => "timeout",
            Self::Panicked => "panicked",
            Self::Crashed => "crashed",
            Self::Io => "io",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

/// An item that was not examined, and why. Shown as `corrupt: unexpected end of file`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unreadable {
    /// The kind of trouble.
    pub reason: Reason,
    /// One line for people, without a trailing full stop and without paths.
    pub detail: String,
}

impl Unreadable {
    /// An outcome of the given kind.
    pub fn new(reason: Reason, detail: impl Into<String>) -> Self {
        Self {
            reason,
            detail: detail.into(),
        }
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.reason, self.detail)
    }
}
