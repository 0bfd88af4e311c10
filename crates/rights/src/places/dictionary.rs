//! Dictionaries of structured fields (RFC 9651, sections 3.2 and 4.2.2), as far as preferences need
//! them: keys with the values they were given, parameters left out.

/// A value of a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    /// A token, such as `y`.
    Token(String),
    /// Anything else: a string, a number, a list, a truth value, as written.
    Other(String),
}

impl Value {
    pub(super) fn is_token(&self, wanted: &str) -> bool {
        matches!(self, Self::Token(token) if token == wanted)
    }

    pub(super) fn as_str(&self) -> &str {
        match self {
            Self::Token(text) | Self::Other(text) => text,
        }
    }
}

/// Members of one dictionary; a preference has a handful.
const MEMBERS_MAX: usize = 256;

/// The members in the order of their first mention, each with all values that it was given. The
/// error says what is no dictionary.
pub(super) fn parse(text: &str) -> Result<Vec<(String, Vec<Value>)>, String> {
    let mut rest = text.trim_matches([' ', '\t']);
    let mut members: Vec<(String, Vec<Value>)> = Vec::new();
    if rest.is_empty() {
        return Err("nothing is stated".to_owned());
    }
    for _ in 0..MEMBERS_MAX {
        let key = key(&mut rest)?;
        let value = if let Some(after) = rest.strip_prefix('=') {
            rest = after;
            value(&mut rest)?
        } else {
            // A key alone is true.
            Value::Other("?1".to_owned())
        };
        parameters(&mut rest)?;
        match members.iter_mut().find(|(known, _)| *known == key) {
            Some((_, values)) => values.push(value),
            None => members.push((key, vec![value])),
        }
        rest = rest.trim_start_matches([' ', '\t']);
        if rest.is_empty() {
            return Ok(members);
        }
        rest = rest.strip_prefix(',').ok_or("a comma is missing")?;
        rest = rest.trim_start_matches([' ', '\t']);
        if rest.is_empty() {
            return Err("it ends with a comma".to_owned());
        }
    }
    Err(format!("more than {MEMBERS_MAX} members"))
}

/// Takes the longest beginning of letters that `is_part`.
fn take<'t>(rest: &mut &'t str, is_part: impl Fn(char) -> bool) -> &'t str {
    let end = rest.find(|it| !is_part(it)).unwrap_or(rest.len());
    let (taken, after) = rest.split_at(end);
    *rest = after;
    taken
}

fn key(rest: &mut &str) -> Result<String, String> {
    if !rest.starts_with(|it: char| it.is_ascii_lowercase() || it == '*') {
        return Err("a label begins with a small letter".to_owned());
    }
    let is_part = |it: char| {
        it.is_ascii_lowercase() || it.is_ascii_digit() || matches!(it, '_' | '-' | '.' | '*')
    };
    Ok(take(rest, is_part).to_owned())
}

fn parameters(rest: &mut &str) -> Result<(), String> {
    while let Some(after) = rest.strip_prefix(';') {
        *rest = after.trim_start_matches(' ');
        key(rest)?;
        if let Some(after) = rest.strip_prefix('=') {
            *rest = after;
            bare(rest)?;
        }
    }
    Ok(())
}

fn value(rest: &mut &str) -> Result<Value, String> {
    let Some(mut inner) = rest.strip_prefix('(') else {
        return bare(rest);
    };
    let whole = *rest;
    loop {
        inner = inner.trim_start_matches(' ');
        if let Some(after) = inner.strip_prefix(')') {
            *rest = after;
            let length = whole.len() - after.len();
            return Ok(Value::Other(whole[..length].to_owned()));
        }
        bare(&mut inner)?;
        parameters(&mut inner)?;
        if !inner.starts_with([' ', ')']) {
            return Err("a list that is not closed".to_owned());
        }
    }
}

fn bare(rest: &mut &str) -> Result<Value, String> {
    let whole = *rest;
    let first = whole.chars().next().ok_or("a value is missing")?;
    match first {
        '"' => {
            let mut is_escaped = false;
            for (place, letter) in whole.char_indices().skip(1) {
                match letter {
                    _ if is_escaped => is_escaped = false,
                    '\\' => is_escaped = true,
                    '"' => {
                        *rest = &whole[place + 1..];
                        return Ok(Value::Other(whole[..=place].to_owned()));
                    }
                    _ => {}
                }
            }
            return Err("a string that is not closed".to_owned());
        }
        ':' => {
            let end = whole[1..].find(':').ok_or("bytes that are not closed")?;
            *rest = &whole[end + 2..];
        }
        '?' => {
            *rest = &whole[1..];
            take(rest, |it| matches!(it, '0' | '1'));
        }
        '@' | '-' | '0'..='9' => {
            *rest = &whole[1..];
            take(rest, |it| it.is_ascii_digit() || it == '.');
        }
        _ if first.is_ascii_alphabetic() || first == '*' => {
            let is_part = |it: char| it.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~:/".contains(it);
            return Ok(Value::Token(take(rest, is_part).to_owned()));
        }
        _ => return Err("a value of no known kind".to_owned()),
    }
    let length = whole.len() - rest.len();
    Ok(Value::Other(whole[..length].to_owned()))
}
