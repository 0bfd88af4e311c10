//! A small server on loopback that answers as an object store or the web does, and that fails on demand.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What goes wrong with an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// A status and nothing else.
    Status(u16),
    /// 503, and come back after so many seconds.
    Busy(u64),
    /// The connection is cut in the middle of the body.
    Cut,
    /// The connection is cut before anything was said.
    Silence,
    /// Half of the body, and a length that says it was all.
    Half,
    /// The body comes in small pieces with pauses.
    Slow,
    /// The whole file with 200, whatever part of it was asked for.
    Whole,
    /// A part of another version of the file.
    Changed,
    /// No HTTP.
    Garbled,
}

/// A request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) method: String,
    /// With what follows a question mark.
    pub(crate) path: String,
    pub(crate) headers: BTreeMap<String, String>,
}

impl Asked {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    fn bare(&self) -> String {
        decoded(self.path.split('?').next().unwrap())
    }
}

/// Which fault an answer has: of the request and how many came before it.
type Faults = Box<dyn Fn(&Asked, usize) -> Option<Fault> + Send>;

/// Headers: names and values.
type Headers = Vec<(String, String)>;

struct Shared {
    /// Bodies by path, and headers that they are sent with.
    files: BTreeMap<String, (Vec<u8>, Headers)>,
    /// Where else a path sends to.
    elsewhere: BTreeMap<String, String>,
    faults: Faults,
    asked: Vec<Asked>,
}

pub(crate) struct Server {
    pub(crate) port: u16,
    scheme: &'static str,
    shared: Arc<Mutex<Shared>>,
}

impl Server {
    pub(crate) fn new() -> Self {
        Self::listening("http", Some)
    }

    /// A server that hands each connection to `wrap` first; it gives nothing where it wants none.
    pub(crate) fn listening<S: Read + Write>(
        scheme: &'static str,
        wrap: impl Fn(TcpStream) -> Option<S> + Clone + Send + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared = Arc::new(Mutex::new(Shared {
            files: BTreeMap::new(),
            elsewhere: BTreeMap::new(),
            faults: Box::new(|_, _| None),
            asked: Vec::new(),
        }));
        let served = Arc::clone(&shared);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (shared, wrap) = (Arc::clone(&served), wrap.clone());
                // A client that is gone is its own business.
                std::thread::spawn(move || answer(wrap(stream)?, &shared).ok());
            }
        });
        Self {
            port,
            scheme,
            shared,
        }
    }

    pub(crate) fn address(&self, path: &str) -> String {
        format!("{}://127.0.0.1:{}{path}", self.scheme, self.port)
    }

    pub(crate) fn put(&self, path: &str, bytes: impl Into<Vec<u8>>) {
        self.put_with(path, bytes, &[]);
    }

    pub(crate) fn put_with(&self, path: &str, bytes: impl Into<Vec<u8>>, headers: &[(&str, &str)]) {
        let headers = headers.iter();
        let headers = headers.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let file = (bytes.into(), headers.collect());
        self.shared
            .lock()
            .unwrap()
            .files
            .insert(decoded(path), file);
    }

    pub(crate) fn redirect(&self, path: &str, to: &str) {
        let mut shared = self.shared.lock().unwrap();
        shared.elsewhere.insert(decoded(path), to.to_owned());
    }

    pub(crate) fn fail(&self, faults: impl Fn(&Asked, usize) -> Option<Fault> + Send + 'static) {
        self.shared.lock().unwrap().faults = Box::new(faults);
    }

    /// All requests so far.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.shared.lock().unwrap().asked.clone()
    }
}

/// A path without percent-encoding; clients differ in what they encode.
fn decoded(path: &str) -> String {
    let mut parts = path.split('%');
    let mut bytes = parts.next().unwrap().as_bytes().to_vec();
    for part in parts {
        bytes.push(u8::from_str_radix(&part[..2], 16).unwrap());
        bytes.extend_from_slice(&part.as_bytes()[2..]);
    }
    String::from_utf8(bytes).unwrap()
}

fn request(reader: &mut impl BufRead) -> Option<Asked> {
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut words = line.split_whitespace();
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim().split_once(':') else {
            break;
        };
        headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let length = headers.get("content-length").and_then(|it| it.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body).ok()?;
    Some(Asked {
        method,
        path,
        headers,
    })
}

fn answer(stream: impl Read + Write, shared: &Mutex<Shared>) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    let Some(asked) = request(&mut reader) else {
        return Ok(());
    };
    // One request a connection: nothing that was read is lost.
    let mut out = reader.into_inner();
    let (file, elsewhere, fault, listed) = {
        let mut shared = shared.lock().unwrap();
        let before = shared.asked.len();
        shared.asked.push(asked.clone());
        (
            shared.files.get(&asked.bare()).cloned(),
            shared.elsewhere.get(&asked.bare()).cloned(),
            (shared.faults)(&asked, before),
            bucket_list(&shared, &asked),
        )
    };
    match fault {
        Some(Fault::Silence) => return Ok(()),
        Some(Fault::Garbled) => return out.write_all(b"\x00\x01 what is this\r\n\r\n"),
        Some(Fault::Status(status)) => return head(&mut out, status, 0, &[]),
        Some(Fault::Busy(seconds)) => {
            let wait = [("Retry-After".to_owned(), seconds.to_string())];
            return head(&mut out, 503, 0, &wait);
        }
        _ => {}
    }
    if let Some(to) = elsewhere {
        return head(&mut out, 302, 0, &[("Location".to_owned(), to)]);
    }
    if let Some(list) = listed {
        head(&mut out, 200, list.len(), &[])?;
        return out.write_all(list.as_bytes());
    }
    let Some((bytes, more)) = file else {
        return head(&mut out, 404, 0, &[]);
    };
    file_answer(&mut out, &asked, &bytes, more, fault)
}

fn file_answer(
    out: &mut impl Write,
    asked: &Asked,
    bytes: &[u8],
    mut headers: Headers,
    fault: Option<Fault>,
) -> std::io::Result<()> {
    let etag = match fault {
        Some(Fault::Changed) => "\"another\"".to_owned(),
        _ => format!("\"{:x}\"", crc(bytes)),
    };
    if !headers.iter().any(|(name, _)| name == "ETag") {
        headers.push(("ETag".to_owned(), etag.clone()));
    }
    headers.push((
        "Last-Modified".to_owned(),
        "Tue, 06 Jan 2026 10:00:00 GMT".to_owned(),
    ));
    let wanted = asked.header("if-match");
    if !wanted.is_empty() && wanted != etag {
        return head(out, 412, 0, &[]);
    }
    let range = asked.header("range").strip_prefix("bytes=");
    let range = range.filter(|_| fault != Some(Fault::Whole));
    let (status, body) = match range.and_then(|range| range.split_once('-')) {
        Some((first, last)) => {
            let first: usize = first.parse().unwrap();
            let last = last.parse().unwrap_or(usize::MAX).min(bytes.len() - 1);
            let part = format!("bytes {first}-{last}/{}", bytes.len());
            headers.push(("Content-Range".to_owned(), part));
            (206, &bytes[first..=last])
        }
        None => (200, bytes),
    };
    if asked.method == "HEAD" {
        return head(out, status, body.len(), &headers);
    }
    match fault {
        Some(Fault::Half) => {
            head(out, status, body.len() / 2, &headers)?;
            out.write_all(&body[..body.len() / 2])
        }
        Some(Fault::Cut) => {
            head(out, status, body.len(), &headers)?;
            out.write_all(&body[..body.len() / 2])
        }
        Some(Fault::Slow) => {
            head(out, status, body.len(), &headers)?;
            for piece in body.chunks(body.len().div_ceil(5).max(1)) {
                out.write_all(piece)?;
                out.flush()?;
                std::thread::sleep(Duration::from_millis(100));
            }
            Ok(())
        }
        _ => {
            head(out, status, body.len(), &headers)?;
            out.write_all(body)
        }
    }
}

fn head(
    out: &mut impl Write,
    status: u16,
    length: usize,
    headers: &[(String, String)],
) -> std::io::Result<()> {
    write!(out, "HTTP/1.1 {status} So\r\nConnection: close\r\n")?;
    write!(out, "Content-Length: {length}\r\n")?;
    for (name, value) in headers {
        write!(out, "{name}: {value}\r\n")?;
    }
    out.write_all(b"\r\n")
}

/// The keys of a bucket, two a page, as S3 lists them (`ListObjectsV2`).
fn bucket_list(shared: &Shared, asked: &Asked) -> Option<String> {
    let (path, query) = asked.path.split_once('?')?;
    let said: BTreeMap<&str, String> = query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (name, value.replace("%2F", "/")))
        .collect();
    said.get("list-type")?;
    let bucket = format!("{}/", path.trim_end_matches('/'));
    let prefix = said.get("prefix").cloned().unwrap_or_default();
    let after = said.get("continuation-token").cloned().unwrap_or_default();
    let keys = shared.files.iter().filter_map(|(path, (bytes, _))| {
        let key = path.strip_prefix(&bucket)?;
        (key.starts_with(&prefix) && *key > *after).then_some((key, bytes))
    });
    let keys: Vec<_> = keys.collect();
    let page = keys.iter().take(2).map(|(key, bytes)| {
        let (etag, size) = (crc(bytes), bytes.len());
        format!(
            "<Contents><Key>{key}</Key><LastModified>2026-01-06T10:00:00.000Z</LastModified><ETag>\"{etag:x}\"</ETag><Size>{size}</Size></Contents>"
        )
    });
    let page: String = page.collect();
    let more = match keys.get(1) {
        Some((last, _)) if keys.len() > 2 => format!(
            "<IsTruncated>true</IsTruncated><NextContinuationToken>{last}</NextContinuationToken>"
        ),
        _ => String::new(),
    };
    Some(format!(
        "<?xml version=\"1.0\"?><ListBucketResult>{page}{more}</ListBucketResult>"
    ))
}

/// Tells versions apart; nothing more is asked of it.
fn crc(bytes: &[u8]) -> u64 {
    bytes.iter().fold(bytes.len() as u64, |sum, byte| {
        sum.wrapping_mul(1_099_511_628_211)
            .wrapping_add(u64::from(*byte))
    })
}
