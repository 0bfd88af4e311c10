use super::*;
use crate::sample;

#[test]
fn changes_of_pictures_in_words() {
    let words = |flip, rotation_deg| {
        let transform = Transform {
            flip,
            rotation_deg,
            ..Transform::default()
        };
        change(&transform).unwrap_or_default()
    };
    assert_eq!(words(false, 0.0), "");
    assert_eq!(words(false, -0.4), "");
    assert_eq!(words(true, 0.0), "mirrored");
    assert_eq!(words(false, 14.6), "turned 15° clockwise");
    assert_eq!(words(false, -90.0), "turned 90° counter-clockwise");
    assert_eq!(words(false, 179.8), "turned 180°");
    assert_eq!(words(false, -180.0), "turned 180°");
    assert_eq!(words(true, 90.0), "mirrored, then turned 90° clockwise");
    assert_eq!(words(false, f32::NAN), "");
}

#[test]
fn size_is_said_where_it_differs() {
    let words = |scale| size(scale).unwrap_or_default();
    for about_the_same in [1.0, 0.95, 1.09, 0.0, -1.0, f32::NAN, f32::INFINITY] {
        assert_eq!(words(about_the_same), "", "{about_the_same}");
    }
    assert_eq!(words(0.48), "shown at 48% of the item's size");
    assert_eq!(words(0.001), "shown at 1% of the item's size");
    assert_eq!(words(2.13), "shown at 2.1 times the item's size");
}

#[test]
fn raw_counts_in_words() {
    assert_eq!(
        facts(&sample::picture(0)),
        [
            "mirrored, then turned 90° clockwise",
            "7 of 256 bits differ"
        ]
    );
    assert_eq!(
        facts(&sample::cutting(0)),
        [
            "turned 15° clockwise",
            "shown at 72% of the item's size",
            "at 12–48% across, 30–72% down the item",
            "shows the top left quarter of the work",
            "31 of 58 places agree",
            "5 of 6 areas alike",
        ]
    );
    assert_eq!(
        facts(&sample::recording(0)),
        ["1,412 of 1,530 peaks aligned", "88 landmarks agree"]
    );
    assert_eq!(
        facts(&sample::quotation(0)),
        [
            "137 words agree",
            "98.4% identity",
            "characters 1,204 to 2,011 of the item, 88 to 895 of the work",
            "same passage in 1 other registered work",
        ]
    );
}

#[test]
fn identity_is_whole_only_when_it_is() {
    assert!((rounded_down_percent(1.0) - 100.0).abs() < 1e-9);
    assert!((rounded_down_percent(0.57) - 57.0).abs() < 1e-9);
    assert!((rounded_down_percent(0.999_96) - 99.9).abs() < 1e-9);
}
