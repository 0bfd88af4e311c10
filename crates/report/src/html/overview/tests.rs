use super::*;
use crate::sample;

#[test]
fn strips_say_where_findings_are() {
    let findings = [
        sample::picture(3),
        sample::recording(7),
        sample::quotation(1 << 40),
    ];
    let summary = sample::summary(&findings);
    let mut overview = Overview::new(&summary.totals.files);
    for finding in &findings {
        overview.add(finding, finding.row_index == 3);
    }
    let strips = overview.strips();
    assert_eq!(strips.len(), 1);
    assert_eq!(strips[0].findings, "3 findings");
    // Rows 3 and 7 of 20, and one beyond the end.
    let bars = strips[0].svg.split("class=\"bar\" d=\"").nth(1).unwrap();
    let bars = bars.split('"').next().unwrap();
    let lefts: Vec<&str> = bars
        .split('M')
        .skip(1)
        .map(|bar| bar.split(' ').next().unwrap())
        .collect();
    assert_eq!(lefts, ["150", "350", "990"]);
    assert!(strips[0].svg.contains("class=\"strong\" d=\"M150"));
}

#[test]
fn scores_stand_over_those_of_decoys() {
    let findings = [sample::recording(7), sample::quotation(11)];
    let mut summary = sample::summary(&findings);
    summary.totals.media.audio.decoys = 30;
    summary.totals.media.audio.decoy_scores[2] = 30;
    let mut overview = Overview::new(&summary.totals.files);
    for finding in &findings {
        overview.add(finding, false);
    }
    let charts = overview.charts(&summary);
    assert_eq!(charts.len(), 2);
    assert!(charts[0].has_decoys);
    let rows: Vec<String> = charts[0]
        .bins
        .iter()
        .map(|(range, found, decoys)| format!("{range}: {found}, {decoys}"))
        .collect();
    assert_eq!(rows, ["0.10 to 0.15: 0, 30", "0.90 to 0.95: 1, 0"]);
    assert!(!charts[1].has_decoys);
}

#[test]
fn every_score_has_a_bin() {
    for (score, wanted) in [
        (-1.0, 0),
        (0.0, 0),
        (0.499, 9),
        (0.5, 10),
        (1.0, 19),
        (7.0, 19),
    ] {
        assert_eq!(bin(score), wanted);
    }
    assert_eq!(bin(f32::NAN), 0);
}
