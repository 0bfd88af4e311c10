use proptest::prelude::*;

use super::*;
use crate::sniff;

/// A packet with these attributes and elements in one description.
fn packet(attributes: &str, elements: &str) -> String {
    format!(
        "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\
         <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\
         <rdf:Description xmlns:plus=\"http://ns.useplus.org/ldf/xmp/1.0/\" {attributes}>\
         {elements}</rdf:Description></rdf:RDF></x:xmpmeta>"
    )
}

fn xmp_of(packet: &[u8]) -> Metadata {
    let mut collector = Collector::new(Depth::Declarations);
    collector.xmp(packet, "test");
    collector.found
}

/// Names without their namespaces, and values.
fn pairs(found: &Metadata) -> Vec<(&str, &str)> {
    let mut pairs = Vec::new();
    for sign in &found.signs {
        let local = sign.name.rfind(['/', '#']).map_or(0, |at| at + 1);
        pairs.push((&sign.name[local..], sign.value.as_str()));
    }
    pairs
}

#[test]
fn a_property_is_an_attribute_or_an_element() {
    let value = "http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED";
    for (attributes, elements) in [
        (format!("plus:DataMining=\"{value}\""), String::new()),
        (
            String::new(),
            format!("<plus:DataMining>{value}</plus:DataMining>"),
        ),
        (
            String::new(),
            format!("<plus:DataMining rdf:resource=\"{value}\"/>"),
        ),
        (
            String::new(),
            format!("<plus:DataMining rdf:resource='{value}'></plus:DataMining>"),
        ),
        (
            String::new(),
            format!("<plus:DataMining><![CDATA[{value}]]></plus:DataMining>"),
        ),
    ] {
        let found = xmp_of(packet(&attributes, &elements).as_bytes());
        assert_eq!(
            pairs(&found),
            [("DataMining", value)],
            "{attributes} {elements}"
        );
        let name = &found.signs[0].name;
        assert_eq!(name, "http://ns.useplus.org/ldf/xmp/1.0/DataMining");
    }
}

#[test]
fn the_namespace_counts_and_not_its_prefix() {
    let elements =
        "<x1:DataMining xmlns:x1=\"http://ns.useplus.org/ldf/xmp/1.0/\">a</x1:DataMining>";
    let found = xmp_of(packet("", elements).as_bytes());
    assert_eq!(
        found.signs[0].name,
        "http://ns.useplus.org/ldf/xmp/1.0/DataMining"
    );
    let other = "<plus:DataMining xmlns:plus=\"http://example.com/\">a</plus:DataMining>";
    let found = xmp_of(packet("", other).as_bytes());
    assert_eq!(found.signs[0].name, "http://example.com/DataMining");
    let undeclared = packet("", "<tdm:reservation>1</tdm:reservation>");
    let found = xmp_of(undeclared.as_bytes());
    assert_eq!(
        found.signs[0].name,
        "http://www.w3.org/ns/tdmrep/reservation"
    );
}

#[test]
fn arrays_and_structures_give_their_values() {
    let elements = "<plus:OtherConstraints><rdf:Alt><rdf:li xml:lang=\"x-default\">research &amp; \
                    teaching</rdf:li><rdf:li xml:lang=\"de\">Forschung</rdf:li></rdf:Alt>\
                    </plus:OtherConstraints><plus:DataMining>x</plus:DataMining>\
                    <plus:LinkedEncRightsExpr><rdf:Bag><rdf:li rdf:parseType=\"Resource\">\
                    <plus:LinkedRightsExpr>https://example.com/r</plus:LinkedRightsExpr></rdf:li>\
                    </rdf:Bag></plus:LinkedEncRightsExpr>";
    let found = xmp_of(packet("", elements).as_bytes());
    assert_eq!(
        pairs(&found),
        [
            ("OtherConstraints", "research & teaching"),
            ("OtherConstraints", "Forschung"),
            ("DataMining", "x"),
            ("LinkedEncRightsExpr", "https://example.com/r"),
        ]
    );
}

#[test]
fn a_packet_in_utf_16_is_read() {
    let text = packet("plus:DataMining=\"DMI-PROHIBITED\"", "");
    let wide = std::iter::once(0xfeff).chain(text.encode_utf16());
    let bytes: Vec<u8> = wide.flat_map(u16::to_be_bytes).collect();
    assert_eq!(pairs(&xmp_of(&bytes)), [("DataMining", "DMI-PROHIBITED")]);
}

#[test]
fn a_malformed_packet_is_named_when_it_holds_the_word() {
    let whole = packet("plus:DataMining=\"DMI-PROHIBITED\"", "");
    for cut in [
        "</rdf:RDF></x:xmpmeta>",
        "\"DMI-PROHIBITED\"></rdf:Description>",
    ] {
        let cut = whole.replace(cut, "");
        let found = xmp_of(cut.as_bytes());
        assert_eq!(found.damage.len(), 1, "{cut}");
        assert_eq!(found.damage[0].topic, "plus:DataMining");
        assert!(
            found.damage[0].detail.starts_with("malformed XMP: "),
            "{found:?}"
        );
    }
    // What stands before the damage is kept.
    let cut = whole.replace("</rdf:RDF></x:xmpmeta>", "");
    assert_eq!(
        pairs(&xmp_of(cut.as_bytes())),
        [("DataMining", "DMI-PROHIBITED")]
    );
    // Nobody asks for a broken packet about something else.
    assert!(xmp_of(b"<x:xmpmeta><rdf:RDF>").is_empty());
}

#[test]
fn entities_of_the_document_are_not_expanded() {
    let bomb = format!(
        "<!DOCTYPE x [<!ENTITY a \"DMI-ALLOWED\">]>{}",
        packet("", "<plus:DataMining>&a;</plus:DataMining>")
    );
    let found = xmp_of(bomb.as_bytes());
    assert!(found.signs.is_empty());
    assert_eq!(found.damage[0].detail, "malformed XMP: entity a");
}

#[test]
fn elements_without_end_are_refused() {
    let deep = format!(
        "<rdf:Description><plus:DataMining>{}",
        "<a>".repeat(100_000)
    );
    let found = xmp_of(deep.as_bytes());
    assert_eq!(
        found.damage[0].detail,
        "malformed XMP: elements deeper than 32"
    );
}

#[test]
fn a_packet_of_a_hundred_megabytes_is_named_and_not_parsed() {
    let mut huge = packet("plus:DataMining=\"DMI-PROHIBITED\"", "").into_bytes();
    huge.resize(100 << 20, b' ');
    let found = xmp_of(&huge);
    assert!(found.signs.is_empty());
    assert_eq!(found.damage[0].topic, "plus:DataMining");
    assert!(found.damage[0].detail.contains("at most 16777216 are read"));
    // Without the word it is of no interest, however large.
    let blank = vec![b' '; 100 << 20];
    assert!(xmp_of(&blank).is_empty());
}

/// A segment with its marker and length.
fn segment(marker: u8, body: &[u8]) -> Vec<u8> {
    let length = (body.len() as u16 + 2).to_be_bytes();
    [&[0xff, marker], &length[..], body].concat()
}

fn jpeg(segments: &[Vec<u8>]) -> Vec<u8> {
    [&[0xff, 0xd8][..], &segments.concat(), &[0xff, 0xda]].concat()
}

#[test]
fn xmp_over_several_segments_is_put_together() {
    let text = packet("plus:DataMining=\"DMI-PROHIBITED\"", "");
    let part = |at: usize, end: usize| {
        let head = b"http://ns.adobe.com/xmp/extension/\0";
        let digest = [b'A'; 32];
        let full = (text.len() as u32).to_be_bytes();
        let place = (at as u32).to_be_bytes();
        let body = &text.as_bytes()[at..end];
        segment(0xe1, &[&head[..], &digest, &full, &place, body].concat())
    };
    let parts = [part(100, 200), part(0, 100), part(200, text.len())];
    let found = read_metadata(&jpeg(&parts), Format::Jpeg, Depth::Declarations, None);
    assert_eq!(pairs(&found), [("DataMining", "DMI-PROHIBITED")]);
    assert_eq!(found.signs[0].place, "XMP (JPEG APP1, extended)");
    let found = read_metadata(&jpeg(&parts[..1]), Format::Jpeg, Depth::Declarations, None);
    assert_eq!(found.damage[0].detail, "a part is missing");
}

fn jumbf_box(kind: &[u8], body: &[u8]) -> Vec<u8> {
    let length = (body.len() as u32 + 8).to_be_bytes();
    [&length[..], kind, body].concat()
}

fn superbox(label: &str, contents: &[u8]) -> Vec<u8> {
    let described = [&[0; 16][..], &[3], label.as_bytes(), &[0]].concat();
    jumbf_box(
        b"jumb",
        &[&jumbf_box(b"jumd", &described)[..], contents].concat(),
    )
}

fn store(manifests: &[&[u8]]) -> Vec<u8> {
    let manifests = manifests.iter().enumerate().map(|(number, assertions)| {
        let assertions = superbox("c2pa.assertions", assertions);
        superbox(&format!("urn:c2pa:{number}"), &assertions)
    });
    superbox("c2pa", &manifests.collect::<Vec<_>>().concat())
}

fn jumbf_of(bytes: &[u8]) -> Metadata {
    let mut collector = Collector::new(Depth::Declarations);
    collector.jumbf(bytes, "test");
    collector.found
}

const LABEL: &str = "cawg.training-mining";

#[test]
fn assertions_in_json_and_cbor_are_read_alike() {
    let json = br#"{"entries":{"cawg.ai_training":{"use":"notAllowed"}}}"#;
    // The same, each map of indefinite length and one text in two parts.
    let cbor =
        b"\xbf\x67entries\xa1\x70cawg.ai_training\xbf\x63use\x7f\x63not\x67Allowed\xff\xff\xff";
    for (kind, content) in [(b"json", &json[..]), (b"cbor", cbor)] {
        let assertion = superbox(LABEL, &jumbf_box(kind, content));
        let found = jumbf_of(&store(&[&assertion]));
        assert_eq!(found.damage, []);
        let [only] = &found.assertions[..] else {
            panic!("{found:?}");
        };
        let path = ["entries", "cawg.ai_training", "use"].map(str::to_owned);
        assert_eq!(only.leaves, [(path.to_vec(), "notAllowed".to_owned())]);
        assert_eq!((only.label.as_str(), only.is_active), (LABEL, true));
    }
}

#[test]
fn the_last_manifest_is_the_active_one() {
    let assertion = superbox(LABEL, &jumbf_box(b"json", b"{}"));
    let active = |store: &[u8]| {
        let found = jumbf_of(store);
        found
            .assertions
            .iter()
            .map(|it| it.is_active)
            .collect::<Vec<_>>()
    };
    assert_eq!(active(&store(&[&assertion, &assertion])), [false, true]);
    // The active manifest says nothing; what an ingredient said stays an ingredient's.
    assert_eq!(active(&store(&[&assertion, b""])), [false]);
}

#[test]
fn boxes_within_boxes_without_end_are_refused() {
    let mut deep = superbox(LABEL, &jumbf_box(b"json", b"{}"));
    for _ in 0..1000 {
        deep = superbox("c2pa", &deep);
    }
    let found = jumbf_of(&deep);
    assert_eq!(found.damage[0].topic, "cawg.training-mining");
    assert_eq!(found.damage[0].detail, "boxes deeper than 16");
    let values = format!("{}1", "[".repeat(100));
    let nested = superbox(LABEL, &jumbf_box(b"json", values.as_bytes()));
    assert_eq!(jumbf_of(&store(&[&nested])).damage.len(), 1);
    let arrays = vec![0x81; 100_000];
    let nested = superbox(LABEL, &jumbf_box(b"cbor", &arrays));
    let found = jumbf_of(&store(&[&nested]));
    assert_eq!(
        found.damage[0].detail,
        format!("{LABEL}: values deeper than 16")
    );
}

#[test]
fn a_store_without_the_word_is_not_looked_into() {
    let assertion = superbox("c2pa.actions", &jumbf_box(b"cbor", &[0x9f; 100]));
    assert!(jumbf_of(&store(&[&assertion])).is_empty());
}

#[test]
fn a_cut_store_is_damage() {
    let assertion = superbox(LABEL, &jumbf_box(b"json", br#"{"entries":{}}"#));
    let whole = store(&[&assertion]);
    for end in whole.len() - 20..whole.len() {
        let found = jumbf_of(&whole[..end]);
        assert!(!found.damage.is_empty(), "{end} of {}", whole.len());
    }
}

#[test]
fn a_box_of_the_greatest_length_ends_the_walk() {
    let mut mp4 = jumbf_box(b"ftyp", b"isomisom");
    mp4.extend_from_slice(&[0, 0, 0, 1]);
    mp4.extend_from_slice(b"free");
    mp4.extend_from_slice(&[0xff; 8]);
    mp4.extend_from_slice(&[0; 64]);
    let found = read_metadata(&mp4, Format::Mp4, Depth::Everything, None);
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn compressed_text_that_unpacks_to_too_much_is_damage() {
    use std::io::Write;
    let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    packer.write_all(&vec![b' '; 64 << 20]).unwrap();
    let packed = packer.finish().unwrap();
    let body = [&b"XML:com.adobe.xmp\0\x01\0\0\0"[..], &packed].concat();
    let length = (body.len() as u32).to_be_bytes();
    let signature = b"\x89PNG\r\n\x1a\n";
    let png = [&signature[..], &length, b"iTXt", &body, &[0; 4]].concat();
    let found = read_metadata(&png, Format::Png, Depth::Declarations, None);
    assert_eq!(found.damage[0].topic, "unidentified");
    assert!(
        found.damage[0].detail.contains("unpacks to more than"),
        "{found:?}"
    );
}

/// The fixtures that programs wrote, whole and in pieces.
fn fixtures() -> Vec<(String, Vec<u8>)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/declarations");
    let files = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
    let mut files: Vec<_> = files
        .map(|file| {
            let name = file.file_name().to_string_lossy().into_owned();
            (name, std::fs::read(file.path()).unwrap())
        })
        .collect();
    files.sort();
    files
}

#[test]
fn every_fixture_but_the_plain_one_says_something() {
    let files = fixtures();
    assert!(files.len() >= 25);
    for (name, bytes) in files {
        let format = sniff(&bytes, Some(&name)).unwrap();
        let found = read_metadata(&bytes, format, Depth::Everything, None);
        assert_eq!(found.is_empty(), name == "plain.jpg", "{name}: {found:?}");
        assert_eq!(found.damage, [], "{name}");
    }
}

#[test]
fn a_file_cut_anywhere_is_read_as_far_as_it_goes() {
    for (name, bytes) in fixtures() {
        let format = sniff(&bytes, Some(&name)).unwrap();
        let step = (bytes.len() / 200).max(1);
        for end in (0..bytes.len()).step_by(step) {
            let found = read_metadata(&bytes[..end], format, Depth::Everything, None);
            let panicked = |it: &MetadataDamage| it.detail.contains("panicked");
            assert!(
                !found.damage.iter().any(panicked),
                "{name} cut at {end}: {found:?}"
            );
        }
    }
}

#[test]
fn what_is_not_asked_for_is_left_out_and_nothing_else() {
    for (name, bytes) in fixtures() {
        let format = sniff(&bytes, Some(&name)).unwrap();
        let some = read_metadata(&bytes, format, Depth::Declarations, None);
        let all = read_metadata(&bytes, format, Depth::Everything, None);
        assert_eq!(some.assertions, all.assertions, "{name}");
        assert_eq!(some.damage, all.damage, "{name}");
        let is_known = |sign: &MetadataSign| {
            let same = |it: &MetadataSign| (&it.name, &it.value) == (&sign.name, &sign.value);
            all.signs.iter().any(same)
        };
        assert!(some.signs.iter().all(is_known), "{name}");
    }
}

proptest! {

    #[test]
    fn a_flipped_byte_panics_nowhere(which in 0_usize..100, at in any::<usize>(), byte in any::<u8>()) {
        let files = fixtures();
        let (name, mut bytes) = files[which % files.len()].clone();
        let place = at % bytes.len();
        let format = sniff(&bytes, Some(&name)).unwrap();
        bytes[place] = byte;
        let found = read_metadata(&bytes, format, Depth::Everything, None);
        prop_assert!(found.damage.iter().all(|it| !it.detail.contains("panicked")), "{name} {place}: {found:?}");
        prop_assert_eq!(&found, &read_metadata(&bytes, format, Depth::Everything, None));
    }

    #[test]
    fn any_bytes_in_any_format_panic_nowhere(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        for format in [
            Format::Jpeg, Format::Png, Format::WebP, Format::Wav, Format::Gif, Format::Tiff,
            Format::Mp4, Format::Mp3, Format::Flac, Format::Ogg, Format::Html, Format::Epub,
            Format::Pdf, Format::Aiff,
        ] {
            let found = read_metadata(&bytes, format, Depth::Everything, None);
            prop_assert!(found.damage.iter().all(|it| !it.detail.contains("panicked")), "{found:?}");
        }
    }
}
