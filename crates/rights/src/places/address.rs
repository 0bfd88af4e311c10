//! Addresses of the web, as rules compare them: host and path, brought into one spelling.
//!
//! After the URL Standard (WHATWG) and RFC 3986, section 6.2.2: hosts in small letters and ASCII,
//! paths without dot segments, with the same letters percent-encoded whoever wrote them. Most
//! addresses of a dataset are spelled so already, and are not copied.

use std::borrow::Cow;

#[cfg(test)]
mod tests;

/// Longest address that is looked at, in bytes; servers take about half of it.
pub(super) const ADDRESS_BYTES_MAX: usize = 16 << 10;
/// Longest host in bytes (RFC 1035, section 2.3.4), and then some for other spellings.
const HOST_BYTES_MAX: usize = 1024;

/// The parts of an address that rules speak of. Schemes, ports, names of users and fragments are
/// left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address<'a> {
    /// The host in small ASCII letters, without a dot at its end.
    pub host: Cow<'a, str>,
    /// The path with what follows a question mark; it begins with a slash.
    pub path: Cow<'a, str>,
}

impl<'a> Address<'a> {
    /// Reads an address that begins with `http://` or `https://`, in whatever case. `None` for
    /// everything else, and for addresses without a host or longer than 16 KiB.
    ///
    /// ```
    /// # use clearance_rights::places::Address;
    /// let address = Address::parse("HTTPS://Example.com:443/a/../b c?q#top").unwrap();
    /// assert_eq!((&*address.host, &*address.path), ("example.com", "/b%20c?q"));
    /// ```
    pub fn parse(text: &'a str) -> Option<Self> {
        let text = text.trim_matches(|it: char| it <= ' ');
        if text.len() > ADDRESS_BYTES_MAX {
            return None;
        }
        // Tabs and line ends inside an address count for nothing.
        if text
            .bytes()
            .any(|byte| matches!(byte, b'\t' | b'\n' | b'\r'))
        {
            let bare: String = text
                .chars()
                .filter(|it| !matches!(it, '\t' | '\n' | '\r'))
                .collect();
            let Address { host, path } = Address::parse(&bare)?;
            return Some(Self {
                host: Cow::Owned(host.into_owned()),
                path: Cow::Owned(path.into_owned()),
            });
        }
        let rest = without_scheme(text)?;
        let end = rest.find(['/', '\\', '?', '#']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        Some(Self {
            host: host(authority)?,
            path: path_of(path),
        })
    }
}

/// What follows the scheme and its slashes.
fn without_scheme(text: &str) -> Option<&str> {
    let colon = text.get(..8).unwrap_or(text).find(':')?;
    let (scheme, rest) = text.split_at(colon);
    let is_web = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    let rest = rest.strip_prefix(':').filter(|_| is_web)?;
    let bare = rest.trim_start_matches(['/', '\\']);
    (bare.len() < rest.len()).then_some(bare)
}

/// The host of an authority in its one spelling.
pub(super) fn host(authority: &str) -> Option<Cow<'_, str>> {
    let host = authority.rsplit_once('@').map_or(authority, |(_, it)| it);
    let host = match host.rfind(':') {
        Some(colon) if !host[colon..].contains(']') => &host[..colon],
        _ => host,
    };
    let host = host.strip_suffix('.').unwrap_or(host);
    // Names have letters in them.
    let has_gap = host.starts_with('.') || host.contains("..") || host.ends_with('.');
    if host.is_empty() || host.len() > HOST_BYTES_MAX || has_gap {
        return None;
    }
    let is_plain = |byte: u8| {
        byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'_')
    };
    if host.bytes().all(is_plain) {
        return Some(Cow::Borrowed(host));
    }
    let decoded = if host.contains('%') {
        Cow::Owned(String::from_utf8(decoded(host.as_bytes())).ok()?)
    } else {
        Cow::Borrowed(host)
    };
    let lower = decoded
        .to_lowercase()
        .replace(['\u{3002}', '\u{ff0e}', '\u{ff61}'], ".");
    let labels: Option<Vec<String>> = lower.split('.').map(ascii_label).collect();
    let host = labels?.join(".");
    let host = host.strip_suffix('.').unwrap_or(&host);
    let is_bracketed = host.starts_with('[') && host.ends_with(']');
    let is_host = |byte: u8| match byte {
        // Of IPv6 alone.
        b':' | b'[' | b']' => is_bracketed,
        _ => byte > b' ' && byte < 0x7f && !b"/\\?#@<>^|%\"".contains(&byte),
    };
    let has_gap = host.is_empty() || host.split('.').any(str::is_empty);
    (!has_gap && host.bytes().all(is_host)).then(|| Cow::Owned(host.to_owned()))
}

/// Percent-encoded bytes, decoded.
fn decoded(bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let value = encoded(bytes, at);
        plain.push(value.unwrap_or(byte));
        at += if value.is_some() { 3 } else { 1 };
    }
    plain
}

/// The byte that `%XX` at a place stands for.
fn encoded(bytes: &[u8], at: usize) -> Option<u8> {
    let digit = |place: usize| char::from(*bytes.get(place)?).to_digit(16);
    let value = digit(at + 1)? * 16 + digit(at + 2)?;
    (bytes.get(at) == Some(&b'%')).then_some(value as u8)
}

/// A label of a host in ASCII: Punycode (RFC 3492) for letters beyond it.
fn ascii_label(label: &str) -> Option<String> {
    if label.is_ascii() {
        return Some(label.to_owned());
    }
    let digits = punycode(label)?;
    Some(format!("xn--{digits}"))
}

/// The encoding procedure of RFC 3492, section 6.3.
fn punycode(label: &str) -> Option<String> {
    const BASE: u32 = 36;
    let points: Vec<u32> = label.chars().map(u32::from).collect();
    let mut output: String = label.chars().filter(char::is_ascii).collect();
    let basic = output.len() as u32;
    if basic > 0 {
        output.push('-');
    }
    let (mut next, mut delta, mut bias, mut handled) = (128_u32, 0_u32, 72_u32, basic);
    while (handled as usize) < points.len() {
        let smallest = *points.iter().filter(|&&it| it >= next).min()?;
        delta = delta.checked_add((smallest - next).checked_mul(handled + 1)?)?;
        next = smallest;
        for &point in &points {
            if point < next {
                delta = delta.checked_add(1)?;
            }
            if point != next {
                continue;
            }
            let mut rest = delta;
            let mut step = BASE;
            loop {
                let threshold = step.saturating_sub(bias).clamp(1, 26);
                if rest < threshold {
                    break;
                }
                output.push(digit(threshold + (rest - threshold) % (BASE - threshold)));
                rest = (rest - threshold) / (BASE - threshold);
                step += BASE;
            }
            output.push(digit(rest));
            bias = adapted(delta, handled + 1, handled == basic);
            delta = 0;
            handled += 1;
        }
        delta = delta.checked_add(1)?;
        next += 1;
    }
    Some(output)
}

/// RFC 3492, section 6.1.
fn adapted(delta: u32, count: u32, is_first: bool) -> u32 {
    let mut delta = if is_first { delta / 700 } else { delta / 2 };
    delta += delta / count;
    let mut steps = 0;
    while delta > 455 {
        delta /= 35;
        steps += 36;
    }
    steps + 36 * delta / (delta + 38)
}

fn digit(value: u32) -> char {
    let value = value as u8;
    char::from(if value < 26 {
        b'a' + value
    } else {
        b'0' + value - 26
    })
}

/// The path of an address, from what follows its authority.
fn path_of(text: &str) -> Cow<'_, str> {
    let text = text.split('#').next().unwrap_or_default();
    if text.starts_with('/') && is_plain(text) {
        return Cow::Borrowed(text);
    }
    let (path, query) = match text.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (text, None),
    };
    let mut whole = without_dots(&spelled(&path.replace('\\', "/")));
    if let Some(query) = query {
        whole.push('?');
        whole.push_str(&spelled(query));
    }
    Cow::Owned(whole)
}

/// Whether a path needs no other spelling.
fn is_plain(path: &str) -> bool {
    let mut before = 0;
    path.bytes().all(|byte| {
        let is_dot = byte == b'.' && before == b'/';
        before = byte;
        !(is_dot || must_be_encoded(byte) || matches!(byte, b'%' | b'\\'))
    })
}

/// Bytes that only stand in an address as `%XX`.
fn must_be_encoded(byte: u8) -> bool {
    byte <= b' ' || byte >= 0x7f || matches!(byte, b'"' | b'<' | b'>' | b'`' | b'{' | b'}')
}

/// One spelling of percent-encoded letters: unreserved ones as they are (RFC 3986, section 2.3), all
/// others that need it encoded, with capital digits.
pub(super) fn spelled(text: &str) -> String {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let bytes = text.as_bytes();
    let mut spelled = Vec::with_capacity(bytes.len());
    let push_encoded = |spelled: &mut Vec<u8>, byte: u8| {
        let digits = [
            DIGITS[usize::from(byte >> 4)],
            DIGITS[usize::from(byte & 15)],
        ];
        spelled.extend([b'%', digits[0], digits[1]]);
    };
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        if let Some(value) = encoded(bytes, at) {
            let is_unreserved =
                value.is_ascii_alphanumeric() || matches!(value, b'-' | b'.' | b'_' | b'~');
            if is_unreserved {
                spelled.push(value);
            } else {
                push_encoded(&mut spelled, value);
            }
            at += 3;
            continue;
        }
        if must_be_encoded(byte) {
            push_encoded(&mut spelled, byte);
        } else {
            spelled.push(byte);
        }
        at += 1;
    }
    // It is ASCII by now.
    String::from_utf8_lossy(&spelled).into_owned()
}

/// A path without `.` and `..` (RFC 3986, section 5.2.4).
fn without_dots(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let segments: Vec<&str> = path.strip_prefix('/').unwrap_or(path).split('/').collect();
    let last = segments.len().saturating_sub(1);
    for (place, segment) in segments.iter().enumerate() {
        match *segment {
            "." | ".." => {
                if *segment == ".." {
                    kept.pop();
                }
                if place == last {
                    kept.push("");
                }
            }
            other => kept.push(other),
        }
    }
    format!("/{}", kept.join("/"))
}
