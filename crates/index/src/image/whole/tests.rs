use crate::segment::Segment;
use clearance_fingerprint::image::{ImageFingerprint, Orientation, PdqHash, Structure, Tones};
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
        tones: Tones::default(),
    }
}

fn flip_bits(hash: PdqHash, bits: &[u8]) -> PdqHash {
    let mut words = hash.0;
    for &bit in bits {
        words[usize::from(bit) / 64] ^= 1 << (bit % 64);
    }
    PdqHash(words)
}

#[test]
fn flat_works_are_held_to_fewer_bits() {
    let hash = PdqHash([0x0123_4567_89ab_cdef; 4]);
    let folder = tempfile::tempdir().unwrap();
    let mut builder = crate::segment::SegmentBuilder::default();
    let prints = [0.2, 0.95].map(|flatness| ImageFingerprint {
        flatness,
        ..print(hash)
    });
    builder.add_asset(
        crate::asset::tests::asset(0),
        crate::segment::Fingerprint::Image {
            prints: prints.to_vec(),
            preview: Vec::new(),
        },
    );
    builder.write(folder.path()).unwrap();
    let segment = Segment::open(folder.path()).unwrap();
    let found = |differing: u8| -> Vec<usize> {
        let bits: Vec<u8> = (0..differing).collect();
        let shown = shown(&print(flip_bits(hash, &bits)));
        let mut found: Vec<usize> = near(&segment.pictures, &shown)
            .iter()
            .map(|near| near.picture)
            .collect();
        found.sort_unstable();
        found.dedup();
        found
    };
    assert_eq!(found(21), [0, 1]);
    assert_eq!(found(22), [0]);
    assert_eq!(found(31), [0]);
    assert!(found(32).is_empty());
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
