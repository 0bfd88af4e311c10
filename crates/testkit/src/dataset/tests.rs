use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{Array, RecordBatch};
use arrow_schema::DataType;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::reader::ChunkReader;

use super::*;

/// The whole file as one batch, with its row group sizes and file metadata.
fn read(bytes: Vec<u8>) -> (RecordBatch, Vec<i64>, Option<String>) {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), bytes).unwrap();
    let handle = std::fs::File::open(file.path()).unwrap();
    assert!(handle.get_bytes(0, 4).unwrap().starts_with(b"PAR1"));
    let builder = ParquetRecordBatchReaderBuilder::try_new(handle).unwrap();
    let in_schema = builder.schema().metadata().get("huggingface").cloned();
    let metadata = builder.metadata();
    let groups = metadata
        .row_groups()
        .iter()
        .map(parquet::file::metadata::RowGroupMetaData::num_rows)
        .collect();
    let features = metadata
        .file_metadata()
        .key_value_metadata()
        .and_then(|pairs| pairs.iter().find(|pair| pair.key == "huggingface"))
        .and_then(|pair| pair.value.clone());
    assert_eq!(features, in_schema);
    let batch = builder
        .with_batch_size(1000)
        .build()
        .unwrap()
        .next()
        .unwrap()
        .unwrap();
    (batch, groups, features)
}

fn cell(bytes: &[u8], path: &str) -> MediaCell {
    MediaCell::from((bytes.to_vec(), path))
}

fn one_of_each() -> DatasetBuilder {
    DatasetBuilder::new()
        .audio(
            "audio",
            [
                Some(cell(b"abc", "a.wav")),
                None,
                Some(MediaCell::path_only("b.wav")),
            ],
        )
        .image("image", [Some(vec![1_u8, 2]), None, Some(vec![])])
        .image_list(
            "pages",
            vec![
                Some(vec![Some(cell(b"x", "1.png")), None]),
                None,
                Some(vec![]),
            ],
        )
        .binary("plain", [Some(b"p".to_vec()), None, Some(vec![])])
        .large_binary("large", [Some(b"l".to_vec()), None, Some(vec![])])
        .binary_view(
            "view",
            [
                Some(b"a value longer than twelve bytes".to_vec()),
                None,
                Some(vec![]),
            ],
        )
        .text("text", [Some("one"), None, Some("three")])
        .large_text("large_text", [Some("one"), None, Some("three")])
        .text_view("text_view", [Some("one"), None, Some("three")])
        .text_list(
            "lines",
            vec![Some(vec![Some("a".into()), None]), None, Some(vec![])],
        )
        .integers("count", [Some(7), None, Some(-1)])
        .floats("score", [Some(0.5), None, Some(1.5)])
}

#[test]
fn every_column_type_reads_back() {
    let (batch, _, _) = read(one_of_each().to_bytes().unwrap());
    assert_eq!(batch.num_rows(), 3);
    for name in batch.schema().fields().iter().map(|field| field.name()) {
        assert!(batch.column_by_name(name).unwrap().is_null(1), "{name}");
    }
    let audio = batch["audio"].as_struct();
    assert_eq!(audio.column(0).as_binary::<i32>().value(0), b"abc");
    assert!(audio.column(0).is_null(2));
    assert_eq!(audio.column(1).as_string::<i32>().value(2), "b.wav");
    let pages = batch["pages"].as_list::<i32>();
    assert_eq!(pages.value(0).len(), 2);
    assert!(pages.value(0).is_null(1));
    assert_eq!(pages.value(2).len(), 0);
    assert_eq!(batch["plain"].data_type(), &DataType::Binary);
    assert_eq!(batch["large"].as_binary::<i64>().value(0), b"l");
    assert_eq!(
        batch["view"].as_binary_view().value(0),
        b"a value longer than twelve bytes"
    );
    assert_eq!(batch["large_text"].as_string::<i64>().value(2), "three");
    assert_eq!(batch["text_view"].as_string_view().value(0), "one");
    assert_eq!(batch["lines"].as_list::<i32>().value(0).len(), 2);
    assert_eq!(batch["count"].as_primitive::<Int64Type>().value(2), -1);
    assert!((batch["score"].as_primitive::<Float64Type>().value(0) - 0.5).abs() < 1e-9);
}

#[test]
fn features_are_written_as_the_datasets_library_does() {
    let (_, _, features) = read(one_of_each().to_bytes().unwrap());
    let features = features.unwrap();
    let json: serde_json::Value = serde_json::from_str(&features).unwrap();
    let of = |name: &str| json["info"]["features"][name].to_string();
    assert_eq!(of("audio"), r#"{"_type":"Audio"}"#);
    assert_eq!(
        of("pages"),
        r#"{"_type":"List","feature":{"_type":"Image"}}"#
    );
    assert_eq!(of("text"), r#"{"_type":"Value","dtype":"string"}"#);
}

#[test]
fn features_can_be_left_out_or_replaced() {
    let plain = DatasetBuilder::new().media_struct("m", [Some(cell(b"a", "a"))]);
    let (_, _, none) = read(plain.clone().without_features().to_bytes().unwrap());
    assert_eq!(none, None);
    let (_, _, given) = read(plain.features_json("not json").to_bytes().unwrap());
    assert_eq!(given.as_deref(), Some("not json"));
}

#[test]
fn row_groups_have_the_asked_size() {
    let builder = DatasetBuilder::new()
        .integers("n", (0..25).map(Some))
        .rows_per_group(10);
    let (_, groups, _) = read(builder.to_bytes().unwrap());
    assert_eq!(groups, [10, 10, 5]);
}

#[test]
fn every_compression_reads_back() {
    use Compression::{Brotli, Gzip, Lz4, None as Plain, Snappy, Zstd};
    for compression in [Plain, Snappy, Zstd, Lz4, Brotli, Gzip] {
        let builder = one_of_each().compression(compression);
        let (batch, _, _) = read(builder.to_bytes().unwrap());
        assert_eq!(
            batch["text"].as_string::<i32>().value(2),
            "three",
            "{compression:?}"
        );
    }
}

#[test]
fn structs_can_begin_with_the_path_and_schemas_can_be_bare() {
    let (batch, _, _) = read(
        one_of_each()
            .path_first()
            .without_arrow_schema()
            .to_bytes()
            .unwrap(),
    );
    let audio = batch["audio"].as_struct();
    assert_eq!(audio.column_names(), ["path", "bytes"]);
    assert_eq!(batch["large"].data_type(), &DataType::Binary);
}

#[test]
fn uneven_columns_are_refused_by_name() {
    let outcome = DatasetBuilder::new()
        .integers("three", [Some(1), Some(2), Some(3)])
        .integers("two", [Some(1), Some(2)])
        .to_bytes();
    let message = outcome.unwrap_err().to_string();
    assert_eq!(
        message,
        "bad parameters: column \"two\" has 2 rows instead of 3"
    );
}

#[test]
fn the_same_columns_make_the_same_bytes_on_disk() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.parquet");
    one_of_each().write(&path).unwrap();
    assert_eq!(
        std::fs::read(&path).unwrap(),
        one_of_each().to_bytes().unwrap()
    );
    let missing = folder.path().join("no/such/folder.parquet");
    assert!(matches!(
        one_of_each().write(missing),
        Err(Error::Io { .. })
    ));
}

#[test]
fn an_empty_dataset_is_a_valid_file() {
    let bytes = DatasetBuilder::new().integers("n", []).to_bytes().unwrap();
    assert!(bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1"));
}
