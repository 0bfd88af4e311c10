use std::io::Write;

use proptest::prelude::*;
use zip::CompressionMethod;
use zip::write::{SimpleFileOptions, ZipWriter};

use super::*;
use crate::{Format, decode_text, sniff};

const CONTAINER: &str = r#"<?xml version="1.0"?><container version="1.0"
    xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile
    full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>"#;

/// A container of these files, `mimetype` first.
fn pack(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    writer.start_file("mimetype", stored).unwrap();
    writer.write_all(b"application/epub+zip").unwrap();
    let packed = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (path, bytes) in files {
        writer.start_file(*path, packed).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn package(chapters: usize) -> String {
    let (mut items, mut refs) = (String::new(), String::new());
    for n in 0..chapters {
        let kind = "application/xhtml+xml";
        items += &[
            "<item id='c",
            &n.to_string(),
            "' href='text/c%20",
            &n.to_string(),
        ]
        .concat();
        items += &[".xhtml' media-type='", kind, "'/>"].concat();
        refs += &["<itemref idref='c", &n.to_string(), "'/>"].concat();
    }
    format!("<package><manifest>{items}</manifest><spine>{refs}</spine></package>")
}

/// A book with these chapters; `more` are further files of the container.
fn book(chapters: &[&[u8]], more: &[(&str, &[u8])]) -> Vec<u8> {
    let package = package(chapters.len());
    let paths: Vec<String> = (0..chapters.len())
        .map(|n| format!("OEBPS/text/c {n}.xhtml"))
        .collect();
    let mut files: Vec<(&str, &[u8])> = vec![
        ("META-INF/container.xml", CONTAINER.as_bytes()),
        ("OEBPS/book.opf", package.as_bytes()),
    ];
    for (path, chapter) in paths.iter().zip(chapters) {
        files.push((path, chapter));
    }
    files.extend(more);
    pack(&files)
}

fn decode(bytes: &[u8]) -> Result<Document, Unreadable> {
    decode_text(bytes, Format::Epub, &Limits::default())
}

const ONE: &[u8] = b"<?xml version='1.0'?><html><head><title/><script src='a>b'/></head>\
    <body><p>Call me Ishmael.</p></body></html>";
const TWO: &[u8] = b"<html><body><h1>Loomings</h1><p>Some years ago&#8230;</p></body></html>";

#[test]
fn chapters_are_read_in_order() {
    let bytes = book(&[ONE, TWO], &[]);
    for name in [None, Some("book.zip"), Some("page.html")] {
        assert_eq!(sniff(&bytes, name), Some(Format::Epub));
    }
    let document = decode(&bytes).unwrap();
    assert_eq!(
        document.text,
        "Call me Ishmael.\nLoomings\nSome years ago\u{2026}"
    );
    assert_eq!((document.encoding, document.partial), ("UTF-8", None));
}

#[test]
fn an_archive_is_a_book_by_its_first_file_or_by_its_name() {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer
        .start_file("a.txt", SimpleFileOptions::default())
        .unwrap();
    let other = writer.finish().unwrap().into_inner();
    assert_eq!(sniff(&other, None), None);
    assert_eq!(sniff(&other, Some("x.epub")), Some(Format::Epub));
    assert_eq!(
        decode(&other).unwrap_err().to_string(),
        "corrupt: damaged EPUB: no readable container.xml"
    );
}

#[test]
fn missing_and_unreadable_chapters_are_counted() {
    let package = package(4);
    let bytes = pack(&[
        ("META-INF/container.xml", CONTAINER.as_bytes()),
        ("OEBPS/book.opf", package.as_bytes()),
        ("OEBPS/text/c 1.xhtml", ONE),
        ("OEBPS/text/c 2.xhtml", &[0; 500]),
    ]);
    let document = decode(&bytes).unwrap();
    assert_eq!(document.text, "Call me Ishmael.");
    assert_eq!(
        document.partial.unwrap(),
        "3 of 4 chapters could not be read"
    );
    let none = pack(&[
        ("META-INF/container.xml", CONTAINER.as_bytes()),
        ("OEBPS/book.opf", package.as_bytes()),
    ]);
    assert_eq!(
        decode(&none).unwrap_err().to_string(),
        "corrupt: damaged EPUB: none of its 4 chapters could be read"
    );
}

#[test]
fn encrypted_chapters_are_not_supported_and_obfuscated_fonts_do_not_matter() {
    let encryption = |algorithm: &str, path: &str| {
        format!(
            "<encryption><EncryptedData><EncryptionMethod Algorithm='{algorithm}'/><CipherData>\
             <CipherReference URI='{path}'/></CipherData></EncryptedData></encryption>"
        )
    };
    let locked = encryption(
        "http://www.w3.org/2001/04/xmlenc#aes256-cbc",
        "OEBPS/text/c%200.xhtml",
    );
    let bytes = book(&[ONE], &[("META-INF/encryption.xml", locked.as_bytes())]);
    assert_eq!(
        decode(&bytes).unwrap_err().to_string(),
        "unsupported: EPUB with encrypted chapters (DRM)"
    );
    let font = encryption("http://www.idpf.org/2008/embedding", "OEBPS/font.otf");
    let bytes = book(&[ONE], &[("META-INF/encryption.xml", font.as_bytes())]);
    assert_eq!(decode(&bytes).unwrap().text, "Call me Ishmael.");
}

#[test]
fn a_bomb_stops_at_the_limit() {
    let bomb = [b"<p>".to_vec(), b"word ".repeat(1 << 20)].concat();
    let bytes = book(&[ONE, &bomb, &bomb], &[]);
    assert!(bytes.len() < 100_000);
    let limits = Limits {
        text_bytes: 50_000,
        ..Limits::default()
    };
    let document = decode_text(&bytes, Format::Epub, &limits).unwrap();
    assert!(document.text.len() < 50_000 && document.text.starts_with("Call me Ishmael.\nword"));
    assert_eq!(
        document.partial.unwrap(),
        "only the first 50000 bytes of its chapters were read"
    );
}

#[test]
fn entities_of_a_document_are_not_expanded() {
    let container = r#"<!DOCTYPE c [<!ENTITY a "OEBPS"><!ENTITY b "&a;&a;">]><container><rootfile
        full-path="&b;/book.opf"/></container>"#;
    let bytes = pack(&[("META-INF/container.xml", container.as_bytes())]);
    assert_eq!(
        decode(&bytes).unwrap_err().to_string(),
        "corrupt: damaged EPUB: META-INF/container.xml names no package"
    );
}

#[test]
fn a_book_damaged_or_cut_anywhere_is_read_or_refused() {
    let bytes = book(&[ONE, TWO], &[]);
    for end in 0..bytes.len() {
        let refused = decode(&bytes[..end]).map_or_else(|it| it.reason, |_| Reason::Corrupt);
        assert!(
            matches!(refused, Reason::Corrupt | Reason::Empty),
            "{end}: {refused}"
        );
        let mut damaged = bytes.clone();
        damaged[end] ^= 0x55;
        if let Err(refused) = decode(&damaged) {
            assert_ne!(refused.reason, Reason::Panicked, "{end}: {refused}");
        }
    }
}

proptest! {
    #[test]
    fn any_bytes_in_any_place_do_no_harm(
        place in 0..4_usize,
        noise in proptest::collection::vec(any::<u8>(), 0..300),
        tags in "(<(item|itemref|rootfile|EncryptedData|title|!\\[CDATA\\[)( id='a'| href='%'| idref='a')?/?>?){0,20}",
    ) {
        for bytes in [&noise[..], tags.as_bytes()] {
            let mut files = [CONTAINER.as_bytes(), b"", ONE, b"<encryption/>"];
            let package = package(1);
            files[1] = package.as_bytes();
            files[place] = bytes;
            let paths = ["META-INF/container.xml", "OEBPS/book.opf", "OEBPS/text/c 0.xhtml", "META-INF/encryption.xml"];
            let packed: Vec<(&str, &[u8])> = paths.into_iter().zip(files).collect();
            let packed = pack(&packed);
            let outcome = decode(&packed);
            prop_assert_eq!(&outcome, &decode(&packed));
            if let Err(refused) = outcome {
                prop_assert_ne!(refused.reason, Reason::Panicked);
            }
        }
        let behind_signature = [b"PK\x03\x04".as_slice(), &noise].concat();
        prop_assert!(decode(&behind_signature).is_err());
    }
}
