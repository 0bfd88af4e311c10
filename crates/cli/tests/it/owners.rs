//! `clearance statements`, `answer` and the other forms of `report`.

use crate::workplace::{SCAN, Workplace};

fn scanned() -> Workplace {
    let place = Workplace::registered();
    place.write_dataset("data/train.parquet");
    place.run(&[&SCAN[..], &["--licensee", "Acme"]].concat());
    place
}

#[test]
fn an_owner_is_told_of_their_own_works_alone() {
    let place = scanned();
    let ended = place.run(&[
        "answer",
        "out",
        "--owner",
        "Ben Cole",
        "--to",
        "answer",
        "--registry",
        "registry",
    ]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert!(
        ended.stderr.contains("1 work of Ben Cole, 1 finding"),
        "{}",
        ended.stderr
    );
    let csv = String::from_utf8(place.read("answer/statement.csv")).unwrap();
    assert!(
        csv.contains("L-7: train-generative to Acme, 2026-01-01 to 2026-12-31"),
        "{csv}"
    );
    assert_eq!(place.findings("answer").len(), 1);
    for (name, bytes) in crate::workplace::files(&place.path("answer")) {
        let text = String::from_utf8_lossy(&bytes);
        assert!(
            !text.contains("Harbor") && !text.contains("Night Ferry"),
            "{name}"
        );
    }
    let ended = place.run(&["answer", "out", "--owner", "Nobody", "--to", "none"]);
    assert!(
        ended.stderr.contains("No work of Nobody was found"),
        "{}",
        ended.stderr
    );
}

#[test]
fn statements_name_every_rightsholder() {
    let place = scanned();
    let ended = place.run(&["statements", "out", "--to", "statements"]);
    assert!(
        ended.stderr.contains("3 works of 3 rightsholders"),
        "{}",
        ended.stderr
    );
    let credits = String::from_utf8(place.read("statements/credits.txt")).unwrap();
    assert_eq!(
        credits,
        "Low Tide by Ben Cole (Ben Cole)\nNight Ferry by Ana Ruiz (Harbor Records)\nThe Lamp by Chi Wei (Lamp Press)\n"
    );
}

#[test]
fn findings_are_rendered_for_other_tools() {
    let place = scanned();
    let ended = place.run(&[
        "report",
        "out",
        "--format",
        "csv,sarif,json-lines",
        "--to",
        "other",
    ]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    for name in ["findings.csv", "findings.sarif", "messages.jsonl"] {
        assert!(!place.read(&format!("other/{name}")).is_empty());
    }
    let ended = place.run(&["report", "out", "--format", "pdf"]);
    assert_eq!(ended.code, 2);
}

#[test]
fn forms_of_disclosure_are_filled_in_as_far_as_a_scan_knows() {
    let place = scanned();
    let ended = place.run(&["disclose", "out", "--to", "forms", "--dataset", "data"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let croissant = place.json("forms/croissant.json");
    assert_eq!(
        croissant["recordSet"][0]["field"].as_array().unwrap().len(),
        3
    );
    assert_eq!(
        croissant["distribution"][0]["sha256"]
            .as_str()
            .unwrap()
            .len(),
        64
    );
    let form = String::from_utf8(place.read("forms/california-ab2013.md")).unwrap();
    assert!(form.contains("## (7) OPEN: "), "{form}");
    place.write_dataset("other/train.parquet");
    let bytes = place.read("data/train.parquet");
    place.write("other/train.parquet", &bytes[..bytes.len() - 1]);
    let ended = place.run(&["disclose", "out", "--to", "forms", "--dataset", "other"]);
    assert_eq!(ended.code, 2);
}
