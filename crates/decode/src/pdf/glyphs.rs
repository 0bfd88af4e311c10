//! Which letters the names of glyphs stand for, and the encodings of simple fonts.

use encoding_rs::{MACINTOSH, WINDOWS_1252};

/// Names that do not follow from their parts, from the Adobe Glyph List.
const NAMES: [(&str, &str); 96] = [
    ("space", " "),
    ("nbspace", " "),
    ("exclam", "!"),
    ("quotedbl", "\""),
    ("numbersign", "#"),
    ("dollar", "$"),
    ("percent", "%"),
    ("ampersand", "&"),
    ("quotesingle", "'"),
    ("quoteright", "’"),
    ("quoteleft", "‘"),
    ("parenleft", "("),
    ("parenright", ")"),
    ("asterisk", "*"),
    ("plus", "+"),
    ("comma", ","),
    ("hyphen", "-"),
    ("sfthyphen", "\u{ad}"),
    ("minus", "−"),
    ("period", "."),
    ("slash", "/"),
    ("zero", "0"),
    ("one", "1"),
    ("two", "2"),
    ("three", "3"),
    ("four", "4"),
    ("five", "5"),
    ("six", "6"),
    ("seven", "7"),
    ("eight", "8"),
    ("nine", "9"),
    ("colon", ":"),
    ("semicolon", ";"),
    ("less", "<"),
    ("equal", "="),
    ("greater", ">"),
    ("question", "?"),
    ("at", "@"),
    ("bracketleft", "["),
    ("backslash", "\\"),
    ("bracketright", "]"),
    ("asciicircum", "^"),
    ("underscore", "_"),
    ("grave", "`"),
    ("braceleft", "{"),
    ("bar", "|"),
    ("braceright", "}"),
    ("asciitilde", "~"),
    ("exclamdown", "¡"),
    ("questiondown", "¿"),
    ("section", "§"),
    ("paragraph", "¶"),
    ("copyright", "©"),
    ("registered", "®"),
    ("trademark", "™"),
    ("degree", "°"),
    ("bullet", "•"),
    ("periodcentered", "·"),
    ("ellipsis", "…"),
    ("endash", "–"),
    ("emdash", "—"),
    ("quotedblleft", "“"),
    ("quotedblright", "”"),
    ("quotedblbase", "„"),
    ("quotesinglbase", "‚"),
    ("guillemotleft", "«"),
    ("guillemotright", "»"),
    ("guilsinglleft", "‹"),
    ("guilsinglright", "›"),
    ("dagger", "†"),
    ("daggerdbl", "‡"),
    ("ff", "ff"),
    ("fi", "fi"),
    ("fl", "fl"),
    ("ffi", "ffi"),
    ("ffl", "ffl"),
    ("ae", "æ"),
    ("AE", "Æ"),
    ("oe", "œ"),
    ("OE", "Œ"),
    ("oslash", "ø"),
    ("Oslash", "Ø"),
    ("germandbls", "ß"),
    ("eth", "ð"),
    ("Eth", "Ð"),
    ("thorn", "þ"),
    ("Thorn", "Þ"),
    ("dotlessi", "ı"),
    ("dotlessj", "ȷ"),
    ("lslash", "ł"),
    ("Lslash", "Ł"),
    ("dcroat", "đ"),
    ("Dcroat", "Đ"),
    ("multiply", "×"),
    ("mu", "µ"),
    ("Euro", "€"),
];

/// Accents that follow a letter in a glyph's name, as combining characters.
const ACCENTS: [(&str, char); 13] = [
    ("grave", '\u{300}'),
    ("acute", '\u{301}'),
    ("circumflex", '\u{302}'),
    ("tilde", '\u{303}'),
    ("macron", '\u{304}'),
    ("breve", '\u{306}'),
    ("dotaccent", '\u{307}'),
    ("dieresis", '\u{308}'),
    ("ring", '\u{30a}'),
    ("hungarumlaut", '\u{30b}'),
    ("caron", '\u{30c}'),
    ("commaaccent", '\u{326}'),
    ("cedilla", '\u{327}'),
];

/// Greek letters by name, in the order of their characters from U+03B1; U+03C2 is a second sigma.
const GREEK: [&str; 25] = [
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa",
    "lambda", "mu", "nu", "xi", "omicron", "pi", "rho", "sigma1", "sigma", "tau", "upsilon", "phi",
    "chi", "psi", "omega",
];

/// Where the standard encoding differs from ASCII and has letters or marks (ISO 32000-2, D.2).
const STANDARD: [(u8, &str); 34] = [
    (0x27, "’"),
    (0x60, "‘"),
    (0xa1, "¡"),
    (0xa2, "¢"),
    (0xa3, "£"),
    (0xa5, "¥"),
    (0xa7, "§"),
    (0xa9, "'"),
    (0xaa, "“"),
    (0xab, "«"),
    (0xac, "‹"),
    (0xad, "›"),
    (0xae, "fi"),
    (0xaf, "fl"),
    (0xb1, "–"),
    (0xb2, "†"),
    (0xb3, "‡"),
    (0xb4, "·"),
    (0xb6, "¶"),
    (0xb7, "•"),
    (0xb8, "‚"),
    (0xb9, "„"),
    (0xba, "”"),
    (0xbb, "»"),
    (0xbc, "…"),
    (0xbf, "¿"),
    (0xd0, "—"),
    (0xe1, "Æ"),
    (0xe9, "Ø"),
    (0xea, "Œ"),
    (0xf1, "æ"),
    (0xf9, "ø"),
    (0xfa, "œ"),
    (0xfb, "ß"),
];

/// An encoding that simple fonts may name (ISO 32000-2, annex D).
#[derive(Clone, Copy)]
pub(super) enum Base {
    Standard,
    Windows,
    Macintosh,
}

/// The letter of a code in an encoding, `None` for codes without one.
pub(super) fn of_code(base: Base, code: u8) -> Option<String> {
    let letters = match base {
        Base::Windows => WINDOWS_1252
            .decode_without_bom_handling(&[code])
            .0
            .into_owned(),
        Base::Macintosh => MACINTOSH
            .decode_without_bom_handling(&[code])
            .0
            .into_owned(),
        Base::Standard => match STANDARD.iter().find(|(known, _)| *known == code) {
            Some((_, letters)) => (*letters).to_owned(),
            None if code.is_ascii() => char::from(code).to_string(),
            None => return None,
        },
    };
    (!letters.contains(char::is_control)).then_some(letters)
}

/// The letters of a glyph's name (Adobe Glyph List Specification, section 2). Letters with
/// accents come apart.
pub(super) fn of_name(name: &str) -> Option<String> {
    let name = name.split('.').next().filter(|it| !it.is_empty())?;
    if name.contains('_') {
        return name.split('_').map(of_part).collect();
    }
    of_part(name)
}

fn of_part(name: &str) -> Option<String> {
    let mut letters = name.chars();
    if let (Some(letter), None) = (letters.next(), letters.next()) {
        return Some(letter.to_string());
    }
    if let Some((_, letters)) = NAMES.iter().find(|(known, _)| *known == name) {
        return Some((*letters).to_owned());
    }
    of_number(name)
        .or_else(|| of_cyrillic(name))
        .or_else(|| of_greek(name))
        .or_else(|| with_accent(name))
}

/// `uni0041`, several characters as `uni00410042`, and `u1F433`.
fn of_number(name: &str) -> Option<String> {
    let is_hex = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let letter = |digits: &str| char::from_u32(u32::from_str_radix(digits, 16).ok()?);
    if let Some(digits) = name.strip_prefix("uni") {
        if digits.is_empty() || digits.len() % 4 != 0 || !is_hex(digits) {
            return None;
        }
        return (0..digits.len())
            .step_by(4)
            .map(|at| letter(&digits[at..at + 4]))
            .collect();
    }
    let digits = name.strip_prefix('u')?;
    ((4..=6).contains(&digits.len()) && is_hex(digits))
        .then(|| letter(digits).map(String::from))
        .flatten()
}

/// `afii10017` to `afii10097`: the Russian alphabet, in which Ё stands seventh.
fn of_cyrillic(name: &str) -> Option<String> {
    let number: u32 = name.strip_prefix("afii")?.parse().ok()?;
    let (place, first, io) = match number {
        10_017..=10_049 => (number - 10_017, 0x410, 'Ё'),
        10_065..=10_097 => (number - 10_065, 0x430, 'ё'),
        _ => return None,
    };
    match place {
        6 => Some(io.to_string()),
        _ => char::from_u32(first + place - u32::from(place > 6)).map(String::from),
    }
}

fn of_greek(name: &str) -> Option<String> {
    let small = name.to_ascii_lowercase();
    let place = GREEK.iter().position(|known| *known == small)? as u32;
    let letter = char::from_u32(0x3b1 + place)?;
    Some(
        if name.starts_with(|first: char| first.is_ascii_uppercase()) {
            letter.to_uppercase().collect()
        } else {
            letter.to_string()
        },
    )
}

/// `eacute`: a letter, and its accent behind it.
fn with_accent(name: &str) -> Option<String> {
    let mut letters = name.chars();
    let letter = letters.next().filter(char::is_ascii_alphabetic)?;
    let accent = letters.as_str();
    let (_, mark) = ACCENTS.iter().find(|(known, _)| *known == accent)?;
    Some([letter, *mark].iter().collect())
}
