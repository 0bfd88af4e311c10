//! Codes by `iscc-lib`, the implementation of ISO 24138 in Rust by its authors.

use clearance_decode::{Limits, decode_image};
use clearance_fingerprint::image::small_gray;

use super::Unit;
use crate::Print;

/// Letters that a text has at least: the code of a few words is that of many texts.
const LEAST_LETTERS: usize = 64;
/// Longer texts get no Content-Code: the library holds a number for each of their letters.
const TEXT_BYTES_MAX: usize = 16 << 20;
/// Sides of the picture that a Content-Code is made of (ISO 24138, section 5.4.3).
const SIDE_PX: usize = 32;

pub(super) fn units(code: &str) -> Vec<Unit> {
    let units = iscc_lib::iscc_decompose(code).unwrap_or_default();
    let decoded = units.iter().filter_map(|unit| {
        let (main_type, subtype, _, _, body) = iscc_lib::iscc_decode(unit).ok()?;
        Some(Unit {
            kind: (main_type, subtype),
            body: u64::from_be_bytes(*body.first_chunk()?),
        })
    });
    decoded.collect()
}

pub(super) fn of(print: &Print, bytes: Option<&[u8]>, limits: &Limits) -> Option<String> {
    let content = match print {
        Print::Text { text } => text_code(text),
        Print::Image { .. } => bytes.and_then(|bytes| image_code(bytes, limits)),
        Print::Audio(_) => None,
    };
    let Some(bytes) = bytes else { return content };
    let data = iscc_lib::gen_data_code_v0(bytes, 64).ok()?.iscc;
    let instance = iscc_lib::gen_instance_code_v0(bytes, 64).ok()?.iscc;
    let units: Vec<&str> = content
        .iter()
        .map(String::as_str)
        .chain([data.as_str(), &instance])
        .collect();
    let whole = iscc_lib::gen_iscc_code_v0(&units, false).ok()?;
    Some(whole.iscc)
}

fn text_code(text: &str) -> Option<String> {
    if text.len() > TEXT_BYTES_MAX {
        return None;
    }
    let code = iscc_lib::gen_text_code_v0(text, 64).ok()?;
    (code.characters >= LEAST_LETTERS).then_some(code.iscc)
}

/// Of the picture upright and on white, without empty borders, in gray and 32 × 32.
fn image_code(bytes: &[u8], limits: &Limits) -> Option<String> {
    let picture = decode_image(bytes, limits).ok()?;
    let size = (picture.width_px as usize, picture.height_px as usize);
    let small = small_gray(&picture.luma, size, SIDE_PX)?;
    let code = iscc_lib::gen_image_code_v0(&small, 64).ok()?;
    Some(code.iscc)
}
