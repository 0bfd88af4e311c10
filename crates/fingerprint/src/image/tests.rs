use proptest::prelude::*;

use super::*;

/// A picture with structure at several scales.
fn picture(seed: u32, width: usize, height: usize) -> Vec<u8> {
    let s = seed as f32;
    (0..width * height)
        .map(|i| {
            let (x, y) = (
                (i % width) as f32 / width as f32,
                (i / width) as f32 / height as f32,
            );
            let wave = (7.0 * x + s).sin() * (5.0 * y + 2.0 * s).cos()
                + (19.0 * x * y + s).sin()
                + 0.7 * (31.0 * x - 17.0 * y + 3.0 * s).cos()
                + f32::from(u8::from((x - 0.4).abs() < 0.15 && (y - 0.6).abs() < 0.2));
            (127.0 + 40.0 * wave).clamp(0.0, 255.0) as u8
        })
        .collect()
}

fn mirrored_x(luma: &[u8], width: usize) -> Vec<u8> {
    luma.chunks_exact(width)
        .flat_map(|row| row.iter().rev().copied())
        .collect()
}

fn mirrored_y(luma: &[u8], width: usize) -> Vec<u8> {
    luma.chunks_exact(width).rev().flatten().copied().collect()
}

fn transposed(luma: &[u8], width: usize) -> Vec<u8> {
    let height = luma.len() / width;
    (0..luma.len())
        .map(|i| luma[(i % height) * width + i / height])
        .collect()
}

/// Turns `luma` clockwise by quarter turns after mirroring; returns the new width too.
fn turned(luma: &[u8], width: usize, flip: bool, degrees: u16) -> (Vec<u8>, usize) {
    let mut luma = if flip {
        mirrored_x(luma, width)
    } else {
        luma.to_vec()
    };
    let mut width = width;
    for _ in 0..degrees / 90 {
        let height = luma.len() / width;
        luma = mirrored_x(&transposed(&luma, width), height);
        width = height;
    }
    (luma, width)
}

#[test]
fn orientations_are_the_hashes_of_the_turned_picture() {
    // Small sides and even filter windows, where the sampling grid is lopsided.
    for (width, height) in [(960, 640), (200, 200), (384, 256), (131, 77)] {
        check_orientations(width, height);
    }
}

fn check_orientations(width: usize, height: usize) {
    let luma = picture(1, width, height);
    let print = fingerprint(&luma, width, height).unwrap();
    for (orientation, hash) in Orientation::ALL.iter().zip(&print.orientations) {
        let (flip, degrees) = orientation.flip_and_rotation();
        let (other, other_width) = turned(&luma, width, flip, degrees);
        let turned = fingerprint(&other, other_width, luma.len() / other_width).unwrap();
        assert!(
            turned.hash.distance(hash) <= 6,
            "{width} × {height}, {orientation:?}: {} bits",
            turned.hash.distance(hash)
        );
    }
}

#[test]
fn mirroring_top_to_bottom_is_a_flip_and_a_half_turn() {
    let luma = picture(5, 100, 80);
    assert_eq!(turned(&luma, 100, true, 180).0, mirrored_y(&luma, 100));
}

#[test]
fn a_resized_picture_stays_close_and_another_is_far() {
    let big = fingerprint(&picture(1, 640, 480), 640, 480).unwrap();
    let small = fingerprint(&picture(1, 200, 150), 200, 150).unwrap();
    let other = fingerprint(&picture(9, 640, 480), 640, 480).unwrap();
    assert!(big.hash.distance(&small.hash) <= 20);
    assert!(big.hash.distance(&other.hash) > 80);
    assert!(big.is_distinctive());
}

#[test]
fn flat_and_tiny_pictures_are_not_compared() {
    assert!(
        !fingerprint(&[200; 128 * 128], 128, 128)
            .unwrap()
            .is_distinctive()
    );
    assert_eq!(fingerprint(&[0; 15 * 300], 15, 300), None);
    assert_eq!(fingerprint(&[0; 10], 300, 300), None);
}

#[test]
fn a_faint_picture_is_compared_and_a_gradient_is_not() {
    let (width, height) = (320, 200);
    let faint: Vec<u8> = picture(1, width, height)
        .iter()
        .map(|&level| 100 + level / 6)
        .collect();
    let faint = fingerprint(&faint, width, height).unwrap();
    assert!(faint.structure.quality < 50, "{:?}", faint.structure);
    assert!(faint.is_distinctive(), "{:?}", faint.structure);
    for (across, down) in [(1, 0), (0, 1), (1, 1), (2, 1)] {
        let gradient: Vec<u8> = (0..width * height)
            .map(|i| ((i % width) * across + (i / width) * down) / 4)
            .map(|level| level as u8)
            .collect();
        let gradient = fingerprint(&gradient, width, height).unwrap();
        assert!(!gradient.is_distinctive(), "{:?}", gradient.structure);
    }
}

#[test]
fn boxes_on_plain_ground_are_patterns_and_other_drawings_are_not() {
    let (width, height) = (320, 240);
    let draw = |boxes: &[[usize; 4]]| {
        let lies_in = |x: usize, y: usize| {
            let mut boxes = boxes.iter();
            boxes.any(|&[left, top, right, bottom]| {
                (left..right).contains(&x) && (top..bottom).contains(&y)
            })
        };
        let luma: Vec<u8> = (0..width * height)
            .map(|i| {
                if lies_in(i % width, i / width) {
                    40
                } else {
                    230
                }
            })
            .collect();
        fingerprint(&luma, width, height).unwrap()
    };
    for plain in [
        [0, 0, 30, 20],
        [250, 170, 320, 240],
        [60, 40, 200, 190],
        [33, 150, 61, 175],
    ] {
        let print = draw(&[plain]);
        assert!(print.structure.is_distinctive(), "{:?}", print.structure);
        assert!(print.hash.is_pattern(), "{plain:?}: {:?}", print.hash);
        assert!(!print.is_distinctive());
    }
    let chart = draw(&[
        [20, 20, 60, 220],
        [70, 90, 110, 220],
        [120, 150, 250, 160],
        [260, 40, 300, 130],
    ]);
    assert!(chart.is_distinctive(), "{:?}", chart.hash);
    let drawn = fingerprint(&picture(1, width, height), width, height).unwrap();
    assert!(!drawn.hash.is_pattern());
    assert!(PdqHash([0x5555_aaaa_5555_aaaa; 4]).is_pattern());
    assert!(
        !PdqHash([
            0x0123_4567_89ab_cdef,
            0x9e37_79b9_7f4a_7c15,
            0xbf58_476d_1ce4_e5b9,
            0x94d0_49bb_1331_11eb
        ])
        .is_pattern()
    );
}

#[test]
fn codes_are_those_of_img_hash() {
    let codes = codes(&picture(1, 100, 80), 100, 80).unwrap();
    assert_eq!(codes.gradient.len(), codes.dct_mean.len());
    assert_ne!(
        codes.gradient,
        super::codes(&picture(2, 100, 80), 100, 80)
            .unwrap()
            .gradient
    );
    assert_eq!(super::codes(&[0; 10], 3, 3), None);
}

proptest! {
    #[test]
    fn hashes_survive_hex_and_bytes(words in prop::array::uniform4(any::<u64>())) {
        let hash = PdqHash(words);
        prop_assert_eq!(PdqHash::from_hex(&hash.to_hex()), Some(hash));
        prop_assert_eq!(PdqHash::from_bytes(&hash.to_bytes()), hash);
        let chunks: u32 = (0..16).map(|i| hash.chunk(i).count_ones()).sum();
        prop_assert_eq!(chunks, hash.distance(&PdqHash([0; 4])));
    }

    #[test]
    fn any_size_works(width in 16usize..200, height in 16usize..200, seed in 0u32..100) {
        let luma = picture(seed, width, height);
        prop_assert!(fingerprint(&luma, width, height).is_some());
    }
}
