use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use proptest::prelude::*;

use super::*;
use crate::{Format, decode_text, sniff};

/// A document of these objects, numbered from 1; the first is the catalog.
fn document(objects: &[Vec<u8>], trailer: &str) -> Vec<u8> {
    let mut file = b"%PDF-1.7\n".to_vec();
    let mut table = Vec::new();
    writeln!(table, "xref\n0 {}\n0000000000 65535 f ", objects.len() + 1).unwrap();
    for (at, object) in objects.iter().enumerate() {
        writeln!(table, "{:010} 00000 n ", file.len()).unwrap();
        file.extend(format!("{} 0 obj\n", at + 1).bytes());
        file.extend(object);
        file.extend(b"\nendobj\n");
    }
    let start = file.len();
    let size = objects.len() + 1;
    file.extend(table);
    file.extend(
        format!("trailer\n<</Size {size} /Root 1 0 R {trailer}>>\nstartxref\n{start}\n%%EOF\n")
            .bytes(),
    );
    file
}

fn stream(dict: &str, content: &[u8]) -> Vec<u8> {
    let head = format!("<<{dict} /Length {}>>\nstream\n", content.len());
    [head.as_bytes(), content, b"\nendstream"].concat()
}

fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A document of one page with a content stream as object 4, and `more` from object 5 on. `/F` is
/// object 5, `/X` object 6.
fn page(content: Vec<u8>, more: &[Vec<u8>]) -> Vec<u8> {
    let mut objects = vec![
        b"<</Type /Catalog /Pages 2 0 R>>".to_vec(),
        b"<</Type /Pages /Kids [3 0 R] /Count 1>>".to_vec(),
        b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R \
          /Resources <</Font <</F 5 0 R>> /XObject <</X 6 0 R>>>>>>"
            .to_vec(),
        content,
    ];
    objects.extend_from_slice(more);
    document(&objects, "")
}

const HELVETICA: &str =
    "<</Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding>>";

fn shown(content: &str) -> Vec<u8> {
    page(
        stream("", content.as_bytes()),
        &[HELVETICA.as_bytes().to_vec()],
    )
}

fn decode(bytes: &[u8]) -> Result<Document, Unreadable> {
    decode_text(bytes, Format::Pdf, &Limits::default())
}

fn small(bytes: &[u8], text_bytes: u64) -> Result<Document, Unreadable> {
    let limits = Limits {
        text_bytes,
        ..Limits::default()
    };
    decode_text(bytes, Format::Pdf, &limits)
}

#[test]
fn words_and_lines_come_from_places() {
    let bytes = shown(
        "BT /F 10 Tf 50 700 Td [(Call) -300 (me Ish) 20 (mael\\056)] TJ 0 -12 Td (Some ) Tj \
         (years) Tj 14 TL T* (caf\\351) Tj 3 Tr ( here) Tj ET BT /F 10 Tf 1 0 0 1 50 600 Tm (a) Tj \
         1 0 0 1 60 600 Tm (b) Tj ET",
    );
    assert_eq!(sniff(&bytes, Some("x.txt")), Some(Format::Pdf));
    let document = decode(&bytes).unwrap();
    assert_eq!(
        document.text,
        "Call me Ishmael.\nSome years\ncafé here\na b"
    );
    assert_eq!(document.partial, None);
}

#[test]
fn turned_and_scaled_text_keeps_its_words() {
    let bytes =
        shown("0 .1 -.1 0 300 300 cm BT /F 100 Tf 0 0 Td (Call me) Tj 0 -120 Td (Ishmael) Tj ET");
    assert_eq!(decode(&bytes).unwrap().text, "Call me\nIshmael");
}

#[test]
fn composite_fonts_say_their_letters_in_a_map() {
    let map = b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def\n\
        1 begincodespacerange <0000> <FFFF> endcodespacerange\n\
        2 beginbfchar <0001> <0041> <0002> <00660066> endbfchar\n\
        1 beginbfrange <0010> <0012> <0430> endbfrange endcmap end end";
    let font = b"<</Type /Font /Subtype /Type0 /Encoding /Identity-H /DescendantFonts [<<\
        /Subtype /CIDFontType2 /DW 500 /W [1 [600 700] 16 18 550]>>] /ToUnicode 6 0 R>>";
    let content = stream("", b"BT /F 10 Tf <000100020010001100120099> Tj ET");
    let bytes = page(content, &[font.to_vec(), stream("", map)]);
    let document = decode(&bytes).unwrap();
    assert_eq!(document.text, "Affабв");
    assert_eq!(
        document.partial.unwrap(),
        "1 of 6 characters have no letter in their fonts"
    );
    let mute = b"<</Type /Font /Subtype /Type0 /Encoding /Identity-H /DescendantFonts [<<>>]>>";
    let bytes = page(
        stream("", b"BT /F 10 Tf <00010002> Tj ET"),
        &[mute.to_vec()],
    );
    assert_eq!(
        decode(&bytes).unwrap_err().to_string(),
        "unsupported: PDF whose fonts do not say which letters they show"
    );
    let unicode =
        b"<</Type /Font /Subtype /Type0 /Encoding /UniJIS-UTF16-H /DescendantFonts [<<>>]>>";
    let bytes = page(
        stream("", b"BT /F 10 Tf <79c16587> Tj ET"),
        &[unicode.to_vec()],
    );
    assert_eq!(decode(&bytes).unwrap().text, "私文");
}

#[test]
fn glyphs_have_names() {
    let cases = [
        ("A", "A"),
        ("f_f_i.alt", "ffi"),
        ("eacute", "e\u{301}"),
        ("uni00410042", "AB"),
        ("u1F433", "\u{1f433}"),
        ("afii10023", "Ё"),
        ("afii10049", "Я"),
        ("afii10097", "я"),
        ("Omega", "Ω"),
        ("germandbls", "ß"),
    ];
    for (name, letters) in cases {
        assert_eq!(glyphs::of_name(name).as_deref(), Some(letters), "{name}");
    }
    for name in [
        "",
        ".notdef",
        "g123",
        "uni12",
        "uniD800",
        "u123456789",
        "afii1",
    ] {
        assert_eq!(glyphs::of_name(name), None, "{name}");
    }
    let font = b"<</Subtype /Type1 /Encoding <</Differences [1 /fi /Adieresis 65 /B /C]>>>>";
    let bytes = page(
        stream("", b"BT /F 9 Tf (\\001\\002AB') Tj ET"),
        &[font.to_vec()],
    );
    assert_eq!(decode(&bytes).unwrap().text, "fiA\u{308}BC’");
}

#[test]
fn forms_are_read_and_those_that_hold_themselves_show_nothing_more() {
    let form = |next: usize, content: &[u8]| {
        let resources =
            format!("/Subtype /Form /Resources <</Font <</F 5 0 R>> /XObject <</X {next} 0 R>>>>");
        stream(&resources, content)
    };
    let helvetica = HELVETICA.as_bytes().to_vec();
    let content = || stream("", b"BT /F 10 Tf (out) Tj ET /X Do");
    let inner = b"BT /F 10 Tf (in) Tj ET /X Do /X Do";
    let around = page(
        content(),
        &[helvetica.clone(), form(7, inner), form(6, inner)],
    );
    assert!(decode(&around).unwrap().text.starts_with("outin"));

    // Ten forms, each of which shows the next one eight times: 8^9 of the last.
    let mut objects = vec![helvetica];
    objects.extend((7..17).map(|next| form(next, &b"BT /F 10 Tf (in) Tj ET /X Do ".repeat(8))));
    let document = small(&page(content(), &objects), 100_000).unwrap();
    assert_eq!(
        document.partial.unwrap(),
        "only the first 100000 bytes of content were read"
    );
}

#[test]
fn bombs_stop_at_the_limit() {
    let content = [
        b"BT /F 10 Tf (word) Tj ".to_vec(),
        b"(word) Tj ".repeat(1 << 20),
    ]
    .concat();
    let bytes = page(
        stream("/Filter /FlateDecode", &deflated(&content)),
        &[HELVETICA.as_bytes().to_vec()],
    );
    assert!(bytes.len() < 100_000);
    let document = small(&bytes, 50_000).unwrap();
    assert!(document.text.len() < 50_000 && document.text.starts_with("word"));
    assert!(
        document
            .partial
            .unwrap()
            .starts_with("only the first 50000 bytes")
    );

    let twice = deflated(&deflated(&content));
    let bytes = page(
        stream("/Filter [/FlateDecode /FlateDecode]", &twice),
        &[HELVETICA.as_bytes().to_vec()],
    );
    let refused = small(&bytes, 50_000).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "corrupt: damaged PDF: its pages cannot be unpacked"
    );

    let table = stream(
        "/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode",
        &deflated(&content),
    );
    let bytes = page(stream("", b""), &[table]);
    assert_eq!(
        small(&bytes, 50_000).unwrap_err().to_string(),
        "limit: PDF whose tables of objects take over 50000 bytes"
    );
}

#[test]
fn what_has_no_text_says_why() {
    let picture = stream("/Subtype /Image /Width 1 /Height 1", b"\0");
    let scan = page(
        stream("", b"/X Do"),
        &[HELVETICA.as_bytes().to_vec(), picture],
    );
    assert_eq!(
        decode(&scan).unwrap_err().to_string(),
        "empty: PDF without a text layer: 1 pages of pictures or nothing"
    );
    assert_eq!(
        decode(b"%PDF-1.4\nnothing").unwrap_err().to_string(),
        "corrupt: damaged PDF: no pages found"
    );
    let key = "00".repeat(32);
    let encrypt = format!(
        "/ID [<00> <00>] /Encrypt <</Filter /Standard /V 2 /R 3 /Length 128 /P -4 /O <{key}> /U <{key}>>>"
    );
    let objects = [
        b"<</Type /Catalog /Pages 2 0 R>>".to_vec(),
        b"<</Type /Pages /Kids [] /Count 0>>".to_vec(),
    ];
    assert_eq!(
        decode(&document(&objects, &encrypt))
            .unwrap_err()
            .to_string(),
        "unsupported: PDF encrypted with a password"
    );
}

#[test]
fn a_document_cut_or_damaged_anywhere_is_read_or_refused() {
    let bytes = shown("q 1 0 0 1 0 0 cm BT /F 10 Tf 50 700 Td [(Call) -300 (me)] TJ ET Q");
    for at in 0..bytes.len() {
        let mut damaged = bytes.clone();
        damaged[at] ^= 0x11;
        for bytes in [&bytes[..at], &damaged] {
            if let Err(refused) = decode(bytes) {
                assert_ne!(refused.reason, Reason::Panicked, "{at}: {refused}");
            }
        }
    }
}

proptest! {
    #[test]
    fn any_content_is_read_or_refused_alike_twice(
        content in "( |q|Q|BT|ET|T\\*|TJ|Tj|'|\"|Td|TD|Tm|Tf|Tc|Tz|cm|Do|BI|ID|EI|/F|/X|\\[|\\]|<<|>>|[(]a[)]|<41>|-?[0-9]{1,12}|[.]5){0,60}",
        noise in proptest::collection::vec(any::<u8>(), 0..200),
    ) {
        for content in [content.as_bytes(), &noise] {
            let bytes = page(stream("", content), &[
                HELVETICA.as_bytes().to_vec(),
                stream("/Subtype /Form", content),
            ]);
            let outcome = decode(&bytes);
            prop_assert_eq!(&outcome, &decode(&bytes));
            if let Err(refused) = outcome {
                prop_assert_ne!(refused.reason, Reason::Panicked);
            }
        }
        prop_assert!(decode(&[b"%PDF-1.7\n".as_slice(), &noise].concat()).is_err());
    }

    #[test]
    fn any_font_does_no_harm(
        parts in "(/Encoding|/Differences|/ToUnicode 6 0 R|/W|/DW|/Widths|/FirstChar|/DescendantFonts|/Subtype|/Type0|/Type1|/Identity-H|/a|<<|>>|\\[|\\]| -?[0-9]{1,10} ){0,30}",
        map in "(begincmap|beginbfrange|endbfrange|beginbfchar|begincidrange|<[0-9A-F]{0,8}>|[0-9]{1,10}|/[A-z]{0,4}| |\\[|\\]){0,40}",
    ) {
        let font = format!("<</Type /Font {parts}>>");
        let composite = "<</Subtype /Type0 /Encoding 6 0 R /ToUnicode 6 0 R>>";
        for font in [&font, composite] {
            let content = stream("", b"BT /F 10 Tf (abc\\000\\001) Tj ET");
            let bytes = page(content, &[font.as_bytes().to_vec(), stream("", map.as_bytes())]);
            if let Err(refused) = decode(&bytes) {
                prop_assert_ne!(refused.reason, Reason::Panicked);
            }
        }
    }
}
