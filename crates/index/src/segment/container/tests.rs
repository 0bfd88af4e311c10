use super::*;

fn written(folder: &Path) -> PathBuf {
    let path = folder.join("a.bin");
    ContainerWriter::new("params-1")
        .section("first", vec![1, 2, 3])
        .section("second", vec![9; 1000])
        .write(&path)
        .unwrap();
    path
}

#[test]
fn sections_come_back() {
    let folder = tempfile::tempdir().unwrap();
    let container = Container::open(&written(folder.path()), "params-1").unwrap();
    let first = container.section("first").unwrap();
    assert_eq!(container.bytes(&first), [1, 2, 3]);
    let second = container.section("second").unwrap();
    assert_eq!(container.bytes(&second), [9; 1000]);
    assert!(container.section("third").is_err());
}

#[test]
fn every_damaged_byte_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let path = written(folder.path());
    let bytes = std::fs::read(&path).unwrap();
    for at in 0..bytes.len() {
        let mut damaged = bytes.clone();
        damaged[at] ^= 1;
        std::fs::write(&path, damaged).unwrap();
        assert!(Container::open(&path, "params-1").is_err(), "byte {at}");
    }
}

#[test]
fn every_truncation_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let path = written(folder.path());
    let bytes = std::fs::read(&path).unwrap();
    for length in 0..bytes.len() {
        std::fs::write(&path, &bytes[..length]).unwrap();
        assert!(
            Container::open(&path, "params-1").is_err(),
            "{length} bytes"
        );
    }
}

#[test]
fn other_parameters_and_versions_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = written(folder.path());
    let error = Container::open(&path, "params-2").err().unwrap();
    assert!(matches!(error, Error::Params { .. }), "{error}");
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[8] = 9;
    std::fs::write(&path, bytes).unwrap();
    let error = Container::open(&path, "params-1").err().unwrap();
    assert!(matches!(error, Error::Version { found: 9, .. }), "{error}");
}
