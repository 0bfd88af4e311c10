//! `clearance registry split`: a registry in parts finds what it finds whole.

use std::fmt::Write as _;

use clearance_testkit::dataset::DatasetBuilder;
use clearance_testkit::{art, encode, music, prose};

use crate::workplace::{RATE_HZ, Workplace, files};

/// What must not differ. The page shows nothing of works that lie elsewhere.
const SAME: [&str; 4] = [
    "findings.parquet",
    "findings.jsonl",
    "coverage.parquet",
    "summary.json",
];

fn scan(place: &Workplace, registry: &str, out: &str, threads: &str) {
    let args = ["scan", "data", "--registry", registry, "--out", out];
    let more = [
        "--as-of",
        "2026-06-30",
        "--threads",
        threads,
        "--decoys",
        "0.5",
    ];
    let ended = place.run(&[&args[..], &more].concat());
    assert!(ended.code < 2, "{registry}: {}", ended.stderr);
}

fn split(place: &Workplace, parts: usize, to: &str) {
    let parts = parts.to_string();
    let ended = place.run(&[
        "registry", "split", "registry", "--parts", &parts, "--to", to,
    ]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
}

fn assert_the_same_in_parts(place: &Workplace, numbers: &[usize]) {
    scan(place, "registry", "whole", "4");
    assert!(!place.findings("whole").is_empty());
    for &parts in numbers {
        let (folder, out) = (format!("parts-{parts}"), format!("out-{parts}"));
        split(place, parts, &folder);
        scan(place, &folder, &out, if parts == 2 { "1" } else { "4" });
        for name in SAME {
            let (one, other) = (format!("whole/{name}"), format!("{out}/{name}"));
            assert!(
                place.read(&one) == place.read(&other),
                "{name} of {parts} parts"
            );
        }
    }
}

/// Registers `works` in several segments, some of which are withdrawn again.
fn register(place: &Workplace, catalogs: &[(&str, String)]) {
    for (name, lines) in catalogs {
        place.write(name, lines);
        let ended = place.run(&["register", name, "--registry", "registry"]);
        assert_eq!(ended.code, 0, "{}", ended.stderr);
    }
}

#[test]
fn a_registry_in_parts_finds_the_same() {
    let place = Workplace::registered();
    place.write_dataset("data/a.parquet");
    place.write("works/second.txt", prose::write(1, 300));
    place.write(
        "works/loud.wav",
        encode::wav(&music::compose(4, 12.0), RATE_HZ),
    );
    register(
        &place,
        &[(
            "more.csv",
            "work_id,path,reservation\nsecond,works/second.txt,all\nloud,works/loud.wav,all\n"
                .to_owned(),
        )],
    );
    let ended = place.run(&["withdraw", "loud", "--registry", "registry"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert_the_same_in_parts(&place, &[1, 2, 3, 7]);
}

/// Registers texts with a phrase of nearly all of them, a picture of very many works, and a beat that
/// repeats for minutes.
fn register_what_many_share(place: &Workplace, phrases: &[String; 2], bar: &[f32]) {
    let mut texts = String::new();
    for number in 0..320 {
        // Below and above what is common, and what is read at all.
        let many = if number % 10 == 0 { "" } else { &phrases[0] };
        let few = if number < 40 { &phrases[1] } else { "" };
        let text = format!("{many} {} {few}", own_words(number));
        let work_id = format!("text-{number}");
        let line = serde_json::json!({"work_id": work_id, "media": "text", "text": text});
        writeln!(texts, "{line}").unwrap();
    }
    let mut media = "work_id,path\n".to_owned();
    for number in 0..300 {
        let picture = art::paint(5 + number / 290, 160, 120);
        let picture = encode::jpeg(&picture, 40 + (number % 50) as u8).unwrap();
        place.write(&format!("works/picture-{number}.jpg"), picture);
        writeln!(media, "picture-{number},works/picture-{number}.jpg").unwrap();
    }
    for number in 0..3 {
        let length = bar.len() * (60 + number);
        let beat: Vec<f32> = bar.iter().copied().cycle().take(length).collect();
        place.write(
            &format!("works/beat-{number}.wav"),
            encode::wav(&beat, RATE_HZ),
        );
        writeln!(media, "beat-{number},works/beat-{number}.wav").unwrap();
    }
    register(place, &[("texts.jsonl", texts), ("media.csv", media)]);
}

/// What only one of the texts has.
fn own_words(number: u64) -> String {
    prose::write(1000 + number, 30 + number as usize % 50)
}

#[test]
fn hashes_of_very_many_works_weigh_no_more_and_find_the_same() {
    let place = Workplace::new();
    let phrases = [prose::write(77, 40), prose::write(78, 40)];
    let bar = music::compose(9, 2.0);
    register_what_many_share(&place, &phrases, &bar);
    let text = |number: u64| {
        let own = own_words(31 * number);
        let other = prose::write(5, 50);
        Some(format!("{} {} {own} {other}", phrases[0], phrases[1]))
    };
    let image = |seed, quality| Some(encode::jpeg(&art::paint(seed, 320, 240), quality).unwrap());
    let pictures = vec![image(5, 70), image(6, 60), image(8, 60), None, None, None];
    let beat: Vec<f32> = bar.iter().copied().cycle().take(bar.len() * 12).collect();
    let mut sounds = vec![None; 6];
    sounds[0] = Some(encode::wav(&beat, RATE_HZ));
    std::fs::create_dir_all(place.path("data")).unwrap();
    DatasetBuilder::new()
        .text("text", (0..6).map(text).collect::<Vec<_>>())
        .image("image", pictures)
        .audio("audio", sounds)
        .rows_per_group(2)
        .write(place.path("data/a.parquet"))
        .unwrap();
    assert_the_same_in_parts(&place, &[1, 3, 7]);
    // No part is much heavier than another, whatever the hashes.
    let sizes: Vec<u64> = (0..3)
        .map(|part| files(&place.path(&format!("parts-3/parts/{part}"))))
        .map(|files| files.iter().map(|(_, bytes)| bytes.len() as u64).sum())
        .collect();
    let (least, most) = (sizes.iter().min().unwrap(), sizes.iter().max().unwrap());
    assert!(*most < least + least / 2, "{sizes:?}");
}

#[test]
fn a_part_that_is_lost_is_written_again_as_it_was() {
    let place = Workplace::registered();
    place.write_dataset("data/a.parquet");
    split(&place, 3, "parts");
    let before = files(&place.path("parts"));
    std::fs::remove_dir_all(place.path("parts/parts/1")).unwrap();
    let args = ["scan", "data", "--registry", "parts", "--out", "out"];
    let ended = place.run(&args);
    assert_eq!(ended.code, 2);
    assert!(
        ended.stderr.contains("part 1 is not there"),
        "{}",
        ended.stderr
    );
    split(&place, 3, "parts");
    assert!(before == files(&place.path("parts")));

    // A damaged one is named, and not searched.
    let name = files(&place.path("parts/parts/2"));
    let (name, mut bytes) = name
        .into_iter()
        .find(|(name, _)| name.ends_with("text.seeds"))
        .unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    place.write(&format!("parts/parts/2/{name}"), bytes);
    let ended = place.run(&args);
    assert_eq!(ended.code, 2);
    assert!(ended.stderr.contains("damaged"), "{}", ended.stderr);

    // Another number of parts, or another registry, is another folder.
    let other = [
        "registry", "split", "registry", "--parts", "2", "--to", "parts",
    ];
    let ended = place.run(&other);
    assert_eq!(ended.code, 2);
    assert!(ended.stderr.contains("another folder"), "{}", ended.stderr);
}
