//! DSSE 1.0: an envelope around a payload, signed over type and payload alike.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::{Deserialize, Serialize};

use super::key::{PublicKey, SigningKey};

/// Payload type of in-toto statements.
pub(super) const PAYLOAD_TYPE: &str = "application/vnd.in-toto+json";

/// An envelope as its file holds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Envelope {
    #[serde(rename = "payloadType")]
    pub(super) payload_type: String,
    payload: String,
    signatures: Vec<EnvelopeSignature>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct EnvelopeSignature {
    keyid: String,
    sig: String,
}

impl Envelope {
    /// Signs a payload of some type.
    pub(super) fn seal(
        payload_type: &str,
        payload: &[u8],
        key: &SigningKey,
    ) -> Result<Self, String> {
        let signature = key.sign(&signed_bytes(payload_type, payload));
        Ok(Self {
            payload_type: payload_type.to_owned(),
            payload: BASE64.encode(payload),
            signatures: vec![EnvelopeSignature {
                keyid: key.public().id()?,
                sig: BASE64.encode(signature),
            }],
        })
    }

    /// Reads an envelope. Bytes other than [`Envelope::to_bytes`] would write are refused, because
    /// the signature covers what they say and not how.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, String> {
        let envelope: Self =
            serde_json::from_slice(bytes).map_err(|error| format!("not an envelope: {error}"))?;
        if envelope.to_bytes()? != bytes {
            return Err("not written the way this program writes it".to_owned());
        }
        Ok(envelope)
    }

    pub(super) fn to_bytes(&self) -> Result<Vec<u8>, String> {
        let mut bytes = serde_json::to_vec_pretty(self).map_err(|error| error.to_string())?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// The payload, not yet trusted.
    pub(super) fn payload(&self) -> Result<Vec<u8>, String> {
        BASE64
            .decode(&self.payload)
            .map_err(|error| format!("payload: {error}"))
    }

    /// Checks that there is one signature, that it is this key's, and that it is named so.
    pub(super) fn check(&self, key: &PublicKey) -> Result<(), String> {
        let [signature] = &self.signatures[..] else {
            let number = self.signatures.len();
            return Err(format!("{number} signatures; there is to be one"));
        };
        let id = key.id()?;
        if signature.keyid != id {
            let shown: String = signature.keyid.chars().take(64).collect();
            return Err(format!("signed with key {shown}, not with {id}"));
        }
        let bytes = BASE64
            .decode(&signature.sig)
            .map_err(|error| format!("signature: {error}"))?;
        if !key.verifies(&signed_bytes(&self.payload_type, &self.payload()?), &bytes) {
            return Err(format!("the signature is not that of key {id}"));
        }
        Ok(())
    }
}

/// What is signed: the pre-authentication encoding of DSSE 1.0.
fn signed_bytes(payload_type: &str, payload: &[u8]) -> Vec<u8> {
    let mut bytes = format!(
        "DSSEv1 {} {payload_type} {} ",
        payload_type.len(),
        payload.len()
    )
    .into_bytes();
    bytes.extend_from_slice(payload);
    bytes
}

#[cfg(test)]
mod tests;
