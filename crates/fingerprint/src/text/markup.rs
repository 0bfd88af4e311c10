//! What stands in a text for its presentation: tags, character references, escapes.
//!
//! A passage is the same in a page's source, in a string of a program, and in print. So
//! tags are passed over and references and escapes are read, wherever they stand: what only
//! looks like them is passed over in the registered text just as well.

use std::collections::HashMap;
use std::sync::LazyLock;

use entities::ENTITIES;

/// Longest tag in bytes: what stands in a longer one is text that could be a passage. Comments
/// and scripts are text, too, for whoever trains on the row.
const LONGEST_TAG: usize = 512;
/// Longest character reference in bytes, `&CounterClockwiseContourIntegral;`.
const LONGEST_REFERENCE: usize = 34;

/// A piece of markup at the beginning of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Markup {
    /// Its length in bytes; all of its characters are passed over.
    pub(super) length: usize,
    /// What it stands for; empty for what parts words.
    pub(super) text: String,
}

impl Markup {
    fn separator(length: usize) -> Self {
        Self {
            length,
            text: String::new(),
        }
    }
}

/// The markup that `rest` begins with, if it does.
pub(super) fn markup(rest: &[u8]) -> Option<Markup> {
    match rest {
        [b'<', ..] => tag(rest),
        [b'&', ..] => reference(rest),
        [b'\\', ..] => escape(rest),
        _ => None,
    }
}

fn tag(rest: &[u8]) -> Option<Markup> {
    let name_at = match rest.get(1)? {
        b'/' | b'!' | b'?' => 2,
        _ => 1,
    };
    let name = rest.get(name_at..)?;
    let name_length = name
        .iter()
        .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'-')
        .count();
    let after = name.get(name_length)?;
    let is_tag = name[0].is_ascii_alphabetic()
        && matches!(after, b'>' | b'/' | b' ' | b'\n' | b'\r' | b'\t');
    if !is_tag {
        return None;
    }
    let inside = &rest[1..rest.len().min(LONGEST_TAG)];
    let end = inside.iter().position(|byte| matches!(byte, b'>' | b'<'))?;
    if inside[end] == b'<' {
        return None;
    }
    Some(Markup::separator(end + 2))
}

/// Named references (WHATWG HTML, section 13.5) that end in a semicolon.
static NAMED: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
    let named = ENTITIES
        .iter()
        .filter(|entity| entity.entity.ends_with(';'));
    named
        .map(|entity| (entity.entity, entity.characters))
        .collect()
});

fn reference(rest: &[u8]) -> Option<Markup> {
    let window = &rest[..rest.len().min(LONGEST_REFERENCE)];
    let end = window.iter().position(|&byte| byte == b';')?;
    let whole = std::str::from_utf8(&window[..=end]).ok()?;
    let inner = &whole[1..end];
    let text = if let Some(number) = inner.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(digits) => u32::from_str_radix(digits, 16),
            None => number.parse(),
        };
        char::from_u32(code.ok()?)?.to_string()
    } else {
        (*NAMED.get(whole)?).to_owned()
    };
    Some(Markup {
        length: end + 1,
        text,
    })
}

/// Escapes of JSON (RFC 8259, section 7) and of the languages that share them.
fn escape(rest: &[u8]) -> Option<Markup> {
    match rest.get(1)? {
        b'n' | b'r' | b't' | b'b' | b'f' | b'"' | b'/' | b'\\' => Some(Markup::separator(2)),
        b'u' => {
            let high = unit(rest.get(2..6)?)?;
            let (length, code) = match high {
                0xd800..=0xdbff => {
                    let low = match rest.get(6..12)? {
                        [b'\\', b'u', digits @ ..] => unit(digits)?,
                        _ => return None,
                    };
                    let low = low.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
                    (12, 0x1_0000 + ((high - 0xd800) << 10) + low)
                }
                code => (6, code),
            };
            let text = char::from_u32(code)?.to_string();
            Some(Markup { length, text })
        }
        _ => None,
    }
}

fn unit(digits: &[u8]) -> Option<u32> {
    if !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests;
