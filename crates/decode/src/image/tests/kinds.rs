//! Kinds of pixels that files store, and files that lie about them.

use std::time::{Duration, Instant};

use image::{DynamicImage, ImageFormat};

use super::make::{PNG_SIGNATURE, bomb, chunk, png, png_header, scene};
use super::{difference, encode, read};
use crate::image::pixels;
use crate::{Limits, Reason, decode_image};

#[test]
fn pixels_of_every_width_become_their_luma() {
    let rgba = image::RgbaImage::from_fn(31, 17, |x, y| {
        image::Rgba([x as u8 * 8, y as u8 * 15, 90, 255 - x as u8 * 4])
    });
    let seen = DynamicImage::ImageRgba8(rgba);
    let kinds = [
        DynamicImage::ImageLuma8(seen.to_luma8()),
        DynamicImage::ImageLumaA8(seen.to_luma_alpha8()),
        DynamicImage::ImageRgb8(seen.to_rgb8()),
        seen.clone(),
        DynamicImage::ImageLuma16(seen.to_luma16()),
        DynamicImage::ImageLumaA16(seen.to_luma_alpha16()),
        DynamicImage::ImageRgb16(seen.to_rgb16()),
        DynamicImage::ImageRgba16(seen.to_rgba16()),
        DynamicImage::ImageRgb32F(seen.to_rgb32f()),
        DynamicImage::ImageRgba32F(seen.to_rgba32f()),
    ];
    let mut count = 0;
    for kind in kinds {
        let expected = pixels::luma(kind.clone());
        for format in [ImageFormat::Png, ImageFormat::Tiff, ImageFormat::Bmp] {
            if format == ImageFormat::Bmp && kind.color().has_alpha() {
                continue;
            }
            let mut bytes = std::io::Cursor::new(Vec::new());
            if kind.write_to(&mut bytes, format).is_err() {
                continue;
            }
            let Ok(picture) = read(bytes.get_ref()) else {
                panic!("{format:?} {:?} is written and not read", kind.color());
            };
            count += 1;
            let off = difference(&picture.luma, &expected);
            assert!(off < 0.6, "{format:?} {:?}: {off}", kind.color());
        }
    }
    assert!(count >= 15, "{count}");
}

#[test]
fn few_bits_and_palettes_are_spread_out() {
    // Nine pixels: a byte and one more bit.
    let one = png(
        &png_header((9, 2), 1, 0, false),
        &[],
        &[0, 0xaa, 0x80, 0, 0x55, 0x00],
    );
    let dark = [255, 0].repeat(9);
    let expected: Vec<u8> = [&dark[..9], &dark[1..10]].concat();
    assert_eq!(read(&one).unwrap().luma, expected);

    let two = png(&png_header((4, 1), 2, 0, false), &[], &[0, 0b00_01_10_11]);
    assert_eq!(read(&two).unwrap().luma, [0, 85, 170, 255]);

    let colors = chunk(*b"PLTE", &[0, 0, 0, 255, 0, 0, 0, 255, 0, 7, 7, 7]);
    let clear = chunk(*b"tRNS", &[255, 255, 255, 0]);
    let rows = [0, 0b00_01_10_11];
    let header = png_header((4, 1), 2, 3, false);
    let opaque = read(&png(&header, std::slice::from_ref(&colors), &rows)).unwrap();
    assert_eq!(opaque.luma, [0, 76, 150, 7]);
    let holed = read(&png(&header, &[colors, clear], &rows)).unwrap();
    assert_eq!(holed.luma, [0, 76, 150, 255]);

    let deep = png(
        &png_header((2, 1), 16, 4, false),
        &[],
        &[0, 0x80, 0x80, 0xff, 0xff, 9, 9, 0, 0],
    );
    assert_eq!(read(&deep).unwrap().luma, [128, 255]);
}

#[test]
fn interlaced_rows_are_put_in_place() {
    // Eight by eight, each pixel its place; passes of the PNG specification, 8.2.
    let passes = [
        (0, 0, 8, 8),
        (4, 0, 8, 8),
        (0, 4, 4, 8),
        (2, 0, 4, 4),
        (0, 2, 2, 4),
        (1, 0, 2, 2),
        (0, 1, 1, 2),
    ];
    let mut rows = Vec::new();
    for (left, top, across, down) in passes {
        for y in (top..8_u8).step_by(down) {
            rows.push(0);
            rows.extend((left..8_u8).step_by(across).map(|x| y * 8 + x));
        }
    }
    let picture = read(&png(&png_header((8, 8), 8, 0, true), &[], &rows)).unwrap();
    assert_eq!(picture.luma, (0..64).collect::<Vec<u8>>());
}

/// A TIFF of one strip, little-endian, with short values only.
fn tiff(size: (u16, u16), photometric: u16, samples: u16, data: &[u8]) -> Vec<u8> {
    let bits_at = 8 + 2 + 10 * 12 + 4_u32;
    let data_at = bits_at + 8;
    let entries = [
        (256, 3, 1, u32::from(size.0)),
        (257, 3, 1, u32::from(size.1)),
        (
            258,
            3,
            u32::from(samples),
            if samples > 2 { bits_at } else { 8 },
        ),
        (259, 3, 1, 1),
        (262, 3, 1, u32::from(photometric)),
        (273, 4, 1, data_at),
        (274, 3, 1, 1),
        (277, 3, 1, u32::from(samples)),
        (278, 3, 1, u32::from(size.1)),
        (279, 4, 1, data.len() as u32),
    ];
    let mut bytes = b"II\x2a\0\x08\0\0\0\x0a\0".to_vec();
    for (tag, kind, count, value) in entries {
        bytes.extend((tag as u16).to_le_bytes());
        bytes.extend((kind as u16).to_le_bytes());
        bytes.extend(count.to_le_bytes());
        bytes.extend(value.to_le_bytes());
    }
    bytes.extend([0; 4]);
    bytes.extend([8, 0].repeat(4));
    bytes.extend(data);
    bytes
}

#[test]
fn tiffs_of_ink_and_of_inverted_gray_are_read() {
    let inks = tiff(
        (4, 1),
        5,
        4,
        &[0, 0, 0, 0, 0, 0, 0, 255, 255, 0, 0, 0, 0, 0, 0, 128],
    );
    let luma = read(&inks).unwrap().luma;
    let off: Vec<u8> = luma
        .iter()
        .zip([255, 0, 179, 127])
        .map(|(a, b)| a.abs_diff(b))
        .collect();
    assert!(off.iter().all(|it| *it <= 1), "{luma:?}");
    let white_is_zero = tiff((3, 1), 0, 1, &[0, 100, 255]);
    assert_eq!(read(&white_is_zero).unwrap().luma, [255, 155, 0]);
}

#[test]
fn tiffs_of_four_gigapixels_are_refused() {
    let refused = read(&tiff((0xffff, 0xffff), 1, 1, &[1])).unwrap_err();
    let expected = "limit: 65535 x 65535 pixels, limit 200000000";
    assert_eq!(refused.to_string(), expected);
}

#[test]
fn a_bmp_of_two_colors_stands_upright() {
    // Rows from the bottom, padded to four bytes; the palette is blue, green, red, nothing.
    let mut bmp = b"BM".to_vec();
    for number in [70_u32, 0, 62, 40, 3, 2] {
        bmp.extend(number.to_le_bytes());
    }
    bmp.extend([1, 0, 1, 0]);
    for number in [0_u32, 8, 0, 0, 2, 0] {
        bmp.extend(number.to_le_bytes());
    }
    bmp.extend([0, 0, 0, 0, 255, 255, 255, 0]);
    bmp.extend([0b1000_0000, 0, 0, 0, 0b0110_0000, 0, 0, 0]);
    assert_eq!(read(&bmp).unwrap().luma, [0, 255, 255, 255, 0, 0]);
}

#[test]
fn pictures_without_pixels_are_corrupt() {
    let rows = [0, 0];
    for size in [(0, 4), (4, 0)] {
        let refused = read(&png(&png_header(size, 8, 0, false), &[], &rows)).unwrap_err();
        assert_eq!(refused.reason, Reason::Corrupt, "{refused}");
        let refused = read(&tiff((size.0 as u16, size.1 as u16), 1, 1, &[1])).unwrap_err();
        assert_eq!(refused.reason, Reason::Corrupt, "{refused}");
    }
    let mut gif = encode(&scene(8, 8), ImageFormat::Gif);
    gif[6..8].fill(0);
    assert_eq!(read(&gif).unwrap_err().reason, Reason::Corrupt);
}

#[test]
fn data_that_grow_beyond_the_picture_cost_nothing() {
    let started = Instant::now();
    // 0.8 MB of copies are 129 MB of zeros, for eight rows of eight, and for a color profile.
    let zeros = bomb(500_000);
    let header = png_header((8, 8), 8, 0, false);
    let end = chunk(*b"IEND", &[]);
    let data = chunk(*b"IDAT", &zeros);
    let surplus = [PNG_SIGNATURE, &header, &data, &end].concat();
    if let Ok(picture) = read(&surplus) {
        assert_eq!(picture.luma, [0; 64]);
    }
    let profile = chunk(*b"iCCP", &[b"x\0\0", &zeros[..]].concat());
    let rows = [0; 72];
    let mut limits = Limits {
        image_pixels: 64,
        ..Limits::default()
    };
    let profiled = png(&header, &[profile], &rows);
    if let Ok(picture) = decode_image(&profiled, &limits) {
        assert_eq!(picture.luma, [0; 64]);
    }
    limits.image_pixels = 63;
    assert_eq!(
        decode_image(&surplus, &limits).unwrap_err().reason,
        Reason::Limit
    );
    assert!(started.elapsed() < Duration::from_secs(20));
}

#[test]
fn a_wrong_checksum_is_corrupt() {
    let mut bytes = png(&png_header((4, 1), 8, 0, false), &[], &[0, 1, 2, 3, 4]);
    let data = bytes.windows(4).position(|it| it == b"IDAT").unwrap();
    bytes[data - 5] ^= 1;
    assert_eq!(read(&bytes).unwrap_err().reason, Reason::Corrupt);
}
