//! Small files that claim to be huge, or are nested deeper than any reader should follow.

use crate::encode;

/// Every bomb of this module with a file name.
pub fn header_bombs() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("bomb.png", png_bomb(100_000, 100_000)),
        ("bomb.gif", gif_bomb(65_535, 65_535)),
        ("bomb.bmp", bmp_bomb(60_000, 60_000)),
        ("bomb.jpg", jpeg_bomb(65_500, 65_500)),
        ("bomb.webp", webp_bomb(16_383, 16_383)),
        ("bomb.tiff", tiff_bomb(100_000, 100_000)),
        ("bomb.wav", wav_length_lie(u32::MAX)),
        ("bomb.gz", gzip_lie()),
    ]
}

/// A PNG whose header, with a correct checksum, announces `width` by `height` pixels of 16-bit
/// RGBA and whose pixels are an empty stream (PNG specification, third edition, section 11).
pub fn png_bomb(width: u32, height: u32) -> Vec<u8> {
    let mut header = Vec::new();
    header.extend_from_slice(&width.to_be_bytes());
    header.extend_from_slice(&height.to_be_bytes());
    header.extend_from_slice(&[16, 6, 0, 0, 0]);
    // An empty zlib stream: header, one empty final block, Adler-32 of nothing.
    let pixels = [0x78, 0x9C, 0x03, 0x00, 0x00, 0x00, 0x00, 0x01];
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    for (name, payload) in [(b"IHDR", &header[..]), (b"IDAT", &pixels), (b"IEND", &[])] {
        bytes.extend_from_slice(&(payload.len() as u32).to_be_bytes());
        let checked = bytes.len();
        bytes.extend_from_slice(name);
        bytes.extend_from_slice(payload);
        let checksum = crc_32(&bytes[checked..]);
        bytes.extend_from_slice(&checksum.to_be_bytes());
    }
    bytes
}

/// A GIF of two colours and one code (Graphics Interchange Format, version 89a, 1990).
pub fn gif_bomb(width: u16, height: u16) -> Vec<u8> {
    let mut bytes = b"GIF89a".to_vec();
    let size = [width.to_le_bytes(), height.to_le_bytes()].concat();
    bytes.extend_from_slice(&size);
    bytes.extend_from_slice(&[0x80, 0, 0, 0, 0, 0, 255, 255, 255, b',', 0, 0, 0, 0]);
    bytes.extend_from_slice(&size);
    bytes.extend_from_slice(&[0, 2, 2, 0x4C, 0x01, 0, b';']);
    bytes
}

/// A BMP header for 24-bit pixels that are not there; readers take sides up to 65,535.
pub fn bmp_bomb(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = b"BM".to_vec();
    for number in [u32::MAX, 0, 54, 40, width, height] {
        bytes.extend_from_slice(&number.to_le_bytes());
    }
    bytes.extend_from_slice(&[1, 0, 24, 0]);
    bytes.resize(64, 0);
    bytes
}

/// A grey baseline JPEG with a frame header (ITU-T T.81, B.2.2) and no scan.
pub fn jpeg_bomb(width: u16, height: u16) -> Vec<u8> {
    let mut bytes = vec![0xFF, 0xD8, 0xFF, 0xDB, 0x00, 0x43, 0x00];
    bytes.resize(bytes.len() + 64, 16);
    bytes.extend_from_slice(&[0xFF, 0xC0, 0x00, 0x0B, 8]);
    bytes.extend_from_slice(&height.to_be_bytes());
    bytes.extend_from_slice(&width.to_be_bytes());
    bytes.extend_from_slice(&[1, 1, 0x11, 0, 0xFF, 0xD9]);
    bytes
}

/// A lossless WebP header, sides up to 16,384, with four bytes of picture (RFC 9649, 3.4).
pub fn webp_bomb(width: u32, height: u32) -> Vec<u8> {
    let sides = (width.clamp(1, 16_384) - 1) | ((height.clamp(1, 16_384) - 1) << 14);
    let mut bytes = b"RIFF".to_vec();
    bytes.extend_from_slice(&22_u32.to_le_bytes());
    bytes.extend_from_slice(b"WEBPVP8L");
    bytes.extend_from_slice(&9_u32.to_le_bytes());
    bytes.push(0x2F);
    bytes.extend_from_slice(&sides.to_le_bytes());
    // The chunk is padded to an even length.
    bytes.extend_from_slice(&[0, 0, 0, 0, 0]);
    bytes
}

/// A little-endian TIFF with one strip of 24-bit pixels beyond the end of the file (TIFF 6.0).
pub fn tiff_bomb(width: u32, height: u32) -> Vec<u8> {
    const SHORT: u16 = 3;
    const LONG: u16 = 4;
    let fields: [(u16, u16, u32, u32); 8] = [
        (256, LONG, 1, width),
        (257, LONG, 1, height),
        (258, SHORT, 1, 8),
        (259, SHORT, 1, 1),
        (262, SHORT, 1, 1),
        (273, LONG, 1, 4096),
        (278, LONG, 1, height),
        (279, LONG, 1, u32::MAX),
    ];
    let mut bytes = b"II*\0".to_vec();
    bytes.extend_from_slice(&8_u32.to_le_bytes());
    bytes.extend_from_slice(&(fields.len() as u16).to_le_bytes());
    for (tag, kind, count, value) in fields {
        bytes.extend_from_slice(&tag.to_le_bytes());
        bytes.extend_from_slice(&kind.to_le_bytes());
        bytes.extend_from_slice(&count.to_le_bytes());
        bytes.extend_from_slice(&value.to_le_bytes());
    }
    bytes.extend_from_slice(&0_u32.to_le_bytes());
    bytes
}

/// A WAV file of a hundredth of a second whose headers claim `claimed_bytes` of samples.
pub fn wav_length_lie(claimed_bytes: u32) -> Vec<u8> {
    let mut bytes = encode::wav(&[0.25; 220], 22_050);
    bytes[4..8].copy_from_slice(&claimed_bytes.to_le_bytes());
    bytes[40..44].copy_from_slice(&claimed_bytes.to_le_bytes());
    bytes
}

/// A gzip file (RFC 1952) of one empty block whose trailer claims 4 GiB less one byte.
pub fn gzip_lie() -> Vec<u8> {
    let mut bytes = vec![0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255, 0x03, 0x00, 0, 0, 0, 0];
    bytes.extend_from_slice(&u32::MAX.to_le_bytes());
    bytes
}

/// HTML with `depth` elements inside one another around one word.
pub fn nested_html(depth: usize) -> String {
    format!("{}deep{}", "<div>".repeat(depth), "</div>".repeat(depth))
}

/// CRC-32 as PNG uses it (ISO 3309; PNG specification, annex D).
fn crc_32(bytes: &[u8]) -> u32 {
    let mut register = u32::MAX;
    for &byte in bytes {
        register ^= u32::from(byte);
        for _ in 0..8 {
            let is_odd = register & 1 == 1;
            register >>= 1;
            if is_odd {
                register ^= 0xEDB8_8320;
            }
        }
    }
    !register
}

#[cfg(test)]
mod tests;
