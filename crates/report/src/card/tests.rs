use super::*;
use crate::sample;

#[test]
fn each_medium_shows_what_is_its_own() {
    let finding = sample::recording(0);
    let shown = Shown::new(&finding, &sample::exhibit(&finding)).unwrap();
    assert!(shown.sound.is_some() && shown.plot.is_some() && shown.passages.is_none());
    assert!(Card::new(&finding).spans.is_some());

    let finding = sample::picture(0);
    let shown = Shown::new(&finding, &sample::exhibit(&finding)).unwrap();
    assert!(shown.item.is_some() && shown.work.is_some() && shown.item_jpeg.is_some());
    assert!(Card::new(&finding).spans.is_none());

    let finding = sample::quotation(0);
    let shown = Shown::new(&finding, &sample::exhibit(&finding)).unwrap();
    assert_eq!(shown.passages.unwrap().differing(), (1, 1));
}

#[test]
fn an_exhibit_of_nothing_shows_nothing() {
    for finding in [
        sample::picture(0),
        sample::recording(0),
        sample::quotation(0),
    ] {
        let exhibit = Exhibit {
            excerpt: Some("  ".to_owned()),
            ..Exhibit::default()
        };
        assert!(Shown::new(&finding, &exhibit).is_none());
    }
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

#[test]
fn strength_is_said_with_what_it_means() {
    assert_eq!(
        strength_in_words(&sample::quotation(0)),
        "moderate evidence: 3.0 × 10⁻⁹ findings like this one are expected by chance in this whole scan"
    );
    let certain = Finding {
        e_value: 0.0,
        ..sample::picture(0)
    };
    assert_eq!(
        strength_in_words(&certain),
        "very strong evidence: chance makes no such finding"
    );
}
