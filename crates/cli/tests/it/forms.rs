//! Datasets in forms other than Parquet.

use clearance_testkit::forms::{self, FormRow};
use clearance_testkit::{art, encode, music, prose};
use serde_json::Value;

use crate::workplace::{Ended, RATE_HZ, SCAN, Workplace, files};

/// Altered copies of the three works in rows 0, 2 and 4, unrelated items between them; a row whose
/// file is damaged, and one without anything but an address.
pub(crate) fn rows() -> Vec<FormRow> {
    let song = music::compose(1, 15.0);
    let excerpt = encode::wav(&song[4 * RATE_HZ as usize..11 * RATE_HZ as usize], RATE_HZ);
    let other_song = encode::wav(&music::compose(2, 8.0), RATE_HZ);
    let copy = encode::jpeg(&art::paint(1, 480, 360), 60).unwrap();
    let other = encode::jpeg(&art::paint(2, 480, 360), 60).unwrap();
    let story = prose::write(1, 400);
    let passage: Vec<&str> = story.split_whitespace().skip(100).take(60).collect();
    let quoting = format!(
        "{} \"{}\",\n{}",
        prose::write(8, 80),
        passage.join(" "),
        prose::write(9, 80)
    );
    let row = |number: usize, ending: &str, bytes: Vec<u8>, text: Option<String>| FormRow {
        name: format!("row-{number:04}"),
        file: Some((ending.to_owned(), bytes)),
        text,
        url: Some(format!("https://example.org/page/{number}")),
    };
    vec![
        row(0, "wav", excerpt, Some(prose::write(20, 30))),
        row(1, "wav", other_song, None),
        row(2, "jpg", copy, Some(prose::write(21, 30))),
        row(3, "jpg", other.clone(), Some(prose::write(22, 30))),
        row(4, "jpg", other.clone(), Some(quoting)),
        row(5, "jpg", other[..200].to_vec(), Some(prose::write(23, 30))),
        row(6, "jpg", other, Some(prose::write(3, 200))),
    ]
}

/// A dataset's bytes in every form that is one file, by its name.
pub(crate) fn all_forms() -> Vec<(&'static str, Vec<u8>)> {
    let rows = rows();
    let lines = forms::json_lines(&rows);
    let csv = forms::separated(&rows, ',');
    let archive = forms::archive(&rows).unwrap();
    vec![
        ("a.jsonl.gz", forms::gzip(&lines).unwrap()),
        ("a.ndjson.zst", forms::zstd(&lines).unwrap()),
        ("a.jsonl", lines),
        ("a.json", forms::json_array(&rows)),
        ("a.csv.gz", forms::gzip(&csv).unwrap()),
        ("a.csv", csv),
        ("semicolons.csv", forms::separated(&rows, ';')),
        ("a.tsv", forms::separated(&rows, '\t')),
        ("a.arrow", forms::arrow_stream(&rows, 2).unwrap()),
        ("a.feather", forms::feather(&rows, 2).unwrap()),
        ("a.tar.gz", forms::gzip(&archive).unwrap()),
        ("a.tar.zst", forms::zstd(&archive).unwrap()),
        ("a.tar", archive),
    ]
}

/// Scans a file or folder; returns its findings without the names of file and column.
fn findings(place: &Workplace, input: &str, out: &str) -> Vec<Value> {
    let ended = scan(place, input, out);
    assert_eq!(ended.code, 1, "{input}: {}{}", ended.stdout, ended.stderr);
    let mut findings = place.findings(out);
    for finding in &mut findings {
        let finding = finding.as_object_mut().unwrap();
        // The id is made of the place.
        for name in ["file", "column_name", "finding_id"] {
            finding.remove(name).unwrap();
        }
    }
    findings
}

fn scan(place: &Workplace, input: &str, out: &str) -> Ended {
    let mut args = SCAN;
    (args[1], args[5]) = (input, out);
    place.run(&args)
}

fn counts(place: &Workplace, out: &str) -> Vec<i64> {
    let summary = place.json(&format!("{out}/summary.json"));
    let names = ["rows", "matched", "clear", "unreadable", "skipped"];
    names.map(|name| summary[name].as_i64().unwrap()).to_vec()
}

#[test]
fn every_form_gives_the_findings_of_the_same_rows_in_parquet() {
    let place = Workplace::registered();
    place.write("parquet/a.parquet", forms::parquet(&rows(), 3).unwrap());
    let expected = findings(&place, "parquet", "out");
    let works: Vec<&str> = expected
        .iter()
        .map(|it| it["work_id"].as_str().unwrap())
        .collect();
    assert_eq!(works, ["song", "picture", "story"]);
    assert_eq!(counts(&place, "out"), [7, 3, 3, 1, 0]);
    for (number, (name, bytes)) in all_forms().into_iter().enumerate() {
        let input = format!("data-{number}/{name}");
        place.write(&input, bytes);
        let out = format!("out-{number}");
        assert_eq!(findings(&place, &input, &out), expected, "{name}");
        assert_eq!(counts(&place, &out), [7, 3, 3, 1, 0], "{name}");
        let again = place.run(&[
            "verify",
            &out,
            "--registry",
            "registry",
            "--dataset",
            &input,
        ]);
        let same = again.stdout.contains("came out the same, and no other");
        assert!(same, "{name}: {}{}", again.stdout, again.stderr);
    }
    forms::write_folder(&rows(), &place.path("folder")).unwrap();
    assert_eq!(findings(&place, "folder", "out-folder"), expected);
    assert_eq!(counts(&place, "out-folder"), [7, 3, 3, 1, 0]);
}

#[test]
fn threads_and_fingerprint_tables_change_nothing_in_any_form() {
    let place = Workplace::registered();
    for (number, (name, bytes)) in all_forms().into_iter().enumerate() {
        let input = format!("data-{number}/{name}");
        place.write(&input, bytes);
        let run = |threads: &str, out: &str| {
            let mut args = SCAN.to_vec();
            (args[1], args[5]) = (&input, out);
            let ended = place.run(&[&args[..], &["--threads", threads]].concat());
            assert_eq!(ended.code, 1, "{name}: {}", ended.stderr);
        };
        let (one, four) = (format!("one-{number}"), format!("four-{number}"));
        run("1", &one);
        run("4", &four);
        assert_eq!(
            files(&place.path(&one)),
            files(&place.path(&four)),
            "{name}"
        );
        let table = format!("{number}.prints.parquet");
        let ended = place.run(&["fingerprint", &input, "--out", &table, "--keep-texts"]);
        assert_eq!(ended.code, 3, "{name}: {}", ended.stderr);
        let printed = findings(&place, &table, &format!("printed-{number}"));
        let works: Vec<&str> = printed
            .iter()
            .map(|it| it["work_id"].as_str().unwrap())
            .collect();
        assert_eq!(works, ["song", "picture", "story"], "{name}");
    }
}

#[test]
fn broken_lines_are_unreadable_rows_with_their_numbers() {
    let place = Workplace::registered();
    let text = prose::write(30, 40);
    let deep = "[".repeat(1000);
    let lines = [
        format!("{{\"text\": {text:?}}}"),
        "{\"text\": ".to_owned(),
        String::new(),
        "[1, 2]".to_owned(),
        "{\"text\": 5}".to_owned(),
        format!("{{\"text\": {deep}"),
        format!("{{\"later\": {text:?}, \"text\": null}}"),
    ];
    place.write("data/a.jsonl", lines.join("\n"));
    let ended = scan(&place, "data", "out");
    assert_eq!(ended.code, 3, "{}{}", ended.stdout, ended.stderr);
    // A column that begins in the last line is examined like the first.
    assert_eq!(counts(&place, "out"), [6, 0, 2, 4, 0]);
    let listed = place.run(&["inspect", "out", "--unreadable"]);
    let reasons: Vec<&str> = listed
        .stdout
        .lines()
        .map(|line| line.rsplit('\t').next().unwrap())
        .collect();
    for (reason, line) in reasons.iter().zip([2, 4, 5, 6]) {
        let wanted = format!("corrupt: line {line}: ");
        assert!(reason.starts_with(&wanted), "{reason}");
    }
    assert_eq!(reasons.len(), 4);
}

#[test]
fn rows_of_the_wrong_width_are_unreadable_and_quotes_in_tabs_are_letters() {
    let place = Workplace::registered();
    let text = prose::write(31, 20);
    place.write(
        "data/a.csv",
        format!("id,caption\r\n1,\"{text}\"\r\n2,a,b,c\r\n3\r\n4,\"{text} and\r\nmore\"\r\n"),
    );
    place.write(
        "data/b.tsv",
        format!("path\tsentence\nnone.wav\t\"{text}\nnone.wav\t{text}\"\n"),
    );
    let ended = scan(&place, "data", "out");
    assert_eq!(ended.code, 3, "{}{}", ended.stdout, ended.stderr);
    let summary = place.json("out/summary.json");
    let rows = |file: usize| {
        let file = &summary["files"][file];
        ["rows", "clear", "unreadable"].map(|name| file[name].as_i64().unwrap())
    };
    assert_eq!(rows(0), [4, 2, 2]);
    // The recordings are missing, and both rows are there.
    assert_eq!(rows(1), [2, 0, 2]);
}

#[test]
fn a_file_that_ends_early_counts_up_to_there_and_is_named() {
    let place = Workplace::registered();
    for (number, (name, bytes)) in all_forms().into_iter().enumerate() {
        let is_packed = [".gz", ".zst", ".tar", ".arrow", ".feather"]
            .iter()
            .any(|ending| name.ends_with(ending));
        if !is_packed {
            continue;
        }
        let input = format!("data-{number}/{name}");
        place.write(&input, &bytes[..bytes.len() * 9 / 10]);
        let out = format!("out-{number}");
        let ended = scan(&place, &input, &out);
        assert!(matches!(ended.code, 1 | 3), "{name}: {}", ended.stderr);
        assert!(ended.stderr.contains(name), "{name}: {}", ended.stderr);
        let summary = place.json(&format!("{out}/summary.json"));
        assert!(summary["files"][0]["damage"].is_string(), "{name}");
        let rows = summary["rows"].as_i64().unwrap();
        assert!((1..=7).contains(&rows), "{name}: {rows}");
        let sum: i64 = counts(&place, &out)[1..].iter().sum();
        assert_eq!(sum, rows, "{name}");
    }
}

#[test]
fn filter_leaves_out_lines_and_members_and_keeps_all_other_bytes() {
    let place = Workplace::registered();
    for (number, (name, bytes)) in all_forms().into_iter().enumerate() {
        let folder = format!("data-{number}");
        place.write(&format!("{folder}/{name}"), bytes);
        let (out, to) = (format!("out-{number}"), format!("clean-{number}"));
        scan(&place, &folder, &out);
        let args = [
            "filter",
            &folder,
            "--findings",
            &out,
            "--to",
            &to,
            "--allow-incomplete",
        ];
        let ended = place.run(&args);
        if ["a.arrow", "a.feather"].contains(&name) {
            assert_eq!(ended.code, 2, "{name}: {}", ended.stdout);
            assert!(ended.stderr.contains("--deny-list"), "{}", ended.stderr);
            assert!(!place.path(&to).exists(), "{name}");
            continue;
        }
        assert_eq!(ended.code, 0, "{name}: {}{}", ended.stdout, ended.stderr);
        let after = format!("after-{number}");
        let ended = scan(&place, &to, &after);
        assert_eq!(ended.code, 3, "{name}: {}{}", ended.stdout, ended.stderr);
        // The passage of an unreserved work is not over policy and stays.
        assert_eq!(counts(&place, &after), [5, 1, 3, 1, 0], "{name}");
        let null = format!("null-{number}");
        let args = [
            "filter",
            &folder,
            "--findings",
            &out,
            "--to",
            &null,
            "--allow-incomplete",
            "--null-items",
        ];
        assert_eq!(place.run(&args).code, 2, "{name}");
    }
    let kept = String::from_utf8(place.read("clean-2/a.jsonl")).unwrap();
    let all = String::from_utf8(place.read("data-2/a.jsonl")).unwrap();
    let wanted: Vec<&str> = all
        .lines()
        .enumerate()
        .filter(|(row, _)| ![0, 2].contains(row))
        .map(|(_, line)| line)
        .collect();
    assert_eq!(kept.lines().collect::<Vec<_>>(), wanted);
}

#[test]
fn deny_lists_name_the_files_of_folders_and_archives() {
    let place = Workplace::registered();
    forms::write_folder(&rows(), &place.path("folder/deep")).unwrap();
    place.write("shards/0.tar", forms::archive(&rows()).unwrap());
    for (input, name) in [("folder", "deep/row-0002.jpg"), ("shards", "row-0002")] {
        let out = format!("out-{input}");
        scan(&place, input, &out);
        let list = format!("{input}.jsonl");
        let ended = place.run(&[
            "filter",
            input,
            "--findings",
            &out,
            "--deny-list",
            &list,
            "--allow-incomplete",
        ]);
        assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
        let list = String::from_utf8(place.read(&list)).unwrap();
        let second: Value = serde_json::from_str(list.lines().nth(1).unwrap()).unwrap();
        assert_eq!(second["uid"], name);
    }
    let ended = place.run(&[
        "filter",
        "folder",
        "--findings",
        "out-folder",
        "--to",
        "clean",
        "--allow-incomplete",
    ]);
    assert_eq!(ended.code, 2);
    assert!(ended.stderr.contains("--deny-list"), "{}", ended.stderr);
}

#[test]
fn links_lead_into_a_cache_and_not_out_of_it() {
    let place = Workplace::registered();
    let repository = "datasets--a--b";
    place.write(
        &format!("{repository}/blobs/1234"),
        forms::parquet(&rows(), 3).unwrap(),
    );
    place.write("elsewhere.parquet", forms::parquet(&rows(), 3).unwrap());
    let data = place.path(&format!("{repository}/snapshots/abcd/data"));
    std::fs::create_dir_all(&data).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::symlink;
        symlink("../../../blobs/1234", data.join("train.parquet")).unwrap();
        let expected = findings(&place, &format!("{repository}/snapshots/abcd"), "out");
        assert_eq!(expected.len(), 3);
        assert_eq!(findings(&place, repository, "whole"), expected);
        symlink("../../../../elsewhere.parquet", data.join("out.parquet")).unwrap();
        let ended = scan(&place, repository, "refused");
        assert_eq!(ended.code, 2);
        assert!(
            ended.stderr.contains("leads out of the cache"),
            "{}",
            ended.stderr
        );
        forms::write_folder(&rows(), &place.path("media")).unwrap();
        symlink("../works/song.wav", place.path("media/x.wav")).unwrap();
        scan(&place, "media", "media-out");
        assert_eq!(counts(&place, "media-out"), [8, 3, 3, 1, 1]);
    }
}

#[test]
fn a_description_in_croissant_names_the_files() {
    let place = Workplace::registered();
    let bytes = forms::json_lines(&rows());
    place.write("data/rows.jsonl", &bytes);
    place.write("data/other.csv", "text\nleft out\n");
    let describe = |sha256: &str| {
        let description = serde_json::json!({
            "@context": {"@vocab": "https://schema.org/"},
            "@type": "sc:Dataset",
            "conformsTo": "http://mlcommons.org/croissant/1.0",
            "distribution": [
                {"@type": "cr:FileObject", "@id": "repo", "contentUrl": "https://example.org/r",
                 "encodingFormat": "git+https", "sha256": "https://example.org/none"},
                {"@type": "cr:FileObject", "@id": "rows", "contentUrl": "https://example.org/d/rows.jsonl?x=1",
                 "encodingFormat": "application/jsonlines", "sha256": sha256},
                {"@type": "cr:FileSet", "@id": "set", "includes": "ro*.jsonl"}
            ]
        });
        place.write("data/croissant.json", description.to_string());
    };
    // Of the bytes as they are; the program has no other way to get it.
    let wrong = "0".repeat(64);
    describe(&wrong);
    let ended = scan(&place, "data/croissant.json", "out");
    assert_eq!(ended.code, 2);
    let stated = ended.stderr.split("and it is ").nth(1).unwrap()[..64].to_owned();
    describe(&stated);
    assert_eq!(findings(&place, "data/croissant.json", "out").len(), 3);
    assert_eq!(counts(&place, "out")[0], 7);
    std::fs::remove_file(place.path("data/rows.jsonl")).unwrap();
    let ended = scan(&place, "data/croissant.json", "gone");
    assert!(ended.stderr.contains("download it"), "{}", ended.stderr);
}
