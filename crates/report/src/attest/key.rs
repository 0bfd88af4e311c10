//! Ed25519 keys (RFC 8032) in PKCS#8 and SPKI PEM (RFC 8410), as OpenSSL reads and writes them.

use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{
    DecodePrivateKey, DecodePublicKey, EncodePrivateKey, EncodePublicKey, KeypairBytes,
};
use ed25519_dalek::{Signature, Signer};
use sha2::{Digest, Sha256};

/// A private key.
pub struct SigningKey(ed25519_dalek::SigningKey);

/// The public half of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey(ed25519_dalek::VerifyingKey);

impl SigningKey {
    /// The key that these random bytes are.
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(ed25519_dalek::SigningKey::from_bytes(seed))
    }

    /// Reads a private key in PKCS#8 PEM. The error says what is wrong, without the key.
    pub fn from_pem(text: &str) -> Result<Self, String> {
        ed25519_dalek::SigningKey::from_pkcs8_pem(text)
            .map(Self)
            .map_err(|error| format!("not an Ed25519 private key in PKCS#8 PEM: {error}"))
    }

    /// The key in PKCS#8 PEM. Not to be shown to anybody.
    pub fn to_pem(&self) -> Result<String, String> {
        // Version 1 of PKCS#8, without the public half: OpenSSL does not read the other.
        let bytes = KeypairBytes {
            secret_key: self.0.to_bytes(),
            public_key: None,
        };
        let pem = bytes.to_pkcs8_pem(LineEnding::LF);
        pem.map(|pem| pem.as_str().to_owned())
            .map_err(|error| error.to_string())
    }

    /// The public half.
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }

    pub(super) fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }
}

impl PublicKey {
    /// Reads a public key in SPKI PEM.
    pub fn from_pem(text: &str) -> Result<Self, String> {
        ed25519_dalek::VerifyingKey::from_public_key_pem(text)
            .map(Self)
            .map_err(|error| format!("not an Ed25519 public key in PEM: {error}"))
    }

    /// The key in SPKI PEM.
    pub fn to_pem(&self) -> Result<String, String> {
        self.0
            .to_public_key_pem(LineEnding::LF)
            .map_err(|error| error.to_string())
    }

    /// SHA-256 of the key's SPKI DER, hexadecimal: the key's name in an envelope.
    pub fn id(&self) -> Result<String, String> {
        let der = self.0.to_public_key_der();
        der.map(|der| hex(&Sha256::digest(der.as_bytes())))
            .map_err(|error| error.to_string())
    }

    /// Whether `signature` is this key's under `message`. Strict: no weak keys, and one form only of
    /// each signature.
    pub(super) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        Signature::from_slice(signature)
            .is_ok_and(|signature| self.0.verify_strict(message, &signature).is_ok())
    }
}

/// Bytes in lower case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string does not fail.
        let _written = write!(text, "{byte:02x}");
        text
    })
}
