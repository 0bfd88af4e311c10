//! Heads of HTTP answers (RFC 9112), as crawlers store them.

use super::FIELDS_MAX;

/// Longest value of a field that is kept, in bytes.
const VALUE_BYTES_MAX: usize = 64 << 10;

/// The head of an HTTP answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HttpHead {
    /// Its status, such as 200.
    pub status: u16,
    /// Its fields, in their order, names as written.
    pub fields: Vec<(String, String)>,
}

impl HttpHead {
    /// Reads a head up to its empty line. `None` for what is none.
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let text = String::from_utf8_lossy(bytes);
        let mut lines = text.split('\n').map(|line| line.trim_end_matches('\r'));
        let first = lines.next()?;
        let rest = first.strip_prefix("HTTP/")?;
        let status = rest.split_whitespace().nth(1)?.parse().ok()?;
        let mut fields: Vec<(String, String)> = Vec::new();
        for line in lines.take(FIELDS_MAX) {
            let is_continued = line.starts_with([' ', '\t']);
            if let (true, Some((_, value))) = (is_continued, fields.last_mut()) {
                if value.len() + line.len() < VALUE_BYTES_MAX {
                    value.push(' ');
                    value.push_str(line.trim());
                }
                continue;
            }
            if let Some((name, value)) = line.split_once(':')
                && value.len() < VALUE_BYTES_MAX
            {
                fields.push((name.trim().to_owned(), value.trim().to_owned()));
            }
        }
        Some(Self { status, fields })
    }

    /// The first value of a field, by its name in any case.
    pub fn field(&self, name: &str) -> Option<&str> {
        let found = self
            .fields
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }
}

/// Where the body begins, behind the first empty line.
pub(super) fn head_end(bytes: &[u8]) -> Option<usize> {
    let crlf = memchr::memmem::find(bytes, b"\r\n\r\n").map(|at| at + 4);
    let lf = memchr::memmem::find(bytes, b"\n\n").map(|at| at + 2);
    crlf.into_iter().chain(lf).min()
}

/// A body without its chunks (RFC 9112, section 7.1); `None` for what has none.
pub(super) fn unchunked(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut whole = Vec::new();
    loop {
        let end = memchr::memchr(b'\n', rest)?;
        let line = std::str::from_utf8(rest.get(..end)?.trim_ascii()).ok()?;
        let digits = line.split(';').next()?.trim();
        let length = usize::from_str_radix(digits, 16).ok()?;
        rest = rest.get(end + 1..)?;
        if length == 0 {
            return Some(whole);
        }
        whole.extend_from_slice(rest.get(..length)?);
        rest = rest.get(length..)?;
        rest = rest.strip_prefix(b"\r").unwrap_or(rest);
        rest = rest.strip_prefix(b"\n")?;
    }
}
