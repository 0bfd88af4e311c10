use std::fs;

use clearance_scan::Finding;
use tempfile::TempDir;

use super::*;
use crate::sample;
use crate::summary::Summary;

#[test]
fn lines_come_with_their_length() {
    let out = TempDir::new().unwrap();
    let path = out.path().join("lines.jsonl");
    fs::write(&path, "1\n22\n333").unwrap();
    let mut lines = Vec::new();
    each_sized_line(&path, |value: u32, bytes| {
        lines.push((value, bytes));
        Ok(())
    })
    .unwrap();
    assert_eq!(lines, [(1, 2), (22, 3), (333, 3)]);
}

#[test]
fn a_damaged_line_is_named() {
    let out = TempDir::new().unwrap();
    let findings = [sample::picture(0)];
    sample::write(out.path(), &sample::summary(&findings), &findings, &[]);
    let path = out.path().join("findings.jsonl");
    let mut text = fs::read_to_string(&path).unwrap();
    text.push_str("{\"finding_id\":");
    fs::write(&path, text).unwrap();
    let error = each_line(&path, |_: Finding| Ok(()))
        .unwrap_err()
        .to_string();
    assert!(error.contains("findings.jsonl: damaged: line 2"), "{error}");
}

#[test]
fn a_folder_without_results_is_named() {
    let out = TempDir::new().unwrap();
    let error = Summary::read(out.path()).unwrap_err().to_string();
    assert!(error.contains("summary.json"), "{error}");
}
