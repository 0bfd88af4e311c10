use clearance_fingerprint::text::normalize;

use crate::segment::texts::{KeptTexts, TextPrint, TextStore, TextsBuilder};

fn store(texts: &[&str], kept: KeptTexts) -> (tempfile::TempDir, TextStore) {
    let mut builder = TextsBuilder::default();
    for (asset, text) in (0..).zip(texts) {
        builder.add(asset, TextPrint::new((*text).to_owned(), kept));
    }
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    builder.write(&file("seeds"), &file("texts")).unwrap();
    let store = TextStore::open(&file("seeds"), &file("texts")).unwrap();
    (folder, store)
}

#[test]
fn a_passage_is_read_as_it_was_written() {
    let lines: Vec<String> = (0..9000)
        .map(|line| format!("Zeile {line}: Äpfel! "))
        .collect();
    let long = lines.concat();
    let (_folder, store) = store(&["First.", &long, "Third, the last."], KeptTexts::Whole);
    let wanted =
        |from: usize, length: usize| -> String { long.chars().skip(from).take(length).collect() };
    for (from, length) in [
        (0, 20),
        (5, 0),
        (65_000, 3_000),
        (140_000, 50),
        (17, 90_000),
    ] {
        assert_eq!(
            store.passage(1, from, length).unwrap(),
            wanted(from, length),
            "{from}"
        );
    }
    let end = long.chars().count();
    assert_eq!(store.passage(1, end - 5, 100).unwrap(), wanted(end - 5, 5));
    assert_eq!(store.passage(1, end + 5, 100).unwrap(), "");
    assert_eq!(store.passage(0, 0, 100).unwrap(), "First.");
    assert_eq!(store.passage(2, 7, 3).unwrap(), "the");
    assert_eq!(store.passage(9, 0, 3).unwrap(), "");
}

#[test]
fn without_texts_there_is_no_passage() {
    let text = "A text of which only hashes are kept, long enough to have some.";
    assert!(normalize(text).letters.len() > 20);
    let (_folder, store) = store(&[text], KeptTexts::Hashes);
    assert_eq!(store.passage(0, 0, 10), None);
}
