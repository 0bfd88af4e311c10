//! `clearance scan --mentions`: names of works and creators in texts.

use clearance_testkit::dataset::DatasetBuilder;

use crate::workplace::{Workplace, files};

const CATALOG: &str = "work_id,title,creators,rightsholder,text,reservation
kestrel,Kestrel Élégie,Anaïs Zettervall,Harbor Records,\"Grey wings over the narrow harbor, and then a long slow turn towards the open water and the light.\",all
second,Night,Anaïs Zettervall,Harbor Records,\"The second text speaks of something else entirely, of bread and salt and the price of copper wire.\",all
";

fn workplace() -> Workplace {
    let place = Workplace::new();
    place.write("catalog.csv", CATALOG);
    let texts = [
        "A review of KESTREL ELEGIE by Anais Zettervall, whose earlier songs were longer and slower.",
        "Last night we walked home along the river and talked about nothing in particular at all.",
        "Grey wings over the narrow harbor, and then a long slow turn towards the open water and the light.",
        "Anaïs Zettervall plays tonight, said the poster. Anaïs Zettervall! We could not believe it.",
    ];
    let dataset = DatasetBuilder::new().text("text", texts.map(Some));
    place.write("data/a.parquet", dataset.to_bytes().unwrap());
    let registered = place.run(&["register", "catalog.csv", "--registry", "registry"]);
    assert_eq!(registered.code, 0, "{}", registered.stderr);
    place
}

fn scan(place: &Workplace, out: &str, more: &[&str]) -> i32 {
    let mut args = vec!["scan", "data", "--registry", "registry", "--out", out];
    args.extend(["--as-of", "2026-06-30"]);
    args.extend(more);
    place.run(&args).code
}

#[test]
fn names_are_listed_and_counted_apart() {
    let place = workplace();
    assert_eq!(scan(&place, "out", &["--mentions"]), 1);
    let summary = place.json("out/summary.json");
    for (bucket, rows) in [("rows", 4), ("clear", 3), ("matched", 1), ("findings", 1)] {
        assert_eq!(summary[bucket], rows, "{bucket}");
    }
    let mentions = &summary["mentions"];
    assert_eq!(mentions["names"], 2);
    assert_eq!(mentions["held_back"], 1, "a work called Night");
    assert_eq!(
        (&mentions["mentions"], &mentions["rows"]),
        (&3.into(), &2.into())
    );
    assert_eq!(mentions["most"][0]["name"], "Anaïs Zettervall");
    let found: Vec<String> = place
        .findings("out")
        .iter()
        .filter(|finding| finding["kind"] == "mention")
        .map(|finding| {
            assert_eq!(finding["verdict"], "review");
            let (name, times) = (&finding["mention"]["name"], &finding["mention"]["times"]);
            format!(
                "{} {name} {times} {}",
                finding["row_index"], finding["work_id"]
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            "0 \"Anaïs Zettervall\" 1 \"\"",
            "0 \"Kestrel Élégie\" 1 \"kestrel\"",
            "3 \"Anaïs Zettervall\" 2 \"\"",
        ]
    );
    let verified = place.run(&[
        "verify",
        "out",
        "--dataset",
        "data",
        "--registry",
        "registry",
        "--rederive",
        "4",
    ]);
    assert!(
        !verified.stdout.contains("fails"),
        "{}\n{}",
        verified.stdout,
        verified.stderr
    );
    let page = String::from_utf8(place.read("out/report.html")).unwrap();
    assert!(page.contains("2 rows name a registered work or its creator"));
}

#[test]
fn without_being_asked_no_name_is_looked_for() {
    let place = workplace();
    assert_eq!(scan(&place, "out", &[]), 1);
    assert!(place.json("out/summary.json").get("mentions").is_none());
    let kinds = place.findings("out");
    assert!(kinds.iter().all(|finding| finding["kind"] != "mention"));
}

#[test]
fn results_are_the_same_on_any_number_of_threads() {
    let place = workplace();
    scan(&place, "one", &["--mentions", "--threads", "1"]);
    scan(&place, "four", &["--mentions", "--threads", "4"]);
    assert_eq!(files(&place.path("one")), files(&place.path("four")));
}

#[test]
fn a_name_denies_nothing_and_leaves_no_row_out() {
    let place = workplace();
    let gate = "[gate]\nverdicts = { reserved = 9, review = 0 }\n";
    place.write("open.toml", gate);
    assert_eq!(
        scan(&place, "out", &["--mentions", "--config", "open.toml"]),
        0
    );
    let asked = "[gate]\nverdicts = { reserved = 9 }\nkinds = { mention = 2 }\n";
    place.write("asked.toml", asked);
    assert_eq!(
        scan(&place, "out", &["--mentions", "--config", "asked.toml"]),
        1
    );
    let filtered = place.run(&[
        "filter",
        "data",
        "--findings",
        "out",
        "--to",
        "clean",
        "--verdict",
        "reserved,review",
    ]);
    assert_eq!(filtered.code, 0, "{}", filtered.stderr);
    let left = place.run(&["inspect", "clean"]);
    assert!(left.stdout.contains("3 rows"), "{}", left.stdout);
}
