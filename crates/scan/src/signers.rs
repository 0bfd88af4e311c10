//! Whose signatures are trusted, and what names the list.

use std::fmt;

use clearance_decode::Signers;

/// Whose signatures of C2PA manifests are trusted.
pub struct TrustedSigners {
    /// They are checked with this.
    pub signers: Signers,
    /// Names the list of certificates, BLAKE3 in hexadecimal; empty where nobody is trusted.
    pub digest: String,
    /// The list, in PEM.
    pub pem: String,
}

/// As its digest: the rest follows from the list that it names.
impl fmt::Debug for TrustedSigners {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "TrustedSigners({})", self.digest)
    }
}

impl TrustedSigners {
    /// Checks signatures and trusts nobody; `None` where the build checks none.
    pub fn nobody() -> Option<Self> {
        let signers = Signers::nobody()?;
        Some(Self {
            signers,
            digest: String::new(),
            pem: String::new(),
        })
    }

    /// Trusts those whose certificates lead to one in `pem`.
    ///
    /// # Errors
    ///
    /// Those of [`Signers::trusting`].
    pub fn trusting(pem: &str) -> Result<Self, String> {
        Ok(Self {
            signers: Signers::trusting(pem)?,
            digest: blake3::hash(pem.as_bytes()).to_hex().to_string(),
            pem: pem.to_owned(),
        })
    }
}
