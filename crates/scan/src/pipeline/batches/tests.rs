use std::collections::BTreeSet;
use std::fs::File;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use arrow_array::{ArrayRef, RecordBatch, StringArray};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::super::tests::{Place, place};
use super::*;
use crate::pipeline::examine_again;

const NOWHERE: BatchPlace<'_> = BatchPlace {
    file: "",
    first_row: 0,
};

fn batches(place: &Place, rows: usize) -> Vec<RecordBatch> {
    let file = File::open(&place.plan.files[0].path).unwrap();
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
    let reader = reader.with_batch_size(rows).build().unwrap();
    reader.map(|batch| batch.unwrap()).collect()
}

fn scanner(place: &Place) -> BatchScanner {
    let snapshot = Snapshot::open(&place.folder.path().join("registry")).unwrap();
    BatchScanner::new(Arc::new(snapshot), place.options.clone())
}

#[test]
fn batches_of_any_length_give_the_findings_of_the_file() {
    let place = place();
    let file = &place.plan.files[0];
    let rows: BTreeSet<u64> = (0..file.rows()).collect();
    let expected = examine_again(file, &rows, &place.snapshot, &place.options).unwrap();
    assert_eq!(expected.len(), 4, "three texts and a picture");
    for length in [1, 5, 12] {
        let scanner = scanner(&place);
        let (mut findings, mut buckets, mut first_row) = (Vec::new(), Vec::new(), 0);
        for batch in batches(&place, length) {
            let at = BatchPlace {
                file: &file.name,
                first_row,
            };
            let scanned = scanner.scan(&batch, at, &AtomicBool::new(false)).unwrap();
            assert!(scanned.part.rows.reconcile());
            assert_eq!(scanned.part.rows.rows, batch.num_rows() as u64);
            first_row += batch.num_rows() as u64;
            buckets.extend(scanned.buckets());
            findings.extend(scanned.part.findings);
        }
        assert_eq!(findings, expected, "batches of {length} rows");
        let matched = (0..12).filter(|row| buckets[*row] == "matched");
        assert_eq!(matched.collect::<Vec<_>>(), [0, 4, 7, 8]);
    }
}

#[test]
fn rows_without_an_item_and_paths_without_a_folder_are_named() {
    let place = place();
    std::fs::write(place.folder.path().join("song.wav"), b"RIFF").unwrap();
    let paths: ArrayRef = Arc::new(StringArray::from(vec![Some("song.wav"), None]));
    let batch = RecordBatch::try_from_iter([("file", paths)]).unwrap();
    let scanned = scanner(&place)
        .scan(&batch, NOWHERE, &AtomicBool::new(false))
        .unwrap();
    let buckets: Vec<&str> = scanned.buckets().collect();
    assert_eq!(buckets, ["unreadable", "skipped"]);
    let reason = &scanned.part.coverage[0].reason;
    assert!(reason.contains("no folder"), "{reason}");

    let mut rooted = place.options.clone();
    rooted.media_roots = vec![place.folder.path().to_owned()];
    let snapshot = Snapshot::open(&place.folder.path().join("registry")).unwrap();
    let rooted = BatchScanner::new(Arc::new(snapshot), rooted);
    let scanned = rooted
        .scan(&batch, NOWHERE, &AtomicBool::new(false))
        .unwrap();
    let reason = &scanned.part.coverage[0].reason;
    assert!(!reason.starts_with("missing"), "{reason}");
}

#[test]
fn a_batch_without_media_is_skipped_row_by_row() {
    let place = place();
    let numbers: ArrayRef = Arc::new(arrow_array::Int64Array::from(vec![1, 2, 3]));
    let batch = RecordBatch::try_from_iter([("number", numbers)]).unwrap();
    let scanned = scanner(&place)
        .scan(&batch, NOWHERE, &AtomicBool::new(false))
        .unwrap();
    assert_eq!(scanned.part.rows.skipped, 3);
    assert_eq!(scanned.part.coverage.len(), 3);
}

#[test]
fn a_batch_that_is_stopped_has_no_result() {
    let place = place();
    let batch = batches(&place, 12).remove(0);
    let stopped = scanner(&place).scan(&batch, NOWHERE, &AtomicBool::new(true));
    assert!(matches!(stopped, Err(Error::Worker { .. })));
}
