use proptest::prelude::*;

use super::*;

fn percent(text: &str) -> Result<f64, String> {
    let share = text.parse::<Share>();
    share.map(Share::percent).map_err(|error| error.to_string())
}

/// Names and shares of a list, as `NAME@PERCENT`.
fn list(text: &str) -> Vec<String> {
    let holders = Rightsholder::parse_list(text).unwrap().into_iter();
    let words = holders.map(|holder| match holder.share {
        Some(share) => format!("{}@{}", holder.name, share.percent()),
        None => holder.name,
    });
    words.collect()
}

#[test]
fn a_share_is_a_percentage() {
    for (text, expected) in [
        ("60", 60.0),
        (" 60 % ", 60.0),
        ("60%", 60.0),
        ("60\u{a0}%", 60.0),
        ("60.0", 60.0),
        ("33.33", 33.33),
        ("33.333333333333336", 33.3333),
        ("33,33 %", 33.33),
        ("0.6 %", 0.6),
        ("1 %", 1.0),
        ("1.5", 1.5),
        ("100", 100.0),
        ("100.00 %", 100.0),
    ] {
        assert_eq!(percent(text), Ok(expected), "{text}");
    }
}

#[test]
fn what_may_mean_two_things_is_no_share() {
    for text in ["0.6", "1", "1.0", "0.01"] {
        let error = percent(text).unwrap_err();
        assert!(error.contains("with its percent sign"), "{error}");
    }
    for text in [
        "33,33", "60;40", "60/40", "1/2", "half", "", "%", "6 0", "60.", ".5", "1e2", "NaN", "٦٠",
    ] {
        let error = percent(text).unwrap_err();
        assert!(error.contains("is no share: write"), "{error}");
    }
    for text in [
        "0",
        "0 %",
        "-5",
        "-5 %",
        "100.01",
        "160 %",
        "0.00001 %",
        "999999999999999999999",
    ] {
        let error = percent(text).unwrap_err();
        assert!(error.contains("more than 0 %"), "{error}");
    }
}

#[test]
fn shares_are_shown_as_they_are_written() {
    for (text, expected) in [("60.0", "60 %"), ("33.33", "33.33 %"), ("0.5%", "0.5 %")] {
        assert_eq!(text.parse::<Share>().unwrap().to_string(), expected);
    }
    assert_eq!(Share::from_percent(f64::NAN), None);
    assert_eq!(Share::from_percent(100.0), Some(Share::WHOLE));
}

#[test]
fn a_list_has_names_and_shares() {
    assert_eq!(list("A (60 %); B (40 %)"), ["A@60", "B@40"]);
    assert_eq!(list("A(60%);B (33,3 %) ;C"), ["A@60", "B@33.3", "C"]);
    assert_eq!(list(" Harbor Records "), ["Harbor Records"]);
    assert_eq!(list(""), [""; 0]);
    assert_eq!(list(" ; ;"), [""; 0]);
}

#[test]
fn names_are_not_torn_apart() {
    for name in [
        "Müller, Jörg",
        "Smith, Jones & Sons, Inc.",
        "Lamp Press (UK) Ltd",
        "Studio (54)",
        "Wise Group (Chester Music; Novello)",
        "Simon &amp; Sons",
        "L&#8217;Atelier",
        "100 % Music",
        "Live (100 % Music)",
        "A (",
        ") A",
        "The \"Blue\" House",
        "A | B",
    ] {
        assert_eq!(list(name), [name]);
    }
    assert_eq!(
        list("Simon &amp; Sons; Ben Cole"),
        ["Simon &amp; Sons", "Ben Cole"]
    );
    assert_eq!(
        list("\"Smith; Sons\" (60 %); Ben \"B\" Cole (40 %)"),
        ["Smith; Sons@60", "Ben \"B\" Cole@40"]
    );
}

#[test]
fn what_is_never_closed_joins_no_names() {
    assert_eq!(list("A (UK; B"), ["A (UK", "B"]);
    assert_eq!(list("\"A; B"), ["\"A", "B"]);
    assert_eq!(list("A); B"), ["A)", "B"]);
}

#[test]
fn a_list_with_a_wrong_share_is_refused() {
    for (text, says) in [
        ("A (160 %)", "more than 0 %"),
        ("A (60 %); B (0 %)", "more than 0 %"),
        ("A (-5 %)", "more than 0 %"),
        ("A (1.2.3 %)", "write a percentage"),
        ("(60 %)", "without a name"),
        ("\"\"", "without a name"),
    ] {
        let error = Rightsholder::parse_list(text).unwrap_err().to_string();
        assert!(error.contains(says), "{text}: {error}");
    }
    let many = "A;".repeat(Rightsholder::MOST + 1);
    let error = Rightsholder::parse_list(&many).unwrap_err();
    assert_eq!(error, RightsholderError::TooMany { max: 500 });
    let long = "A".repeat(Rightsholder::NAME_BYTES_MAX + 1);
    let error = Rightsholder::parse_list(&long).unwrap_err().to_string();
    assert!(error.len() < 300, "{error}");
}

proptest! {
    #[test]
    fn any_text_is_a_list_or_refused(text in "[AB;(\")%&0-9., ]{0,40}|.{0,40}") {
        if let Ok(holders) = Rightsholder::parse_list(&text) {
            for holder in holders {
                prop_assert!(!holder.name.trim().is_empty());
                prop_assert!(text.contains(&holder.name));
            }
        }
    }

    #[test]
    fn shares_round_trip(parts in 1_u32..=1_000_000) {
        let share = Share::from_percent(f64::from(parts) / 10_000.0).unwrap();
        prop_assert_eq!(share.parts(), parts);
        prop_assert_eq!(share.to_string().parse::<Share>().unwrap(), share);
    }
}
