//! Addresses in a dataset, looked up in rules about places.

use clearance_testkit::dataset::DatasetBuilder;
use clearance_testkit::{art, encode, prose};

use crate::workplace::{Ended, SCAN, Workplace};

const RULES: &str = "pattern,uses,answer,since,source\n\
    list.example,all,,2026-01-01,Ana's list\n\
    https://shop.example/terms/,train-generative,conditional,,\n\
    late.example,all,,2026-12-01,\n";

/// A manifest of pictures with addresses and captions only, and rules of several kinds.
fn place() -> Workplace {
    let place = Workplace::registered();
    place.write(
        "places/2026-01-15/robots.example/robots.txt",
        "User-agent: *\nAllow: /\n\nUser-agent: CCBot\nUser-agent: GPTBot\nDisallow: /photos/\n",
    );
    place.write(
        "places/2026-01-15/tdm.example/.well-known/tdmrep.json",
        r#"[{"location": "/open/", "tdm-reservation": 0}, {"location": "/", "tdm-reservation": 1, "tdm-policy": "https://tdm.example/policy.json"}]"#,
    );
    place.write("places/rules.csv", RULES);
    place.write("places/notes.md", "not about places");
    let urls = [
        "https://robots.example/photos/1.jpg",
        "https://robots.example/about/1.jpg",
        "https://tdm.example/open/2.jpg",
        "https://tdm.example/2.jpg",
        "https://img.list.example/3.jpg",
        "https://shop.example/terms/4.jpg",
        "https://late.example/5.jpg",
        "https://nobody.example/6.jpg",
    ];
    let captions = (0..8).map(|number| Some(prose::write(number + 40, 8)));
    std::fs::create_dir_all(place.path("data")).unwrap();
    DatasetBuilder::new()
        .text("URL", urls.map(Some))
        .text("TEXT", captions)
        .integers("WIDTH", [Some(640); 8])
        .integers("HEIGHT", [Some(480); 8])
        .rows_per_group(3)
        .write(place.path("data/part.parquet"))
        .unwrap();
    place
}

fn scanned(place: &Workplace, input: &str, out: &str, more: &[&str]) -> Ended {
    let args = SCAN.map(|word| match word {
        "data" => input,
        "out" => out,
        word => word,
    });
    // The usual day, unless there is another.
    let usual = if more.contains(&"--as-of") { 6 } else { 8 };
    place.run(&[&args[..usual], more].concat())
}

fn short(place: &Workplace, out: &str) -> Vec<String> {
    let findings = place.findings(out);
    let line = |it: &serde_json::Value| {
        let text = |key: &str| it[key].as_str().unwrap_or_default().to_owned();
        let scheme = it["declaration"]["scheme"].as_str().unwrap_or_default();
        let (row, media) = (&it["row_index"], text("media"));
        let (column, kind, verdict) = (text("column_name"), text("kind"), text("verdict"));
        format!("{row} {column} {kind} {media} {verdict} {scheme}")
    };
    findings.iter().map(line).collect()
}

#[test]
fn addresses_without_media_are_judged_by_rules_about_places() {
    let place = place();
    let ended = scanned(&place, "data", "out", &["--places", "places"]);
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    assert_eq!(
        short(&place, "out"),
        [
            "0 URL location image reserved robots.txt",
            "3 URL location image reserved tdmrep",
            "4 URL location image reserved listed",
            "5 URL location image review listed",
        ]
    );
    let findings = place.findings("out");
    assert_eq!(
        findings[0]["reason"],
        "The address reserves train-generative: robots.txt in \
         https://robots.example/robots.txt of 2026-01-15, line 6 \
         (`User-agent: ccbot, gptbot; Disallow: /photos/`)."
    );
    assert_eq!(
        findings[2]["reason"],
        "The address reserves train-generative: listed in rules.csv (source: Ana's list), line 2 \
         (`list.example`)."
    );
    assert_eq!(
        findings[1]["declaration"]["policy_url"],
        "https://tdm.example/policy.json"
    );
    assert_eq!(findings[1]["score"], 1.0);
    assert_eq!(findings[1]["work_id"], "");
    let summary = place.json("out/summary.json");
    let counts = ["rows", "clear", "matched", "unreadable", "skipped"];
    let counts = counts.map(|name| summary[name].as_u64().unwrap());
    assert_eq!(counts, [8, 0, 4, 0, 4]);
    // No picture was fetched, whatever is known about its address.
    assert_eq!(summary["media"]["image"]["skipped"], 8);
    assert_eq!(summary["media"]["image"]["matched"], 0);
    assert_eq!(summary["media"]["text"]["clear"], 8);
    assert_eq!(summary["reasons"]["skipped: url not fetched"], 8);
    assert_eq!(summary["declarations"]["located"], 4);
    assert_eq!(summary["kinds"]["location"], 4);
    let places = &summary["settings"]["places"];
    assert_eq!(places["statements"], 7);
    assert_eq!(places["files"].as_array().unwrap().len(), 4);
    assert_eq!(places["rejected"], 1);
    assert!(
        places["rejects"][0]["file"]
            .as_str()
            .unwrap()
            .ends_with("notes.md")
    );
    assert!(ended.stderr.contains("not understood"), "{}", ended.stderr);
    assert!(
        ended
            .stdout
            .contains("4  addresses about which something is declared, 4 over policy"),
        "{}",
        ended.stdout
    );
    let page = String::from_utf8(place.read("out/report.html")).unwrap();
    assert!(page.contains("4 findings rest on what is declared about addresses."));
    assert!(page.contains("rules about places"));
}

#[test]
fn a_rule_counts_for_its_use_and_from_its_day_on() {
    let place = place();
    let on = |out: &str, more: &[&str]| {
        let more = [&["--places", "places"], more].concat();
        scanned(&place, "data", out, &more);
        short(&place, out).len()
    };
    assert_eq!(on("before", &["--as-of", "2025-12-31"]), 1);
    assert_eq!(on("search", &["--use", "search"]), 1);
    assert_eq!(on("late", &["--as-of", "2026-12-01"]), 5);
}

#[test]
fn threads_change_nothing_and_other_rules_are_another_scan() {
    let place = place();
    let places = ["--places", "places", "--threads"];
    scanned(&place, "data", "one", &[&places[..], &["1"]].concat());
    scanned(&place, "data", "four", &[&places[..], &["4"]].concat());
    for name in [
        "findings.parquet",
        "findings.jsonl",
        "coverage.parquet",
        "summary.json",
    ] {
        let read = |out: &str| place.read(&format!("{out}/{name}"));
        assert_eq!(read("one"), read("four"), "{name}");
    }
    let digest = |out: &str| {
        place.json(&format!("{out}/summary.json"))["settings"]["places"]["digest"].clone()
    };
    place.write(
        "places/rules.csv",
        format!("{RULES}nobody.example,all,,,\n"),
    );
    scanned(&place, "data", "one", &["--places", "places"]);
    assert_eq!(short(&place, "one").len(), 5);
    assert_ne!(digest("one"), digest("four"));
}

#[test]
fn the_rules_stand_in_the_settings_file_as_well() {
    let place = place();
    let nothing = scanned(&place, "data", "more", &["--places", "no such file"]);
    assert_eq!(nothing.code, 2);
    let other = scanned(&place, "data", "more", &["--places", "places/notes.md"]);
    assert_eq!(other.code, 2, "{}", other.stderr);
    assert!(
        other.stderr.contains("nothing in it is about places"),
        "{}",
        other.stderr
    );
}

#[test]
fn results_are_verified_with_the_rules_at_hand() {
    let place = place();
    scanned(&place, "data", "out", &["--places", "places"]);
    let verify = [
        "verify",
        "out",
        "--dataset",
        "data",
        "--registry",
        "registry",
    ];
    let open = place.run(&verify);
    assert!(open.stdout.contains("--places"), "{}", open.stdout);
    assert!(!open.stdout.contains("FAILS"), "{}", open.stdout);
    let rules = ["--places", "places", "--rederive", "8"];
    let again = place.run(&[&verify[..], &rules].concat());
    assert!(!again.stdout.contains("FAILS"), "{}", again.stdout);
    assert!(
        again.stdout.contains("came out the same"),
        "{}",
        again.stdout
    );
    place.write(
        "places/rules.csv",
        format!("{RULES}nobody.example,all,,,\n"),
    );
    let other = place.run(&[&verify[..], &rules].concat());
    assert!(
        other.stdout.contains("not those of the scan"),
        "{}",
        other.stdout
    );
}

#[test]
fn what_cannot_be_done_with_such_findings_is_refused_with_a_reason() {
    let place = place();
    scanned(&place, "data", "out", &["--places", "places"]);
    let judged = place.run(&["judge", "out", "--registry", "registry", "--out", "again"]);
    assert_eq!(judged.code, 2);
    assert!(
        judged.stderr.contains("rules about places"),
        "{}",
        judged.stderr
    );
    let filter = [
        "filter",
        "data",
        "--findings",
        "out",
        "--to",
        "clean",
        // Nothing was fetched.
        "--allow-incomplete",
    ];
    let nulled = place.run(&[&filter[..], &["--null-items"]].concat());
    assert_eq!(nulled.code, 2, "{}", nulled.stderr);
    assert!(nulled.stderr.contains("--null-items"), "{}", nulled.stderr);
    let filtered = place.run(&filter);
    assert_eq!(filtered.code, 0, "{}", filtered.stderr);
    let left = scanned(&place, "clean", "left", &["--places", "places"]);
    assert_eq!(left.code, 3, "{}", left.stderr);
    assert_eq!(place.json("left/summary.json")["rows"], 4);
    let print = [
        "fingerprint",
        "data",
        "--out",
        "prints.parquet",
        "--keep-texts",
    ];
    place.run(&print);
    let table = scanned(&place, "prints.parquet", "table", &["--places", "places"]);
    assert!(
        table.stderr.contains("holds no addresses"),
        "{}",
        table.stderr
    );
    assert!(short(&place, "table").is_empty());
}

/// The address of a page beside its text, and of a picture beside its bytes.
#[test]
fn rows_with_their_media_are_looked_up_by_the_address_beside_them() {
    let place = place();
    let pages = [
        "https://tdm.example/page",
        "https://tdm.example/open/page",
        "https://nobody.example/",
    ];
    let texts = (0..3).map(|number| Some(prose::write(number + 60, 60)));
    DatasetBuilder::new()
        .text("text", texts)
        .text("url", pages.map(Some))
        .write(place.path("pages.parquet"))
        .unwrap();
    let ended = scanned(&place, "pages.parquet", "pages", &["--places", "places"]);
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    assert_eq!(
        short(&place, "pages"),
        ["0 url location text reserved tdmrep"]
    );
    let summary = place.json("pages/summary.json");
    assert_eq!(summary["matched"], 1);
    assert_eq!(summary["clear"], 2);
    assert_eq!(summary["media"]["text"]["items"], 3);
    let without = scanned(&place, "pages.parquet", "without", &[]);
    assert_eq!(without.code, 0, "{}", without.stderr);

    let picture = |number| encode::jpeg(&art::paint(number, 64, 64), 80).unwrap();
    let pictures = (0..3).map(|number| Some((picture(number + 5), pages[number as usize])));
    DatasetBuilder::new()
        .image("image", pictures)
        .write(place.path("pictures.parquet"))
        .unwrap();
    scanned(
        &place,
        "pictures.parquet",
        "pictures",
        &["--places", "places"],
    );
    assert_eq!(
        short(&place, "pictures"),
        ["0 image location image reserved tdmrep"]
    );
    let verified = place.run(&["verify", "pictures"]);
    assert!(!verified.stdout.contains("FAILS"), "{}", verified.stdout);
}
