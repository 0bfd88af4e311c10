use clearance_rights::UseSet;

use super::{attribute_ranges, merged, new_packet};
use crate::{Error, Existing, Statement};

fn everything() -> Statement {
    Statement {
        reserved: UseSet::ALL,
        ..Statement::default()
    }
}

fn packet(description: &str) -> String {
    format!(
        "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF \
         xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>{description}</rdf:RDF></x:xmpmeta>"
    )
}

const NAMESPACES: &str = "xmlns:plus='http://ns.useplus.org/ldf/xmp/1.0/' \
     xmlns:tdm='http://www.w3.org/ns/tdmrep/' xmlns:dc='http://purl.org/dc/elements/1.1/'";

fn merge(description: &str, existing: Existing) -> Result<Option<String>, Error> {
    let old = packet(description);
    let new = merged(Some(old.as_bytes()), &everything(), existing)?;
    Ok(new.map(|new| String::from_utf8(new).unwrap()))
}

#[test]
fn a_new_packet_says_all_that_is_stated_once() {
    let statement = Statement {
        policy_url: Some("https://example.com/?a=1&b=2".to_owned()),
        owner: Some("Ada & \"Ben\"".to_owned()),
        copyright: Some("© 2026 Ada".to_owned()),
        ..everything()
    };
    let new = new_packet(&statement);
    for once in [
        "<plus:DataMining>http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED</plus:DataMining>",
        "<tdm:reservation>1</tdm:reservation>",
        "<tdm:policy>https://example.com/?a=1&amp;b=2</tdm:policy>",
        "<rdf:li xml:lang=\"x-default\">© 2026 Ada</rdf:li>",
        "Ada &amp; &quot;Ben&quot;",
    ] {
        assert_eq!(new.matches(once).count(), 1, "{once} in {new}");
    }
    let again = merged(Some(new.as_bytes()), &statement, Existing::Keep);
    assert_eq!(again, Ok(None), "what is said already is not said again");
}

#[test]
fn properties_of_others_stay_as_they_are() {
    let kept = format!(
        "<rdf:Description rdf:about='urn:x' {NAMESPACES} dc:format='image/jpeg'>\
         <dc:creator><rdf:Seq><rdf:li>Ada</rdf:li></rdf:Seq></dc:creator></rdf:Description>"
    );
    let new = merge(&kept, Existing::Keep).unwrap().unwrap();
    assert!(new.contains(&kept), "{new}");
    assert!(new.contains("rdf:about=\"urn:x\""), "{new}");
    assert!(new.contains("DMI-PROHIBITED<"), "{new}");
}

#[test]
fn what_says_something_else_is_refused_or_replaced() {
    let forms = [
        format!("<rdf:Description {NAMESPACES} dc:format='x' plus:DataMining='DMI-ALLOWED'/>"),
        format!(
            "<rdf:Description {NAMESPACES} dc:format='x'><plus:DataMining>DMI-ALLOWED\
             </plus:DataMining></rdf:Description>"
        ),
        format!(
            "<rdf:Description {NAMESPACES} dc:format='x'><plus:DataMining \
             rdf:resource='DMI-ALLOWED'/></rdf:Description>"
        ),
        format!("<rdf:Description {NAMESPACES} dc:format='x' tdm:reservation = \"0\" />"),
    ];
    for form in forms {
        let refused = merge(&form, Existing::Keep);
        assert!(matches!(refused, Err(Error::Contradicts { .. })), "{form}");
        let new = merge(&form, Existing::Replace).unwrap().unwrap();
        assert!(
            !new.contains("DMI-ALLOWED") && !new.contains("\"0\""),
            "{new}"
        );
        assert!(new.contains("dc:format='x'"), "{new}");
        assert!(new.contains("DMI-PROHIBITED<"), "{new}");
    }
}

#[test]
fn a_packet_that_cannot_be_read_is_refused() {
    for broken in [
        "<rdf:Description>",
        "<a:b x='1",
        "&unknown;",
        "<!DOCTYPE x>",
    ] {
        assert!(merge(broken, Existing::Keep).is_err(), "{broken}");
    }
    let alone = merged(Some(b"<x:xmpmeta/>"), &everything(), Existing::Keep);
    assert!(matches!(alone, Err(Error::Unsupported(_))));
}

#[test]
fn attributes_are_found_where_they_stand() {
    let tag = "rdf:Description a='1'  b = \"x=y'\"\n c=''";
    let found: Vec<&str> = attribute_ranges(tag, 0)
        .into_iter()
        .map(|range| &tag[range])
        .collect();
    assert_eq!(found, [" a='1'", "  b = \"x=y'\"", "\n c=''"]);
}
