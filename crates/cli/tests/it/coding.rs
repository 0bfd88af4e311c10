//! ISCC: declarations that are bound to content, and `clearance scan --iscc`.

use clearance_testkit::dataset::DatasetBuilder;
use clearance_testkit::{art, encode};

use crate::workplace::{Workplace, files};

/// The ISCC that `inspect` shows of a file.
fn code(place: &Workplace, name: &str) -> String {
    let shown = place.run(&["inspect", name, "--json"]);
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    let value: serde_json::Value = serde_json::from_str(&shown.stdout).unwrap();
    value["iscc"].as_str().unwrap().to_owned()
}

/// A registry of two declarations without media, and a dataset with a copy of the first one's
/// picture, the second one's file, and another picture.
fn workplace() -> Workplace {
    let place = Workplace::new();
    place.write(
        "heron.png",
        encode::picture(&art::paint(1, 320, 240), "png").unwrap(),
    );
    place.write(
        "tide.png",
        encode::picture(&art::paint(2, 320, 240), "png").unwrap(),
    );
    let declaration = |name: &str, more: &str| {
        let code = code(&place, name);
        format!("{{\"iscc\": \"{code}\", \"reservation\": \"all\"{more}}}\n")
    };
    let dated = ", \"date\": \"2026-01-15\", \"signature\": \"https://example.com/s/1.json\"";
    let lines = declaration("heron.png", dated) + &declaration("tide.png", "");
    place.write("declarations.jsonl", lines);
    let registered = place.run(&["register", "declarations.jsonl", "--registry", "registry"]);
    assert_eq!(registered.code, 0, "{}", registered.stderr);
    let rows = [
        encode::jpeg(&art::paint(1, 320, 240), 60).unwrap(),
        place.read("tide.png"),
        encode::jpeg(&art::paint(3, 320, 240), 60).unwrap(),
    ];
    let dataset = DatasetBuilder::new().binary("image", rows.map(Some));
    place.write("data/a.parquet", dataset.to_bytes().unwrap());
    place
}

fn scan(place: &Workplace, out: &str, more: &[&str]) -> i32 {
    let mut args = vec!["scan", "data", "--registry", "registry", "--out", out];
    args.extend(["--as-of", "2026-06-30"]);
    args.extend(more);
    place.run(&args).code
}

#[test]
fn a_declaration_without_media_is_found_by_its_code() {
    let place = workplace();
    let heron = code(&place, "heron.png");
    assert_eq!(scan(&place, "plain", &[]), 0, "nothing to recognize it by");
    assert_eq!(scan(&place, "out", &["--iscc"]), 1);
    let found: Vec<_> = place.findings("out");
    let told: Vec<_> = found
        .iter()
        .map(|it| {
            (
                &it["row_index"],
                it["kind"].as_str().unwrap(),
                it["verdict"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (&0.into(), "copy", "reserved"),
            (&1.into(), "identical", "reserved")
        ]
    );
    assert_eq!(found[0]["work_id"], heron);
    assert!(found[0]["evidence"]["distance_bits"].as_u64().unwrap() <= 6);
    assert!(found[0]["e_value"].as_f64().unwrap() < 1e-9);
    let summary = place.json("out/summary.json");
    assert_eq!(
        (&summary["matched"], &summary["clear"]),
        (&2.into(), &1.into())
    );
    let verified = place.run(&[
        "verify",
        "out",
        "--dataset",
        "data",
        "--registry",
        "registry",
        "--rederive",
        "3",
    ]);
    assert!(
        !verified.stdout.contains("fails"),
        "{}\n{}",
        verified.stdout,
        verified.stderr
    );
    let shown = place.run(&["inspect", "registry", "--work", &heron]);
    for words in ["2026-01-15", "https://example.com/s/1.json"] {
        assert!(shown.stdout.contains(words), "{words}\n{}", shown.stdout);
    }
}

#[test]
fn results_are_the_same_on_any_number_of_threads() {
    let place = workplace();
    scan(&place, "one", &["--iscc", "--threads", "1"]);
    scan(&place, "four", &["--iscc", "--threads", "4"]);
    assert_eq!(files(&place.path("one")), files(&place.path("four")));
}

#[test]
fn registered_files_have_their_code_in_the_registry() {
    let place = Workplace::new();
    place.write(
        "works/heron.png",
        encode::picture(&art::paint(1, 320, 240), "png").unwrap(),
    );
    let registered = place.run(&["register", "works", "--registry", "registry"]);
    assert_eq!(registered.code, 0, "{}", registered.stderr);
    let shown = place.run(&["inspect", "registry", "--work", "heron"]);
    let code = code(&place, "works/heron.png");
    assert!(shown.stdout.contains(&code), "{code}\n{}", shown.stdout);
}
