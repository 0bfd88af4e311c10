use super::*;

fn near(interval: [f64; 2], wanted: [f64; 2]) -> bool {
    interval
        .iter()
        .zip(wanted)
        .all(|(got, want)| (got - want).abs() < 5e-4)
}

#[test]
fn intervals_are_those_of_the_tables() {
    // Newcombe, Statistics in Medicine 17, 1998, table I: Clopper-Pearson and Wilson.
    for (found, of, exact, score) in [
        (81, 263, [0.2527, 0.3676], [0.2553, 0.3662]),
        (15, 148, [0.0578, 0.1617], [0.0624, 0.1605]),
        (0, 20, [0.0, 0.1684], [0.0, 0.1611]),
        (1, 29, [0.0009, 0.1776], [0.0061, 0.1718]),
    ] {
        let proportion = Proportion::new(found, of);
        assert!(near(proportion.clopper_pearson, exact), "{proportion:?}");
        assert!(near(proportion.wilson, score), "{proportion:?}");
    }
}

#[test]
fn everything_and_nothing_have_one_sided_limits() {
    let none = Proportion::new(0, 0);
    assert_eq!(
        (none.share, none.wilson, none.clopper_pearson),
        (0.0, [0.0, 1.0], [0.0, 1.0])
    );
    let all = Proportion::new(20, 20);
    assert!(near(all.clopper_pearson, [0.8316, 1.0]) && near(all.wilson, [0.8389, 1.0]));
    assert_eq!(Proportion::new(30, 20), all);
}

#[test]
fn large_counts_have_narrow_intervals() {
    let proportion = Proportion::new(123_456, 10_000_000);
    let [low, high] = proportion.clopper_pearson;
    assert!(low < proportion.share && proportion.share < high && high - low < 2e-4);
}
