//! Requests over HTTP, one after the other on threads that may wait.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http_body_util::BodyExt;
use object_store::ClientOptions;
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpResponse, HttpService,
};
use rustls::crypto::ring;
use ureq::config::RedirectAuthHeaders;
use ureq::http::header::{AUTHORIZATION, HeaderValue, RANGE, RETRY_AFTER};
use ureq::http::{Method, Request, Response, StatusCode};
use ureq::tls::{Certificate, RootCerts, TlsConfig, TlsProvider};
use ureq::{Agent, Body};

/// Time for a connection, with its TLS.
const CONNECT: Duration = Duration::from_secs(10);
/// The same for what hands out credentials beside a machine, which answers at once where it is.
const CONNECT_BESIDE: Duration = Duration::from_secs(1);
/// Time for the head of an answer.
const ANSWER: Duration = Duration::from_mins(1);
/// Time in which something of a body has to come.
const SILENCE: Duration = Duration::from_secs(30);
/// Time for the body of an answer: a block at 35 KB a second.
const BODY: Duration = Duration::from_mins(2);
/// Times that an answer may send elsewhere.
const MOST_REDIRECTS: u32 = 5;
/// Longest list or message that is read, in bytes.
const LONGEST_ANSWER: u64 = 64 << 20;
/// Longest text of an error, in bytes.
const LONGEST_ERROR: u64 = 16 << 10;
/// The longest wait that a server may ask for.
const LONGEST_WAIT: u64 = 60;
/// Where machines of the clouds ask for credentials.
const BESIDE: [&str; 3] = [
    "169.254.169.254",
    "169.254.170.2",
    "metadata.google.internal",
];

/// How connections are encrypted: with the certificates of the system.
pub(crate) fn tls_config() -> TlsConfig {
    // What cannot be loaded leaves fewer authorities, and then refused connections.
    let found = rustls_native_certs::load_native_certs().certs;
    let certificates: Vec<Certificate<'static>> = found
        .iter()
        .map(|certificate| Certificate::from_der(certificate).to_owned())
        .collect();
    TlsConfig::builder()
        .provider(TlsProvider::Rustls)
        .root_certs(RootCerts::new_with_certs(&certificates))
        .unversioned_rustls_crypto_provider(Arc::new(ring::default_provider()))
        .build()
}

/// Makes requests. Connections are shared by all copies.
#[derive(Clone, Debug)]
pub(super) struct Transport {
    agent: Agent,
    /// What is sent with every request, to the host that was asked and no other.
    authorization: Option<HeaderValue>,
}

impl Transport {
    pub(super) fn new(user_agent: &str) -> Self {
        let config = Agent::config_builder()
            .tls_config(tls_config())
            .user_agent(user_agent)
            .http_status_as_error(false)
            .max_redirects(MOST_REDIRECTS)
            .redirect_auth_headers(RedirectAuthHeaders::SameHost)
            .max_idle_connections_per_host(8)
            .timeout_connect(Some(CONNECT))
            .timeout_recv_response(Some(ANSWER))
            .timeout_per_read(Some(SILENCE))
            .timeout_recv_body(Some(BODY))
            .build();
        Self {
            agent: config.new_agent(),
            authorization: None,
        }
    }

    /// The same with a token.
    pub(super) fn with_token(&self, token: &str) -> Self {
        let value = HeaderValue::from_str(&format!("Bearer {token}")).ok();
        Self {
            agent: self.agent.clone(),
            authorization: value.map(|mut value| {
                value.set_sensitive(true);
                value
            }),
        }
    }

    /// Asks for an address. Waits for the answer.
    pub(super) fn get(&self, url: &str) -> Result<Response<Bytes>, HttpError> {
        let request = Request::get(url).body(Bytes::new());
        self.exchange(request.map_err(|error| HttpError::new(HttpErrorKind::Decode, error))?)
    }

    fn exchange(&self, mut request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        if let Some(authorization) = &self.authorization {
            let headers = request.headers_mut();
            headers.insert(AUTHORIZATION, authorization.clone());
        }
        let wanted = request.headers().get(RANGE).and_then(range_bytes);
        let has_body = *request.method() != Method::HEAD;
        let is_beside = request.uri().host().is_some_and(|it| BESIDE.contains(&it));
        let connect = if is_beside { CONNECT_BESIDE } else { CONNECT };
        let answer = if request.body().is_empty() {
            self.run(request.map(drop), connect)
        } else {
            self.run(request.map(|body| body.to_vec()), connect)
        };
        let (head, mut body) = answer
            .map_err(|error| failed(&error, error_kind(&error)))?
            .into_parts();
        let most = match (head.status, wanted) {
            // The whole file in place of a part of it: it is refused by its status.
            (StatusCode::OK, Some(_)) => 0,
            (StatusCode::PARTIAL_CONTENT, Some(wanted)) => wanted,
            (status, _) if status.is_success() => LONGEST_ANSWER,
            _ => LONGEST_ERROR,
        };
        if most == 0 || !has_body {
            return Ok(Response::from_parts(head, Bytes::new()));
        }
        let read = body.with_config().limit(most).read_to_vec();
        let bytes = match read {
            Ok(bytes) => Bytes::from(bytes),
            // The status says enough.
            Err(_) if !head.status.is_success() => Bytes::new(),
            Err(error) => return Err(failed(&error, error_kind(&error))),
        };
        Ok(Response::from_parts(head, bytes))
    }

    fn run(
        &self,
        request: Request<impl ureq::AsSendBody>,
        connect: Duration,
    ) -> Result<Response<Body>, ureq::Error> {
        let request = self.agent.configure_request(request);
        self.agent
            .run(request.timeout_connect(Some(connect)).build())
    }
}

/// How many bytes a request asks for, written `bytes=0-9`.
fn range_bytes(value: &HeaderValue) -> Option<u64> {
    let (first, last) = value
        .to_str()
        .ok()?
        .strip_prefix("bytes=")?
        .split_once('-')?;
    let (first, last): (u64, u64) = (first.parse().ok()?, last.parse().ok()?);
    last.checked_sub(first)?.checked_add(1)
}

/// What became of a request, as far as it matters for making it again.
fn error_kind(error: &ureq::Error) -> HttpErrorKind {
    match error {
        ureq::Error::Timeout(_) | ureq::Error::BodyStalled => HttpErrorKind::Timeout,
        ureq::Error::ConnectionFailed | ureq::Error::HostNotFound => HttpErrorKind::Connect,
        ureq::Error::Io(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
            HttpErrorKind::Connect
        }
        // Connections that were cut, and answers that were.
        ureq::Error::Io(_) | ureq::Error::Protocol(_) => HttpErrorKind::Interrupted,
        ureq::Error::BodyExceedsLimit(_) => HttpErrorKind::Decode,
        _ => HttpErrorKind::Unknown,
    }
}

#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Failed(String);

fn failed(error: &ureq::Error, kind: HttpErrorKind) -> HttpError {
    // An address in it may hold a signature.
    let detail = match error {
        ureq::Error::BadUri(_) | ureq::Error::RequireHttpsOnly(_) => {
            "not a usable address".to_owned()
        }
        error => error.to_string(),
    };
    HttpError::new(kind, Failed(detail))
}

/// How long a server that is busy wants to be left alone (RFC 9110, section 10.2.3): a number of
/// seconds.
fn asked_wait<T>(answer: &Response<T>) -> Option<Duration> {
    let is_busy = matches!(
        answer.status(),
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS
    );
    let seconds = answer.headers().get(RETRY_AFTER)?.to_str().ok()?;
    let seconds: u64 = seconds.trim().parse().ok()?;
    is_busy.then(|| Duration::from_secs(seconds.min(LONGEST_WAIT)))
}

#[async_trait]
impl HttpService for Transport {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let (head, body) = request.into_parts();
        let request = Request::from_parts(head, body.collect().await?.to_bytes());
        let transport = self.clone();
        let answer = tokio::task::spawn_blocking(move || transport.exchange(request)).await;
        let answer = answer.map_err(|error| HttpError::new(HttpErrorKind::Unknown, error))??;
        if let Some(wait) = asked_wait(&answer) {
            tokio::time::sleep(wait).await;
        }
        Ok(answer.map(Into::into))
    }
}

/// Gives stores the one transport, whatever they would set up themselves.
#[derive(Clone, Debug)]
pub(super) struct Connector(pub(super) Transport);

impl HttpConnector for Connector {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(HttpClient::new(self.0.clone()))
    }
}
