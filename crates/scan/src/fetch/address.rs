//! Addresses that are asked for, in the spelling of the URL Standard (WHATWG).

use clearance_rights::places::Address;
use url::{Host, Url};

/// Longest address that is asked for, in bytes; servers take about half of it.
const ADDRESS_BYTES_MAX: usize = 16 << 10;

/// Where something is to be fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Target(Url);

impl Target {
    /// Reads an address from a cell. The error says why it is not asked for.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        if text.len() > ADDRESS_BYTES_MAX {
            return Err(format!("longer than {ADDRESS_BYTES_MAX} bytes"));
        }
        let url = Url::parse(text).map_err(|error| error.to_string())?;
        Self::checked(url)
    }

    /// Where an answer from here sends to.
    pub(super) fn join(&self, location: &str) -> Result<Self, String> {
        if location.len() > ADDRESS_BYTES_MAX {
            return Err(format!("longer than {ADDRESS_BYTES_MAX} bytes"));
        }
        let url = self.0.join(location).map_err(|error| error.to_string())?;
        Self::checked(url)
    }

    fn checked(mut url: Url) -> Result<Self, String> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err("neither http nor https".to_owned());
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("it names a user: nothing is fetched in anybody's name".to_owned());
        }
        match url.host() {
            Some(Host::Domain(name)) if name.trim_end_matches('.').is_empty() => {
                return Err("it names no host".to_owned());
            }
            Some(_) => {}
            None => return Err("it names no host".to_owned()),
        }
        url.set_fragment(None);
        Ok(Self(url))
    }

    /// As it is asked for.
    pub(super) fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// What requests are counted by: the host, whatever its port.
    pub(super) fn host(&self) -> &str {
        let host = self.0.host_str().unwrap_or_default();
        host.strip_suffix('.').unwrap_or(host)
    }

    /// What one robots.txt is for: scheme, host and port (RFC 9309, section 2.3).
    pub(super) fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }

    /// Where the robots.txt of its origin is.
    pub(super) fn robots(&self) -> Result<Self, String> {
        self.join("/robots.txt")
    }

    /// The path with its query, as rules compare it.
    pub(super) fn path(&self) -> String {
        let known = Address::parse(self.as_str());
        known.map_or_else(|| "/".to_owned(), |known| known.path.into_owned())
    }

    /// What may be shown of it: without what follows a question mark, which may be a signature.
    pub(super) fn public(&self) -> String {
        let mut url = self.0.clone();
        url.set_query(None);
        url.into()
    }

    /// The name at the end of its path.
    pub(super) fn name(&self) -> Option<String> {
        let name = self.0.path_segments()?.next_back()?;
        (!name.is_empty()).then(|| name.to_owned())
    }
}

#[cfg(test)]
mod tests;
