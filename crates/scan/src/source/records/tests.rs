use super::super::stream::Codec;
use super::*;

fn records(text: &[u8], splitting: Splitting) -> Vec<(u64, u64, String)> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a");
    std::fs::write(&path, text).unwrap();
    let stream = Stream::open(&path, Codec::Plain).unwrap();
    let mut records = Records::new(stream, splitting);
    let mut buffer = Vec::new();
    let mut found = Vec::new();
    while let Some(record) = records.next(&mut buffer).unwrap() {
        let text = String::from_utf8_lossy(&buffer).into_owned();
        found.push((record.offset, record.line, text));
    }
    // Each is found again from its own place, in any order.
    for (offset, line, text) in found.iter().rev() {
        records.go_to(*offset, *line).unwrap();
        let record = records.next(&mut buffer).unwrap().unwrap();
        assert_eq!((record.offset, record.line), (*offset, *line));
        assert_eq!(String::from_utf8_lossy(&buffer), *text);
    }
    found
}

fn texts(text: &[u8], splitting: Splitting) -> Vec<String> {
    let found = records(text, splitting).into_iter();
    found.map(|(_, _, text)| text).collect()
}

const COMMAS: Splitting = Splitting::Quoted { delimiter: b',' };

#[test]
fn lines_end_with_line_feeds() {
    assert_eq!(
        texts(b"a\n\nb\r\nc", Splitting::Lines),
        ["a\n", "\n", "b\r\n", "c"]
    );
    assert!(texts(b"", Splitting::Lines).is_empty());
}

#[test]
fn quotes_hold_line_feeds_only_where_a_field_begins_with_them() {
    assert_eq!(texts(b"a,\"b\nc\"\nd\n", COMMAS), ["a,\"b\nc\"\n", "d\n"]);
    assert_eq!(texts(b"a,b\"\nc\n", COMMAS), ["a,b\"\n", "c\n"]);
    assert_eq!(texts(b"\"a\"\"\n\",b\nc", COMMAS), ["\"a\"\"\n\",b\n", "c"]);
    let lines: Vec<u64> = records(b"\"a\n\n\"\nb\n", COMMAS)
        .iter()
        .map(|it| it.1)
        .collect();
    assert_eq!(lines, [1, 4]);
}

#[test]
fn elements_of_an_array_are_found_through_strings_and_nesting() {
    let text = b"\xef\xbb\xbf [\n{\"a\": \"]}\\\"\"},\n {\"b\": [1, {}]} , 5,\n\"x,y\" ]\n ";
    let found = records(text, Splitting::Elements);
    let texts: Vec<&str> = found.iter().map(|it| it.2.as_str()).collect();
    assert_eq!(
        texts,
        ["{\"a\": \"]}\\\"\"}", "{\"b\": [1, {}]}", "5", "\"x,y\" "]
    );
    let lines: Vec<u64> = found.iter().map(|it| it.1).collect();
    assert_eq!(lines, [2, 3, 3, 4]);
}

/// What is cut off is a record that no parser takes, and then an error; rows behind the end of the array
/// are not passed over without a word.
#[test]
fn an_array_without_an_end_and_more_than_one_are_errors() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a");
    for (text, rows, says) in [
        ("[{\"a\": 1}, {\"b", 2, "ends early"),
        ("[{\"a\": 1},\n", 1, "ends early"),
        ("[", 0, "ends early"),
        ("[1]\n[2]", 1, "behind the end of the array"),
        ("[] {}", 0, "behind the end of the array"),
    ] {
        std::fs::write(&path, text).unwrap();
        let stream = Stream::open(&path, Codec::Plain).unwrap();
        let mut records = Records::new(stream, Splitting::Elements);
        let (mut buffer, mut found) = (Vec::new(), 0);
        let error = loop {
            match records.next(&mut buffer) {
                Ok(Some(_)) => found += 1,
                Ok(None) => unreachable!("{text} ended well"),
                Err(error) => break error,
            }
        };
        let said = records.stream().damage(&error).to_string();
        assert!(
            found == rows && said.contains(says),
            "{text}: {found} {said}"
        );
    }
}

#[test]
fn a_record_that_is_too_long_is_passed_over() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a");
    // A quote that nobody closes, over all that follows.
    let mut text = b"a,\"b\n".to_vec();
    text.resize(LONGEST_RECORD + 100, b'x');
    text.extend_from_slice(b"\nc,d\n");
    std::fs::write(&path, &text).unwrap();
    for (splitting, expected) in [
        (COMMAS, vec![true, false]),
        (Splitting::Lines, vec![false, true, false]),
    ] {
        let stream = Stream::open(&path, Codec::Plain).unwrap();
        let mut records = Records::new(stream, splitting);
        let mut buffer = Vec::new();
        let mut found = Vec::new();
        while let Some(record) = records.next(&mut buffer).unwrap() {
            assert!(buffer.len() <= LONGEST_RECORD);
            found.push(record.is_too_long);
        }
        assert_eq!(found, expected);
        assert_eq!(records.line, 4);
    }
}
