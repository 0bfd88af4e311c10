use clearance_scan::{FileTotals, RowCounts, Sampling};

use super::*;

#[test]
fn only_examined_rows_count() {
    let file = |name: &str, rows: u64, matched: u64, unreadable: u64| FileTotals {
        file: name.to_owned(),
        rows: RowCounts {
            rows,
            matched,
            unreadable,
            clear: rows - matched - unreadable,
            skipped: 0,
        },
        ..FileTotals::default()
    };
    let mut totals = Totals {
        files: vec![file("a", 100, 10, 20), file("b", 50, 0, 0)],
        ..Totals::default()
    };
    for of_file in totals.files.clone() {
        totals.rows.add(&of_file.rows);
    }
    let sampled = Sampled {
        sampling: Sampling { rows: 150, seed: 3 },
        file_rows: vec![1000, 500],
    };
    let summary = SampleSummary::new(&sampled, &totals, &[7, 0]);
    assert_eq!((summary.dataset_rows, summary.seed), (1500, 3));
    assert_eq!((summary.matched.found, summary.matched.of), (10, 130));
    assert_eq!(
        (summary.over_policy.found, summary.over_policy.of),
        (7, 130)
    );
    assert_eq!(
        (summary.strata[0].matched.of, summary.strata[1].drawn),
        (80, 50)
    );
    assert!(summary.strata[1].matched.clopper_pearson[0].abs() < 1e-9);
}
