use super::*;

#[test]
fn every_row_is_in_one_bucket() {
    let mut counts = RowCounts::default();
    for status in [
        RowStatus::Empty,
        RowStatus::Clear,
        RowStatus::Skipped,
        RowStatus::Unreadable,
        RowStatus::Matched,
    ] {
        counts.add_row(status);
        assert!(counts.reconcile());
    }
    assert_eq!(counts.skipped, 2);
    let mut twice = counts;
    twice.add(&counts);
    assert_eq!(twice.rows, 10);
    assert!(twice.reconcile());
}

#[test]
fn a_match_outweighs_everything_and_a_clear_item_nothing() {
    assert!(RowStatus::Matched > RowStatus::Unreadable);
    assert!(RowStatus::Unreadable > RowStatus::Skipped);
    assert!(RowStatus::Skipped > RowStatus::Clear);
}
