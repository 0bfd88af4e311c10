//! The settings of a scan, as its summary keeps them.

use std::collections::BTreeMap;

use clearance_index::{PlaceFile, PlaceSources, PlaceTrouble};
use clearance_scan::{FetchOptions, PRODUCT_TOKEN};
use serde::{Deserialize, Serialize};

use crate::gate::Gate;

/// Settings as they were in force.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RunSettings {
    /// The inputs as given.
    pub inputs: Vec<String>,
    /// Column overrides as given.
    pub columns: BTreeMap<String, String>,
    /// Limits on each item, by name.
    pub limits: BTreeMap<String, f64>,
    /// Least share of examined rows asked for, when one was.
    pub min_coverage: Option<f64>,
    /// Share of the recordings and pictures that decoys were made of.
    pub decoy_share: f64,
    /// Further folders that paths in the dataset may lead to.
    #[serde(default)]
    pub media_roots: Vec<String>,
    /// Limits on what is found, when there are some.
    #[serde(default)]
    pub gate: Option<Gate>,
    /// Whether what items declare about their own use was read.
    #[serde(default)]
    pub declarations: bool,
    /// Whether names of works and creators were looked for in texts.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub mentions: bool,
    /// Whether ISCCs of items were computed and compared.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub iscc: bool,
    /// Files in the folders of the dataset that were not read, each with the reason.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub passed_over: Vec<String>,
    /// The list of certificates that signatures of C2PA manifests were trusted by, BLAKE3 in
    /// hexadecimal; empty when nobody was trusted, `None` when no signature was checked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signers: Option<String>,
    /// The rules about places that addresses were looked up in, when there were some.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub places: Option<PlaceSettings>,
    /// How items behind addresses were fetched, when they were. What servers answered does not follow
    /// from anything here: `fetched.parquet` is the evidence of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fetch: Option<FetchSettings>,
}

/// How items behind addresses were fetched.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FetchSettings {
    /// How the program presented itself to servers.
    pub user_agent: String,
    /// The name that robots.txt was read for.
    pub product_token: String,
    /// Connections at a time, to all hosts together.
    pub connections: u64,
    /// Connections at a time to one host.
    pub per_host: u64,
    /// Seconds from one request to a host to the next.
    pub delay_seconds: f64,
    /// Seconds for one request and its answer.
    pub timeout_seconds: f64,
    /// Addresses that were let through although they are not public.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub private: Vec<String>,
}

impl FetchSettings {
    /// What a summary keeps of these options.
    pub fn new(options: &FetchOptions) -> Self {
        Self {
            user_agent: options.user_agent(),
            product_token: PRODUCT_TOKEN.to_owned(),
            connections: options.connections as u64,
            per_host: options.per_host as u64,
            delay_seconds: options.delay.as_secs_f64(),
            timeout_seconds: options.timeout.as_secs_f64(),
            private: options.private.iter().map(ToString::to_string).collect(),
        }
    }
}

/// Files about places, as they were read.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PlaceSettings {
    /// A digest over all of them.
    pub digest: String,
    /// Statements in them.
    pub statements: u64,
    /// Parts of them that were not understood.
    pub rejected: u64,
    /// The files.
    pub files: Vec<PlaceFile>,
    /// What was not understood, the first ten thousand parts.
    pub rejects: Vec<PlaceTrouble>,
}

/// Parts of files about places that a summary lists as not understood.
const PLACE_REJECTS_MAX: usize = 10_000;

impl PlaceSettings {
    /// What is kept of files about places in a summary.
    pub fn new(sources: &PlaceSources) -> Self {
        let rejects = sources.rejects.iter().take(PLACE_REJECTS_MAX);
        Self {
            digest: sources.digest(),
            statements: sources.statements,
            rejected: sources.rejected,
            files: sources.files.clone(),
            rejects: rejects.cloned().collect(),
        }
    }
}
