use encoding_rs::{BIG5, EUC_JP, GBK, KOI8_R, SHIFT_JIS, WINDOWS_1251, WINDOWS_1252};
use proptest::prelude::*;

use super::*;

fn plain(bytes: &[u8]) -> Result<Document, Unreadable> {
    decode_text(bytes, Format::PlainText, &Limits::default())
}

fn utf_16(text: &str, big_endian: bool) -> Vec<u8> {
    text.encode_utf16()
        .flat_map(|unit| {
            if big_endian {
                unit.to_be_bytes()
            } else {
                unit.to_le_bytes()
            }
        })
        .collect()
}

#[test]
fn unicode_is_recognized_with_and_without_marks() {
    let text = "Nennt mich Ismael. Größe & Weite \u{1f433}";
    let cases = [
        (text.as_bytes().to_vec(), "UTF-8"),
        ([b"\xef\xbb\xbf", text.as_bytes()].concat(), "UTF-8"),
        (utf_16(text, false), "UTF-16LE"),
        (utf_16(text, true), "UTF-16BE"),
        (
            [b"\xff\xfe".to_vec(), utf_16(text, false)].concat(),
            "UTF-16LE",
        ),
        (
            [b"\xfe\xff".to_vec(), utf_16(text, true)].concat(),
            "UTF-16BE",
        ),
    ];
    for (bytes, encoding) in cases {
        let document = plain(&bytes).unwrap();
        assert_eq!(
            document,
            Document {
                text: text.to_owned(),
                encoding,
                partial: None
            }
        );
    }
}

#[test]
fn old_encodings_are_guessed_from_the_language() {
    let russian =
        "Зовите меня Измаил. Несколько лет тому назад, когда именно, неважно, я обнаружил";
    let japanese = "わたしをイシュメールと呼んでくれ。何年か前のこと、財布の中身がほとんど空になり";
    let chinese =
        "叫我伊什梅尔吧。几年前，确切的时间无关紧要，我口袋里只有很少的钱，或者根本没有钱";
    let french =
        "Appelez-moi Ismaël. Voici quelques années, peu importe combien, le porte-monnaie à sec";
    let cases = [
        (russian, WINDOWS_1251),
        (russian, KOI8_R),
        (japanese, SHIFT_JIS),
        (japanese, EUC_JP),
        (chinese, GBK),
        (
            "請叫我以實瑪利。幾年以前，我的錢包裡幾乎沒有錢，岸上也沒有什麼特別吸引我的事情",
            BIG5,
        ),
        (french, WINDOWS_1252),
    ];
    for (text, encoding) in cases {
        let (bytes, _, lossy) = encoding.encode(text);
        assert!(!lossy);
        assert_eq!(plain(&bytes).unwrap().text, text, "{}", encoding.name());
    }
    let (bytes, _, _) = encoding_rs::ISO_2022_JP.encode(japanese);
    assert_eq!(plain(&bytes).unwrap().text, japanese);
}

#[test]
fn a_few_bad_bytes_do_not_turn_unicode_into_another_encoding() {
    let mut bytes = "Größe und Weite, schön wär's: äöü ÄÖÜ ß, überall"
        .as_bytes()
        .to_vec();
    bytes.push(0xc3);
    let document = plain(&bytes).unwrap();
    assert_eq!(document.encoding, "UTF-8");
    assert!(
        document.text.ends_with("überall\u{fffd}"),
        "{}",
        document.text
    );
}

#[test]
fn pages_say_their_encoding() {
    let limits = Limits::default();
    for head in [
        "<meta charset=iso-8859-5>",
        "<META http-equiv=x content='text/html; CharSet = \"ISO-8859-5\"'>",
    ] {
        let mut page = head.as_bytes().to_vec();
        page.extend(b"<p>\xbc\xd8\xe0");
        let document = decode_text(&page, Format::Html, &limits).unwrap();
        assert_eq!(
            (document.text.as_str(), document.encoding),
            ("Мир", "ISO-8859-5")
        );
    }
    let lying = b"<meta charset=utf-16><p>caf\xe9";
    let document = decode_text(lying, Format::Html, &limits).unwrap();
    assert_eq!(
        (document.text.as_str(), document.encoding),
        ("caf\u{fffd}", "UTF-8")
    );
}

#[test]
fn markup_other_than_html_stays() {
    let limits = Limits::default();
    let source = "# Title\n\n*text* <b>bold</b>";
    assert_eq!(
        decode_text(source.as_bytes(), Format::Markdown, &limits)
            .unwrap()
            .text,
        source
    );
    let rows = "{\"text\": \"a\"}\n{\"text\": \"b\"}\n";
    assert_eq!(
        decode_text(rows.as_bytes(), Format::JsonLines, &limits)
            .unwrap()
            .text,
        rows
    );
}

#[test]
fn long_text_is_cut_between_characters() {
    let text = "aß€\u{1f433}";
    let cuts = [
        (1, "a"),
        (2, "a"),
        (3, "aß"),
        (5, "aß"),
        (6, "aß€"),
        (9, "aß€"),
        (10, text),
    ];
    for (text_bytes, kept) in cuts {
        let limits = Limits {
            text_bytes,
            ..Limits::default()
        };
        let document = decode_text(text.as_bytes(), Format::PlainText, &limits).unwrap();
        assert_eq!((document.text.as_str(), document.encoding), (kept, "UTF-8"));
        let partial =
            (text_bytes < 10).then(|| format!("only the first {text_bytes} of 10 bytes were read"));
        assert_eq!(document.partial, partial);
    }
    let limits = Limits {
        text_bytes: 21,
        ..Limits::default()
    };
    let bytes = utf_16("ten letter", false);
    assert!(
        decode_text(&bytes, Format::PlainText, &limits)
            .unwrap()
            .partial
            .is_none()
    );
    let limits = Limits {
        text_bytes: 13,
        ..limits
    };
    assert_eq!(
        decode_text(&bytes, Format::PlainText, &limits)
            .unwrap()
            .text,
        "ten le"
    );
}

#[test]
fn what_is_not_text_is_refused() {
    assert_eq!(plain(b"").unwrap_err().reason, Reason::Empty);
    assert_eq!(plain(&[0; 100]).unwrap_err().reason, Reason::Unrecognized);
    let samples: Vec<u8> = (0..2_000_u32).map(|n| (n * n % 251) as u8).collect();
    assert_eq!(plain(&samples).unwrap_err().reason, Reason::Unrecognized);
    let quiet_sound: Vec<u8> = (0..500_i16).flat_map(|n| (n % 30).to_le_bytes()).collect();
    assert_eq!(
        plain(&quiet_sound).unwrap_err().reason,
        Reason::Unrecognized
    );
    let limits = Limits {
        item_bytes: 3,
        ..Limits::default()
    };
    let refused = decode_text(b"four", Format::PlainText, &limits).unwrap_err();
    assert_eq!(refused.reason, Reason::Limit);
    let picture = decode_text(b"x", Format::Png, &limits).unwrap_err();
    assert_eq!(picture.to_string(), "unrecognized: png is not text");
    #[cfg(not(feature = "pdf"))]
    {
        let pdf = decode_text(b"x", Format::Pdf, &limits).unwrap_err();
        assert_eq!(
            pdf.to_string(),
            "unsupported: this build cannot read pdf documents"
        );
    }
    let wide = b"\xff\xfe\x00\x00a\x00\x00\x00b\x00\x00\x00";
    assert_eq!(plain(wide).unwrap_err().reason, Reason::Unrecognized);
}

proptest! {
    #[test]
    fn any_text_reads_back(text in "\\PC{1,60}") {
        prop_assert_eq!(plain(text.as_bytes()).unwrap().text, text);
    }

    #[test]
    fn any_bytes_are_read_or_refused_alike_twice(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        for format in [Format::PlainText, Format::Html] {
            let limits = Limits { text_bytes: 200, ..Limits::default() };
            let outcome = decode_text(&bytes, format, &limits);
            prop_assert_eq!(&outcome, &decode_text(&bytes, format, &limits));
            if let Err(refused) = outcome {
                prop_assert_ne!(refused.reason, Reason::Panicked);
            }
        }
    }
}
