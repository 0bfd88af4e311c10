//! Items are decoded in processes of their own: the results are the same, and a decoder that ends
//! costs its item.

use crate::workplace::{SCAN, Workplace};

/// A PNG that announces 10¹⁰ pixels of eight bytes, 80 GB, and holds none.
fn greedy_picture() -> Vec<u8> {
    clearance_testkit::corrupt::png_bomb(100_000, 100_000)
}

fn scan_into(place: &Workplace, out: &str, further: &[&str]) -> i32 {
    let mut words: Vec<&str> = SCAN.to_vec();
    let at = words.iter().position(|word| *word == "out").unwrap();
    words[at] = out;
    words.extend(further);
    place.run(&words).code
}

/// All forms of copies, and items that cannot be read.
fn with_dataset() -> Workplace {
    let place = Workplace::registered();
    place.write_dataset("data/a.parquet");
    place.write("data/b.jsonl", "{\"text\": \"a line\"}\n");
    place
}

#[cfg(unix)]
#[test]
fn results_are_the_same_inside_and_outside() {
    let place = with_dataset();
    assert_eq!(scan_into(&place, "inside", &["--no-isolate"]), 1);
    assert_eq!(scan_into(&place, "outside", &["--iscc"]), 1);
    assert_eq!(
        scan_into(&place, "inside-iscc", &["--no-isolate", "--iscc"]),
        1
    );
    assert_eq!(scan_into(&place, "usual", &[]), 1);
    for file in [
        "findings.parquet",
        "findings.jsonl",
        "coverage.parquet",
        "exhibits.jsonl",
    ] {
        let read = |out: &str| place.read(&format!("{out}/{file}"));
        assert_eq!(read("inside"), read("usual"), "{file}");
        assert_eq!(read("inside-iscc"), read("outside"), "{file} with --iscc");
    }
    let memory = |out: &str| {
        place.json(&format!("{out}/summary.json"))["settings"]["limits"]["isolate_memory"].clone()
    };
    assert_eq!(memory("usual"), 4_294_967_296.0);
    assert!(memory("inside").is_null());
    for table in ["a.parquet", "b.parquet"] {
        let inside = if table == "a.parquet" {
            "--isolate"
        } else {
            "--no-isolate"
        };
        let words = [
            "fingerprint",
            "data",
            "--out",
            table,
            "--keep-texts",
            inside,
        ];
        assert_eq!(place.run(&words).code, 0);
    }
    assert_eq!(place.read("a.parquet"), place.read("b.parquet"));
}

#[cfg(unix)]
#[test]
fn a_decoder_that_runs_out_of_memory_costs_its_item() {
    let place = Workplace::registered();
    place.write("data/a-greedy.png", greedy_picture());
    place.write("data/b-known.png", place.read("works/picture.png"));
    place.write("data/c-greedy.png", greedy_picture().repeat(2));
    place.write("data/d-known.wav", place.read("works/song.wav"));
    let further = [
        "--max-image-pixels",
        "100000000000",
        "--isolate-memory",
        "1000000000",
        "--threads",
        "1",
    ];
    assert_eq!(scan_into(&place, "out", &further), 1);
    let summary = place.json("out/summary.json");
    assert_eq!(summary["rows"], 4);
    assert_eq!(summary["matched"], 2);
    assert_eq!(summary["unreadable"], 2);
    let listed = place.run(&["inspect", "out", "--unreadable"]);
    let crashed = "crashed: the decoding process ended by signal 6";
    assert_eq!(
        listed.stdout.matches(crashed).count(),
        2,
        "{}",
        listed.stdout
    );
}

#[test]
fn what_cannot_be_isolated_is_said() {
    let place = with_dataset();
    let mut words = SCAN.to_vec();
    words.extend(["--isolate-memory", "1000"]);
    let ended = place.run(&words);
    assert_eq!(ended.code, 2);
    assert!(
        ended
            .stderr
            .contains("a decoding process needs 268435456 bytes at least"),
        "{}",
        ended.stderr
    );
    // Nobody calls it but a scan.
    assert_eq!(place.run(&["decode"]).code, 2);
}
