use std::io::{BufReader, Read};

use proptest::prelude::*;

use super::*;

fn utf_16_le(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// Hands out one byte at a time, so that characters are cut.
struct Drops<'a>(&'a [u8]);

impl Read for Drops<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = buffer.len().min(1);
        self.0.read(&mut buffer[..most])
    }
}

fn read(bytes: &[u8], encoding: TextEncoding) -> String {
    let mut whole = String::new();
    Utf8Reader::new(bytes, encoding)
        .read_to_string(&mut whole)
        .unwrap();
    let mut dropped = String::new();
    Utf8Reader::new(Drops(bytes), encoding)
        .read_to_string(&mut dropped)
        .unwrap();
    assert_eq!(whole, dropped);
    whole
}

#[test]
fn every_encoding_comes_out_as_utf_8() {
    let text = "Größe & Weite \u{1f433}";
    assert_eq!(read(text.as_bytes(), TextEncoding::UTF_8), text);
    let marked = [b"\xff\xfe".to_vec(), utf_16_le(text)].concat();
    // The mark wins over what was said.
    assert_eq!(read(&marked, TextEncoding::UTF_8), text);
    assert_eq!(read(&utf_16_le(text), TextEncoding(UTF_16LE)), text);
    let western = TextEncoding(Encoding::for_label(b"latin1").unwrap());
    assert_eq!(read(b"Gr\xf6\xdfe", western), "Größe");
    assert_eq!(
        read(b"Gr\xf6\xdfe", TextEncoding::UTF_8),
        "Gr\u{fffd}\u{fffd}e"
    );
    assert_eq!(read(b"", TextEncoding::UTF_8), "");
    assert_eq!(read(b"\xef\xbb\xbfa", TextEncoding::UTF_8), "a");
}

#[test]
fn an_encoding_is_found_far_into_a_file() {
    let detect = |bytes: &[u8]| {
        let mut input = BufReader::with_capacity(100, bytes);
        TextEncoding::detect(&mut input)
            .unwrap()
            .map(TextEncoding::name)
    };
    assert_eq!(detect(b""), Some("UTF-8"));
    assert_eq!(detect(b"a,b\n1,2\n"), Some("UTF-8"));
    let plain = "word,other\n".repeat(50_000);
    let western = [
        plain.as_bytes(),
        b"Caf\xe9 au lait, Cr\xe8me br\xfbl\xe9e\n",
    ]
    .concat();
    assert_eq!(detect(&western), Some("windows-1252"));
    let unicode = [plain.as_bytes(), "Café au lait\n".as_bytes()].concat();
    assert_eq!(detect(&unicode), Some("UTF-8"));
    assert_eq!(detect(&utf_16_le(&plain)), Some("UTF-16LE"));
    assert_eq!(detect(&[0, 1, 2, 3].repeat(1000)), None);
}

#[test]
fn xml_says_its_encoding() {
    let of = |head: &[u8]| TextEncoding::of_xml(head).map(TextEncoding::name);
    assert_eq!(of(b"<a/>"), Ok("UTF-8"));
    assert_eq!(
        of(b"<?xml version='1.0' encoding = 'ISO-8859-1' ?>"),
        Ok("windows-1252")
    );
    assert_eq!(
        of(b"<?xml version=\"1.0\" encoding=\"Shift_JIS\"?>"),
        Ok("Shift_JIS")
    );
    assert_eq!(
        of(b"<?xml version=\"1.0\" encoding=\"UTF-16\"?>"),
        Ok("UTF-8")
    );
    assert_eq!(of(&utf_16_le("<?xml version=\"1.0\"?>")), Ok("UTF-16LE"));
    assert_eq!(of(b"\xfe\xff\0<"), Ok("UTF-16BE"));
    assert_eq!(of(b"<?xml encoding='no such'?>"), Err("no such".to_owned()));
    assert_eq!(of(b"<?xml encoding='"), Ok("UTF-8"));
}

proptest! {
    #[test]
    fn any_bytes_end_as_text(bytes in prop::collection::vec(any::<u8>(), 0..300), pick in 0..6usize) {
        let labels = ["utf-8", "utf-16le", "latin1", "shift_jis", "iso-2022-jp", "gb18030"];
        let encoding = TextEncoding(Encoding::for_label(labels[pick].as_bytes()).unwrap());
        read(&bytes, encoding);
        let _is_known = TextEncoding::of_xml(&bytes).is_ok();
        TextEncoding::detect(&mut BufReader::new(&bytes[..])).unwrap();
    }
}
