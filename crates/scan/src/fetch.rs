//! Items behind addresses in a dataset's cells, fetched politely (`clearance scan --fetch`).
//!
//! A stage between the reader and the threads that decode: a small pool of its own threads waits for
//! servers, so that nobody else does. Addresses are queued by host (`hosts`): so many connections to
//! one host at a time and so long between two requests, whatever the others do. Of every origin
//! robots.txt is read first and obeyed (`robots`). Names are resolved here and every address that a name
//! has is checked before any is connected to (`public`, `client`); redirects are followed here, each
//! checked like the first address. What came is an item like any other; what was asked, answered and
//! decided on the way is a line of evidence beside it (`record`).
//!
//! What is fetched does not follow from the dataset: servers answer as they like. Given the same answers,
//! results are the same in whatever order they came.
//!
//! Built without the feature `remote`, nothing is ever fetched.

#[cfg(feature = "remote")]
mod address;
#[cfg(feature = "remote")]
mod body;
#[cfg(feature = "remote")]
mod client;
#[cfg(feature = "remote")]
mod hosts;
#[cfg(feature = "remote")]
mod public;
mod record;
#[cfg(feature = "remote")]
mod repeats;
#[cfg(feature = "remote")]
mod robots;
#[cfg(feature = "remote")]
mod stage;
#[cfg(not(feature = "remote"))]
mod without;

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use bytes::Bytes;

pub use record::{FetchRecord, FetchedLine};
#[cfg(feature = "remote")]
pub(crate) use stage::Stage;
#[cfg(not(feature = "remote"))]
pub(crate) use without::Stage;

/// The name that robots.txt may call this program by (RFC 9309, section 2.2.1).
pub const PRODUCT_TOKEN: &str = "clearance";

/// Connections at a time, to all hosts together, unless told otherwise.
pub const USUAL_CONNECTIONS: usize = 16;
/// Connections at a time to one host: what browsers were allowed once (RFC 2616, section 8.1.4).
pub const USUAL_PER_HOST: usize = 2;
/// Time between two requests to one host: two a second are less than one visitor of a page with
/// pictures asks for.
pub const USUAL_DELAY: Duration = Duration::from_millis(500);
/// Time for one request and its answer.
pub const USUAL_TIMEOUT: Duration = Duration::from_secs(60);

/// How items are fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FetchOptions {
    /// Whom the owner of a server can write to: an address of the web or of mail.
    pub contact: String,
    /// Connections at a time, to all hosts together; at least 1.
    pub connections: usize,
    /// Connections at a time to one host; at least 1.
    pub per_host: usize,
    /// Time between the beginnings of two requests to one host; robots.txt may ask for more.
    pub delay: Duration,
    /// Time for one request with its answer, from the connection to the last byte.
    pub timeout: Duration,
    /// When these options were made, in milliseconds since 1970 (UTC), and the same on the clock that
    /// times in the evidence are counted by from there.
    began: (i64, Instant),
    /// Addresses that are connected to although they are not public: for tests on one machine.
    pub private: Vec<SocketAddr>,
}

impl FetchOptions {
    /// The usual limits, with somebody to write to. `now_ms` is this moment, in milliseconds since 1970
    /// (UTC).
    ///
    /// # Errors
    ///
    /// In words, when `contact` is neither an address of the web nor one of mail, or holds what may not
    /// stand in a header.
    pub fn new(contact: &str, now_ms: i64) -> Result<Self, String> {
        let is_web = ["http://", "https://"].iter().any(|scheme| {
            let rest = contact.strip_prefix(scheme);
            rest.is_some_and(|rest| rest.contains('.'))
        });
        let is_mail = contact.split_once('@').is_some_and(|(name, host)| {
            !name.is_empty() && !name.contains('/') && host.contains('.') && !host.contains('@')
        });
        let is_plain = contact.len() <= 200
            && contact
                .bytes()
                .all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'(' | b')' | b'\\'));
        if !(is_plain && (is_web || is_mail)) {
            return Err(format!(
                "{contact:?} says nobody to write to: give the address of a page (https://…) or of mail"
            ));
        }
        Ok(Self {
            contact: contact.to_owned(),
            connections: USUAL_CONNECTIONS,
            per_host: USUAL_PER_HOST,
            delay: USUAL_DELAY,
            timeout: USUAL_TIMEOUT,
            began: (now_ms, Instant::now()),
            private: Vec::new(),
        })
    }

    /// How the program presents itself to servers: `clearance/VERSION (+CONTACT)`.
    pub fn user_agent(&self) -> String {
        let version = env!("CARGO_PKG_VERSION");
        format!("{PRODUCT_TOKEN}/{version} (+{})", self.contact)
    }

    /// This moment, in milliseconds since 1970 (UTC).
    #[cfg(feature = "remote")]
    pub(crate) fn now_ms(&self) -> i64 {
        let (began_ms, began) = self.began;
        let since = i64::try_from(began.elapsed().as_millis()).unwrap_or(i64::MAX);
        began_ms.saturating_add(since)
    }

    /// What of these changes results: another pace brings the same answers.
    pub(crate) fn key(&self) -> String {
        format!("fetched {:?} {:?}", self.timeout, self.private)
    }
}

/// What came of an address.
#[derive(Debug)]
pub(crate) struct Fetched {
    /// The address as it stands in its cell.
    pub(crate) url: String,
    /// The name at its end, which says something of the kind of file.
    pub(crate) name: Option<String>,
    /// The bytes, or in one of a few words why there are none.
    pub(crate) body: Result<Bytes, String>,
    /// What was asked and answered; taken out once.
    pub(crate) record: Option<Box<FetchRecord>>,
}

#[cfg(test)]
mod tests;
