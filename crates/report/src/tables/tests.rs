use std::fs;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float32Type, Float64Type, Int32Type, Int64Type, UInt32Type};
use arrow_array::{Array, RecordBatch};
use clearance_scan::{CoverageStatus, FetchRecord};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use tempfile::TempDir;

use super::*;
use crate::sample;

fn findings_file(findings: &[Finding]) -> (TempDir, std::path::PathBuf) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("findings.parquet");
    let mut table = TableFile::findings(&path).unwrap();
    for batch in findings.chunks(2) {
        table.add_findings(batch).unwrap();
    }
    table.add_findings(&[]).unwrap();
    table.close().unwrap();
    (folder, path)
}

fn read(path: &Path) -> (String, Vec<RecordBatch>) {
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path).unwrap()).unwrap();
    let columns: Vec<String> = reader
        .schema()
        .fields()
        .iter()
        .map(|field| format!("{}: {}", field.name(), field.data_type()))
        .collect();
    let batches = reader
        .build()
        .unwrap()
        .map(|batch| batch.unwrap())
        .collect();
    (columns.join("\n"), batches)
}

fn three() -> [Finding; 3] {
    [
        sample::picture(3),
        sample::recording(7),
        sample::quotation(11),
    ]
}

#[test]
fn findings_have_the_documented_columns() {
    let (_folder, path) = findings_file(&three());
    insta::assert_snapshot!(read(&path).0, @r#"
    finding_id: Utf8
    file: Utf8
    row_index: Int64
    column_name: Utf8
    item_index: Int32
    item_digest: Utf8
    item_bytes: Int64
    media: Utf8
    work_id: Utf8
    asset_id: Utf8
    kind: Utf8
    score: Float32
    e_value: Float64
    query_start: Float64
    query_end: Float64
    work_start: Float64
    work_end: Float64
    query_box: List(Float32)
    work_box: List(Float32)
    transform: Struct("flip": Boolean, "rotation_deg": Float32, "scale": Float32, "corners": List(Float32), "tempo": Float64, "pitch_semitones": Float64, "speed": Float64)
    evidence: Struct("aligned_peaks": UInt32, "examined_peaks": UInt32, "alignment_nats": Float32, "landmarks": UInt32, "equal_places": UInt32, "distance_bits": UInt32, "aligned_points": UInt32, "examined_points": UInt32, "points_nats": Float32, "aligned_areas": UInt32, "examined_areas": UInt32, "areas_nats": Float32, "matched_words": UInt32, "identity": Float32, "shared_works": UInt32)
    verdict: Utf8
    reservation_id: Utf8
    license_id: Utf8
    reason: Utf8
    declaration: Struct("scheme": Utf8, "place": Utf8, "value": Utf8, "answer": Utf8, "signature": Utf8, "policy_url": Utf8)
    mention: Struct("name": Utf8, "role": Utf8, "works": UInt32, "times": UInt32)
    "#);
}

#[test]
fn coverage_has_the_documented_columns() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("coverage.parquet");
    let mut table = TableFile::coverage(&path).unwrap();
    let line = CoverageLine {
        file: "train.parquet".to_owned(),
        row_index: 5,
        column_name: "image".to_owned(),
        item_index: 2,
        status: CoverageStatus::Partial,
        reason: "limit: 5 of 9 seconds".to_owned(),
    };
    table.add_coverage(&[line]).unwrap();
    table.close().unwrap();
    let (columns, batches) = read(&path);
    insta::assert_snapshot!(columns, @"
    file: Utf8
    row_index: Int64
    column_name: Utf8
    item_index: Int32
    status: Utf8
    reason: Utf8
    ");
    let batch = &batches[0];
    let text = |place: usize| batch.column(place).as_string::<i32>().value(0).to_owned();
    assert_eq!(
        (text(0), text(2)),
        ("train.parquet".to_owned(), "image".to_owned())
    );
    assert_eq!(batch.column(1).as_primitive::<Int64Type>().value(0), 5);
    assert_eq!(batch.column(3).as_primitive::<Int32Type>().value(0), 2);
    assert_eq!(
        (text(4), text(5)),
        ("partial".to_owned(), "limit: 5 of 9 seconds".to_owned())
    );
}

#[test]
fn findings_read_back_as_written() {
    let findings = three();
    let (_folder, path) = findings_file(&findings);
    let (_, batches) = read(&path);
    let batch = &batches[0];
    assert_eq!(batch.num_rows(), 3);
    let column = |name: &str| batch.column_by_name(name).unwrap();
    for (row, finding) in findings.iter().enumerate() {
        let text = |name: &str| column(name).as_string::<i32>().value(row).to_owned();
        assert_eq!(text("finding_id"), finding.finding_id);
        assert_eq!(text("media"), finding.media.to_string());
        assert_eq!(text("kind"), finding.kind.as_str());
        assert_eq!(text("verdict"), finding.verdict.to_string());
        assert_eq!(text("reason"), finding.reason);
        let e_value = column("e_value").as_primitive::<Float64Type>().value(row);
        assert_eq!(e_value.to_bits(), finding.e_value.to_bits());
        let row_index = column("row_index").as_primitive::<Int64Type>().value(row);
        assert_eq!(row_index, finding.row_index);
    }
}

#[test]
fn what_a_medium_does_not_have_is_null() {
    let (_folder, path) = findings_file(&three());
    let (_, batches) = read(&path);
    let column = |name: &str| batches[0].column_by_name(name).unwrap();
    let nulls = |array: &dyn Array| -> Vec<bool> { (0..3).map(|row| array.is_null(row)).collect() };
    assert_eq!(nulls(column("query_start")), [true, false, false]);
    assert_eq!(nulls(column("query_box")), [false, true, true]);
    assert_eq!(nulls(column("transform")), [false, true, true]);
    assert_eq!(nulls(column("license_id")), [true, false, true]);
    let evidence = column("evidence").as_struct();
    assert_eq!(
        nulls(evidence.column_by_name("distance_bits").unwrap()),
        [false, true, true]
    );
    let words = evidence.column_by_name("matched_words").unwrap();
    assert_eq!(words.as_primitive::<UInt32Type>().value(2), 137);
    let flip = column("transform")
        .as_struct()
        .column_by_name("flip")
        .unwrap();
    assert!(flip.as_boolean().value(0));
    let corners = column("work_box").as_list::<i32>().value(0);
    assert_eq!(
        corners.as_primitive::<Float32Type>().values(),
        &[0.0, 0.0, 1.0, 1.0]
    );
}

#[test]
fn what_is_measured_of_a_picture_reads_back() {
    let (_folder, path) = findings_file(&[sample::cutting(0), sample::picture(1)]);
    let (_, batches) = read(&path);
    let number = |table: &str, name: &str, row: usize| {
        let table = batches[0].column_by_name(table).unwrap().as_struct();
        let column = table.column_by_name(name).unwrap();
        let column = column.as_primitive::<Float32Type>();
        column.is_valid(row).then(|| column.value(row))
    };
    assert_eq!(number("transform", "rotation_deg", 0), Some(15.0));
    assert_eq!(number("transform", "scale", 0), Some(0.72));
    assert_eq!(number("evidence", "points_nats", 0), Some(88.5));
    assert_eq!(number("transform", "rotation_deg", 1), Some(90.0));
    assert_eq!(number("transform", "scale", 1), None);
    assert_eq!(number("evidence", "points_nats", 1), None);
    let evidence = batches[0].column_by_name("evidence").unwrap().as_struct();
    let count = |name: &str| {
        let column = evidence.column_by_name(name).unwrap();
        column.as_primitive::<UInt32Type>().value(0)
    };
    assert_eq!(
        (count("aligned_points"), count("examined_points")),
        (31, 58)
    );
    assert_eq!((count("aligned_areas"), count("examined_areas")), (5, 6));
    assert_eq!(number("evidence", "areas_nats", 0), Some(9.25));
    assert_eq!(number("evidence", "areas_nats", 1), None);
    let corners = batches[0].column_by_name("query_box").unwrap();
    let corners = corners.as_list::<i32>().value(0);
    assert_eq!(
        corners.as_primitive::<Float32Type>().values(),
        &[0.12, 0.3, 0.48, 0.72]
    );
}

#[test]
fn the_same_findings_are_the_same_bytes() {
    let (_one, first) = findings_file(&three());
    let (_two, second) = findings_file(&three());
    assert_eq!(fs::read(first).unwrap(), fs::read(second).unwrap());
}

#[test]
fn an_empty_table_still_has_its_columns() {
    let (_folder, path) = findings_file(&[]);
    let (columns, batches) = read(&path);
    assert_eq!(columns.lines().count(), 27);
    assert!(batches.is_empty());
}

#[test]
fn a_declaration_stands_in_a_column_of_its_own() {
    let (_folder, path) = findings_file(&[sample::declared(1), sample::picture(2)]);
    let (_, batches) = read(&path);
    let column = batches[0].column_by_name("declaration").unwrap();
    let column = column.as_struct();
    assert!(column.is_valid(0) && column.is_null(1));
    let text = |name: &str| {
        let values = column.column_by_name(name).unwrap();
        values.as_string::<i32>().value(0).to_owned()
    };
    assert_eq!(text("scheme"), "plus:DataMining");
    assert_eq!(text("value"), "DMI-PROHIBITED");
    assert_eq!(
        (text("answer"), text("signature")),
        ("deny".to_owned(), "none".to_owned())
    );
    let kinds = batches[0].column_by_name("kind").unwrap();
    assert_eq!(kinds.as_string::<i32>().value(0), "declared");
}

/// An item that was fetched and one that was not.
fn fetched_lines() -> [FetchedLine; 2] {
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let whole = FetchedLine {
        file: "train.parquet".to_owned(),
        row_index: 5,
        column_name: "url".to_owned(),
        item_index: 0,
        record: FetchRecord {
            url: "https://a.example/x".to_owned(),
            final_url: Some("https://b.example/x".to_owned()),
            redirects: vec!["https://a.example/x".to_owned()],
            fetched_at_ms: Some(1_767_225_600_000),
            requests: 2,
            status: Some(200),
            bytes: Some(9),
            item_digest: Some("abc".to_owned()),
            headers: vec![
                header("content-type", "image/png"),
                header("x-robots-tag", "noai"),
                header("x-robots-tag", "noindex"),
            ],
            robots: "line 2: Allow: /".to_owned(),
            outcome: "fetched".to_owned(),
            detail: String::new(),
        },
    };
    let failed = FetchedLine {
        row_index: 6,
        record: FetchRecord {
            url: "https://a.example/y".to_owned(),
            outcome: "robots disallows".to_owned(),
            ..FetchRecord::default()
        },
        ..whole.clone()
    };
    [whole, failed]
}

#[test]
fn what_was_fetched_has_the_documented_columns() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join(FETCHED_TABLE);
    let mut table = TableFile::fetched(&path).unwrap();
    table.add_fetched(&fetched_lines()).unwrap();
    table.close().unwrap();
    let (columns, batches) = read(&path);
    insta::assert_snapshot!(columns, @r#"
    file: Utf8
    row_index: Int64
    column_name: Utf8
    item_index: Int32
    outcome: Utf8
    detail: Utf8
    url: Utf8
    final_url: Utf8
    redirects: List(Utf8)
    fetched_at: Timestamp(ms, "UTC")
    requests: Int32
    status: Int32
    item_bytes: Int64
    item_digest: Utf8
    content_type: Utf8
    x_robots_tag: Utf8
    headers: List(Utf8)
    robots: Utf8
    "#);
    let text = |name: &str| {
        let column = batches[0].column_by_name(name).unwrap().as_string::<i32>();
        [0, 1].map(|at| (!column.is_null(at)).then(|| column.value(at).to_owned()))
    };
    assert_eq!(
        text("x_robots_tag"),
        [Some("noai, noindex".to_owned()), None]
    );
    assert_eq!(text("item_digest"), [Some("abc".to_owned()), None]);
    let mut lines = Vec::new();
    each_fetched(folder.path(), &mut |line| {
        lines.push((
            line.row_index,
            line.outcome.to_owned(),
            line.item_digest.map(str::to_owned),
        ));
    })
    .unwrap();
    assert_eq!(
        lines,
        [
            (5, "fetched".to_owned(), Some("abc".to_owned())),
            (6, "robots disallows".to_owned(), None)
        ]
    );
}
