//! What the records say about a use of a work.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::words::{self, WordError};

/// What a work's records say about the planned use. [`crate::Policy::flags`] says which verdicts
/// are over policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// A reservation covers the use, and no license does.
    Reserved,
    /// A license covers the use.
    Licensed,
    /// Nothing covers the use: neither a reservation nor a license.
    Unreserved,
    /// The records contradict themselves or leave open what they cover; a person must look.
    Review,
}

impl Verdict {
    /// Every verdict.
    pub const ALL: [Self; 4] = [
        Self::Reserved,
        Self::Licensed,
        Self::Unreserved,
        Self::Review,
    ];

    /// The word for this verdict in findings.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Reserved => "reserved",
            Self::Licensed => "licensed",
            Self::Unreserved => "unreserved",
            Self::Review => "review",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Verdict {
    type Err = WordError;

    fn from_str(text: &str) -> Result<Self, WordError> {
        let accepted = "reserved, licensed, unreserved or review";
        words::find("verdict", accepted, &Self::ALL, Self::as_str, text)
    }
}
