//! Items behind addresses, fetched from a server on loopback.

use std::collections::BTreeMap;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use clearance_testkit::dataset::DatasetBuilder;
use clearance_testkit::{art, encode, music, prose};
use serde_json::Value;

use crate::server::{Fault, Server};
use crate::workplace::{Ended, RATE_HZ, Workplace, files};

/// Pictures and sounds of a dataset: copies of registered works, others, and what is none.
fn items() -> Vec<(&'static str, Vec<u8>)> {
    let song = music::compose(1, 15.0);
    vec![
        (
            "copy.jpg",
            encode::jpeg(&art::paint(1, 480, 360), 60).unwrap(),
        ),
        (
            "other.jpg",
            encode::jpeg(&art::paint(2, 480, 360), 60).unwrap(),
        ),
        (
            "excerpt.wav",
            encode::wav(&song[4 * RATE_HZ as usize..11 * RATE_HZ as usize], RATE_HZ),
        ),
        ("empty.jpg", Vec::new()),
        (
            "noise.jpg",
            (0..5000u32)
                .map(|it| (it.wrapping_mul(2_654_435_761) >> 13) as u8)
                .collect(),
        ),
        (
            "work.png",
            encode::picture(&art::paint(1, 480, 360), "png").unwrap(),
        ),
    ]
}

/// The same items in two datasets: in cells, and as addresses of the server.
fn place(server: &Server) -> Workplace {
    let place = Workplace::registered();
    let items = items();
    std::fs::create_dir_all(place.path("cells")).unwrap();
    std::fs::create_dir_all(place.path("addresses")).unwrap();
    let captions = || (0..items.len() as u64).map(|row| Some(prose::write(row + 50, 8)));
    DatasetBuilder::new()
        .binary("media", items.iter().map(|(_, bytes)| Some(bytes.clone())))
        .text("caption", captions())
        .rows_per_group(2)
        .write(place.path("cells/part.parquet"))
        .unwrap();
    for (name, bytes) in &items {
        server.put(&format!("/{name}"), bytes.clone());
    }
    let addresses = items
        .iter()
        .map(|(name, _)| Some(server.address(&format!("/{name}"))));
    DatasetBuilder::new()
        .text("media", addresses)
        .text("caption", captions())
        .rows_per_group(2)
        .write(place.path("addresses/part.parquet"))
        .unwrap();
    place
}

/// A dataset of addresses alone, four in a row group.
fn write_addresses(place: &Workplace, name: &str, addresses: &[String]) {
    std::fs::create_dir_all(place.path(name)).unwrap();
    DatasetBuilder::new()
        .text(
            "image_url",
            addresses.iter().map(|address| Some(address.clone())),
        )
        .rows_per_group(4)
        .write(place.path(&format!("{name}/part.parquet")))
        .unwrap();
}

fn arguments(server: &Server, input: &str, out: &str, more: &[&str]) -> Vec<String> {
    let allowed = format!("127.0.0.1:{}", server.port);
    let usual = [
        "scan",
        input,
        "--registry",
        "registry",
        "--out",
        out,
        "--as-of",
        "2026-06-30",
        "--fetch",
        "--fetch-contact",
        "crawler@lab.example",
        "--fetch-allow-private",
        &allowed,
    ];
    let at_once: &[&str] = match more.contains(&"--fetch-delay") {
        true => &[],
        false => &["--fetch-delay", "0"],
    };
    usual
        .iter()
        .chain(at_once)
        .chain(more)
        .map(|&word| word.to_owned())
        .collect()
}

fn fetch(place: &Workplace, server: &Server, input: &str, out: &str, more: &[&str]) -> Ended {
    let arguments = arguments(server, input, out, more);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    place.run(&arguments)
}

/// Findings without what the name of their file decides.
fn findings(place: &Workplace, out: &str) -> Vec<Value> {
    let mut findings = place.findings(out);
    for finding in &mut findings {
        let finding = finding.as_object_mut().unwrap();
        finding.remove("finding_id");
        finding.remove("file");
    }
    findings
}

fn reasons(place: &Workplace, out: &str) -> BTreeMap<String, u64> {
    serde_json::from_value(place.json(&format!("{out}/summary.json"))["reasons"].clone()).unwrap()
}

fn paths(server: &Server) -> Vec<String> {
    server.asked().into_iter().map(|asked| asked.path).collect()
}

#[test]
fn fetched_items_give_what_the_same_items_in_cells_give() {
    let server = Server::new();
    let place = place(&server);
    let cells = place.run(&[
        "scan",
        "cells",
        "--registry",
        "registry",
        "--out",
        "of-cells",
        "--as-of",
        "2026-06-30",
    ]);
    assert_eq!(cells.code, 1, "{}", cells.stderr);
    assert!(server.asked().is_empty());
    let unasked = place.run(&[
        "scan",
        "addresses",
        "--registry",
        "registry",
        "--out",
        "unasked",
        "--as-of",
        "2026-06-30",
    ]);
    assert_eq!(unasked.code, 3, "{}", unasked.stderr);
    assert!(
        server.asked().is_empty(),
        "nothing is fetched unless asked for"
    );
    assert_eq!(reasons(&place, "unasked")["skipped: url not fetched"], 6);
    assert!(!place.path("unasked/fetched.parquet").exists());

    let fetched = fetch(&place, &server, "addresses", "fetched", &[]);
    assert_eq!(fetched.code, 1, "{}", fetched.stderr);
    assert!(
        fetched.stderr.contains("fetched 6 of 6 items"),
        "{}",
        fetched.stderr
    );
    assert_eq!(findings(&place, "fetched"), findings(&place, "of-cells"));
    let (one, other) = (
        place.json("of-cells/summary.json"),
        place.json("fetched/summary.json"),
    );
    for name in [
        "rows",
        "clear",
        "matched",
        "unreadable",
        "skipped",
        "reasons",
        "decoys",
    ] {
        assert_eq!(one[name], other[name], "{name}");
    }
    // What cannot be read is of the medium that names speak of, where there are names.
    for medium in ["audio", "image", "text"] {
        for name in ["clear", "matched", "partial", "extent"] {
            assert_eq!(one["media"][medium][name], other["media"][medium][name]);
        }
    }
    assert_eq!(other["fetched"]["fetched"], 6);
    let settings = &other["settings"]["fetch"];
    assert_eq!(settings["product_token"], "clearance");
    let agent = settings["user_agent"].as_str().unwrap();
    assert!(agent.ends_with("(+crawler@lab.example)"));
    let asked = server.asked();
    assert_eq!(asked[0].path, "/robots.txt");
    for asked in &asked {
        assert_eq!(asked.header("user-agent"), agent);
        assert_eq!(asked.header("accept-encoding"), "identity");
        assert_eq!(
            (asked.header("cookie"), asked.header("authorization")),
            ("", "")
        );
    }
}

#[test]
fn whoever_fetches_has_to_say_who_it_is() {
    let place = Workplace::registered();
    let scan = [
        "scan",
        "data",
        "--registry",
        "registry",
        "--out",
        "out",
        "--fetch",
    ];
    let ended = place.run(&scan);
    assert_eq!(ended.code, 2);
    assert!(ended.stderr.contains("--fetch-contact"), "{}", ended.stderr);
    let ended = place.run(&[&scan[..], &["--fetch-contact", "me"]].concat());
    assert_eq!(ended.code, 2);
    assert!(
        ended.stderr.contains("says nobody to write to"),
        "{}",
        ended.stderr
    );
}

#[test]
fn every_address_is_accounted_for_by_a_name() {
    let place = Workplace::registered();
    let (server, other) = (Server::new(), Server::new());
    let (_, picture) = items().remove(0);
    server.put("/robots.txt", "User-agent: *\nDisallow: /closed/\n");
    for path in ["/fine.jpg", "/closed/a.jpg", "/cut.jpg"] {
        server.put(path, picture.clone());
    }
    server.put("/large.jpg", vec![0; 300_000]);
    server.redirect("/moved.jpg", "/fine.jpg?2");
    server.redirect("/away.jpg", &other.address("/secret.jpg"));
    server.fail(|asked, _| match asked.path.as_str() {
        "/cut.jpg" => Some(Fault::Cut),
        "/gone.jpg" => Some(Fault::Status(410)),
        "/tea.jpg" => Some(Fault::Status(418)),
        _ => None,
    });
    let mut addresses: Vec<String> = [
        "/fine.jpg",
        "/closed/a.jpg",
        "/cut.jpg",
        "/large.jpg",
        "/moved.jpg",
        "/away.jpg",
        "/gone.jpg",
        "/tea.jpg",
        "/none.jpg",
    ]
    .iter()
    .map(|path| server.address(path))
    .collect();
    addresses.push("http://name.invalid/x.jpg".to_owned());
    addresses.push("http://10.0.0.1/x.jpg".to_owned());
    addresses.push(format!("https://127.0.0.1:{}/tls.jpg", server.port));
    addresses.push("http://user@example.com/x.jpg".to_owned());
    write_addresses(&place, "data", &addresses);
    let more = [
        "--max-item-bytes",
        "200000",
        "--fetch-timeout",
        "5",
        "--key",
        "me.key",
    ];
    assert_eq!(place.run(&["keygen", "me.key"]).code, 0);
    let ended = fetch(&place, &server, "data", "out", &more);
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    let expected: BTreeMap<String, u64> = [
        ("skipped: address is private", 2),
        ("skipped: address not usable", 1),
        ("skipped: answer incomplete", 1),
        ("skipped: host not found", 1),
        ("skipped: robots disallows", 1),
        ("skipped: robots.txt not reachable", 1),
        ("skipped: status 404", 1),
        ("skipped: status 410", 1),
        ("skipped: status 418", 1),
        ("skipped: too large", 1),
    ]
    .into_iter()
    .map(|(name, count)| (name.to_owned(), count))
    .collect();
    assert_eq!(reasons(&place, "out"), expected);
    let summary = place.json("out/summary.json");
    let counts = ["rows", "clear", "matched", "unreadable", "skipped"];
    assert_eq!(
        counts.map(|name| summary[name].as_u64().unwrap()),
        [13, 0, 2, 0, 11]
    );
    assert_eq!(summary["fetched"]["fetched"], 2);
    assert!(other.asked().is_empty());
    assert!(
        !paths(&server)
            .iter()
            .any(|path| path.starts_with("/closed"))
    );

    // The evidence is signed with the rest, held to the rest, and goes along where rights are judged anew.
    let verify = ["verify", "out", "--key", "me.key.pub"];
    let ended = place.run(&verify);
    assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
    let again = [
        &verify[..],
        &["--dataset", "data", "--registry", "registry"],
    ]
    .concat();
    let ended = place.run(&again);
    assert_eq!(ended.code, 3, "{}", ended.stdout);
    assert!(
        ended
            .stdout
            .contains("open     derived again: items were fetched"),
        "{}",
        ended.stdout
    );
    let table = place.read("out/fetched.parquet");
    let judge = [
        "judge",
        "out",
        "--registry",
        "registry",
        "--out",
        "judged",
        "--as-of",
        "2026-07-01",
    ];
    let ended = place.run(&judge);
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    assert_eq!(place.read("judged/fetched.parquet"), table);
    std::fs::remove_file(place.path("out/fetched.parquet")).unwrap();
    let ended = place.run(&verify);
    assert_eq!(ended.code, 1);
    assert!(
        ended
            .stdout
            .contains("FAILS    files: fetched.parquet: missing"),
        "{}",
        ended.stdout
    );
    assert!(
        ended.stdout.contains("FAILS    consistency"),
        "{}",
        ended.stdout
    );
}

#[test]
fn headers_of_what_was_fetched_are_declarations() {
    let place = Workplace::registered();
    let server = Server::new();
    let items = items();
    let (copy, other) = (&items[0].1, &items[1].1);
    let answers: [(&str, &[u8], &[(&str, &str)]); 5] = [
        ("/a.jpg", other, &[("X-Robots-Tag", "noai, noimageai")]),
        (
            "/b.jpg",
            other,
            &[
                ("tdm-reservation", "1"),
                ("tdm-policy", "https://a.example/p"),
            ],
        ),
        ("/c.jpg", other, &[("Content-Usage", "train-genai=n")]),
        ("/d.jpg", copy, &[("X-Robots-Tag", "clearance: noarchive")]),
        ("/e.jpg", other, &[("X-Robots-Tag", "index, follow")]),
    ];
    for (path, bytes, headers) in answers {
        server.put_with(path, bytes, headers);
    }
    let addresses: Vec<String> = answers
        .iter()
        .map(|(path, ..)| server.address(path))
        .collect();
    write_addresses(&place, "data", &addresses);
    let ended = fetch(&place, &server, "data", "out", &[]);
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    let short: Vec<String> = place
        .findings("out")
        .iter()
        .map(|it| {
            let text = |key: &str| it[key].as_str().unwrap().to_owned();
            let scheme = it["declaration"]["scheme"].as_str().unwrap_or_default();
            format!(
                "{} {} {} {scheme}",
                it["row_index"],
                text("kind"),
                text("verdict")
            )
        })
        .collect();
    assert_eq!(
        short,
        [
            "0 location reserved X-Robots-Tag",
            "1 location reserved tdmrep",
            "2 location reserved Content-Usage",
            "3 copy reserved ",
        ]
    );
    let place_of = &place.findings("out")[0]["declaration"]["place"];
    assert_eq!(
        *place_of,
        format!("headers of {}", server.address("/a.jpg"))
    );
    let summary = place.json("out/summary.json");
    assert_eq!(summary["media"]["image"]["clear"], 4);
    assert_eq!(
        (&summary["matched"], &summary["clear"]),
        (&4.into(), &1.into())
    );
    // Nothing of what its server wants kept back is shown.
    assert_eq!(place.read("out/exhibits.jsonl"), b"");
    let judged = place.run(&["judge", "out", "--registry", "registry", "--out", "judged"]);
    assert_eq!(judged.code, 2, "{}", judged.stderr);

    let ended = fetch(&place, &server, "data", "quiet", &["--no-declarations"]);
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    assert_eq!(place.findings("quiet").len(), 1);
}

/// Addresses of different pictures, each of which the server has.
fn many(server: &Server, count: u64) -> Vec<String> {
    let addresses = (0..count).map(|number| {
        let path = format!("/{number}.jpg");
        let seed = if number % 5 == 0 { 1 } else { number + 100 };
        server.put(
            &path,
            encode::jpeg(&art::paint(seed, 240, 180), 70).unwrap(),
        );
        server.address(&path)
    });
    addresses.collect()
}

#[test]
fn results_are_the_same_on_any_number_of_threads_and_connections() {
    let place = Workplace::registered();
    let server = Server::new();
    let mut addresses = many(&server, 20);
    addresses.extend_from_within(..4);
    write_addresses(&place, "data", &addresses);
    server.fail(|_, before| (before % 3 == 0).then_some(Fault::Slow));
    let runs: [(&str, &[&str]); 3] = [
        ("one", &["--threads", "1", "--fetch-connections", "1"]),
        ("two", &["--threads", "2"]),
        (
            "many",
            &[
                "--threads",
                "4",
                "--fetch-connections",
                "12",
                "--fetch-per-host",
                "12",
            ],
        ),
    ];
    for (out, more) in runs {
        let before = server.asked().len();
        let ended = fetch(&place, &server, "data", out, more);
        assert_eq!(ended.code, 1, "{}", ended.stderr);
        assert_eq!(
            server.asked().len() - before,
            21,
            "each address once, and robots.txt"
        );
    }
    let outputs = |out: &str| {
        let mut files = files(&place.path(out));
        // Times, and the settings that differ.
        files.retain(|(name, _)| {
            !matches!(
                name.as_str(),
                "fetched.parquet" | "summary.json" | "report.html"
            )
        });
        files
    };
    assert_eq!(outputs("one"), outputs("two"));
    assert_eq!(outputs("one"), outputs("many"));
    assert_eq!(outputs("one").len(), 5);
}

#[test]
fn shards_are_merged_with_what_they_fetched_and_samples_fetch_their_rows_alone() {
    let place = Workplace::registered();
    let server = Server::new();
    write_addresses(&place, "data", &many(&server, 24));
    let whole = fetch(&place, &server, "data", "whole", &[]);
    assert_eq!(whole.code, 1, "{}", whole.stderr);
    for shard in ["1/3", "2/3", "3/3"] {
        let out = format!("shard-{}", &shard[..1]);
        let ended = fetch(&place, &server, "data", &out, &["--shard", shard]);
        assert_eq!(ended.code, 0, "{}", ended.stderr);
    }
    let merged = place.run(&[
        "merge", "shard-1", "shard-2", "shard-3", "--output", "merged",
    ]);
    assert_eq!(merged.code, 1, "{}", merged.stderr);
    for name in [
        "findings.parquet",
        "findings.jsonl",
        "coverage.parquet",
        "summary.json",
    ] {
        assert_eq!(
            place.read(&format!("merged/{name}")),
            place.read(&format!("whole/{name}")),
            "{name}"
        );
    }
    assert!(place.path("merged/fetched.parquet").exists());
    assert_eq!(
        place.run(&["verify", "merged"]).code,
        3,
        "unsigned, and nothing wrong"
    );
    let before = paths(&server).len();
    let ended = fetch(&place, &server, "data", "sample", &["--sample", "6"]);
    assert_ne!(ended.code, 2, "{}", ended.stderr);
    assert_eq!(paths(&server).len() - before, 7, "robots.txt and six rows");
    assert_eq!(place.json("sample/summary.json")["fetched"]["fetched"], 6);
}

#[test]
fn a_scan_that_was_killed_fetches_what_is_missing_alone() {
    let place = Workplace::registered();
    let server = Server::new();
    let addresses = many(&server, 32);
    write_addresses(&place, "data", &addresses);
    let whole = fetch(&place, &server, "data", "whole", &[]);
    assert_eq!(whole.code, 1, "{}", whole.stderr);
    let before = server.asked().len();
    let slowly = ["--fetch-per-host", "1", "--fetch-delay", "0.1"];
    let mut child = Command::new(assert_cmd::cargo::cargo_bin("clearance"))
        .current_dir(place.path(""))
        .env("SOURCE_DATE_EPOCH", "1767225600")
        .args(arguments(&server, "data", "killed", &slowly))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let part = |group: usize| place.path(&format!("killed/parts/000000-{group:06}.json"));
    let began = Instant::now();
    while !part(2).exists() {
        let ended = child.try_wait().unwrap();
        let is_in_time = began.elapsed() < Duration::from_secs(60);
        assert!(ended.is_none() && is_in_time, "{ended:?}");
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let done: Vec<usize> = (0..8).filter(|&group| part(group).exists()).collect();
    assert!(done.len() >= 2 && done.len() < 8, "{done:?}");
    let asked = server.asked().len();
    assert!(asked - before < 33);

    let resumed = fetch(&place, &server, "data", "killed", &slowly);
    assert_eq!(resumed.code, 1, "{}", resumed.stderr);
    let mut asked_again: Vec<String> = paths(&server).split_off(asked);
    asked_again.sort();
    let missing = (0..8).filter(|group| !done.contains(group));
    let mut expected: Vec<String> = missing
        .flat_map(|group| (0..4).map(move |row| format!("/{}.jpg", group * 4 + row)))
        .collect();
    expected.push("/robots.txt".to_owned());
    expected.sort();
    assert_eq!(asked_again, expected);
    for name in [
        "findings.parquet",
        "findings.jsonl",
        "coverage.parquet",
        "exhibits.jsonl",
    ] {
        assert_eq!(
            place.read(&format!("killed/{name}")),
            place.read(&format!("whole/{name}")),
            "{name}"
        );
    }
    assert_eq!(place.json("killed/summary.json")["fetched"]["fetched"], 32);
    assert!(!place.path("killed/parts").exists());
}
