//! Our PDQ hashes against those of the reference implementation, on the
//! pictures under `fixtures`. `pdq.csv` is written by `scripts/check_pdq.py`,
//! which also compares any other folder of pictures.

use std::path::Path;

use clearance_decode::{Limits, Source};
use clearance_fingerprint::image::PdqHash;
use clearance_index::{Print, print_item};

/// The tolerance PDQ's own ports are held to: decoders round differently.
const MOST_BITS: u32 = 10;

#[test]
fn hashes_agree_with_the_reference() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let golden = std::fs::read_to_string(root.join("tests/pdq.csv")).unwrap();
    let lines: Vec<Vec<&str>> = golden
        .lines()
        .skip(1)
        .map(|line| line.split(',').collect())
        .collect();
    assert!(lines.len() >= 6);
    for line in lines {
        let path = root.join("../../fixtures/demo/works/images").join(line[0]);
        let printed = print_item(
            &Source::File(path),
            Some(line[0]),
            None,
            false,
            &Limits::default(),
        )
        .unwrap();
        let Print::Image { print, .. } = printed.print else {
            panic!("{} is no picture", line[0]);
        };
        let distance = print.hash.distance(&PdqHash::from_hex(line[1]).unwrap());
        assert!(distance <= MOST_BITS, "{}: {distance} bits", line[0]);
        let quality: i32 = line[2].parse().unwrap();
        assert!(
            (i32::from(print.structure.quality) - quality).abs() <= 2,
            "{}",
            line[0]
        );
    }
}
