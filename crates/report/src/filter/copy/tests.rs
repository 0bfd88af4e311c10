use std::sync::atomic::AtomicBool;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef};
use clearance_scan::Finding;
use clearance_testkit::dataset::{Compression, DatasetBuilder};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::*;
use crate::sample;

/// Ten rows of every shape in groups of four.
fn dataset(compression: Compression) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let bytes = |row: u8| Some(vec![row; 40 + usize::from(row)]);
    let rows = || 0..10u8;
    DatasetBuilder::new()
        .image("image", rows().map(|row| bytes(row).filter(|_| row != 3)))
        .image_list(
            "images",
            rows()
                .map(|row| match row {
                    2 => None,
                    5 => Some(Vec::new()),
                    row => Some(vec![
                        bytes(row).map(Into::into),
                        None,
                        bytes(row + 100).map(Into::into),
                    ]),
                })
                .collect(),
        )
        .text_list(
            "lines",
            rows()
                .map(|row| Some(vec![Some(format!("line {row}")), Some("same".to_owned())]))
                .collect(),
        )
        .text("text", rows().map(|row| Some(format!("text of row {row}"))))
        .integers(
            "number",
            rows().map(|row| (row % 2 == 0).then_some(i64::from(row))),
        )
        .floats("share", rows().map(|row| Some(f64::from(row) / 10.0)))
        .rows_per_group(4)
        .compression(compression)
        .write(folder.path().join("a.parquet"))
        .unwrap();
    folder
}

/// Marks of these rows, columns and items.
fn marks(items: &[(i64, &str, i32)]) -> (RowMarks, Marks) {
    let folder = tempfile::tempdir().unwrap();
    let findings: Vec<Finding> = items
        .iter()
        .map(|&(row, column, item)| Finding {
            file: "a.parquet".to_owned(),
            column_name: column.to_owned(),
            item_index: item,
            ..sample::picture(row)
        })
        .collect();
    sample::write(folder.path(), &sample::summary(&findings), &findings, &[]);
    let verdicts = [clearance_rights::Verdict::Reserved].into();
    let marks = Marks::read(folder.path(), &verdicts).unwrap();
    (marks.of("a.parquet").cloned().unwrap_or_default(), marks)
}

fn copied(folder: &Path, items: &[(i64, &str, i32)], null_items: bool) -> Result<Option<Copied>> {
    let (marks, names) = marks(items);
    copy_file(&CopyPlan {
        from: &folder.join("a.parquet"),
        to: &folder.join("b.parquet"),
        marks: &marks,
        names: &names,
        null_items,
        stop: &AtomicBool::new(false),
    })
}

/// Name and rows of every column, each row as an array of one.
fn rows(path: &Path) -> Vec<(String, Vec<ArrayRef>)> {
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path).unwrap()).unwrap();
    let fields = reader.schema().fields().clone();
    let mut columns: Vec<(String, Vec<ArrayRef>)> = fields
        .iter()
        .map(|field| (field.name().clone(), Vec::new()))
        .collect();
    for batch in reader.build().unwrap() {
        let batch = batch.unwrap();
        for (column, (_, rows)) in batch.columns().iter().zip(&mut columns) {
            rows.extend((0..column.len()).map(|row| column.slice(row, 1)));
        }
    }
    columns
}

fn metadata(path: &Path) -> ParquetMetaData {
    let reader = SerializedFileReader::new(File::open(path).unwrap()).unwrap();
    reader.metadata().clone()
}

#[test]
fn only_the_marked_rows_are_gone() {
    for compression in [Compression::Zstd, Compression::Snappy, Compression::None] {
        let folder = dataset(compression);
        let marked = [
            (1, "image", 0),
            (1, "text", 0),
            (6, "lines", 1),
            (9, "image", 0),
        ];
        let copied = copied(folder.path(), &marked, false).unwrap().unwrap();
        assert_eq!((copied.rows, copied.removed, copied.nulled), (10, 3, 0));
        let before = rows(&folder.path().join("a.parquet"));
        let after = rows(&folder.path().join("b.parquet"));
        for ((name, before), (_, after)) in before.into_iter().zip(after) {
            let kept: Vec<ArrayRef> = before
                .into_iter()
                .enumerate()
                .filter(|(row, _)| ![1, 6, 9].contains(row))
                .map(|(_, value)| value)
                .collect();
            assert_eq!(after, kept, "{name}");
        }
    }
}

#[test]
fn a_copy_is_built_as_its_original() {
    let folder = dataset(Compression::Zstd);
    copied(folder.path(), &[(1, "image", 0)], false).unwrap();
    let before = metadata(&folder.path().join("a.parquet"));
    let after = metadata(&folder.path().join("b.parquet"));
    let (old, new) = (before.file_metadata(), after.file_metadata());
    assert_eq!(old.schema(), new.schema());
    assert_eq!(old.key_value_metadata(), new.key_value_metadata());
    assert!(old.key_value_metadata().is_some());
    let sizes = |metadata: &ParquetMetaData| -> Vec<i64> {
        let groups = metadata.row_groups().iter();
        groups.map(RowGroupMetaData::num_rows).collect()
    };
    assert_eq!(
        (sizes(&before), sizes(&after)),
        (vec![4, 4, 2], vec![3, 4, 2])
    );
    for (old, new) in before.row_groups().iter().zip(after.row_groups()) {
        for (old, new) in old.columns().iter().zip(new.columns()) {
            assert_eq!(old.compression_codec(), new.compression_codec());
            assert_eq!(
                old.dictionary_page_offset().is_some(),
                new.dictionary_page_offset().is_some(),
                "{}",
                old.column_path()
            );
        }
    }
    // Groups without a mark are the same bytes.
    assert_eq!(
        before.row_group(1).compressed_size(),
        after.row_group(1).compressed_size()
    );
}

#[test]
fn a_group_without_rows_left_is_left_out() {
    let folder = dataset(Compression::Zstd);
    let all: Vec<(i64, &str, i32)> = (4..8).map(|row| (row, "text", 0)).collect();
    let copied = copied(folder.path(), &all, false).unwrap().unwrap();
    assert_eq!(copied.removed, 4);
    assert_eq!(
        metadata(&folder.path().join("b.parquet")).num_row_groups(),
        2
    );
}

#[test]
fn only_the_marked_items_become_null() {
    let folder = dataset(Compression::Zstd);
    let marked = [
        (1, "image", 0),
        (0, "images", 2),
        (7, "images", 0),
        (4, "text", 0),
        (8, "lines", 0),
    ];
    let copied = copied(folder.path(), &marked, true).unwrap().unwrap();
    assert_eq!((copied.rows, copied.removed, copied.nulled), (10, 0, 5));
    let before = rows(&folder.path().join("a.parquet"));
    let after = rows(&folder.path().join("b.parquet"));
    for ((name, before), (_, after)) in before.iter().zip(&after) {
        assert_eq!(before.len(), after.len());
        for (row, (before, after)) in before.iter().zip(after).enumerate() {
            let marked: Vec<usize> = marked
                .iter()
                .filter(|(at, column, _)| (*at as usize, *column) == (row, name.as_str()))
                .map(|(_, _, item)| *item as usize)
                .collect();
            match marked[..] {
                [] => assert_eq!(before, after, "{name} {row}"),
                [item] if name == "images" || name == "lines" => {
                    let (before, after) = (before.as_list::<i32>(), after.as_list::<i32>());
                    let (before, after) = (before.value(0), after.value(0));
                    assert_eq!(before.len(), after.len());
                    for at in 0..before.len() {
                        if at == item {
                            assert!(before.is_valid(at) && after.is_null(at), "{name} {row}");
                        } else {
                            let (before, after) = (before.slice(at, 1), after.slice(at, 1));
                            assert!(*before == *after, "{name} {row}");
                        }
                    }
                }
                _ => assert!(before.is_valid(0) && after.is_null(0), "{name} {row}"),
            }
        }
    }
}

#[test]
fn a_damaged_file_is_named_and_leaves_nothing_behind() {
    let folder = dataset(Compression::Zstd);
    let path = folder.path().join("a.parquet");
    let whole = std::fs::read(&path).unwrap();
    for cut in [0, 3, 8, whole.len() / 2, whole.len() - 1] {
        std::fs::write(&path, &whole[..cut]).unwrap();
        let error = copied(folder.path(), &[(1, "text", 0)], false).unwrap_err();
        assert!(error.to_string().contains("a.parquet"), "{error}");
        let names = std::fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(names, 1, "cut at {cut}");
    }
}

/// A struct with a list in it, as datasets of documents have it.
fn nested(folder: &Path) {
    use std::sync::Arc;

    use arrow_array::builder::{Int32Builder, ListBuilder};
    use arrow_array::{BinaryArray, RecordBatch, StructArray};
    use arrow_schema::{DataType, Field, Fields, Schema};

    let mut tags = ListBuilder::new(Int32Builder::new());
    for row in 0..6 {
        if row == 4 {
            tags.append_null();
            continue;
        }
        for tag in 0..row {
            tags.values().append_value(tag);
        }
        tags.append(true);
    }
    let tags = tags.finish();
    let bytes: BinaryArray = (0..6u8).map(|row| Some(vec![row; 9])).collect();
    let fields = Fields::from(vec![
        Field::new("bytes", DataType::Binary, true),
        Field::new("tags", tags.data_type().clone(), true),
    ]);
    let columns: Vec<ArrayRef> = vec![Arc::new(bytes), Arc::new(tags)];
    let document = StructArray::new(fields.clone(), columns, None);
    let schema = Schema::new(vec![Field::new("doc", DataType::Struct(fields), true)]);
    let batch = RecordBatch::try_new(Arc::new(schema), vec![Arc::new(document)]).unwrap();
    let file = File::create(folder.join("a.parquet")).unwrap();
    let mut writer = parquet::arrow::ArrowWriter::try_new(file, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

#[test]
fn a_struct_with_a_list_is_removed_or_made_null_as_a_whole() {
    let folder = tempfile::tempdir().unwrap();
    nested(folder.path());
    let column = |name: &str| rows(&folder.path().join(name)).remove(0).1;
    copied(folder.path(), &[(3, "doc", 0)], false).unwrap();
    let mut expected = column("a.parquet");
    expected.remove(3);
    assert_eq!(column("b.parquet"), expected);
    copied(folder.path(), &[(2, "doc", 0), (5, "doc", 0)], true).unwrap();
    let (before, after) = (column("a.parquet"), column("b.parquet"));
    for (row, (before, after)) in before.iter().zip(&after).enumerate() {
        if [2, 5].contains(&row) {
            assert!(after.is_null(0), "{row}");
        } else {
            assert_eq!(before, after, "{row}");
        }
    }
}

#[test]
fn a_column_that_may_hold_no_nulls_is_named() {
    use std::sync::Arc;

    use arrow_array::{RecordBatch, StringArray};
    use arrow_schema::{DataType, Field, Schema};

    let folder = tempfile::tempdir().unwrap();
    let schema = Arc::new(Schema::new(vec![Field::new("text", DataType::Utf8, false)]));
    let column: ArrayRef = Arc::new(StringArray::from(vec!["a", "b"]));
    let batch = RecordBatch::try_new(schema, vec![column]).unwrap();
    let file = File::create(folder.path().join("a.parquet")).unwrap();
    let mut writer = parquet::arrow::ArrowWriter::try_new(file, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    let error = copied(folder.path(), &[(1, "text", 0)], true).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("column text: it may hold no nulls"),
        "{error}"
    );
}
