use super::*;

#[test]
fn lists_are_split_at_every_separator() {
    let words: Vec<&str> = split(" a|b,c;d+e f\t|| g ").collect();
    assert_eq!(words, ["a", "b", "c", "d", "e", "f", "g"]);
}

#[test]
fn excerpts_are_one_short_line() {
    assert_eq!(excerpt(" a\nb\u{1b}[2J "), "a\\nb\\u{1b}[2J");
    assert_eq!(excerpt("a\u{202e}b\u{2028}c"), "a\\u{202e}b\\u{2028}c");
    let long = excerpt(&"é".repeat(10_000));
    assert_eq!(long.chars().count(), EXCERPT_CHARS_MAX + 1);
    assert!(long.ends_with('…'));
}

#[test]
fn exactly_the_longest_excerpt_is_not_marked_as_cut() {
    let text = "x".repeat(EXCERPT_CHARS_MAX);
    assert_eq!(excerpt(&text), text);
}
