use proptest::prelude::*;

use super::*;

fn store(texts: &[&str], kept: KeptTexts) -> (tempfile::TempDir, TextStore) {
    let mut builder = TextsBuilder::default();
    for (asset, text) in (0..).zip(texts) {
        // Every second asset is of another medium.
        builder.add(2 * asset, TextPrint::new((*text).to_owned(), kept));
    }
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    builder.write(&file("seeds"), &file("texts")).unwrap();
    let store = TextStore::open(&file("seeds"), &file("texts")).unwrap();
    (folder, store)
}

/// A text of many lines that says where one is.
fn long(lines: usize) -> String {
    let lines = (0..lines).map(|line| format!("Line {line} of läng\u{308}e {}.\n", line * 7919));
    lines.collect::<Vec<_>>().concat()
}

#[test]
fn windows_over_several_pieces_read_as_one_text() {
    let text = long(6000);
    let (_folder, store) = store(&["short", &text, "last"], KeptTexts::Whole);
    let cache = TextCache::default();
    let places = store.places(2);
    assert_eq!(
        (store.asset_at(places.start), store.asset_at(places.end)),
        (Some(2), Some(4))
    );
    assert!(places.len() > 100_000);
    let whole = normalize(&text);
    let window = store.window(&cache, 0, 2, &places).unwrap();
    assert_eq!(window.letters(), whole.letters);
    assert_eq!(window.words(10..90_000), whole.offsets.words(10, 90_000));
    for at in [0, 1, 70_000, whole.letters.len() - 1] {
        assert_eq!(
            store.character(&cache, 0, places.start + at as u32),
            whole.character(at)
        );
    }
    let part = store
        .window(
            &cache,
            0,
            2,
            &(places.start + 60_000..places.start + 60_010),
        )
        .unwrap();
    let first = (part.start() - places.start) as usize;
    assert!(first <= 60_000 && part.letters().len() < 70_000);
    assert_eq!(
        part.letters(),
        &whole.letters[first..first + part.letters().len()]
    );
}

#[test]
fn without_texts_nothing_of_them_is_in_the_files() {
    let text = long(6000);
    let (folder, store) = store(&[&text], KeptTexts::Hashes);
    let cache = TextCache::default();
    let places = store.places(0);
    assert!(store.window(&cache, 0, 0, &places).is_none());
    for name in ["seeds", "texts"] {
        let bytes = std::fs::read(folder.path().join(name)).unwrap();
        assert!(
            !bytes
                .windows(8)
                .any(|window| window == b"line7919" || window == b"Line 791")
        );
    }
    // Where a letter stood is known all the same, about.
    let whole = normalize(&text);
    for at in [0, 5_000, 77_777] {
        let about = store.character(&cache, 0, at as u32);
        assert!(about.abs_diff(whole.character(at)) < 40, "{about}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn every_seed_is_found_where_it_is(texts in prop::collection::vec("[a-d ]{0,80}", 0..12)) {
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let (_folder, store) = store(&texts, KeptTexts::Whole);
        for (asset, text) in (0..).zip(&texts) {
            let seeds = seeds(&normalize(text).letters);
            let start = store.places(2 * asset).start;
            let mut found = 0;
            store.find_all(&seeds, |seed, places| {
                let place = start + seed.position;
                found += usize::from(places.iter().any(|other| other == place));
            });
            prop_assert_eq!(found, seeds.len());
        }
    }
}
