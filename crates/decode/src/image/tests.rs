use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;

pub(super) mod blocks;
mod kinds;
pub(super) mod make;

use self::blocks::Build;
use self::make::{encode, flat, gif, scene};

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
    let header = make::png_header((100_000, 100_000), 8, 6, false);
    let png = [make::PNG_SIGNATURE, &header, &[0; 4], b"IDAT"].concat();
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
    assert!(started.elapsed() < Duration::from_secs(20));
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
fn nothing_is_decoded_once_time_is_over() {
    let limits = Limits {
        decode_time_ms: 0,
        ..Limits::default()
    };
    for format in FORMATS {
        let refused = decode_image(&encode(&scene(8, 8), format), &limits).unwrap_err();
        assert_eq!(refused.to_string(), "timeout: not decoded within 0 ms");
    }
}

#[test]
fn frames_of_animations_are_kept_in_order() {
    let frames: Vec<_> = (0..20).map(|at| flat(12, 9, 10 * at + 5)).collect();
    for (name, bytes) in [
        ("gif", gif(&frames)),
        ("apng", make::apng(&frames, None)),
        ("webp", make::animated_webp(&frames)),
    ] {
        let picture = read(&bytes).unwrap();
        assert_eq!((picture.width_px, picture.height_px), (12, 9), "{name}");
        assert_eq!(picture.partial, None, "{name}");
        assert!(
            picture.luma.iter().all(|gray| gray.abs_diff(5) < 2),
            "{name}"
        );
        let kept: Vec<_> = picture.further_frames.iter().map(|it| it.index).collect();
        assert_eq!(kept, [2, 5, 8, 10, 13, 16, 19], "{name}");
        for frame in &picture.further_frames {
            assert_eq!(frame.luma.len(), 12 * 9);
            let gray = 10 * frame.index as u8 + 5;
            assert!(frame.luma.iter().all(|it| it.abs_diff(gray) < 2), "{name}");
        }
        let first_only = Limits {
            image_frames: 1,
            ..Limits::default()
        };
        let first = decode_image(&bytes, &first_only).unwrap();
        assert_eq!((first.luma, first.further_frames), (picture.luma, vec![]));
        assert_eq!(first.partial, None, "{name}");
        let small = read(&thumbnail_jpeg(&bytes, 60, &Limits::default()).unwrap()).unwrap();
        assert!(small.luma.iter().all(|gray| gray.abs_diff(5) < 3), "{name}");
    }
}

#[test]
fn animations_cut_anywhere_keep_their_beginning() {
    let frames: Vec<_> = (0..4).map(|at| flat(7, 5, 50 * at + 5)).collect();
    for (name, bytes) in [
        ("gif", gif(&frames)),
        ("apng", make::apng(&frames, None)),
        ("webp", make::animated_webp(&frames)),
    ] {
        let mut most = 0;
        // Of the last chunk of a PNG the checksum may be missing.
        for end in 0..bytes.len() - 4 {
            let Ok(picture) = read(&bytes[..end]) else {
                continue;
            };
            let count = picture.further_frames.len();
            assert!(count >= most, "{name} at {end}");
            most = count;
            assert!(picture.partial.is_some(), "{name} at {end}");
        }
        assert!(most >= 2, "{name}");
    }
}

/// One small file of each kind that takes a way of its own.
fn samples() -> Vec<Vec<u8>> {
    let mut samples: Vec<_> = FORMATS
        .iter()
        .map(|format| encode(&scene(24, 16), *format))
        .collect();
    let frames = [flat(9, 6, 20), flat(9, 6, 90), flat(9, 6, 200)];
    samples.extend([
        gif(&frames),
        make::apng(&frames, None),
        make::apng(&frames, Some(&flat(9, 6, 0))),
        make::animated_webp(&frames),
        make::LOSSY_WEBP.to_vec(),
    ]);
    for kind in 0..8 {
        let build = Build {
            size: (24, 16),
            sampling: &[[(2, 2), (1, 1), (1, 1), (2, 2)], [(1, 2); 4]][kind / 4][..3 + kind % 2],
            ids: &[1, 2, 3, 4][..3 + kind % 2],
            is_progressive: kind & 2 != 0,
            is_interleaved: kind < 6,
            adobe: (kind % 3 == 0).then_some(2),
            restart: 1,
            block: &|_, x, y| (x * 50 + y * 20) as u8,
        };
        samples.push(build.bytes());
    }
    samples
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn damaged_pictures_never_panic(
        sample in 0_usize..19,
        damage in proptest::collection::vec((any::<u16>(), any::<u8>()), 1..12),
    ) {
        let mut bytes = samples().swap_remove(sample);
        let length = bytes.len();
        for (place, value) in damage {
            bytes[usize::from(place) % length] = value;
        }
        let limits = Limits { image_pixels: 1 << 20, ..Limits::default() };
        let outcome = decode_image(&bytes, &limits);
        prop_assert_eq!(&outcome, &decode_image(&bytes, &limits));
        // A panic of a library is stopped by the guard; the thumbnail takes another way.
        if let Err(refused) = thumbnail_jpeg(&bytes, 8, &limits) {
            prop_assert!(!refused.detail.is_empty());
        }
    }
}
