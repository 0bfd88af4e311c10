//! The committed fixtures are complete, listed, small, and true to their own description.
#![expect(
    clippy::unwrap_used,
    reason = "a test stops at the first thing that is not there"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use arrow_array::cast::AsArray;
use arrow_array::{Array, RecordBatch};
use clearance_testkit::fixtures::{LISTING_NAME, is_generated, read_listing};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures")
}

/// Every file below `folder`, relative to the root, with forward slashes.
fn files_below(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files_below(&path, found);
        } else {
            let relative = path.strip_prefix(root()).unwrap().to_str().unwrap();
            found.insert(relative.replace('\\', "/"));
        }
    }
}

/// The cells of a comma-separated file without quoted cells, below its header.
fn csv_rows(name: &str) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(root().join("demo").join(name)).unwrap();
    text.lines()
        .skip(1)
        .map(|line| line.split(',').map(str::to_owned).collect())
        .collect()
}

fn read_parquet(name: &str) -> RecordBatch {
    let file = std::fs::File::open(root().join("demo/dataset").join(name)).unwrap();
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
    let schema = builder.schema().clone();
    let batches: Vec<RecordBatch> = builder.build().unwrap().map(Result::unwrap).collect();
    let rows: usize = batches.iter().map(RecordBatch::num_rows).sum();
    let file = std::fs::File::open(root().join("demo/dataset").join(name)).unwrap();
    let reader = ParquetRecordBatchReaderBuilder::try_new(file)
        .unwrap()
        .with_batch_size(rows);
    let batch = reader.build().unwrap().next().unwrap().unwrap();
    assert_eq!(batch.schema().fields(), schema.fields());
    batch
}

#[test]
fn every_file_is_listed_and_unchanged() {
    let records = read_listing(&root()).unwrap();
    let mut found = BTreeSet::new();
    files_below(&root(), &mut found);
    found.remove(LISTING_NAME);
    let listed: BTreeSet<String> = records.iter().map(|record| record.path.clone()).collect();
    assert_eq!(listed.len(), records.len(), "a file is listed twice");
    // The files of a folder that is listed as one stand for it.
    let found: BTreeSet<String> = found
        .into_iter()
        .map(|file| {
            let folder = file
                .rsplit_once('/')
                .map(|(folder, _)| format!("{folder}/"));
            folder
                .filter(|folder| listed.contains(folder))
                .unwrap_or(file)
        })
        .collect();
    assert_eq!(
        found, listed,
        "list new files in {LISTING_NAME}, or run make-fixtures"
    );
    for record in &records {
        assert_eq!(
            record.digest(&root()).unwrap(),
            record.blake3,
            "{} has changed",
            record.path
        );
        for field in [&record.origin, &record.license, &record.generator] {
            assert!(!field.is_empty(), "{}", record.path);
        }
    }
}

#[test]
fn generated_fixtures_stay_small() {
    let records = read_listing(&root()).unwrap();
    let generated = records.iter().filter(|record| is_generated(&record.path));
    let bytes: u64 = generated
        .map(|record| root().join(&record.path).metadata().unwrap().len())
        .sum();
    assert!(bytes <= 3_000_000, "{bytes} bytes");
}

#[test]
fn catalog_paths_lead_to_files() {
    let rows = csv_rows("catalog.csv");
    assert_eq!(rows.len(), 17);
    for row in rows {
        assert!(root().join("demo").join(&row[5]).is_file(), "{}", row[5]);
    }
}

#[test]
fn truth_and_damage_point_at_items_that_are_there() {
    let works: BTreeSet<String> = csv_rows("catalog.csv")
        .into_iter()
        .map(|row| row[0].clone())
        .collect();
    let mut datasets: BTreeMap<String, RecordBatch> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for row in [csv_rows("truth.csv"), csv_rows("damaged.csv")].concat() {
        let [file, index, column, item, media] = [0, 1, 2, 3, 4].map(|cell| row[cell].clone());
        let batch = datasets
            .entry(file.clone())
            .or_insert_with(|| read_parquet(&file));
        let (index, item): (usize, usize) = (index.parse().unwrap(), item.parse().unwrap());
        let array = batch.column_by_name(&column).unwrap();
        assert!(
            array.is_valid(index),
            "{file} row {index} of {column} is null"
        );
        if let Some(lists) = array.as_list_opt::<i32>() {
            assert!(lists.value(index).is_valid(item));
        } else {
            assert_eq!(item, 0);
        }
        assert!(["audio", "image", "text"].contains(&media.as_str()));
        assert!(seen.insert((file, index, column, item)));
        if row.len() == 7 {
            assert!(works.contains(&row[5]), "{}", row[5]);
        }
    }
    let copied: BTreeSet<String> = csv_rows("truth.csv")
        .into_iter()
        .map(|row| row[5].clone())
        .collect();
    assert_eq!(copied, works, "every work has a copy in the dataset");
    let rows: usize = datasets.values().map(RecordBatch::num_rows).sum();
    assert_eq!(datasets.len(), 5);
    assert!((75..=95).contains(&rows), "{rows} rows");
}

#[test]
fn path_only_rows_have_files_beside_the_dataset() {
    let batch = read_parquet("voices-00000.parquet");
    let audio = batch["audio"].as_struct();
    assert_eq!(audio.column_by_name("bytes").unwrap().null_count(), 5);
    let paths = audio.column_by_name("path").unwrap().as_string::<i32>();
    let present = paths
        .iter()
        .filter(|path| root().join("demo/dataset").join(path.unwrap()).is_file());
    assert_eq!(present.count(), 4);
}
