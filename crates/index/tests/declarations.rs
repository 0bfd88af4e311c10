//! What the files in `fixtures/declarations`, written by other programs, say about themselves.
#![expect(
    clippy::unwrap_used,
    reason = "a fixture that is not there is a failed test"
)]

use std::fmt::Write as _;
use std::path::Path;

use clearance_decode::Depth;
use clearance_index::embedded;
use clearance_rights::Use;
use clearance_rights::signals::{Embedded, Signature};

/// File, declarations as `scheme: answers (place)`, identifiers and subjects of claims.
const EXPECTED: &str = "\
constraint.jpg: plus:DataMining: search conditional, mining conditional, ai-input conditional, \
train conditional, train-generative conditional (XMP (JPEG APP1)) if research only
extended.jpg: plus:DataMining: search deny, mining deny, ai-input deny, train deny, \
train-generative deny (XMP (JPEG APP1))
info.wav: copyright
plain.jpg:
plus-attribute.jpg: plus:DataMining: train deny, train-generative deny (XMP (JPEG APP1))
plus-compressed.png: plus:DataMining: train-generative deny (XMP (PNG iTXt))
plus-element.png: plus:DataMining: train-generative deny (XMP (PNG iTXt))
plus.webp: plus:DataMining: search deny, mining deny, ai-input deny, train deny, \
train-generative deny (XMP (WebP XMP))
rights.jpg: tdmrep: mining deny, train deny, train-generative deny (XMP (JPEG APP1)) terms \
https://example.com/tdm.json, copyright, creator, copyright, copyright, license
signed.jpg: cawg.training-mining: mining allow, ai-input allow, train conditional, \
train-generative deny (C2PA manifest (JPEG APP11)) if ask us
signed.m4a: tdmrep: mining deny, train deny, train-generative deny (XMP (MP4 uuid box)), \
cawg.training-mining: mining allow, ai-input allow, train conditional, train-generative deny \
(C2PA manifest (MP4 uuid box)) if ask us
signed.mp3: cawg.training-mining: mining allow, ai-input allow, train conditional, \
train-generative deny (C2PA manifest (ID3 GEOB)) if ask us, ISRC DEZZZ2600001, copyright
signed.png: c2pa.training-mining: mining allow, ai-input allow, train conditional, \
train-generative deny (C2PA manifest (PNG caBX)) if ask us
signed.tif: cawg.training-mining: mining allow, ai-input allow, train conditional, \
train-generative deny (C2PA manifest (TIFF tag 52545)) if ask us
signed.wav: cawg.training-mining: mining allow, ai-input allow, train conditional, \
train-generative deny (C2PA manifest (RIFF C2PA)) if ask us, copyright
signed.webp: cawg.training-mining: mining allow, ai-input allow, train conditional, \
train-generative deny (C2PA manifest (RIFF C2PA)) if ask us
tags-2.3.mp3: ISRC DEZZZ2600001, copyright
tags.flac: ISRC DEZZZ2600001, copyright, license
tags.m4a: ISRC DEZZZ2600001, copyright
tags.mp3: tdmrep: mining deny, train deny, train-generative deny (XMP (ID3 PRIV)), \
ISRC DEZZZ2600001, license, license, copyright
tags.ogg: ISRC DEZZZ2600001
tags.opus: ISRC DEZZZ2600001
tdmrep.epub: tdmrep: mining deny, train deny, train-generative deny (EPUB package) terms \
https://provider.example/policies/policy.json, ISBN 9783161484100, title, copyright
tdmrep.gif: tdmrep: mining deny, train deny, train-generative deny \
(XMP (GIF application extension))
tdmrep.html: tdmrep: mining deny, train deny, train-generative deny (HTML meta) terms \
https://provider.example/policies/policy.json
tdmrep.m4a: tdmrep: mining deny, train deny, train-generative deny (XMP (MP4 uuid box))
tdmrep.pdf: tdmrep: mining deny, train deny, train-generative deny (XMP (PDF metadata))
tdmrep.tif: tdmrep: mining deny, train deny, train-generative deny (XMP (TIFF tag 700))
";

fn fixtures() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/declarations");
    let files = std::fs::read_dir(folder).unwrap().map(|file| {
        let file = file.unwrap();
        let name = file.file_name().into_string().unwrap();
        (name, std::fs::read(file.path()).unwrap())
    });
    let mut files: Vec<_> = files.collect();
    files.sort();
    files
}

fn described(found: &Embedded) -> String {
    let declarations = found.declarations.iter().map(|it| {
        let conditions = it.conditions.iter().map(|text| format!(" if {text}"));
        let terms = it.policy_url.iter().map(|url| format!(" terms {url}"));
        let more: String = conditions.chain(terms).collect();
        format!("{}: {} ({}){more}", it.scheme, it.answers, it.place)
    });
    let identifiers = found.identifiers.iter().map(ToString::to_string);
    let claims = found.claims.iter().map(|it| it.subject.clone());
    let all: Vec<String> = declarations.chain(identifiers).chain(claims).collect();
    all.join(", ")
}

#[test]
fn every_fixture_says_what_its_program_wrote() {
    let mut found = String::new();
    for (name, bytes) in fixtures() {
        let says = described(&embedded(&bytes, Some(&name), Depth::Everything, None));
        writeln!(found, "{}", format!("{name}: {says}").trim_end()).unwrap();
    }
    assert_eq!(found, EXPECTED);
}

#[test]
fn a_scan_leaves_claims_out_and_nothing_else() {
    for (name, bytes) in fixtures() {
        let all = embedded(&bytes, Some(&name), Depth::Everything, None);
        let some = embedded(&bytes, Some(&name), Depth::Declarations, None);
        assert_eq!(some.declarations, all.declarations, "{name}");
        assert_eq!(some.identifiers, all.identifiers, "{name}");
        assert!(some.claims.is_empty(), "{name}");
    }
}

#[test]
fn what_a_manifest_says_is_unverified() {
    for (name, bytes) in fixtures() {
        for declaration in embedded(&bytes, Some(&name), Depth::Everything, None).declarations {
            let is_manifest = declaration.place.starts_with("C2PA");
            let expected = if is_manifest {
                Signature::Unverified
            } else {
                Signature::None
            };
            assert_eq!(declaration.signature, expected, "{name}");
        }
    }
}

/// A part of a declaration is never a permission: whatever is cut off, no use that the only
/// declaration of a file denies becomes allowed.
#[test]
fn a_cut_file_allows_no_more_than_the_whole() {
    use clearance_rights::signals::Answer;
    for (name, bytes) in fixtures() {
        let whole = embedded(&bytes, Some(&name), Depth::Declarations, None);
        if whole.declarations.len() > 1 {
            continue;
        }
        let step = (bytes.len() / 300).max(1);
        for end in (0..bytes.len()).step_by(step) {
            let cut = embedded(&bytes[..end], Some(&name), Depth::Declarations, None);
            for each in Use::ALL {
                let answer = |of: &Embedded| of.answer(each).map(|it| it.answer);
                let is_widened =
                    answer(&whole) == Some(Answer::Deny) && answer(&cut) == Some(Answer::Allow);
                assert!(!is_widened, "{name} cut at {end}: {each}");
            }
        }
    }
}
