use image::{GrayImage, Rgb, Rgb32FImage, RgbaImage};

use super::*;

#[test]
fn luma_is_rounded_to_the_nearest() {
    assert_eq!(luma_of([0, 0, 0]), 0);
    assert_eq!(luma_of([255, 255, 255]), 255);
    assert_eq!(luma_of([255, 0, 0]), 76);
    assert_eq!(luma_of([0, 255, 0]), 150);
    assert_eq!(luma_of([0, 0, 255]), 29);
    for gray in 0..=255 {
        assert_eq!(luma_of([gray; 3]), gray);
    }
}

#[test]
fn transparency_shows_white() {
    assert_eq!(blend(0, 0), 255);
    assert_eq!(blend(0, 255), 0);
    assert_eq!(blend(100, 255), 100);
    assert_eq!(blend(0, 128), 127);
    let clear = RgbaImage::from_raw(2, 1, vec![9, 9, 9, 0, 10, 10, 10, 255]).unwrap();
    assert_eq!(luma(DynamicImage::ImageRgba8(clear)), [255, 10]);
}

#[test]
fn every_pixel_kind_agrees_with_its_8_bit_twin() {
    let twin = DynamicImage::ImageRgba8(RgbaImage::from_fn(16, 4, |x, y| {
        image::Rgba([x as u8 * 16, y as u8 * 60, 200, 255 - x as u8])
    }));
    let expected = luma(twin.clone());
    let close = |kind: DynamicImage| {
        let plane = luma(kind);
        assert_eq!(plane.len(), expected.len());
        plane
            .iter()
            .zip(&expected)
            .all(|(got, want)| got.abs_diff(*want) <= 1)
    };
    assert!(close(DynamicImage::ImageRgba16(twin.to_rgba16())));
    assert!(close(DynamicImage::ImageRgba32F(twin.to_rgba32f())));
    let opaque = DynamicImage::ImageRgb8(on_white(&twin));
    assert!(close(opaque.clone()));
    assert!(close(DynamicImage::ImageRgb16(opaque.to_rgb16())));
    assert!(close(DynamicImage::ImageRgb32F(opaque.to_rgb32f())));

    let gray = DynamicImage::ImageLuma8(GrayImage::from_fn(7, 3, |x, y| {
        image::Luma([(x * y * 20) as u8])
    }));
    let expected = luma(gray.clone());
    assert_eq!(
        luma(DynamicImage::ImageLumaA8(gray.to_luma_alpha8())),
        expected
    );
    assert_eq!(luma(DynamicImage::ImageLuma16(gray.to_luma16())), expected);
    assert_eq!(
        luma(DynamicImage::ImageLumaA16(gray.to_luma_alpha16())),
        expected
    );
    assert_eq!(luma(DynamicImage::ImageRgb8(on_white(&gray))), expected);
}

#[test]
fn numbers_that_are_none_become_black() {
    let strange = Rgb32FImage::from_fn(4, 1, |x, _| {
        Rgb([[f32::NAN, f32::INFINITY, -1.0, 0.5][x as usize]; 3])
    });
    assert_eq!(luma(DynamicImage::ImageRgb32F(strange)), [0, 255, 0, 128]);
}

#[test]
fn turning_agrees_with_the_library() {
    for exif in 1..=8 {
        let orientation = Orientation::from_exif(exif).unwrap();
        let stored = GrayImage::from_fn(5, 3, |x, y| image::Luma([(y * 5 + x) as u8]));
        let plane = Plane {
            width_px: 5,
            height_px: 3,
            luma: stored.as_raw().clone(),
        };
        let turned = turn(plane, orientation);
        let mut expected = DynamicImage::ImageLuma8(stored);
        expected.apply_orientation(orientation);
        assert_eq!(
            (turned.width_px, turned.height_px),
            (expected.width(), expected.height())
        );
        assert_eq!(turned.luma, expected.into_bytes(), "EXIF {exif}");
    }
}

#[test]
fn inks_darken_what_they_cover() {
    // Paper, full black, full cyan, and half black; 255 is full ink, or none as Adobe has it.
    let inks = [[0, 0, 0, 0], [0, 0, 0, 255], [255, 0, 0, 0], [0, 0, 0, 128]];
    let expected = [255, 0, 179, 127];
    assert_eq!(luma_of_inks(inks.as_flattened(), false), expected);
    let inverted = inks.map(|pixel| pixel.map(|ink| 255 - ink));
    assert_eq!(luma_of_inks(inverted.as_flattened(), true), expected);
}

#[test]
fn video_range_is_stretched_and_clipped() {
    assert_eq!([0, 16, 235, 255].map(luma_of_video), [0, 0, 255, 255]);
    assert_eq!([17, 18, 125, 126].map(luma_of_video), [1, 2, 127, 128]);
}
