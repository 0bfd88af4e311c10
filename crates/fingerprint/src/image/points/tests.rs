use super::super::keys::{keys, mirrored};
use super::*;

fn points(luma: &[u8], width: usize, height: usize) -> Vec<FoundPoint> {
    let (picture, zoom) = working_picture(luma, width, height);
    super::points(&picture, zoom)
}

/// A picture of discs of many sizes and shades.
fn discs(seed: u64, width: usize, height: usize) -> Vec<u8> {
    let mut state = seed;
    let mut draw = |below: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    let mut luma = vec![128u8; width * height];
    for _ in 0..120 {
        let radius = 3 + draw(width / 12);
        let (x, y, shade) = (draw(width), draw(height), draw(256) as u8);
        for row in y.saturating_sub(radius)..(y + radius).min(height) {
            for column in x.saturating_sub(radius)..(x + radius).min(width) {
                let (dx, dy) = (column.abs_diff(x), row.abs_diff(y));
                if dx * dx + dy * dy < radius * radius {
                    luma[row * width + column] = shade;
                }
            }
        }
    }
    luma
}

fn mirrored_picture(luma: &[u8], width: usize) -> Vec<u8> {
    luma.chunks_exact(width)
        .flat_map(|row| row.iter().rev().copied())
        .collect()
}

/// Share of `points` that have a counterpart at `place` with about the same size, and of
/// these the mean distance of their descriptors after `seen` changed them.
fn found_again(
    points: &[FoundPoint],
    others: &[FoundPoint],
    place: impl Fn(&Point) -> (f32, f32),
    seen: impl Fn(&Descriptor) -> Descriptor,
) -> (f64, f64) {
    let (mut found, mut bits) = (0, 0);
    for point in points {
        let (x, y) = place(&point.point);
        let expected = seen(&point.point.descriptor);
        let distances = others.iter().filter_map(|other| {
            let (dx, dy) = (f32::from(other.point.x) - x, f32::from(other.point.y) - y);
            let near = dx.hypot(dy) < 20.0 && other.point.size.abs_diff(point.point.size) < 6;
            near.then(|| {
                (0..2)
                    .map(|word| (other.point.descriptor[word] ^ expected[word]).count_ones())
                    .sum::<u32>()
            })
        });
        if let Some(least) = distances.min() {
            found += 1;
            bits += least;
        }
    }
    let share = f64::from(found) / points.len() as f64;
    (share, f64::from(bits) / f64::from(found.max(1)))
}

#[test]
fn points_of_a_mirror_image_are_the_mirrored_points() {
    let (width, height) = (480, 360);
    let luma = discs(3, width, height);
    let points = points(&luma, width, height);
    let others = self::points(&mirrored_picture(&luma, width), width, height);
    assert!(points.len() > 100, "{} points", points.len());
    let place = |point: &Point| (4095.0 - f32::from(point.x), f32::from(point.y));
    let (share, bits) = found_again(&points, &others, place, mirrored);
    // Points on the rims of discs slide along them.
    assert!(share > 0.8, "{share}");
    assert!(bits < 8.0, "{bits}");
}

#[test]
fn points_are_found_again_at_half_the_size() {
    let (width, height) = (640, 480);
    let luma = discs(5, width, height);
    let small: Vec<u8> = (0..width / 2 * (height / 2))
        .map(|at| {
            let (x, y) = (at % (width / 2) * 2, at / (width / 2) * 2);
            let sum: u32 = [(0, 0), (1, 0), (0, 1), (1, 1)]
                .map(|(dx, dy)| u32::from(luma[(y + dy) * width + x + dx]))
                .iter()
                .sum();
            (sum / 4) as u8
        })
        .collect();
    let small = points(&small, width / 2, height / 2);
    let large = points(&luma, width, height);
    let place = |point: &Point| (f32::from(point.x), f32::from(point.y));
    let (share, bits) = found_again(&small, &large, place, |descriptor| *descriptor);
    assert!(share > 0.7, "{share}");
    // Unrelated places differ in 64.
    assert!(bits < 20.0, "{bits}");
}

#[test]
fn other_pictures_have_other_descriptors() {
    let (width, height) = (480, 360);
    let points = points(&discs(3, width, height), width, height);
    let others = self::points(&discs(4, width, height), width, height);
    let mut distances = Vec::new();
    for a in points.iter().step_by(7) {
        for b in others.iter().step_by(7) {
            if (a.point.descriptor[0] ^ b.point.descriptor[0]) & 1 == 0 {
                let words = a.point.descriptor.iter().zip(&b.point.descriptor);
                distances.push(words.map(|(a, b)| (a ^ b).count_ones()).sum::<u32>());
            }
        }
    }
    let mean = f64::from(distances.iter().sum::<u32>()) / distances.len() as f64;
    // Discs resemble one another more than photographs do.
    assert!((40.0..75.0).contains(&mean), "{mean}");
}

#[test]
fn a_picture_and_its_mirror_image_share_keys() {
    let luma = discs(9, 400, 300);
    for found in points(&luma, 400, 300) {
        let plain = keys(&found.point.descriptor);
        let other = keys(&mirrored(&found.point.descriptor));
        assert_eq!(plain.keys, other.keys);
        assert_eq!(plain.rest, other.rest);
        assert_ne!(plain.is_mirrored, other.is_mirrored);
    }
}

#[test]
fn stored_points_are_few_and_spread() {
    let points = points(&discs(1, 512, 384), 512, 384);
    let stored = stored_points(&points);
    assert_eq!(stored.len(), MOST_STORED);
    let quadrant = |point: &Point| (point.x > 2048, point.y > 1536);
    for wanted in [(false, false), (true, false), (false, true), (true, true)] {
        let count = stored
            .iter()
            .filter(|&point| quadrant(point) == wanted)
            .count();
        assert!(count >= 6, "{count} in {wanted:?}");
    }
}

#[test]
fn flat_pictures_have_no_points() {
    assert_eq!(points(&vec![77; 300 * 200], 300, 200), []);
    let ramp: Vec<u8> = (0..300 * 200).map(|at| (at % 300 / 2) as u8).collect();
    assert_eq!(points(&ramp, 300, 200).len(), 0);
}

#[test]
fn drawings_are_flat_and_noise_is_not() {
    let flatness = |luma: &[u8]| working_picture(luma, 480, 360).0.flatness();
    assert!(flatness(&discs(3, 480, 360)) > 0.6);
    let noise: Vec<u8> = (0..480u32 * 360)
        .map(|at| (at.wrapping_mul(0x9e37_79b1) >> 24) as u8)
        .collect();
    assert!(flatness(&noise) < 0.1);
}

#[test]
fn narrow_and_tiny_pictures_are_no_trouble() {
    for (width, height) in [(16, 16), (3000, 16), (16, 3000), (17, 255), (513, 20)] {
        let luma = discs(2, width.max(40), height.max(40));
        let luma: Vec<u8> = luma.into_iter().take(width * height).collect();
        for found in points(&luma, width, height) {
            assert!(found.point.x < PLACE_STEPS && found.point.y < PLACE_STEPS);
        }
    }
}

/// The picture of PICTURES.md, "Test vectors".
fn vector_picture() -> Vec<u8> {
    (0..320usize * 200)
        .map(|at| {
            let (x, y) = (at % 320, at / 320);
            (((7 * x) ^ (3 * y)) % 64 + x / 40 % 4 * 32 + (x / 20 + y / 25) % 3 * 24) as u8
        })
        .collect()
}

#[test]
fn the_published_vectors_are_what_this_computes() {
    let print = super::super::fingerprint(&vector_picture(), 320, 200).unwrap();
    let mut lines = vec![format!("pdq {}", print.hash.to_hex())];
    let tones = print.tones.stored();
    let cells = tones.values().iter().map(|cell| format!("{cell:02x}"));
    let cells: String = cells.collect();
    lines.push(format!("tones {} {cells}", tones.width()));
    for point in stored_points(&print.points) {
        let keys = keys(&point.descriptor);
        lines.push(format!(
            "{} {} {} {} {:016x}{:016x} {} {} {}",
            point.x,
            point.y,
            point.size,
            point.angle,
            point.descriptor[1],
            point.descriptor[0],
            keys.keys[0],
            keys.keys[1],
            keys.rest,
        ));
    }
    let computed = lines.join("\n") + "\n";
    if std::env::var_os("WRITE_VECTORS").is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/vectors.txt");
        std::fs::write(path, &computed).unwrap();
    }
    assert_eq!(computed, include_str!("../../../vectors.txt"));
}
