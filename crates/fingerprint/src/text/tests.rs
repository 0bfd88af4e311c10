use std::collections::HashSet;

use proptest::prelude::*;

use super::*;

fn folded(text: &str) -> String {
    String::from_utf8(normalize(text).letters).unwrap()
}

#[test]
fn what_print_changes_is_gone() {
    assert_eq!(folded("The  Café—ﬁne!"), "thecafeflne");
    assert_eq!(folded("Straße İstanbul"), "straßelstanbul");
    assert_eq!(
        folded("zero\u{200b}width \u{feff}marks e\u{301}"),
        "zerowldthmarkse"
    );
    assert_eq!(folded("我愛Ｒｕｓｔ。"), "我愛rust");
    // The second with Latin p and e.
    assert_eq!(folded("Привет, мир"), folded("пpивeтмир"));
    assert_eq!(folded("<b>f&uuml;r</b> \\u00fcber"), "furuber");
    assert_eq!(
        folded("한국어"),
        folded("\u{1112}\u{1161}\u{11ab}\u{1100}\u{116e}\u{11a8}\u{110b}\u{1165}")
    );
    assert_eq!(folded("…!? \n"), "");
}

#[test]
fn words_are_counted_as_people_do() {
    assert_eq!(normalize("It's a well-known  fact, no?").words(), 5);
    assert_eq!(normalize("divi-\n  ded at the line's end").words(), 5);
    assert_eq!(normalize("我愛程式設計").words(), 3);
    assert_eq!(normalize("").words(), 0);
}

#[test]
fn the_map_back_is_exact() {
    let text = "  “Hello,\tworld” — ﬁfty 我 愛 naïve\n\nend.";
    let normalized = normalize(text);
    let characters: Vec<char> = text.chars().collect();
    assert_eq!(normalized.characters as usize, characters.len());
    for (at, byte) in normalized.letters.iter().enumerate() {
        let original = characters[normalized.character(at) as usize];
        if byte.is_ascii() && original.is_ascii() {
            assert_eq!(fold::ASCII[original as usize], *byte);
        }
        assert!(original.is_alphanumeric());
    }
}

/// Each window on its own: is it selected when nothing surrounds it?
fn brute_force_seeds(letters: &[u8]) -> Vec<u32> {
    letters
        .windows(GRAM)
        .enumerate()
        .filter(|(_, gram)| seeds(gram).len() == 1)
        .map(|(at, _)| at as u32)
        .collect()
}

proptest! {
    #[test]
    fn selection_depends_on_the_gram_alone(letters in "[ab]{0,120}|[a-z]{0,200}") {
        let found: Vec<u32> = seeds(letters.as_bytes()).iter().map(|s| s.position).collect();
        prop_assert_eq!(found, brute_force_seeds(letters.as_bytes()));
    }

    #[test]
    fn a_guaranteed_run_yields_a_shared_seed(
        run in "[a-z]{35}", before in "[a-z]{0,60}", after in "[a-z]{0,60}"
    ) {
        prop_assert_eq!(run.len(), GUARANTEED_RUN);
        let alone: HashSet<u64> = seeds(run.as_bytes()).iter().map(|s| s.hash).collect();
        prop_assert!(!alone.is_empty());
        let inside = seeds(format!("{before}{run}{after}").as_bytes());
        prop_assert!(inside.iter().any(|seed| alone.contains(&seed.hash)));
    }

    #[test]
    fn any_text_normalizes_and_maps_back(text in "\\PC{0,200}") {
        let normalized = normalize(&text);
        let count = text.chars().count();
        prop_assert!(std::str::from_utf8(&normalized.letters).is_ok());
        let mut last = 0;
        for at in 0..normalized.letters.len() {
            let character = normalized.character(at);
            prop_assert!(character >= last && (character as usize) < count);
            last = character;
        }
    }

    #[test]
    fn letters_are_those_of_the_normalized_text(text in "(\\PC|[ -~]{0,90}|<b>|&amp;|\\\\u00e9|\\\\n){0,12}") {
        let normalized = normalize(&text);
        prop_assert_eq!(letters(&text), normalized.letters.clone());
        prop_assert_eq!(words(&text), normalized.words());
    }

    #[test]
    fn normalizing_twice_changes_nothing(text in "\\PC{0,100}") {
        let once = folded(&text);
        prop_assert_eq!(folded(&once), once);
    }
}
