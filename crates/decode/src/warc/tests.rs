use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;

use super::*;

fn record(kind: &str, target: &str, content: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {target}\r\nWARC-Date: 2026-01-02T03:04:05Z\r\nContent-Type: {content}\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body, b"\r\n\r\n"].concat()
}

fn all(bytes: &[u8]) -> Result<Vec<WarcRecord>, String> {
    let mut reader = WarcReader::new(bytes);
    let mut records = Vec::new();
    while let Some(record) = reader.next_record(|_, _| true)? {
        records.push(record);
    }
    Ok(records)
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

const HTTP: &str = "application/http; msgtype=response";

#[test]
fn answers_are_read_and_other_records_passed_over() {
    let file = [
        record("warcinfo", "", "application/warc-fields", b"software: x\r\n"),
        record("request", "https://a.example/", "application/http; msgtype=request", b"GET /"),
        record(
            "response",
            "https://a.example/robots.txt",
            HTTP,
            b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nX-Robots-Tag: noai\r\n\r\nUser-agent: *\n",
        ),
        record("resource", "<https://a.example/ai.txt>", "text/plain", b"Disallow: *.jpg"),
        record("revisit", "https://a.example/b", HTTP, b"HTTP/1.1 304 Not Modified\r\nA: b\r\n c\r\n\r\n"),
    ]
    .concat();
    let records = all(&file).unwrap();
    let [robots, ai, revisit] = &records[..] else {
        panic!("{records:?}")
    };
    assert_eq!(robots.number, 3);
    assert_eq!(robots.date, "2026-01-02T03:04:05Z");
    assert_eq!(robots.body, b"User-agent: *\n");
    let head = robots.http.as_ref().unwrap();
    assert_eq!(
        (head.status, head.field("x-robots-tag")),
        (200, Some("noai"))
    );
    assert_eq!(ai.target, "https://a.example/ai.txt");
    assert_eq!(
        (ai.http.as_ref(), &ai.body[..]),
        (None, &b"Disallow: *.jpg"[..])
    );
    assert_eq!(revisit.http.as_ref().unwrap().field("a"), Some("b c"));
}

#[test]
fn bodies_come_without_their_encodings() {
    for (fields, body) in [
        ("", b"plain".to_vec()),
        (
            "Transfer-Encoding: chunked\r\n",
            b"3\r\npla\r\n2;x=y\r\nin\r\n0\r\n\r\n".to_vec(),
        ),
        ("Transfer-Encoding: chunked\r\n", b"plain".to_vec()),
        ("Content-Encoding: gzip\r\n", packed(b"plain")),
        ("Content-Encoding: gzip\r\n", b"plain".to_vec()),
    ] {
        let head = format!("HTTP/1.1 200 OK\r\n{fields}\r\n");
        let answer = [head.as_bytes(), &body].concat();
        let records = all(&record("response", "https://a.example/", HTTP, &answer)).unwrap();
        assert_eq!(records[0].body, b"plain", "{fields}");
        assert_eq!(records[0].trouble, None);
    }
    let answer = b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\n\r\n123";
    let records = all(&record("response", "https://a.example/", HTTP, answer)).unwrap();
    assert!(records[0].trouble.is_some());
    let bomb = packed(&vec![0; BODY_BYTES_MAX + 1]);
    let answer = [
        &b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"[..],
        &bomb,
    ]
    .concat();
    let records = all(&record("response", "https://a.example/", HTTP, &answer)).unwrap();
    assert!(records[0].trouble.as_ref().unwrap().contains("more than"));
}

#[test]
fn a_body_that_nobody_wants_is_not_kept() {
    let answer = b"HTTP/1.1 200 OK\r\nX: y\r\n\r\nbody";
    let file = record("response", "https://a.example/", HTTP, answer);
    let mut reader = WarcReader::new(&file[..]);
    let read = reader.next_record(|_, _| false).unwrap().unwrap();
    assert_eq!(read.body, b"");
    assert_eq!(reader.next_record(|_, _| false), Ok(None));
}

#[test]
fn damage_ends_the_file_and_is_named() {
    let whole = record(
        "response",
        "https://a.example/",
        HTTP,
        b"HTTP/1.1 200 OK\r\n\r\nbody",
    );
    for length in 1..whole.len() - 4 {
        assert!(all(&whole[..length]).is_err(), "{length}");
    }
    assert!(all(b"hello").is_err());
    assert!(all(b"WARC/1.0\r\nContent-Length: x\r\n\r\n").is_err());
    assert_eq!(all(b""), Ok(Vec::new()));
    assert_eq!(all(b"\r\n\r\n"), Ok(Vec::new()));
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        let answer = [&head[..], &bytes].concat();
        for file in [
            record("response", "https://a.example/", HTTP, &bytes),
            record("response", "https://a.example/", HTTP, &answer),
            bytes,
        ] {
            assert_eq!(all(&file), all(&file));
        }
    }
}
