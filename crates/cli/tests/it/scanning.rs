//! `clearance scan`.

use clearance_testkit::dataset::{DatasetBuilder, MediaCell};
use clearance_testkit::{art, encode, prose};
use serde_json::Value;

use crate::workplace::{SCAN, Workplace, files};

fn scanned(extra: &[&str]) -> Workplace {
    let place = Workplace::registered();
    place.write_dataset("data/train.parquet");
    let ended = place.run(&[&SCAN, extra].concat());
    assert_eq!(ended.code, 1, "{}{}", ended.stdout, ended.stderr);
    place
}

fn row(finding: &Value) -> (i64, &str, &str, &str) {
    let text = |key: &str| finding[key].as_str().unwrap();
    (
        finding["row_index"].as_i64().unwrap(),
        text("work_id"),
        text("kind"),
        text("verdict"),
    )
}

#[test]
fn altered_copies_are_found_and_nothing_else() {
    let place = scanned(&[]);
    let findings = place.findings("out");
    let rows: Vec<_> = findings.iter().map(row).collect();
    assert_eq!(
        rows,
        [
            (0, "song", "excerpt", "reserved"),
            (2, "picture", "copy", "reserved"),
            (4, "story", "excerpt", "unreserved"),
        ]
    );
    let song = &findings[0];
    let place_in_work =
        song["work_start"].as_f64().unwrap() - song["query_start"].as_f64().unwrap();
    assert!((place_in_work - 4.0).abs() < 0.05, "{place_in_work}");
    assert!(findings[2]["evidence"]["matched_words"].as_u64().unwrap() >= 58);
    let summary = place.json("out/summary.json");
    for (key, count) in [
        ("rows", 6),
        ("matched", 3),
        ("clear", 3),
        ("unreadable", 0),
        ("skipped", 0),
    ] {
        assert_eq!(summary[key], count, "{key}");
    }
    assert_eq!(summary["over_policy"], 2);
    for name in ["findings.parquet", "coverage.parquet", "report.html"] {
        assert!(!place.read(&format!("out/{name}")).is_empty());
    }
}

#[test]
fn results_are_the_same_bytes_on_any_number_of_threads() {
    let one = scanned(&["--threads", "1"]);
    let four = scanned(&["--threads", "4"]);
    assert_eq!(files(&one.path("out")), files(&four.path("out")));
}

#[test]
fn identical_files_are_named_so() {
    let place = Workplace::registered();
    let (song, story) = (place.read("works/song.wav"), place.read("works/story.txt"));
    std::fs::create_dir(place.path("data")).unwrap();
    DatasetBuilder::new()
        .audio("audio", vec![Some(song), None])
        .text("text", vec![None, Some(String::from_utf8(story).unwrap())])
        .write(place.path("data/a.parquet"))
        .unwrap();
    place.run(&SCAN);
    let findings = place.findings("out");
    let kinds: Vec<_> = findings
        .iter()
        .map(|f| (f["kind"].as_str().unwrap(), f["score"].as_f64()))
        .collect();
    assert_eq!(kinds, [("identical", Some(1.0)), ("identical", Some(1.0))]);
}

#[test]
fn a_license_covers_its_last_day_and_its_licensee() {
    let verdict = |date: &str, licensee: &str| {
        let place = Workplace::registered();
        place.write_dataset("data/train.parquet");
        place.run(&[
            "scan",
            "data",
            "--registry",
            "registry",
            "--out",
            "out",
            "--as-of",
            date,
            "--licensee",
            licensee,
        ]);
        let findings = place.findings("out");
        let picture = findings.iter().find(|f| f["work_id"] == "picture").unwrap();
        picture["verdict"].as_str().unwrap().to_owned()
    };
    assert_eq!(verdict("2026-12-31", "Acme"), "licensed");
    assert_eq!(verdict("2027-01-01", "Acme"), "reserved");
    assert_eq!(verdict("2026-12-31", "Other"), "reserved");
}

#[test]
fn opt_in_flags_works_without_a_license() {
    let place = scanned(&["--mode", "opt-in", "--licensee", "Acme"]);
    let summary = place.json("out/summary.json");
    assert_eq!(summary["over_policy"], 2);
    assert_eq!(summary["verdicts"]["licensed"], 1);
}

#[test]
fn settings_beside_the_dataset_hold_until_a_flag_says_otherwise() {
    let place = Workplace::registered();
    place.write_dataset("data/train.parquet");
    place.write(
        "data/clearance.toml",
        "mode = \"opt-in\"\nlicensee = \"Acme\"\nas-of = \"2026-06-30\"\n",
    );
    place.run(&["scan", "data", "--registry", "registry", "--out", "out"]);
    let policy = place.json("out/summary.json")["policy"].clone();
    assert_eq!(
        (policy["mode"].as_str(), policy["as_of"].as_str()),
        (Some("opt-in"), Some("2026-06-30"))
    );
    place.run(&[
        "scan",
        "data",
        "--registry",
        "registry",
        "--out",
        "out",
        "--mode",
        "opt-out",
    ]);
    assert_eq!(place.json("out/summary.json")["policy"]["mode"], "opt-out");
}

#[test]
fn a_clean_dataset_ends_with_0_and_an_unexamined_one_with_3() {
    let place = Workplace::registered();
    std::fs::create_dir(place.path("data")).unwrap();
    let dataset = DatasetBuilder::new().text("text", vec![Some(prose::write(21, 80))]);
    dataset.write(place.path("data/a.parquet")).unwrap();
    assert_eq!(place.run(&SCAN).code, 0);
    DatasetBuilder::new()
        .text(
            "URL",
            vec![
                Some("https://example.org/a.jpg"),
                Some("https://example.org/b.jpg"),
            ],
        )
        .integers("WIDTH", vec![Some(10), Some(10)])
        .write(place.path("data/b.parquet"))
        .unwrap();
    let ended = place.run(&SCAN);
    assert_eq!(ended.code, 3, "{}", ended.stdout);
    assert!(
        ended.stdout.contains("skipped: url not fetched"),
        "{}",
        ended.stdout
    );
    assert_eq!(
        place
            .run(&[&SCAN[..], &["--min-coverage", "0.3"]].concat())
            .code,
        0
    );
}

/// Every shape that DESIGN names, each holding one copy of the registered picture.
#[test]
#[expect(clippy::too_many_lines, reason = "a list of shapes")]
fn every_column_shape_is_read() {
    let place = Workplace::registered();
    let copy = || encode::jpeg(&art::paint(1, 480, 360), 70).unwrap();
    std::fs::create_dir(place.path("data")).unwrap();
    place.write("data/pictures/copy.jpg", copy());
    let shapes: Vec<(&str, DatasetBuilder)> = vec![
        (
            "struct",
            DatasetBuilder::new().image("image", vec![Some(copy())]),
        ),
        (
            "plain-struct",
            DatasetBuilder::new()
                .image("x", vec![Some(copy())])
                .without_features(),
        ),
        (
            "no-arrow",
            DatasetBuilder::new()
                .image("image", vec![Some(copy())])
                .without_arrow_schema(),
        ),
        (
            "path-first",
            DatasetBuilder::new()
                .image("image", vec![Some(copy())])
                .path_first(),
        ),
        (
            "binary",
            DatasetBuilder::new().binary("content", vec![Some(copy())]),
        ),
        (
            "large",
            DatasetBuilder::new().large_binary("content", vec![Some(copy())]),
        ),
        (
            "view",
            DatasetBuilder::new().binary_view("content", vec![Some(copy())]),
        ),
        (
            "list",
            DatasetBuilder::new().image_list(
                "images",
                vec![Some(vec![None, Some(MediaCell::from(copy()))])],
            ),
        ),
        (
            "path-in-struct",
            DatasetBuilder::new().image(
                "image",
                vec![Some(MediaCell::path_only("pictures/copy.jpg"))],
            ),
        ),
        (
            "path",
            DatasetBuilder::new().text("file_name", vec![Some("pictures/copy.jpg")]),
        ),
    ];
    for (name, builder) in &shapes {
        builder
            .write(place.path(&format!("data/{name}.parquet")))
            .unwrap();
    }
    let ended = place.run(&SCAN);
    let mut found: Vec<String> = place
        .findings("out")
        .iter()
        .map(|finding| {
            finding["file"]
                .as_str()
                .unwrap()
                .replace("data/", "")
                .replace(".parquet", "")
        })
        .collect();
    let mut expected: Vec<&str> = shapes.iter().map(|(name, _)| *name).collect();
    found.sort();
    expected.sort_unstable();
    assert_eq!(found, expected, "{}", ended.stdout);
    let list = place
        .findings("out")
        .into_iter()
        .find(|f| f["file"] == "data/list.parquet")
        .unwrap();
    assert_eq!(list["item_index"], 1);
}

#[test]
fn a_column_can_be_named_or_left_out() {
    let place = Workplace::registered();
    place.write_dataset("data/train.parquet");
    let ended = place.run(
        &[
            &SCAN[..],
            &["--column", "audio=ignore", "--column", "text=ignore"],
        ]
        .concat(),
    );
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    assert_eq!(place.findings("out").len(), 1);
    let ended = place.run(&[&SCAN[..], &["--column", "nothing=audio"]].concat());
    assert_eq!(ended.code, 2);
    assert!(
        ended
            .stderr
            .contains("no file of the dataset has such a column"),
        "{}",
        ended.stderr
    );
}
