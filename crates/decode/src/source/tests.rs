use super::*;

fn temporary_file(name: &str, content: &[u8]) -> PathBuf {
    let path = std::env::temp_dir().join(format!("clearance-decode-{}-{name}", std::process::id()));
    fs::write(&path, content).unwrap();
    path
}

#[test]
fn bytes_and_files_read_alike() {
    let path = temporary_file("alike", b"content");
    let limits = Limits::default();
    let from_file = read_source(&Source::File(path.clone()), &limits).unwrap();
    let from_bytes = read_source(&Source::Bytes(Bytes::from_static(b"content")), &limits).unwrap();
    assert_eq!(from_file, from_bytes);
    fs::remove_file(path).unwrap();
}

#[test]
fn trouble_is_named() {
    let path = temporary_file("named", b"content");
    let reason = |path: PathBuf, item_bytes| {
        let limits = Limits {
            item_bytes,
            ..Limits::default()
        };
        read_source(&Source::File(path), &limits)
            .unwrap_err()
            .reason
    };
    assert_eq!(reason(path.clone(), 6), Reason::Limit);
    assert_eq!(reason(path.join("below"), 99), Reason::Missing);
    assert_eq!(reason(PathBuf::from("/no/such/file"), 99), Reason::Missing);
    assert_eq!(reason(std::env::temp_dir(), 99), Reason::Io);
    let empty = temporary_file("empty", b"");
    assert_eq!(reason(empty.clone(), 99), Reason::Empty);
    let none = read_source(&Source::Bytes(Bytes::new()), &Limits::default()).unwrap_err();
    assert_eq!(none.to_string(), "empty: no bytes");
    fs::remove_file(path).unwrap();
    fs::remove_file(empty).unwrap();
}
