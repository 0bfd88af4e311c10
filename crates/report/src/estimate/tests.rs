use super::*;

fn upper_limit(found: u64, tries: u64) -> f64 {
    at_most(found, tries, BEYOND)
}

#[test]
fn upper_limits_are_those_of_the_tables() {
    // Without a success the limit is 1 - 0.05^(1/n).
    for tries in [1u64, 10, 100, 3000] {
        let wanted = 1.0 - 0.05f64.powf(1.0 / tries as f64);
        assert!((upper_limit(0, tries) - wanted).abs() < 1e-9);
    }
    // One-sided 95 % limits: 3 of 50 and 10 of 200.
    assert!((upper_limit(3, 50) - 0.1478).abs() < 5e-4);
    assert!((upper_limit(10, 200) - 0.0832).abs() < 5e-4);
    assert!((upper_limit(4, 4) - 1.0).abs() < 1e-12);
}

#[test]
fn a_medium_without_decoys_has_no_estimate() {
    let mut media = MediaCounts::default();
    media.audio.clear = 980;
    media.audio.matched = 20;
    media.audio.decoys = 100;
    media.audio.decoys_found = 1;
    media.text.clear = 5;
    let estimates = decoy_estimates(&media);
    assert_eq!(estimates.keys().collect::<Vec<_>>(), ["audio"]);
    assert!((estimates["audio"].false_items - 10.0).abs() < 1e-9);
    assert!((estimates["audio"].false_items_at_most - 46.6).abs() < 0.1);
}
