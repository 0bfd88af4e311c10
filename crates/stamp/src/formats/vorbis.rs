//! Vorbis comments (Xiph.org, Ogg Vorbis I format specification: comment field and header
//! specification), as FLAC, Vorbis and Opus have them.

use super::Task;
use crate::bytes::{le_u32, length_u32, part};
use crate::error::{Error, Result};

/// Comments of one file.
const COMMENTS_MAX: usize = 1 << 16;

/// The comments with the statement in them, and how many of the bytes they take of `bytes`; no
/// comments when they say it already. What stands behind is the caller's.
pub(super) fn stated(bytes: &[u8], task: Task<'_>) -> Result<(Option<Vec<u8>>, usize)> {
    let vendor = part(bytes, 4, le_u32(bytes, 0)?)?;
    let mut at = 4 + vendor.len();
    let count = le_u32(bytes, at)?;
    at += 4;
    if count > COMMENTS_MAX {
        return Err(Error::Limit(format!("more than {COMMENTS_MAX} comments")));
    }
    let mut comments: Vec<Vec<u8>> = Vec::new();
    for _ in 0..count {
        let comment = part(bytes, at + 4, le_u32(bytes, at)?)?;
        at += 4 + comment.len();
        comments.push(comment.to_vec());
    }
    if !state(&mut comments, task)? {
        return Ok((None, at));
    }
    let mut new = length_u32(vendor.len())?.to_le_bytes().to_vec();
    new.extend_from_slice(vendor);
    new.extend_from_slice(&length_u32(comments.len())?.to_le_bytes());
    for comment in comments {
        new.extend_from_slice(&length_u32(comment.len())?.to_le_bytes());
        new.extend_from_slice(&comment);
    }
    Ok((Some(new), at))
}

/// Adds what the statement says; false when the comments say it already.
fn state(comments: &mut Vec<Vec<u8>>, task: Task<'_>) -> Result<bool> {
    let mut is_changed = false;
    let old = values(comments, "XMP").next();
    if let Some(new) = task.xmp(old)? {
        set(comments, "XMP", &new);
        is_changed = true;
    }
    if let Some(line) = &task.statement.copyright {
        let found: Vec<String> = values(comments, "COPYRIGHT").map(text).collect();
        if task.writes("COPYRIGHT", &found, line)? {
            set(comments, "COPYRIGHT", line.as_bytes());
            is_changed = true;
        }
    }
    // A license that is there says who may use it; the statement is added where none is.
    if values(comments, "LICENSE").next().is_none() {
        set(comments, "LICENSE", task.statement.sentence().as_bytes());
        is_changed = true;
    }
    Ok(is_changed)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn value<'c>(comment: &'c [u8], name: &str) -> Option<&'c [u8]> {
    let (found, rest) = comment.split_at_checked(name.len())?;
    let value = rest.strip_prefix(b"=")?;
    found.eq_ignore_ascii_case(name.as_bytes()).then_some(value)
}

fn values<'c>(comments: &'c [Vec<u8>], name: &str) -> impl Iterator<Item = &'c [u8]> {
    comments.iter().filter_map(move |it| value(it, name))
}

/// Puts a comment in the place of all of its name.
fn set(comments: &mut Vec<Vec<u8>>, name: &str, new: &[u8]) {
    comments.retain(|it| value(it, name).is_none());
    comments.push([name.as_bytes(), b"=", new].concat());
}
