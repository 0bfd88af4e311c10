//! The form of each scheme: from what people write to the one canonical spelling.

use super::{IdentifierError, IdentifierKind, checksum, form_error, iscc};

/// The canonical spelling in scheme `kind` of a text [`without_label`].
pub(super) fn canonical(kind: IdentifierKind, bare: &str) -> Result<String, IdentifierError> {
    match kind {
        IdentifierKind::Isrc => isrc(bare),
        IdentifierKind::Iswc => iswc(bare),
        IdentifierKind::Isbn => isbn(bare),
        IdentifierKind::Isni => isni(bare),
        IdentifierKind::Doi => doi(bare),
        IdentifierKind::Iscc => iscc::canonical(bare),
        IdentifierKind::Gtin => gtin(bare),
        IdentifierKind::Eidr => eidr(bare),
        IdentifierKind::Ipi => ipi(bare),
    }
}

/// Removes `urn:isbn:`, `ISBN:`, `ISBN ` (never `ISBN` alone: `ISRC1…` is an Icelandic ISRC) and
/// the scheme's web address.
pub(super) fn without_label(kind: IdentifierKind, text: &str) -> &str {
    let text = strip_prefix(text, "urn:").unwrap_or(text);
    let addresses: &[&str] = match kind {
        IdentifierKind::Doi | IdentifierKind::Eidr => &["doi.org/", "dx.doi.org/", "doi:"],
        IdentifierKind::Isni => &["isni.org/isni/", "www.isni.org/isni/", "isni.org/"],
        IdentifierKind::Isbn => &["isbn-13:", "isbn-13 ", "isbn-10:", "isbn-10 "],
        _ => &[],
    };
    let host = strip_prefix(text, "https://").or_else(|| strip_prefix(text, "http://"));
    let host = host.unwrap_or(text);
    if let Some(rest) = addresses
        .iter()
        .find_map(|address| strip_prefix(host, address))
    {
        return rest.trim_start();
    }
    strip_prefix(text, kind.as_str())
        .and_then(|rest| rest.strip_prefix([':', ' ']))
        .map_or(text, str::trim_start)
}

/// `text` without `prefix`, ignoring ASCII case.
fn strip_prefix<'t>(text: &'t str, prefix: &str) -> Option<&'t str> {
    let (start, rest) = text.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then_some(rest)
}

/// `text` in ASCII upper case, without white space, full stops and hyphens (the typographic ones
/// that word processors put in as well).
fn compact(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '.' | '\u{2010}'..='\u{2013}'))
        .map(|c| c.to_ascii_uppercase())
        .collect()
}

/// The values of a run of decimal digits, or nothing if any character is not one.
fn digits(text: &str) -> Option<Vec<u8>> {
    text.bytes()
        .map(|byte| byte.is_ascii_digit().then(|| byte - b'0'))
        .collect()
}

/// `value` as a check character: 0 to 9, then A to Z.
fn check_character(value: u32) -> String {
    char::from_digit(value, 36)
        .map(|c| c.to_ascii_uppercase())
        .into_iter()
        .collect()
}

/// Nothing if the check digit is as expected, else the error that names both.
fn require_check(
    kind: IdentifierKind,
    value: &str,
    found: &str,
    expected: String,
) -> Result<(), IdentifierError> {
    if found == expected {
        return Ok(());
    }
    let (value, found) = (value.to_owned(), found.to_owned());
    Err(IdentifierError::CheckDigit {
        kind,
        value,
        found,
        expected,
    })
}

/// Splits off the last `count` characters of ASCII text.
fn split_check(text: &str, count: usize) -> Option<(&str, &str)> {
    text.split_at_checked(text.len().checked_sub(count)?)
}

/// The value with 10 written `X`, as ISBN-10 and ISNI write it.
fn check_or_x(value: u32) -> String {
    if value == 10 {
        "X".to_owned()
    } else {
        value.to_string()
    }
}

/// ISO 3901: two letters, three letters or digits, two digits of year, five digits.
fn isrc(text: &str) -> Result<String, IdentifierError> {
    let code = compact(text);
    let formed = code.len() == 12
        && code
            .bytes()
            .enumerate()
            .all(|(position, byte)| match position {
                0..2 => byte.is_ascii_uppercase(),
                2..5 => byte.is_ascii_uppercase() || byte.is_ascii_digit(),
                _ => byte.is_ascii_digit(),
            });
    if formed {
        return Ok(code);
    }
    let expected = "two letters, three letters or digits, and seven digits, as in US-RC1-76-07839";
    Err(form_error(IdentifierKind::Isrc, text, expected))
}

/// ISO 15707: `T`, nine digits, a check digit.
fn iswc(text: &str) -> Result<String, IdentifierError> {
    let kind = IdentifierKind::Iswc;
    let code = compact(text);
    let parts = code
        .strip_prefix('T')
        .filter(|rest| rest.len() == 10)
        .and_then(|rest| split_check(rest, 1))
        .and_then(|(body, check)| Some((digits(body)?, digits(check).map(|_| check)?)));
    let Some((body, check)) = parts else {
        let expected = "T, nine digits and a check digit, as in T-034.524.680-1";
        return Err(form_error(kind, text, expected));
    };
    let expected = checksum::ascending_from_one(1, &body).to_string();
    require_check(kind, &code, check, expected)?;
    Ok(code)
}

/// ISO 2108: thirteen digits from 978 or 979, or the ten digits used until 2006.
fn isbn(text: &str) -> Result<String, IdentifierError> {
    let kind = IdentifierKind::Isbn;
    let code = compact(text);
    let form = || {
        let expected =
            "thirteen digits from 978 or 979, or ten characters, as in 978-3-16-148410-0";
        form_error(kind, text, expected)
    };
    let (body, check) = split_check(&code, 1).ok_or_else(form)?;
    let body_digits = digits(body).ok_or_else(form)?;
    match code.len() {
        10 if check == "X" || digits(check).is_some() => {
            require_check(
                kind,
                &code,
                check,
                check_or_x(checksum::isbn_ten(&body_digits)),
            )?;
            let thirteen = [&[9, 7, 8], body_digits.as_slice()].concat();
            Ok(format!("978{body}{}", checksum::gs1(&thirteen)))
        }
        // 979-0 is printed music (ISMN), not books.
        13 if digits(check).is_some()
            && (code.starts_with("978") || code.starts_with("979"))
            && !code.starts_with("9790") =>
        {
            require_check(kind, &code, check, checksum::gs1(&body_digits).to_string())?;
            Ok(code)
        }
        _ => Err(form()),
    }
}

/// ISO 27729: fifteen digits and a check character.
fn isni(text: &str) -> Result<String, IdentifierError> {
    let kind = IdentifierKind::Isni;
    let code = compact(text);
    let parts = split_check(&code, 1)
        .filter(|(body, check)| body.len() == 15 && (*check == "X" || digits(check).is_some()))
        .and_then(|(body, check)| Some((digits(body)?, check)));
    let Some((body, check)) = parts else {
        let expected = "fifteen digits and a digit or X, as in 0000 0001 2281 955X";
        return Err(form_error(kind, text, expected));
    };
    require_check(kind, &code, check, check_or_x(checksum::mod_11_2(&body)))?;
    Ok(code)
}

/// ISO 26324: `10.`, a registrant code of digits that may be subdivided by full stops, a slash, and
/// any printable suffix. Names are equal under ASCII case folding, so the canonical one is lower
/// case.
fn doi(text: &str) -> Result<String, IdentifierError> {
    let formed = text.split_once('/').is_some_and(|(prefix, suffix)| {
        let registrant = prefix.strip_prefix("10.").unwrap_or_default();
        let mut parts = registrant.split('.');
        let first = parts.next().unwrap_or_default();
        first.len() >= 4
            && digits(first).is_some()
            && parts.all(|part| !part.is_empty() && digits(part).is_some())
            && !suffix.is_empty()
            && !suffix.chars().any(|c| c.is_whitespace() || c.is_control())
    });
    if formed {
        return Ok(text.to_ascii_lowercase());
    }
    let expected =
        "10., four or more digits, a slash and a suffix without spaces, as in 10.1000/182";
    Err(form_error(IdentifierKind::Doi, text, expected))
}

/// GS1: 8, 12, 13 or 14 digits; one number whatever its length, so the canonical one has 14.
fn gtin(text: &str) -> Result<String, IdentifierError> {
    let kind = IdentifierKind::Gtin;
    let code = compact(text);
    let parts = split_check(&code, 1)
        .filter(|_| matches!(code.len(), 8 | 12 | 13 | 14))
        .and_then(|(body, check)| Some((digits(body)?, digits(check).map(|_| check)?)));
    let Some((body, check)) = parts else {
        let expected = "8, 12, 13 or 14 digits, as in 4006381333931";
        return Err(form_error(kind, text, expected));
    };
    require_check(kind, &code, check, checksum::gs1(&body).to_string())?;
    Ok(format!("{code:0>14}"))
}

/// EIDR content records: the DOI prefix 10.5240, five groups of four hexadecimal digits, a check
/// character. Party and service records (10.5237, 10.5239) have no check and do not name works.
fn eidr(text: &str) -> Result<String, IdentifierError> {
    let kind = IdentifierKind::Eidr;
    let form = || {
        let expected = "10.5240/, twenty hexadecimal digits in groups of four and a check \
                        character, as in 10.5240/7791-8534-2C23-9030-8610-5";
        form_error(kind, text, expected)
    };
    let suffix = text
        .strip_prefix("10.5240")
        .and_then(|rest| rest.strip_prefix(['/', ':']));
    let code = compact(suffix.ok_or_else(form)?);
    let (body, check) = split_check(&code, 1)
        .filter(|(body, _)| body.len() == 20)
        .ok_or_else(form)?;
    let values: Option<Vec<u8>> = body
        .chars()
        .map(|c| c.to_digit(16).map(|value| value as u8))
        .collect();
    let values = values.ok_or_else(form)?;
    if !check.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(form());
    }
    let mut value = String::from("10.5240/");
    for (position, character) in code.chars().enumerate() {
        if position > 0 && position % 4 == 0 {
            value.push('-');
        }
        value.push(character);
    }
    require_check(
        kind,
        &value,
        check,
        check_character(checksum::mod_37_36(&values)),
    )?;
    Ok(value)
}

/// CISAC: a name number of eleven digits, the last two of them check digits (spreadsheets lose the
/// zeros in front, so shorter ones are padded), or a base number `I-NNNNNNNNN-C`.
fn ipi(text: &str) -> Result<String, IdentifierError> {
    let kind = IdentifierKind::Ipi;
    let form = || {
        let expected = "a name number of eleven digits, as in 00334284961, or a base number, as in \
                        I-001068130-6";
        form_error(kind, text, expected)
    };
    let code = compact(text);
    if let Some(number) = code.strip_prefix('I') {
        let (body, check) = split_check(number, 1)
            .filter(|(body, _)| body.len() == 9)
            .ok_or_else(form)?;
        let (body_digits, _) = digits(body).zip(digits(check)).ok_or_else(form)?;
        let value = format!("I-{body}-{check}");
        let expected = checksum::ascending_from_one(2, &body_digits).to_string();
        require_check(kind, &value, check, expected)?;
        return Ok(value);
    }
    if !(3..=11).contains(&code.len()) || digits(&code).is_none() {
        return Err(form());
    }
    let value = format!("{code:0>11}");
    let (body, check) = split_check(&value, 2).ok_or_else(form)?;
    let body_digits = digits(body).ok_or_else(form)?;
    require_check(
        kind,
        &value,
        check,
        format!("{:02}", checksum::ipi_name(&body_digits)),
    )?;
    Ok(value)
}
