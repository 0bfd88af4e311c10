//! Patterns of paths, as robots.txt has them (RFC 9309, section 2.2.3): a beginning, in which `*`
//! stands for any letters and a `$` at the end for the end of the path.

use super::address::spelled;

/// Longest pattern in bytes.
const PATTERN_BYTES_MAX: usize = 8 << 10;
/// Wildcards in one pattern. Each is looked for once, so this bounds nothing but absurdity.
const WILDCARDS_MAX: usize = 64;

/// A pattern of paths in the one spelling of percent-encoded letters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PathPattern(String);

impl PathPattern {
    /// Every path.
    pub(crate) fn everything() -> Self {
        Self("/".to_owned())
    }

    /// Reads a pattern. A slash is put before one that begins with neither a slash nor a wildcard.
    /// The error says what is wrong with it.
    pub fn new(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.len() > PATTERN_BYTES_MAX {
            return Err(format!("a pattern longer than {PATTERN_BYTES_MAX} bytes"));
        }
        let mut pattern = spelled(text);
        while pattern.contains("**") {
            pattern = pattern.replace("**", "*");
        }
        if !pattern.starts_with(['/', '*']) {
            pattern.insert(0, '/');
        }
        if pattern.bytes().filter(|&byte| byte == b'*').count() > WILDCARDS_MAX {
            return Err(format!(
                "a pattern with more than {WILDCARDS_MAX} wildcards"
            ));
        }
        Ok(Self(pattern))
    }

    /// Exactly one path in the one spelling, whatever letters are in it.
    pub fn exactly(path: &str) -> Self {
        // As in robots.txt, these two stand for themselves when they are encoded.
        Self(path.replace('*', "%2A").replace('$', "%24") + "$")
    }

    /// The pattern as it is compared.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a path in the same spelling matches.
    pub fn matches(&self, path: &str) -> bool {
        let head = head_of(&self.0);
        path.starts_with(head) && rest_matches(&self.0[head.len()..], &path[head.len()..])
    }
}

/// What stands before the first wildcard or the sign for the end.
pub(super) fn head_of(pattern: &str) -> &str {
    let body = pattern.strip_suffix('$').unwrap_or(pattern);
    body.split('*').next().unwrap_or_default()
}

/// Whether what follows the head of a path matches what follows the head of a pattern.
pub(super) fn rest_matches(pattern: &str, path: &str) -> bool {
    if pattern.is_empty() {
        return true;
    }
    let (body, is_anchored) = match pattern.strip_suffix('$') {
        Some(body) => (body, true),
        None => (pattern, false),
    };
    let mut parts = body.split('*');
    // Empty: the head ends where the first wildcard is.
    parts.next();
    let Some(last) = parts.next_back() else {
        return !is_anchored || path.is_empty();
    };
    let mut rest = path;
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    if is_anchored {
        rest.ends_with(last)
    } else {
        rest.contains(last)
    }
}

#[cfg(test)]
mod tests;
