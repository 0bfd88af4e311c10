use std::time::{Duration, Instant};

use image::{Rgb, RgbImage};
use proptest::prelude::*;

use super::*;

/// A picture with structure in both directions and no symmetry.
fn scene(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let shade = (x * 255 / width) as u8;
        let stripe = if (y / 4) % 2 == 0 { 40 } else { 0 };
        Rgb([
            shade / 2 + stripe,
            (y * 255 / height) as u8 / 2 + stripe,
            80,
        ])
    })
}

fn encode(image: &RgbImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn read(bytes: &[u8]) -> Result<Picture, Unreadable> {
    decode_image(bytes, &Limits::default())
}

const FORMATS: [ImageFormat; 6] = [
    ImageFormat::Jpeg,
    ImageFormat::Png,
    ImageFormat::WebP,
    ImageFormat::Gif,
    ImageFormat::Tiff,
    ImageFormat::Bmp,
];

/// Mean difference of two planes, in gray levels.
fn difference(left: &[u8], right: &[u8]) -> f64 {
    let sum: u32 = left
        .iter()
        .zip(right)
        .map(|(a, b)| u32::from(a.abs_diff(*b)))
        .sum();
    f64::from(sum) / left.len() as f64
}

/// Puts an EXIF segment with one orientation entry behind the start of a JPEG.
fn with_orientation(jpeg: &[u8], exif: u8) -> Vec<u8> {
    let mut segment = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    segment.extend([exif, 0, 0, 0, 0, 0, 0]);
    let length = (segment.len() as u16 + 2).to_be_bytes();
    [&jpeg[..2], &[0xff, 0xe1], &length, &segment, &jpeg[2..]].concat()
}

#[test]
fn every_format_gives_the_same_picture() {
    let image = scene(61, 43);
    let expected = pixels::luma(DynamicImage::ImageRgb8(image.clone()));
    for format in FORMATS {
        let picture = read(&encode(&image, format)).unwrap();
        assert_eq!(
            (picture.width_px, picture.height_px),
            (61, 43),
            "{format:?}"
        );
        assert_eq!(picture.partial, None, "{format:?}");
        let lossy = matches!(format, ImageFormat::Jpeg | ImageFormat::Gif);
        let off = difference(&picture.luma, &expected);
        assert!(off <= if lossy { 3.0 } else { 0.0 }, "{format:?}: {off}");
    }
}

#[test]
fn exif_orientation_is_applied() {
    let image = scene(48, 32);
    let jpeg = encode(&image, ImageFormat::Jpeg);
    for exif in 1..=8 {
        let picture = read(&with_orientation(&jpeg, exif)).unwrap();
        let mut upright = DynamicImage::ImageRgb8(image.clone());
        upright.apply_orientation(Orientation::from_exif(exif).unwrap());
        assert_eq!(
            (picture.width_px, picture.height_px),
            (upright.width(), upright.height())
        );
        assert!(
            difference(&picture.luma, &pixels::luma(upright)) < 3.0,
            "EXIF {exif}"
        );
    }
    let nonsense = read(&with_orientation(&jpeg, 77)).unwrap();
    assert_eq!((nonsense.width_px, nonsense.height_px), (48, 32));
}

#[test]
fn the_name_of_a_format_is_in_its_bytes() {
    let refused = read(b"plain words, not a picture").unwrap_err();
    assert_eq!(
        refused.to_string(),
        "unrecognized: the bytes are plain-text, not a picture"
    );
    assert_eq!(read(&[7; 64]).unwrap_err().reason, Reason::Unrecognized);
    assert_eq!(read(b"").unwrap_err().reason, Reason::Empty);
    let avif = read(b"\x00\x00\x00\x1cftypavif\x00\x00\x00\x00mif1").unwrap_err();
    assert_eq!(
        avif.to_string(),
        "unsupported: avif pictures are not supported"
    );
}

/// A PNG that is only a header of the given size.
fn png_header(width: u32, height: u32) -> Vec<u8> {
    let mut chunk = b"IHDR".to_vec();
    chunk.extend(width.to_be_bytes());
    chunk.extend(height.to_be_bytes());
    chunk.extend([8, 6, 0, 0, 0]);
    let mut crc = !0_u32;
    for byte in &chunk {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = crc >> 1 ^ if crc & 1 == 1 { 0xedb8_8320 } else { 0 };
        }
    }
    [
        &b"\x89PNG\r\n\x1a\n\0\0\0\x0d"[..],
        &chunk,
        &(!crc).to_be_bytes(),
        &[0; 4],
        b"IDAT",
    ]
    .concat()
}

#[test]
fn bombs_are_refused_by_their_headers() {
    let started = Instant::now();
    let mut gif = encode(&scene(8, 8), ImageFormat::Gif);
    gif[6..10].copy_from_slice(&[0xff; 4]);
    let mut bmp = encode(&scene(8, 8), ImageFormat::Bmp);
    bmp[18..26].copy_from_slice(&[0x00, 0x80, 0, 0, 0x00, 0x80, 0, 0]);
    let mut jpeg = encode(&scene(8, 8), ImageFormat::Jpeg);
    let frame = jpeg
        .windows(2)
        .position(|pair| pair == [0xff, 0xc0])
        .unwrap();
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0xff; 4]);
    // VP8L: 14 bits each of width and height, less one, behind the signature byte: 16,382 each.
    let mut webp = encode(&scene(8, 8), ImageFormat::WebP);
    webp[21..25].copy_from_slice(&[0xfd, 0x7f, 0xff, 0x0f]);
    let png = png_header(100_000, 100_000);
    for (name, bomb) in [
        ("gif", gif),
        ("bmp", bmp),
        ("jpeg", jpeg),
        ("webp", webp),
        ("png", png),
    ] {
        let refused = read(&bomb).unwrap_err();
        assert_eq!(refused.reason, Reason::Limit, "{name}: {refused}");
    }
    assert!(started.elapsed() < Duration::from_secs(2));
}

#[test]
fn the_pixel_limit_is_exact() {
    let png = encode(&scene(10, 10), ImageFormat::Png);
    let within = Limits {
        image_pixels: 100,
        ..Limits::default()
    };
    assert!(decode_image(&png, &within).is_ok());
    let beyond = Limits {
        image_pixels: 99,
        ..Limits::default()
    };
    let refused = decode_image(&png, &beyond).unwrap_err();
    assert_eq!(refused.to_string(), "limit: 10 x 10 pixels, limit 99");
    assert_eq!(
        thumbnail_jpeg(&png, 4, &beyond).unwrap_err().reason,
        Reason::Limit
    );
}

#[test]
fn pictures_cut_short_are_partial_or_corrupt() {
    let image = scene(64, 64);
    for format in FORMATS {
        let bytes = encode(&image, format);
        for sixteenths in 1..16 {
            let cut = &bytes[..bytes.len() * sixteenths / 16];
            match read(cut) {
                Ok(picture) => {
                    assert_eq!(picture.luma.len(), 64 * 64);
                    let is_noted = picture.partial.is_some();
                    assert!(
                        is_noted || format == ImageFormat::Tiff,
                        "{format:?} {sixteenths}/16"
                    );
                }
                Err(refused) => {
                    let expected = [Reason::Corrupt, Reason::Unrecognized];
                    assert!(expected.contains(&refused.reason), "{format:?}: {refused}");
                }
            }
        }
    }
}

#[test]
fn a_jpeg_that_breaks_off_keeps_its_top() {
    let image = scene(128, 128);
    let bytes = encode(&image, ImageFormat::Jpeg);
    let cut = read(&bytes[..bytes.len() * 3 / 4]).unwrap();
    assert_eq!(
        cut.partial.as_deref(),
        Some("truncated: the end of the picture is missing")
    );
    let whole = read(&bytes).unwrap();
    let top = 128 * 32;
    assert_eq!(cut.luma[..top], whole.luma[..top]);
    let headless = read(&bytes[..200]).unwrap_err();
    assert_eq!(
        headless.to_string(),
        "corrupt: truncated: no picture behind the header"
    );
}

#[test]
fn a_jpeg_of_a_thousand_scans_is_refused() {
    let jpeg = encode(&scene(16, 16), ImageFormat::Jpeg);
    let scan = jpeg
        .windows(2)
        .position(|pair| pair == [0xff, 0xda])
        .unwrap();
    let mut bomb = jpeg[..jpeg.len() - 2].to_vec();
    // A comment that looks like the end must not end the count.
    bomb.extend([0xff, 0xfe, 0x00, 0x04, 0xff, 0xd9]);
    for _ in 0..1_000 {
        bomb.extend(&jpeg[scan..scan + 20]);
    }
    let refused = read(&bomb).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "limit: more than 256 scans in one JPEG"
    );
}

#[test]
fn thumbnails_are_small_upright_jpegs() {
    let limits = Limits::default();
    let jpeg = with_orientation(&encode(&scene(300, 200), ImageFormat::Jpeg), 6);
    let small = read(&thumbnail_jpeg(&jpeg, 60, &limits).unwrap()).unwrap();
    assert_eq!((small.width_px, small.height_px), (40, 60));
    let tiny = encode(&scene(9, 5), ImageFormat::Png);
    let kept = read(&thumbnail_jpeg(&tiny, 60, &limits).unwrap()).unwrap();
    assert_eq!((kept.width_px, kept.height_px), (9, 5));
    let dot = read(&thumbnail_jpeg(&jpeg, 0, &limits).unwrap()).unwrap();
    assert_eq!((dot.width_px, dot.height_px), (1, 1));
    assert!(thumbnail_jpeg(b"nothing", 60, &limits).is_err());
}

#[test]
fn of_an_animation_the_first_frame_counts() {
    let mut bytes = Vec::new();
    let mut encoder = image::codecs::gif::GifEncoder::new(&mut bytes);
    for shade in [200_u8, 10] {
        let frame = image::RgbaImage::from_pixel(12, 9, image::Rgba([shade, shade, shade, 255]));
        encoder.encode_frame(image::Frame::new(frame)).unwrap();
    }
    drop(encoder);
    let picture = read(&bytes).unwrap();
    assert_eq!((picture.width_px, picture.height_px), (12, 9));
    assert!(picture.luma.iter().all(|gray| gray.abs_diff(200) < 3));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn damaged_pictures_never_panic(
        format in 0..FORMATS.len(),
        damage in proptest::collection::vec((any::<u16>(), any::<u8>()), 1..12),
    ) {
        let mut bytes = encode(&scene(24, 16), FORMATS[format]);
        let length = bytes.len();
        for (place, value) in damage {
            bytes[usize::from(place) % length] = value;
        }
        let limits = Limits { image_pixels: 1 << 20, ..Limits::default() };
        let outcome = decode_image(&bytes, &limits);
        prop_assert_eq!(&outcome, &decode_image(&bytes, &limits));
        if let Err(refused) = outcome {
            prop_assert_ne!(refused.reason, Reason::Panicked, "{}", refused);
        }
    }
}
