use super::*;
use crate::sample;

#[test]
fn the_strongest_recordings_are_heard_once_each() {
    let out = tempfile::tempdir().unwrap();
    let finding = |row: i64, digest: &str, e_value: f64| Finding {
        item_digest: digest.to_owned(),
        e_value,
        ..sample::recording(row)
    };
    let findings = [
        finding(0, "a", 1e-9),
        finding(1, "b", 1e-50),
        finding(2, "b", 1e-40),
        sample::picture(3),
        finding(4, "c", 1e-20),
    ];
    sample::write(out.path(), &sample::summary(&findings), &findings, &[]);
    let rows: Vec<i64> = findings_to_hear(out.path(), 2)
        .unwrap()
        .iter()
        .map(|finding| finding.row_index)
        .collect();
    assert_eq!(rows, [1, 4]);
}

#[test]
fn recordings_end_where_the_room_does() {
    let mut wav = b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x44\xac\0\0\x88\x58\x01\0\x02\0\x10\0data\0\0\0\0".to_vec();
    wav.resize(1000, 0);
    let recordings: Vec<(String, Vec<u8>)> = vec![
        ("a".to_owned(), wav.clone()),
        ("text".to_owned(), b"no sound".to_vec()),
        ("b".to_owned(), wav.clone()),
        ("c".to_owned(), wav),
    ];
    let packed = packed(&recordings, 2500);
    assert_eq!(packed.keys().collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(packed["a"].kind, "audio/wav");
}
