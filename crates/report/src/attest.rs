//! `attestation.json`: who vouches for a scan's outputs, and what they were made of.
//!
//! An in-toto Statement v1 in a DSSE 1.0 envelope, signed with Ed25519. Its subjects are all files
//! of the output folder; its predicate names inputs, registry, settings and counts. ATTESTATION.md
//! beside this crate is the format.

mod envelope;
mod folder;
mod key;
mod pack;
mod statement;

use std::fs;
use std::io::Write;
use std::path::Path;

use chrono::{DateTime, Utc};

pub use key::{PublicKey, SigningKey};
pub use pack::{check_pack, sign_pack};
pub use statement::PREDICATE_TYPE;

use crate::error::{Error, Result};
use crate::summary::Summary;
use crate::write::replace;
use envelope::{Envelope, PAYLOAD_TYPE};
use folder::{Found, digests};
use statement::{Account, Sha256Digest, Statement, Subject};

pub(crate) use folder::{sha256, sha256_of};
pub(crate) use key::hex;

/// Name of the attestation in an output folder.
pub(crate) const ATTESTATION: &str = "attestation.json";
/// The attestation of a scan of thousands of shards has a few megabytes.
const MOST_BYTES: u64 = 256 << 20;

/// Signs everything in the output folder `out` and writes `attestation.json` into it. `signed_at`
/// is the signer's time, in whole seconds. Outputs that contradict one another are not signed.
pub fn sign(out: &Path, key: &SigningKey, signed_at: DateTime<Utc>) -> Result<()> {
    let path = out.join(ATTESTATION);
    let summary = Summary::read(out)?;
    if let Some(problem) = crate::verify::contradictions(out)?.into_iter().next() {
        return Err(Error::refused(out, format!("not signed: {problem}")));
    }
    let mut subjects = Vec::new();
    for (name, found) in digests(out, ATTESTATION)? {
        let Found::File(sha256) = found else {
            return Err(Error::refused(&out.join(&name), "not a file, not signed"));
        };
        subjects.push(Subject {
            name,
            digest: Sha256Digest { sha256 },
        });
    }
    let refused = |detail: String| Error::corrupt(&path, &detail);
    let public = key.public().to_pem().map_err(refused)?;
    let statement = Statement::new(subjects, &summary, public, signed_at);
    let payload = serde_json::to_vec(&statement).map_err(|error| Error::corrupt(&path, &error))?;
    let envelope = Envelope::seal(PAYLOAD_TYPE, &payload, key).map_err(refused)?;
    let bytes = envelope.to_bytes().map_err(refused)?;
    replace(&path, |file| file.write_all(&bytes))
}

/// Other signed files: an envelope around a payload of a type of ours.
pub(crate) fn seal(
    payload_type: &str,
    payload: &[u8],
    key: &SigningKey,
) -> std::result::Result<Vec<u8>, String> {
    Envelope::seal(payload_type, payload, key)?.to_bytes()
}

/// The payload of such a file; checked with `trusted` where a key is given.
pub(crate) fn open_signed(
    payload_type: &str,
    bytes: &[u8],
    trusted: Option<&PublicKey>,
) -> std::result::Result<Vec<u8>, String> {
    let envelope = Envelope::read(bytes)?;
    if envelope.payload_type != payload_type {
        return Err(format!("not of type {payload_type}"));
    }
    trusted.map_or(Ok(()), |key| envelope.check(key))?;
    envelope.payload()
}

/// What an attestation turned out to say.
pub(crate) struct Opened {
    statement: Statement,
    /// The key that it names as its own.
    pub(crate) named: PublicKey,
    /// When it says that it was signed.
    pub(crate) signed_at: String,
    /// What is wrong with the signature.
    pub(crate) problems: Vec<String>,
}

/// Reads the attestation of an output folder and checks its signature with `trusted`, or else with
/// the key that it names itself. `None` where nothing is signed; an error text where it cannot be
/// read as an attestation.
pub(crate) fn open(
    out: &Path,
    trusted: Option<&PublicKey>,
) -> Result<Option<std::result::Result<Opened, String>>> {
    let path = out.join(ATTESTATION);
    let length = match fs::symlink_metadata(&path) {
        Ok(metadata) if metadata.is_file() => metadata.len(),
        Ok(_) => return Ok(Some(Err("not a file".to_owned()))),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Error::io(&path)(error)),
    };
    if length > MOST_BYTES {
        return Ok(Some(Err(format!("{length} bytes long"))));
    }
    let bytes = fs::read(&path).map_err(Error::io(&path))?;
    Ok(Some(opened(&bytes, trusted)))
}

fn opened(bytes: &[u8], trusted: Option<&PublicKey>) -> std::result::Result<Opened, String> {
    let envelope = Envelope::read(bytes)?;
    if envelope.payload_type != PAYLOAD_TYPE {
        return Err(format!("not of type {PAYLOAD_TYPE}"));
    }
    let statement = Statement::read(&envelope.payload()?)?;
    let named = PublicKey::from_pem(&statement.predicate.signer.public_key)?;
    let mut problems = Vec::new();
    for key in trusted.into_iter().chain([&named]) {
        problems.extend(envelope.check(key).err());
    }
    problems.dedup();
    Ok(Opened {
        signed_at: statement.predicate.signed_at.clone(),
        named,
        statement,
        problems,
    })
}

impl Opened {
    /// Files that are not as they were signed, each with what is wrong.
    pub(crate) fn changed_files(&self, out: &Path) -> Result<Vec<String>> {
        let mut found = digests(out, ATTESTATION)?;
        let mut problems = Vec::new();
        for subject in &self.statement.subject {
            match found.remove(&subject.name) {
                Some(Found::File(sha256)) if sha256 == subject.digest.sha256 => {}
                Some(_) => problems.push(format!("{}: changed since it was signed", subject.name)),
                None => problems.push(format!("{}: missing", subject.name)),
            }
        }
        let extra = found.into_keys();
        problems.extend(extra.map(|name| format!("{name}: was not there when it was signed")));
        Ok(problems)
    }

    /// Where the statement and `summary.json` contradict one another.
    pub(crate) fn contradictions(&self, summary: &Summary) -> Vec<String> {
        let account = Account::new(summary);
        let differing = self.statement.predicate.account.differences(&account);
        differing
            .into_iter()
            .map(|part| format!("summary.json says otherwise of: {part}"))
            .collect()
    }

    /// How the time of signing contradicts what was there before.
    pub(crate) fn clock(&self) -> std::result::Result<(), String> {
        let signed = DateTime::parse_from_rfc3339(&self.signed_at)
            .map_err(|error| format!("signed at {:?}: {error}", self.signed_at))?;
        let changed = self.statement.predicate.account.registry.changed_at;
        if let Some(changed) = changed.filter(|changed| *changed > signed) {
            return Err(format!(
                "signed at {}, before the registry's last change at {}: a clock was set back",
                self.signed_at,
                changed.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
            ));
        }
        Ok(())
    }
}
