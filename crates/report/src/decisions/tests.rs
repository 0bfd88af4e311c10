use tempfile::TempDir;

use super::*;
use crate::sample;

fn results(rows: i64) -> TempDir {
    let out = TempDir::new().unwrap();
    let findings: Vec<Finding> = (0..rows).map(sample::picture).collect();
    sample::write(out.path(), &sample::summary(&findings), &findings, &[]);
    out
}

fn file(out: &TempDir, reviewer: &str, decisions: &[(i64, &str, &str)]) -> PathBuf {
    let lines: Vec<String> = decisions
        .iter()
        .map(|(row, decision, date)| {
            format!(
                r#"{{"finding_id":"F-{row:016x}","decision":"{decision}","comment":" seen ","date":"{date}"}}"#
            )
        })
        .collect();
    let text = format!(
        r#"{{"format":"clearance-decisions","version":1,"scan":"x","reviewer":"{reviewer}","decisions":[{}]}}"#,
        lines.join(",")
    );
    let path = out
        .path()
        .join(format!("{reviewer}-{}.json", decisions.len()));
    fs::write(&path, text).unwrap();
    path
}

#[test]
fn later_decisions_of_a_reviewer_replace_earlier_ones() {
    let out = results(3);
    let first = file(
        &out,
        "Ada",
        &[
            (0, "confirmed", "2026-01-02"),
            (1, "unsure", "2026-01-02"),
            (9, "confirmed", "2026-01-02"),
        ],
    );
    let merged = merge_decisions(out.path(), &[first]).unwrap();
    assert_eq!(
        merged,
        Merged {
            decisions: 2,
            unknown: 1
        }
    );
    let second = file(
        &out,
        "Ada",
        &[(0, "rejected", "2026-01-01"), (1, "rejected", "2026-01-02")],
    );
    let third = file(&out, "Ben", &[(0, "rejected", "2026-01-03")]);
    assert_eq!(
        merge_decisions(out.path(), &[second, third])
            .unwrap()
            .decisions,
        3
    );
    let decisions: Vec<String> = read_decisions(out.path())
        .unwrap()
        .iter()
        .map(|d| {
            format!(
                "{} {} {:?} {:?}",
                &d.finding_id[17..],
                d.reviewer,
                d.decision,
                d.comment
            )
        })
        .collect();
    assert_eq!(
        decisions,
        [
            "0 Ada Confirmed Some(\"seen\")",
            "0 Ben Rejected Some(\"seen\")",
            "1 Ada Rejected Some(\"seen\")"
        ]
    );
}

#[test]
fn decisions_about_findings_of_an_earlier_scan_do_not_count() {
    let out = results(3);
    let file = file(
        &out,
        "Ada",
        &[
            (0, "confirmed", "2026-01-02"),
            (2, "rejected", "2026-01-02"),
        ],
    );
    merge_decisions(out.path(), &[file]).unwrap();
    assert_eq!(review_summary(out.path()).unwrap().unwrap().reviewed, 2);
    let fewer = [sample::picture(0)];
    sample::write(out.path(), &sample::summary(&fewer), &fewer, &[]);
    assert_eq!(review_summary(out.path()).unwrap().unwrap().reviewed, 1);
    assert_eq!(read_decisions(out.path()).unwrap().len(), 2);
}

#[test]
fn files_that_are_none_are_refused_by_name() {
    let out = results(1);
    let good = fs::read_to_string(file(&out, "Ada", &[(0, "confirmed", "2026-01-02")])).unwrap();
    for (bad, reason) in [
        (
            good.replace("clearance-decisions", "other"),
            "not a file of decisions",
        ),
        (
            good.replace("\"version\":1", "\"version\":2"),
            "not a file of decisions",
        ),
        (good.replace("2026-01-02", "yesterday"), "is no date"),
        (good.replace("\"Ada\"", "\" \""), "not named"),
        (good.replace("confirmed", "perhaps"), "unknown variant"),
        (good[..40].to_owned(), "damaged"),
    ] {
        let path = out.path().join("bad.json");
        fs::write(&path, bad).unwrap();
        let error = merge_decisions(out.path(), &[path])
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("bad.json") && error.contains(reason),
            "{error}"
        );
    }
    assert!(!out.path().join(DECISIONS).exists());
}

#[test]
fn agreement_is_counted_beyond_chance() {
    // Of 50 findings: both confirm 20, both reject 15, and they differ on 5 and on 10. By hand:
    // 0.7 agree, chance gives 0.5 * 0.6 + 0.5 * 0.4 = 0.5.
    let mut decisions = Vec::new();
    let cases = [
        (20, "Confirmed", "Confirmed"),
        (15, "Rejected", "Rejected"),
        (5, "Confirmed", "Rejected"),
        (10, "Rejected", "Confirmed"),
    ];
    let opinion = |word: &str| {
        if word == "Confirmed" {
            Opinion::Confirmed
        } else {
            Opinion::Rejected
        }
    };
    for (count, ada, ben) in cases {
        for _ in 0..count {
            let finding_id = format!("F-{}", decisions.len() / 2);
            for (reviewer, word) in [("Ada", ada), ("Ben", ben)] {
                decisions.push(ReviewDecision {
                    finding_id: finding_id.clone(),
                    reviewer: reviewer.to_owned(),
                    decision: opinion(word),
                    comment: None,
                    date: "2026-01-01".to_owned(),
                });
            }
        }
    }
    let summary = ReviewSummary::new(&decisions).unwrap();
    assert_eq!(
        (
            summary.reviewed,
            summary.confirmed,
            summary.rejected,
            summary.contested
        ),
        (50, 20, 15, 15)
    );
    assert_eq!(
        (summary.confirmed_rate.found, summary.confirmed_rate.of),
        (20, 35)
    );
    let agreement = &summary.agreement[0];
    assert_eq!((agreement.both, agreement.agreed), (50, 35));
    // Ada confirms 25, Ben 30: chance is 0.5 * 0.6 + 0.5 * 0.4.
    assert!((agreement.kappa.unwrap() - 0.4).abs() < 1e-9);
    assert!(ReviewSummary::new(&[]).is_none());
}

#[test]
fn reviewers_who_only_confirm_have_no_kappa() {
    let decision = |reviewer: &str, finding: &str| ReviewDecision {
        finding_id: finding.to_owned(),
        reviewer: reviewer.to_owned(),
        decision: Opinion::Confirmed,
        comment: None,
        date: "2026-01-01".to_owned(),
    };
    let summary = ReviewSummary::new(&[
        decision("Ada", "F-1"),
        decision("Ben", "F-1"),
        decision("Cem", "F-2"),
    ])
    .unwrap();
    assert_eq!(summary.agreement.len(), 1);
    assert_eq!(summary.agreement[0].kappa, None);
}
