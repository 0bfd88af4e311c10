//! Where XHTML and HTML read differently.

use std::borrow::Cow;

/// Elements whose inside a reader of HTML does not take for prose.
const HIDING: [&str; 9] = [
    "script", "style", "title", "template", "noscript", "iframe", "noembed", "noframes", "textarea",
];

/// The page without `<title/>`, `<script src="x"/>` and their like.
///
/// XHTML ends an element there; HTML (WHATWG, section 13.2.5.40) ignores the slash, and would
/// take the rest of the page for the inside of a script.
pub(super) fn without_empty_elements(page: &str) -> Cow<'_, str> {
    let mut kept = String::new();
    let mut from = 0;
    let mut at = 0;
    while let Some(found) = page[at..].find('<') {
        let start = at + found;
        at = start + 1;
        if !opens_hiding(&page[at..]) {
            continue;
        }
        let Some(len) = tag_len(&page[start..]) else {
            break;
        };
        at = start + len;
        if page[..at].ends_with("/>") {
            kept.push_str(&page[from..start]);
            from = at;
        }
    }
    if from == 0 {
        return Cow::Borrowed(page);
    }
    kept.push_str(&page[from..]);
    Cow::Owned(kept)
}

/// Whether one of [`HIDING`] follows, as a whole word.
fn opens_hiding(text: &str) -> bool {
    HIDING.iter().any(|name| {
        text.get(..name.len())
            .is_some_and(|word| word.eq_ignore_ascii_case(name))
            && text[name.len()..]
                .starts_with(|next: char| matches!(next, '/' | '>') || next.is_whitespace())
    })
}

/// Length in bytes of the tag that `text` opens with; quotes may hold its end.
fn tag_len(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate() {
        match (byte, quote) {
            (b'>', None) => return Some(at + 1),
            (b'"' | b'\'', None) => quote = Some(byte),
            (_, Some(open)) if open == byte => quote = None,
            _ => {}
        }
    }
    None
}
