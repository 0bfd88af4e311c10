//! `clearance stamp`: declarations into copies, read back by `clearance inspect` and by a scan.

use clearance_testkit::{art, encode};

use crate::workplace::Workplace;

fn picture(seed: u64, ending: &str) -> Vec<u8> {
    encode::picture(&art::paint(seed, 64, 48), ending).unwrap()
}

fn workplace() -> Workplace {
    let place = Workplace::new();
    place.write("heron.jpg", picture(1, "jpg"));
    place.write("tide.png", picture(2, "png"));
    place
}

#[test]
fn copies_say_what_was_asked_and_the_files_stay_as_they_were() {
    let place = workplace();
    let stamped = place.run(&[
        "stamp",
        "heron.jpg",
        "tide.png",
        "--reservation",
        "all",
        "--policy",
        "https://example.com/terms",
        "--owner",
        "Ada Ölund",
        "--copyright",
        "© 2026 Ada Ölund",
        "--to",
        "stamped",
    ]);
    assert_eq!(stamped.code, 0, "{}", stamped.stderr);
    assert!(
        stamped.stderr.contains("2 files written to stamped"),
        "{}",
        stamped.stderr
    );
    assert_eq!(place.read("heron.jpg"), picture(1, "jpg"));
    let shown = place.run(&["inspect", "stamped/heron.jpg", "--json"]);
    let value: serde_json::Value = serde_json::from_str(&shown.stdout).unwrap();
    for each in ["search", "mining", "ai-input", "train", "train-generative"] {
        assert_eq!(value["answers"][each], "deny", "{}", shown.stdout);
    }
    let original = place.run(&["inspect", "heron.jpg", "--json"]);
    let original: serde_json::Value = serde_json::from_str(&original.stdout).unwrap();
    assert_eq!(value["print"], original["print"], "the same picture");
}

#[test]
fn nothing_is_written_over_and_nothing_in_place() {
    let place = workplace();
    let to = |folder: &str, more: &[&str]| {
        let mut args = vec!["stamp", "heron.jpg", "--reservation", "tdm", "--to", folder];
        args.extend(more);
        place.run(&args)
    };
    assert_eq!(to("copies", &[]).code, 0);
    let again = to("copies", &[]);
    assert_eq!(again.code, 2);
    assert!(
        again.stderr.contains("--force writes over it"),
        "{}",
        again.stderr
    );
    assert_eq!(to("copies", &["--force"]).code, 0);
    let here = to(".", &["--force"]);
    assert_eq!(here.code, 2);
    assert!(
        here.stderr.contains("this is the file itself"),
        "{}",
        here.stderr
    );
    assert_eq!(place.read("heron.jpg"), picture(1, "jpg"));
}

#[test]
fn a_refused_file_is_named_and_the_others_are_written() {
    let place = workplace();
    place.write("broken.jpg", &picture(1, "jpg")[..400]);
    place.write(
        "notes.txt",
        "Plain words on a plain day, and a few more of them after that.",
    );
    let stamped = place.run(&[
        "stamp",
        "broken.jpg",
        "notes.txt",
        "tide.png",
        "--reservation",
        "train",
        "--to",
        "stamped",
    ]);
    assert_eq!(stamped.code, 3, "{}", stamped.stderr);
    assert!(
        stamped.stderr.contains("broken.jpg: damaged"),
        "{}",
        stamped.stderr
    );
    assert!(stamped.stderr.contains("tdmrep.json"), "{}", stamped.stderr);
    assert!(
        stamped
            .stderr
            .contains("1 file written to stamped, 2 refused")
    );
    assert!(!place.path("stamped/broken.jpg").exists());
    let none = place.run(&["stamp", "tide.png", "--reservation", "search", "--to", "x"]);
    assert_eq!(none.code, 2);
    assert!(
        none.stderr.contains("train-generative, train, tdm"),
        "{}",
        none.stderr
    );
}
