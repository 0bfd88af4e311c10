use std::path::Path;

use clearance_testkit::dataset::DatasetBuilder;

use super::*;
use crate::schema::{Holds, Overrides};

#[test]
fn folders_and_patterns_name_files_in_order() {
    let folder = tempfile::tempdir().unwrap();
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
        let files = expand(input).unwrap();
        files
            .into_iter()
            .map(|(_, name)| name.replace(&root, ""))
            .collect()
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
    let planned = open(&path, "a", &Overrides::new()).unwrap().remove(0);
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
    let planned = parquet_file::open(&path, "a.parquet", &Overrides::default()).unwrap();
    let damage = planned[0].damage.as_deref().unwrap();
    assert!(damage.contains("more values than"), "{damage}");
}
