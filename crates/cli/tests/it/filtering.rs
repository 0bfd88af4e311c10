//! `clearance filter`.

use crate::workplace::{SCAN, Workplace, files};

fn scanned() -> Workplace {
    let place = Workplace::registered();
    place.write_dataset("data/train.parquet");
    place.write_dataset("data/more/test.parquet");
    place.run(&SCAN);
    place
}

/// Findings of a scan of this folder: row, work.
fn found(place: &Workplace, data: &str) -> Vec<(i64, String)> {
    let ended = place.run(&[
        "scan",
        data,
        "--registry",
        "registry",
        "--out",
        "out2",
        "--as-of",
        "2026-06-30",
    ]);
    assert_ne!(ended.code, 2, "{}", ended.stderr);
    let of = |finding: &serde_json::Value| {
        let work = finding["work_id"].as_str().unwrap().to_owned();
        (finding["row_index"].as_i64().unwrap(), work)
    };
    place.findings("out2").iter().map(of).collect()
}

const FILTER: [&str; 6] = ["filter", "data", "--findings", "out", "--to", "clean"];

#[test]
fn a_clean_copy_has_no_row_over_policy_and_all_others() {
    let place = scanned();
    let before = files(&place.path("data"));
    let ended = place.run(&FILTER);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert!(
        ended.stderr.contains("12 rows = 8 kept + 4 removed"),
        "{}",
        ended.stderr
    );
    assert_eq!(files(&place.path("data")), before);
    // Rows 0 and 2 of each file are gone; the unreserved quotation stands two rows higher.
    let story = || (2, "story".to_owned());
    assert_eq!(found(&place, "clean"), [story(), story()]);
    assert_eq!(place.json("out2/summary.json")["rows"], 8);
    assert!(place.path("clean/more/test.parquet").is_file());
}

#[test]
fn verdicts_decide_and_items_can_become_null() {
    let place = scanned();
    let more = ["--null-items", "--verdict", "unreserved,reserved"];
    let ended = place.run(&[&FILTER[..], &more].concat());
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert!(
        ended.stderr.contains("6 items made null"),
        "{}",
        ended.stderr
    );
    assert_eq!(found(&place, "clean"), []);
    let summary = place.json("out2/summary.json");
    assert_eq!(
        (&summary["rows"], &summary["skipped"]),
        (&12.into(), &6.into())
    );
}

#[test]
fn a_dataset_that_changed_is_refused() {
    let place = scanned();
    // One byte of data: length, footer and everything but the contents stay.
    let mut bytes = place.read("data/train.parquet");
    bytes[200] ^= 1;
    place.write("data/train.parquet", &bytes);
    let ended = place.run(&FILTER);
    assert_eq!(ended.code, 2);
    assert!(
        ended
            .stderr
            .contains("train.parquet: changed since the scan"),
        "{}",
        ended.stderr
    );
    assert!(!place.path("clean").exists());
}

#[test]
fn unknown_files_edited_findings_and_incomplete_scans_are_refused() {
    let place = scanned();
    place.write_dataset("data/late.parquet");
    let ended = place.run(&FILTER);
    assert!(
        ended.stderr.contains("was not part of the scan"),
        "{}",
        ended.stderr
    );
    std::fs::remove_file(place.path("data/late.parquet")).unwrap();
    let whole = place.read("out/findings.jsonl");
    let text = String::from_utf8(whole.clone()).unwrap();
    place.write(
        "out/findings.jsonl",
        text.replace("\"row_index\":0", "\"row_index\":1"),
    );
    let ended = place.run(&FILTER);
    assert_eq!(ended.code, 2);
    assert!(ended.stderr.contains("not acted on"), "{}", ended.stderr);
    place.write("out/findings.jsonl", whole);
    let ended = place.run(&["filter", "data", "--findings", "out", "--to", "data"]);
    assert_eq!(ended.code, 2);
    assert!(ended.stderr.contains("another folder"), "{}", ended.stderr);
}

#[test]
fn an_incomplete_scan_is_acted_on_only_when_asked() {
    let place = Workplace::registered();
    place.write_dataset("data/train.parquet");
    let song = place.read("works/song.wav");
    clearance_testkit::dataset::DatasetBuilder::new()
        .audio("audio", vec![Some(b"no sound".to_vec()), Some(song)])
        .write(place.path("data/broken.parquet"))
        .unwrap();
    place.run(&SCAN);
    let ended = place.run(&FILTER);
    assert_eq!(ended.code, 2);
    assert!(
        ended.stderr.contains("the scan is incomplete"),
        "{}",
        ended.stderr
    );
    let ended = place.run(&[&FILTER[..], &["--allow-incomplete"]].concat());
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert!(
        ended.stderr.contains("8 rows = 5 kept + 3 removed"),
        "{}",
        ended.stderr
    );
}

#[test]
fn a_killed_run_goes_on_and_another_run_is_refused() {
    let place = scanned();
    place.run(&FILTER);
    let whole = files(&place.path("clean"));
    // As if it had been killed between two files.
    std::fs::remove_file(place.path("clean/train.parquet")).unwrap();
    let ended = place.run(&FILTER);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert!(
        ended
            .stderr
            .contains("1 file written to clean, 1 there already"),
        "{}",
        ended.stderr
    );
    assert!(
        ended.stderr.contains("12 rows = 8 kept + 4 removed"),
        "{}",
        ended.stderr
    );
    assert_eq!(files(&place.path("clean")), whole);
    let ended = place.run(&[&FILTER[..], &["--null-items"]].concat());
    assert_eq!(ended.code, 2);
    assert!(
        ended.stderr.contains("another scan, dataset or setting"),
        "{}",
        ended.stderr
    );
}

#[test]
fn a_deny_list_names_rows_digests_and_uids() {
    let place = Workplace::registered();
    let song = place.read("works/song.wav");
    std::fs::create_dir(place.path("data")).unwrap();
    clearance_testkit::dataset::DatasetBuilder::new()
        .text("uid", vec![Some("=evil()"), Some("u-1")])
        .audio("audio", vec![Some(song), None])
        .write(place.path("data/a.parquet"))
        .unwrap();
    place.run(&[&SCAN[..], &["--column", "uid=ignore"]].concat());
    let filter = |list: &str| {
        let ended = place.run(&[
            "filter",
            "data",
            "--findings",
            "out",
            "--allow-incomplete",
            "--uid-column",
            "uid",
            "--deny-list",
            list,
        ]);
        assert_eq!(ended.code, 0, "{}", ended.stderr);
    };
    filter("deny.csv");
    filter("deny.jsonl");
    let csv = String::from_utf8(place.read("deny.csv")).unwrap();
    let lines: Vec<&str> = csv.lines().collect();
    assert!(lines[0].starts_with("file,row_index,column_name,item_index,item_digest,uid,verdict"));
    assert!(lines[1].starts_with("data/a.parquet,0,audio,0,"), "{csv}");
    assert!(lines[1].contains(",'=evil(),reserved,song,F-"), "{csv}");
    assert_eq!(lines.len(), 2);
    let line: serde_json::Value = serde_json::from_slice(&place.read("deny.jsonl")).unwrap();
    assert_eq!(line["uid"], "=evil()");
    assert_eq!(line["item_digest"], place.findings("out")[0]["item_digest"]);
}

#[test]
fn a_sample_is_verified_and_not_filtered_by() {
    let place = Workplace::registered();
    place.write_dataset("data/train.parquet");
    place.write_dataset("data/more/test.parquet");
    place.run(&[&SCAN[..], &["--sample", "7"]].concat());
    let verified = place.run(&[
        "verify",
        "out",
        "--dataset",
        "data",
        "--registry",
        "registry",
        "--rederive",
        "7",
    ]);
    // Unsigned, and nothing else to say.
    assert_eq!(verified.code, 3, "{}", verified.stdout);
    assert!(
        verified.stdout.contains("holds    derived again"),
        "{}",
        verified.stdout
    );
    let refused = place.run(&FILTER);
    assert_eq!(refused.code, 2, "{}", refused.stderr);
    assert!(
        refused.stderr.contains("a sample of 7 of 12 rows"),
        "{}",
        refused.stderr
    );
    assert!(!place.path("clean").exists());
}

#[test]
fn a_sample_that_was_made_up_is_noticed() {
    let place = Workplace::registered();
    place.write_dataset("data/train.parquet");
    place.run(&[&SCAN[..], &["--sample", "4"]].concat());
    let summary = place.json("out/summary.json");
    let said_of = |change: &dyn Fn(&mut serde_json::Value)| {
        let mut changed = summary.clone();
        change(&mut changed);
        place.write("out/summary.json", serde_json::to_vec(&changed).unwrap());
        let verified = place.run(&["verify", "out"]);
        assert_eq!(verified.code, 1, "{}", verified.stdout);
        verified.stdout
    };
    let said = said_of(&|summary| summary["sample"]["seed"] = 99.into());
    assert!(said.contains("not in the sample"), "{said}");
    let said = said_of(&|summary| summary["sample"]["over_policy"]["found"] = 0.into());
    assert!(
        said.contains("the sample is not that of its rows"),
        "{said}"
    );
    let said = said_of(&|summary| summary["sample"]["dataset_rows"] = 4.into());
    assert!(said.contains("coverage is not that of its rows"), "{said}");
    let said = said_of(&|summary| {
        summary.as_object_mut().unwrap().remove("sample");
    });
    assert!(said.contains("coverage is not that of its rows"), "{said}");
    let said = said_of(&|summary| summary["recall"][0]["found"]["found"] = 1.into());
    assert!(said.contains("recall is not what was measured"), "{said}");
}
