//! Bytes without a signature that read as text, and which kind of text.

use serde::de::IgnoredAny;

use crate::Format;
use crate::subtitles::{is_sub_rip, is_web_vtt};
use crate::text::encoding;

/// Tags that open a hypertext, from the WHATWG MIME Sniffing Standard, section 7.1.
const OPENING_TAGS: [&str; 17] = [
    "<!doctype html",
    "<html",
    "<head",
    "<script",
    "<iframe",
    "<h1",
    "<div",
    "<font",
    "<table",
    "<a",
    "<style",
    "<title",
    "<b",
    "<body",
    "<br",
    "<p",
    "<meta",
];

/// The kind of text `head` is, if it is text at all.
pub(super) fn of(head: &[u8], is_cut: bool, named: Option<Format>) -> Option<Format> {
    let named = named.filter(|it| {
        matches!(
            it,
            Format::Html
                | Format::Markdown
                | Format::PlainText
                | Format::Subtitles
                | Format::JsonLines
        )
    });
    let guess = encoding::detect(head, is_cut)?;
    if !guess.is_certain && named.is_none() {
        return None;
    }
    let text = encoding::decode(head, guess.encoding, is_cut);
    let text = text.trim_start();
    if is_hypertext(text) {
        return Some(Format::Html);
    }
    if is_web_vtt(text) || is_sub_rip(text) {
        return Some(Format::Subtitles);
    }
    Some(named.unwrap_or_else(|| {
        if is_json_lines(text, is_cut) {
            Format::JsonLines
        } else {
            Format::PlainText
        }
    }))
}

fn is_hypertext(text: &str) -> bool {
    let mut rest = text;
    // Comments and XML declarations may stand before the first tag.
    loop {
        let end = match rest {
            _ if rest.starts_with("<!--") => "-->",
            _ if rest.starts_with("<?") => "?>",
            _ => break,
        };
        let Some((_, behind)) = rest.split_once(end) else {
            return false;
        };
        rest = behind.trim_start();
    }
    OPENING_TAGS.iter().any(|tag| {
        rest.get(..tag.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(tag))
            && rest[tag.len()..].starts_with(|next: char| next == '>' || next.is_whitespace())
    })
}

/// At least two lines, each of the first few a JSON object of its own.
fn is_json_lines(text: &str, is_cut: bool) -> bool {
    let mut lines: Vec<&str> = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    if is_cut && lines.len() > 1 {
        lines.pop();
    }
    let is_object = |line: &&str| {
        line.trim_start().starts_with('{') && serde_json::from_str::<IgnoredAny>(line).is_ok()
    };
    lines.len() > 1 && lines.iter().take(8).all(is_object)
}
