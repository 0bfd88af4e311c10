use proptest::prelude::*;

use super::*;

#[test]
fn dates_are_read() {
    let expected = NaiveDate::from_ymd_opt(2024, 2, 29).unwrap();
    assert_eq!(parse_date("2024-02-29"), Ok(expected));
    assert_eq!(parse_date(" 2024-02-29\n"), Ok(expected));
}

#[test]
fn days_that_do_not_exist_are_refused() {
    for text in [
        "2025-02-29",
        "1900-02-29",
        "2025-04-31",
        "2025-13-01",
        "2025-00-10",
        "2025-01-00",
        "0000-01-01",
    ] {
        assert_eq!(
            parse_date(text),
            Err(DateError::NoSuchDay {
                given: text.to_owned()
            }),
            "{text}"
        );
    }
    assert_eq!(
        parse_date("2025-02-30").unwrap_err().to_string(),
        "`2025-02-30` is written like a date, but there is no such day"
    );
}

#[test]
fn every_other_form_is_refused() {
    for text in [
        "",
        "2025",
        "2025-1-01",
        "2025-01-1",
        "25-01-01",
        "2025/01/01",
        "01-02-2025",
        "20250101",
        "2025-01-01T00:00:00Z",
        "+2025-01-01",
        "-025-01-01",
        "2025-01-+1",
        "２０２５-01-01",
        "2025–01–01",
    ] {
        assert!(
            matches!(parse_date(text), Err(DateError::Format { .. })),
            "{text}"
        );
    }
    assert_eq!(
        parse_date("2025/01/01").unwrap_err().to_string(),
        "`2025/01/01` is not a date, expected YYYY-MM-DD"
    );
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in ".*") {
        if let Ok(date) = parse_date(&text) {
            prop_assert_eq!(date.to_string(), text.trim());
        }
    }

    #[test]
    fn every_day_is_read_back(days in 1..3_652_059_i32) {
        let date = NaiveDate::from_num_days_from_ce_opt(days).unwrap();
        prop_assert_eq!(parse_date(&date.to_string()), Ok(date));
    }
}
