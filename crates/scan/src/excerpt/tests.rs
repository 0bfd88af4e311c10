use proptest::prelude::*;

use super::*;

fn span(start: usize, end: usize) -> Span {
    Span {
        start: start as f64,
        end: end as f64,
    }
}

#[test]
fn a_long_passage_is_shortened_in_the_middle() {
    let text: String = ('а'..='я').cycle().take(2_000).collect();
    let passage = Excerpts::new(&text).passage(span(500, 1_500));
    let characters: Vec<char> = text.chars().collect();
    let piece = |range: std::ops::Range<usize>| characters[range].iter().collect::<String>();
    let expected = format!("{} […] {}", piece(500..800), piece(1_200..1_500));
    assert_eq!(passage, expected);
}

#[test]
fn nothing_lies_beyond_the_end() {
    let excerpts = Excerpts::new("Stray light");
    assert_eq!(excerpts.passage(span(6, 90)), "light");
    assert_eq!(excerpts.passage(span(40, 90)), "");
    assert_eq!(Excerpts::new("").passage(span(0, 4)), "");
}

proptest! {
    /// The characters by number are those that walking from the start finds.
    #[test]
    fn any_passage_is_what_walking_finds(
        text in "(a|é|語|🎵|\n){0,900}",
        start in 0_usize..1_000,
        length in 0_usize..600,
    ) {
        let walked: String = text.chars().skip(start).take(length).collect();
        let found = Excerpts::new(&text).passage(span(start, start + length));
        prop_assert_eq!(found, walked);
    }
}
