use std::io::Write;

use proptest::prelude::*;

use super::super::tests::{Found, fixture, reasons, rows};
use super::*;

const HEAD: &str = "<ONIXMessage release=\"3.0\">";

/// A message of these products.
fn onix(products: &str) -> Found {
    rows("a.xml", format!("{HEAD}{products}</ONIXMessage>"))
}

fn product(isbn: &str) -> String {
    format!(
        "<Product><ProductIdentifier><ProductIDType>15</ProductIDType>\
         <IDValue>{isbn}</IDValue></ProductIdentifier></Product>"
    )
}

fn refused(contents: impl AsRef<[u8]>) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.xml");
    std::fs::write(&path, contents).unwrap();
    match super::super::open(&path) {
        Err(Error::Catalog { detail, .. }) => detail,
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("opened"),
    }
}

const GOOD: &str = "9783161484100";

#[test]
fn bombs_and_foreign_entities_are_refused() {
    let laughs = "<?xml version=\"1.0\"?><!DOCTYPE lolz [<!ENTITY a \"lol\"><!ENTITY b \"&a;&a;\">]><ONIXMessage release=\"3.0\">&b;</ONIXMessage>";
    let external =
        "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><ONIXMessage release=\"3.0\"/>";
    for text in [laughs, external] {
        assert!(refused(text).contains("of its own in a DOCTYPE"));
    }
    let found = onix(&format!(
        "<Product><RecordReference>&xxe;</RecordReference></Product>{}",
        product(GOOD)
    ));
    assert_eq!(
        reasons(&found),
        [(1, "the entity &xxe; is not one of XML itself")]
    );
    assert!(found[1].is_ok());
    let late = onix("<!DOCTYPE x [<!ENTITY a \"b\">]>");
    assert_eq!(late.len(), 1);
    // A DOCTYPE that names a schema is not fetched, and does no harm.
    assert!(
        rows(
            "a.xml",
            format!("<!DOCTYPE ONIXMessage SYSTEM \"x.dtd\">{HEAD}</ONIXMessage>")
        )
        .is_empty()
    );
}

#[test]
fn the_entities_of_xml_and_characters_are_read() {
    let found = onix(
        "<Product><RecordReference>a&amp;b&lt;&#x41;&#66;<![CDATA[<&>]]></RecordReference></Product>",
    );
    assert_eq!(found[0].as_ref().unwrap().work.work_id, "a&b<AB<&>");
}

#[test]
fn what_spoils_a_record_spoils_no_other() {
    let spoilt = [
        ("a & b", "an & that is not written &amp;"),
        ("&#xD800;", "the entity &#xD800; is not one of XML itself"),
        ("&nbsp;", "the entity &nbsp; is not one of XML itself"),
        (
            "\u{fffd}",
            "a damaged character, or another encoding than declared",
        ),
    ];
    for (text, reason) in spoilt {
        let bad = format!("\n<Product><RecordReference>{text}</RecordReference></Product>\n");
        let found = onix(&format!("{}{bad}{}", product(GOOD), product(GOOD)));
        assert_eq!(reasons(&found), [(2, reason)], "{text}");
        assert_eq!(found.len(), 3);
    }
}

#[test]
fn depth_is_bounded_in_records_and_around_them() {
    let deep = "<a>".repeat(1_000_000);
    for text in [
        deep.clone(),
        format!("<Product>{deep}"),
        format!("<Product><Subject>{deep}"),
    ] {
        let found = onix(&text);
        assert_eq!(found.len(), 1);
        assert!(
            reasons(&found)[0].1.contains("nested deeper than 64"),
            "{:?}",
            reasons(&found)
        );
    }
}

#[test]
fn a_hundred_megabytes_of_one_text_cost_one_record() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.xml");
    let mut file = std::fs::File::create(&path).unwrap();
    let mut write = |text: &str| file.write_all(text.as_bytes()).unwrap();
    write(HEAD);
    write("\n<Product><RecordReference>");
    let line = format!("{}\n", "y".repeat((1 << 20) - 1));
    (0..100).for_each(|_| write(&line));
    write("</RecordReference></Product>\n");
    write(&product(GOOD));
    write("</ONIXMessage>");
    let found: Found = super::super::open(&path).unwrap().collect();
    assert_eq!(reasons(&found), [(2, "a text is longer than 8 MiB")]);
    assert_eq!(found[1].as_ref().unwrap().line, 103);
    // The same as a tag ends the reading.
    let tag = format!("<Product a=\"{}\"/>", "y".repeat(9 << 20));
    assert!(reasons(&onix(&tag))[0].1.contains("longer than 8 MiB"));
}

#[test]
fn a_record_may_be_large_but_not_endless() {
    let many = "<b/>".repeat(200_000);
    let found = onix(&format!(
        "<Product><Measure>{many}</Measure></Product>{}",
        product(GOOD)
    ));
    assert_eq!(reasons(&found), [(1, "<Product> is larger than 16 MiB")]);
    assert!(found[1].is_ok());
    let many = " a=\"\"".repeat(100);
    assert!(
        reasons(&onix(&format!("<Product{many}/>")))[0]
            .1
            .contains("more than 64 attributes")
    );
}

#[test]
fn encodings_are_read_by_mark_and_by_declaration() {
    let text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-16\"?>{HEAD}<Product><RecordReference>Größe</RecordReference></Product></ONIXMessage>"
    );
    let wide = |mark: &[u8], units: fn(u16) -> [u8; 2]| {
        let units = text.encode_utf16().flat_map(units);
        mark.iter().copied().chain(units).collect::<Vec<u8>>()
    };
    let western = text
        .replace("UTF-16", "windows-1252")
        .chars()
        .map(|c| c as u8)
        .collect();
    let files: [Vec<u8>; 5] = [
        wide(b"\xff\xfe", u16::to_le_bytes),
        wide(b"\xfe\xff", u16::to_be_bytes),
        wide(b"", u16::to_le_bytes),
        western,
        [b"\xef\xbb\xbf".as_slice(), text.as_bytes()].concat(),
    ];
    for file in files {
        let found = rows("a.xml", file);
        assert_eq!(found[0].as_ref().unwrap().work.work_id, "Größe");
    }
    assert!(refused("<?xml version='1.0' encoding='klingon'?><a/>").contains("klingon"));
}

#[test]
fn files_that_are_no_message_are_refused() {
    for (text, said) in [
        ("", "no root element"),
        ("PK\u{3}\u{4}", "no root element"),
        ("<html><body/></html>", "\"html\""),
        ("<ONIXMessage/>", "of no stated release"),
        ("<ONIXMessage release=\"2.1\"/>", "ONIX 2.1"),
        ("<NewReleaseMessage/>", "ERN 3.8 and 4 are read"),
        (
            "<e:NewReleaseMessage xmlns:e=\"http://ddex.net/xml/ern/341\"/>",
            "too old",
        ),
    ] {
        assert!(refused(text).contains(said), "{text}: {}", refused(text));
    }
}

#[test]
fn a_cut_message_gives_what_is_whole_and_says_so() {
    for name in [
        "ern-382.xml",
        "ern-43.xml",
        "onix-31.xml",
        "onix-30-short.xml",
    ] {
        let whole = fixture(name);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.xml");
        let mut most = 0;
        for end in (0..whole.len()).step_by(23) {
            std::fs::write(&path, &whole[..end]).unwrap();
            let Ok(found) = super::super::open(&path) else {
                continue;
            };
            let found: Found = found.collect();
            let good = found.iter().filter(|row| row.is_ok()).count();
            assert!(good >= most, "{name} cut at {end}");
            most = good;
            let is_closed = whole[..end].trim_ascii_end().ends_with(b"essage>");
            let last = found.last().and_then(|row| row.as_ref().err());
            assert_eq!(
                last.is_none_or(|reject| !reject.reason.contains("nothing after it was read")),
                is_closed,
                "{name} cut at {end}: {found:?}"
            );
        }
        assert!(most > 0);
    }
}

proptest! {
    #[test]
    fn any_bytes_end(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.xml");
        for head in ["", HEAD, "<ern:NewReleaseMessage xmlns:ern='http://ddex.net/xml/ern/43'><ResourceList>"] {
            std::fs::write(&path, [head.as_bytes(), &bytes].concat()).unwrap();
            if let Ok(rows) = super::super::open(&path) {
                prop_assert!(rows.count() < 1000);
            }
        }
    }

    #[test]
    fn mutated_messages_end(
        pick in 0..4usize,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3u8), 1..12),
    ) {
        let names = ["ern-382.xml", "ern-43.xml", "onix-31.xml", "onix-30-short.xml"];
        let mut bytes = fixture(names[pick]);
        for (at, byte, how) in changes {
            let at = at.index(bytes.len());
            match how {
                0 => bytes[at] = byte,
                1 => { bytes.remove(at); }
                _ => { bytes.splice(at..at, b"<>&;/\"!["[usize::from(byte % 8)..].iter().copied()); }
            }
        }
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.xml");
        std::fs::write(&path, bytes).unwrap();
        if let Ok(rows) = super::super::open(&path) {
            for reject in rows.filter_map(std::result::Result::err) {
                prop_assert!(!reject.reason.is_empty());
            }
        }
    }
}
