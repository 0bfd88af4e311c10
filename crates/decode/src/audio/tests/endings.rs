//! Files that break off, and files that go on for hours.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;

use super::*;

fn demo_work(name: &str) -> Vec<u8> {
    let works = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/demo/works/audio");
    fs::read(works.join(name)).unwrap()
}

/// An MP4 file's boxes: their kinds and bytes.
fn boxes(mut bytes: &[u8]) -> Vec<([u8; 4], &[u8])> {
    let mut found = Vec::new();
    while let [a, b, c, d, e, f, g, h, ..] = *bytes {
        let (one, rest) = bytes.split_at(u32::from_be_bytes([a, b, c, d]) as usize);
        found.push(([e, f, g, h], one));
        bytes = rest;
    }
    found
}

/// The file with its index before its sound, as files for the web have it.
fn index_first(bytes: &[u8]) -> Vec<u8> {
    let of = |kind: &[u8; 4]| {
        let boxes = boxes(bytes).into_iter();
        boxes
            .filter(|(found, _)| found == kind)
            .map(|(_, one)| one)
            .collect::<Vec<_>>()
            .concat()
    };
    let (mut index, sound) = (of(b"moov"), of(b"mdat"));
    let shift = index.len() as u32;
    // Places of the sound in the file: version, count, then 32 bits each.
    let table = index.windows(4).position(|kind| kind == b"stco").unwrap() + 8;
    let (count, places) = index[table..].split_at_mut(4);
    let count = u32::from_be_bytes(count.try_into().unwrap()) as usize;
    for entry in places.chunks_exact_mut(4).take(count) {
        let place = u32::from_be_bytes(entry.try_into().unwrap());
        entry.copy_from_slice(&(place + shift).to_be_bytes());
    }
    [of(b"ftyp"), index, of(b"free"), sound].concat()
}

#[test]
fn every_codec_keeps_the_beginning_of_a_file_cut_short() {
    for name in [
        "copper-orchard.m4a",
        "lantern-tide.mp3",
        "paper-harbour.wav",
        "salt-meadow.ogg",
        "the-ninth-ferry.flac",
    ] {
        let mut bytes = demo_work(name);
        if name.ends_with("m4a") {
            bytes = index_first(&bytes);
        }
        let (reading, whole) = read(&bytes);
        let reading = reading.unwrap();
        assert_eq!(reading.partial, None, "{name}");
        for share in [0.3, 0.61, 0.9] {
            let (cut, samples) = read(&bytes[..(bytes.len() as f64 * share) as usize]);
            let cut = cut.unwrap_or_else(|refused| panic!("{name} {share}: {refused}"));
            let kept = cut.duration_s / reading.duration_s;
            assert!((kept - share).abs() < 0.1, "{name} {share}: {kept}");
            let same = samples.len() - 2_000;
            assert_eq!(samples[..same], whole[..same], "{name} {share}");
            let partial = cut.partial.unwrap_or_default();
            assert!(
                partial.starts_with("ended early: "),
                "{name} {share}: {partial}"
            );
        }
    }
}

/// At the rate that needs no resampling, for the test's speed. What is in memory at a time shows in the blocks that are handed on.
#[test]
fn hours_of_sound_are_handed_on_in_small_blocks() {
    let (rate_hz, duration_s) = (AUDIO_RATE_HZ, 7_200_u32);
    let mut head = wav(Store::U8, rate_hz, 1, &[]);
    let len = rate_hz * duration_s;
    head[4..8].copy_from_slice(&(36 + len).to_le_bytes());
    head[40..44].copy_from_slice(&len.to_le_bytes());
    let path = std::env::temp_dir().join(format!("clearance-hours-{}.wav", std::process::id()));
    let mut file = File::create(&path).unwrap();
    file.write_all(&head).unwrap();
    // A hole: it takes no room on the disk, and reads as zeros.
    file.set_len(u64::from(len) + head.len() as u64).unwrap();
    let (mut longest, mut total) = (0, 0);
    let source = Source::File(path.clone());
    let reading = decode_audio(&source, &Limits::default(), &mut |block| {
        longest = longest.max(block.len());
        total += block.len();
    });
    fs::remove_file(&path).unwrap();
    let reading = reading.unwrap();
    assert_eq!((reading.duration_s, reading.partial), (7_200.0, None));
    assert_eq!(total, 7_200 * AUDIO_RATE_HZ as usize);
    assert!(longest < AUDIO_RATE_HZ as usize, "{longest}");
}
