//! The library's builder, fed.

use std::fmt;
use std::io::Cursor;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use c2pa::{Builder, BuilderIntent, Context, Settings, SigningAlg, create_signer};
use clearance_decode::{Unreadable, guard};
use memchr::memmem;
use serde_json::{Map, Value, json};

use crate::error::{Error, Result};

/// Largest file of certificates, and of a key.
const PEM_BYTES_MAX: usize = 1 << 20;

/// Kinds of keys by the object identifiers in them (RFC 5480, RFC 8410, RFC 8017), and what is
/// signed with them.
const KINDS: [(&[u8], SigningAlg); 6] = [
    (
        &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07],
        SigningAlg::Es256,
    ),
    (&[0x2b, 0x81, 0x04, 0x00, 0x22], SigningAlg::Es384),
    (&[0x2b, 0x81, 0x04, 0x00, 0x23], SigningAlg::Es512),
    (&[0x06, 0x03, 0x2b, 0x65, 0x70], SigningAlg::Ed25519),
    (
        &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01],
        SigningAlg::Ps256,
    ),
    (
        &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a],
        SigningAlg::Ps256,
    ),
];

/// What is signed with.
pub(super) struct Keys {
    certificates: Vec<u8>,
    key: Vec<u8>,
    algorithm: SigningAlg,
}

/// Without the key.
impl fmt::Debug for Keys {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Keys")
            .field("algorithm", &self.algorithm)
            .finish_non_exhaustive()
    }
}

impl Keys {
    pub(super) fn new(certificates: &str, key: &str) -> Result<Self> {
        if certificates.len() > PEM_BYTES_MAX || key.len() > PEM_BYTES_MAX {
            return Err(Error::Limit(format!(
                "certificates or a key of more than {PEM_BYTES_MAX} bytes"
            )));
        }
        if !certificates.contains("-----BEGIN CERTIFICATE-----") {
            return Err(Error::unsupported("certificates that are not PEM"));
        }
        let new = Self {
            certificates: certificates.as_bytes().to_vec(),
            key: key.as_bytes().to_vec(),
            algorithm: algorithm(key)?,
        };
        new.signer()?;
        Ok(new)
    }

    fn signer(&self) -> Result<c2pa::BoxedSigner> {
        create_signer::from_keys(&self.certificates, &self.key, self.algorithm, None)
            .map_err(|error| Error::unsupported(format!("this key or its certificates: {error}")))
    }

    pub(super) fn sign(&self, bytes: &[u8], kind: &str, denied: &[&str]) -> Result<Vec<u8>> {
        let signed = guard(|| Ok::<_, Unreadable>(self.signed(bytes, kind, denied)));
        signed.map_err(|panicked| Error::Damaged(panicked.to_string()))?
    }

    fn signed(&self, bytes: &[u8], kind: &str, denied: &[&str]) -> Result<Vec<u8>> {
        let signer = self.signer()?;
        let refused = |error: c2pa::Error| Error::Damaged(format!("no manifest fits: {error}"));
        let settings = Settings::new()
            .with_value("verify.remote_manifest_fetch", false)
            .and_then(|it| it.with_value("verify.ocsp_fetch", false))
            .map_err(refused)?;
        let context = Context::new().with_settings(settings).map_err(refused)?;
        let mut builder = Builder::from_context(context)
            .with_definition(definition(denied))
            .map_err(refused)?;
        builder.set_intent(BuilderIntent::Edit);
        let mut copy = Cursor::new(Vec::with_capacity(bytes.len()));
        builder
            .sign(signer.as_ref(), kind, &mut Cursor::new(bytes), &mut copy)
            .map_err(refused)?;
        Ok(copy.into_inner())
    }
}

fn definition(denied: &[&str]) -> Value {
    let entries: Map<String, Value> = denied
        .iter()
        .map(|&name| (name.to_owned(), json!({ "use": "notAllowed" })))
        .collect();
    json!({
        "claim_generator_info": [{ "name": "clearance", "version": env!("CARGO_PKG_VERSION") }],
        "assertions": [{
            "label": "cawg.training-mining",
            "data": { "entries": entries },
            "created": true,
        }],
    })
}

/// What a key signs with, by the identifiers in it. Encrypted keys hold theirs out of sight.
fn algorithm(pem: &str) -> Result<SigningAlg> {
    if pem.contains("ENCRYPTED") {
        return Err(Error::unsupported(
            "an encrypted key; decrypt it with openssl pkey first",
        ));
    }
    if pem.contains("BEGIN RSA PRIVATE KEY") {
        return Ok(SigningAlg::Ps256);
    }
    let begin = pem.rfind("-----BEGIN ").unwrap_or(0);
    let lines = pem[begin..].lines().skip(1);
    let body: String = lines
        .take_while(|line| !line.starts_with("-----END"))
        .map(str::trim)
        .collect();
    let der = STANDARD.decode(body).unwrap_or_default();
    let known = KINDS
        .iter()
        .find(|(identifier, _)| memmem::find(&der, identifier).is_some());
    known.map(|&(_, algorithm)| algorithm).ok_or_else(|| {
        Error::unsupported("a key that is not P-256, P-384, P-521, Ed25519 or RSA in PEM")
    })
}
