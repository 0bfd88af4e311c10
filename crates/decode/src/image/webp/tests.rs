use super::*;
use crate::decode_image;
use crate::image::tests::make::{LOSSY_WEBP, animated_webp, extended_webp, flat, riff};

const EXIF_FLAG: u8 = 0x08;

fn exif(orientation: u8) -> Vec<u8> {
    let head = b"MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0";
    riff(
        *b"EXIF",
        &[&head[..], &[orientation, 0, 0, 0, 0, 0, 0]].concat(),
    )
}

#[test]
fn lossy_luma_agrees_with_the_way_through_colors() {
    let limits = Limits::default();
    let picture = decode_image(&LOSSY_WEBP, &limits).unwrap();
    assert_eq!((picture.width_px, picture.height_px), (24, 17));
    assert_eq!(picture.partial, None);
    let clock = Clock::start(&limits);
    let through = still::read(&LOSSY_WEBP, ImageFormat::WebP, &limits, &clock).unwrap();
    let sum: u32 = picture
        .luma
        .iter()
        .zip(&through.luma)
        .map(|(a, b)| u32::from(a.abs_diff(*b)))
        .sum();
    assert!(sum <= 24 * 17 * 3 / 2, "{sum}");
}

#[test]
fn orientation_is_read_from_the_container() {
    let data = &LOSSY_WEBP[12..];
    let bytes = extended_webp(EXIF_FLAG, (24, 17), &[data, &exif(6)].concat());
    let plain = decode_image(&LOSSY_WEBP, &Limits::default()).unwrap();
    let turned = decode_image(&bytes, &Limits::default()).unwrap();
    assert_eq!((turned.width_px, turned.height_px), (17, 24));
    assert_eq!(turned.luma[16], plain.luma[0]);
}

#[test]
fn metadata_that_the_file_lacks_take_no_memory() {
    let data = &LOSSY_WEBP[12..];
    let mut claim = exif(1);
    claim[4..8].fill(0xff);
    let bytes = extended_webp(EXIF_FLAG, (24, 17), &[data, &claim].concat());
    let picture = decode_image(&bytes, &Limits::default()).unwrap();
    let expected = "truncated: the end of the picture is missing";
    assert_eq!(picture.partial.as_deref(), Some(expected));
}

#[test]
fn frames_larger_than_allowed_are_refused_before_memory_is_taken() {
    let mut data = LOSSY_WEBP[12..].to_vec();
    data[14..18].copy_from_slice(&[0xff, 0x3f, 0xff, 0x3f]);
    let moving = |data: &[u8]| {
        let frame = [&[0; 6][..], &[23, 0, 0, 16, 0, 0, 50, 0, 0, 2], data].concat();
        [riff(*b"ANIM", &[0; 6]), riff(*b"ANMF", &frame)].concat()
    };
    for bytes in [
        extended_webp(0, (24, 17), &data),
        extended_webp(0x02, (24, 17), &moving(&data)),
    ] {
        let refused = decode_image(&bytes, &Limits::default()).unwrap_err();
        let expected = "limit: 16383 x 16383 pixels, limit 200000000";
        assert_eq!(refused.to_string(), expected);
    }
    let still = extended_webp(0x02, (24, 17), &moving(&LOSSY_WEBP[12..]));
    assert!(decode_image(&still, &Limits::default()).is_ok());
}

#[test]
fn a_frame_of_another_size_than_its_canvas_is_corrupt() {
    let bytes = extended_webp(0, (25, 17), &LOSSY_WEBP[12..]);
    let refused = decode_image(&bytes, &Limits::default()).unwrap_err();
    assert_eq!(refused.reason, Reason::Corrupt);
}

#[test]
fn cut_anywhere_it_is_partial_or_corrupt() {
    for end in 12..LOSSY_WEBP.len() {
        match decode_image(&LOSSY_WEBP[..end], &Limits::default()) {
            Ok(picture) => assert!(picture.partial.is_some(), "{end}"),
            Err(refused) => assert_eq!(refused.reason, Reason::Corrupt, "{end}: {refused}"),
        }
    }
}

#[test]
fn an_animation_that_says_it_is_none_has_one_frame() {
    let mut bytes = animated_webp(&[flat(4, 4, 9), flat(4, 4, 99)]);
    bytes[20] = 0;
    assert!(decode_image(&bytes, &Limits::default()).is_err());
}
