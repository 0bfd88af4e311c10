//! ISCC (ISO 24138): a self-describing header of four fields and a body whose length follows from
//! them, in base32 (RFC 4648, section 6) without padding.

use super::{IdentifierError, IdentifierKind, form_error};

const PREFIX: &str = "ISCC:";
const EXPECTED: &str = "ISCC: and a base32 code whose header fits its length, as in \
                        ISCC:EEA4GQZQTY6J5DTH";

/// Most base32 characters of any code: a 2-byte header and 40 bytes of units.
const CODE_CHARACTERS_MAX: usize = 68;

/// `ISCC:` and the code in upper case. `bare` comes without the prefix; hyphens are tolerated.
pub(super) fn canonical(bare: &str) -> Result<String, IdentifierError> {
    let form = || form_error(IdentifierKind::Iscc, bare, EXPECTED);
    let code: String = bare
        .chars()
        .filter(|&c| c != '-')
        .map(|c| c.to_ascii_uppercase())
        .collect();
    let bytes = base32(&code).ok_or_else(form)?;
    let [types, version_and_length, body @ ..] = bytes.as_slice() else {
        return Err(form());
    };
    // A field of 8 or more would spill into further header nibbles; no defined one does.
    let fields = [
        types >> 4,
        types & 0xF,
        version_and_length >> 4,
        version_and_length & 0xF,
    ];
    if fields.iter().any(|&field| field > 7) || body_bits(fields) != Some(body.len() * 8) {
        return Err(form());
    }
    Ok(format!("{PREFIX}{code}"))
}

/// Body length in bits for the header fields main type, sub type, version and length; nothing for a
/// version this crate does not know.
fn body_bits([main_type, sub_type, version, length]: [u8; 4]) -> Option<usize> {
    const COMPOSITE: u8 = 5;
    const ISCC_ID: u8 = 6;
    const SUB_TYPE_WIDE: u8 = 7;
    let length = usize::from(length);
    match (main_type, sub_type, version) {
        // Two 128-bit units: data and instance.
        (COMPOSITE, SUB_TYPE_WIDE, 0) => (length == 0).then_some(256),
        // 64-bit units: data, instance, and one for each bit set among meta, semantic, content.
        (COMPOSITE, _, 0) => Some((2 + length.count_ones() as usize) * 64),
        // A 64-bit identifier and a counter of `length` bytes.
        (ISCC_ID, _, 0 | 1) => Some(64 + length * 8),
        (_, _, 0) => Some((length + 1) * 32),
        _ => None,
    }
}

/// Decodes unpadded base32, refusing leftover bits that are not zero, so that no two spellings name
/// the same bytes.
fn base32(code: &str) -> Option<Vec<u8>> {
    if code.len() > CODE_CHARACTERS_MAX {
        return None;
    }
    let mut bytes = Vec::with_capacity(code.len() * 5 / 8);
    let (mut pending, mut pending_bits) = (0_u32, 0_u32);
    for character in code.bytes() {
        let value = match character {
            b'A'..=b'Z' => character - b'A',
            b'2'..=b'7' => character - b'2' + 26,
            _ => return None,
        };
        pending = pending << 5 | u32::from(value);
        pending_bits += 5;
        if pending_bits >= 8 {
            pending_bits -= 8;
            bytes.push((pending >> pending_bits) as u8);
            pending &= (1 << pending_bits) - 1;
        }
    }
    (pending == 0 && pending_bits < 5).then_some(bytes)
}
