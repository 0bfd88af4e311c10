use super::{rounding, weigh};

/// What [`weigh`] says it is, value by value.
fn plainly(pairs: &[(&[u16], &[u16])], kernel: &[u16], length: usize) -> Vec<u16> {
    let sum = |at: usize| {
        let products = pairs.iter().zip(kernel);
        let products = products.map(|((a, b), &weight)| {
            ((u32::from(a[at]) + u32::from(b[at])) * u32::from(weight)) >> 16
        });
        products.sum::<u32>() as u16 + rounding(kernel)
    };
    (0..length).map(sum).collect()
}

#[test]
fn rows_of_every_length_are_weighed_alike() {
    let kernel = [9_000, 8_000, 7_000, 5_000, 3_768];
    let mut state = 1u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        ((state >> 16) % (255 * 128 + 1)) as u16
    };
    let rows: Vec<Vec<u16>> = (0..10)
        .map(|_| (0..300).map(|_| next()).collect())
        .collect();
    let pairs: Vec<(&[u16], &[u16])> = rows
        .chunks_exact(2)
        .map(|pair| (pair[0].as_slice(), pair[1].as_slice()))
        .collect();
    for length in [0, 1, 31, 32, 33, 63, 64, 65, 95, 96, 127, 128, 200, 300] {
        let mut out = vec![0; length];
        weigh(&pairs, &kernel, &mut out);
        assert_eq!(out, plainly(&pairs, &kernel, length), "{length}");
    }
}

#[test]
fn white_stays_white() {
    let kernel = [10_000, 12_768, 10_000];
    let row = vec![255 * 128; 130];
    let pairs = [(row.as_slice(), row.as_slice()); 3];
    let mut out = vec![0; 130];
    weigh(&pairs, &kernel, &mut out);
    assert!(out.iter().all(|&value| value.abs_diff(255 * 128) <= 2));
}
