use super::super::fingerprint;

/// Blots of many sizes, none of them symmetric.
fn blots() -> Vec<u8> {
    let wave =
        |x: f32, y: f32| (x * x * 0.0021 + y * 0.13).sin() + (y * y * 0.0017 - x * 0.19).cos();
    (0..400 * 300)
        .map(|at| (128.0 + 45.0 * wave((at % 400) as f32, (at / 400) as f32)) as u8)
        .collect()
}

#[test]
fn a_decoy_is_nearly_the_negative() {
    let luma = blots();
    let negative: Vec<u8> = luma.iter().map(|level| 255 - level).collect();
    let decoy = fingerprint(&luma, 400, 300).unwrap().decoy();
    let negative = fingerprint(&negative, 400, 300).unwrap();
    assert!(decoy.hash.distance(&negative.hash) <= 4);
    let mut differing = Vec::new();
    for found in &decoy.points {
        let point = &found.point;
        let same = negative.points.iter().filter(|other| {
            let other = &other.point;
            let turn = other.angle.wrapping_sub(point.angle);
            point.x.abs_diff(other.x) < 8
                && point.y.abs_diff(other.y) < 8
                && point.size.abs_diff(other.size) < 3
                && turn.min(turn.wrapping_neg()) < 6
        });
        let bits = same.map(|other| {
            let words = point.descriptor.iter().zip(other.point.descriptor);
            words.map(|(a, b)| (a ^ b).count_ones()).sum::<u32>()
        });
        differing.extend(bits.min());
    }
    assert!(
        differing.len() * 10 > decoy.points.len() * 9,
        "{} points",
        differing.len()
    );
    let mean = f64::from(differing.iter().sum::<u32>()) / differing.len() as f64;
    // Unrelated places differ in 64 bits.
    assert!(mean < 16.0, "{mean}");
}

#[test]
fn a_decoy_resembles_its_picture_no_more_than_another() {
    let print = fingerprint(&blots(), 400, 300).unwrap();
    let decoy = print.decoy();
    assert!(print.hash.distance(&decoy.hash) > 200);
    assert_eq!(print.points.len(), decoy.points.len());
    assert_eq!(decoy.decoy(), print);
}
