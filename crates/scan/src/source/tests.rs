use std::path::Path;

use clearance_testkit::dataset::DatasetBuilder;

use clearance_testkit::forms::{self, FormRow};
use proptest::prelude::*;

use super::cells::items;
use super::*;
use crate::plan::Unit;
use crate::schema::{Holds, Overrides};

fn planned(path: &Path) -> Vec<PlannedFile> {
    let files = expand(path).unwrap().files;
    let files = files
        .iter()
        .map(|found| open(found, &Overrides::new()).unwrap());
    files.flatten().collect()
}

#[test]
fn folders_and_patterns_name_files_in_order() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("settings.json"), b"{\n \"a\": 1}\n").unwrap();
    for name in [
        "b.parquet",
        "a.PARQUET",
        "notes.txt",
        ".hidden.parquet",
        "deep/c.parquet",
    ] {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, b"").unwrap();
    }
    let names = |input: &Path| -> Vec<String> {
        let root = folder.path().to_string_lossy().into_owned();
        let files = expand(input).unwrap().files.into_iter();
        files.map(|file| file.name.replace(&root, "")).collect()
    };
    assert_eq!(
        names(folder.path()),
        ["/a.PARQUET", "/b.parquet", "/deep/c.parquet"]
    );
    assert_eq!(names(&folder.path().join("*.parquet")), ["/b.parquet"]);
    assert!(expand(&folder.path().join("nothing")).is_err());
    assert!(expand(&folder.path().join("*.nothing")).is_err());
}

#[test]
fn paths_stay_inside() {
    let folder = tempfile::tempdir().unwrap();
    let other = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.wav"), b"").unwrap();
    std::fs::write(other.path().join("b.wav"), b"").unwrap();
    let roots = vec![other.path().to_owned()];
    let resolved = |path: &str| resolve(path, folder.path(), &roots);
    assert_eq!(resolved("a.wav").unwrap(), folder.path().join("a.wav"));
    assert_eq!(resolved("./a.wav").unwrap(), folder.path().join("./a.wav"));
    assert_eq!(resolved("b.wav").unwrap(), other.path().join("b.wav"));
    let absolute = other.path().join("b.wav");
    assert_eq!(resolved(&absolute.to_string_lossy()).unwrap(), absolute);
    for path in [
        "",
        "../a.wav",
        "/etc/passwd",
        "x/../../a.wav",
        "a\0b",
        "none.wav",
    ] {
        assert!(resolved(path).is_err(), "{path:?}");
    }
    let sneaky = format!("{}/../x.wav", other.path().display());
    assert!(resolved(&sneaky).is_err());
}

#[test]
fn rows_keep_their_numbers_across_row_groups_and_batches() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.parquet");
    let texts: Vec<Option<String>> = (0..25)
        .map(|row| (row % 5 != 3).then(|| format!("This is the text of row number {row}.")))
        .collect();
    DatasetBuilder::new()
        .text("text", texts)
        .rows_per_group(10)
        .write(&path)
        .unwrap();
    let planned = planned(&path).remove(0);
    assert_eq!(planned.row_groups, [10, 10, 5]);
    assert_eq!(planned.columns[0].holds, Holds::Text);
    let mut seen = Vec::new();
    for (group, first) in [(0, 0), (1, 10), (2, 20)] {
        let source = ParquetSource::open(&path).unwrap();
        let mut row = first;
        for batch in source.batches(group, &[0]).unwrap() {
            let batch = batch.unwrap();
            let columns = [(batch.column(0), &planned.columns[0], 0)];
            items(&columns, row, &mut |item| {
                let Payload::Text(text) = item.payload else {
                    panic!()
                };
                assert!(text.ends_with(&format!(" {}.", item.row)));
                seen.push(item.row);
            });
            row += batch.num_rows() as u64;
        }
    }
    let expected: Vec<u64> = (0..25).filter(|row| row % 5 != 3).collect();
    assert_eq!(seen, expected);
}

/// Eight bytes that claim two thousand million values would keep the library busy for seconds, as
/// often as they are repeated.
#[test]
fn a_footer_that_claims_more_than_it_holds_is_named_damage() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.parquet");
    let footer = [0xf9, 0xf2, 0xff, 0xff, 0xff, 0xff, 0x07, 0];
    let length = (footer.len() as u32).to_le_bytes();
    let bytes = [b"PAR1", &footer[..], &length, b"PAR1"].concat();
    std::fs::write(&path, bytes).unwrap();
    let planned = planned(&path);
    let damage = planned[0].damage.as_deref().unwrap();
    assert!(damage.contains("more values than"), "{damage}");
}

/// Reads all rows of a file; returns how many there were by the plan and in the reading, and items.
fn read_all(path: &Path) -> (u64, u64, Vec<(u64, usize, i32)>) {
    let (mut rows, mut read, mut seen) = (0, 0, Vec::new());
    for file in planned(path) {
        let mut opened = Opened::default();
        let mut first_row = 0;
        for (group, &group_rows) in file.row_groups.iter().enumerate() {
            let unit = Unit {
                file: 0,
                group,
                first_row,
                rows: group_rows,
            };
            let request = Request {
                file: &file,
                unit,
                wanted: group_rows,
                item_bytes: 1 << 20,
                is_stopped: &|| false,
                count_rows: &|_| {},
            };
            let (rows_read, _) = opened.read(&request, &mut |item| {
                assert!((first_row..first_row + group_rows).contains(&item.row));
                assert!(item.column < file.columns.len());
                seen.push((item.row, item.column, item.index));
            });
            assert!(rows_read <= group_rows);
            read += rows_read;
            first_row += group_rows;
        }
        rows += file.rows();
    }
    (rows, read, seen)
}

fn small() -> Vec<FormRow> {
    let row = |number: usize| FormRow {
        name: format!("row-{number}"),
        file: Some((
            "png".to_owned(),
            [b"\x89PNG\r\n\x1a\n".as_slice(), &[7; 60]].concat(),
        )),
        text: Some(format!(
            "The \"text\" of row number {number},\nof all rows."
        )),
        url: Some(format!("https://example.org/{number}")),
    };
    (0..6).map(row).collect()
}

fn small_forms() -> Vec<(&'static str, Vec<u8>)> {
    let rows = small();
    vec![
        ("a.jsonl", forms::json_lines(&rows)),
        ("a.json", forms::json_array(&rows)),
        ("a.csv", forms::separated(&rows, ',')),
        ("a.tsv", forms::separated(&rows, '\t')),
        ("a.tar", forms::archive(&rows).unwrap()),
        ("a.arrow", forms::arrow_stream(&rows, 2).unwrap()),
        ("a.feather", forms::feather(&rows, 2).unwrap()),
        (
            "a.jsonl.gz",
            forms::gzip(&forms::json_lines(&rows)).unwrap(),
        ),
        (
            "a.tar.zst",
            forms::zstd(&forms::archive(&rows).unwrap()).unwrap(),
        ),
    ]
}

#[test]
fn whole_files_give_all_their_rows() {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in small_forms() {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        let (rows, read, seen) = read_all(&path);
        assert_eq!((rows, read, seen.len()), (6, 6, 12), "{name}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever is changed or cut off: no panic, no row beyond those that are counted, and the same
    /// once more.
    #[test]
    fn damaged_files_of_every_form_are_read_alike_twice(
        form in 0..9usize,
        changes in prop::collection::vec((0.0..1.0f64, any::<u8>()), 0..6),
        end in 0.0..1.2f64,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let (name, mut bytes) = small_forms().remove(form);
        for (place, byte) in changes {
            let at = (place * bytes.len() as f64) as usize;
            bytes[at] = byte;
        }
        bytes.truncate((end * bytes.len() as f64) as usize);
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        let once = read_all(&path);
        prop_assert!(once.1 <= once.0);
        prop_assert_eq!(read_all(&path), once);
    }

    /// Any bytes at all, under any name.
    #[test]
    fn any_bytes_are_read_or_refused(form in 0..9usize, bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(small_forms()[form].0);
        std::fs::write(&path, bytes).unwrap();
        let (rows, read, _) = read_all(&path);
        prop_assert!(read <= rows);
    }
}

#[test]
fn lists_and_settings_beside_a_dataset_are_told_and_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("0.tar"), forms::archive(&small()).unwrap()).unwrap();
    std::fs::write(path("0.parquet"), forms::parquet(&small(), 3).unwrap()).unwrap();
    std::fs::write(path("ids.csv"), "id,size\n1,2\n").unwrap();
    std::fs::write(path("0_stats.json"), "{\"count\": 6}").unwrap();
    let plan = crate::plan::Plan::new(&[folder.path().to_owned()], &Overrides::new()).unwrap();
    let names: Vec<&str> = plan.files.iter().map(PlannedFile::form_name).collect();
    assert_eq!(names, ["tar"]);
    assert_eq!(plan.passed_over.len(), 2, "{:?}", plan.passed_over);
    // Media that no row names are told of.
    std::fs::write(path("extra.flac"), "fLaC").unwrap();
    let plan = crate::plan::Plan::new(&[folder.path().to_owned()], &Overrides::new()).unwrap();
    let said = plan.passed_over.join("\n");
    assert!(
        said.contains("no column of paths: 1, such as") && said.contains("extra.flac"),
        "{said}"
    );
    // By its own name it is read.
    let plan = crate::plan::Plan::new(&[path("0.parquet")], &Overrides::new()).unwrap();
    assert_eq!(plan.rows(), 6);
}
