use proptest::prelude::*;

use super::*;

fn point() -> impl Strategy<Value = Point> {
    let places = (0u16..4096, 0u16..4096, any::<u8>(), any::<u8>());
    (places, any::<[u64; 2]>()).prop_map(|((x, y, size, angle), descriptor)| Point {
        x,
        y,
        size,
        angle,
        descriptor,
    })
}

proptest! {
    #[test]
    fn points_come_back_as_they_were_stored(points in prop::collection::vec(point(), 0..20)) {
        let mut builder = PicturesBuilder::default();
        for point in &points {
            builder.add_point(0, point);
        }
        let (lines, _) = builder.points.as_chunks::<POINT_BYTES>();
        let read: Vec<Point> = lines.iter().map(read_point).collect();
        prop_assert_eq!(read, points);
    }

    #[test]
    fn chunks_hold_every_bit_once(words in any::<[u64; 4]>(), bit in 0u32..256) {
        for count in [FEW_CHUNKS, MANY_CHUNKS] {
            let hash = PdqHash(words);
            let mut other = hash;
            other.0[bit as usize / 64] ^= 1 << (bit % 64);
            let changed: u32 = (0..count)
                .map(|chunk| (chunk_of(&hash, chunk, count) ^ chunk_of(&other, chunk, count)).count_ones())
                .sum();
            prop_assert_eq!(changed, 1);
        }
    }
}
