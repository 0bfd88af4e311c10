use super::*;
use crate::parse_date;

fn is_in_force(first: Option<&str>, last: Option<&str>, day: &str) -> bool {
    let date = |text: &str| parse_date(text).unwrap();
    let reservation = Reservation {
        since: first.map(date),
        until: last.map(date),
        ..Reservation::new("1", "W-1", UseSet::ALL)
    };
    reservation.is_in_force(date(day))
}

#[test]
fn the_first_and_the_last_day_count() {
    let (first, last) = (Some("2025-01-01"), Some("2025-06-30"));
    for (day, expected) in [
        ("2024-12-31", false),
        ("2025-01-01", true),
        ("2025-06-30", true),
        ("2025-07-01", false),
    ] {
        assert_eq!(is_in_force(first, last, day), expected, "{day}");
    }
}

#[test]
fn a_day_not_stated_is_no_limit() {
    assert!(is_in_force(None, Some("2025-06-30"), "0001-01-01"));
    assert!(is_in_force(Some("2025-01-01"), None, "9999-12-31"));
    assert!(is_in_force(None, None, "2025-07-01"));
}

#[test]
fn no_day_lies_between_inverted_ones() {
    for day in [
        "2024-01-01",
        "2025-01-01",
        "2025-03-01",
        "2025-06-30",
        "2026-01-01",
    ] {
        assert!(
            !is_in_force(Some("2025-06-30"), Some("2025-01-01"), day),
            "{day}"
        );
    }
}
