//! WARC files (ISO 28500:2017; WARC 1.0 and 1.1): what a crawler was answered, record by record.
//!
//! A record is read only as far as somebody asks for it; memory follows the part that is kept, not the
//! file. Compressed files hold one gzip member a record, or one for all of them.

use std::io::{self, BufRead, Read};

use flate2::bufread::{DeflateDecoder, GzDecoder};

mod http;
#[cfg(test)]
mod tests;

pub use http::HttpHead;
use http::{head_end, unchunked};

/// Longest head of a record or of an answer, in bytes.
const HEAD_BYTES_MAX: usize = 256 << 10;
/// Most of a body that is kept, in bytes.
const BODY_BYTES_MAX: usize = 8 << 20;
/// Fields of one head.
pub(crate) const FIELDS_MAX: usize = 2000;

/// A record of a WARC file that holds an answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WarcRecord {
    /// Which record of the file it is, from 1.
    pub number: u64,
    /// `response`, `resource` or `revisit`.
    pub kind: String,
    /// The address that was asked.
    pub target: String,
    /// When, as written: `2026-01-31T12:00:00Z`.
    pub date: String,
    /// The head of the answer; none for a `resource`.
    pub http: Option<HttpHead>,
    /// The body, its encodings taken off, where it was asked for; at most 8 MiB.
    pub body: Vec<u8>,
    /// Why the body is not there or not whole, if so.
    pub trouble: Option<String>,
}

/// Reads the records of a WARC file that is not compressed.
pub struct WarcReader<R> {
    input: R,
    number: u64,
}

impl<R: BufRead> WarcReader<R> {
    /// Reads records from `input`.
    pub fn new(input: R) -> Self {
        Self { input, number: 0 }
    }

    /// The next record that holds an answer; others are passed over. `wants` is asked with the target
    /// and the head of the answer whether the body is needed.
    ///
    /// # Errors
    ///
    /// What is wrong with the file, after which nothing more can be read of it.
    pub fn next_record(
        &mut self,
        wants: impl Fn(&str, Option<&HttpHead>) -> bool,
    ) -> Result<Option<WarcRecord>, String> {
        loop {
            let Some(fields) = self.record_head()? else {
                return Ok(None);
            };
            self.number += 1;
            let field = |name: &str| {
                let found = fields
                    .iter()
                    .find(|(known, _)| known.eq_ignore_ascii_case(name));
                found.map(|(_, value)| value.as_str())
            };
            let length: u64 = field("Content-Length")
                .and_then(|length| length.parse().ok())
                .ok_or_else(|| self.fault("without a length"))?;
            let kind = field("WARC-Type").unwrap_or_default().to_ascii_lowercase();
            let is_answer = matches!(kind.as_str(), "response" | "resource" | "revisit");
            let is_http = field("Content-Type").unwrap_or_default().contains("http");
            if !is_answer {
                self.skip(length)?;
                continue;
            }
            let target = field("WARC-Target-URI").unwrap_or_default();
            let mut record = WarcRecord {
                number: self.number,
                kind,
                target: target.trim_matches(['<', '>']).to_owned(),
                date: field("WARC-Date").unwrap_or_default().to_owned(),
                ..WarcRecord::default()
            };
            self.answer(length, is_http, &mut record, &wants)?;
            return Ok(Some(record));
        }
    }

    fn fault(&self, detail: &str) -> String {
        format!("record {}: {detail}", self.number)
    }

    /// The fields of the next record's head; `None` at the end of the file.
    fn record_head(&mut self) -> Result<Option<Vec<(String, String)>>, String> {
        let mut line = Vec::new();
        loop {
            line.clear();
            let read = self.line(&mut line)?;
            if read == 0 {
                return Ok(None);
            }
            if !line.trim_ascii().is_empty() {
                break;
            }
        }
        if !line.starts_with(b"WARC/") {
            return Err(format!(
                "behind record {}: no WARC record begins here",
                self.number
            ));
        }
        let mut fields: Vec<(String, String)> = Vec::new();
        let mut bytes = 0;
        loop {
            line.clear();
            let read = self.line(&mut line)?;
            bytes += read;
            if read == 0 || bytes > HEAD_BYTES_MAX || fields.len() > FIELDS_MAX {
                return Err(self.fault("the head behind it has no end"));
            }
            let text = String::from_utf8_lossy(line.trim_ascii_end());
            if text.is_empty() {
                return Ok(Some(fields));
            }
            if let Some((name, value)) = text.split_once(':') {
                fields.push((name.trim().to_owned(), value.trim().to_owned()));
            }
        }
    }

    fn line(&mut self, line: &mut Vec<u8>) -> Result<usize, String> {
        let mut part = self.input.by_ref().take(HEAD_BYTES_MAX as u64);
        let read = part.read_until(b'\n', line);
        read.map_err(|error| self.fault(&error.to_string()))
    }

    fn skip(&mut self, length: u64) -> Result<(), String> {
        let mut rest = self.input.by_ref().take(length);
        let skipped = io::copy(&mut rest, &mut io::sink());
        match skipped {
            Ok(skipped) if skipped == length => Ok(()),
            Ok(_) => Err(self.fault("it ends too early")),
            Err(error) => Err(self.fault(&error.to_string())),
        }
    }

    /// Reads what a record of an answer holds.
    fn answer(
        &mut self,
        length: u64,
        is_http: bool,
        record: &mut WarcRecord,
        wants: impl Fn(&str, Option<&HttpHead>) -> bool,
    ) -> Result<(), String> {
        let mut start = Vec::new();
        let mut taken = 0_u64;
        let most = (HEAD_BYTES_MAX as u64).min(length);
        if is_http {
            while taken < most && head_end(&start).is_none() {
                let step = (most - taken).min(8 << 10);
                let read = self.read(step, &mut start)?;
                taken += read;
            }
            if let Some(end) = head_end(&start) {
                record.http = HttpHead::parse(&start[..end]);
                start.drain(..end);
            }
            if record.http.is_none() {
                record.trouble = Some("no head of an HTTP answer".to_owned());
                return self.skip(length - taken);
            }
        }
        if !wants(&record.target, record.http.as_ref()) {
            return self.skip(length - taken);
        }
        let room = (BODY_BYTES_MAX - start.len().min(BODY_BYTES_MAX)) as u64;
        let wanted = (length - taken).min(room);
        taken += self.read(wanted, &mut start)?;
        if taken < length {
            record.trouble = Some(format!("only {BODY_BYTES_MAX} bytes of it are read"));
        }
        self.skip(length - taken)?;
        match decoded(start, record.http.as_ref()) {
            Ok(body) => record.body = body,
            Err(detail) => record.trouble = Some(detail),
        }
        Ok(())
    }

    fn read(&mut self, bytes: u64, into: &mut Vec<u8>) -> Result<u64, String> {
        let read = self.input.by_ref().take(bytes).read_to_end(into);
        match read {
            Ok(read) if read as u64 == bytes => Ok(bytes),
            Ok(_) => Err(self.fault("it ends too early")),
            Err(error) => Err(self.fault(&error.to_string())),
        }
    }
}

/// A body without the encodings that its head names.
fn decoded(body: Vec<u8>, http: Option<&HttpHead>) -> Result<Vec<u8>, String> {
    let Some(http) = http else { return Ok(body) };
    let is_chunked = http
        .field("transfer-encoding")
        .is_some_and(|it| it.to_ascii_lowercase().contains("chunked"));
    // Crawlers keep the field and often store the body without its chunks.
    let body = match unchunked(&body).filter(|_| is_chunked) {
        Some(whole) => whole,
        None => body,
    };
    let encoding = http.field("content-encoding").unwrap_or_default();
    let unpack = |packed: &mut dyn Read| {
        let mut plain = Vec::new();
        let most = BODY_BYTES_MAX as u64 + 1;
        match packed.take(most).read_to_end(&mut plain) {
            Ok(_) if plain.len() > BODY_BYTES_MAX => {
                Err(format!("it unpacks to more than {BODY_BYTES_MAX} bytes"))
            }
            Ok(_) => Ok(plain),
            Err(error) => Err(format!("it cannot be unpacked: {error}")),
        }
    };
    match encoding.trim().to_ascii_lowercase().as_str() {
        "" | "identity" => Ok(body),
        // Some crawlers unpack and keep the field.
        "gzip" | "x-gzip" if !body.starts_with(&[0x1f, 0x8b]) => Ok(body),
        "gzip" | "x-gzip" => unpack(&mut GzDecoder::new(&body[..])),
        "deflate" => unpack(&mut DeflateDecoder::new(&body[..])),
        _ => Err("it is in an encoding that is not read".to_owned()),
    }
}
