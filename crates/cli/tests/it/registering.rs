//! `clearance register`.

use clearance_testkit::prose;

use crate::workplace::{Workplace, files};

#[test]
fn a_catalog_is_registered_once() {
    let place = Workplace::with_catalog();
    let first = place.run(&["register", "catalog.csv", "--registry", "registry"]);
    insta::assert_snapshot!(first.stderr, @r"
    3 works added, 0 updated, 0 unchanged in registry
      assets added: 1 audio, 1 image, 1 text; 0 already there
    ");
    assert_eq!(first.code, 0);
    let before = files(&place.path("registry"));
    let again = place.run(&["register", "catalog.csv", "--registry", "registry"]);
    insta::assert_snapshot!(again.stderr, @r"
    0 works added, 0 updated, 3 unchanged in registry
      assets added: 0 audio, 0 image, 0 text; 3 already there
    ");
    assert_eq!(before, files(&place.path("registry")));
}

#[test]
fn a_changed_reservation_is_an_update_without_decoding_again() {
    let place = Workplace::registered();
    let catalog = String::from_utf8(place.read("catalog.csv")).unwrap();
    place.write(
        "catalog.csv",
        catalog.replace("works/story.txt,none", "works/story.txt,all"),
    );
    let ended = place.run(&["register", "catalog.csv", "--registry", "registry"]);
    insta::assert_snapshot!(ended.stderr, @r"
    0 works added, 1 updated, 2 unchanged in registry
      assets added: 0 audio, 0 image, 0 text; 3 already there
    ");
}

#[test]
fn bad_lines_are_listed_and_good_ones_registered() {
    let place = Workplace::with_catalog();
    place.write("works/broken.png", b"\x89PNG\r\n\x1a\nnot a picture");
    place.write(
        "mixed.csv",
        "work_id;title;path;isbn;reserved_since;reservation\n\
         story;\"The\nLamp\";works/story.txt;;;all\n\
         ;no id;works/story.txt;;;\n\
         bad-isbn;x;works/story.txt;978-3-16-148410-1;;\n\
         bad-date;x;works/story.txt;;2025-02-30;all\n\
         bad-word;x;works/story.txt;;;sometimes\n\
         gone;x;works/gone.txt;;;\n\
         broken;x;works/broken.png;;;\n",
    );
    let ended = place.run(&["register", "mixed.csv", "--registry", "registry"]);
    assert_eq!(ended.code, 3, "{}", ended.stderr);
    let rejects = String::from_utf8(place.read("registry/rejects.csv")).unwrap();
    let lines: Vec<(&str, &str)> = rejects
        .lines()
        .skip(1)
        .map(|line| {
            let mut cells = line.split(',');
            (cells.nth(1).unwrap(), cells.next().unwrap())
        })
        .collect();
    let expected = [
        ("4", ""),
        ("5", "bad-isbn"),
        ("6", "bad-date"),
        ("7", "bad-word"),
        ("8", "gone"),
        ("9", "broken"),
    ];
    assert_eq!(lines, expected, "{rejects}");
    let shown = place.run(&["inspect", "registry"]);
    assert!(
        shown
            .stdout
            .starts_with("registry, generation 1: 1 work, 1 asset, 1 segment")
    );
}

#[test]
fn a_folder_is_a_catalog_of_its_files() {
    let place = Workplace::with_catalog();
    place.write(
        "works/deep/page.html",
        format!("<p>{}</p>", prose::write(5, 100)),
    );
    place.write(
        "works/lines.jsonl",
        format!("{{\"text\": {:?}}}\n", prose::write(6, 100)),
    );
    let ended = place.run(&["register", "works", "--registry", "registry"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    insta::assert_snapshot!(place.run(&["inspect", "registry"]).stdout, @r"
    registry, generation 1: 5 works, 5 assets, 1 segment
    lines	-	-	0 reservations, 0 licenses
    page	-	-	0 reservations, 0 licenses
    picture	-	-	0 reservations, 0 licenses
    song	-	-	0 reservations, 0 licenses
    story	-	-	0 reservations, 0 licenses
    history
         1  2026-01-01 00:00:00Z  registered: 5 works, 5 assets
            from works
    ");
}

#[test]
fn jsonl_catalogs_may_hold_the_text_itself() {
    let place = Workplace::new();
    let line = serde_json::json!({
        "work_id": "poem", "creators": ["Ana", "Ben"], "text": prose::write(4, 60), "reservation": "all",
    });
    place.write("catalog.jsonl", format!("{line}\nnot json\n"));
    let ended = place.run(&["register", "catalog.jsonl", "--registry", "registry"]);
    assert_eq!(ended.code, 3);
    assert!(
        ended.stderr.contains("catalog.jsonl line 2: not JSON"),
        "{}",
        ended.stderr
    );
    assert!(place.run(&["inspect", "registry"]).stdout.contains("poem"));
}

#[test]
fn what_cannot_be_recognized_again_is_rejected() {
    let place = Workplace::new();
    place.write(
        "works/silence.wav",
        clearance_testkit::encode::wav(&vec![0.0; 44_100], 22_050),
    );
    place.write("works/short.txt", "Too few words.");
    let flat = clearance_testkit::art::flat([200, 200, 200], 300, 200);
    place.write(
        "works/flat.png",
        clearance_testkit::encode::picture(&flat, "png").unwrap(),
    );
    let ended = place.run(&["register", "works", "--registry", "registry"]);
    assert_eq!(ended.code, 3);
    for reason in [
        "silence",
        "words are too few",
        "1 of them can be recognized only in part",
    ] {
        assert!(ended.stderr.contains(reason), "{}", ended.stderr);
    }
}
