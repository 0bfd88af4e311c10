use std::fs::File;
use std::io::Write;
use std::path::Path;

use super::*;

/// A list of two thousand million truth values, as the compact protocol has it.
const ENDLESS: &[u8] = &[0xf2, 0xff, 0xff, 0xff, 0xff, 0x07];

fn file(bytes: &[u8]) -> File {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    file
}

/// A file of nothing but this footer.
fn with_footer(footer: &[u8]) -> File {
    let length = (footer.len() as u32).to_le_bytes();
    file(&[b"PAR1", footer, &length, b"PAR1"].concat())
}

#[test]
fn committed_files_are_well_formed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/demo/dataset");
    let mut count = 0;
    for found in std::fs::read_dir(folder).unwrap() {
        let path = found.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "parquet") {
            let file = File::open(&path).unwrap();
            assert_eq!(check_parquet_footer(&file), Ok(()), "{}", path.display());
            count += 1;
        }
    }
    assert!(count >= 5);
}

#[test]
fn lists_of_what_takes_no_bytes_are_bounded() {
    // A field 15, unknown, once and inside a list of lists; and a map of truths to truths.
    let alone = [&[0xf9], ENDLESS, &[0]].concat();
    let inside = [&[0xf9, 0x39], ENDLESS, ENDLESS, ENDLESS, &[0]].concat();
    let map = [&[0xfb], &ENDLESS[1..], &[0x11, 0]].concat();
    // Field 3 of the column's metadata is known, and skipped.
    let path = [
        &[0x49, 0x1c, 0x19, 0x1c, 0x3c, 0x39],
        ENDLESS,
        &[0, 0, 0, 0],
    ]
    .concat();
    for footer in [alone, inside, map] {
        let refused = check_parquet_footer(&with_footer(&footer)).unwrap_err();
        assert!(refused.detail.contains("more values than"), "{refused}");
    }
    assert_eq!(
        check_parquet_footer(&with_footer(&path)),
        Err(corrupt("metadata are malformed"))
    );
    // The header of a page as well, even one far inside.
    let page = [0x15, 0, 0x15, 8, 0x15, 8, 0, 1, 2, 3, 4];
    let pages = [&page, &page, &[0xf9][..], ENDLESS, &[0]].concat();
    let pages = file(&pages);
    assert_eq!(check_parquet_pages(&pages, 0, 22), Ok(()));
    assert!(
        check_parquet_pages(&pages, 0, 99)
            .unwrap_err()
            .detail
            .contains("more values than")
    );
}

#[test]
fn a_few_truths_are_nothing_to_refuse() {
    assert_eq!(check_parquet_footer(&with_footer(&[0xf9, 0x32, 0])), Ok(()));
}

/// Otherwise the library would read something else than was checked.
#[test]
fn known_fields_have_their_types() {
    for (footer, id) in [
        (&[0x18, 1, b'x', 0][..], 1),
        (&[0x2c, 0, 0], 2),
        (&[0x02, 0x04, 0], 2),
    ] {
        let refused = check_parquet_footer(&with_footer(footer)).unwrap_err();
        assert_eq!(
            refused,
            corrupt(format!("metadata have a field {id} of another type"))
        );
    }
}

#[test]
fn deep_and_short_metadata_are_refused() {
    let deep = check_parquet_footer(&with_footer(&[0xfc; 200])).unwrap_err();
    assert!(deep.detail.contains("nested deeper"), "{deep}");
    assert!(check_parquet_footer(&with_footer(&[0x15])).is_err());
    for short in [&[0; 7][..], &[], b"PAR1"] {
        assert!(check_parquet_footer(&file(short)).is_err());
    }
    assert!(
        check_parquet_footer(&file(&[b"PAR1".as_slice(), &[0xff; 4], b"PAR1"].concat())).is_err()
    );
}

#[test]
fn a_long_header_is_read_whole() {
    // Field 5, field 5, the longest value of the page: 5,000 bytes.
    let value = [&[0x18, 0x88, 0x27][..], &[7; 5000], &[0]].concat();
    let page = [
        &[0x15, 0, 0x15, 0, 0x15, 0, 0x2c, 0x5c][..],
        &value,
        &[0, 0],
    ]
    .concat();
    let twice = [&page[..], &page, &[0xf9], ENDLESS].concat();
    let file = file(&twice);
    assert_eq!(check_parquet_pages(&file, 0, 2 * page.len() as u64), Ok(()));
    assert!(check_parquet_pages(&file, 0, u64::MAX).is_err());
}
