//! Whether the signature of a C2PA manifest holds, and whether its signer is trusted.
//!
//! The manifests themselves are read by `metadata`, with or without this. Checking needs the
//! feature `c2pa`: X.509, COSE and the hash bindings of every container are the library's of the
//! authors of the standard.

#[cfg(feature = "c2pa")]
mod checking;
#[cfg(all(test, feature = "c2pa"))]
mod tests;

#[cfg(feature = "c2pa")]
use std::sync::Arc;

/// Largest list of certificates that is taken. The public lists have some hundred kilobytes.
const PEM_BYTES_MAX: usize = 16 << 20;

/// What became of checking the signature of a manifest (C2PA Technical Specification 2.2, section
/// 14.3, Validation states).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SignatureState {
    /// It was not checked, or could not be.
    #[default]
    Unverified,
    /// It does not hold, or the file is not the one that was signed.
    Invalid,
    /// It holds; its signer is not on the list of those trusted, or its certificate has run out.
    Untrusted,
    /// It holds and its signer is trusted.
    Valid,
}

/// A checked signature.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ManifestSignature {
    /// What became of checking.
    pub state: SignatureState,
    /// Why the state is not [`SignatureState::Valid`], and who signed, where that is known: one
    /// line for people, without a trailing full stop. Empty when nothing was checked.
    pub detail: String,
}

/// Whose signatures are trusted: certificates that a signer's chain has to lead to.
///
/// It depends on the build whether signatures are checked at all ([`Signers::can_check`]).
#[derive(Clone, Debug)]
pub struct Signers {
    #[cfg(feature = "c2pa")]
    context: Arc<c2pa::Context>,
}

impl Signers {
    /// Whether this build checks signatures: it has the feature `c2pa`.
    pub const fn can_check() -> bool {
        cfg!(feature = "c2pa")
    }

    /// Checks signatures and trusts nobody; `None` where the build checks none.
    pub fn nobody() -> Option<Self> {
        Self::build(None).ok()
    }

    /// Trusts those whose certificates lead to one of `pem`: certificates in PEM, such as the C2PA
    /// trust list and the list of its time-stamping authorities, one after the other.
    ///
    /// # Errors
    ///
    /// One line for people: this build checks no signatures, or `pem` holds no certificates.
    pub fn trusting(pem: &str) -> Result<Self, String> {
        if pem.len() > PEM_BYTES_MAX {
            return Err(format!(
                "{} bytes; a list of certificates has at most {PEM_BYTES_MAX}",
                pem.len()
            ));
        }
        if !pem.contains("-----BEGIN CERTIFICATE-----") {
            return Err("no certificate in PEM in it".to_owned());
        }
        Self::build(Some(pem))
    }

    #[cfg(feature = "c2pa")]
    fn build(trusted: Option<&str>) -> Result<Self, String> {
        let context = checking::context(trusted)?;
        Ok(Self {
            context: Arc::new(context),
        })
    }

    #[cfg(not(feature = "c2pa"))]
    fn build(_: Option<&str>) -> Result<Self, String> {
        Err(
            "this program was built without checking signatures: build it with the feature c2pa"
                .to_owned(),
        )
    }
}
