use std::sync::atomic::AtomicBool;

use clearance_decode::Limits;
use clearance_index::{RegisterOptions, register};
use clearance_rights::{Mode, Use, parse_date};
use clearance_testkit::{art, encode};

use super::*;

#[test]
fn a_picture_finding_is_told_by_its_box() {
    let folder = tempfile::tempdir().unwrap();
    let registry = folder.path().join("registry");
    let picture = encode::jpeg(&art::paint(1, 120, 80), 80).unwrap();
    let file = folder.path().join("works/picture.jpg");
    std::fs::create_dir(folder.path().join("works")).unwrap();
    std::fs::write(&file, &picture).unwrap();
    let options = RegisterOptions {
        limits: Limits::default(),
        previews: false,
        texts: clearance_index::KeptTexts::Whole,
        source: None,
        note: clearance_index::ChangeNote::at(chrono::DateTime::UNIX_EPOCH),
        segment_bytes: 1 << 30,
        stop: &AtomicBool::new(false),
        progress: &|_, _| {},
    };
    register(&[folder.path().join("works")], &registry, &options).unwrap();
    let snapshot = Snapshot::open(&registry).unwrap();
    let digest = *blake3::hash(&picture).as_bytes();
    let found = Match {
        asset: snapshot.identical(&digest)[0],
        kind: MatchKind::Excerpt,
        score: 0.7,
        e_value_per_item: 1e-40,
        query_span: None,
        work_span: None,
        query_box: Some([0.12, 0.3, 0.48, 0.72]),
        work_box: Some([0.0, 0.0, 0.5, 1.0]),
        transform: None,
        evidence: Evidence::default(),
    };
    let place = Place {
        file: "data.parquet",
        row_index: 3,
        column_name: "image",
        item_index: 0,
    };
    let policy = Policy::new(Mode::OptOut, Use::Train, parse_date("2026-01-01").unwrap());
    let finding = |found: &Match| {
        judge(
            place,
            ItemBytes::of(b""),
            Media::Image,
            found,
            &snapshot,
            &policy,
        )
        .unwrap()
    };
    let first = finding(&found);
    assert_eq!(first.query_box, found.query_box);
    assert_eq!(first.work_box, found.work_box);
    assert_eq!(first, finding(&found));
    let elsewhere = Match {
        query_box: Some([0.5, 0.3, 0.9, 0.72]),
        ..found
    };
    assert_ne!(first.finding_id, finding(&elsewhere).finding_id);
}
