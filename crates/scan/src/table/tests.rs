use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use arrow_array::{ArrayRef, BinaryArray, Float64Array, Int64Array, RecordBatch};
use clearance_decode::Limits;
use clearance_index::{Print, RegisterOptions, Snapshot, register};
use clearance_rights::{Mode, Policy, Use, parse_date};
use clearance_testkit::dataset::{DatasetBuilder, MediaCell};
use clearance_testkit::{art, encode, music, prose};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;

use super::*;
use crate::collect::collect;
use crate::error::Error;
use crate::pipeline::scan;
use crate::plan::{Plan, ScanOptions};
use crate::progress::Progress;
use crate::reading::{Reader, Reading, Trouble};
use crate::schema::Overrides;
use crate::source::{Item, Payload, PlannedFile};

struct Place {
    folder: tempfile::TempDir,
    plan: Plan,
}

/// Seven rows in three row groups: recordings, lists of pictures, texts, damage and gaps.
fn place() -> Place {
    let folder = tempfile::tempdir().unwrap();
    let song = encode::wav(&music::compose_at(1, 6.0, 11_025), 11_025);
    let picture = |seed| encode::jpeg(&art::paint(seed, 240, 160), 80).unwrap();
    let audio = (0..7).map(|row| match row {
        1 => Some(song.clone()),
        3 => Some(b"no recording at all".to_vec()),
        5 => Some(song[..song.len() / 2].to_vec()),
        _ => None,
    });
    let fixture = |name: &str| {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/declarations/");
        std::fs::read(format!("{folder}{name}")).unwrap()
    };
    let images = (0..7).map(|row| {
        (row % 2 == 0).then(|| {
            vec![
                Some(MediaCell::from(match row {
                    2 => fixture("signed.png"),
                    // A header without a picture behind it.
                    4 => fixture("plus-attribute.jpg")[..1000].to_vec(),
                    _ => picture(row),
                })),
                None,
                Some(MediaCell::from(picture(row + 10))),
            ]
        })
    });
    let texts = (0..7).map(|row| (row != 2).then(|| prose::write(row, 60)));
    DatasetBuilder::new()
        .audio("audio", audio.collect::<Vec<_>>())
        .image_list("images", images.collect())
        .text("text", texts.collect::<Vec<_>>())
        .rows_per_group(3)
        .write(folder.path().join("data.parquet"))
        .unwrap();
    let plan = Plan::new(&[folder.path().join("data.parquet")], &Overrides::new()).unwrap();
    Place { folder, plan }
}

fn options(texts: bool) -> TableOptions {
    TableOptions {
        limits: Limits::default(),
        media_roots: Vec::new(),
        texts,
        signers: None,
        isolation: None,
    }
}

impl Place {
    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn print(&self, name: &str, texts: bool, stop: bool) -> TableTotals {
        let stop = AtomicBool::new(stop);
        let table = self.path(name);
        fingerprint(
            &self.plan,
            &options(texts),
            &table,
            &Progress::default(),
            &stop,
        )
        .unwrap()
    }

    fn bytes(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap()
    }

    fn open(&self, name: &str) -> Result<Plan, Error> {
        Plan::new(&[self.path(name)], &Overrides::new())
    }

    /// Writes the table again with one column changed, or with another header.
    fn forge(
        &self,
        column: &str,
        forged: &dyn Fn(&RecordBatch) -> ArrayRef,
        header: &dyn Fn(String) -> String,
    ) -> Result<Plan, Error> {
        let file = File::open(self.path("t.parquet")).unwrap();
        let builder = ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
        let pairs = builder.metadata().file_metadata().key_value_metadata();
        let known = pairs.unwrap().iter().find(|pair| pair.key == header::KEY);
        let text = header(known.unwrap().value.clone().unwrap());
        let schema = Arc::clone(builder.schema());
        let pair = KeyValue::new(header::KEY.to_owned(), text);
        let properties = WriterProperties::builder().set_key_value_metadata(Some(vec![pair]));
        let file = File::create(self.path("forged.parquet")).unwrap();
        let properties = properties.build();
        let mut writer = ArrowWriter::try_new(file, Arc::clone(&schema), Some(properties)).unwrap();
        // One row group of the table for each of the dataset's.
        for group in 0..3 {
            let file = File::open(self.path("t.parquet")).unwrap();
            let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
            for batch in reader.with_row_groups(vec![group]).build().unwrap() {
                let batch = batch.unwrap();
                let mut columns = batch.columns().to_vec();
                if let Ok(index) = schema.index_of(column) {
                    columns[index] = forged(&batch);
                }
                let batch = RecordBatch::try_new(Arc::clone(&schema), columns).unwrap();
                writer.write(&batch).unwrap();
            }
            writer.flush().unwrap();
        }
        writer.close().unwrap();
        self.open("forged.parquet")
    }
}

/// What a table says of each item, and what of each unit.
fn read(plan: &Plan) -> (Vec<Item>, Vec<(u64, Option<String>)>) {
    let mut items = Vec::new();
    let mut ends = Vec::new();
    for unit in plan.units() {
        let file: &PlannedFile = &plan.files[unit.file];
        let printed = file.printed.as_ref().unwrap();
        ends.push(read_unit(printed, file, unit, &|| false, &mut |item| {
            items.push(item);
        }));
    }
    (items, ends)
}

/// The items as they would be decoded again.
fn decoded(plan: &Plan) -> Vec<(u64, usize, i32, Reading)> {
    let file = &plan.files[0];
    let reader = Reader {
        limits: &Limits::default(),
        media_roots: &[],
        declarations: true,
        signers: None,
        decoders: None,
    };
    let mut found = Vec::new();
    let mut opened = crate::source::Opened::default();
    for unit in plan.units() {
        let request = crate::source::Request {
            file,
            unit,
            wanted: unit.rows,
            item_bytes: u64::MAX,
            is_stopped: &|| false,
            count_rows: &|_| {},
        };
        let read = opened.read(&request, &mut |item| {
            let outcome = reader
                .contents(item.payload, file.path.parent().unwrap())
                .map_or_else(Reading::trouble, |contents| {
                    reader.print(contents, file.columns[item.column].media)
                });
            found.push((item.row, item.column, item.index, outcome));
        });
        assert_eq!(read, (unit.rows, None));
    }
    found
}

fn reasons(items: &[Item]) -> Vec<String> {
    let reason = |item: &Item| match &item.payload {
        Payload::Printed(reading) => match &reading.item {
            Err(Trouble::Unreadable(reason)) => Some(reason.clone()),
            _ => None,
        },
        _ => None,
    };
    items.iter().filter_map(reason).collect()
}

#[test]
fn a_table_says_of_each_item_what_decoding_it_says() {
    let place = place();
    let totals = place.print("t.parquet", true, false);
    assert_eq!(
        (totals.rows, totals.examined, totals.unreadable),
        (7, 15, 2)
    );
    let (items, ends) = read(&place.open("t.parquet").unwrap());
    assert_eq!(ends, vec![(3, None), (3, None), (1, None)]);
    let expected = decoded(&place.plan);
    assert_eq!(items.len(), expected.len());
    for (item, (row, column, index, outcome)) in items.into_iter().zip(expected) {
        assert_eq!((item.row, item.column, item.index), (row, column, index));
        let Payload::Printed(found) = item.payload else {
            panic!("{:?}", item.payload);
        };
        assert_eq!(found.said, outcome.said);
        match (found.item, outcome.item) {
            (Ok(found), Ok(mut expected)) => {
                // What only a registry stores is not in the table.
                if let Print::Image { print, .. } = &mut expected.print {
                    for point in &mut print.points {
                        (point.is_main, point.contrast) = (true, 0.0);
                    }
                }
                assert_eq!(format!("{found:?}"), format!("{expected:?}"));
            }
            (Err(found), Err(expected)) => assert_eq!(found, expected),
            (found, expected) => panic!("{found:?} against {expected:?}"),
        }
    }
}

#[test]
fn a_table_is_the_same_bytes_however_it_came_about() {
    let place = place();
    place.print("t.parquet", false, false);
    let with = |threads: usize, name: &str| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        pool.build()
            .unwrap()
            .install(|| place.print(name, false, false));
        place.bytes(name)
    };
    assert_eq!(with(1, "one.parquet"), place.bytes("t.parquet"));
    assert_eq!(with(5, "five.parquet"), place.bytes("t.parquet"));
    // Stopped before anything, then killed in the middle of a part.
    assert!(place.print("resumed.parquet", false, true).stopped);
    assert!(!place.path("resumed.parquet").exists());
    let half = place.path("resumed.parquet.parts/000000-000001.parquet.writing");
    std::fs::write(half, b"half a part").unwrap();
    place.print("resumed.parquet", false, false);
    assert_eq!(place.bytes("resumed.parquet"), place.bytes("t.parquet"));
    assert!(!place.path("resumed.parquet.parts").exists());
}

#[test]
fn texts_are_left_out_unless_asked_for() {
    let place = place();
    place.print("t.parquet", false, false);
    let (items, _) = read(&place.open("t.parquet").unwrap());
    let skipped = items.iter().filter(|item| {
        matches!(
            &item.payload,
            Payload::Printed(Reading { item: Err(Trouble::Skipped(reason)), .. })
                if reason == TEXT_NOT_KEPT
        )
    });
    assert_eq!(skipped.count(), 6);
}

#[test]
fn a_forged_row_is_unreadable_and_no_more() {
    let place = place();
    place.print("t.parquet", true, false);
    let shortened =
        |batch: &RecordBatch, name: &str, with: &dyn Fn(&[u8]) -> Vec<u8>| -> ArrayRef {
            let column = batch.column_by_name(name).unwrap();
            let column = column.as_any().downcast_ref::<BinaryArray>().unwrap();
            let values = column.iter().map(|value| value.map(with));
            let values: Vec<Option<Vec<u8>>> = values.collect();
            Arc::new(values.iter().map(Option::as_deref).collect::<BinaryArray>())
        };
    for (name, with) in [
        (
            "point_descriptor",
            (|bytes: &[u8]| bytes[1..].to_vec()) as fn(&[u8]) -> Vec<u8>,
        ),
        ("point_doubts", |bytes| vec![200; bytes.len()]),
        ("point_doubts", |bytes| bytes[..bytes.len() - 10].to_vec()),
    ] {
        let plan = place
            .forge(name, &|batch| shortened(batch, name, &with), &|text| text)
            .unwrap();
        let (items, ends) = read(&plan);
        assert_eq!(ends, vec![(3, None), (3, None), (1, None)]);
        let reasons = reasons(&items);
        let wrong = "corrupt: parquet: fingerprint table: impossible points";
        let count = reasons.iter().filter(|reason| *reason == wrong).count();
        // One of the eight pictures has no picture behind its header.
        assert_eq!(count, 7, "{name}: {reasons:?}");
    }
}

#[test]
fn extents_that_add_up_to_no_number_end_nothing() {
    let place = place();
    place.print("t.parquet", true, false);
    let forged = |batch: &RecordBatch| -> ArrayRef {
        Arc::new(Float64Array::from(vec![f64::MAX; batch.num_rows()]))
    };
    let plan = place.forge("extent", &forged, &|text| text).unwrap();
    let works = place.path("works");
    std::fs::create_dir(&works).unwrap();
    std::fs::write(works.join("story.txt"), prose::write(90, 300)).unwrap();
    let never = AtomicBool::new(false);
    let options = RegisterOptions {
        limits: Limits::default(),
        previews: false,
        texts: clearance_index::KeptTexts::Whole,
        source: None,
        note: clearance_index::ChangeNote::at(chrono::DateTime::UNIX_EPOCH),
        segment_bytes: 1 << 30,
        stop: &never,
        progress: &|_, _| {},
    };
    register(&[works], &place.path("registry"), &options).unwrap();
    let snapshot = Snapshot::open(&place.path("registry")).unwrap();
    let options = ScanOptions {
        limits: Limits::default(),
        policy: Policy::new(Mode::OptOut, Use::Train, parse_date("2026-01-01").unwrap()),
        overrides: Overrides::new(),
        media_roots: Vec::new(),
        decoy_share: 0.0,
        declarations: true,
        mentions: false,
        iscc: false,
        signers: None,
        places: None,
        fetch: None,
        isolation: None,
    };
    let progress = Progress::default();
    let scanned = scan(
        &plan,
        &snapshot,
        &options,
        &place.path("out"),
        &progress,
        &never,
    );
    let totals = collect(&plan, scanned.unwrap()).unwrap().totals;
    assert!(totals.rows.reconcile());
    assert_eq!(totals.rows.rows, 7);
}

#[test]
fn rows_out_of_order_end_the_row_group() {
    let place = place();
    place.print("t.parquet", true, false);
    let forged = |batch: &RecordBatch| -> ArrayRef {
        let rows = (0..batch.num_rows()).map(|row| 2 - 3 * i64::from(row > 4));
        Arc::new(rows.collect::<Int64Array>())
    };
    let (items, ends) = read(&place.forge("row_index", &forged, &|text| text).unwrap());
    let wrong = Some("corrupt: parquet: fingerprint table: rows are not in order".to_owned());
    assert_eq!(
        ends[0].1,
        Some("corrupt: parquet: fingerprint table: a negative row".to_owned())
    );
    assert_eq!(ends[1], (0, wrong));
    assert!(!reasons(&items).is_empty());
}

#[test]
fn a_header_that_misleads_is_refused() {
    let place = place();
    place.print("t.parquet", true, false);
    let column = |batch: &RecordBatch| Arc::clone(batch.column(0));
    let refused = |change: &dyn Fn(String) -> String| {
        let forged = place.forge("file", &column, change);
        forged.unwrap_err().to_string()
    };
    let other = refused(&|text| text.replace("image-points", "image-lines"));
    assert!(other.contains("make the table again"), "{other}");
    let huge = refused(&|text| text.replace("\"rows\":3,", "\"rows\":9999999999999999,"));
    assert!(huge.contains("impossible size"), "{huge}");
    let cut = refused(&|text| text[..text.len() / 2].to_owned());
    assert!(cut.contains("header"), "{cut}");
    // More row groups than there are: what is missing is named.
    let plan = place.forge("file", &column, &|text| {
        text.replace("\"groups\":1", "\"groups\":2")
    });
    let (_, ends) = read(&plan.unwrap());
    assert!(ends.iter().any(|(_, damage)| damage.is_some()));
}

#[test]
fn the_test_vectors_hold() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
    let folder = tempfile::tempdir().unwrap();
    let made = folder.path().join("made.parquet");
    let plan = Plan::new(&[fixtures.join("demo/dataset")], &Overrides::new()).unwrap();
    let never = AtomicBool::new(false);
    fingerprint(&plan, &options(false), &made, &Progress::default(), &never).unwrap();
    let rows = |path: &Path| -> Vec<RecordBatch> {
        let builder = ParquetRecordBatchReaderBuilder::try_new(File::open(path).unwrap());
        let reader = builder.unwrap().build().unwrap();
        reader.map(Result::unwrap).collect()
    };
    let (made, kept) = (
        rows(&made),
        rows(&fixtures.join("fingerprints/demo.parquet")),
    );
    assert_eq!(made.len(), kept.len());
    for (made, kept) in made.iter().zip(&kept) {
        // Files are named by the way that leads to them.
        for field in made
            .schema()
            .fields()
            .iter()
            .filter(|field| field.name() != "file")
        {
            let column = |batch: &RecordBatch| batch.column_by_name(field.name()).cloned();
            assert_eq!(column(made), column(kept), "{}", field.name());
        }
    }
}

#[test]
fn a_table_keeps_what_items_declare_also_of_those_that_cannot_be_read() {
    let place = place();
    place.print("t.parquet", false, false);
    let (items, _) = read(&place.open("t.parquet").unwrap());
    let said = items.iter().filter_map(|item| match &item.payload {
        Payload::Printed(reading) => Some((reading.item.is_ok(), reading.said.as_ref()?)),
        _ => None,
    });
    let said: Vec<(bool, String)> = said
        .map(|(is_read, said)| (is_read, said.embedded.declarations[0].scheme.to_string()))
        .collect();
    let expected = [(true, "c2pa.training-mining"), (false, "plus:DataMining")];
    assert_eq!(
        said,
        expected.map(|(is_read, scheme)| (is_read, scheme.to_owned()))
    );
}

#[test]
fn forged_declarations_make_their_item_unreadable() {
    let place = place();
    place.print("t.parquet", true, false);
    for forged in [
        "{",
        "{\"declarations\":[]}",
        "{\"declarations\":[{\"scheme\":\"tdmrep\",\"place\":\"\\u001b[2J\",\"value\":\"\",\"answers\":{}}]}",
    ] {
        let column = |batch: &RecordBatch| -> ArrayRef {
            let values = (0..batch.num_rows()).map(|_| Some(forged));
            Arc::new(values.collect::<arrow_array::StringArray>())
        };
        let plan = place.forge("declarations", &column, &|text| text).unwrap();
        let (items, ends) = read(&plan);
        assert_eq!(ends, vec![(3, None), (3, None), (1, None)]);
        let wrong = "corrupt: parquet: fingerprint table: impossible declarations";
        assert!(
            reasons(&items).iter().all(|reason| reason == wrong),
            "{forged}"
        );
        assert_eq!(reasons(&items).len(), items.len());
    }
}

#[test]
fn a_table_of_the_first_version_is_read_and_says_what_it_lacks() {
    let place = place();
    place.print("t.parquet", true, false);
    let column = |batch: &RecordBatch| Arc::clone(batch.column(0));
    let older = place.forge("file", &column, &|text| {
        text.replace("\"version\":4", "\"version\":1")
    });
    let lacks = |plan: Plan| {
        let file = &plan.files[0];
        [
            file.lacks_declarations(),
            file.lacks_regions(),
            file.lacks_tones(),
        ]
    };
    assert_eq!(lacks(older.unwrap()), [true, true, true]);
    let second = place.forge("file", &column, &|text| {
        text.replace("\"version\":4", "\"version\":2")
    });
    assert_eq!(lacks(second.unwrap()), [false, true, true]);
    let third = place.forge("file", &column, &|text| {
        text.replace("\"version\":4", "\"version\":3")
    });
    assert_eq!(lacks(third.unwrap()), [false, false, true]);
    assert_eq!(lacks(place.open("t.parquet").unwrap()), [false; 3]);
    let newer = place.forge("file", &column, &|text| {
        text.replace("\"version\":4", "\"version\":5")
    });
    assert!(
        newer
            .unwrap_err()
            .to_string()
            .contains("clearance-fingerprints 4")
    );
}

/// What an earlier version wrote stays readable.
#[test]
fn the_kept_table_of_the_first_version_holds_the_same_items() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/fingerprints");
    let open = |name: &str| Plan::new(&[fixtures.join(name)], &Overrides::new()).unwrap();
    let (older, newer) = (open("demo-1.parquet"), open("demo.parquet"));
    assert!(older.files.iter().all(PlannedFile::lacks_declarations));
    let items = |plan: &Plan| -> Vec<String> {
        let mut items = Vec::new();
        for unit in plan.units() {
            let file = &plan.files[unit.file];
            let printed = file.printed.as_ref().unwrap();
            read_unit(printed, file, unit, &|| false, &mut |item| {
                items.push(format!("{} {item:?}", file.name));
            });
        }
        items
    };
    // The first version says nothing of the length of items.
    let without_lengths = |text: &String| -> String {
        let mut parts = text.split("length: Some(");
        let before = parts.next().unwrap().to_owned();
        let cut = |part: &str| part.split_once(')').unwrap().1.to_owned();
        parts.fold(before, |text, part| text + "length: None" + &cut(part))
    };
    let (older, newer) = (items(&older), items(&newer));
    // Nor of regions in pictures.
    let without_regions = |text: String| -> String {
        let mut parts = text.split("regions: [");
        let before = parts.next().unwrap().to_owned();
        let cut = |part: &str| part.split_once("], flatness").unwrap().1.to_owned();
        parts.fold(before, |text, part| {
            text + "regions: [], flatness" + &cut(part)
        })
    };
    // Nor of tones.
    let without_tones = |text: String| -> String {
        let mut parts = text.split("tones: Tones {");
        let before = parts.next().unwrap().to_owned();
        let cut = |part: &str| part.split_once('}').unwrap().1.to_owned();
        parts.fold(before, |text, part| {
            text + "tones: Tones { width: 0, values: [] }" + &cut(part)
        })
    };
    let cut = newer.iter().map(without_lengths).map(without_regions);
    let cut = cut.map(without_tones);
    let cut: Vec<String> = cut.collect();
    assert!(cut != newer);
    assert_eq!(older, cut);
}
