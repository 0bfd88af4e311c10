use super::*;

#[test]
fn a_bar_is_as_wide_as_its_room() {
    assert_eq!(widths(&[1, 0, 1, 2], 8), [2, 0, 2, 4]);
    assert_eq!(widths(&[1, 1_000_000, 1, 0], 66), [1, 64, 1, 0]);
    assert_eq!(widths(&[0, 0], 10).iter().sum::<usize>(), 10);
    for counts in [[7u64, 11, 13, 17], [1, 1, 1, 1], [u64::MAX / 4; 4]] {
        assert_eq!(widths(&counts, 66).iter().sum::<usize>(), 66);
    }
}

#[test]
fn foreign_names_stay_on_their_line() {
    assert_eq!(shortened("a\u{1b}[2J\nb", 20), "a\\u{1b}[2J\\nb");
    assert_eq!(shortened("A rather long title", 8), "A rathe…");
}

#[test]
fn a_line_fits_the_terminal() {
    let work = WorkSummary {
        title: Some("A title that is longer than the room that there is for it".to_owned()),
        ..WorkSummary::default()
    };
    for (file, row) in [
        ("a.parquet", 3),
        (
            "data/very/deep/folders/of/a/dataset/train-00000-of-00064.parquet",
            123_456_789,
        ),
    ] {
        let finding = FindingSummary {
            finding_id: "F-1".to_owned(),
            file: file.to_owned(),
            row_index: row,
            column_name: "audio".to_owned(),
            media: Media::Audio,
            kind: clearance_scan::FindingKind::Identical,
            score: 1.0,
            query_start: Some(5.0),
            query_end: Some(605.0),
            verdict: clearance_rights::Verdict::Reserved,
        };
        let line = finding_line(&work, &finding);
        assert!(line.chars().count() <= 80, "{line}");
    }
}
