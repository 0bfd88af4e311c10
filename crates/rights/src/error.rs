//! The crate's error: each parser has its own, and all convert to this one.

use crate::{DateError, IdentifierError, RightsholderError, WordError};

/// Anything in a catalog cell that this crate could not read. Every variant is the writer's to
/// mend; the message names the text and what was expected instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// An identifier is not written as its scheme asks, or its check digit is wrong.
    #[error(transparent)]
    Identifier(#[from] IdentifierError),
    /// A date is not written `YYYY-MM-DD`, or there is no such day.
    #[error(transparent)]
    Date(#[from] DateError),
    /// A word is not one of the accepted ones (uses, territories, modes, verdicts, kinds).
    #[error(transparent)]
    Word(#[from] WordError),
    /// A list of rightsholders or a share cannot be read.
    #[error(transparent)]
    Rightsholder(#[from] RightsholderError),
}
