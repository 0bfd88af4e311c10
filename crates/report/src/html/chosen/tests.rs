use super::*;
use crate::sample;

#[test]
fn findings_over_policy_and_the_strongest_stay() {
    let mut chooser = Chooser::new(3);
    for (e_value, over_policy) in [
        (1e-5, false),
        (1e-90, false),
        (1e-4, true),
        (1e-50, false),
        (0.0, false),
    ] {
        chooser.see(e_value, over_policy);
    }
    assert_eq!(chooser.left_out(), 2);
    assert_eq!(chooser.numbers(), [1, 2, 4]);
}

#[test]
fn of_equals_the_first_stay() {
    let mut chooser = Chooser::new(2);
    for _ in 0..5 {
        chooser.see(1e-9, true);
    }
    assert_eq!(chooser.numbers(), [0, 1]);
}

#[test]
fn exhibits_of_each_works_strongest_finding_come_first() {
    let findings = [
        ("a".to_owned(), 0, 1e-20),
        ("b".to_owned(), 0, 1e-90),
        ("c".to_owned(), 1, 1e-5),
    ];
    let ranks = ranks(&findings);
    let places: Vec<(u32, u32)> = ["a", "b", "c"]
        .map(|id| (ranks[id].number, ranks[id].in_work))
        .into();
    assert_eq!(places, [(0, 1), (1, 0), (2, 0)]);
}

#[test]
fn exhibits_end_where_the_room_does() {
    let out = tempfile::tempdir().unwrap();
    let path = out.path().join("exhibits.jsonl");
    let findings: Vec<(String, u32, f64)> = (0..6)
        .map(|number| (format!("F-{number}"), number / 2, f64::from(number % 2)))
        .collect();
    let large = "A".repeat(9 << 20);
    let lines: String = findings
        .iter()
        .map(|(id, _, _)| {
            let exhibit = Exhibit {
                finding_id: id.clone(),
                thumbnail: Some(large.clone()),
                ..Exhibit::default()
            };
            serde_json::to_string(&exhibit).unwrap() + "\n"
        })
        .collect();
    std::fs::write(&path, lines).unwrap();
    // Three of nine megabytes fit: the strongest of each work.
    assert_eq!(exhibited(&path, &ranks(&findings)).unwrap(), [0, 2, 4]);
    assert!(
        exhibited(&out.path().join("none"), &ranks(&findings))
            .unwrap()
            .is_empty()
    );
}

#[test]
fn the_mode_says_what_is_over_policy() {
    let unreserved = sample::quotation(0);
    assert!(!is_over_policy(&unreserved, "opt-out"));
    assert!(is_over_policy(&unreserved, "opt-in"));
    assert!(is_over_policy(&sample::picture(0), "opt-out"));
    assert!(!is_over_policy(&sample::recording(0), "opt-in"));
}
