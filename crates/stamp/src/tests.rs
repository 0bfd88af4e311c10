use std::path::Path;

use clearance_decode::{
    Depth, Format, Limits, Media, Reason, Source, decode_audio, decode_image, read_metadata, sniff,
};
use clearance_rights::signals::Answer;
use clearance_rights::{Use, UseSet};
use clearance_testkit::{art, corrupt, encode, music};
use proptest::prelude::*;

use super::{Error, Existing, Statement, stamp};

pub(crate) fn statement(reserved: UseSet) -> Statement {
    Statement {
        reserved,
        policy_url: Some("https://example.com/terms".to_owned()),
        owner: Some("Ada Ölund".to_owned()),
        copyright: Some("© 2026 Ada Ölund".to_owned()),
    }
}

pub(crate) fn fixture(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/declarations");
    std::fs::read(folder.join(name)).unwrap()
}

/// A file of every format, most of them by other programs.
pub(crate) fn samples() -> Vec<(String, Vec<u8>)> {
    let canvas = art::paint(7, 61, 47);
    let mut samples: Vec<(String, Vec<u8>)> = ["jpg", "png", "webp", "gif", "tif"]
        .iter()
        .map(|ending| {
            let bytes = encode::picture(&canvas, ending).unwrap();
            (format!("picture.{ending}"), bytes)
        })
        .collect();
    let tune = music::compose_at(3, 1.0, 22_050);
    samples.push(("tune.wav".to_owned(), encode::wav(&tune, 22_050)));
    for name in [
        "plain.jpg",
        "tags.mp3",
        "tags-2.3.mp3",
        "tags.flac",
        "tags.ogg",
        "tags.opus",
        "tags.m4a",
        "info.wav",
        "tdmrep.m4a",
        "tdmrep.tif",
        "tdmrep.gif",
    ] {
        samples.push((name.to_owned(), fixture(name)));
    }
    samples
}

/// What a file shows or plays, decoded.
pub(crate) fn decoded(name: &str, bytes: &[u8]) -> Vec<u8> {
    let format = sniff(bytes, Some(name)).unwrap();
    let limits = Limits::default();
    if format.media() == Media::Image {
        let picture = decode_image(bytes, &limits).unwrap();
        assert_eq!(picture.partial, None, "{name}");
        picture.luma
    } else {
        let mut samples: Vec<u8> = Vec::new();
        let source = Source::Bytes(bytes.to_vec().into());
        let mut sink =
            |block: &[f32]| samples.extend(block.iter().flat_map(|sample| sample.to_le_bytes()));
        match decode_audio(&source, &limits, &mut sink) {
            // Opus is a feature of the decoders.
            Err(trouble) if trouble.reason == Reason::Unsupported => {}
            read => assert!(
                read.unwrap().partial.is_none() && !samples.is_empty(),
                "{name}"
            ),
        }
        samples
    }
}

/// The parts of a file that hold its media, as they are stored.
fn stored(format: Format, bytes: &[u8]) -> Vec<u8> {
    let word = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
    let little = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
    let mut parts = Vec::new();
    match format {
        Format::Jpeg => {
            let at = bytes.windows(2).position(|it| it == [0xff, 0xda]).unwrap();
            parts.extend_from_slice(&bytes[at..]);
        }
        Format::Png => {
            let mut at = 8;
            while at < bytes.len() {
                if &bytes[at + 4..at + 8] != b"iTXt" {
                    parts.extend_from_slice(&bytes[at..at + 12 + word(at)]);
                }
                at += 12 + word(at);
            }
        }
        Format::WebP | Format::Wav => {
            let mut at = 12;
            while at < bytes.len() {
                let length = little(at + 4);
                if [b"VP8 ", b"VP8L", b"data", b"fmt "]
                    .contains(&bytes[at..at + 4].try_into().unwrap())
                {
                    parts.extend_from_slice(&bytes[at..at + 8 + length]);
                }
                at += 8 + length + length % 2;
            }
        }
        // The picture is the rest of the file, counted from its end.
        Format::Gif => parts.extend_from_slice(&bytes[bytes.len() - 60..]),
        Format::Mp3 => {
            let tag = bytes[6..10]
                .iter()
                .fold(0, |sum, &it| sum << 7 | usize::from(it));
            parts.extend_from_slice(&bytes[10 + tag..]);
        }
        Format::Flac => {
            let mut at = 4;
            while bytes[at] & 0x80 == 0 {
                at += 4 + (word(at) & 0xff_ffff);
            }
            parts.extend_from_slice(&bytes[at + 4 + (word(at) & 0xff_ffff)..]);
        }
        Format::Mp4 => {
            let mut at = 0;
            while at < bytes.len() {
                if [b"mdat", b"moov"].contains(&bytes[at + 4..at + 8].try_into().unwrap()) {
                    // With its place, to which the tables lead.
                    parts.extend_from_slice(&at.to_le_bytes());
                    parts.extend_from_slice(&bytes[at..at + word(at)]);
                }
                at += word(at);
            }
        }
        Format::Ogg => {
            let mut at = 0;
            while at < bytes.len() {
                let table = &bytes[at + 27..at + 27 + usize::from(bytes[at + 26])];
                let body: usize = table.iter().map(|&it| usize::from(it)).sum();
                // Pages of sound are those with a place in time.
                if bytes[at + 6..at + 14] != [0; 8] && bytes[at + 6..at + 14] != [0xff; 8] {
                    parts.extend_from_slice(&bytes[at + 4..at + 18]);
                    let end = at + 27 + table.len() + body;
                    parts.extend_from_slice(&bytes[at + 26..end]);
                }
                at += 27 + table.len() + body;
            }
        }
        _ => {}
    }
    parts
}

fn names(name: &str, bytes: &[u8]) -> Vec<(String, String)> {
    let format = sniff(bytes, Some(name)).unwrap();
    let signs = read_metadata(bytes, format, Depth::Everything, None).signs;
    signs.into_iter().map(|it| (it.name, it.value)).collect()
}

#[test]
fn a_copy_says_what_was_asked_and_its_media_are_the_same() {
    for (name, bytes) in samples() {
        let statement = statement(UseSet::ALL);
        let stamped = stamp(&bytes, Some(&name), &statement, Existing::Replace)
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        for each in Use::ALL {
            let said = stamped.embedded.answer(each).map(|it| it.answer);
            assert_eq!(said, Some(Answer::Deny), "{name}: {each}");
        }
        let format = sniff(&bytes, Some(&name)).unwrap();
        let before = stored(format, &bytes);
        assert!(format == Format::Tiff || before.len() > 50, "{name}");
        assert!(stored(format, &stamped.bytes) == before, "{name}");
        if format == Format::Tiff {
            assert_eq!(stamped.bytes[8..bytes.len()], bytes[8..], "{name}");
        }
        assert!(
            decoded(&name, &stamped.bytes) == decoded(&name, &bytes),
            "{name}"
        );
        let claims = format!("{:?}", stamped.embedded.claims);
        assert!(claims.contains("© 2026 Ada Ölund"), "{name}: {claims}");
        let again = stamp(&stamped.bytes, Some(&name), &statement, Existing::Keep).unwrap();
        assert_eq!(
            again.bytes, stamped.bytes,
            "{name}: stamped twice is stamped once"
        );
    }
}

#[test]
fn what_a_file_said_before_it_says_still() {
    for (name, bytes) in samples() {
        let statement = Statement {
            reserved: UseSet::TEXT_AND_DATA_MINING,
            ..Statement::default()
        };
        let stamped = stamp(&bytes, Some(&name), &statement, Existing::Keep).unwrap();
        let after = names(&name, &stamped.bytes);
        for sign in names(&name, &bytes) {
            assert!(after.contains(&sign), "{name} lost {sign:?}");
        }
    }
}

#[test]
fn every_set_of_uses_that_can_be_said_is_said_exactly() {
    let canvas = art::paint(7, 20, 20);
    let bytes = encode::picture(&canvas, "png").unwrap();
    for words in ["all", "tdm", "train", "train-generative", "tdm,ai-input"] {
        let reserved = UseSet::parse_reservation(words).unwrap();
        let stamped = stamp(&bytes, None, &statement(reserved), Existing::Keep).unwrap();
        for each in Use::ALL {
            let denied = stamped.embedded.answer(each).map(|it| it.answer) == Some(Answer::Deny);
            assert_eq!(denied, reserved.contains(each), "{words}: {each}");
        }
    }
    for words in ["none", "search", "ai-input", "train,search"] {
        let reserved = UseSet::parse_reservation(words).unwrap();
        let refused = stamp(&bytes, None, &statement(reserved), Existing::Keep);
        assert!(matches!(refused, Err(Error::Inexpressible(_))), "{words}");
    }
}

#[test]
fn another_declaration_is_replaced_only_when_asked() {
    for name in [
        "plus-attribute.jpg",
        "plus-compressed.png",
        "plus-element.png",
    ] {
        let bytes = fixture(name);
        let kept = stamp(&bytes, Some(name), &statement(UseSet::ALL), Existing::Keep);
        assert!(matches!(kept, Err(Error::Contradicts { .. })), "{name}");
        let new = stamp(
            &bytes,
            Some(name),
            &statement(UseSet::ALL),
            Existing::Replace,
        )
        .unwrap();
        let plus: Vec<_> = new
            .embedded
            .declarations
            .iter()
            .filter(|it| it.value.contains("DMI"))
            .collect();
        assert_eq!(plus.len(), 1, "{name}");
        assert!(plus[0].value.ends_with("DMI-PROHIBITED"), "{name}");
    }
}

#[test]
fn signed_files_are_left_alone() {
    for name in [
        "signed.jpg",
        "signed.m4a",
        "signed.mp3",
        "signed.png",
        "signed.tif",
    ] {
        let refused = stamp(
            &fixture(name),
            Some(name),
            &statement(UseSet::ALL),
            Existing::Replace,
        );
        assert!(matches!(refused, Err(Error::Signed)), "{name}");
    }
}

/// A quote in an unquoted value, or in a name, is a letter: the tag ends at the next `>`.
#[test]
fn a_quote_that_opens_nothing_hides_no_end_of_a_tag() {
    let tdm = statement(UseSet::TEXT_AND_DATA_MINING);
    for tag in [
        "<html lang=(en\">",
        "<html lang=en' x=\">\">",
        "<html a\"b>",
    ] {
        let page = format!("{tag}<head><title>T</title></head><p>it's \"so\"</p></html>");
        let stamped = stamp(page.as_bytes(), Some("x.html"), &tdm, Existing::Keep).unwrap();
        let text = String::from_utf8(stamped.bytes).unwrap();
        let head = format!("{tag}<head><meta name=\"tdm-reservation\" content=\"1\">");
        assert!(text.starts_with(&head), "{text}");
    }
}

#[test]
fn pages_and_books_carry_what_their_declarations_can_say() {
    let page = "<!-- x --><!DOCTYPE html>\n<html lang=\"a>b\">\n<HEAD class=x><title>T</title>";
    let tdm = statement(UseSet::TEXT_AND_DATA_MINING);
    let stamped = stamp(page.as_bytes(), Some("x.html"), &tdm, Existing::Keep).unwrap();
    let text = String::from_utf8(stamped.bytes).unwrap();
    assert!(
        text.contains(
            "<HEAD class=x><meta name=\"tdm-reservation\" content=\"1\"><meta name=\"tdm-policy\" \
             content=\"https://example.com/terms\"><title>"
        ),
        "{text}"
    );
    let all = stamp(
        page.as_bytes(),
        Some("x.html"),
        &statement(UseSet::ALL),
        Existing::Keep,
    );
    assert_eq!(all.unwrap().unstated.to_string(), "search|ai-input");
    let train = UseSet::parse_reservation("train").unwrap();
    let refused = stamp(
        page.as_bytes(),
        Some("x.html"),
        &statement(train),
        Existing::Keep,
    );
    assert!(matches!(refused, Err(Error::Inexpressible(_))));

    let book = fixture("tdmrep.epub");
    let other = stamp(&book, Some("x.epub"), &tdm, Existing::Keep);
    assert!(
        matches!(other, Err(Error::Contradicts { .. })),
        "another policy"
    );
    let new = stamp(&book, Some("x.epub"), &tdm, Existing::Replace).unwrap();
    let policies = new.embedded.declarations.iter();
    let policies: Vec<_> = policies.filter_map(|it| it.policy_url.as_deref()).collect();
    assert_eq!(policies, ["https://example.com/terms"]);
    let again = stamp(&new.bytes, Some("x.epub"), &tdm, Existing::Keep).unwrap();
    assert_eq!(again.bytes, new.bytes);
}

#[test]
fn a_cut_file_is_refused_where_its_end_can_be_told() {
    for (name, bytes) in samples() {
        let has_no_end = name.ends_with("mp3") || name.ends_with("flac");
        for share in [0.1, 0.5, 0.9, 0.99] {
            let cut = corrupt::truncate(&bytes, share);
            let result = stamp(
                &cut,
                Some(&name),
                &statement(UseSet::ALL),
                Existing::Replace,
            );
            assert!(has_no_end || result.is_err(), "{name} cut to {share}");
        }
    }
}

#[test]
fn damaged_files_come_back_without_a_panic() {
    for (name, bytes) in samples() {
        for seed in 0..40 {
            let broken = corrupt::flip_bits(&bytes, 12, seed);
            if let Err(Error::Damaged(detail)) = stamp(
                &broken,
                Some(&name),
                &statement(UseSet::ALL),
                Existing::Replace,
            ) {
                assert!(!detail.contains("panic"), "{name}: {detail}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_picture_is_the_same_picture_afterwards(
        seed in any::<u64>(), width in 1u32..90, height in 1u32..90, format in 0usize..5,
    ) {
        let ending = ["jpg", "png", "webp", "gif", "tif"][format];
        let bytes = encode::picture(&art::paint(seed, width, height), ending).unwrap();
        let tdm = statement(UseSet::TEXT_AND_DATA_MINING);
        let stamped = stamp(&bytes, None, &tdm, Existing::Keep).unwrap();
        prop_assert_eq!(
            image::load_from_memory(&stamped.bytes).unwrap().into_rgba8(),
            image::load_from_memory(&bytes).unwrap().into_rgba8()
        );
    }

    #[test]
    fn any_bytes_are_stamped_or_refused_alike_twice(
        start in 0usize..12, rest in proptest::collection::vec(any::<u8>(), 0..400),
    ) {
        let starts: [&[u8]; 12] = [
            b"", b"\xff\xd8\xff\xe1", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"II*\0\x08\0\0\0",
            b"RIFF\xff\0\0\0WEBPVP8X", b"RIFF\xff\0\0\0WAVEfmt ", b"ID3\x04\0\0\0\0\x01\0",
            b"fLaC\0\0\0\x22", b"OggS\0\x02", b"\0\0\0\x10ftypM4A \0\0\0\0", b"<html><head>",
        ];
        let bytes = [starts[start], &rest].concat();
        let stamp = || stamp(&bytes, None, &statement(UseSet::ALL), Existing::Replace);
        match (stamp(), stamp()) {
            (Ok(one), Ok(two)) => prop_assert_eq!(one.bytes, two.bytes),
            (Err(one), Err(two)) => {
                prop_assert!(!one.to_string().contains("panic"), "{}", one);
                prop_assert_eq!(one, two);
            }
            _ => prop_assert!(false, "once stamped, once refused"),
        }
    }
}
