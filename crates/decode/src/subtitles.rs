//! What is said in subtitle files, without when and how it is shown.
//!
//! `WebVTT` is read as the W3C `WebVTT` standard, section 6.1, describes its parser. `SubRip` has no
//! standard: numbered cues, a line of two times, lines of text, an empty line.

/// Whether a text opens like a `WebVTT` file: its signature, then white space or the end.
pub(crate) fn is_web_vtt(text: &str) -> bool {
    text.strip_prefix("WEBVTT")
        .is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\n', '\r']))
}

/// Whether a text opens like a `SubRip` file: a number, then two times.
pub(crate) fn is_sub_rip(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.next().is_some_and(is_number) && lines.next().is_some_and(is_timing)
}

/// The text of the cues, in the order of the file, a line for each line shown.
///
/// Numbers and names of cues, times, settings, comments (`NOTE`), styles, regions and tags are
/// left out; the character references of `WebVTT` are replaced. Lines outside any cue stay: a
/// file that is no subtitle file after all loses nothing but what looks like markup.
pub(crate) fn cue_text(text: &str) -> String {
    let is_vtt = is_web_vtt(text.trim_start());
    // Both formats may end their lines with carriage returns alone.
    let end = if text.contains('\n') { '\n' } else { '\r' };
    let mut lines = text.split(end).map(str::trim).peekable();
    let mut shown = String::with_capacity(text.len() / 2);
    let mut is_block_start = true;
    let mut is_left_out = is_vtt;
    while let Some(line) = lines.next() {
        let opens_block = std::mem::replace(&mut is_block_start, line.is_empty());
        if line.is_empty() {
            is_left_out = false;
            continue;
        }
        if is_timing(line) {
            is_left_out = false;
            continue;
        }
        if is_vtt && opens_block && is_block_without_text(line) {
            is_left_out = true;
        }
        let names_cue = (is_vtt && opens_block || is_number(line))
            && lines.peek().is_some_and(|it| is_timing(it));
        if !is_left_out && !names_cue {
            push_shown(&mut shown, line);
        }
    }
    shown
}

fn is_number(line: &str) -> bool {
    !line.is_empty() && line.bytes().all(|byte| byte.is_ascii_digit())
}

/// `00:01:02,345 --> 00:01:04,000`, with a dot in `WebVTT`, hours left out at will, and settings
/// behind.
fn is_timing(line: &str) -> bool {
    let Some((from, to)) = line.split_once("-->") else {
        return false;
    };
    let to = to.split_whitespace().next().unwrap_or_default();
    is_time(from.trim()) && is_time(to)
}

fn is_time(time: &str) -> bool {
    time.len() >= 4
        && time.contains(':')
        && time.starts_with(|first: char| first.is_ascii_digit())
        && time
            .bytes()
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b':' | b'.' | b','))
}

fn is_block_without_text(line: &str) -> bool {
    ["NOTE", "STYLE", "REGION"].iter().any(|word| {
        line.strip_prefix(word)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']))
    })
}

/// Adds a line as it is shown: without `<i>`, `<v Ahab>`, `<00:01.000>` and `{\an8}`.
fn push_shown(shown: &mut String, line: &str) {
    let before = shown.len();
    if before > 0 {
        shown.push('\n');
    }
    let start = shown.len();
    let mut rest = line;
    while let Some(at) = rest.find(['<', '{', '&']) {
        let (plain, marked) = rest.split_at(at);
        shown.push_str(plain);
        let (letters, len) = mark(marked);
        shown.push_str(letters);
        rest = &marked[len..];
    }
    shown.push_str(rest);
    if shown[start..].trim().is_empty() {
        shown.truncate(before);
    }
}

/// What stands for the mark that `text` begins with, and the mark's length in bytes.
fn mark(text: &str) -> (&str, usize) {
    /// `WebVTT`, section 6.4: the names an author may write.
    const REFERENCES: [(&str, &str); 6] = [
        ("&amp;", "&"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&nbsp;", "\u{a0}"),
        ("&lrm;", "\u{200e}"),
        ("&rlm;", "\u{200f}"),
    ];
    let reference = REFERENCES.iter().find(|(name, _)| text.starts_with(name));
    if let Some((name, letters)) = reference {
        return (letters, name.len());
    }
    let is_tag = text.strip_prefix('<').is_some_and(|inside| {
        inside.starts_with(|first: char| first.is_ascii_alphanumeric() || first == '/')
    });
    let end = match text.as_bytes() {
        [b'<', ..] if is_tag => text.find('>'),
        [b'{', b'\\', ..] => text.find('}'),
        _ => None,
    };
    match end {
        Some(end) => ("", end + 1),
        // The mark is one ASCII character.
        None => (&text[..1], 1),
    }
}

#[cfg(test)]
mod tests;
