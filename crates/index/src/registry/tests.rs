#![expect(
    clippy::single_range_in_vec_init,
    reason = "one segment with a range of works"
)]

use clearance_decode::Media;
use clearance_rights::Work;

use super::*;

use crate::asset::tests::asset;
use crate::found::Match;
use crate::segment::records::WorkRecord;
use crate::segment::{Fingerprint, KeptTexts, TextPrint};

fn registered() -> Change {
    ChangeNote::at(chrono::DateTime::UNIX_EPOCH).change(Action::Register, Vec::new())
}

fn text(number: usize) -> String {
    clearance_testkit::prose::write(number as u64, 120)
}

/// A segment with the texts of these numbers, each a work of its own.
fn builder(numbers: std::ops::Range<usize>) -> SegmentBuilder {
    let mut builder = SegmentBuilder::default();
    for number in numbers {
        builder.add_work(WorkRecord {
            work: Work::new(format!("work-{number}")),
            reservations: Vec::new(),
            licenses: Vec::new(),
            source: "test".to_owned(),
            withdrawn: false,
        });
        let asset = crate::asset::Asset {
            media: Media::Text,
            ..asset(number)
        };
        builder.add_asset(
            asset,
            Fingerprint::Text(TextPrint::new(text(number), KeptTexts::Whole)),
        );
    }
    builder
}

fn registry(folder: &Path, parts: &[std::ops::Range<usize>]) -> Snapshot {
    for part in parts {
        let mut writer = RegistryWriter::open(folder).unwrap();
        writer.add(builder(part.clone())).unwrap();
        writer.publish(registered()).unwrap();
    }
    Snapshot::open(folder).unwrap()
}

/// What a search says, without the numbers of segments.
fn said(snapshot: &Snapshot, number: usize) -> Vec<(String, u32, Option<u32>)> {
    let query = format!("{} {}", text(1000 + number), text(number));
    let mut found: Vec<_> = snapshot
        .search_text(&query)
        .iter()
        .map(|found: &Match| {
            let work = snapshot.asset(found.asset).unwrap().work_id.clone();
            (work, found.score.to_bits(), found.evidence.matched_words)
        })
        .collect();
    found.sort();
    found
}

#[test]
fn several_segments_answer_as_one() {
    let (one, three) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let whole = registry(one.path(), &[0..12]);
    let parts = registry(three.path(), &[0..5, 5..6, 6..12]);
    assert_eq!(parts.manifest().segments.len(), 3);
    assert_eq!(whole.work_count(), parts.work_count());
    for number in 0..12 {
        let found = said(&whole, number);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].0, format!("work-{number}"));
        assert_eq!(found, said(&parts, number));
    }
}

#[test]
fn nothing_is_visible_before_it_is_published() {
    let folder = tempfile::tempdir().unwrap();
    registry(folder.path(), &[0..2]);
    let mut writer = RegistryWriter::open(folder.path()).unwrap();
    writer.add(builder(2..4)).unwrap();
    assert_eq!(Snapshot::open(folder.path()).unwrap().work_count(), 2);
    drop(writer);
    // The next registration removes what was never published.
    drop(RegistryWriter::open(folder.path()).unwrap());
    let left = std::fs::read_dir(folder.path().join("segments"))
        .unwrap()
        .count();
    assert_eq!(left, 1);
}

#[test]
fn a_snapshot_outlives_later_registrations() {
    let folder = tempfile::tempdir().unwrap();
    let before = registry(folder.path(), &[0..2]);
    let after = registry(folder.path(), &[2..4]);
    assert_eq!((before.work_count(), after.work_count()), (2, 4));
    assert_eq!(said(&before, 1).len(), 1);
    assert_ne!(before.manifest().digest(), after.manifest().digest());
}

#[test]
fn equal_contents_twice_are_two_segments() {
    let folder = tempfile::tempdir().unwrap();
    let snapshot = registry(folder.path(), &[0..1, 0..1]);
    assert_eq!((snapshot.work_count(), snapshot.asset_count()), (1, 2));
    assert_eq!(said(&snapshot, 0).len(), 1);
}

#[test]
fn works_and_rights_survive_the_disk() {
    use clearance_rights::{License, Reservation, Rightsholder, UseSet, parse_date};
    let folder = tempfile::tempdir().unwrap();
    let mut work = Work::new("w");
    work.title = Some("Ünï — 題".to_owned());
    work.creators = vec!["A".to_owned(), "B;C".to_owned()];
    work.extra.insert("shelf".to_owned(), "x".to_owned());
    work.rightsholders = Rightsholder::parse_list("A (33.3333 %); \"B; C\"; D").unwrap();
    work.rightsholders[0].source = Some("catalog.csv".to_owned());
    let record = WorkRecord {
        reservations: vec![Reservation {
            since: Some(parse_date("2025-01-01").unwrap()),
            territory: "EU".parse().unwrap(),
            source: Some("letter".to_owned()),
            evidence: Some("https://example.org/\n\"words\"".to_owned()),
            ..Reservation::new("R", "w", UseSet::parse_reservation("train").unwrap())
        }],
        licenses: vec![License {
            licensee: Some("Acme".to_owned()),
            until: Some(parse_date("2026-12-31").unwrap()),
            licensors: vec!["A".to_owned(), "B; C".to_owned()],
            derivatives: Some(false),
            price_class: Some("indie".to_owned()),
            reference: Some("C-17".to_owned()),
            ..License::new("L", "w", UseSet::parse_license("train").unwrap())
        }],
        work,
        source: "catalog.csv".to_owned(),
        withdrawn: false,
    };
    let mut builder = SegmentBuilder::default();
    builder.add_work(record.clone());
    let mut writer = RegistryWriter::open(folder.path()).unwrap();
    writer.add(builder).unwrap();
    writer.publish(registered()).unwrap();
    assert_eq!(
        Snapshot::open(folder.path()).unwrap().work("w"),
        Some(&record)
    );
}

/// A registry whose manifest was changed by hand.
fn forged(forge: impl FnOnce(&str) -> String) -> (tempfile::TempDir, Result<Snapshot>) {
    let folder = tempfile::tempdir().unwrap();
    registry(folder.path(), &[0..1]);
    let path = folder.path().join(MANIFEST);
    let text = fs::read_to_string(&path).unwrap();
    let forged = forge(&text);
    assert_ne!(text, forged);
    fs::write(&path, forged).unwrap();
    let opened = Snapshot::open(folder.path());
    (folder, opened)
}

#[test]
fn a_manifest_names_folders_and_files_of_its_registry_only() {
    let id = |text: &str| text.split("\"id\": \"").nth(1).unwrap()[..16].to_owned();
    let elsewhere: [&dyn Fn(&str) -> String; 3] = [
        &|text| text.replace(&id(text), &format!("../segments/{}", id(text))),
        &|text| text.replace(&id(text), "/tmp"),
        &|text| text.replace("works.parquet", "../works.parquet"),
    ];
    for forge in elsewhere {
        let (_folder, opened) = forged(forge);
        let error = opened.err().unwrap().to_string();
        assert!(error.contains("is not the"), "{error}");
    }
}

#[test]
fn a_version_that_fits_no_number_is_another_version() {
    let (_folder, opened) =
        forged(|text| text.replace("\"version\": 3", "\"version\": 4294967297"));
    assert!(matches!(
        opened,
        Err(Error::Version {
            found: u32::MAX,
            ..
        })
    ));
}

#[test]
fn the_last_generation_cannot_be_followed() {
    let most = format!("\"generation\": {},\n  \"params\"", u64::MAX);
    let (folder, opened) = forged(|text| text.replace("\"generation\": 1,\n  \"params\"", &most));
    opened.unwrap();
    let mut writer = RegistryWriter::open(folder.path()).unwrap();
    writer.add(builder(1..2)).unwrap();
    assert!(matches!(
        writer.publish(registered()),
        Err(Error::Corrupt { .. })
    ));
}
