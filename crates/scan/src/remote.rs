//! Inputs in object stores and on the web: `s3://`, `gs://`, `az://`, `abfs://`, `https://`, `hf://`.
//!
//! A remote file is read by ranges, in blocks that are kept for a while (`blocks`). What identifies a
//! version of it, its length and its `ETag`, is asked for when a dataset is planned and held to at
//! every range that is read later: a file that was replaced in between is noticed. Requests that fail
//! are made again after a pause that grows; what fails for good stops the whole run, so that a
//! network is never mistaken for damaged rows.
//!
//! Everything asynchronous stays in here, on one thread. Nothing is asked of a network before the
//! first remote input is opened. Built without the feature `remote`, inputs of this kind are refused.

mod address;
#[cfg(feature = "remote")]
mod blocks;
#[cfg(feature = "remote")]
mod hub;
#[cfg(feature = "remote")]
mod object;
#[cfg(feature = "remote")]
mod reader;
#[cfg(feature = "remote")]
mod stores;
#[cfg(feature = "remote")]
mod transport;
#[cfg(not(feature = "remote"))]
mod without;
#[cfg(feature = "remote")]
mod world;

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;

pub(crate) use address::{is_remote, join};
#[cfg(feature = "remote")]
pub(crate) use reader::Reader;
#[cfg(feature = "remote")]
pub(crate) use transport::tls_config;
#[cfg(not(feature = "remote"))]
pub(crate) use without::{
    Reader, failure, has_failed, identity_now, list, open, planned_version, read_beside,
};
#[cfg(feature = "remote")]
pub(crate) use world::{
    failure, has_failed, identity_now, list, open, planned_version, read_beside,
};

use crate::error::{Error, Result};

/// Whether this program can read inputs in object stores and on the web.
pub const HAS_REMOTE: bool = cfg!(feature = "remote");

/// How often a request is made again unless told otherwise.
pub const USUAL_RETRIES: u32 = 8;

/// How object stores and the web are reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemoteSettings {
    /// Names and values as in the environment: those beginning with `AWS_`, `AZURE_` and `GOOGLE_`
    /// as the command lines of these stores know them, `HF_TOKEN` and `HF_ENDPOINT`.
    pub environment: Vec<(String, String)>,
    /// How often a request that failed is made again.
    pub retries: u32,
    /// How the program presents itself to servers.
    pub user_agent: String,
}

impl Default for RemoteSettings {
    fn default() -> Self {
        Self {
            environment: Vec::new(),
            retries: USUAL_RETRIES,
            user_agent: concat!("clearance/", env!("CARGO_PKG_VERSION")).to_owned(),
        }
    }
}

static SETTINGS: Mutex<Option<RemoteSettings>> = Mutex::new(None);

/// Says how remote inputs are reached by this process, before the first of them is opened. Without
/// it no store has credentials. Nothing is asked of a network here.
pub fn set_remote(settings: RemoteSettings) {
    *SETTINGS.lock().unwrap_or_else(PoisonError::into_inner) = Some(settings);
}

#[cfg(feature = "remote")]
fn settings() -> RemoteSettings {
    let settings = SETTINGS.lock().unwrap_or_else(PoisonError::into_inner);
    settings.clone().unwrap_or_default()
}

/// An input as outputs name it: the address of a remote one without what follows a question mark,
/// which may be a signature that opens the file to anybody.
pub fn input_name(input: &Path) -> String {
    let text = input.to_string_lossy();
    address::public(&text).unwrap_or_else(|| text.into_owned())
}

/// What tells one version of a remote file from another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RemoteIdentity {
    pub(crate) bytes: u64,
    /// The store's word for this version: its `ETag`, else the time of the last change.
    pub(crate) version: Option<String>,
}

/// A remote file that was found behind an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Listed {
    /// Its address, without what follows a question mark.
    pub(crate) address: String,
    /// Below the input that led to it; nothing for the input itself.
    pub(crate) below: Option<String>,
}

/// What was found of a file beside a dataset.
#[cfg_attr(
    not(feature = "remote"),
    expect(dead_code, reason = "there are no such files without the feature")
)]
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Beside {
    There(Bytes),
    Missing,
    /// It has so many bytes, which are more than allowed.
    TooLong(u64),
}

fn error(address: &str, detail: impl Into<String>) -> Error {
    Error::Remote {
        address: address.to_owned(),
        detail: detail.into(),
    }
}

/// The failure that ended the reading of a file of these, if one did.
pub(crate) fn check<'a>(files: impl IntoIterator<Item = &'a Path>) -> Result<()> {
    if !has_failed() {
        return Ok(());
    }
    for file in files {
        if let Some((address, detail)) = failure(file) {
            return Err(error(&address, detail));
        }
    }
    Ok(())
}
