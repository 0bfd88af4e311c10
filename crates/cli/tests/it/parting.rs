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

#[test]
fn hashes_of_very_many_works_weigh_no_more_and_find_the_same() {
    let place = Workplace::new();
    let phrase = prose::write(77, 40);
    let mut lines = String::new();
    for number in 0..320 {
        // Below and above what is common, and what is read at all.
        let shared = if number % 10 == 0 {
            ""
        } else {
            phrase.as_str()
        };
        let few = if number < 40 {
            prose::write(78, 40)
        } else {
            String::new()
        };
        let own = prose::write(1000 + number, 30 + number as usize % 50);
        let text = format!("{shared} {own} {few}");
        let line =
            serde_json::json!({"work_id": format!("text-{number}"), "media": "text", "text": text});
        writeln!(lines, "{line}").unwrap();
    }
    let mut media = "work_id,path\n".to_owned();
    // One picture in very many works, and a beat that repeats for minutes.
    for number in 0..300 {
        let quality = 40 + (number % 50) as u8;
        let picture = art::paint(5 + number / 290, 160, 120);
        let name = format!("works/picture-{number}.jpg");
        place.write(&name, encode::jpeg(&picture, quality).unwrap());
        writeln!(media, "picture-{number},{name}").unwrap();
    }
    let bar = music::compose(9, 2.0);
    for number in 0..3 {
        let beat: Vec<_> = bar
            .iter()
            .copied()
            .cycle()
            .take(bar.len() * (60 + number))
            .collect();
        let name = format!("works/beat-{number}.wav");
        place.write(&name, encode::wav(&beat, RATE_HZ));
        writeln!(media, "beat-{number},{name}").unwrap();
    }
    register(&place, &[("texts.jsonl", lines), ("media.csv", media)]);
    let texts = (0..6).map(|number| {
        let own = prose::write(1000 + number * 31, 30 + (number as usize * 31) % 50);
        Some(format!(
            "{phrase} {} {own} {}",
            prose::write(78, 40),
            prose::write(5, 50)
        ))
    });
    let image = |seed, quality| Some(encode::jpeg(&art::paint(seed, 320, 240), quality).unwrap());
    let beat: Vec<_> = bar.iter().copied().cycle().take(bar.len() * 12).collect();
    std::fs::create_dir_all(place.path("data")).unwrap();
    DatasetBuilder::new()
        .text("text", texts.collect::<Vec<_>>())
        .image(
            "image",
            vec![image(5, 70), image(6, 60), image(8, 60), None, None, None],
        )
        .audio(
            "audio",
            vec![
                Some(encode::wav(&beat, RATE_HZ)),
                None,
                None,
                None,
                None,
                None,
            ],
        )
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
