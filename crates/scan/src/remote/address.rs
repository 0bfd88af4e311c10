//! Addresses of remote inputs, as people write them.

use std::path::{Path, PathBuf};

#[cfg(feature = "remote")]
use crate::error::Result;

/// What stands before `://`.
const SCHEMES: [&str; 11] = [
    "s3", "s3a", "gs", "az", "azure", "adl", "abfs", "abfss", "http", "https", "hf",
];

/// Whether a path is the address of a remote input.
pub(crate) fn is_remote(path: &Path) -> bool {
    path.to_str().is_some_and(|text| scheme(text).is_some())
}

/// The scheme of a remote input, and what follows it.
fn scheme(text: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = text.split_once("://")?;
    SCHEMES
        .contains(&scheme.to_ascii_lowercase().as_str())
        .then_some((scheme, rest))
}

/// An address that may be shown to anybody: without a signature, without a password. `None` for
/// what is none.
pub(super) fn public(text: &str) -> Option<String> {
    let (scheme, rest) = scheme(text)?;
    let is_web = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    if !is_web {
        return Some(text.to_owned());
    }
    let end = rest.find(['?', '#']).unwrap_or(rest.len());
    let rest = rest.get(..end).unwrap_or(rest);
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let host = authority.rsplit_once('@').map_or(authority, |(_, it)| it);
    Some(format!("{scheme}://{host}{path}"))
}

/// The address of a file whose path is relative to a folder.
pub(crate) fn join(folder: &Path, relative: &str) -> PathBuf {
    let text = folder.to_string_lossy();
    let is_web = scheme(&text).is_some_and(|(scheme, _)| matches!(scheme, "http" | "https"));
    if is_web {
        folder.join(encoded(relative))
    } else {
        folder.join(relative)
    }
}

/// A path with everything percent-encoded that may not stand in one (RFC 3986, section 3.3).
pub(super) fn encoded(path: &str) -> String {
    use std::fmt::Write;
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a string does not fail.
            write!(out, "%{byte:02X}").ok();
        }
    }
    out
}

/// A remote input, taken apart.
#[cfg(feature = "remote")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Address {
    /// A bucket or container, as far as a store has to know it, and a key in it.
    Bucket { root: String, key: String },
    /// A file on the web, with everything in its address.
    Web { url: String },
    /// A file or folder in a repository of the Hugging Face hub.
    Hub(HubAddress),
}

/// A place in a dataset's repository.
#[cfg(feature = "remote")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct HubAddress {
    /// `OWNER/NAME`.
    pub(super) repository: String,
    /// A branch, tag or commit.
    pub(super) revision: String,
    /// Below the repository; empty for its root.
    pub(super) path: String,
}

#[cfg(feature = "remote")]
impl Address {
    pub(super) fn parse(text: &str) -> Result<Self> {
        let refused = |detail: &str| super::error(&public(text).unwrap_or_default(), detail);
        let Some((scheme, rest)) = scheme(text) else {
            return Err(refused("no address of a store"));
        };
        let scheme = scheme.to_ascii_lowercase();
        match scheme.as_str() {
            "http" | "https" => {
                let url = format!("{scheme}://{rest}");
                let url = url.split('#').next().unwrap_or_default().to_owned();
                Ok(Self::Web { url })
            }
            "hf" => Ok(Self::Hub(hub(rest).ok_or_else(|| {
                refused("write hf://datasets/OWNER/NAME, or hf://datasets/OWNER/NAME@REVISION/PATH")
            })?)),
            _ => {
                let (bucket, key) = rest.split_once('/').unwrap_or((rest, ""));
                if bucket.is_empty() {
                    return Err(refused("names no bucket"));
                }
                Ok(Self::Bucket {
                    root: format!("{scheme}://{bucket}"),
                    key: key.to_owned(),
                })
            }
        }
    }
}

#[cfg(feature = "remote")]
fn hub(rest: &str) -> Option<HubAddress> {
    let rest = rest.strip_prefix("datasets/")?;
    let mut parts = rest.splitn(3, '/');
    let (owner, named) = (parts.next()?, parts.next()?);
    let path = parts.next().unwrap_or_default();
    let (name, revision) = named.split_once('@').unwrap_or((named, "main"));
    let is_name = |text: &str| {
        !text.is_empty()
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
    };
    // A revision may be a branch with slashes in it, which are written as %2F.
    let is_revision = !revision.is_empty() && revision.bytes().all(|byte| byte.is_ascii_graphic());
    (is_name(owner) && is_name(name) && is_revision).then(|| HubAddress {
        repository: format!("{owner}/{name}"),
        revision: revision.to_owned(),
        path: path.trim_end_matches('/').to_owned(),
    })
}

#[cfg(test)]
mod tests;
