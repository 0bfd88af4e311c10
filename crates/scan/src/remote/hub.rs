//! Datasets on the Hugging Face hub: files by their plain addresses, folders by the hub's own list.

use serde::Deserialize;
use ureq::http::header::LINK;
use ureq::http::{HeaderMap, StatusCode};

use super::RemoteSettings;
use super::address::{HubAddress, encoded};
use super::transport::Transport;

const ENDPOINT: &str = "https://huggingface.co";
/// Pages of a list that are read.
const MOST_PAGES: usize = 10_000;
/// The longest pause before a page is asked for again, in milliseconds.
const LONGEST_PAUSE_MS: u64 = 15_000;

/// The hub, as it is reached.
pub(super) struct Hub {
    endpoint: String,
    transport: Transport,
    retries: u32,
}

/// A page of a list, and where the next one is.
type Page = (Vec<Entry>, Option<String>);

/// A file or folder in the hub's list.
#[derive(Debug, Deserialize)]
struct Entry {
    #[serde(rename = "type")]
    kind: String,
    path: String,
}

impl Hub {
    pub(super) fn new(transport: &Transport, settings: &RemoteSettings) -> Self {
        let said = |wanted: &str| {
            let mut named = settings.environment.iter();
            let found = named.find(|(name, value)| name == wanted && !value.is_empty());
            found.map(|(_, value)| value.trim())
        };
        let endpoint = said("HF_ENDPOINT").unwrap_or(ENDPOINT);
        Self {
            endpoint: endpoint.trim_end_matches('/').to_owned(),
            transport: match said("HF_TOKEN") {
                Some(token) => transport.with_token(token),
                None => transport.clone(),
            },
            retries: settings.retries,
        }
    }

    pub(super) fn transport(&self) -> &Transport {
        &self.transport
    }

    /// Where a file is read.
    pub(super) fn file(&self, address: &HubAddress) -> String {
        let HubAddress {
            repository,
            revision,
            path,
        } = address;
        format!(
            "{}/datasets/{repository}/resolve/{}/{}",
            self.endpoint,
            revision_part(revision),
            encoded(path)
        )
    }

    /// The files below a folder, as paths in the repository. `None` when there is no such folder.
    pub(super) fn files(&self, folder: &HubAddress) -> Result<Option<Vec<String>>, String> {
        let HubAddress {
            repository,
            revision,
            path,
        } = folder;
        let below = if path.is_empty() {
            String::new()
        } else {
            format!("/{}", encoded(path))
        };
        let revision = revision_part(revision);
        let mut next = format!(
            "{}/api/datasets/{repository}/tree/{revision}{below}?recursive=true&expand=false",
            self.endpoint
        );
        let mut files = Vec::new();
        for _ in 0..MOST_PAGES {
            let Some((entries, following)) = self.page(&next)? else {
                return Ok(None);
            };
            let found = entries.into_iter().filter(|entry| entry.kind == "file");
            files.extend(found.map(|entry| entry.path));
            match following {
                // Never to another host: the token would go with it.
                Some(url) if url.starts_with(&format!("{}/", self.endpoint)) => next = url,
                Some(_) => return Err("the list goes on at another host".to_owned()),
                None => return Ok(Some(files)),
            }
        }
        Err("the list has no end".to_owned())
    }

    fn page(&self, url: &str) -> Result<Option<Page>, String> {
        let mut pause_ms = 200;
        let mut attempt = 0;
        loop {
            let answer = self.transport.get(url);
            let trouble = match answer {
                Ok(answer) if answer.status().is_success() => {
                    let entries = serde_json::from_slice(answer.body())
                        .map_err(|error| format!("the hub's list: {error}"))?;
                    return Ok(Some((entries, following(answer.headers()))));
                }
                Ok(answer) if answer.status() == StatusCode::NOT_FOUND => return Ok(None),
                Ok(answer)
                    if answer.status().is_server_error()
                        || answer.status() == StatusCode::TOO_MANY_REQUESTS =>
                {
                    format!("the hub answers {}", answer.status())
                }
                Ok(answer) => return Err(format!("the hub answers {}", answer.status())),
                Err(error) => error.to_string(),
            };
            if attempt >= self.retries {
                return Err(trouble);
            }
            attempt += 1;
            std::thread::sleep(std::time::Duration::from_millis(pause_ms));
            pause_ms = (pause_ms * 2).min(LONGEST_PAUSE_MS);
        }
    }
}

/// The next page of a list (RFC 8288).
fn following(headers: &HeaderMap) -> Option<String> {
    let links = headers.get(LINK)?.to_str().ok()?;
    links.split(',').find_map(|link| {
        let (target, parameters) = link.trim().strip_prefix('<')?.split_once('>')?;
        let is_next = parameters.replace(['"', ' '], "").contains("rel=next");
        is_next.then(|| target.to_owned())
    })
}

/// A revision as one part of an address; slashes in it may be written as `%2F` already.
fn revision_part(revision: &str) -> String {
    encoded(&revision.replace("%2F", "/")).replace('/', "%2F")
}

#[cfg(test)]
mod tests;
