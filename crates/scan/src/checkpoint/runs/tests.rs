use super::*;
use crate::checkpoint::Part;
use crate::finding::CoverageStatus;

#[test]
fn runs_are_the_same_lines() {
    let line = |row, column: &str, reason: &str| CoverageLine {
        file: "a".to_owned(),
        row_index: row,
        column_name: column.to_owned(),
        item_index: 0,
        status: CoverageStatus::Skipped,
        reason: reason.to_owned(),
    };
    let many = (0..1000).map(|row| line(row, "URL", "url not fetched"));
    let mut part = Part {
        coverage: many.collect(),
        ..Part::default()
    };
    let others = [
        line(1000, "image", "url not fetched"),
        line(1000, "URL", "url not fetched"),
        line(1002, "URL", "url not fetched"),
        line(1003, "URL", "null"),
    ];
    part.coverage.extend(others);
    let text = serde_json::to_string(&part).unwrap();
    assert!(text.len() < 3000, "{}", text.len());
    assert_eq!(serde_json::from_str::<Part>(&text).unwrap(), part);
    let forged = text.replace("\"rows\":1000", "\"rows\":99999999999");
    assert_ne!(forged, text);
    assert!(serde_json::from_str::<Part>(&forged).is_err());
}
