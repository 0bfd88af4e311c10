use proptest::prelude::*;

use super::*;

fn landmark(hash: u64, time_hops: u32) -> Landmark {
    Landmark {
        hash,
        time: time_hops * TIME_STEPS,
        bin: 40 * BIN_STEPS,
        span: 30 * TIME_STEPS,
        fixed: true,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn lookups_find_what_was_added(
        recordings in prop::collection::vec(prop::collection::vec((0u64..60, 0u32..900), 0..80), 1..5),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("landmarks");
        let mut builder = LandmarksBuilder::default();
        // Hashes that differ in their high bits, as spread ones do.
        let spread = |hash: u64| hash.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        for (number, lines) in recordings.iter().enumerate() {
            let landmarks: Vec<Landmark> = lines
                .iter()
                .map(|&(hash, time)| landmark(spread(hash), time))
                .collect();
            builder.add(number as u32 * 3, 1000, &landmarks);
        }
        builder.write(&path).unwrap();
        let store = LandmarkStore::open(&path).unwrap();
        for hash in 0..64 {
            let mut wanted: Vec<(u32, u32)> = Vec::new();
            for (number, lines) in recordings.iter().enumerate() {
                let of_hash = lines.iter().filter(|line| line.0 == hash);
                wanted.extend(of_hash.map(|line| (number as u32 * 3, line.1)));
            }
            let mut found: Vec<(u32, u32)> = Vec::new();
            for under in [Under::Rare, Under::Crowded] {
                store.find_all(&[landmark(spread(hash), 0)], under, |_, lines| {
                    found.extend(lines.map(|line| {
                        let stored = store.line(line);
                        let (asset, start) = store.asset_at(stored.place).unwrap();
                        assert_eq!((stored.bin, stored.span), (40, 30));
                        (asset, stored.place - start)
                    }));
                });
            }
            wanted.sort_unstable();
            found.sort_unstable();
            prop_assert_eq!(found, wanted);
        }
    }
}

#[test]
fn a_long_timeline_asks_for_a_new_segment() {
    let mut builder = LandmarksBuilder::default();
    builder.add(0, 1000, &[]);
    assert_eq!(builder.bytes(), 0);
    builder.add(1, u32::MAX / 2, &[]);
    assert!(builder.bytes() > 1 << 40);
}
