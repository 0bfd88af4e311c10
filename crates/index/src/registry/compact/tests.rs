use std::sync::atomic::AtomicBool;

use chrono::{DateTime, Utc};
use clearance_decode::Limits;
use clearance_testkit::prose;

use super::*;
use crate::{KeptTexts, RegisterOptions, register, withdraw};

fn text(number: u64) -> String {
    prose::write(number, 150)
}

fn on(day: i64) -> ChangeNote {
    ChangeNote::at(DateTime::<Utc>::from_timestamp(day * 86_400, 0).unwrap())
}

/// A registry of so many registrations of two texts each; the second withdrawn.
fn registry(folder: &Path, count: u64, texts: KeptTexts) -> std::path::PathBuf {
    let registry = folder.join("registry");
    for number in 0..count {
        let works = folder.join(number.to_string());
        std::fs::create_dir_all(&works).unwrap();
        for own in [2 * number, 2 * number + 1] {
            std::fs::write(works.join(format!("{own}.txt")), text(own)).unwrap();
        }
        let options = RegisterOptions {
            limits: Limits::default(),
            previews: true,
            texts,
            source: None,
            note: on(number as i64),
            segment_bytes: 1 << 30,
            stop: &AtomicBool::new(false),
            progress: &|_, _| {},
        };
        register(&[works], &registry, &options).unwrap();
    }
    withdraw(&registry, &["1".to_owned()], &on(50)).unwrap();
    registry
}

/// What is found of each text, without places in the registry.
fn found(snapshot: &Snapshot, count: u64) -> Vec<(String, u32)> {
    let query = (0..2 * count).flat_map(|number| {
        let matches = snapshot.search_text(&text(number));
        let one = matches.into_iter().map(|found| {
            let asset = snapshot.asset(found.asset).unwrap();
            (asset.asset_id.clone(), found.score.to_bits())
        });
        one.collect::<Vec<_>>()
    });
    query.collect()
}

#[test]
fn a_scan_that_has_the_old_segments_open_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let registry = registry(folder.path(), 4, KeptTexts::Whole);
    let open = Snapshot::open(&registry).unwrap();
    let before = found(&open, 4);
    assert_eq!(before.len(), 7);
    let done = compact(&registry, 1 << 30, &on(60)).unwrap();
    assert_eq!((done.segments, done.assets), ([5, 1], [8, 7]));
    assert_eq!(
        std::fs::read_dir(registry.join("segments"))
            .unwrap()
            .count(),
        1
    );
    assert_eq!(found(&open, 4), before);
    assert_eq!(found(&Snapshot::open(&registry).unwrap(), 4), before);
}

#[test]
fn segments_are_as_large_as_memory_may_be() {
    let folder = tempfile::tempdir().unwrap();
    let registry = registry(folder.path(), 6, KeptTexts::Whole);
    let before = found(&Snapshot::open(&registry).unwrap(), 6);
    // No two fit together: what is left to do is to leave out one asset.
    let done = compact(&registry, 1, &on(60)).unwrap();
    assert_eq!((done.segments, done.assets), ([7, 6], [12, 11]));
    assert_eq!(found(&Snapshot::open(&registry).unwrap(), 6), before);
    let again = compact(&registry, 1, &on(61)).unwrap();
    assert_eq!(again.segments, [6, 6]);
    let manifest = super::super::Manifest::read(&registry.join("registry.json")).unwrap();
    assert_eq!(manifest.history.len(), 8);
}

#[test]
fn texts_of_which_few_bits_are_known_stay_apart() {
    let folder = tempfile::tempdir().unwrap();
    let registry = registry(folder.path(), 3, KeptTexts::Hashes);
    let before = found(&Snapshot::open(&registry).unwrap(), 3);
    let done = compact(&registry, 1 << 30, &on(60)).unwrap();
    assert_eq!((done.segments, done.assets), ([4, 3], [6, 5]));
    assert_eq!(found(&Snapshot::open(&registry).unwrap(), 3), before);
}

#[test]
fn earlier_states_are_gone_and_said_to_be() {
    let folder = tempfile::tempdir().unwrap();
    let registry = registry(folder.path(), 2, KeptTexts::Whole);
    let before = Snapshot::open(&registry).unwrap();
    let (generation, digest) = (before.manifest().generation, before.manifest().digest());
    compact(&registry, 1 << 30, &on(60)).unwrap();
    let after = Snapshot::open(&registry).unwrap();
    assert!(after.recognizes_as_in(generation, &digest));
    assert!(!after.recognizes_as_in(generation - 1, &digest));
    assert!(!after.recognizes_as_in(generation, "other"));
    let at = |day| Snapshot::open_at(&registry, on(day).at);
    let gone = at(55).err().unwrap().to_string();
    assert!(gone.contains("compacted at 1970-03-02"), "{gone}");
    assert_eq!(at(61).unwrap().work_count(), 3);
    assert_eq!(after.history_of("0")[0].0, generation + 1);
    assert!(after.record("1").is_none());
    // What is withdrawn later changes what is recognized.
    withdraw(&registry, &["2".to_owned()], &on(70)).unwrap();
    let later = Snapshot::open(&registry).unwrap();
    assert!(!later.recognizes_as_in(generation, &digest));
}
