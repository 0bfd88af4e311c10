//! Datasets in object stores and on the web, read over networks that fail.

use clearance_testkit::forms::{self, FormRow};
use clearance_testkit::{art, encode};
use serde_json::{Value, json};

use crate::forms::{all_forms, rows};
use crate::server::{Fault, Server};
use crate::workplace::{Ended, Workplace, files};

/// Scans with a store at the server, which asks for no credentials.
fn scan(place: &Workplace, server: &Server, input: &str, out: &str, more: &[&str]) -> Ended {
    let scan = [
        "scan",
        input,
        "--registry",
        "registry",
        "--out",
        out,
        "--as-of",
        "2026-06-30",
    ];
    run(place, server, &[&scan[..], more].concat())
}

fn run(place: &Workplace, server: &Server, args: &[&str]) -> Ended {
    let endpoint = server.address("");
    let environment = [
        ("AWS_ENDPOINT_URL", endpoint.as_str()),
        ("AWS_SKIP_SIGNATURE", "true"),
        ("HF_ENDPOINT", endpoint.as_str()),
        ("HF_TOKEN", "hf_secret"),
        ("NO_PROXY", "*"),
    ];
    place.run_with(&environment, args)
}

/// The lines of an output without what the place of a file decides.
fn lines(place: &Workplace, out: &str, name: &str) -> Vec<Value> {
    let text = String::from_utf8(place.read(&format!("{out}/{name}"))).unwrap();
    let mut lines: Vec<Value> = text
        .lines()
        .map(|it| serde_json::from_str(it).unwrap())
        .collect();
    for line in &mut lines {
        let line = line.as_object_mut().unwrap();
        line.remove("finding_id");
        if let Some(file) = line.get_mut("file") {
            let name = file.as_str().unwrap().rsplit('/').next().unwrap();
            *file = name.to_owned().into();
        }
    }
    lines
}

/// Rows, digests and counts of every file.
fn totals(place: &Workplace, out: &str) -> Value {
    let mut summary = place.json(&format!("{out}/summary.json"));
    let files = summary["files"].as_array_mut().unwrap();
    for file in files {
        let file = file.as_object_mut().unwrap();
        let name = file["file"]
            .as_str()
            .unwrap()
            .rsplit('/')
            .next()
            .unwrap()
            .to_owned();
        file.insert("file".to_owned(), name.into());
        file.remove("version");
    }
    let names = [
        "rows",
        "matched",
        "clear",
        "unreadable",
        "skipped",
        "media",
        "files",
        "reasons",
    ];
    names.iter().map(|name| summary[*name].clone()).collect()
}

fn assert_same(place: &Workplace, local: &str, remote: &str) {
    assert_eq!(
        lines(place, remote, "findings.jsonl"),
        lines(place, local, "findings.jsonl")
    );
    assert_eq!(totals(place, remote), totals(place, local));
}

/// Rows that take several blocks together: four with a column that nobody looks at.
fn long_lines() -> Vec<u8> {
    let mut text = String::from_utf8(forms::json_lines(&rows())).unwrap();
    for number in 0..4 {
        let padding = "x".repeat(3 << 20);
        let row = json!({"name": format!("long-{number}"), "padding": padding});
        text.push_str(&row.to_string());
        text.push('\n');
    }
    text.into_bytes()
}

#[test]
fn a_store_that_fails_again_and_again_gives_what_the_files_give() {
    let place = Workplace::registered();
    let server = Server::new();
    let mut all = all_forms();
    all.retain(|(name, _)| !name.contains(".zst") && !name.starts_with("semi"));
    all.push(("a.parquet", forms::parquet(&rows(), 3).unwrap()));
    all.push(("long.jsonl", long_lines()));
    for (name, bytes) in all {
        server.put(&format!("/bucket/data/{name}"), bytes.clone());
        place.write(&format!("data/{name}"), bytes);
    }
    // Neither is read.
    server.put("/bucket/data/.hidden/b.csv", "text\nhidden\n");
    server.put("/bucket/database/b.csv", "text\nbeside\n");
    server.fail(|asked, before| {
        let faults = [
            Some(Fault::Status(500)),
            None,
            Some(Fault::Cut),
            None,
            Some(Fault::Half),
            None,
            Some(Fault::Silence),
            Some(Fault::Slow),
            None,
            Some(Fault::Busy(1)),
            None,
            Some(Fault::Garbled),
            None,
        ];
        // HEAD has no body to cut.
        let fault = faults[before % faults.len()];
        fault.filter(|_| asked.method == "GET")
    });
    let local = scan(&place, &server, "data", "local", &[]);
    assert_eq!(local.code, 1, "{}", local.stderr);
    assert!(
        server.asked().is_empty(),
        "nothing is asked without a remote input"
    );
    let remote = scan(&place, &server, "s3://bucket/data/", "remote", &[]);
    assert_eq!(remote.code, 1, "{}", remote.stderr);
    assert_same(&place, "local", "remote");
    let summary = place.json("remote/summary.json");
    assert!(summary["files"][0]["version"].is_string());
    let one = scan(
        &place,
        &server,
        "s3://bucket/data/*.csv",
        "csv",
        &["--threads", "1"],
    );
    assert_eq!(one.code, 1, "{}", one.stderr);
    assert_eq!(
        place.json("csv/summary.json")["files"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

/// The same rows, and more whose files are noise, in several row groups and blocks.
fn long_table() -> Vec<u8> {
    let mut rows = rows();
    for number in 0..6 {
        let mut noise = vec![0; 1_500_000];
        let mut state: u32 = 12_345 + number;
        for byte in &mut noise {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            *byte = (state >> 24) as u8;
        }
        rows.push(FormRow {
            name: format!("noise-{number}"),
            file: Some(("jpg".to_owned(), noise)),
            text: None,
            url: None,
        });
    }
    forms::parquet(&rows, 3).unwrap()
}

#[test]
fn what_fails_for_good_is_an_error_and_is_read_on_later() {
    let place = Workplace::registered();
    let server = Server::new();
    for (name, bytes) in [
        ("long.jsonl", long_lines()),
        ("table.parquet", long_table()),
    ] {
        place.write(&format!("data/{name}"), &bytes);
        server.put(&format!("/bucket/{name}"), bytes);
    }
    let local = scan(&place, &server, "data", "local", &[]);
    assert_eq!(local.code, 1, "{}", local.stderr);
    let input = "s3://bucket/";
    let few = ["--remote-retries", "1"];
    let failing = |name: &'static str, range: &'static str, fault: Fault| {
        server.fail(move |asked, _| {
            let is_meant = asked.path.ends_with(name) && asked.header("range").starts_with(range);
            is_meant.then_some(fault)
        });
        let failed = scan(&place, &server, input, "out", &few);
        assert_eq!(failed.code, 2, "{}", failed.stderr);
        let place_of_it = range.replace('=', " ").replace('-', " to ");
        for words in [name, &place_of_it, "run the same command again"] {
            assert!(failed.stderr.contains(words), "{words}: {}", failed.stderr);
        }
        assert!(!place.path("out/summary.json").exists());
    };
    // While it is planned, which reads it whole.
    failing("long.jsonl", "bytes=8388608-", Fault::Status(500));
    assert!(!place.path("out/parts").exists());
    // While it is scanned: rows that were withheld are not called unreadable.
    failing("table.parquet", "bytes=4194304-", Fault::Cut);
    assert!(place.path("out/parts/000001-000000.json").exists());
    server.fail(|_, _| None);
    let ended = scan(&place, &server, input, "out", &few);
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    assert_same(&place, "local", "out");
}

#[test]
fn another_version_of_a_file_is_noticed_between_its_parts() {
    let place = Workplace::registered();
    let server = Server::new();
    server.put("/bucket/long.jsonl", long_lines());
    server.fail(|asked, _| {
        let is_later = asked.header("range").starts_with("bytes=4194304-");
        is_later.then_some(Fault::Changed)
    });
    let ended = scan(&place, &server, "s3://bucket/long.jsonl", "out", &[]);
    assert_eq!(ended.code, 2);
    let words = "was changed while it was read; run the same command again";
    assert!(ended.stderr.contains(words), "{}", ended.stderr);
}

#[test]
fn a_signature_in_an_address_is_shown_nowhere() {
    let place = Workplace::registered();
    let server = Server::new();
    server.put("/a.parquet", forms::parquet(&rows(), 3).unwrap());
    let input = server.address("/a.parquet?X-Amz-Signature=0123secret");
    let ended = scan(&place, &server, &input, "out", &[]);
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    let asked = server.asked();
    assert!(
        asked
            .iter()
            .all(|it| it.path.ends_with("?X-Amz-Signature=0123secret"))
    );
    let summary = place.json("out/summary.json");
    let bare = server.address("/a.parquet");
    assert_eq!(summary["files"][0]["file"], bare);
    for (name, bytes) in files(&place.path("out")) {
        assert!(
            !String::from_utf8_lossy(&bytes).contains("0123secret"),
            "{name}"
        );
    }
    server.fail(|_, _| Some(Fault::Status(403)));
    let refused = scan(&place, &server, &input, "out", &[]);
    assert_eq!(refused.code, 2);
    assert!(refused.stderr.contains("credentials"), "{}", refused.stderr);
    server.fail(|_, _| Some(Fault::Status(500)));
    let failed = scan(&place, &server, &input, "out", &["--remote-retries", "0"]);
    assert_eq!(failed.code, 2);
    assert!(!format!("{}{}", failed.stderr, refused.stderr).contains("0123secret"));
    // A server that has no parts to give.
    server.fail(|_, _| Some(Fault::Whole));
    let whole = scan(&place, &server, &input, "out", &[]);
    assert_eq!(whole.code, 2);
    assert!(
        whole.stderr.contains("download the file"),
        "{}",
        whole.stderr
    );
    let nothing = scan(&place, &server, &server.address("/b.parquet"), "out", &[]);
    assert_eq!(nothing.code, 2);
    let folder = scan(&place, &server, &server.address("/data/"), "out", &[]);
    assert!(
        folder.stderr.contains("name each file"),
        "{}",
        folder.stderr
    );
}

#[test]
fn a_dataset_on_the_hub_is_listed_and_read_with_the_token_there_alone() {
    let place = Workplace::registered();
    let server = Server::new();
    let tree = "/api/datasets/owner/name/tree/v1";
    let page = |path: &str| {
        format!(
            "[{{\"type\": \"directory\", \"path\": \"data\"}}, {{\"type\": \"file\", \"size\": 1, \"path\": \"{path}\"}}]"
        )
    };
    let next = format!(
        "<{}>; rel=\"next\"",
        server.address("/api/datasets/owner/name/more")
    );
    server.put_with(tree, page("README.md"), &[("Link", &next)]);
    server.put("/api/datasets/owner/name/more", page("data/a b.parquet"));
    let file = "/datasets/owner/name/resolve/v1/data/a%20b.parquet";
    // Another host: files lie on servers that the token is none of the business of.
    server.redirect(file, &format!("http://localhost:{}/blob", server.port));
    server.put("/blob", forms::parquet(&rows(), 3).unwrap());
    place.write("data/a b.parquet", forms::parquet(&rows(), 3).unwrap());
    let local = scan(&place, &server, "data", "local", &[]);
    assert_eq!(local.code, 1, "{}", local.stderr);
    for (number, input) in [
        "hf://datasets/owner/name@v1",
        "hf://datasets/owner/name@v1/data/a b.parquet",
        "hf://datasets/owner/name@v1/data/*.parquet",
    ]
    .iter()
    .enumerate()
    {
        if number == 2 {
            server.put(
                "/api/datasets/owner/name/tree/v1/data",
                page("data/a b.parquet"),
            );
        }
        let out = format!("out-{number}");
        let ended = scan(&place, &server, input, &out, &[]);
        assert_eq!(ended.code, 1, "{input}: {}", ended.stderr);
        assert_same(&place, "local", &out);
        let summary = place.json(&format!("{out}/summary.json"));
        assert_eq!(
            summary["files"][0]["file"],
            "hf://datasets/owner/name@v1/data/a b.parquet"
        );
    }
    for asked in server.asked() {
        let expected = if asked.path == "/blob" {
            ""
        } else {
            "Bearer hf_secret"
        };
        assert_eq!(asked.header("authorization"), expected, "{}", asked.path);
    }
}

#[test]
fn files_that_rows_name_are_read_beside_them() {
    let place = Workplace::registered();
    let server = Server::new();
    let table = "file_name,caption\nimg/copy 1.jpg,first\nimg/gone.jpg,second\n../out.jpg,third\n";
    let copy = encode::jpeg(&art::paint(1, 480, 360), 60).unwrap();
    for (name, bytes) in [
        ("metadata.csv", table.as_bytes()),
        ("img/copy 1.jpg", &copy),
    ] {
        place.write(&format!("data/{name}"), bytes);
        server.put(&format!("/bucket/data/{}", name.replace(' ', "%20")), bytes);
    }
    server.fail(|_, before| (before % 2 == 1).then_some(Fault::Status(503)));
    let local = scan(&place, &server, "data", "local", &[]);
    assert_eq!(local.code, 1, "{}", local.stderr);
    let remote = scan(
        &place,
        &server,
        "s3://bucket/data/metadata.csv",
        "remote",
        &[],
    );
    assert_eq!(remote.code, 1, "{}", remote.stderr);
    assert_same(&place, "local", "remote");
    let named = server.address("/bucket/data/metadata.csv");
    let web = scan(&place, &server, &named, "web", &[]);
    assert_eq!(web.code, 1, "{}", web.stderr);
    assert_same(&place, "local", "web");
    // What a network withholds is no missing file.
    server.fail(|asked, _| asked.path.contains("copy").then_some(Fault::Cut));
    let cut = scan(&place, &server, &named, "cut", &["--remote-retries", "1"]);
    assert_eq!(cut.code, 2, "{}", cut.stderr);
    assert!(cut.stderr.contains("img/copy%201.jpg"), "{}", cut.stderr);
}

#[test]
fn other_commands_take_the_same_inputs() {
    let place = Workplace::registered();
    let server = Server::new();
    server.put(
        "/bucket/data/a.parquet",
        forms::parquet(&rows(), 3).unwrap(),
    );
    server.put("/bucket/data/b.jsonl", forms::json_lines(&rows()));
    place.write("data/a.parquet", forms::parquet(&rows(), 3).unwrap());
    place.write("data/b.jsonl", forms::json_lines(&rows()));
    let input = "s3://bucket/data";
    let inspected = run(&place, &server, &["inspect", input]);
    assert!(
        inspected.stdout.contains("s3://bucket/data/a.parquet"),
        "{}",
        inspected.stderr
    );
    let ended = scan(&place, &server, input, "out", &[]);
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    let local = scan(&place, &server, "data", "local", &[]);
    assert_eq!(local.code, 1, "{}", local.stderr);
    let filter = |input: &str, out: &str, to: &str| {
        let ended = run(
            &place,
            &server,
            &[
                "filter",
                input,
                "--findings",
                out,
                "--to",
                to,
                "--allow-incomplete",
            ],
        );
        assert_eq!(ended.code, 0, "{}", ended.stderr);
        let mut copied = files(&place.path(to));
        // What the copy was made of, for a run that is continued.
        copied.retain(|(name, _)| !name.starts_with('.'));
        copied
    };
    assert_eq!(
        filter(input, "out", "clean"),
        filter("data", "local", "clean-local")
    );
    let verified = run(
        &place,
        &server,
        &[
            "verify",
            "out",
            "--registry",
            "registry",
            "--dataset",
            input,
        ],
    );
    assert!(
        verified.stdout.contains("came out the same, and no other"),
        "{}{}",
        verified.stdout,
        verified.stderr
    );
}

#[test]
fn fingerprint_tables_are_made_of_remote_files_and_are_some() {
    let place = Workplace::registered();
    let server = Server::new();
    server.put("/bucket/a.parquet", forms::parquet(&rows(), 3).unwrap());
    let table = [
        "fingerprint",
        "s3://bucket/a.parquet",
        "--out",
        "prints.parquet",
        "--keep-texts",
    ];
    let printed = run(&place, &server, &table);
    assert_eq!(printed.code, 3, "{}", printed.stderr);
    server.put("/bucket/prints.parquet", place.read("prints.parquet"));
    let scanned = scan(
        &place,
        &server,
        "s3://bucket/prints.parquet",
        "of-prints",
        &[],
    );
    assert_eq!(scanned.code, 1, "{}", scanned.stderr);
    assert_eq!(place.findings("of-prints").len(), 3);
}

#[test]
fn the_other_stores_are_asked_at_their_own_addresses() {
    let place = Workplace::registered();
    let server = Server::new();
    let table = forms::parquet(&rows(), 3).unwrap();
    place.write("data/a b.parquet", &table);
    let local = scan(&place, &server, "data", "local", &[]);
    assert_eq!(local.code, 1, "{}", local.stderr);
    for bucket in ["google", "container"] {
        server.put(&format!("/{bucket}/data/a%20b.parquet"), table.clone());
    }
    server.fail(|_, before| (before % 2 == 0).then_some(Fault::Status(503)));
    let endpoint = server.address("");
    let environment = [
        ("GOOGLE_BASE_URL", endpoint.as_str()),
        ("GOOGLE_SKIP_SIGNATURE", "true"),
        ("AZURE_STORAGE_ENDPOINT", endpoint.as_str()),
        ("AZURE_STORAGE_ACCOUNT_NAME", "account"),
        ("AZURE_SKIP_SIGNATURE", "true"),
        ("NO_PROXY", "*"),
    ];
    for (number, input) in [
        "gs://google/data/a b.parquet",
        "az://container/data/a b.parquet",
        "abfss://container@account.dfs.core.windows.net/data/a b.parquet",
    ]
    .into_iter()
    .enumerate()
    {
        let out = format!("out-{number}");
        let more = [
            "--registry",
            "registry",
            "--as-of",
            "2026-06-30",
            "--out",
            &out,
        ];
        let ended = place.run_with(&environment, &[&["scan", input][..], &more].concat());
        assert_eq!(ended.code, 1, "{input}: {}", ended.stderr);
        assert_same(&place, "local", &out);
        assert_eq!(
            place.json(&format!("{out}/summary.json"))["files"][0]["file"],
            input
        );
    }
}
