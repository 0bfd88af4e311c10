//! The attestation of a pack: whose registry it is, and that nothing in it was changed
//! (ATTESTATION.md, "Packs").

use std::fs;
use std::io::Write;
use std::path::Path;

use chrono::{DateTime, SecondsFormat, Utc};
use clearance_index::PackInfo;
use serde::{Deserialize, Serialize};

use super::envelope::{Envelope, PAYLOAD_TYPE};
use super::folder::{Found, digests};
use super::key::{PublicKey, SigningKey};
use super::statement::{STATEMENT_TYPE, Sha256Digest, Signer, Subject};
use super::{ATTESTATION, MOST_BYTES};
use crate::error::{Error, Result};
use crate::write::replace;

/// Names the predicate and its version.
const PREDICATE_TYPE: &str = "urn:x-clearance:pack:v1";

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct PackStatement {
    #[serde(rename = "_type")]
    type_: String,
    subject: Vec<Subject>,
    #[serde(rename = "predicateType")]
    predicate_type: String,
    predicate: PackPredicate,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PackPredicate {
    signed_at: String,
    signer: Signer,
    pack: PackInfo,
}

/// Signs every file of the pack in `folder`. `signed_at` is the signer's time, in whole seconds.
pub fn sign_pack(folder: &Path, key: &SigningKey, signed_at: DateTime<Utc>) -> Result<()> {
    let path = folder.join(ATTESTATION);
    let refused = |detail: String| Error::corrupt(&path, &detail);
    let pack = PackInfo::read(folder).map_err(|error| Error::refused(folder, error.to_string()))?;
    let mut subject = Vec::new();
    for (name, found) in digests(folder, ATTESTATION)? {
        let Found::File(sha256) = found else {
            return Err(Error::refused(
                &folder.join(&name),
                "not a file, not signed",
            ));
        };
        subject.push(Subject {
            name,
            digest: Sha256Digest { sha256 },
        });
    }
    let statement = PackStatement {
        type_: STATEMENT_TYPE.to_owned(),
        subject,
        predicate_type: PREDICATE_TYPE.to_owned(),
        predicate: PackPredicate {
            signed_at: signed_at.to_rfc3339_opts(SecondsFormat::Secs, true),
            signer: Signer {
                public_key: key.public().to_pem().map_err(refused)?,
            },
            pack,
        },
    };
    let payload = serde_json::to_vec(&statement).map_err(|error| Error::corrupt(&path, &error))?;
    let envelope = Envelope::seal(PAYLOAD_TYPE, &payload, key).map_err(refused)?;
    let bytes = envelope.to_bytes().map_err(refused)?;
    replace(&path, |file| file.write_all(&bytes))
}

/// Checks the signature of the pack in `folder`, and every file against it; returns the id of the
/// key. Where keys are given, it has to be one of them. `None` for a pack that is not signed.
///
/// # Errors
///
/// [`Error::Refused`] when the signature is not what it says, a file is not as it was signed, or the
/// key is none of `trusted`.
pub fn check_pack(folder: &Path, trusted: &[PublicKey]) -> Result<Option<String>> {
    let path = folder.join(ATTESTATION);
    let length = match fs::symlink_metadata(&path) {
        Ok(file) => file.len(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Error::io(&path)(error)),
    };
    if length > MOST_BYTES {
        return Err(Error::refused(&path, format!("{length} bytes long")));
    }
    let bytes = fs::read(&path).map_err(Error::io(&path))?;
    let refused = |detail: String| Error::refused(&path, detail);
    let (statement, id) = opened(&bytes, trusted).map_err(refused)?;
    let mut found = digests(folder, ATTESTATION)?;
    for subject in &statement.subject {
        let problem = match found.remove(&subject.name) {
            Some(Found::File(sha256)) if sha256 == subject.digest.sha256 => continue,
            Some(_) => "changed since it was signed",
            None => "missing",
        };
        let file = folder.join(&subject.name);
        return Err(Error::refused(&file, problem));
    }
    if let Some((name, _)) = found.into_iter().next() {
        let detail = "was not there when the pack was signed";
        return Err(Error::refused(&folder.join(name), detail));
    }
    Ok(Some(id))
}

fn opened(
    bytes: &[u8],
    trusted: &[PublicKey],
) -> std::result::Result<(PackStatement, String), String> {
    let envelope = Envelope::read(bytes)?;
    if envelope.payload_type != PAYLOAD_TYPE {
        return Err(format!("not of type {PAYLOAD_TYPE}"));
    }
    let statement: PackStatement = serde_json::from_slice(&envelope.payload()?)
        .map_err(|error| format!("not a statement about a pack: {error}"))?;
    if (statement.type_.as_str(), statement.predicate_type.as_str())
        != (STATEMENT_TYPE, PREDICATE_TYPE)
    {
        return Err(format!("not a statement of the type {PREDICATE_TYPE}"));
    }
    let named = PublicKey::from_pem(&statement.predicate.signer.public_key)?;
    envelope.check(&named)?;
    let id = named.id()?;
    if !trusted.is_empty() && !trusted.contains(&named) {
        return Err(format!(
            "signed with key {id}, which is none of those to be trusted"
        ));
    }
    Ok((statement, id))
}
