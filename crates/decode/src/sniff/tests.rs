use proptest::prelude::*;

use super::*;

/// Frames of silence: MPEG-1 layer III, 128 kbit/s, 44.1 kHz, so 417 bytes each.
fn mp3_frames(count: usize) -> Vec<u8> {
    let mut frame = [0; 417];
    frame[..4].copy_from_slice(&[0xff, 0xfb, 0x90, 0x00]);
    frame.repeat(count)
}

/// ADTS frames of 100 bytes: AAC-LC, 44.1 kHz, stereo.
fn adts_frames(count: usize) -> Vec<u8> {
    let mut frame = [0; 100];
    frame[..7].copy_from_slice(&[
        0xff,
        0xf1,
        0x50,
        0x80,
        100 >> 3,
        (100 << 5_u8) as u8 | 0x1f,
        0xfc,
    ]);
    frame.repeat(count)
}

fn id3_tag(len: usize) -> Vec<u8> {
    let mut tag = b"ID3\x04\x00\x00".to_vec();
    tag.extend([21, 14, 7, 0].map(|shift| (len >> shift & 0x7f) as u8));
    tag.resize(10 + len, 0);
    tag
}

#[test]
fn signatures_are_known_whatever_the_name_says() {
    let cases: [(&[u8], Format); 22] = [
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", Format::Jpeg),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", Format::Png),
        (b"GIF89a\x01\x00\x01\x00", Format::Gif),
        (b"RIFF\x24\x00\x00\x00WEBPVP8L", Format::WebP),
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", Format::Wav),
        (b"RF64\xff\xff\xff\xffWAVEds64", Format::Rf64),
        (b"FORM\x00\x00\x00\x24AIFFCOMM", Format::Aiff),
        (b"II*\x00\x08\x00\x00\x00", Format::Tiff),
        (b"MM\x00+\x00\x08\x00\x00", Format::Tiff),
        (
            b"BM\x9a\x00\x00\x00\x00\x00\x00\x00\x7a\x00\x00\x00\x6c\x00\x00\x00",
            Format::Bmp,
        ),
        (b"fLaC\x00\x00\x00\x22", Format::Flac),
        (b"OggS\x00\x02", Format::Ogg),
        (b"caff\x00\x01\x00\x00desc", Format::Caf),
        (b"\x1a\x45\xdf\xa3\x01\x00\x00\x00", Format::Matroska),
        (b"\x00\x00\x00\x20ftypM4A \x00\x00\x00\x00", Format::Mp4),
        (
            b"\x00\x00\x00\x1cftypavif\x00\x00\x00\x00mif1",
            Format::Avif,
        ),
        (
            b"\x00\x00\x00\x1cftypmif1\x00\x00\x00\x00mif1avif",
            Format::Avif,
        ),
        (
            b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic",
            Format::Heif,
        ),
        (b"\xff\x0a\xfa\x7f", Format::JpegXl),
        (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9", Format::Asf),
        (b"wvpk\x00\x10\x00\x00", Format::WavPack),
        (b"%PDF-1.7\n", Format::Pdf),
    ];
    for (bytes, format) in cases {
        for name in [None, Some("song.mp3"), Some("page.html"), Some("x.jpg")] {
            assert_eq!(sniff(bytes, name), Some(format), "{format} called {name:?}");
        }
    }
}

#[test]
fn mpeg_streams_are_known_by_two_frames_in_a_row() {
    assert_eq!(sniff(&mp3_frames(5), None), Some(Format::Mp3));
    assert_eq!(
        sniff(&mp3_frames(1), None),
        Some(Format::Mp3),
        "one frame to the exact end"
    );
    assert_eq!(sniff(&adts_frames(5), None), Some(Format::Aac));
    let mut lone = mp3_frames(1);
    lone.extend([0; 300]);
    assert_eq!(sniff(&lone, None), None, "a frame that leads nowhere");
}

#[test]
fn tags_and_junk_before_the_first_frame_are_skipped() {
    for frames in [mp3_frames(8), adts_frames(8)] {
        let format = sniff(&frames, None);
        let tagged = [id3_tag(3_000), frames.clone()].concat();
        assert_eq!(sniff(&tagged, Some("x.txt")), format);
        let twice = [id3_tag(20), id3_tag(30), frames.clone()].concat();
        assert_eq!(sniff(&twice, None), format);
        let junk = [vec![0; 1_000], frames].concat();
        assert_eq!(sniff(&junk, None), format);
    }
    let flac = [id3_tag(50), b"fLaC\x00\x00\x00\x22".to_vec()].concat();
    assert_eq!(sniff(&flac, Some("x.mp3")), Some(Format::Flac));
}

#[test]
fn a_tag_longer_than_the_head_leaves_the_choice_to_the_name() {
    let tag = id3_tag(200_000);
    assert_eq!(sniff(&tag, None), Some(Format::Mp3));
    assert_eq!(sniff(&tag, Some("x.flac")), Some(Format::Flac));
    assert_eq!(sniff(&tag, Some("x.jpg")), Some(Format::Mp3));
}

#[test]
fn kinds_of_text() {
    let json = "{\"text\": \"one\"}\n{\"text\": \"two\"}\n";
    let cases = [
        ("Call me Ishmael.", None, Format::PlainText),
        ("Call me Ishmael.", Some("moby.md"), Format::Markdown),
        ("Call me Ishmael.", Some("moby.jpg"), Format::PlainText),
        ("  \n<!DOCTYPE HTML><p>x", Some("x.txt"), Format::Html),
        (
            "<?xml version='1.0'?>\n<!-- made by hand -->\n<html xmlns='x'>",
            None,
            Format::Html,
        ),
        (
            "<?xml version='1.0'?><feed></feed>",
            None,
            Format::PlainText,
        ),
        ("<p>fragment</p>", None, Format::Html),
        ("<bold>no such tag</bold>", None, Format::PlainText),
        (
            "words without tags",
            Some("https://example.org/a/b.html?x=1.png#y"),
            Format::Html,
        ),
        (json, None, Format::JsonLines),
        (json, Some("part.jsonl"), Format::JsonLines),
        (
            "WEBVTT\n\n00:01.000 --> 00:02.000\nx",
            None,
            Format::Subtitles,
        ),
        (
            "1\r\n00:00:01,000 --> 00:00:02,000\r\nx",
            Some("x.txt"),
            Format::Subtitles,
        ),
        ("1\n2\n3", Some("x.vtt"), Format::Subtitles),
        ("1\n2\n3", None, Format::PlainText),
        ("{\"one\": 1}", None, Format::PlainText),
        ("{\"one\": 1}", Some("part.ndjson"), Format::JsonLines),
        ("{\n  \"one\": 1\n}", None, Format::PlainText),
    ];
    for (text, name, format) in cases {
        assert_eq!(
            sniff(text.as_bytes(), name),
            Some(format),
            "{text} called {name:?}"
        );
    }
}

#[test]
fn a_character_cut_at_the_end_of_the_head_is_still_text() {
    let long = "ä".repeat(HEAD_BYTES);
    assert_eq!(sniff(&long.as_bytes()[1..], None), Some(Format::PlainText));
    assert_eq!(sniff(long.as_bytes(), None), Some(Format::PlainText));
}

#[test]
fn garbage_is_nothing_even_with_a_name() {
    let mut state = 1_u32;
    let noise: Vec<u8> = std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    })
    .take(4_096)
    .collect();
    for name in [
        None,
        Some("x.mp3"),
        Some("x.txt"),
        Some("x.html"),
        Some("x.png"),
    ] {
        assert_eq!(sniff(&noise, name), None, "{name:?}");
        assert_eq!(sniff(&[0; 4_096], name), None, "{name:?}");
        assert_eq!(sniff(&[], name), None, "{name:?}");
    }
}

#[test]
fn short_bytes_in_an_old_encoding_need_a_name() {
    assert_eq!(sniff(b"caf\xe9", None), None);
    assert_eq!(sniff(b"caf\xe9", Some("menu.txt")), Some(Format::PlainText));
    let long = b"un caf\xe9 cr\xe8me et une p\xe2tisserie, s'il vous pla\xeet, monsieur ".repeat(3);
    assert_eq!(sniff(&long, None), Some(Format::PlainText));
}

#[test]
fn names_promise_media() {
    let cases = [
        ("a/b/Song.MP3", Some(Media::Audio)),
        ("https://x.org/p.jpeg?width=5.png", Some(Media::Image)),
        ("C:\\books\\moby.txt", Some(Media::Text)),
        ("moby.EPUB", Some(Media::Text)),
        ("moby.pdf", Some(Media::Text)),
        ("moby.srt", Some(Media::Text)),
        ("clip.webm", Some(Media::Audio)),
        ("picture.heic", Some(Media::Image)),
        ("table.parquet", None),
        ("no-extension", None),
        (".jpg", None),
        ("dir.mp3/file", None),
        ("", None),
    ];
    for (name, media) in cases {
        assert_eq!(media_of_name(name), media, "{name}");
    }
}

const SIGNATURES: [&[u8]; 8] = [
    b"ID3",
    b"BM",
    b"RIFF",
    b"\x00\x00\x00\x18ftyp",
    b"\xff\xfb\x90",
    b"\xff\xf1",
    b"<!--",
    b"\xff\xfe",
];

proptest! {
    #[test]
    fn any_bytes_are_looked_at_without_panic(
        bytes in proptest::collection::vec(any::<u8>(), 0..600),
        name in proptest::option::of("[ -~]{0,12}"),
    ) {
        let _ = sniff(&bytes, name.as_deref());
    }

    #[test]
    fn any_bytes_behind_a_signature_are_looked_at_without_panic(
        signature in 0..SIGNATURES.len(),
        bytes in proptest::collection::vec(any::<u8>(), 0..200),
    ) {
        let _ = sniff(&[SIGNATURES[signature], &bytes].concat(), None);
    }
}

#[test]
fn a_text_that_opens_with_the_letters_of_a_signature_is_text() {
    for opening in [
        "The wide sea",
        "Hairmoov",
        "ID3 tags",
        "GIF89a pictures",
        "BM and others",
        "RIFF, a WAVE",
        "fLaC",
        "OggS",
        "wvpk",
        "FORM 12 AIFF",
        "II*",
    ] {
        for filler in [
            " lay before us, and nobody spoke for a while",
            " чёрное море",
        ] {
            let text = format!("{opening}{}.", filler.repeat(2000));
            let format = sniff(text.as_bytes(), None);
            assert_eq!(format, Some(Format::PlainText), "{opening}");
        }
    }
}
