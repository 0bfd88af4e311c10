use std::sync::Arc;

use arrow_array::types::{Int32Type, Int64Type};
use arrow_array::{
    Array, ArrayRef, BinaryArray, BooleanArray, Date32Array, DictionaryArray, Float64Array,
    Int64Array, LargeStringArray, ListArray, StringArray, StringViewArray, StructArray,
    TimestampMicrosecondArray, UInt8Array,
};
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;
use proptest::prelude::*;

use super::super::AssetSource;
use super::super::tests::{Found, reasons, rows};
use super::*;

fn table(columns: Vec<(&str, ArrayRef)>, rows_per_group: usize) -> Vec<u8> {
    let batch = RecordBatch::try_from_iter_with_nullable(
        columns.into_iter().map(|(name, array)| (name, array, true)),
    )
    .unwrap();
    let properties = WriterProperties::builder()
        .set_max_row_group_row_count(Some(rows_per_group))
        .build();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes
}

fn texts<const N: usize>(values: [Option<&str>; N]) -> ArrayRef {
    Arc::new(StringArray::from(values.to_vec()))
}

#[test]
fn every_kind_of_column_is_a_cell() {
    let list = ListArray::from_iter_primitive::<Int32Type, _, _>([Some([Some(1), None, Some(3)])]);
    let midnight = 1_735_689_600_000_000;
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("Work ID", Arc::new(Int64Array::from(vec![7]))),
        ("title", Arc::new(LargeStringArray::from(vec!["T"]))),
        (
            "creators",
            Arc::new(StringViewArray::from(vec!["Ana; Ben"])),
        ),
        (
            "reservation",
            Arc::new(DictionaryArray::<Int32Type>::from_iter(["all"])),
        ),
        ("reserved_since", Arc::new(Date32Array::from(vec![20_089]))),
        (
            "reserved_until",
            Arc::new(TimestampMicrosecondArray::from(vec![midnight])),
        ),
        (
            "rightsholder",
            Arc::new(BinaryArray::from(vec![b"R".as_slice()])),
        ),
        ("is_live", Arc::new(BooleanArray::from(vec![true]))),
        ("seconds", Arc::new(Float64Array::from(vec![1.5]))),
        ("level", Arc::new(UInt8Array::from(vec![3]))),
        ("shelves", Arc::new(list)),
        (
            "seen",
            Arc::new(TimestampMicrosecondArray::from(vec![midnight + 1_000_000])),
        ),
        ("nothing", texts([None])),
        (
            "picture",
            Arc::new(StructArray::from(vec![(
                Arc::new(arrow_schema::Field::new(
                    "bytes",
                    arrow_schema::DataType::Int64,
                    true,
                )),
                Arc::new(Int64Array::from(vec![1])) as ArrayRef,
            )])),
        ),
    ];
    let found = rows("a.parquet", table(columns, 10));
    let row = found[0].as_ref().unwrap();
    assert_eq!((row.line, row.work.work_id.as_str()), (1, "7"));
    assert_eq!(row.work.title.as_deref(), Some("T"));
    assert_eq!(row.work.creators, ["Ana", "Ben"]);
    assert_eq!(row.work.rightsholder().as_deref(), Some("R"));
    let reservation = row.reservation.as_ref().unwrap();
    assert_eq!(reservation.since.unwrap().to_string(), "2025-01-01");
    assert_eq!(reservation.until.unwrap().to_string(), "2025-01-01");
    let extra: Vec<(&str, &str)> = row.work.extra.iter().map(|(k, v)| (&**k, &**v)).collect();
    assert_eq!(
        extra,
        [
            ("is_live", "true"),
            ("level", "3"),
            ("seconds", "1.5"),
            ("seen", "2025-01-01T00:00:01"),
            ("shelves", "1;3"),
        ]
    );
}

#[test]
fn a_table_of_texts_registers_texts_across_row_groups() {
    let ids: Vec<String> = (0..25).map(|at| format!("w{at}")).collect();
    let bodies: Vec<String> = (0..25).map(|at| format!("text {at}")).collect();
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("work_id", Arc::new(StringArray::from(ids))),
        ("text", Arc::new(StringArray::from(bodies))),
    ];
    let found = rows("a.parquet", table(columns, 10));
    assert_eq!(found.len(), 25);
    for (at, row) in found.iter().enumerate() {
        let row = row.as_ref().unwrap();
        assert_eq!(row.line, at as u64 + 1);
        assert_eq!(row.asset, AssetSource::Inline(format!("text {at}")));
    }
}

#[test]
fn a_bad_row_is_rejected_with_its_number() {
    let bytes = table(
        vec![
            ("work_id", texts([Some("a"), None, Some("c")])),
            ("isbn", texts([None, None, Some("9783161484101")])),
            (
                "note",
                Arc::new(BinaryArray::from(vec![b"\xff".as_slice(), b"x", b"y"])),
            ),
        ],
        10,
    );
    let found = rows("a.parquet", bytes);
    let reasons = reasons(&found);
    assert_eq!(reasons[0], (1, "column note: not UTF-8"));
    assert_eq!(reasons[1], (2, "work_id is empty"));
    assert_eq!(reasons[2].0, 3);
}

#[test]
fn tables_that_are_no_catalogs_are_refused() {
    let refused = |bytes: &[u8]| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.parquet");
        std::fs::write(&path, bytes).unwrap();
        match super::super::open(&path) {
            Err(Error::Catalog { detail, .. }) => detail,
            _ => panic!(),
        }
    };
    assert!(refused(b"PAR1").contains("parquet"));
    assert!(refused(&table(vec![("title", texts([None]))], 1)).contains("work_id"));
    let twice = table(
        vec![("work_id", texts([None])), ("Work-ID", texts([None]))],
        1,
    );
    assert!(refused(&twice).contains("two columns"));
    let nested = ListArray::from_iter_primitive::<Int64Type, _, _>([Some([Some(1)])]);
    let path = StructArray::from(vec![(
        Arc::new(arrow_schema::Field::new(
            "x",
            nested.data_type().clone(),
            true,
        )),
        Arc::new(nested) as ArrayRef,
    )]);
    let wrong = table(
        vec![("work_id", texts([None])), ("path", Arc::new(path))],
        1,
    );
    assert!(refused(&wrong).contains("column path is"));
}

#[test]
fn a_damaged_row_group_costs_itself() {
    let ids: Vec<String> = (0..300).map(|at| format!("work number {at}")).collect();
    let columns: Vec<(&str, ArrayRef)> = vec![("work_id", Arc::new(StringArray::from(ids)))];
    let mut bytes = table(columns, 100);
    // The first page header of the first row group.
    bytes[4..24].fill(0xff);
    let found = rows("a.parquet", bytes);
    let bad = reasons(&found);
    assert_eq!(bad.len(), 1, "{bad:?}");
    assert!(
        bad[0].0 == 1 && bad[0].1.contains("the rest of its row group"),
        "{bad:?}"
    );
    let good: Vec<u64> = found.iter().flatten().map(|row| row.line).collect();
    assert_eq!((good.len(), good[0], good[199]), (200, 101, 300));
}

/// Repetition takes no room in a file, but every row of a catalog is kept in memory.
#[test]
fn a_value_that_stands_in_every_row_does_not_fill_the_memory() {
    let count = 40_000;
    let keys = arrow_array::Int32Array::from(vec![0; count]);
    let same = |value: &str| -> ArrayRef {
        let values = Arc::new(StringArray::from(vec![value]));
        Arc::new(DictionaryArray::new(keys.clone(), values))
    };
    let title = "x".repeat(8 << 10);
    let bytes = table(vec![("work_id", same("w")), ("title", same(&title))], count);
    assert!(bytes.len() < 50_000, "{} bytes", bytes.len());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.parquet");
    std::fs::write(&path, bytes).unwrap();
    let (mut rows, mut last) = (0, None);
    for row in open(&path).unwrap() {
        rows += 1;
        last = Some(row);
    }
    let reject = last.unwrap().unwrap_err();
    // 268,435,456 bytes, at 64 and the letters of two names and two values each.
    assert_eq!((rows, reject.line), (32_463, 32_463));
    assert!(reject.reason.contains("1000 times"), "{}", reject.reason);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn mutated_tables_end(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8)) {
        let mut bytes = table(
            vec![
                ("work_id", texts([Some("a"), Some("b"), None, Some("d")])),
                ("title", texts([Some("x"), None, None, Some("z")])),
            ],
            2,
        );
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.parquet");
        std::fs::write(&path, bytes).unwrap();
        if let Ok(rows) = super::super::open(&path) {
            let found: Found = rows.take(1000).collect();
            prop_assert!(found.len() < 1000);
        }
    }
}
