//! One request and its answer, to addresses that were checked.

use std::fmt;
use std::io::{self, Read};
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use ureq::http::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_ENCODING, LOCATION, RETRY_AFTER};
use ureq::http::{Request, Response, Uri};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Body};

use super::FetchOptions;
use super::address::Target;
use super::public::special;
use crate::remote;

/// Time for a connection, with its TLS.
const CONNECT: Duration = Duration::from_secs(10);
/// Time in which something of an answer has to come.
const SILENCE: Duration = Duration::from_secs(20);
/// Longest head of an answer, in bytes.
const HEAD_BYTES_MAX: usize = 64 << 10;
/// Headers that are kept, in small letters.
const KEPT: [&str; 13] = [
    "cache-control",
    "content-encoding",
    "content-length",
    "content-signal",
    "content-type",
    "content-usage",
    "date",
    "etag",
    "last-modified",
    "link",
    "tdm-policy",
    "tdm-reservation",
    "x-robots-tag",
];
/// Of one answer so many are kept ...
const KEPT_MAX: usize = 64;
/// ... each with so many letters: lists of the longest kind have a few hundred.
const VALUE_LETTERS_MAX: usize = 2048;

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Silence {
    /// An address of the host is not public: which, and what it is for.
    NotPublic(String),
    HostNotFound,
    TimedOut(String),
    /// No connection, or one that was cut before the answer.
    NoConnection(String),
    /// An answer that is none.
    Garbled(String),
    /// It cannot be asked for.
    BadAddress(String),
}

/// How long to stay away (RFC 9110, section 10.2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RetryAfter(Option<u64>);

impl RetryAfter {
    /// Seconds; nothing where a day and an hour are named.
    pub(super) fn seconds(self) -> Option<u64> {
        self.0
    }
}

/// An answer, its body still to be read.
pub(super) struct Answer {
    pub(super) status: u16,
    /// Headers that are kept.
    pub(super) headers: Vec<(String, String)>,
    pub(super) location: Option<String>,
    /// What a server that is busy asks for.
    pub(super) retry_after: Option<RetryAfter>,
    pub(super) encoding: String,
    body: Body,
}

impl Answer {
    fn new(answer: Response<Body>) -> Self {
        let (head, body) = answer.into_parts();
        let text = |name| {
            let value = head.headers.get(name)?;
            Some(String::from_utf8_lossy(value.as_bytes()).trim().to_owned())
        };
        let kept = head
            .headers
            .iter()
            .filter(|(name, _)| KEPT.contains(&name.as_str()));
        let kept = kept.take(KEPT_MAX).map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes());
            let value: String = value.trim().chars().take(VALUE_LETTERS_MAX).collect();
            (name.as_str().to_owned(), value)
        });
        Self {
            status: head.status.as_u16(),
            headers: kept.collect(),
            location: text(LOCATION),
            retry_after: text(RETRY_AFTER).map(|it| RetryAfter(it.parse().ok())),
            encoding: text(CONTENT_ENCODING).unwrap_or_default(),
            body,
        }
    }

    pub(super) fn length(&self) -> Option<u64> {
        self.body.content_length()
    }

    pub(super) fn into_reader(self) -> impl Read {
        self.body.into_reader()
    }
}

/// Makes requests. Connections are shared by all threads.
pub(super) struct Client {
    agent: Agent,
}

impl Client {
    pub(super) fn new(options: &FetchOptions) -> Self {
        let config = Agent::config_builder()
            .tls_config(remote::tls_config())
            .user_agent(options.user_agent())
            .http_status_as_error(false)
            // A proxy would look names up itself, and nobody could check what it connects to.
            .proxy(None)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .max_response_header_size(HEAD_BYTES_MAX)
            .max_idle_connections(options.connections)
            .max_idle_connections_per_host(options.per_host)
            .timeout_global(Some(options.timeout))
            .timeout_connect(Some(CONNECT.min(options.timeout)))
            .timeout_per_read(Some(SILENCE.min(options.timeout)))
            .build();
        let resolver = Public {
            names: DefaultResolver::default(),
            allowed: options.private.clone(),
        };
        Self {
            agent: Agent::with_parts(config, DefaultConnector::default(), resolver),
        }
    }

    /// Ends all connections, those that somebody waits for, too. Nothing is asked after it.
    pub(super) fn interrupt(&self) {
        self.agent.clone().shutdown();
    }

    /// Asks for an address and waits for the head of the answer. Follows no redirect.
    pub(super) fn get(&self, target: &Target) -> Result<Answer, Silence> {
        let request = Request::get(target.as_str())
            .header(ACCEPT, "*/*")
            // As it is: what was fetched is what has a digest.
            .header(ACCEPT_ENCODING, "identity")
            .body(());
        let request = request.map_err(|error| Silence::BadAddress(error.to_string()))?;
        let answer = self.agent.run(request).map_err(|error| silence(&error))?;
        Ok(Answer::new(answer))
    }
}

fn silence(error: &ureq::Error) -> Silence {
    let words = words(error);
    match error {
        ureq::Error::Timeout(_) => Silence::TimedOut(words),
        ureq::Error::HostNotFound => Silence::HostNotFound,
        ureq::Error::BadUri(_) | ureq::Error::Http(_) => Silence::BadAddress(words),
        ureq::Error::Protocol(_) | ureq::Error::LargeResponseHeader(..) => Silence::Garbled(words),
        ureq::Error::Io(error) => match not_public(error) {
            Some(refused) => Silence::NotPublic(refused.to_string()),
            None if error.kind() == io::ErrorKind::TimedOut => Silence::TimedOut(words),
            None => Silence::NoConnection(words),
        },
        _ => Silence::NoConnection(words),
    }
}

/// An error on one line, not too long.
fn words(error: &dyn fmt::Display) -> String {
    let words = error.to_string();
    let words: Vec<&str> = words.split_whitespace().collect();
    words.join(" ").chars().take(200).collect()
}

/// Whether the body of an answer ended because time was up.
pub(super) fn is_timeout(error: &io::Error) -> bool {
    let inner = error.get_ref().and_then(|it| it.downcast_ref());
    matches!(inner, Some(ureq::Error::Timeout(_))) || error.kind() == io::ErrorKind::TimedOut
}

/// Looks names up and lets nothing pass that is not public: the connection is made to the very
/// addresses that were looked at here, so a name that means another address a moment later is of no
/// use to anybody.
#[derive(Debug)]
struct Public {
    names: DefaultResolver,
    /// Let through although they are not public.
    allowed: Vec<SocketAddr>,
}

impl Resolver for Public {
    fn resolve(
        &self,
        uri: &Uri,
        config: &ureq::config::Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = self.names.resolve(uri, config, timeout);
        let found = found.map_err(|error| match error {
            ureq::Error::Timeout(_) => error,
            // The library that looks names up says it in words of the system.
            _ => ureq::Error::HostNotFound,
        })?;
        for address in found.iter() {
            if self.allowed.contains(address) {
                continue;
            }
            if let Some(what) = special(address.ip()) {
                let refused = NotPublic {
                    address: address.ip(),
                    what,
                };
                return Err(io::Error::new(io::ErrorKind::PermissionDenied, refused).into());
            }
        }
        Ok(found)
    }
}

/// An address that is not connected to.
#[derive(Debug, thiserror::Error)]
#[error("{address} is {what}")]
struct NotPublic {
    address: IpAddr,
    what: &'static str,
}

fn not_public(error: &io::Error) -> Option<&NotPublic> {
    error.get_ref()?.downcast_ref()
}
