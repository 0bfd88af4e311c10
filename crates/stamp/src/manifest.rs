//! A C2PA manifest with the statement in it, signed with the owner's key.
//!
//! The manifest is the library's of the authors of the standard (feature `c2pa`); what is ours is
//! the assertion: CAWG Training and Data Mining Assertion 1.1.

#[cfg(feature = "c2pa")]
mod signing;
#[cfg(all(test, feature = "c2pa"))]
mod tests;

use clearance_decode::Format;
use clearance_rights::{Use, UseSet};

use crate::error::{Error, Result};

/// A key, and the certificates that say whose it is, to sign manifests with.
///
/// It depends on the build whether there can be one: it needs the feature `c2pa`.
#[derive(Debug)]
pub struct ManifestSigner {
    #[cfg(feature = "c2pa")]
    keys: signing::Keys,
    /// Without the feature there is none.
    #[cfg(not(feature = "c2pa"))]
    never: std::convert::Infallible,
}

impl ManifestSigner {
    /// From PEM: the certificates, the signer's first and the root left out, and the private key
    /// (PKCS#8 or SEC 1; P-256, P-384, P-521, Ed25519 or RSA).
    ///
    /// # Errors
    ///
    /// [`Error::Unsupported`] for other keys, for certificates that are none, and in a build
    /// without the feature `c2pa`.
    pub fn new(certificates: &str, key: &str) -> Result<Self> {
        Self::build(certificates, key)
    }

    #[cfg(feature = "c2pa")]
    fn build(certificates: &str, key: &str) -> Result<Self> {
        let keys = signing::Keys::new(certificates, key)?;
        Ok(Self { keys })
    }

    #[cfg(not(feature = "c2pa"))]
    fn build(_: &str, _: &str) -> Result<Self> {
        Err(Error::unsupported(
            "this program was built without C2PA manifests: build it with the feature c2pa",
        ))
    }

    /// A copy of a file with a signed manifest that reserves `reserved`, as far as manifests speak
    /// of it. A manifest that is there already becomes that of the new one's parent.
    #[cfg(feature = "c2pa")]
    pub(crate) fn sign(&self, bytes: &[u8], format: Format, reserved: UseSet) -> Result<Vec<u8>> {
        let Some(kind) = media_type(format) else {
            return Err(Error::unsupported(format!(
                "a manifest in {format}; signed are JPEG, PNG, WebP, GIF, AVIF, MP4, MP3 and WAV"
            )));
        };
        self.keys.sign(bytes, kind, &entries(reserved))
    }

    #[cfg(not(feature = "c2pa"))]
    pub(crate) fn sign(&self, _: &[u8], _: Format, _: UseSet) -> Result<Vec<u8>> {
        match self.never {}
    }
}

/// The reserved uses that a manifest speaks of: all but `search`.
pub(crate) fn stated(reserved: UseSet) -> UseSet {
    reserved.iter().filter(|&it| it != Use::Search).collect()
}

/// Formats that a manifest goes into and XMP does not.
pub(crate) fn is_alone_in(format: Format) -> bool {
    format == Format::Avif
}

#[cfg(feature = "c2pa")]
fn entries(reserved: UseSet) -> Vec<&'static str> {
    let names = reserved.iter().filter_map(|each| match each {
        Use::Mining => Some("cawg.data_mining"),
        Use::AiInput => Some("cawg.ai_inference"),
        Use::Train => Some("cawg.ai_training"),
        Use::TrainGenerative => Some("cawg.ai_generative_training"),
        Use::Search => None,
    });
    names.collect()
}

/// The name under which the library knows a format that it is asked to write. What it makes of TIFF
/// in memory cannot be read again, and there was no HEIF or JPEG XL to try.
#[cfg(feature = "c2pa")]
fn media_type(format: Format) -> Option<&'static str> {
    Some(match format {
        Format::Jpeg => "image/jpeg",
        Format::Png => "image/png",
        Format::WebP => "image/webp",
        Format::Gif => "image/gif",
        Format::Avif => "image/avif",
        Format::Mp4 => "video/mp4",
        Format::Mp3 => "audio/mpeg",
        Format::Wav => "audio/wav",
        _ => return None,
    })
}
