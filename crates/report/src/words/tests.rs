use super::*;

#[test]
fn numbers_are_grouped() {
    assert_eq!(count(0), "0");
    assert_eq!(count(999), "999");
    assert_eq!(count(1_000), "1,000");
    assert_eq!(count(12_345_678), "12,345,678");
    assert_eq!(counted(1, "row", "rows"), "1 row");
    assert_eq!(counted(2_031, "row", "rows"), "2,031 rows");
}

#[test]
fn shares_never_round_to_nothing_or_everything() {
    assert_eq!(share(0, 10), "0%");
    assert_eq!(share(1, 1_000_000), "0.1%");
    assert_eq!(share(412, 2031), "20.3%");
    assert_eq!(share(999_999, 1_000_000), "99.9%");
    assert_eq!(share(10, 10), "100%");
    assert_eq!(share(0, 0), "0%");
}

#[test]
fn times_carry_into_minutes_and_hours() {
    assert_eq!(clock(0.0), "0:00.0");
    assert_eq!(clock(59.96), "1:00.0");
    assert_eq!(clock(62.54), "1:02.5");
    assert_eq!(clock(3_602.5), "1:00:02.5");
    assert_eq!(clock(-1.0), "0:00.0");
}

#[test]
fn chances_read_as_powers_of_ten() {
    assert_eq!(chance(0.0), "0");
    assert_eq!(chance(4.2e-31), "4.2 × 10⁻³¹");
    assert_eq!(chance(9.96e-100), "1.0 × 10⁻⁹⁹");
    assert_eq!(chance(5e-324), "4.9 × 10⁻³²⁴");
    assert_eq!(chance(6.78e-50), "6.8 × 10⁻⁵⁰");
    assert_eq!(chance(0.02), "0.020");
}

#[test]
fn strength_has_three_steps() {
    assert_eq!(strength(0.0), "very strong");
    assert_eq!(strength(1e-30), "strong");
    assert_eq!(strength(1e-10), "moderate");
    assert_eq!(strength(1.0), "weak");
}

#[test]
fn sizes_change_unit_before_four_digits() {
    assert_eq!(size(1), "1 byte");
    assert_eq!(size(999), "999 bytes");
    assert_eq!(size(1_000), "1.0 kB");
    assert_eq!(size(999_900), "1.0 MB");
    assert_eq!(size(536_870_912), "537 MB");
    assert_eq!(size(u64::MAX), "18446744 TB");
}

#[test]
fn what_cannot_be_seen_is_made_visible() {
    assert_eq!(line("a\0b\x1b[31m\x7f"), "a␀b␛[31m␡");
    assert_eq!(line("one\r\ntwo\u{2028}three"), "one  two three");
    assert_eq!(line("invoice\u{202e}gpj.exe"), "invoice‹U+202E›gpj.exe");
    assert_eq!(line("\u{85}\u{e0041}"), "\u{fffd}\u{fffd}");
    assert_eq!(passage("first\r\n\tsecond\x07"), "first\n\tsecond␇");
}

#[test]
fn other_scripts_stay_as_they_are() {
    for text in ["雪国", "الأيام", "Дзень добры", "e\u{301}", "👩\u{200d}🎤"]
    {
        assert_eq!(line(text), text);
        assert_eq!(passage(text), text);
    }
}

#[test]
fn long_text_is_shortened_in_the_middle() {
    let long = format!("{}{}", "a".repeat(5_000), "z".repeat(5_000));
    let short = line(&long);
    assert_eq!(
        short.chars().count(),
        LINE_CHARACTERS + " […] ".chars().count()
    );
    assert!(short.starts_with("aaa") && short.ends_with("zzz"));
    assert!(passage(&long).chars().count() > LINE_CHARACTERS);
}
