use proptest::prelude::*;

use super::FoldedWords;

fn folded(text: &str) -> String {
    FoldedWords::new(text).as_str().to_owned()
}

#[test]
fn case_and_accents_are_gone_and_look_alikes_stay_apart() {
    assert_eq!(folded("Sigur Rós"), " sigur ros ");
    assert_eq!(folded("BJÖRK  Guðmundsdóttir!"), " bjork gudmundsdottir ");
    assert_eq!(folded("Ørsted, Łukasz; Straße"), " orsted lukasz strasse ");
    assert_eq!(folded("e\u{301}te\u{301}"), " ete ");
    assert_ne!(folded("Ian"), folded("Lan"));
    assert_eq!(folded("ﬁn\u{ad}de"), " finde ");
    assert_eq!(folded("— … —"), " ");
    assert_eq!(folded(""), " ");
}

#[test]
fn letters_of_scripts_without_blanks_are_words() {
    assert_eq!(folded("村上春樹の本"), " 村 上 春 樹 の 本 ");
    assert_eq!(folded("김영하는 go"), " 김 영 하 는 go ");
}

#[test]
fn the_way_back_leads_to_the_characters() {
    let text = "«Élan» by Anaïs Nin-Cole.";
    let words = FoldedWords::new(text);
    let at = words.as_str().find("anais nin cole").unwrap();
    let found = words.characters(at..at + "anais nin cole".len()).unwrap();
    let characters: Vec<char> = text.chars().collect();
    assert_eq!(
        characters[found].iter().collect::<String>(),
        "Anaïs Nin-Cole"
    );
    assert_eq!(words.characters(at + 1..at + 5), None);
}

proptest! {
    #[test]
    fn folding_twice_is_folding_once(text in "\\PC{0,60}") {
        let once = folded(&text);
        prop_assert_eq!(folded(&once), once.clone());
        prop_assert!(once.starts_with(' ') && once.ends_with(' '));
        prop_assert!(!once.contains("  "));
    }

    #[test]
    fn every_word_leads_back_into_the_text(text in "\\PC{0,60}") {
        let words = FoldedWords::new(&text);
        let count = text.chars().count();
        let mut at = 1;
        for word in words.words() {
            let found = words.characters(at..at + word.len()).unwrap();
            prop_assert!(found.start < found.end && found.end <= count);
            at += word.len() + 1;
        }
    }
}
