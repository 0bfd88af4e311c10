use super::*;
use crate::sample;

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

#[test]
fn a_part_is_outlined_and_the_whole_is_not() {
    let outlines = |finding: &Finding| {
        let pictures = pictures(finding, &sample::exhibit(finding)).unwrap();
        let outline = |picture: Option<Picture>| picture.unwrap().outline;
        (outline(pictures.item), outline(pictures.work))
    };
    assert_eq!(outlines(&sample::picture(0)), (None, None));
    let cutting = sample::cutting(0);
    let (item, work) = outlines(&cutting);
    assert_eq!(item, Region::part([0.12, 0.3, 0.48, 0.72]));
    assert_eq!(work, Region::part([0.0, 0.0, 0.5, 0.5]));
    assert!(item.is_some() && work.is_some());
}

#[test]
fn an_excerpt_of_a_picture_says_which_of_the_two_is_a_part() {
    let cutting = sample::cutting(0);
    assert_eq!(kind(&cutting), "Part of the work");
    let inset = Finding {
        work_box: Some([0.0, 0.0, 1.0, 1.0]),
        ..cutting
    };
    assert_eq!(kind(&inset), "Whole work in part of the item");
    let unmeasured = Finding {
        query_box: None,
        work_box: None,
        ..inset
    };
    assert_eq!(kind(&unmeasured), "Part of the work");
    assert_eq!(kind(&sample::recording(0)), "Excerpt of the work");
}
