use crate::segment::Segment;
use clearance_fingerprint::image::{ImageFingerprint, Orientation, PdqHash, Structure};
use proptest::prelude::*;

use super::*;

/// Orientation, applied to the position of a mark in the corner of a unit square:
/// where the mark goes.
fn corner(orientation: Orientation, (mut x, mut y): (u8, u8)) -> (u8, u8) {
    if orientation.transposed {
        (x, y) = (y, x);
    }
    if orientation.mirrored_x {
        x = 1 - x;
    }
    if orientation.mirrored_y {
        y = 1 - y;
    }
    (x, y)
}

fn corner_of(transform: Option<Transform>, (mut x, mut y): (u8, u8)) -> (u8, u8) {
    let transform = transform.unwrap_or_default();
    if transform.flip {
        x = 1 - x;
    }
    for _ in 0..(transform.rotation_deg.rem_euclid(360.0) / 90.0) as u32 {
        (x, y) = (1 - y, x);
    }
    (x, y)
}

#[test]
fn the_transform_undoes_the_orientation() {
    for orientation in Orientation::ALL {
        let transform = transform(orientation);
        for mark in [(0, 0), (1, 0), (0, 1)] {
            // The work transformed gives the item; the item laid down gives the work.
            assert_eq!(
                corner(orientation, corner_of(transform, mark)),
                mark,
                "{orientation:?}"
            );
        }
    }
}

fn print(hash: PdqHash) -> ImageFingerprint {
    ImageFingerprint {
        hash,
        structure: Structure {
            quality: 100,
            firm_bits: 255,
        },
        orientations: [hash; 8],
        sides: [1.0, 1.0],
        points: Vec::new(),
        regions: Vec::new(),
        flatness: 0.0,
    }
}

fn flip_bits(hash: PdqHash, bits: &[u8]) -> PdqHash {
    let mut words = hash.0;
    for &bit in bits {
        words[usize::from(bit) / 64] ^= 1 << (bit % 64);
    }
    PdqHash(words)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    /// Chunk lookup finds what comparing with every hash finds.
    #[test]
    fn lookup_is_exact(
        hashes in prop::collection::vec(prop::array::uniform4(any::<u64>()), 1..40),
        changed in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 1..40),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let mut builder = crate::segment::SegmentBuilder::default();
        for (number, words) in hashes.iter().enumerate() {
            builder.add_asset(
                crate::asset::tests::asset(number),
                crate::segment::Fingerprint::Image { prints: vec![print(PdqHash(*words))], preview: Vec::new() },
            );
        }
        builder.write(folder.path()).unwrap();
        let segment = Segment::open(folder.path()).unwrap();
        for (words, bits) in hashes.iter().zip(&changed) {
            let query = flip_bits(PdqHash(*words), bits);
            let within = |line: &usize| segment.pictures.hash(*line).distance(&query) <= MAX_DISTANCE_BITS;
            let expected: Vec<usize> = (0..segment.pictures.len()).filter(within).collect();
            let found: Vec<usize> = candidates(&segment.pictures, &query).into_iter().filter(within).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
