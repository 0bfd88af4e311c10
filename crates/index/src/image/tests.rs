use std::path::Path;
use std::sync::atomic::AtomicBool;

use clearance_decode::{Limits, Source};
use clearance_testkit::art::{Canvas, flat, paint, text_page};
use clearance_testkit::{attacks::image as attacks, encode};

use super::*;
use crate::print::{Print, print_item};
use crate::register::{RegisterOptions, register};

/// A registry of eight paintings, `0.png` to `7.png`, in segments of at most so many bytes.
fn registry(folder: &Path, segment_bytes: usize) -> Snapshot {
    let works = folder.join("works");
    std::fs::create_dir_all(&works).unwrap();
    for number in 0..8 {
        let bytes = encode::picture(&painting(number), "png").unwrap();
        std::fs::write(works.join(format!("{number}.png")), bytes).unwrap();
    }
    let options = RegisterOptions {
        limits: Limits::default(),
        previews: false,
        texts: crate::KeptTexts::Whole,
        source: None,
        note: crate::ChangeNote::at(chrono::DateTime::UNIX_EPOCH),
        segment_bytes,
        stop: &AtomicBool::new(false),
        progress: &|_, _| {},
    };
    register(&[works], &folder.join("registry"), &options).unwrap();
    Snapshot::open(&folder.join("registry")).unwrap()
}

fn painting(number: u64) -> Canvas {
    paint(100 + number, 640, 480)
}

fn print(canvas: &Canvas) -> ImageFingerprint {
    let bytes = encode::jpeg(canvas, 80).unwrap();
    let source = Source::Bytes(bytes.into());
    match print_item(&source, None, None, false, &Limits::default())
        .unwrap()
        .print
    {
        Print::Image { print, .. } => print,
        other => panic!("{other:?}"),
    }
}

fn work<'a>(snapshot: &'a Snapshot, found: &Match) -> &'a str {
    &snapshot.asset(found.asset).unwrap().work_id
}

fn assert_near(actual: Option<[f32; 4]>, expected: [f32; 4]) {
    let actual = actual.unwrap();
    for (a, b) in actual.iter().zip(expected) {
        assert!((a - b).abs() < 0.03, "{actual:?}, expected {expected:?}");
    }
}

#[test]
fn a_crop_is_an_excerpt_of_the_part_that_it_shows() {
    let folder = tempfile::tempdir().unwrap();
    let snapshot = registry(folder.path(), 1 << 30);
    // What is cut off on each side.
    let cut = [0.3, 0.1, 0.1, 0.3];
    let found = snapshot.search_image(&print(&attacks::crop(&painting(3), cut)));
    assert_eq!(found.len(), 1);
    assert_eq!(work(&snapshot, &found[0]), "3");
    assert_eq!(found[0].kind, MatchKind::Excerpt);
    assert_near(found[0].query_box, WHOLE);
    assert_near(found[0].work_box, [0.3, 0.1, 0.9, 0.7]);
}

#[test]
fn a_mirrored_work_inside_another_picture_is_found_in_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let snapshot = registry(folder.path(), 1 << 30);
    let small = attacks::resize(&attacks::flip(&painting(5)), 320, 240).unwrap();
    let host = attacks::paste(&paint(999, 800, 600), &small, 400, 120);
    let found = snapshot.search_image(&print(&host));
    assert_eq!(found.len(), 1);
    assert_eq!(work(&snapshot, &found[0]), "5");
    assert_near(found[0].query_box, [0.5, 0.2, 0.9, 0.6]);
    assert_near(found[0].work_box, WHOLE);
    let transform = found[0].transform.unwrap();
    assert!(transform.flip);
    assert!(transform.rotation_deg.abs() < 2.0);
    assert!((transform.scale.unwrap() - 0.4).abs() < 0.02);
}

#[test]
fn a_work_that_is_pasted_twice_is_found_twice_by_hash() {
    let folder = tempfile::tempdir().unwrap();
    let snapshot = registry(folder.path(), 1 << 30);
    let small = attacks::resize(&painting(5), 320, 240).unwrap();
    let mut host = attacks::paste(&flat([250, 250, 250], 1000, 600), &small, 40, 30);
    host = attacks::paste(&host, &small, 600, 300);
    let mut found = snapshot.search_image(&print(&host));
    found.sort_by(|a, b| a.query_box.partial_cmp(&b.query_box).unwrap());
    assert_eq!(found.len(), 2);
    assert_near(found[0].query_box, [0.04, 0.05, 0.36, 0.45]);
    assert_near(found[1].query_box, [0.6, 0.5, 0.92, 0.9]);
    for found in &found {
        assert_eq!(work(&snapshot, found), "5");
        assert!(found.evidence.distance_bits.is_some());
        assert!((found.transform.unwrap().scale.unwrap() - 0.32).abs() < 0.02);
    }
}

/// Of a few smooth shapes local points say little.
#[test]
fn a_flat_work_in_a_frame_is_found_by_its_hash() {
    let folder = tempfile::tempdir().unwrap();
    let snapshot = registry(folder.path(), 1 << 30);
    let small = attacks::resize(&painting(2), 200, 150).unwrap();
    let framed = attacks::paste(&flat([250, 250, 250], 300, 300), &small, 50, 60);
    let mut print = print(&framed);
    print.points.clear();
    let found = snapshot.search_image(&print);
    assert_eq!(found.len(), 1);
    assert_eq!(work(&snapshot, &found[0]), "2");
    assert_near(found[0].query_box, [0.167, 0.2, 0.833, 0.7]);
    let transform = found[0].transform.unwrap();
    assert!((transform.scale.unwrap() - 0.667).abs() < 0.01);
}

#[test]
fn a_work_upside_down_is_turned_by_half() {
    let folder = tempfile::tempdir().unwrap();
    let snapshot = registry(folder.path(), 1 << 30);
    let found = snapshot.search_image(&print(&attacks::turn_around(&painting(1))));
    assert_eq!(work(&snapshot, &found[0]), "1");
    let transform = found[0].transform.unwrap();
    assert!(!transform.flip);
    assert!((transform.rotation_deg.abs() - 180.0).abs() < 2.0);
}

/// Paintings 2, 4, 6 and one that is not registered, two by two.
fn collage() -> Canvas {
    let mut page = paint(555, 800, 600);
    for (place, number) in [(0, 2), (1, 4), (2, 6)] {
        let small = attacks::resize(&painting(number), 400, 300).unwrap();
        page = attacks::paste(&page, &small, place % 2 * 400, place / 2 * 300);
    }
    page
}

#[test]
fn several_works_in_one_picture_are_several_matches() {
    let folder = tempfile::tempdir().unwrap();
    let snapshot = registry(folder.path(), 1 << 30);
    let found = snapshot.search_image(&print(&collage()));
    let mut works: Vec<&str> = found.iter().map(|found| work(&snapshot, found)).collect();
    works.sort_unstable();
    assert_eq!(works, ["2", "4", "6"]);
}

#[test]
fn segments_do_not_change_what_is_found() {
    let (one, many) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let snapshots = [registry(one.path(), 1 << 30), registry(many.path(), 1)];
    assert!(snapshots[1].manifest().segments.len() > 1);
    let print = print(&collage());
    let said = |snapshot: &Snapshot| {
        let found = snapshot.search_image(&print);
        let line = |found: &Match| {
            (
                work(snapshot, found).to_owned(),
                found.score.to_bits(),
                found.query_box,
            )
        };
        let mut lines: Vec<_> = found.iter().map(line).collect();
        lines.sort_by(|a, b| a.0.cmp(&b.0));
        lines
    };
    assert_eq!(said(&snapshots[0]), said(&snapshots[1]));
}

#[test]
fn other_paintings_and_pages_of_text_are_not_found() {
    let folder = tempfile::tempdir().unwrap();
    let snapshot = registry(folder.path(), 1 << 30);
    for seed in 0..6 {
        assert_eq!(
            snapshot.search_image(&print(&paint(2000 + seed, 640, 480))),
            []
        );
        assert_eq!(
            snapshot.search_image(&print(&text_page(seed, 600, 800))),
            []
        );
    }
}
