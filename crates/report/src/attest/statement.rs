//! The statement about a scan: in-toto Statement v1 with a predicate of our own (ATTESTATION.md).

use std::collections::BTreeMap;

use chrono::{DateTime, SecondsFormat, Utc};
use clearance_scan::{RowCounts, Totals};
use serde::{Deserialize, Serialize};

use crate::summary::{PolicySummary, RegistrySummary, RunSettings, Summary, ToolSummary};

pub(super) const STATEMENT_TYPE: &str = "https://in-toto.io/Statement/v1";
/// Names the predicate and its version.
pub const PREDICATE_TYPE: &str = "urn:x-clearance:scan:v1";

/// What is signed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Statement {
    #[serde(rename = "_type")]
    type_: String,
    /// The outputs, in order of name.
    pub(super) subject: Vec<Subject>,
    #[serde(rename = "predicateType")]
    predicate_type: String,
    pub(super) predicate: Predicate,
}

/// An output file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Subject {
    /// Its name in the output folder.
    pub(super) name: String,
    pub(super) digest: Sha256Digest,
}

/// Digests by algorithm, as in-toto writes them: SHA-256 alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sha256Digest {
    pub(super) sha256: String,
}

/// What the outputs were made of. All but `signedAt` and `signer` is said by `summary.json` too.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Predicate {
    /// When it was signed, as the signer's clock had it.
    pub(super) signed_at: String,
    pub(super) signer: Signer,
    #[serde(flatten)]
    pub(super) account: Account,
}

/// Whose key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Signer {
    /// The public key, PEM.
    pub(super) public_key: String,
}

/// What `summary.json` says, in the shape of the predicate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Account {
    pub(super) tool: ToolSummary,
    pub(super) configuration: Configuration,
    pub(super) registry: RegistrySummary,
    pub(super) dataset: Vec<Material>,
    pub(super) counts: Counts,
}

/// What the question was and how it was asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Configuration {
    pub(super) policy: PolicySummary,
    pub(super) settings: RunSettings,
}

/// An input file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Material {
    name: String,
    bytes: u64,
    /// `blake3` of the whole file, `parquetFooterBlake3` of its footer.
    digest: BTreeMap<String, String>,
}

/// Results in numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Counts {
    rows: u64,
    clear: u64,
    matched: u64,
    unreadable: u64,
    skipped: u64,
    findings: u64,
    over_policy: u64,
    verdicts: BTreeMap<String, u64>,
    kinds: BTreeMap<String, u64>,
    complete: bool,
}

impl Statement {
    pub(super) fn new(
        subject: Vec<Subject>,
        summary: &Summary,
        public_key: String,
        signed_at: DateTime<Utc>,
    ) -> Self {
        Self {
            type_: STATEMENT_TYPE.to_owned(),
            subject,
            predicate_type: PREDICATE_TYPE.to_owned(),
            predicate: Predicate {
                signed_at: signed_at.to_rfc3339_opts(SecondsFormat::Secs, true),
                signer: Signer { public_key },
                account: Account::new(summary),
            },
        }
    }

    /// Reads a payload.
    pub(super) fn read(payload: &[u8]) -> Result<Self, String> {
        let statement: Self = serde_json::from_slice(payload)
            .map_err(|error| format!("not a statement about a scan: {error}"))?;
        for (found, expected) in [
            (&statement.type_, STATEMENT_TYPE),
            (&statement.predicate_type, PREDICATE_TYPE),
        ] {
            if found != expected {
                let shown: String = found.chars().take(200).collect();
                return Err(format!("of type {shown:?}; this program reads {expected}"));
            }
        }
        Ok(statement)
    }
}

impl Account {
    pub(super) fn new(summary: &Summary) -> Self {
        let totals = &summary.totals;
        let RowCounts {
            rows,
            clear,
            matched,
            unreadable,
            skipped,
        } = totals.rows;
        Self {
            tool: summary.tool.clone(),
            configuration: Configuration {
                policy: summary.policy.clone(),
                settings: summary.settings.clone(),
            },
            registry: summary.registry.clone(),
            dataset: materials(totals),
            counts: Counts {
                rows,
                clear,
                matched,
                unreadable,
                skipped,
                findings: summary.findings,
                over_policy: summary.over_policy,
                verdicts: summary.verdicts.clone(),
                kinds: summary.kinds.clone(),
                complete: summary.coverage.complete,
            },
        }
    }

    /// What another account says differently, by name.
    pub(super) fn differences(&self, other: &Self) -> Vec<&'static str> {
        let parts = [
            ("tool", self.tool == other.tool),
            (
                "policy",
                self.configuration.policy == other.configuration.policy,
            ),
            (
                "settings",
                self.configuration.settings == other.configuration.settings,
            ),
            ("registry", self.registry == other.registry),
            ("dataset", self.dataset == other.dataset),
            ("counts", self.counts == other.counts),
        ];
        let differing = parts.into_iter().filter(|(_, same)| !same);
        differing.map(|(name, _)| name).collect()
    }
}

fn materials(totals: &Totals) -> Vec<Material> {
    let files = totals.files.iter().map(|file| {
        let whole = file.blake3.clone();
        // Files in other forms have no footer: the digest of the whole stands in its place.
        let footer = (whole.as_ref() != Some(&file.footer_blake3))
            .then(|| ("parquetFooterBlake3".to_owned(), file.footer_blake3.clone()));
        let whole = whole.map(|digest| ("blake3".to_owned(), digest));
        Material {
            name: file.file.clone(),
            bytes: file.bytes,
            digest: whole.into_iter().chain(footer).collect(),
        }
    });
    let tables = totals.tables.iter().map(|table| Material {
        name: table.file.clone(),
        bytes: table.bytes,
        digest: [("blake3".to_owned(), table.blake3.clone())].into(),
    });
    files.chain(tables).collect()
}
