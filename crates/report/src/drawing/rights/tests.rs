use super::*;

fn date(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn record() -> (Vec<Reservation>, Vec<License>) {
    let reservation = Reservation {
        since: Some(date(2024, 1, 1)),
        ..Reservation::default()
    };
    let license = License {
        from: Some(date(2025, 1, 1)),
        until: Some(date(2025, 12, 31)),
        ..License::default()
    };
    (vec![reservation], vec![license])
}

#[test]
fn records_are_bars_over_the_day_of_the_decision() {
    let (reservations, licenses) = record();
    let drawing = history(&reservations, &licenses, Some(date(2026, 6, 30))).unwrap();
    let paths: Vec<&str> = drawing
        .shapes
        .iter()
        .filter_map(|shape| match shape {
            Shape::Path(_, path) => Some(path.as_str()),
            Shape::Picture(_) | Shape::Strip(..) => None,
        })
        .collect();
    // An open end reaches the edge; the days run from July 2023 to December 2026.
    assert!(paths[1].ends_with("H1000"), "{paths:?}");
    assert!(
        paths[2].contains('H') && !paths[2].ends_with("H1000"),
        "{paths:?}"
    );
    assert!(paths[3].ends_with("V40"), "{paths:?}");
    assert!(drawing.caption.starts_with("2023 to 2026"));
    assert_eq!(
        drawing.label,
        "1 reservation and 1 license along time, the line is at 2026-06-30"
    );
}

#[test]
fn dates_in_the_wrong_order_draw_nothing_and_break_nothing() {
    let license = License {
        from: Some(date(2026, 1, 1)),
        until: Some(date(2020, 1, 1)),
        ..License::default()
    };
    let drawing = history(&[], &[license], None).unwrap();
    assert!(
        drawing
            .shapes
            .contains(&Shape::Path(Ink::Licensed, String::new()))
    );
    assert!(history(&[], &[], None).is_none());
    let ends = Reservation {
        since: Some(NaiveDate::MIN),
        until: Some(NaiveDate::MAX),
        ..Reservation::default()
    };
    assert!(history(&[ends], &[], Some(date(2026, 1, 1))).is_some());
}
