//! HTML: `meta` elements of `TDMRep` at the beginning of the head (W3C Community Group report,
//! section on HTML).

use clearance_decode::{Depth, Format, read_metadata};
use quick_xml::escape::escape;

use super::Task;
use crate::Existing;
use crate::edits::Edits;
use crate::error::{Error, Result};

pub(super) fn edits(bytes: &[u8], task: Task<'_>) -> Result<Edits> {
    let statement = task.statement;
    if !statement.has_tdmrep() {
        return Err(only_tdmrep("HTML"));
    }
    if bytes.iter().take(64).any(|&byte| byte == 0) {
        return Err(Error::unsupported("HTML in UTF-16; save it in UTF-8"));
    }
    let mut wanted = vec![("tdm-reservation", "1")];
    wanted.extend(
        statement
            .policy_url
            .as_ref()
            .map(|url| ("tdm-policy", url.as_str())),
    );
    let known = read_metadata(bytes, Format::Html, Depth::Declarations, None);
    let mut meta = String::new();
    for (name, value) in wanted {
        let found = known.signs.iter().filter(|sign| sign.name == name);
        let found: Vec<&str> = found.map(|sign| sign.value.trim()).collect();
        if let Some(other) = found.iter().find(|it| **it != value) {
            if task.existing == Existing::Replace {
                return Err(Error::unsupported(format!(
                    "a page with a meta element {name} that says {other:?}; change it in the page"
                )));
            }
            return Err(Error::contradicts(name, other));
        }
        if found.is_empty() {
            let value = escape(value);
            let element = format!("<meta name=\"{name}\" content=\"{value}\">");
            meta.push_str(&element);
        }
    }
    let mut edits = Edits::default();
    if !meta.is_empty() {
        edits.insert(head(bytes)?, meta.into_bytes());
    }
    Ok(edits)
}

pub(super) fn only_tdmrep(format: &str) -> Error {
    Error::Inexpressible(format!(
        "{format} knows TDMRep alone, which reserves mining, train and train-generative together; \
         reserve tdm or all"
    ))
}

/// Where the head begins: behind its tag, or where something stands that is not before a head
/// (HTML Living Standard, sections 13.2.6.4.1 to 13.2.6.4.4).
fn head(bytes: &[u8]) -> Result<usize> {
    let mut at = if bytes.starts_with(b"\xef\xbb\xbf") {
        3
    } else {
        0
    };
    loop {
        let rest = bytes.get(at..).unwrap_or_default();
        let blanks = rest
            .iter()
            .take_while(|it| it.is_ascii_whitespace())
            .count();
        let rest = &rest[blanks..];
        if rest.starts_with(b"<!--") {
            let end = memchr::memmem::find(rest, b"-->").ok_or_else(open_tag)?;
            at += blanks + end + 3;
        } else if rest.starts_with(b"<!") || rest.starts_with(b"<?") {
            at += blanks + memchr::memchr(b'>', rest).ok_or_else(open_tag)? + 1;
        } else if is_tag(rest, "html") {
            at += blanks + tag_bytes(rest)?;
        } else if is_tag(rest, "head") {
            return Ok(at + blanks + tag_bytes(rest)?);
        } else {
            return Ok(at + blanks);
        }
    }
}

fn open_tag() -> Error {
    Error::damaged("a tag before the head of the page has no end")
}

fn is_tag(bytes: &[u8], name: &str) -> bool {
    let Some((found, rest)) = bytes
        .strip_prefix(b"<")
        .and_then(|it| it.split_at_checked(name.len()))
    else {
        return false;
    };
    let ends = rest
        .first()
        .is_some_and(|it| it.is_ascii_whitespace() || *it == b'>');
    ends && found.eq_ignore_ascii_case(name.as_bytes())
}

/// Where in a tag a byte stands (HTML Living Standard, sections 13.2.5.32 to 13.2.5.39).
#[derive(Clone, Copy)]
enum InTag {
    /// In a name, or between attributes: a quote is a letter there.
    Names,
    /// Behind the equals sign.
    BeforeValue,
    Quoted(u8),
    Unquoted,
}

/// How long a tag is, values in quotes considered.
fn tag_bytes(bytes: &[u8]) -> Result<usize> {
    let mut state = InTag::Names;
    for (at, &byte) in bytes.iter().enumerate() {
        state = match (state, byte) {
            (InTag::Quoted(open), _) if open == byte => InTag::Names,
            (InTag::Quoted(open), _) => InTag::Quoted(open),
            (_, b'>') => return Ok(at + 1),
            (InTag::BeforeValue, b'"' | b'\'') => InTag::Quoted(byte),
            (InTag::BeforeValue, _) if byte.is_ascii_whitespace() => InTag::BeforeValue,
            (InTag::BeforeValue, _) => InTag::Unquoted,
            (InTag::Unquoted, _) if !byte.is_ascii_whitespace() => InTag::Unquoted,
            (InTag::Names, b'=') => InTag::BeforeValue,
            _ => InTag::Names,
        };
    }
    Err(open_tag())
}
