//! Pictures put together byte by byte, of kinds that the library does not write.

use std::io::Cursor;

use image::{ImageFormat, RgbImage};

/// A lossy WebP of 24 x 17 pixels without transparency, of a color gradient with squares, written
/// by libwebp at quality 40.
pub(in crate::image) const LOSSY_WEBP: [u8; 172] = [
    0x52, 0x49, 0x46, 0x46, 0xa4, 0x00, 0x00, 0x00, 0x57, 0x45, 0x42, 0x50, 0x56, 0x50, 0x38, 0x20,
    0x98, 0x00, 0x00, 0x00, 0x30, 0x06, 0x00, 0x9d, 0x01, 0x2a, 0x18, 0x00, 0x11, 0x00, 0x3e, 0xe5,
    0x62, 0xa6, 0x4d, 0xa9, 0x25, 0xa3, 0xa2, 0x30, 0x0c, 0x01, 0x20, 0x1c, 0x89, 0x6c, 0x00, 0x9d,
    0x32, 0x84, 0x7f, 0x80, 0xaf, 0xf9, 0xff, 0xd1, 0xff, 0x92, 0xdc, 0x06, 0x2b, 0xf2, 0x68, 0x58,
    0x09, 0xbf, 0x0e, 0x61, 0x33, 0x4f, 0x9f, 0xb1, 0x45, 0x2c, 0xc0, 0x6b, 0x69, 0x40, 0x00, 0xfe,
    0xec, 0x3d, 0x61, 0xd2, 0x54, 0xda, 0x10, 0xc8, 0x0d, 0x13, 0x31, 0x3d, 0xdb, 0xfd, 0xc9, 0xa3,
    0x44, 0xc1, 0xbc, 0xce, 0xe5, 0xff, 0xa3, 0xae, 0x92, 0xaa, 0x3b, 0x66, 0x25, 0x19, 0xba, 0xa7,
    0xf5, 0x92, 0x41, 0x94, 0xaa, 0xee, 0xe0, 0x41, 0xce, 0x23, 0x26, 0x94, 0x41, 0x4e, 0x3d, 0x08,
    0xc1, 0x5f, 0x88, 0xb4, 0xb7, 0x72, 0xf4, 0x71, 0x5b, 0xc1, 0xe0, 0xe5, 0xb1, 0x4b, 0x75, 0xc6,
    0x43, 0x0c, 0x32, 0x04, 0x03, 0x38, 0x7b, 0xdd, 0xb2, 0x95, 0x03, 0x3c, 0xc3, 0xc2, 0x7c, 0x15,
    0x1f, 0x13, 0x1f, 0x4c, 0x7c, 0x12, 0x8c, 0xaa, 0x78, 0x00, 0x00, 0x00,
];

/// A picture with structure in both directions and no symmetry.
pub(in crate::image) fn scene(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let shade = (x * 255 / width) as u8;
        let stripe = if (y / 4) % 2 == 0 { 40 } else { 0 };
        let across = (y * 255 / height) as u8;
        image::Rgb([shade / 2 + stripe, across / 2 + stripe, 80])
    })
}

pub(in crate::image) fn encode(image: &RgbImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// One gray for the whole frame.
pub(in crate::image) fn flat(width: u32, height: u32, gray: u8) -> RgbImage {
    RgbImage::from_pixel(width, height, image::Rgb([gray; 3]))
}

pub(in crate::image) fn gif(frames: &[RgbImage]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = image::codecs::gif::GifEncoder::new(&mut bytes);
    for frame in frames {
        let frame = image::DynamicImage::ImageRgb8(frame.clone()).to_rgba8();
        encoder.encode_frame(image::Frame::new(frame)).unwrap();
    }
    drop(encoder);
    bytes
}

/// A PNG chunk with its checksum.
pub(in crate::image) fn chunk(name: [u8; 4], content: &[u8]) -> Vec<u8> {
    let named = [&name[..], content].concat();
    let mut crc = !0_u32;
    for byte in &named {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = crc >> 1 ^ if crc & 1 == 1 { 0xedb8_8320 } else { 0 };
        }
    }
    let length = (content.len() as u32).to_be_bytes();
    [&length[..], &named, &(!crc).to_be_bytes()].concat()
}

pub(in crate::image) const PNG_SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// A PNG header: bits a sample, and a color type of the PNG specification, table 7.
pub(in crate::image) fn png_header(size: (u32, u32), bits: u8, color: u8, adam7: bool) -> Vec<u8> {
    let sides = [size.0.to_be_bytes(), size.1.to_be_bytes()].concat();
    chunk(
        *b"IHDR",
        &[&sides[..], &[bits, color, 0, 0, adam7.into()]].concat(),
    )
}

/// A PNG of rows that are stored without compression; each begins with its filter, 0.
pub(in crate::image) fn png(header: &[u8], before: &[Vec<u8>], rows: &[u8]) -> Vec<u8> {
    let end = chunk(*b"IEND", &[]);
    let data = chunk(*b"IDAT", &stored(rows));
    [PNG_SIGNATURE, header, &before.concat(), &data, &end].concat()
}

/// A zlib stream of one stored block (RFC 1950 and 1951).
pub(in crate::image) fn stored(bytes: &[u8]) -> Vec<u8> {
    let (mut low, mut high) = (1_u32, 0_u32);
    for byte in bytes {
        low = (low + u32::from(*byte)) % 65_521;
        high = (high + low) % 65_521;
    }
    let length = bytes.len() as u16;
    let head = [length.to_le_bytes(), (!length).to_le_bytes()].concat();
    let sum = (high << 16 | low).to_be_bytes();
    [&[0x78, 1, 1], &head[..], bytes, &sum].concat()
}

/// A zlib stream that grows to 258 zeros for every 13 bits: fixed codes (RFC 1951, 3.2.6), one
/// zero and then the longest copies of it. It has no end.
pub(in crate::image) fn bomb(copies: usize) -> Vec<u8> {
    let mut bits = vec![true, true, false];
    // Literal 0 is the code 00110000; length 258 is 11000101, distance 1 is 00000.
    bits.extend(b"00110000".map(|bit| bit == b'1'));
    for _ in 0..copies {
        bits.extend(b"1100010100000".map(|bit| bit == b'1'));
    }
    let bytes = bits.chunks(8).map(|eight| {
        let bits = eight.iter().rev();
        bits.fold(0, |byte, bit| byte << 1 | u8::from(*bit))
    });
    [0x78, 1].into_iter().chain(bytes).collect()
}

/// An animated PNG of frames of one size; `is_apart` puts a still picture before them that is not
/// part of the animation.
pub(in crate::image) fn apng(frames: &[RgbImage], still: Option<&RgbImage>) -> Vec<u8> {
    let (width, height) = frames[0].dimensions();
    let count = frames.len() as u32;
    let control = [count.to_be_bytes(), [0; 4]].concat();
    let mut bytes = [
        PNG_SIGNATURE,
        &png_header((width, height), 8, 2, false),
        &chunk(*b"acTL", &control),
    ]
    .concat();
    let rows = |image: &RgbImage| {
        let rows = image.as_raw().chunks(width as usize * 3);
        stored(
            &rows
                .flat_map(|row| [&[0], row].concat())
                .collect::<Vec<u8>>(),
        )
    };
    if let Some(still) = still {
        bytes.extend(chunk(*b"IDAT", &rows(still)));
    }
    let mut sequence = 0_u32;
    for (index, frame) in frames.iter().enumerate() {
        let number = |sequence: &mut u32| {
            *sequence += 1;
            (*sequence - 1).to_be_bytes()
        };
        let sides = [width.to_be_bytes(), height.to_be_bytes(), [0; 4], [0; 4]].concat();
        let first = number(&mut sequence);
        bytes.extend(chunk(
            *b"fcTL",
            &[&first[..], &sides, &[0, 1, 0, 10, 0, 0]].concat(),
        ));
        if index == 0 && still.is_none() {
            bytes.extend(chunk(*b"IDAT", &rows(frame)));
        } else {
            let second = number(&mut sequence);
            bytes.extend(chunk(*b"fdAT", &[&second[..], &rows(frame)].concat()));
        }
    }
    bytes.extend(chunk(*b"IEND", &[]));
    bytes
}

/// A chunk of a WebP file.
pub(in crate::image) fn riff(name: [u8; 4], content: &[u8]) -> Vec<u8> {
    let length = (content.len() as u32).to_le_bytes();
    let padding = vec![0; content.len() % 2];
    [&name[..], &length, content, &padding].concat()
}

/// An extended WebP: flags, canvas, and what follows.
pub(in crate::image) fn extended_webp(flags: u8, size: (u32, u32), rest: &[u8]) -> Vec<u8> {
    let head = [
        &[flags, 0, 0, 0][..],
        &three(size.0 - 1),
        &three(size.1 - 1),
    ]
    .concat();
    riff(
        *b"RIFF",
        &[b"WEBP", &riff(*b"VP8X", &head)[..], rest].concat(),
    )
}

fn three(number: u32) -> [u8; 3] {
    let [low, middle, high, _] = number.to_le_bytes();
    [low, middle, high]
}

/// An animated WebP of lossless frames that fill the canvas.
pub(in crate::image) fn animated_webp(frames: &[RgbImage]) -> Vec<u8> {
    let size = frames[0].dimensions();
    let mut rest = riff(*b"ANIM", &[0; 6]);
    for frame in frames {
        // Behind 12 bytes of file header, one chunk is the whole picture.
        let data = &encode(frame, ImageFormat::WebP)[12..];
        let head = [
            &[0; 6][..],
            &three(size.0 - 1),
            &three(size.1 - 1),
            &[50, 0, 0, 2],
        ]
        .concat();
        rest.extend(riff(*b"ANMF", &[&head[..], data].concat()));
    }
    extended_webp(0x02, size, &rest)
}
