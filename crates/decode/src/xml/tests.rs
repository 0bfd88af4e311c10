use proptest::prelude::*;

use super::*;

#[test]
fn a_document_is_a_tree() {
    let text = "<?xml version=\"1.0\"?><!-- x --><r:rsl xmlns:r=\"urn:x\"><r:a b=\"1 &amp; 2\" r:c=\"3\">t&lt;<b/>u</r:a></r:rsl>";
    let root = read_xml(text.as_bytes()).unwrap();
    assert_eq!(
        (root.name.as_str(), root.namespace.as_str()),
        ("rsl", "urn:x")
    );
    let [child] = &root.children[..] else {
        panic!("{root:?}")
    };
    assert_eq!(child.attributes, [("b".to_owned(), "1 & 2".to_owned())]);
    assert_eq!(child.text, "t<u");
    assert_eq!(child.children[0].name, "b");
    let wide: Vec<u8> = "\u{feff}<a>é</a>"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    assert_eq!(read_xml(&wide).unwrap().text, "é");
}

#[test]
fn what_is_no_document_is_refused() {
    for text in [
        "",
        "text",
        "<a>",
        "<a><b></a>",
        "<a b=>",
        "<a>&entity;</a>",
        "</a>",
    ] {
        let error = read_xml(text.as_bytes()).unwrap_err();
        assert_eq!(error.reason, Reason::Corrupt, "{text}");
    }
    let deep = format!("{}{}", "<a>".repeat(40), "</a>".repeat(40));
    assert_eq!(read_xml(deep.as_bytes()).unwrap_err().reason, Reason::Limit);
    let long = vec![b' '; DOCUMENT_BYTES_MAX + 1];
    assert_eq!(read_xml(&long).unwrap_err().reason, Reason::Limit);
    let entity = "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>";
    assert!(read_xml(entity.as_bytes()).is_err());
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "(<|>|/|a|b|\"|=|&|;|!|\\[|\\]|-| |\\?){0,40}") {
        assert_eq!(read_xml(text.as_bytes()), read_xml(text.as_bytes()));
    }
}
