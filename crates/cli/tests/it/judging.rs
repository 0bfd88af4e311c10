//! `clearance judge`: a finished scan under other rights and other questions.

use clearance_testkit::encode;
use clearance_testkit::music;

use crate::workplace::{RATE_HZ, SCAN, Workplace};

/// What is asked in this order: use, date, mode, licensee.
const QUESTIONS: [[&str; 4]; 5] = [
    ["train", "2026-06-30", "opt-out", "Acme"],
    ["train-generative", "2024-12-31", "opt-out", "Lab"],
    ["train-generative", "2026-06-30", "opt-in", "Acme"],
    ["search", "2027-01-01", "opt-in", "Lab"],
    ["mining", "2026-06-30", "opt-in", "Nobody"],
];

fn place() -> Workplace {
    let place = Workplace::registered();
    place.write_dataset("data/train.parquet");
    assert_eq!(place.run(&SCAN).code, 1);
    place
}

fn question([used, date, mode, licensee]: [&'static str; 4]) -> [&'static str; 8] {
    [
        "--use",
        used,
        "--as-of",
        date,
        "--mode",
        mode,
        "--licensee",
        licensee,
    ]
}

fn judge(place: &Workplace, out: &str, more: &[&str]) -> crate::workplace::Ended {
    let args = ["judge", "out", "--registry", "registry", "--out", out];
    place.run(&[&args[..], more].concat())
}

/// Results of `judge` and of a scan from the beginning are the same to the byte.
fn assert_as_scanned(place: &Workplace, asked: [&'static str; 4]) {
    let scan = ["scan", "data", "--registry", "registry", "--out", "full"];
    let full = place.run(&[&scan[..], &question(asked)].concat());
    let again = judge(place, "again", &question(asked));
    assert_eq!(again.code, full.code, "{asked:?}: {}", again.stderr);
    for name in [
        "findings.parquet",
        "findings.jsonl",
        "coverage.parquet",
        "exhibits.jsonl",
        "works.jsonl",
        "summary.json",
        "report.html",
    ] {
        let read = |out: &str| place.read(&format!("{out}/{name}"));
        assert_eq!(read("full"), read("again"), "{asked:?}: {name}");
    }
}

#[test]
fn findings_are_judged_as_a_scan_would() {
    let place = place();
    for asked in QUESTIONS {
        assert_as_scanned(&place, asked);
    }
    // Rights change; what is recognized does not.
    let catalog = String::from_utf8(place.read("catalog.csv")).unwrap();
    place.write(
        "catalog.csv",
        catalog.replace("text,works/story.txt,none", "text,works/story.txt,all"),
    );
    for change in [
        &["register", "catalog.csv"][..],
        &[
            "license",
            "add",
            "song",
            "--id",
            "L-9",
            "--licensee",
            "Lab",
            "--uses",
            "all",
        ],
        &["license", "expire", "L-7", "--on", "2026-06-29"],
    ] {
        let ended = place.run(&[change, &["--registry", "registry"]].concat());
        assert_eq!(ended.code, 0, "{}", ended.stderr);
    }
    for asked in QUESTIONS {
        assert_as_scanned(&place, asked);
    }
    // The registry of an earlier day, too.
    let verdicts = |out: &str| place.json(&format!("{out}/summary.json"))["verdicts"].clone();
    let then = ["--registry-at", "2025-12-31", "--as-of", "2026-06-30"];
    let refused = judge(&place, "then", &then);
    assert_eq!(refused.code, 2, "{}", refused.stderr);
    let today = judge(&place, "today", &["--as-of", "2026-06-30"]);
    assert_eq!(today.code, 1, "{}", today.stderr);
    assert_ne!(verdicts("out"), verdicts("today"));
}

#[test]
fn a_sample_is_judged_again_as_one() {
    let place = Workplace::registered();
    place.write_dataset("data/train.parquet");
    let asked = question(["train", "2026-06-30", "opt-in", "Nobody"]);
    let scan = |out: &str, more: &[&str]| {
        let args = [
            "scan",
            "data",
            "--registry",
            "registry",
            "--sample",
            "4",
            "--out",
            out,
        ];
        place.run(&[&args[..], more].concat())
    };
    scan("out", &[]);
    let full = scan("full", &asked);
    assert_eq!(judge(&place, "again", &asked).code, full.code);
    let read = |out: &str| place.read(&format!("{out}/summary.json"));
    assert_eq!(read("full"), read("again"));
}

#[test]
fn what_the_flags_leave_out_stays_as_it_was() {
    let place = place();
    let asked = ["search", "2026-06-30", "opt-in", "Acme"];
    let scan = ["scan", "data", "--registry", "registry", "--out", "out"];
    place.run(&[&scan[..], &question(asked), &["--territory", "DE"]].concat());
    assert_eq!(judge(&place, "again", &["--as-of", "2026-07-01"]).code, 1);
    let policy = &place.json("again/summary.json")["policy"];
    let said = ["use", "as_of", "mode", "licensee", "territory"].map(|key| policy[key].clone());
    assert_eq!(said, ["search", "2026-07-01", "opt-in", "Acme", "DE"]);
}

#[test]
fn only_a_scan_tells_what_a_changed_registry_recognizes() {
    let place = place();
    let refused = judge(&place, "out", &[]);
    assert_eq!(refused.code, 2);
    assert!(
        refused.stderr.contains("choose another folder"),
        "{}",
        refused.stderr
    );
    // As a whole, or not at all.
    let song = encode::wav(&music::compose(2, 8.0), RATE_HZ);
    place.write("more/second.wav", song);
    for change in [
        &["withdraw", "picture"][..],
        &["register", "more"],
        &["withdraw", "second"],
    ] {
        let ended = place.run(&[change, &["--registry", "registry"]].concat());
        assert_eq!(ended.code, 0, "{}", ended.stderr);
        let refused = judge(&place, "again", &[]);
        assert_eq!(refused.code, 2);
        assert!(
            refused.stderr.contains("scan the dataset again"),
            "{}",
            refused.stderr
        );
        assert!(!place.path("again").exists());
    }
    // Another registry, the same works.
    place.run(&["register", "catalog.csv", "--registry", "other"]);
    let other = ["judge", "out", "--registry", "other", "--out", "again"];
    assert_eq!(place.run(&other).code, 1);
}
