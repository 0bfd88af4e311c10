//! What people do with the results: `clearance explain`, `report --decisions`, `--embed-media`,
//! `scan --sample`.

use serde_json::{Value, json};

use crate::workplace::{SCAN, Workplace};

fn scanned() -> Workplace {
    let place = Workplace::registered();
    place.write_dataset("data/train.parquet");
    place.run(&SCAN);
    place
}

fn id(finding: &Value) -> &str {
    finding["finding_id"].as_str().unwrap()
}

#[test]
fn every_finding_is_explained_in_every_form() {
    let place = scanned();
    let findings = place.findings("out");
    assert_eq!(findings.len(), 3);
    for finding in &findings {
        for format in ["text", "svg", "html"] {
            let ended = place.run(&["explain", "out", id(finding), "--format", format]);
            assert_eq!(ended.code, 0, "{}", ended.stderr);
            assert!(
                !ended.stdout.contains("kept for this finding"),
                "{}",
                ended.stdout
            );
        }
    }
    let song = place.run(&["explain", "out", id(&findings[0])]).stdout;
    assert!(
        song.contains("peaks aligned") && song.contains("Spectral peaks"),
        "{song}"
    );
    let story = place.run(&["explain", "out", id(&findings[2])]).stdout;
    assert!(
        story.contains("in the item") && story.contains("in the work"),
        "{story}"
    );
    let none = place.run(&["explain", "out", "F-none"]);
    assert_eq!(none.code, 2);
    assert!(
        none.stderr.contains("no finding \"F-none\""),
        "{}",
        none.stderr
    );
}

#[test]
fn a_recording_is_shown_with_its_spectrum() {
    let place = scanned();
    let song = id(&place.findings("out")[0]).to_owned();
    let svg = ["explain", "out", &song, "--format", "svg"];
    assert_eq!(place.run(&svg).stdout.matches("<image ").count(), 0);
    let item = place.run(&[&svg[..], &["--spectrograms"]].concat());
    assert_eq!(item.stdout.matches("<image y=\"0\"").count(), 1);
    assert!(item.stderr.contains("--works"), "{}", item.stderr);
    // Registered files are known by their bytes, wherever they lie now.
    let moved = place.path("attic/below");
    std::fs::create_dir_all(&moved).unwrap();
    for found in std::fs::read_dir(place.path("works")).unwrap() {
        let file = found.unwrap().path();
        let name = format!("renamed-{}", file.file_name().unwrap().to_string_lossy());
        std::fs::copy(&file, moved.join(name)).unwrap();
    }
    let spectrograms = ["--spectrograms", "--works", "attic"];
    let both = place.run(&[&svg[..], &spectrograms].concat());
    assert_eq!(both.stdout.matches("<image y=").count(), 2);
    assert_eq!(both.stderr, "");

    let file = place.path("song.png").to_str().unwrap().to_owned();
    let png = ["explain", "out", &song, "--format", "png", "--to", &file];
    assert_eq!(place.run(&[&png[..], &spectrograms].concat()).code, 0);
    assert!(place.read("song.png").starts_with(b"\x89PNG\r\n\x1a\n"));

    let page = |place: &Workplace| place.read("out/report.html").len();
    let plain = page(&place);
    let ended = place.run(&[&["report", "out"][..], &spectrograms].concat());
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert!(page(&place) > plain + 2000);
}

#[test]
fn what_was_not_kept_is_made_again_or_said_to_be_missing() {
    let place = scanned();
    let explain = |extra: &[&str]| -> Vec<String> {
        let findings = place.findings("out");
        let shown = findings.iter().map(|finding| {
            let ended =
                place.run(&[&["explain", "out", id(finding), "--format", "svg"], extra].concat());
            assert_eq!(ended.code, 0, "{}", ended.stderr);
            ended.stdout
        });
        shown.collect()
    };
    let kept = explain(&[]);
    std::fs::remove_file(place.path("out/exhibits.jsonl")).unwrap();
    assert_ne!(explain(&[]), kept);
    assert_eq!(explain(&["--registry", "registry"]), kept);

    // Another dataset in the same place does not pass for it.
    let song = id(&place.findings("out")[0]).to_owned();
    std::fs::remove_file(place.path("data/train.parquet")).unwrap();
    let ended = place.run(&["explain", "out", &song, "--registry", "registry"]);
    assert_eq!(ended.code, 0);
    assert!(
        ended.stdout.contains("could not be examined"),
        "{}",
        ended.stdout
    );
}

#[test]
fn decisions_of_two_reviewers_are_merged() {
    let place = scanned();
    let findings = place.findings("out");
    let file = |reviewer: &str, decisions: &[(usize, &str)]| {
        let decisions: Vec<Value> = decisions
            .iter()
            .map(|(number, decision)| {
                json!({"finding_id": id(&findings[*number]), "decision": decision, "comment": null, "date": "2026-07-01"})
            })
            .collect();
        let file = json!({"format": "clearance-decisions", "version": 1, "reviewer": reviewer, "decisions": decisions});
        place.write(&format!("{reviewer}.json"), file.to_string());
    };
    file(
        "ada",
        &[(0, "confirmed"), (1, "confirmed"), (2, "rejected")],
    );
    file("ben", &[(0, "confirmed"), (1, "rejected"), (2, "rejected")]);
    let ended = place.run(&["report", "out", "--decisions", "ada.json", "ben.json"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert!(
        ended
            .stderr
            .contains("ada and ben agree on 2 of 3: kappa 0.40"),
        "{}",
        ended.stderr
    );
    let review = &place.json("out/summary.json")["review"];
    assert_eq!(review["contested"], 1);
    assert_eq!(review["confirmed_rate"]["of"], 2);

    // A scan of the same dataset keeps what people decided.
    place.run(&SCAN);
    assert_eq!(&place.json("out/summary.json")["review"], review);
    let ended = place.run(&["report", "out", "--decisions", "data/train.parquet"]);
    assert_eq!(ended.code, 2);
}

#[test]
fn recordings_are_embedded_when_asked_for() {
    let place = scanned();
    let page = |place: &Workplace| String::from_utf8(place.read("out/report.html")).unwrap();
    assert!(!page(&place).contains("data-recording-0\">"));
    let ended = place.run(&["report", "out", "--embed-media"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert!(
        page(&place).contains("data-recording-0\">"),
        "{}",
        ended.stderr
    );
    assert!(!ended.stderr.contains("signed"), "{}", ended.stderr);
    let plain = place.run(&["report", "out"]);
    assert_eq!(plain.code, 0);
    place.run(&["keygen", "key"]);
    assert_eq!(place.run(&["sign", "out", "--key", "key"]).code, 0);
    let signed = place.run(&["report", "out", "--embed-media"]);
    assert!(
        signed.stderr.contains("sign them again"),
        "{}",
        signed.stderr
    );
    place.run(&["report", "out"]);
    assert!(!page(&place).contains("data-recording-0\">"));
}

#[test]
fn a_sample_accounts_for_its_own_rows_and_is_the_same_again() {
    let place = Workplace::registered();
    place.write_dataset("data/a.parquet");
    place.write_dataset("data/b.parquet");
    let scan = |out: &str, extra: &[&str]| {
        let arguments = [
            &[
                "scan",
                "data",
                "--registry",
                "registry",
                "--out",
                out,
                "--as-of",
                "2026-06-30",
            ],
            extra,
        ];
        place.run(&arguments.concat());
        place.json(&format!("{out}/summary.json"))
    };
    let summary = scan("five", &["--sample", "5", "--threads", "1"]);
    assert_eq!(
        (&summary["rows"], &summary["sample"]["dataset_rows"]),
        (&json!(5), &json!(12))
    );
    let drawn: Vec<&Value> = summary["sample"]["strata"]
        .as_array()
        .unwrap()
        .iter()
        .map(|stratum| &stratum["drawn"])
        .collect();
    assert_eq!(drawn, [3, 2]);
    let count = |key: &str| summary[key].as_u64().unwrap();
    assert_eq!(
        count("clear") + count("matched") + count("unreadable") + count("skipped"),
        5
    );
    assert_eq!(summary["sample"]["matched"]["found"], summary["matched"]);
    let again = scan("again", &["--sample", "5", "--threads", "4"]);
    assert_eq!(again, summary);
    let whole = scan("whole", &["--sample", "1000"]);
    assert_eq!((&whole["rows"], &whole["matched"]), (&json!(12), &json!(6)));
    assert_eq!(whole["sample"]["matched"]["found"], 6);
    let refused = place.run(&[
        "scan",
        "data",
        "--registry",
        "registry",
        "--out",
        "x",
        "--sample",
        "0",
    ]);
    assert_eq!(refused.code, 2);
}

#[test]
fn rows_that_a_sample_left_out_count_as_not_examined() {
    let place = Workplace::registered();
    place.write_dataset("data/a.parquet");
    place.write_dataset("data/b.parquet");
    // Before anything was reserved, so that coverage alone decides.
    let scan = |rows: &str| {
        let out = format!("out-{rows}");
        let scan = ["scan", "data", "--registry", "registry", "--out", &out];
        let question = ["--as-of", "2001-01-01", "--min-coverage", "0.5"];
        let done = place.run(&[&scan[..], &question, &["--sample", rows]].concat());
        let gate = place.run(&["gate", &out]);
        assert_eq!(gate.code, done.code, "{}", gate.stderr);
        let summary = place.json(&format!("{out}/summary.json"));
        (done.code, summary["coverage"]["complete"].clone())
    };
    assert_eq!(scan("5"), (3, json!(false)));
    assert_eq!(scan("1000").0, 0);
}
