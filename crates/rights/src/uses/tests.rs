use proptest::prelude::*;

use super::*;

fn reserved(text: &str) -> String {
    UseSet::parse_reservation(text).unwrap().to_string()
}

fn licensed(text: &str) -> String {
    UseSet::parse_license(text).unwrap().to_string()
}

#[test]
fn a_reservation_is_read_widely() {
    assert_eq!(reserved("none"), "none");
    assert_eq!(
        reserved("all"),
        "search|mining|ai-input|train|train-generative"
    );
    assert_eq!(reserved("tdm"), "mining|train|train-generative");
    assert_eq!(reserved("mining"), "mining|train|train-generative");
    assert_eq!(reserved("train"), "train|train-generative");
    assert_eq!(reserved("train-generative"), "train-generative");
    assert_eq!(reserved("ai-input"), "ai-input");
    assert_eq!(reserved("search"), "search");
}

#[test]
fn a_license_is_read_narrowly() {
    assert_eq!(licensed("none"), "none");
    assert_eq!(
        licensed("all"),
        "search|mining|ai-input|train|train-generative"
    );
    assert_eq!(licensed("tdm"), "mining");
    assert_eq!(licensed("mining"), "mining");
    assert_eq!(licensed("train"), "train");
    assert_eq!(licensed("train|train-generative"), "train|train-generative");
}

#[test]
fn lists_take_any_separator_case_and_underscores() {
    for text in [
        "search|ai-input",
        "search,ai-input",
        "search; AI-Input",
        "ai_input + search",
        " Search ai_input ",
    ] {
        assert_eq!(reserved(text), "search|ai-input", "{text}");
    }
}

#[test]
fn unknown_words_are_named_with_the_accepted_ones() {
    assert_eq!(
        UseSet::parse_reservation("train|genai")
            .unwrap_err()
            .to_string(),
        "unknown reserved use `genai`, expected none, all, tdm, search, mining, ai-input, train or train-generative"
    );
    assert_eq!(
        UseSet::parse_license(" | ").unwrap_err().to_string(),
        "no licensed use given, expected none, all, tdm, search, mining, ai-input, train or train-generative"
    );
    assert_eq!(
        "tdm".parse::<UseSet>().unwrap_err().to_string(),
        "unknown use `tdm`, expected none, all, search, mining, ai-input, train or train-generative"
    );
    assert_eq!(
        "generate".parse::<Use>().unwrap_err().to_string(),
        "unknown use `generate`, expected search, mining, ai-input, train or train-generative"
    );
}

#[test]
fn none_beside_another_word_is_a_contradiction() {
    for text in ["none|train", "train none", "all;none"] {
        assert!(
            matches!(
                UseSet::parse_reservation(text),
                Err(WordError::NoneBesideOthers { .. })
            ),
            "{text}"
        );
    }
    assert_eq!(reserved("none none"), "none");
}

#[test]
fn uses_round_trip_through_their_words() {
    for member in Use::ALL {
        assert_eq!(member.to_string().parse(), Ok(member));
    }
    assert_eq!(" Train-Generative ".parse(), Ok(Use::TrainGenerative));
}

#[test]
fn sets_know_their_members() {
    assert_eq!(UseSet::ALL.iter().collect::<Vec<_>>(), Use::ALL);
    assert_eq!(UseSet::ALL.len(), 5);
    assert!(UseSet::NONE.is_empty());
    assert_eq!(UseSet::default(), UseSet::NONE);
    assert_eq!(
        format!("{:?}", UseSet::from(Use::AiInput)),
        "UseSet(ai-input)"
    );
}

proptest! {
    #[test]
    fn sets_round_trip_through_text(bits in 0_u8..32) {
        let set = UseSet(bits);
        prop_assert_eq!(set.to_string().parse(), Ok(set));
        prop_assert_eq!(UseSet::from(Vec::from(set)), set);
    }

    #[test]
    fn a_license_never_reaches_further_than_the_same_words_in_a_reservation(bits in 1_u8..32) {
        let text = UseSet(bits).to_string();
        let granted = UseSet::parse_license(&text).unwrap();
        let reserved = UseSet::parse_reservation(&text).unwrap();
        prop_assert_eq!(granted.union(reserved), reserved);
    }

    #[test]
    fn any_text_is_read_or_refused(text in ".*") {
        let _read = (UseSet::parse_reservation(&text), UseSet::parse_license(&text), text.parse::<UseSet>());
    }
}
