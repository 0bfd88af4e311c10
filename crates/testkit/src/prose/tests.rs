use std::collections::HashMap;

use super::*;

/// Lower-case words without punctuation.
fn plain_words(text: &str) -> Vec<String> {
    text.split_whitespace()
        .map(|word| {
            word.chars()
                .filter(|letter| letter.is_alphanumeric())
                .flat_map(char::to_lowercase)
                .collect()
        })
        .collect()
}

#[test]
fn same_seed_same_text_other_seed_other_text() {
    assert_eq!(write(1, 200), write(1, 200));
    assert_ne!(write(1, 200), write(2, 200));
    assert_eq!(title(3), title(3));
    assert_ne!(title(3), title(4));
}

#[test]
fn no_run_of_eight_words_occurs_under_two_seeds() {
    let mut first_seen: HashMap<Vec<String>, u64> = HashMap::new();
    for seed in 0..150 {
        for run in plain_words(&write(seed, 600)).windows(8) {
            let owner = *first_seen.entry(run.to_vec()).or_insert(seed);
            assert_eq!(owner, seed, "{run:?} is in texts {owner} and {seed}");
        }
    }
}

#[test]
fn sentences_are_well_formed() {
    let text = write(5, 2000);
    assert!(text.split_whitespace().count() < 2200);
    for paragraph in text.split("\n\n") {
        assert!(paragraph.ends_with(['.', '?']), "{paragraph}");
        let first = paragraph.chars().next().unwrap();
        assert!(first.is_uppercase() || first == '“', "{paragraph}");
        assert!(!paragraph.contains("  "), "{paragraph}");
    }
}

#[test]
fn cjk_text_has_no_blanks_and_few_shared_runs() {
    let text = write_cjk(1, 400);
    assert!(text.chars().count() >= 400);
    assert!(!text.contains(' '));
    let other: String = write_cjk(2, 400);
    let letters: Vec<char> = text.chars().collect();
    for run in letters.windows(12) {
        let run: String = run.iter().collect();
        assert!(!other.contains(&run), "{run}");
    }
}

#[test]
fn cyrillic_text_is_cyrillic_and_has_its_own_runs() {
    let text = write_cyrillic(1, 300);
    assert!(text.split_whitespace().count() >= 300);
    let letters: Vec<char> = text
        .chars()
        .filter(|letter| letter.is_alphabetic())
        .collect();
    assert!(
        letters
            .iter()
            .all(|letter| ('\u{400}'..'\u{500}').contains(letter))
    );
    let other = plain_words(&write_cyrillic(2, 300));
    for run in plain_words(&text).windows(8) {
        assert!(!other.windows(8).any(|window| window == run));
    }
}

#[test]
fn captions_have_the_asked_length() {
    assert_eq!(caption(1, 6).split_whitespace().count(), 6);
    assert_ne!(caption(1, 6), caption(2, 6));
    assert_eq!(caption(1, 0), "");
    assert_eq!(write(1, 0), "");
}
