use clearance_rights::Rightsholder;

use super::*;

#[test]
fn records_are_told_in_words() {
    let mut found = FoundWork {
        work: Work::new("W-1"),
        catalog: "catalog.csv".to_owned(),
        ..FoundWork::default()
    };
    found.work.rightsholders = vec![Rightsholder::new("Harbor\u{202e} Records")];
    found.reservations = vec![Reservation {
        since: parse_date("2024-05-01").ok(),
        source: Some("robots.txt".to_owned()),
        ..Reservation::new("R-1", "W-1", "train".parse::<UseSet>().unwrap())
    }];
    found.licenses = vec![
        License {
            licensee: Some("*".to_owned()),
            until: parse_date("2025-01-31").ok(),
            ..License::new("L-1", "W-1", "search".parse::<UseSet>().unwrap())
        },
        License::new("L-2", "W-1", "search".parse::<UseSet>().unwrap()),
    ];
    let record = Record::new(&found, "2026-01-31");
    let words: Vec<String> = record
        .records
        .iter()
        .map(|(kind, id, words)| format!("{kind} {id}: {words}"))
        .collect();
    assert_eq!(
        words,
        [
            "reservation R-1: train, from 2024-05-01 on, WORLD; robots.txt",
            "license L-1: search to anyone, until 2025-01-31, WORLD",
            "license L-2: search to a licensee that is not stated, without dates, WORLD",
        ]
    );
    assert_eq!(record.rightsholders, ["Harbor‹U+202E› Records"]);
    assert!(record.rights.is_some());
    assert_eq!(record.identifiers, Vec::<String>::new());
}

#[test]
fn works_are_read_back_as_they_were_written() {
    let out = tempfile::tempdir().unwrap();
    assert!(read_works(out.path()).unwrap().is_empty());
    let found = FoundWork {
        work: Work::new("W-1"),
        reservations: vec![Reservation::new("R", "W-1", UseSet::default())],
        ..FoundWork::default()
    };
    let text = serde_json::to_string(&found).unwrap() + "\n";
    std::fs::write(out.path().join(WORKS), text).unwrap();
    assert_eq!(read_works(out.path()).unwrap()["W-1"], found);
}
