use proptest::prelude::*;

use super::*;

fn country(code: &str) -> Country {
    code.parse().unwrap()
}

fn territory(text: &str) -> Territory {
    text.parse().unwrap()
}

#[test]
fn tables_are_sorted_two_letter_codes() {
    for table in [
        &countries::ALL[..],
        &countries::EUROPEAN_UNION,
        &countries::EEA_OUTSIDE_UNION,
    ] {
        assert!(table.is_sorted_by(|left, right| left < right));
        assert!(
            table
                .iter()
                .all(|code| code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase()))
        );
        assert!(table.iter().all(|code| countries::ALL.contains(code)));
    }
}

#[test]
fn countries_are_read_in_any_case() {
    assert_eq!(country(" de ").as_str(), "DE");
    assert_eq!(country("UK"), country("GB"));
    assert_eq!(country("el"), country("GR"));
    assert_eq!(country("XK").to_string(), "XK");
}

#[test]
fn what_is_not_a_country_is_refused() {
    for text in ["EU", "ZZ", "D", "DEU", "ДЕ", "D E"] {
        assert!(text.parse::<Country>().is_err(), "{text}");
    }
    assert_eq!(
        "EU".parse::<Country>().unwrap_err().to_string(),
        "unknown country `EU`, expected an ISO 3166-1 alpha-2 country code such as DE"
    );
    assert!(matches!(
        "".parse::<Country>(),
        Err(WordError::Empty { .. })
    ));
}

#[test]
fn the_world_has_many_names() {
    for text in ["", "  ", "WORLD", "worldwide", "WW", "all", "*", "DE|WORLD"] {
        assert!(territory(text).is_worldwide(), "{text}");
    }
    assert_eq!(Territory::default(), Territory::WORLDWIDE);
    assert_eq!(Territory::WORLDWIDE.to_string(), "WORLD");
}

#[test]
fn lists_are_kept_as_said() {
    assert_eq!(territory("eu, ch;DE de").to_string(), "CH|DE|EU");
    assert_eq!(territory("EU"), CountryGroup::Eu.into());
    assert_eq!(territory("CH"), country("CH").into());
    assert_eq!(
        "DE|Europe".parse::<Territory>().unwrap_err().to_string(),
        "unknown territory `Europe`, expected ISO 3166-1 alpha-2 country codes such as DE, \
         the groups EU and EEA, or WORLD"
    );
}

#[test]
fn groups_hold_their_members() {
    assert!(territory("EU").contains(country("IE")));
    assert!(!territory("EU").contains(country("NO")));
    assert!(!territory("EU").contains(country("GB")));
    assert!(territory("EEA").contains(country("NO")));
    assert!(territory("EEA").contains(country("DE")));
    assert!(!territory("EEA").contains(country("CH")));
}

#[test]
fn an_unstated_place_counts_against_the_use() {
    let germany = territory("DE");
    assert!(germany.reservation_covers(None));
    assert!(!germany.license_covers(None));
    assert!(Territory::WORLDWIDE.reservation_covers(None));
    assert!(Territory::WORLDWIDE.license_covers(None));
}

#[test]
fn a_stated_place_is_looked_up() {
    let germany = territory("DE");
    for (code, inside) in [("DE", true), ("US", false)] {
        assert_eq!(germany.reservation_covers(Some(country(code))), inside);
        assert_eq!(germany.license_covers(Some(country(code))), inside);
    }
}

proptest! {
    #[test]
    fn territories_round_trip(codes in proptest::sample::subsequence(countries::ALL.to_vec(), 0..20), eu: bool, eea: bool) {
        let mut text = codes.join("|");
        text += if eu { "|EU" } else { "" };
        text += if eea { "|EEA" } else { "" };
        let read = territory(&text);
        prop_assert_eq!(territory(&read.to_string()), read);
    }

    #[test]
    fn any_text_is_read_or_refused(text in ".*") {
        let _read = (text.parse::<Territory>(), text.parse::<Country>());
    }
}
