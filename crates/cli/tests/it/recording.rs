//! `clearance log`.

use crate::workplace::{SCAN, Workplace};

fn log(place: &Workplace, day: u64, args: &[&str]) -> (i32, String) {
    let ended = place.run_on(day, &[&["log"], args, &["--log", "runs.log"]].concat());
    (ended.code, ended.stdout + &ended.stderr)
}

#[test]
fn runs_and_approvals_are_recorded_and_edits_are_noticed() {
    let place = Workplace::registered();
    place.write_dataset("data/train.parquet");
    place.run(&SCAN);
    let (code, said) = log(&place, 1, &["approve", "out", "--by", "Ada"]);
    assert_eq!(code, 2, "{said}");
    std::fs::remove_file(place.path("runs.log")).ok();
    let (code, said) = log(&place, 1, &["add", "out", "--by", "Ada"]);
    assert_eq!(code, 0, "{said}");
    let head = said.trim().rsplit(' ').next().unwrap().to_owned();
    assert_eq!(log(&place, 2, &["approve", "out", "--by", "Ben"]).0, 0);
    let (code, said) = log(&place, 2, &["show"]);
    assert_eq!(code, 0, "{said}");
    assert!(
        said.contains("6 rows of data: 3 rows matched, 3 findings, 2 over policy"),
        "{said}"
    );
    assert!(said.contains("by Ben\tapproved: results"), "{said}");
    let (code, said) = log(&place, 2, &["verify", "--head", &head]);
    assert_eq!(code, 0, "{said}");
    let (code, said) = log(&place, 0, &["add", "out"]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("a clock was set back"), "{said}");
    let text = String::from_utf8(place.read("runs.log")).unwrap();
    place.write(
        "runs.log",
        text.replace("\"over_policy\":2", "\"over_policy\":0"),
    );
    let (code, said) = log(&place, 3, &["verify"]);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("line 2: the line before it is not"), "{said}");
    let first = text.lines().next().unwrap();
    place.write("runs.log", format!("{first}\n"));
    let (code, said) = log(&place, 3, &["verify"]);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("lines were cut off"), "{said}");
}
