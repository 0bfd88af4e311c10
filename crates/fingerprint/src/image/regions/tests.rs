use super::*;
use crate::image::fingerprint;

/// Discs of all sizes and shades on a slope of gray.
fn picture(seed: u32, width: usize, height: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(12_345);
    let mut draw = |below: usize| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as usize % below
    };
    let slope = draw(3);
    let gray = |at: usize| (60 + (at % width) * (20 + 40 * slope) / width) as u8;
    let mut luma: Vec<u8> = (0..width * height).map(gray).collect();
    for _ in 0..40 {
        let (x, y, radius) = (draw(width), draw(height), 4 + draw(width / 5));
        let shade = draw(256) as u8;
        for (at, slot) in luma.iter_mut().enumerate() {
            let (dx, dy) = ((at % width).abs_diff(x), (at / width).abs_diff(y));
            if dx * dx + dy * dy < radius * radius {
                *slot = shade;
            }
        }
    }
    luma
}

fn paste(page: &mut [u8], width: usize, picture: &[u8], place: [usize; 4]) {
    let [left, top, right, bottom] = place;
    for (row, pixels) in (top..bottom).zip(picture.chunks_exact(right - left)) {
        page[row * width + left..][..right - left].copy_from_slice(pixels);
    }
}

/// The region at the place, if there is one: off by a pixel at most.
fn found(page: &[u8], size: (usize, usize), place: [usize; 4]) -> Option<Region> {
    let print = fingerprint(page, size.0, size.1).unwrap();
    let sides = [size.0, size.1, size.0, size.1];
    let is_there = |region: &Region| {
        let at = region.place.iter().zip(place).zip(sides);
        let mut off = at.map(|((&at, wanted), side)| {
            (f64::from(at) * side as f64 / 65_535.0 - wanted as f64).abs()
        });
        off.all(|off| off <= 1.01)
    };
    print.regions.into_iter().find(is_there)
}

#[test]
fn a_pasted_picture_is_a_region_with_its_own_hash() {
    let (width, height) = (900, 700);
    let mut seen = 0;
    for seed in 0..8 {
        let own = picture(seed, 300, 200);
        let mut page = picture(seed + 40, width, height);
        let place = [211, 303, 511, 503];
        paste(&mut page, width, &own, place);
        // Where page and picture are of one shade there is no border.
        if let Some(region) = found(&page, (width, height), place) {
            let hash = fingerprint(&own, 300, 200).unwrap().hash;
            assert!(region.hash.distance(&hash) <= 16, "{seed}");
            seen += 1;
        }
    }
    assert!(seen >= 5, "{seen} of 8");
}

#[test]
fn what_stands_in_a_frame_is_a_region() {
    let own = picture(3, 400, 300);
    let mut framed = vec![250u8; 500 * 420];
    let place = [50, 60, 450, 360];
    paste(&mut framed, 500, &own, place);
    let region = found(&framed, (500, 420), place).unwrap();
    let hash = fingerprint(&own, 400, 300).unwrap().hash;
    assert!(region.hash.distance(&hash) <= 8);
}

#[test]
fn each_picture_of_a_collage_is_a_region() {
    let mut page = vec![0u8; 600 * 600];
    let places = [
        [0, 0, 300, 300],
        [300, 0, 600, 300],
        [0, 300, 300, 600],
        [300, 300, 600, 600],
    ];
    for (seed, place) in (10..).zip(places) {
        paste(&mut page, 600, &picture(seed, 300, 300), place);
    }
    let found = places.map(|place| found(&page, (600, 600), place).is_some());
    assert_eq!(found, [true; 4]);
}

/// Fewer than are kept at most, all inside the picture, none of it all.
#[test]
fn regions_lie_inside_the_picture() {
    for (width, height) in [(16, 16), (40, 900), (257, 255), (1300, 20)] {
        let noise = (0..width * height).map(|at| (at as u32).wrapping_mul(2_654_435_761) >> 24);
        let noise: Vec<u8> = noise.map(|value| value as u8).collect();
        for luma in [noise, vec![7; width * height]] {
            let print = fingerprint(&luma, width, height).unwrap();
            assert!(print.regions.len() <= MOST_REGIONS);
            for region in &print.regions {
                let [left, top, right, bottom] = region.place;
                assert!(left < right && top < bottom);
                assert!(region.place != [0, 0, u16::MAX, u16::MAX]);
            }
        }
    }
}
