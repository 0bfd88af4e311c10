//! Why a file is not stamped, split by who has to act.

/// Result of stamping.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a file is not stamped. Each says what can be done instead.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The format has no place for it, or none that can be written soundly.
    #[error("unsupported: {0}")]
    Unsupported(String),
    /// There is no word for it: in any vocabulary, or in those of this format.
    #[error("cannot be said: {0}")]
    Inexpressible(String),
    /// The structure of the file does not hold.
    #[error("damaged: {0}; save the file anew with the program that made it")]
    Damaged(String),
    /// The file declares something else already.
    #[error("{property} says {found:?} already; --replace puts the new statement in its place")]
    Contradicts {
        /// The property, tag or scheme.
        property: String,
        /// Its value in the file.
        found: String,
    },
    /// A C2PA manifest covers the metadata with a signature.
    #[error(
        "signed: the file has a C2PA manifest, which a new declaration would break; declare \
         cawg.training-mining in a manifest instead, with the program that signed it"
    )]
    Signed,
    /// Something is larger than the format or this program allows.
    #[error("too large: {0}")]
    Limit(String),
}

impl Error {
    pub(crate) fn damaged(detail: impl Into<String>) -> Self {
        Self::Damaged(detail.into())
    }

    pub(crate) fn unsupported(detail: impl Into<String>) -> Self {
        Self::Unsupported(detail.into())
    }

    pub(crate) fn contradicts(property: &str, found: &str) -> Self {
        Self::Contradicts {
            property: property.to_owned(),
            found: found.chars().take(200).collect(),
        }
    }
}
