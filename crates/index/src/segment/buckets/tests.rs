use proptest::prelude::*;

use super::*;

fn open(lines: &[(u32, u8)]) -> (tempfile::TempDir, Container) {
    let mut builder = BucketsBuilder::<1>::default();
    for &(key, record) in lines {
        builder.add(key, [record]);
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("buckets");
    builder
        .write(ContainerWriter::new("test"), 3)
        .write(&path)
        .unwrap();
    let container = Container::open(&path, "test").unwrap();
    (folder, container)
}

proptest! {
    #[test]
    fn every_record_is_found_under_its_key(
        lines in prop::collection::vec((0u32..60, any::<u8>()), 0..300),
        keys in prop::collection::vec(0u32..60, 0..80),
    ) {
        let (_folder, container) = open(&lines);
        let buckets = Buckets::<1>::open(&container).unwrap();
        let mut found: Vec<Vec<u8>> = vec![Vec::new(); keys.len()];
        buckets.find_all(&container, &keys, |number, records| {
            found[number].extend(records.iter().map(|[record]| *record));
        });
        for (key, found) in keys.iter().zip(&found) {
            let with_key = lines.iter().filter(|(other, _)| other == key);
            let mut expected: Vec<u8> = with_key.map(|(_, record)| *record).collect();
            expected.sort_unstable();
            let mut found = found.clone();
            found.sort_unstable();
            prop_assert_eq!(&found, &expected);
        }
    }
}

#[test]
fn many_records_of_one_key_are_found() {
    let lines: Vec<(u32, u8)> = (0..1000)
        .map(|i| (u32::from(i % 10 == 0), i as u8))
        .collect();
    let (_folder, container) = open(&lines);
    let buckets = Buckets::<1>::open(&container).unwrap();
    let mut counts = Vec::new();
    buckets.find_all(&container, &[0, 7, 1], |number, records| {
        counts.push((number, records.len()));
    });
    assert_eq!(counts, [(0, 900), (2, 100)]);
}
