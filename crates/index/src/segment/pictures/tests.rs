use clearance_fingerprint::image::fingerprint;
use clearance_testkit::art::paint;
use proptest::prelude::*;
use tempfile::TempDir;

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

fn painted(seed: u64, width: u32, height: u32) -> ImageFingerprint {
    let luma = paint(seed, width, height).luminance();
    let luma: Vec<u8> = luma.iter().map(|&value| value as u8).collect();
    fingerprint(&luma, width as usize, height as usize).unwrap()
}

#[test]
fn tones_and_sides_come_back_carried_and_cut_too() {
    let prints = [
        painted(1, 320, 200),
        painted(2, 90, 300),
        painted(3, 256, 256),
    ];
    let folder = TempDir::new().unwrap();
    let file = |name: &str| folder.path().join(name);
    let open = |pictures: &str| {
        PictureStore::open(&file(pictures), &file("chunks"), &file("keys")).unwrap()
    };
    let mut builder = PicturesBuilder::default();
    for (asset, print) in (0..).zip(&prints) {
        builder.add(asset, print);
    }
    builder
        .write(&file("pictures"), &file("chunks"), &file("keys"))
        .unwrap();
    let stored = prints.each_ref().map(|print| print.tones.stored());
    let store = open("pictures");
    assert_eq!([0, 1, 2].map(|picture| store.tones(picture)), stored);
    assert_eq!(
        [0, 1, 2].map(|picture| store.sides(picture)),
        [[1.0, 0.625], [0.3, 1.0], [1.0, 1.0]]
    );

    store.write_slice(1..3, &file("sliced")).unwrap();
    let slice = open("sliced");
    assert_eq!([0, 1].map(|picture| slice.tones(picture)), stored[1..]);

    let mut builder = PicturesBuilder::default();
    builder.carry(&store, &[None, Some(0), Some(1)]);
    builder
        .write(&file("carried"), &file("chunks"), &file("keys"))
        .unwrap();
    let carried = open("carried");
    assert_eq!([0, 1].map(|picture| carried.tones(picture)), stored[1..]);
    assert_eq!([carried.sides(0)], [[0.3, 1.0]]);
}
