use proptest::prelude::*;

use super::*;

#[test]
fn files_give_rows_in_proportion_to_their_length() {
    assert_eq!(shares(&[100, 300, 0, 600], 10), [1, 3, 0, 6]);
    assert_eq!(shares(&[5, 5, 5], 4), [2, 1, 1]);
    assert_eq!(shares(&[5, 5], 100), [5, 5]);
    assert_eq!(shares(&[], 3), Vec::<u64>::new());
    assert_eq!(shares(&[u64::MAX, u64::MAX], 4), [2, 2]);
}

#[test]
fn a_seed_draws_the_same_rows_whatever_the_order_of_files() {
    let sampling = Sampling { rows: 20, seed: 7 };
    let (a, b) = (("a.parquet", 1000), ("b.parquet", 1000));
    let one = sampling.draw(&[a, b]);
    let other = sampling.draw(&[b, a]);
    assert_eq!((&one[0], &one[1]), (&other[1], &other[0]));
    assert_ne!(one[0], one[1]);
    let seed = Sampling {
        seed: 8,
        ..sampling
    };
    assert_ne!(one, seed.draw(&[a, b]));
    // Stored results depend on it: a change here changes what a seed means.
    assert_eq!(one[0].len(), 10);
}

#[test]
fn every_row_is_as_likely_as_any_other() {
    let mut counts = [0u32; 10];
    for seed in 0..4000 {
        for row in draw(10, 3, &mut Random::new(seed, "x")) {
            counts[row as usize] += 1;
        }
    }
    // 1,200 each, with a standard deviation of 29.
    assert!(
        counts.iter().all(|count| count.abs_diff(1200) < 150),
        "{counts:?}"
    );
}

#[test]
fn units_have_their_own_rows() {
    let sample = Sample {
        sampling: Sampling { rows: 4, seed: 0 },
        rows: vec![vec![], vec![3, 10, 19, 20]],
    };
    let unit = |file, first_row, rows| Unit {
        file,
        group: 0,
        first_row,
        rows,
    };
    assert_eq!(sample.of(unit(1, 10, 10)), [10, 19]);
    assert_eq!(sample.of(unit(1, 4, 6)), [0u64; 0]);
    assert_eq!(sample.of(unit(0, 0, 9)), [0u64; 0]);
    assert_eq!(sample.of(unit(9, 0, 9)), [0u64; 0]);
}

proptest! {
    #[test]
    fn drawn_rows_are_different_and_inside(length in 0u64..5000, share in 0u64..5000, seed: u64) {
        let share = share.min(length);
        let rows = draw(length, share, &mut Random::new(seed, "x"));
        prop_assert_eq!(rows.len() as u64, share);
        prop_assert!(rows.is_sorted() && rows.iter().all(|row| *row < length));
    }
}
