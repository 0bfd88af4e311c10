use proptest::prelude::*;

use super::*;

fn marked(runs: &[Run]) -> String {
    let mark = |run: &Run| match run {
        Run(true, text) => text.clone(),
        Run(false, text) => format!("[{text}]"),
    };
    runs.iter().map(mark).collect()
}

#[test]
fn changed_words_are_marked_on_both_sides() {
    let passages = Passages::new(
        "It was a quiet morning in May, and nobody spoke.",
        Some("It was a silent morning in May; and nobody, nobody spoke."),
    );
    assert_eq!(
        marked(&passages.item),
        "It was a [quiet ]morning in May, and nobody spoke."
    );
    assert_eq!(
        marked(&passages.work),
        "It was a [silent ]morning in May; and nobody, [nobody ]spoke."
    );
    assert_eq!(passages.differing(), (1, 2));
}

#[test]
fn case_spaces_and_marks_do_not_count() {
    let passages = Passages::new("«Hear  me!» she\nsaid", Some("Hear me, SHE said."));
    assert_eq!(passages.differing(), (0, 0));
}

#[test]
fn scripts_without_spaces_are_compared_by_letters() {
    let passages = Passages::new("吾輩は猫である", Some("吾輩は犬である"));
    assert_eq!(marked(&passages.item), "吾輩は[猫]である");
}

#[test]
fn without_the_work_nothing_is_marked() {
    let passages = Passages::new("It was.", None);
    assert_eq!(passages.item, [Run(true, "It was.".to_owned())]);
    assert!(passages.work.is_empty());
    assert_eq!(passages.differing(), (0, 0));
}

proptest! {
    #[test]
    fn no_letter_is_lost(item in "\\PC{0,80}", work in "\\PC{1,80}") {
        let passages = Passages::new(&item, Some(&work));
        let text: String = passages.item.iter().map(|run| run.1.as_str()).collect();
        prop_assert_eq!(text, passage(&item));
    }
}
