use std::fs;

use clearance_scan::{CoverageLine, CoverageStatus};
use serde_json::Value;

use super::*;
use crate::sample;
use crate::tables::TableFile;

fn exported(format: Format, change: impl Fn(&mut clearance_scan::Finding)) -> String {
    let folder = tempfile::tempdir().unwrap();
    let mut findings = [
        sample::picture(0),
        sample::cutting(1),
        sample::recording(2),
        sample::quotation(3),
    ];
    findings.iter_mut().for_each(change);
    let summary = sample::summary(&findings);
    sample::write(folder.path(), &summary, &findings, &[]);
    let mut coverage = TableFile::coverage(&folder.path().join("coverage.parquet")).unwrap();
    let line = CoverageLine {
        file: "train-00000.parquet".to_owned(),
        row_index: 9,
        column_name: "image".to_owned(),
        item_index: 0,
        status: CoverageStatus::Unreadable,
        reason: "corrupt: jpeg: no end".to_owned(),
    };
    coverage.add_coverage(&[line]).unwrap();
    coverage.close().unwrap();
    let path = export(folder.path(), format, folder.path()).unwrap();
    fs::read_to_string(path).unwrap()
}

#[test]
fn csv_has_a_line_a_finding_and_no_formula() {
    let text = exported(Format::Csv, |finding| {
        finding.file = "=HYPERLINK(\"http://x\")".to_owned();
        finding.reason = "+1".to_owned();
    });
    let mut reader = ::csv::Reader::from_reader(text.as_bytes());
    let headers = reader.headers().unwrap().clone();
    let records: Vec<_> = reader.records().map(|record| record.unwrap()).collect();
    assert_eq!(records.len(), 4);
    let cell = |row: usize, name: &str| {
        let place = headers.iter().position(|header| header == name).unwrap();
        records[row][place].to_owned()
    };
    assert_eq!(cell(0, "file"), "'=HYPERLINK(\"http://x\")");
    assert_eq!(cell(0, "reason"), "'+1");
    assert_eq!(cell(1, "rotation_deg"), "15");
    assert_eq!(cell(1, "query_left"), "0.12");
    assert_eq!(cell(2, "e_value"), "1e-88");
    assert_eq!(cell(3, "matched_words"), "137");
    assert_eq!(cell(3, "work_left"), "");
    for record in &records {
        assert!(!record.iter().any(|cell| cell.starts_with(['=', '+', '@'])));
    }
}

#[test]
fn sarif_names_rule_place_and_work() {
    let log: Value = serde_json::from_str(&exported(Format::Sarif, |_| {})).unwrap();
    let run = &log["runs"][0];
    let results = run["results"].as_array().unwrap();
    let short: Vec<_> = results
        .iter()
        .map(|result| {
            (
                result["ruleId"].as_str().unwrap(),
                result["level"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        short,
        [
            ("clearance/reserved", "error"),
            ("clearance/reserved", "error"),
            ("clearance/licensed", "note"),
            ("clearance/unreserved", "note"),
        ]
    );
    let text = results[0]["message"]["text"].as_str().unwrap();
    assert!(
        text.starts_with("copy of image W-1 (Title of W-1) in row 0, column image"),
        "{text}"
    );
    assert_eq!(run["properties"]["mostResults"], 5000);
    let note = &run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"];
    assert!(
        note.as_str()
            .unwrap()
            .starts_with("4 of 4 findings are listed, at most 5000")
    );
}

#[test]
fn sarif_is_capped_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let mut findings: Vec<_> = (0..5_010).map(sample::quotation).collect();
    findings[5_009] = sample::picture(5_009);
    let mut summary = sample::summary(&findings[5_000..]);
    summary.findings = 5_010;
    sample::write(folder.path(), &summary, &findings, &[]);
    let path = export(folder.path(), Format::Sarif, folder.path()).unwrap();
    let log: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results.len(), 5_000);
    assert_eq!(results[4_999]["ruleId"], "clearance/reserved");
    let note = &log["runs"][0]["invocations"][0]["toolExecutionNotifications"][0];
    assert_eq!(note["level"], "warning");
}

/// Holds the committed schema to what is written, field by field; `scripts/check_outputs.py` runs a
/// whole validator over it.
#[test]
fn every_message_has_the_fields_of_its_schema() {
    let schema: Value = serde_json::from_str(MESSAGES_SCHEMA).unwrap();
    let text = exported(Format::JsonLines, |_| {});
    let mut types = Vec::new();
    for line in text.lines() {
        let message: Value = serde_json::from_str(line).unwrap();
        let kind = message["type"].as_str().unwrap().to_owned();
        let known = &schema["$defs"][&kind];
        let required = known["required"].as_array().unwrap();
        let written: Vec<&String> = message.as_object().unwrap().keys().collect();
        let known: Vec<&String> = known["properties"].as_object().unwrap().keys().collect();
        // What is not required is left out where there is nothing to say: `mention`.
        let is_due = |name: &&String| {
            written.contains(name) || required.iter().any(|it| it.as_str() == Some(name.as_str()))
        };
        let known: Vec<&String> = known.into_iter().filter(is_due).collect();
        let mut sorted = (known, written);
        sorted.0.sort();
        sorted.1.sort();
        assert_eq!(sorted.0, sorted.1, "{kind}");
        types.push(kind);
    }
    types.dedup();
    assert_eq!(types, ["begin", "finding", "unexamined", "file", "end"]);
}

#[test]
fn formats_have_words() {
    for format in Format::ALL {
        assert_eq!(format.to_string().parse(), Ok(format));
    }
    assert!("pdf".parse::<Format>().is_err());
}
