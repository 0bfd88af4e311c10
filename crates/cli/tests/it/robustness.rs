//! Whatever comes in, every row is accounted for and nothing panics.

use std::path::Path;

use clearance_testkit::corrupt;
use clearance_testkit::dataset::{DatasetBuilder, MediaCell};

use crate::workplace::{Ended, SCAN, Workplace, files};

fn fixtures() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures"))
}

/// One line that says what is wrong, and no trace of a panic.
fn assert_refused(ended: &Ended, words: &str) {
    assert_eq!(ended.code, 2, "{}{}", ended.stdout, ended.stderr);
    assert!(ended.stderr.contains(words), "{}", ended.stderr);
    let errors = ended
        .stderr
        .lines()
        .filter(|line| line.starts_with("error: "));
    assert_eq!(errors.count(), 1, "{}", ended.stderr);
    assert!(!ended.stderr.contains("panicked"), "{}", ended.stderr);
}

fn assert_reconciles(place: &Workplace, rows: u64) {
    let summary = place.json("out/summary.json");
    let count = |key: &str| summary[key].as_u64().unwrap();
    assert_eq!(count("rows"), rows);
    assert_eq!(
        count("rows"),
        count("clear") + count("matched") + count("unreadable") + count("skipped")
    );
}

#[test]
fn hostile_items_are_counted_and_named() {
    let place = Workplace::registered();
    std::fs::create_dir(place.path("data")).unwrap();
    let hostile = files(&fixtures().join("hostile"));
    assert!(
        hostile.len() >= 20,
        "fixtures/hostile has {} files",
        hostile.len()
    );
    let cells: Vec<Option<MediaCell>> = hostile
        .iter()
        .map(|(name, bytes)| Some(MediaCell::from((bytes.clone(), name.as_str()))))
        .collect();
    let rows = cells.len() as u64;
    DatasetBuilder::new()
        .media_struct("file", cells)
        .write(place.path("data/a.parquet"))
        .unwrap();
    let ended = place.run(&SCAN);
    assert_eq!(ended.code, 3, "{}{}", ended.stdout, ended.stderr);
    assert!(!ended.stderr.contains("panicked"), "{}", ended.stderr);
    assert_reconciles(&place, rows);
    let listed = place.run(&["inspect", "out", "--unreadable", "--most", "1000"]);
    let unreadable = place.json("out/summary.json")["unreadable"]
        .as_u64()
        .unwrap();
    assert!(unreadable > 5);
    let lines = listed
        .stdout
        .lines()
        .filter(|line| line.contains("unreadable"))
        .count() as u64;
    assert_eq!(lines, unreadable);
}

#[test]
fn hostile_files_are_registered_or_rejected() {
    let place = Workplace::new();
    let count = files(&fixtures().join("hostile")).len();
    let folder = fixtures().join("hostile");
    let ended = place.run(&[
        "register",
        folder.to_str().unwrap(),
        "--registry",
        "registry",
    ]);
    assert_eq!(ended.code, 3, "{}", ended.stderr);
    assert!(!ended.stderr.contains("panicked"), "{}", ended.stderr);
    let rejects = csv::Reader::from_path(place.path("registry/rejects.csv"))
        .unwrap()
        .records()
        .count();
    assert!(rejects > 5 && rejects <= count, "{rejects} of {count}");
}

#[test]
fn every_damaged_item_of_a_dataset_is_accounted_for() {
    let place = Workplace::registered();
    std::fs::create_dir(place.path("data")).unwrap();
    let song = place.read("works/song.wav");
    let picture = place.read("works/picture.png");
    let mut cells: Vec<Option<Vec<u8>>> =
        vec![None, Some(Vec::new()), Some(corrupt::random_bytes(1, 5000))];
    for step in 1..16 {
        cells.push(Some(corrupt::truncate(&song, f64::from(step) / 16.0)));
        cells.push(Some(corrupt::truncate(&picture, f64::from(step) / 16.0)));
        cells.push(Some(corrupt::flip_bits(
            &picture,
            step as usize * 20,
            u64::from(step as u32),
        )));
    }
    let rows = cells.len() as u64;
    DatasetBuilder::new()
        .media_struct("file", cells)
        .rows_per_group(7)
        .write(place.path("data/a.parquet"))
        .unwrap();
    let ended = place.run(&SCAN);
    assert!(!ended.stderr.contains("panicked"), "{}", ended.stderr);
    assert_reconciles(&place, rows);
    // A recording that ends early is still recognized by what is there.
    let partial = place
        .findings("out")
        .iter()
        .filter(|f| f["work_id"] == "song")
        .count();
    assert!(partial >= 8, "{partial}");
}

#[test]
fn a_damaged_dataset_file_costs_itself_only() {
    let place = Workplace::registered();
    place.write_dataset("data/good.parquet");
    place.write(
        "data/broken.parquet",
        &place.read("data/good.parquet")[..500],
    );
    place.write("data/empty.parquet", b"");
    let ended = place.run(&SCAN);
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    assert_reconciles(&place, 6);
    let summary = place.json("out/summary.json");
    let damaged = summary["files"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|f| !f["damage"].is_null())
        .count();
    assert_eq!(damaged, 2);
    assert_eq!(summary["coverage"]["complete"], false);
}

#[test]
fn a_row_group_that_does_not_decode_is_unreadable_row_by_row() {
    let place = Workplace::registered();
    place.write_dataset("data/good.parquet");
    let bytes = place.read("data/good.parquet");
    for start in (4..bytes.len() / 2).step_by(bytes.len() / 12) {
        place.write("data/good.parquet", corrupt::zero_range(&bytes, start, 64));
        let ended = place.run(&SCAN);
        assert!([0, 1, 3].contains(&ended.code), "{}", ended.stderr);
        assert!(!ended.stderr.contains("panicked"), "{}", ended.stderr);
        assert_reconciles(&place, 6);
    }
}

#[test]
fn any_damaged_byte_of_a_registry_is_named() {
    let place = Workplace::registered();
    place.write_dataset("data/train.parquet");
    let names: Vec<String> = files(&place.path("registry"))
        .into_iter()
        .map(|(name, _)| name)
        .filter(|name| name.starts_with("segments/"))
        .collect();
    assert_eq!(names.len(), 11);
    for (number, name) in names.iter().enumerate() {
        let name = format!("registry/{name}");
        let bytes = place.read(&name);
        let at = bytes.len() * (number + 1) / 12;
        let mut damaged = bytes.clone();
        damaged[at] ^= 0x10;
        place.write(&name, &damaged);
        let ended = place.run(&SCAN);
        assert_refused(&ended, &name);
        assert!(ended.stderr.contains("hint:"), "{}", ended.stderr);
        place.write(&name, &bytes[..bytes.len() / 2]);
        assert_refused(&place.run(&SCAN), &name);
        place.write(&name, &bytes);
    }
    assert_eq!(place.run(&SCAN).code, 1);
}

#[test]
fn a_registry_of_another_version_is_refused() {
    let place = Workplace::registered();
    place.write_dataset("data/train.parquet");
    let manifest = String::from_utf8(place.read("registry/registry.json")).unwrap();
    place.write(
        "registry/registry.json",
        manifest.replace("\"version\": 3", "\"version\": 7"),
    );
    assert_refused(
        &place.run(&SCAN),
        "registry format version 7, this program reads version 3",
    );
    place.write(
        "registry/registry.json",
        manifest.replace("audio-peaks-", "audio-peaks-0"),
    );
    assert_refused(&place.run(&SCAN), "audio-peaks-0");
    place.write("registry/registry.json", "{}");
    assert_refused(&place.run(&SCAN), "not a clearance registry");
    std::fs::remove_file(place.path("registry/registry.json")).unwrap();
    assert_refused(&place.run(&SCAN), "not a registry");
}

#[test]
fn wrong_inputs_are_refused_with_a_reason() {
    let place = Workplace::registered();
    assert_refused(&place.run(&SCAN), "data");
    place.write("data/a.parquet", b"not parquet at all");
    assert_refused(&place.run(&SCAN), "not a readable Parquet file");
    DatasetBuilder::new()
        .integers("id", vec![Some(1), Some(2)])
        .write(place.path("data/a.parquet"))
        .unwrap();
    assert_refused(
        &place.run(&SCAN),
        "no audio, image or text column recognized among id",
    );
    std::fs::remove_file(place.path("data/a.parquet")).unwrap();
    assert_refused(&place.run(&SCAN), "no dataset here");
    place.write_dataset("data/a.parquet");
    place.write("out", b"a file where the folder should be");
    assert_refused(&place.run(&SCAN), "out");
}

#[test]
fn a_full_disk_is_said_and_loses_nothing() {
    let place = Workplace::registered();
    place.write_dataset("data/a.parquet");
    if !Path::new("/dev/full").exists() {
        return;
    }
    std::fs::create_dir(place.path("out")).unwrap();
    // Every write to this name fails as on a full disk.
    std::os::unix::fs::symlink("/dev/full", place.path("out/summary.json.writing")).unwrap();
    let ended = place.run(&SCAN);
    assert_refused(&ended, "summary.json");
    std::fs::remove_file(place.path("out/summary.json.writing")).unwrap();
    assert_eq!(place.run(&SCAN).code, 1);
    assert_reconciles(&place, 6);
}

#[test]
fn paths_cannot_leave_the_dataset() {
    let place = Workplace::registered();
    std::fs::create_dir(place.path("data")).unwrap();
    let outside = place.path("works/song.wav").display().to_string();
    let paths = ["../works/song.wav", outside.as_str(), "nothing.wav"];
    DatasetBuilder::new()
        .text(
            "file_name",
            paths.iter().copied().map(Some).collect::<Vec<_>>(),
        )
        .write(place.path("data/a.parquet"))
        .unwrap();
    let ended = place.run(&SCAN);
    assert_eq!(ended.code, 3, "{}", ended.stderr);
    let listed = place.run(&["inspect", "out", "--unreadable"]).stdout;
    assert_eq!(
        listed.matches("leads out of the dataset's folder").count(),
        2,
        "{listed}"
    );
    assert_eq!(
        listed.matches("no file \"nothing.wav\"").count(),
        1,
        "{listed}"
    );
}

#[test]
fn a_second_registration_at_the_same_time_is_refused() {
    let place = Workplace::registered();
    let lock = std::fs::File::create(place.path("registry/lock")).unwrap();
    lock.try_lock().unwrap();
    let ended = place.run(&["register", "catalog.csv", "--registry", "registry"]);
    assert_refused(&ended, "another registration is under way");
}

#[test]
fn what_a_dead_registration_left_is_cleared_away() {
    let place = Workplace::registered();
    let before = files(&place.path("registry"));
    place.write("registry/segments/writing/works.parquet", b"half");
    place.write(
        "registry/segments/0123456789abcdef/works.parquet",
        b"whole but never published",
    );
    place.write("registry/registry.json.writing", b"{");
    assert!(
        place
            .run(&["inspect", "registry"])
            .stdout
            .contains("3 works")
    );
    assert_eq!(
        place
            .run(&["register", "catalog.csv", "--registry", "registry"])
            .code,
        0
    );
    let after: Vec<_> = files(&place.path("registry"))
        .into_iter()
        .filter(|(name, _)| name != "registry.json.writing")
        .collect();
    assert_eq!(before, after);
}
