use image::{DynamicImage, ImageFormat};

use super::*;
use crate::image::tests::blocks::{Build, segment};
use crate::image::tests::make::{encode, scene};
use crate::{Picture, decode_image};

const YCBCR: &[u8] = &[1, 2, 3];
const INKS: &[u8] = &[1, 2, 3, 4];

fn shade(x: u32, y: u32) -> u8 {
    ((x * 37 + y * 91) % 200 + 20) as u8
}

fn read_all(bytes: &[u8]) -> Result<Picture, Unreadable> {
    decode_image(bytes, &Limits::default())
}

/// The largest difference to a plane of 8 x 8 blocks.
fn off(picture: &Picture, block: impl Fn(u32, u32) -> u8) -> u8 {
    let width = picture.width_px;
    let pixels = picture.luma.iter().zip(0_u32..);
    let differences = pixels.map(|(gray, at)| gray.abs_diff(block(at % width / 8, at / width / 8)));
    differences.max().unwrap()
}

fn plain(size: (u16, u16), block: &dyn Fn(usize, u32, u32) -> u8) -> Build<'_> {
    Build {
        size,
        sampling: &[(2, 2), (1, 1), (1, 1)],
        ids: YCBCR,
        is_progressive: false,
        is_interleaved: true,
        adobe: None,
        restart: 0,
        block,
    }
}

#[test]
fn brightness_is_right_for_every_sampling_and_order_of_scans() {
    let block = |component: usize, x, y| if component == 0 { shade(x, y) } else { 128 };
    for size in [(97, 71), (64, 48), (15, 9), (33, 130), (1, 1)] {
        for first in [
            (1, 1),
            (2, 1),
            (1, 2),
            (2, 2),
            (4, 1),
            (1, 4),
            (4, 2),
            (2, 4),
        ] {
            for kind in 0..8 {
                let build = Build {
                    sampling: &[first, (1, 1), (1, 1)],
                    is_progressive: kind & 1 != 0,
                    is_interleaved: kind & 2 != 0,
                    restart: if kind & 4 != 0 { 3 } else { 0 },
                    ..plain(size, &block)
                };
                let picture = read_all(&build.bytes()).unwrap();
                assert_eq!(picture.partial, None);
                let off = off(&picture, shade);
                assert!(off <= 1, "{size:?} {first:?} kind {kind}: {off}");
            }
        }
    }
}

#[test]
fn denser_chroma_than_brightness_is_read_through_color() {
    let block = |component: usize, x, _| match component {
        0 => 40 + 40 * (x as u8 % 4),
        _ => 128,
    };
    let build = Build {
        sampling: &[(1, 1), (2, 1), (1, 1)],
        ..plain((64, 16), &block)
    };
    // Read or refused, but never the wrong columns.
    if let Ok(picture) = read_all(&build.bytes()) {
        assert_eq!(picture.luma[4], 40);
        assert!(picture.luma[60] > 40);
    }
}

#[test]
fn brightness_agrees_with_the_way_through_colors() {
    let image = scene(150, 90);
    let bytes = encode(&image, ImageFormat::Jpeg);
    let picture = read_all(&bytes).unwrap();
    let colors = image::load_from_memory(&bytes).unwrap();
    let through = pixels::luma(DynamicImage::ImageRgb8(colors.to_rgb8()));
    let sum: u32 = picture
        .luma
        .iter()
        .zip(&through)
        .map(|(a, b)| u32::from(a.abs_diff(*b)))
        .sum();
    assert!(f64::from(sum) / (through.len() as f64) < 0.6, "{sum}");
}

#[test]
fn untransformed_red_green_and_blue_are_told_by_adobe_or_by_name() {
    let block = |component: usize, x, y| [shade(x, y), 60, 250][component];
    let expected = |x, y| pixels::luma_of_rgb(&[shade(x, y), 60, 250])[0];
    for (adobe, ids) in [(Some(0), YCBCR), (None, b"RGB".as_slice())] {
        for is_progressive in [false, true] {
            let build = Build {
                sampling: &[(1, 1); 3],
                adobe,
                ids,
                is_progressive,
                ..plain((57, 33), &block)
            };
            let off = off(&read_all(&build.bytes()).unwrap(), expected);
            assert!(off <= 1, "{adobe:?} {ids:?}: {off}");
        }
    }
}

#[test]
fn inks_are_right_as_adobe_writes_them_and_as_the_standard_does() {
    let inks = |x, y| [shade(x, y), 60, 250, 255 - shade(y, x) / 2];
    let block = |component: usize, x, y| inks(x, y)[component];
    for (adobe, is_inverted) in [(Some(0), true), (None, false)] {
        for is_progressive in [false, true] {
            let build = Build {
                sampling: &[(1, 1); 4],
                ids: INKS,
                adobe,
                is_progressive,
                ..plain((57, 33), &block)
            };
            let expected = |x, y| pixels::luma_of_inks(&inks(x, y), is_inverted)[0];
            let off = off(&read_all(&build.bytes()).unwrap(), expected);
            assert!(off <= 1, "{adobe:?}: {off}");
        }
    }
}

#[test]
fn inks_stored_as_brightness_and_chroma_are_undone() {
    // YCCK without chroma: inks of one gray each, inverted twice over, beside black.
    let block = |component: usize, x, y| [shade(x, y), 128, 128, 200][component];
    let build = Build {
        sampling: &[(1, 1); 4],
        ids: INKS,
        adobe: Some(2),
        ..plain((57, 33), &block)
    };
    let expected =
        |x, y| pixels::luma_of_inks(&[[255 - shade(x, y); 3].as_slice(), &[200]].concat(), true)[0];
    let off = off(&read_all(&build.bytes()).unwrap(), expected);
    assert!(off <= 1, "{off}");
}

#[test]
fn kinds_that_nobody_decodes_are_named() {
    let block = |_: usize, x, y| shade(x, y);
    let whole = plain((16, 16), &block).bytes();
    let frame = whole.windows(2).position(|it| it == [0xff, 0xc0]).unwrap();
    let changed = |place: usize, value: u8| {
        let mut bytes = whole.clone();
        bytes[frame + place] = value;
        read_all(&bytes).unwrap_err().to_string()
    };
    let not = |what: &str| format!("unsupported: {what} are not supported");
    assert_eq!(changed(1, 0xc9), not("arithmetic-coded JPEGs"));
    assert_eq!(changed(1, 0xca), not("arithmetic-coded JPEGs"));
    assert_eq!(changed(1, 0xc3), not("lossless JPEGs"));
    assert_eq!(changed(1, 0xc5), not("hierarchical JPEGs"));
    assert_eq!(changed(4, 12), not("JPEGs of 12 bits"));
    assert_eq!(changed(9, 2), not("JPEGs of 2 components"));
    let no_height = [changed(6, 0), changed(8, 0)];
    assert_eq!(no_height, ["corrupt: a picture without pixels"; 2]);
}

#[test]
fn scans_times_pixels_are_bounded() {
    let block = |_: usize, x, y| shade(x, y);
    let whole = Build {
        is_progressive: true,
        ..plain((64, 64), &block)
    };
    let whole = whole.bytes();
    let scan = whole.windows(2).position(|it| it == [0xff, 0xda]).unwrap();
    let empty = segment(0xda, &[1, 1, 0, 1, 63, 0]);
    let bomb = [&whole[..whole.len() - 2], &empty.repeat(40), &[0xff, 0xd9]].concat();
    assert!(scan > 0 && read_all(&bomb).is_ok());
    let limits = Limits {
        image_pixels: 64 * 64 * 2,
        ..Limits::default()
    };
    let refused = decode_image(&bomb, &limits).unwrap_err();
    let expected = "limit: 41 scans are too many for a picture of 4096 pixels";
    assert_eq!(refused.to_string(), expected);
    assert!(decode_image(&whole, &limits).is_ok());
}

#[test]
fn cut_anywhere_it_is_partial_or_corrupt() {
    let block = |_: usize, x, y| shade(x, y);
    for kind in 0..4 {
        let build = Build {
            is_progressive: kind & 1 != 0,
            is_interleaved: kind & 2 != 0,
            restart: 2,
            ..plain((40, 40), &block)
        };
        let bytes = build.bytes();
        for end in 3..bytes.len() {
            match read_all(&bytes[..end]) {
                Ok(picture) => {
                    assert_eq!(picture.luma.len(), 1600);
                    // Without the last byte everything is there but the marker.
                    assert!(picture.partial.is_some(), "kind {kind} at {end}");
                }
                Err(refused) => {
                    let expected = [Reason::Corrupt, Reason::Unsupported, Reason::Unrecognized];
                    assert!(
                        expected.contains(&refused.reason),
                        "kind {kind} at {end}: {refused}"
                    );
                }
            }
        }
    }
}
