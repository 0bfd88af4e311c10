use super::*;

/// A 256-bit difference hash of the picture shrunk to 17 by 16 cells, enough to see whether
/// two pictures are alike.
fn difference_hash(canvas: &Canvas) -> Vec<bool> {
    let luminance = canvas.luminance();
    let cell = |column: u32, row: u32| {
        let range =
            |index: u32, cells: u32, side: u32| index * side / cells..(index + 1) * side / cells;
        let mut sum = 0.0;
        let mut count = 0.0;
        for y in range(row, 16, canvas.height) {
            for x in range(column, 17, canvas.width) {
                sum += luminance[(y * canvas.width + x) as usize];
                count += 1.0;
            }
        }
        sum / count
    };
    (0..256_u32)
        .map(|bit| cell(bit % 16, bit / 16) < cell(bit % 16 + 1, bit / 16))
        .collect()
}

fn distance_bits(left: &[bool], right: &[bool]) -> usize {
    left.iter().zip(right).filter(|(a, b)| a != b).count()
}

fn deviation(canvas: &Canvas) -> f32 {
    let luminance = canvas.luminance();
    let mean = luminance.iter().sum::<f32>() / luminance.len() as f32;
    let squares: f32 = luminance.iter().map(|x| (x - mean).powi(2)).sum();
    (squares / luminance.len() as f32).sqrt()
}

#[test]
fn same_seed_same_picture() {
    assert!(paint(1, 96, 64) == paint(1, 96, 64));
    assert!(paint(1, 96, 64) != paint(2, 96, 64));
}

#[test]
fn pictures_of_different_seeds_hash_far_apart() {
    let hashes: Vec<Vec<bool>> = (0..60)
        .map(|seed| difference_hash(&paint(seed, 136, 96)))
        .collect();
    for (index, hash) in hashes.iter().enumerate() {
        for (other, later) in hashes.iter().enumerate().skip(index + 1) {
            let distance = distance_bits(hash, later);
            assert!(distance > 80, "seeds {index} and {other}: {distance}");
        }
    }
}

#[test]
fn the_same_seed_shows_the_same_picture_at_another_size() {
    let small = difference_hash(&paint(11, 136, 96));
    let large = difference_hash(&paint(11, 272, 192));
    assert!(distance_bits(&small, &large) < 20);
}

#[test]
fn every_picture_has_contrast() {
    for seed in 0..40 {
        let spread = deviation(&paint(seed, 68, 48));
        assert!(spread > 20.0, "seed {seed}: {spread}");
    }
}

#[test]
fn negatives_are_plain() {
    assert!(deviation(&flat([10, 20, 30], 9, 7)) < 1e-3);
    let blend = gradient(3, 64, 64);
    let steepest = blend
        .luminance()
        .chunks(64)
        .flat_map(|row| {
            row.windows(2)
                .map(|pair| (pair[0] - pair[1]).abs())
                .collect::<Vec<_>>()
        })
        .fold(0.0, f32::max);
    assert!(steepest < 8.0, "{steepest}");
}

#[test]
fn text_pages_are_mostly_paper_with_dark_marks() {
    let page = text_page(1, 400, 560);
    let luminance = page.luminance();
    let dark = luminance.iter().filter(|&&value| value < 60.0).count() as f32;
    let share = dark / luminance.len() as f32;
    assert!((0.05..0.4).contains(&share), "{share}");
    assert!(page != text_page(2, 400, 560));
}

#[test]
fn odd_sizes_do_not_fail() {
    for (width, height) in [(0, 0), (1, 1), (3, 200), (500, 2)] {
        for canvas in [
            paint(1, width, height),
            text_page(1, width, height),
            gradient(1, width, height),
        ] {
            assert_eq!(
                canvas.rgb.len(),
                (canvas.width * canvas.height * 3) as usize
            );
            assert_eq!(canvas.pixel(9999, 9999).len(), 3);
        }
    }
}
