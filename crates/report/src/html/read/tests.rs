use std::fs;

use tempfile::TempDir;

use super::*;
use crate::sample;

fn select(findings: &[Finding], exhibits: &[Exhibit]) -> Selection {
    let out = TempDir::new().unwrap();
    sample::write(out.path(), &sample::summary(findings), findings, exhibits);
    Selection::read(out.path()).unwrap()
}

#[test]
fn the_strongest_findings_are_kept_in_order() {
    let findings: Vec<Finding> = (0..30)
        .map(|row| Finding {
            e_value: f64::from(30 - row as i32) * 1e-40,
            ..sample::picture(row)
        })
        .collect();
    let selection = select(&findings, &[]);
    let rows: Vec<i64> = selection.works[0]
        .findings
        .iter()
        .map(|finding| finding.row_index)
        .collect();
    let expected: Vec<i64> = (10..30).rev().collect();
    assert_eq!(rows, expected);
}

#[test]
fn equally_strong_findings_stay_in_the_order_of_rows() {
    let findings: Vec<Finding> = (0..30).map(sample::picture).collect();
    let selection = select(&findings, &[]);
    let rows: Vec<i64> = selection.works[0]
        .findings
        .iter()
        .map(|finding| finding.row_index)
        .collect();
    let expected: Vec<i64> = (0..20).collect();
    assert_eq!(rows, expected);
}

#[test]
fn works_over_policy_come_first() {
    let findings = [
        sample::quotation(0),
        sample::quotation(1),
        sample::recording(2),
        sample::picture(3),
    ];
    let selection = select(&findings, &[]);
    let order: Vec<&str> = selection
        .works
        .iter()
        .map(|work| selection.summary.works[work.place].work_id.as_str())
        .collect();
    assert_eq!(order, ["W-1", "W-3", "W-2"]);
}

#[test]
fn pictures_of_the_strongest_findings_outlast_the_others() {
    let findings: Vec<Finding> = (0..5)
        .map(|row| Finding {
            e_value: f64::from(row as i32) * 1e-40,
            ..sample::picture(row)
        })
        .collect();
    let big = "A".repeat(MOST_PICTURE_BYTES / 6);
    let exhibits: Vec<Exhibit> = findings
        .iter()
        .rev()
        .map(|finding| Exhibit {
            thumbnail: Some(big.clone()),
            work_thumbnail: Some(big.clone()),
            ..sample::exhibit(finding)
        })
        .collect();
    let selection = select(&findings, &exhibits);
    let kept: Vec<bool> = findings
        .iter()
        .map(|finding| selection.exhibits[&finding.finding_id].thumbnail.is_some())
        .collect();
    assert_eq!(kept, [true, true, true, false, false]);
}

#[test]
fn exhibits_of_findings_that_are_not_shown_are_left_out() {
    let finding = sample::picture(0);
    let stranger = sample::exhibit(&sample::picture(99));
    let selection = select(
        std::slice::from_ref(&finding),
        &[stranger, sample::exhibit(&finding)],
    );
    assert_eq!(selection.exhibits.len(), 1);
}

#[test]
fn results_that_do_not_belong_together_are_refused() {
    let message = |summary: &Summary, findings: &[Finding]| {
        let out = TempDir::new().unwrap();
        sample::write(out.path(), summary, findings, &[]);
        Selection::read(out.path()).err().unwrap().to_string()
    };
    let findings = [sample::picture(0), sample::picture(1)];
    let summary = sample::summary(&findings);
    let fewer = message(&summary, &findings[..1]);
    assert!(
        fewer.ends_with("findings.jsonl: damaged: 1 findings, summary.json has 2"),
        "{fewer}"
    );
    let other = message(&summary, &[sample::picture(0), sample::recording(1)]);
    assert!(
        other.ends_with("damaged: work W-2 is not in summary.json"),
        "{other}"
    );
}

#[test]
fn a_damaged_line_is_named() {
    let out = TempDir::new().unwrap();
    let findings = [sample::picture(0)];
    sample::write(out.path(), &sample::summary(&findings), &findings, &[]);
    let path = out.path().join("findings.jsonl");
    let whole = fs::read_to_string(&path).unwrap();
    fs::write(&path, format!("{whole}{{\"finding_id\":")).unwrap();
    let error = Selection::read(out.path()).err().unwrap().to_string();
    assert!(
        error.contains("findings.jsonl: damaged: line 2: EOF"),
        "{error}"
    );
}

#[test]
fn a_folder_without_results_is_named() {
    let out = TempDir::new().unwrap();
    let error = Selection::read(out.path()).err().unwrap().to_string();
    assert!(error.contains("summary.json"), "{error}");
}
