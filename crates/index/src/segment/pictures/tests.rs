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
}
