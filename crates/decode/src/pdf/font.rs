//! What the codes of a font stand for and how wide they are (ISO 32000-2, sections 9.6 to 9.10).

use std::collections::BTreeMap;

use encoding_rs::{BIG5, EUC_JP, EUC_KR, Encoding, GBK, SHIFT_JIS, UTF_8, UTF_16BE};
use hayro_cmap::{BfString, CMap};
use hayro_syntax::object::{Array, Dict, Name, Object, Stream};

use super::glyphs::{self, Base};
use super::streams;

/// Entries kept of a table of widths; a font has at most 65,536 glyphs.
const WIDTHS_MAX: usize = 1 << 16;
/// Width of letters that no table gives, in thousandths: the standard fonts need not have one.
const USUAL_WIDTH: f64 = 500.0;

/// One character of a string that is shown.
pub(super) struct Shown {
    /// Its letters; `None` where the font does not say.
    pub(super) letters: Option<String>,
    /// Its width, for type of height one.
    pub(super) width: f64,
    /// Whether it is the single byte 32, which word spacing widens.
    pub(super) is_space_code: bool,
}

/// How strings are cut into codes.
enum Codes {
    Bytes,
    Pairs,
    Map(Box<CMap>),
    /// The string is text in this encoding.
    Text(&'static Encoding),
}

/// What text needs of a font.
pub(super) struct Font {
    codes: Codes,
    to_unicode: Option<CMap>,
    /// Letters of single bytes; empty for composite fonts.
    letters: Vec<Option<String>>,
    /// First code of a range, to its last one and the width of each.
    widths: BTreeMap<u32, (u32, f64)>,
    usual_width: f64,
    /// Widths to type of height one.
    unit: f64,
    pub(super) is_vertical: bool,
}

impl Font {
    /// Reads a font's dictionary. Streams that are unpacked for it are taken from `left`, in bytes.
    pub(super) fn read(dict: &Dict<'_>, left: &mut u64) -> Self {
        let to_unicode = dict
            .get::<Stream<'_>>("ToUnicode")
            .and_then(|stream| streams::unpacked(&stream, left))
            .and_then(|bytes| CMap::parse(&bytes, |_| None));
        let kind = dict.get::<Name<'_>>("Subtype");
        let is_composite = kind.is_some_and(|it| it.as_ref() == b"Type0");
        let mut font = if is_composite {
            Self::composite(dict, left)
        } else {
            Self::simple(dict)
        };
        let is_text = dict
            .get::<Name<'_>>("ToUnicode")
            .is_some_and(|name| name.as_ref().starts_with(b"Identity"));
        if is_composite && is_text {
            font.codes = Codes::Text(UTF_16BE);
        }
        font.to_unicode = to_unicode;
        font
    }

    fn simple(dict: &Dict<'_>) -> Self {
        let first: u32 = dict.get("FirstChar").unwrap_or(0);
        let mut widths = BTreeMap::new();
        if let Some(array) = dict.get::<Array<'_>>("Widths") {
            for (code, width) in (first..=255).zip(array.iter::<f64>()) {
                widths.insert(code, (code, width));
            }
        }
        let matrix = dict.get::<Array<'_>>("FontMatrix");
        let descriptor = dict.get::<Dict<'_>>("FontDescriptor");
        let missing = descriptor.and_then(|it| it.get::<f64>("MissingWidth"));
        Self {
            codes: Codes::Bytes,
            to_unicode: None,
            letters: letters_of(dict),
            usual_width: missing.filter(|width| *width > 0.0).unwrap_or(USUAL_WIDTH),
            widths,
            unit: matrix
                .and_then(|it| it.iter::<f64>().next())
                .unwrap_or(0.001),
            is_vertical: false,
        }
    }

    fn composite(dict: &Dict<'_>, left: &mut u64) -> Self {
        let descendant = dict
            .get::<Array<'_>>("DescendantFonts")
            .and_then(|array| array.iter::<Dict<'_>>().next())
            .unwrap_or_default();
        let (codes, is_vertical) = match dict.get::<Object<'_>>("Encoding") {
            Some(Object::Name(name)) => {
                let is_vertical = name.as_ref().ends_with(b"V");
                let text = encoding_of(name.as_str()).map(Codes::Text);
                (text.unwrap_or(Codes::Pairs), is_vertical)
            }
            Some(Object::Stream(stream)) => {
                let map = streams::unpacked(&stream, left)
                    .and_then(|bytes| CMap::parse(&bytes, |_| None));
                (
                    map.map_or(Codes::Pairs, |map| Codes::Map(Box::new(map))),
                    false,
                )
            }
            _ => (Codes::Pairs, false),
        };
        Self {
            codes,
            to_unicode: None,
            letters: Vec::new(),
            widths: composite_widths(&descendant),
            usual_width: descendant.get("DW").unwrap_or(1000.0),
            unit: 0.001,
            is_vertical,
        }
    }

    /// Hands each character of a string to `see`.
    pub(super) fn each(&self, string: &[u8], mut see: impl FnMut(Shown)) {
        match &self.codes {
            Codes::Bytes => string
                .iter()
                .for_each(|byte| see(self.shown(u32::from(*byte), None, 1))),
            Codes::Pairs => {
                for pair in string.chunks(2) {
                    let code = number(pair);
                    see(self.shown(code, Some(code), 2));
                }
            }
            Codes::Map(map) => {
                let mut rest = string;
                while !rest.is_empty() {
                    let known = (1..=rest.len().min(4)).find_map(|len| {
                        let cid = map.lookup_cid_code(number(&rest[..len]), len as u8)?;
                        Some((len, Some(cid)))
                    });
                    let (len, cid) = known.unwrap_or((rest.len().min(2), None));
                    see(self.shown(number(&rest[..len]), cid, len));
                    rest = &rest[len..];
                }
            }
            Codes::Text(encoding) => {
                let (text, _) = encoding.decode_without_bom_handling(string);
                for letter in text.chars() {
                    let width = if letter.is_ascii() {
                        USUAL_WIDTH
                    } else {
                        self.usual_width
                    };
                    see(Shown {
                        letters: (!is_meaningless(letter)).then(|| letter.to_string()),
                        width: width * self.unit,
                        is_space_code: false,
                    });
                }
            }
        }
    }

    fn shown(&self, code: u32, cid: Option<u32>, len: usize) -> Shown {
        let mapped = self
            .to_unicode
            .as_ref()
            .and_then(|map| map.lookup_bf_string(code));
        let letters = match mapped {
            Some(BfString::Char(letter)) => Some(letter.to_string()),
            Some(BfString::String(letters)) => Some(letters),
            None => None,
        };
        let letters = letters
            .filter(|it| !it.contains(is_meaningless))
            .or_else(|| self.letters.get(code as usize).cloned().flatten());
        let index = cid.unwrap_or(code);
        let width = self
            .widths
            .range(..=index)
            .next_back()
            .filter(|(_, (last, _))| index <= *last)
            .map_or(self.usual_width, |(_, (_, width))| *width);
        Shown {
            letters,
            width: width * self.unit,
            is_space_code: len == 1 && code == 32,
        }
    }
}

/// Characters that stand for nothing outside their font.
fn is_meaningless(letter: char) -> bool {
    matches!(letter, '\0' | '\u{fffd}' | '\u{e000}'..='\u{f8ff}')
}

fn number(bytes: &[u8]) -> u32 {
    bytes
        .iter()
        .fold(0, |sum, byte| sum << 8 | u32::from(*byte))
}

/// The letters of the 256 codes of a simple font (section 9.6.5).
fn letters_of(font: &Dict<'_>) -> Vec<Option<String>> {
    let encoding = font.get::<Object<'_>>("Encoding");
    let base = match &encoding {
        Some(Object::Name(name)) => base_of(name),
        Some(Object::Dict(dict)) => dict
            .get::<Name<'_>>("BaseEncoding")
            .map_or(Base::Standard, |name| base_of(&name)),
        // A font of its own order mostly keeps to what its maker's system had.
        _ if font
            .get::<Name<'_>>("Subtype")
            .is_some_and(|it| it.as_ref() == b"TrueType") =>
        {
            Base::Windows
        }
        _ => Base::Standard,
    };
    let mut letters: Vec<_> = (0..=255).map(|code| glyphs::of_code(base, code)).collect();
    let Some(Object::Dict(dict)) = encoding else {
        return letters;
    };
    let Some(differences) = dict.get::<Array<'_>>("Differences") else {
        return letters;
    };
    let mut code = 0_usize;
    for entry in differences.iter::<Object<'_>>() {
        match entry {
            Object::Number(first) => code = usize::try_from(first.as_i64()).unwrap_or(usize::MAX),
            Object::Name(name) => {
                if let Some(place) = letters.get_mut(code) {
                    *place = glyphs::of_name(name.as_str());
                }
                code = code.saturating_add(1);
            }
            _ => {}
        }
    }
    letters
}

fn base_of(name: &Name<'_>) -> Base {
    match name.as_ref() {
        b"WinAnsiEncoding" => Base::Windows,
        b"MacRomanEncoding" => Base::Macintosh,
        _ => Base::Standard,
    }
}

/// The encoding behind a predefined character map (section 9.7.5.2, table 116).
fn encoding_of(name: &str) -> Option<&'static Encoding> {
    let has = |part: &str| name.contains(part);
    Some(match name {
        _ if has("UCS2") || has("UTF16") => UTF_16BE,
        _ if has("UTF8") => UTF_8,
        _ if has("RKSJ") => SHIFT_JIS,
        _ if name.starts_with("GB") => GBK,
        _ if has("B5") || has("HKscs") => BIG5,
        _ if name.starts_with("KSC") => EUC_KR,
        "EUC-H" | "EUC-V" => EUC_JP,
        _ => return None,
    })
}

/// The table `W` of a composite font: `first [w w …]` or `first last w` (section 9.7.4.3).
fn composite_widths(font: &Dict<'_>) -> BTreeMap<u32, (u32, f64)> {
    let mut widths = BTreeMap::new();
    let Some(array) = font.get::<Array<'_>>("W") else {
        return widths;
    };
    let mut entries = array.iter::<Object<'_>>();
    while let (Some(first), Some(second)) = (entries.next(), entries.next()) {
        let Some(first) = first
            .into_number()
            .and_then(|it| u32::try_from(it.as_i64()).ok())
        else {
            break;
        };
        match second {
            Object::Array(each) => {
                let room = WIDTHS_MAX.saturating_sub(widths.len());
                for (code, width) in (first..).zip(each.iter::<f64>()).take(room) {
                    widths.insert(code, (code, width));
                }
            }
            Object::Number(last) => {
                let width = entries.next().and_then(Object::into_number);
                let (Ok(last), Some(width)) = (u32::try_from(last.as_i64()), width) else {
                    break;
                };
                widths.insert(first, (last, width.as_f64()));
            }
            _ => break,
        }
        if widths.len() >= WIDTHS_MAX {
            break;
        }
    }
    widths
}
