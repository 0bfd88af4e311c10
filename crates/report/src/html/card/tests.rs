use super::*;
use crate::sample;

#[test]
fn changes_of_pictures_in_words() {
    let words = |flip, rotation_deg| {
        change(Transform {
            flip,
            rotation_deg,
            ..Transform::default()
        })
    };
    assert_eq!(words(false, 0), None);
    assert_eq!(words(true, 0).as_deref(), Some("mirrored"));
    assert_eq!(words(false, 270).as_deref(), Some("turned 270° clockwise"));
    assert_eq!(
        words(true, 90).as_deref(),
        Some("mirrored, then turned 90° clockwise")
    );
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

#[test]
fn both_stretches_are_drawn_on_one_scale() {
    let timeline = timeline(&sample::recording(0)).unwrap();
    assert_eq!((timeline.item.left, timeline.item.right), (0, 328));
    assert_eq!((timeline.work.left, timeline.work.right), (672, 1000));
    assert_eq!(timeline.item.to, "0:30.0");
    assert_eq!(timeline.work.from, "1:01.5");
}

#[test]
fn a_short_stretch_can_still_be_seen() {
    for start in [0.0, 5_000.0, 9_999.9] {
        let finding = Finding {
            query_start: Some(start),
            query_end: Some(start + 0.1),
            work_start: Some(0.0),
            work_end: Some(10_000.0),
            ..sample::recording(0)
        };
        let item = timeline(&finding).unwrap().item;
        assert!(item.right - item.left >= 7, "{} {}", item.left, item.right);
        assert!(item.right <= 1000);
    }
}

#[test]
fn spans_that_make_no_sense_are_drawn_inside_or_not_at_all() {
    let with = |start, end| Finding {
        query_start: Some(start),
        query_end: Some(end),
        work_start: Some(start),
        work_end: Some(end),
        ..sample::recording(0)
    };
    assert!(timeline(&with(0.0, 0.0)).is_none());
    assert!(timeline(&with(-5.0, -1.0)).is_none());
    for (start, end) in [(9.0, 3.0), (-1e308, 1e308), (0.0, f64::MAX)] {
        let item = timeline(&with(start, end)).unwrap().item;
        assert!(item.left < item.right && item.right <= 1000);
    }
    let without = Finding {
        work_end: None,
        ..sample::recording(0)
    };
    assert!(timeline(&without).is_none());
}

#[test]
fn only_base64_becomes_a_picture() {
    let finding = sample::picture(0);
    let exhibit = Exhibit {
        thumbnail: Some("\"><script>alert(1)</script>".to_owned()),
        work_thumbnail: Some(String::new()),
        ..sample::exhibit(&finding)
    };
    assert!(pictures(&finding, &exhibit).is_none());
    assert!(pictures(&finding, &sample::exhibit(&finding)).is_some());
    assert!(Card::new(&finding, Some(&exhibit)).missing.is_some());
}

#[test]
fn a_missing_exhibit_is_said_where_one_is_expected() {
    assert!(Card::new(&sample::picture(0), None).missing.is_some());
    assert!(Card::new(&sample::quotation(0), None).missing.is_some());
    assert!(Card::new(&sample::recording(0), None).missing.is_none());
}
