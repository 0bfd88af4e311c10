//! `clearance fingerprint`, and what a scan makes of its table.

use clearance_testkit::encode;
use clearance_testkit::{music, prose};

use crate::workplace::{RATE_HZ, SCAN, Workplace};

const PRINT: [&str; 4] = ["fingerprint", "data", "--out", "prints.parquet"];

/// A dataset with damaged items among the copies.
fn place() -> Workplace {
    let place = Workplace::registered();
    place.write_dataset("data/train.parquet");
    std::fs::create_dir_all(place.path("data/more")).unwrap();
    let broken = [Some(b"RIFF and nothing else".to_vec()), None];
    clearance_testkit::dataset::DatasetBuilder::new()
        .audio("audio", broken)
        .write(place.path("data/more/broken.parquet"))
        .unwrap();
    place
}

fn scan(place: &Workplace, input: &str, out: &str) -> i32 {
    let args = SCAN.map(|word| match word {
        "data" => input,
        "out" => out,
        word => word,
    });
    place.run(&args).code
}

fn assert_same(place: &Workplace, one: &str, other: &str) {
    for name in ["findings.parquet", "findings.jsonl", "coverage.parquet"] {
        let read = |out: &str| place.read(&format!("{out}/{name}"));
        assert_eq!(read(one), read(other), "{name}");
    }
    for key in ["rows", "clear", "matched", "unreadable", "skipped", "media"] {
        let read = |out: &str| place.json(&format!("{out}/summary.json"))[key].clone();
        assert_eq!(read(one), read(other), "{key}");
    }
}

#[test]
fn a_table_gives_the_results_of_its_dataset() {
    let place = place();
    assert_eq!(scan(&place, "data", "full"), 1);
    let ended = place.run(&[&PRINT[..], &["--keep-texts"]].concat());
    assert_eq!(ended.code, 3, "{}", ended.stderr);
    assert!(
        ended.stderr.contains("1 items could not be read"),
        "{}",
        ended.stderr
    );
    let shown = place.run(&["inspect", "prints.parquet"]).stdout;
    assert!(
        shown.contains("\ndata/train.parquet: 6 rows in 3 row groups\n"),
        "{shown}"
    );
    // The dataset is gone: the table stands for it.
    std::fs::rename(place.path("data"), place.path("elsewhere")).unwrap();
    assert_eq!(scan(&place, "prints.parquet", "again"), 1);
    assert_same(&place, "full", "again");
}

#[test]
fn after_a_change_of_the_registry_a_table_gives_what_a_full_scan_gives() {
    let place = place();
    place.run(&[&PRINT[..], &["--keep-texts"]].concat());
    // Another work is registered, one is withdrawn, one is licensed.
    let song = encode::wav(&music::compose(2, 8.0), RATE_HZ);
    place.write("more/second.wav", song);
    for args in [
        &["register", "more"][..],
        &["withdraw", "picture"],
        &[
            "license",
            "add",
            "song",
            "--id",
            "L-9",
            "--licensee",
            "*",
            "--uses",
            "all",
        ],
    ] {
        let ended = place.run(&[args, &["--registry", "registry"]].concat());
        assert_eq!(ended.code, 0, "{}", ended.stderr);
    }
    scan(&place, "data", "full");
    scan(&place, "prints.parquet", "again");
    assert_same(&place, "full", "again");
    let works = place.findings("again");
    let works: Vec<_> = works.iter().map(|found| found["work_id"].clone()).collect();
    assert_eq!(works, ["song", "second", "story"]);
}

#[test]
fn a_table_holds_no_text_unless_asked_for_and_the_rows_say_so() {
    let place = place();
    let ended = place.run(&PRINT);
    assert_eq!(ended.code, 3, "{}", ended.stderr);
    assert_eq!(scan(&place, "prints.parquet", "out"), 1);
    let works = place.findings("out");
    let works: Vec<_> = works.iter().map(|found| found["work_id"].clone()).collect();
    assert_eq!(works, ["song", "picture"]);
    let summary = place.json("out/summary.json");
    assert_eq!(summary["skipped"], 3);
    assert_eq!(summary["reasons"]["skipped: text"], 2);
    // Nothing of the texts is in the table: with and without them it differs, without
    // them it does not say which they were.
    let table = place.read("prints.parquet");
    let word = prose::write(3, 200);
    let word = word
        .split_whitespace()
        .max_by_key(|word| word.len())
        .unwrap();
    let holds = table
        .windows(word.len())
        .any(|bytes| bytes == word.as_bytes());
    assert!(!holds);
}

#[test]
fn a_table_of_a_table_is_refused_and_so_are_its_columns() {
    let place = place();
    place.run(&PRINT);
    let again = ["fingerprint", "prints.parquet", "--out", "second.parquet"];
    let ended = place.run(&again);
    assert_eq!(ended.code, 2);
    assert!(
        ended.stderr.contains("a fingerprint table already"),
        "{}",
        ended.stderr
    );
    let scan = [
        "scan",
        "prints.parquet",
        "--registry",
        "registry",
        "--out",
        "out",
    ];
    let ended = place.run(&[&scan[..], &["--column", "audio=text"]].concat());
    assert_eq!(ended.code, 2);
    assert!(
        ended.stderr.contains("when the fingerprint table was made"),
        "{}",
        ended.stderr
    );
}

#[test]
fn an_owner_gets_findings_and_nothing_about_other_rows() {
    let place = place();
    place.run(&PRINT);
    // The owner's registry shows nothing of the works.
    let register = ["register", "catalog.csv", "--registry", "registry"];
    std::fs::remove_dir_all(place.path("registry")).unwrap();
    place.run(&[&register[..], &["--no-previews", "--no-texts"]].concat());
    // Results of another scan lie there already.
    scan(&place, "data", "out");
    let scan = [
        "scan",
        "prints.parquet",
        "--registry",
        "registry",
        "--out",
        "out",
    ];
    let ended = place.run(&[&scan[..], &["--only-findings"]].concat());
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    assert!(
        ended.stdout.contains("Findings alone: out"),
        "{}",
        ended.stdout
    );
    let names: Vec<String> = crate::workplace::files(&place.path("out"))
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert_eq!(names, ["findings.jsonl", "findings.parquet"]);
    let findings = place.findings("out");
    let rows: Vec<_> = findings
        .iter()
        .map(|found| found["row_index"].as_i64())
        .collect();
    assert_eq!(rows, [Some(0), Some(2)]);
}
