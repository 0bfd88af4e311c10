//! `clearance scan --shard` and `clearance merge`: a scan that is split over jobs.

use crate::workplace::{Ended, SCAN, Workplace, files};

/// Two files of three row groups each.
fn place() -> Workplace {
    let place = Workplace::registered();
    place.write_dataset("data/a.parquet");
    place.write_dataset("data/b.parquet");
    place
}

fn scan(place: &Workplace, out: &str, more: &[&str]) -> Ended {
    let args = [
        "scan",
        "data",
        "--registry",
        "registry",
        "--out",
        out,
        "--as-of",
        "2026-06-30",
    ];
    place.run(&[&args[..], more].concat())
}

/// Scans all shards into folders of their own; returns their names.
fn shards(place: &Workplace, of: usize, more: &[&str]) -> Vec<String> {
    let folders = (1..=of).map(|number| {
        let out = format!("shards-{of}/{number}");
        let shard = format!("{number}/{of}");
        // On another number of threads each.
        let threads = (1 + number % 3).to_string();
        let own = ["--shard", &shard, "--threads", &threads];
        let ended = scan(place, &out, &[more, &own[..]].concat());
        assert_eq!(ended.code, 0, "{shard}: {}", ended.stderr);
        assert!(!place.path(&format!("{out}/findings.parquet")).exists());
        out
    });
    folders.collect()
}

fn merge(place: &Workplace, folders: &[String], out: &str) -> Ended {
    let mut args = vec!["merge"];
    args.extend(folders.iter().map(String::as_str));
    args.extend(["--output", out]);
    place.run(&args)
}

/// The merged folder is that of one scan, every file of it.
fn assert_as_one(place: &Workplace, of: usize, more: &[&str]) {
    let whole = scan(place, "whole", more);
    let folders = shards(place, of, more);
    let ended = merge(place, &folders, "merged");
    assert_eq!(ended.code, whole.code, "{of} shards: {}", ended.stderr);
    let names = |stdout: &str| stdout.replace("merged", "whole");
    assert_eq!(names(&ended.stdout), whole.stdout);
    let (one, other) = (files(&place.path("whole")), files(&place.path("merged")));
    let names = |files: &[(String, Vec<u8>)]| -> Vec<String> {
        files.iter().map(|(name, _)| name.clone()).collect()
    };
    assert_eq!(names(&one), names(&other));
    for ((name, one), (_, other)) in one.iter().zip(&other) {
        assert!(one == other, "{of} shards, {more:?}: {name} differs");
    }
    for folder in ["whole", "merged"] {
        std::fs::remove_dir_all(place.path(folder)).unwrap();
    }
}

#[test]
fn shards_make_the_results_of_one_scan() {
    let place = place();
    for of in [1, 2, 3, 7] {
        assert_as_one(&place, of, &["--mentions", "--min-coverage", "0.5"]);
    }
}

#[test]
fn a_sample_is_the_same_in_shards() {
    let place = place();
    for of in [2, 5] {
        assert_as_one(&place, of, &["--sample", "7", "--sample-seed", "3"]);
    }
}

#[test]
fn a_fingerprint_table_is_scanned_in_shards() {
    let place = place();
    let ended = place.run(&[
        "fingerprint",
        "data",
        "--out",
        "prints.parquet",
        "--keep-texts",
    ]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let scan = |out: &str, shard: &[&str]| {
        let mut args = SCAN.to_vec();
        (args[1], args[5]) = ("prints.parquet", out);
        place.run(&[&args[..], shard].concat())
    };
    assert_eq!(scan("whole", &[]).code, 1);
    let folders = ["one".to_owned(), "two".to_owned()];
    assert_eq!(scan("one", &["--shard", "1/2"]).code, 0);
    assert_eq!(scan("two", &["--shard", "2/2"]).code, 0);
    assert_eq!(merge(&place, &folders, "merged").code, 1);
    assert_eq!(files(&place.path("whole")), files(&place.path("merged")));
}

#[test]
fn an_interrupted_shard_continues() {
    let place = place();
    scan(&place, "whole", &[]);
    let folders = shards(&place, 2, &[]);
    let kept = "shards-2/1/parts/000000-000000.json";
    let modified = || std::fs::metadata(place.path(kept)).unwrap().modified();
    let before = modified().unwrap();
    // As a kill leaves it: some parts, half of one, no description.
    std::fs::remove_file(place.path("shards-2/1/shard.json")).unwrap();
    std::fs::remove_file(place.path("shards-2/1/parts/000000-000001.json")).unwrap();
    place.write("shards-2/1/parts/000000-000001.writing", b"half a part");
    let unfinished = merge(&place, &folders, "merged");
    assert_eq!(unfinished.code, 2);
    assert!(
        unfinished.stderr.contains("no finished shard"),
        "{}",
        unfinished.stderr
    );
    let ended = scan(&place, "shards-2/1", &["--shard", "1/2"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert_eq!(modified().unwrap(), before);
    merge(&place, &folders, "merged");
    assert_eq!(files(&place.path("whole")), files(&place.path("merged")));
}

#[test]
fn shards_that_do_not_make_a_scan_are_refused() {
    let place = place();
    let folders = shards(&place, 3, &[]);
    let refused = |folders: &[&str], words: &[&str]| {
        let folders: Vec<String> = folders.iter().map(|name| (*name).to_owned()).collect();
        let ended = merge(&place, &folders, "merged");
        assert_eq!(ended.code, 2, "{folders:?}");
        for word in words {
            assert!(ended.stderr.contains(word), "{word}: {}", ended.stderr);
        }
        assert!(!place.path("merged").exists());
    };
    let [one, two, three] = [0, 1, 2].map(|number| folders[number].as_str());
    refused(&[two], &["2 of 3 shards are missing: 1, 3"]);
    refused(
        &[one, two, three, two],
        &["shard 2/3 is in shards-3/2, too"],
    );
    let other = |name: &str, more: &[&str]| {
        let asked = [&["--shard", "3/3"], more].concat();
        assert_eq!(scan(&place, name, &asked).code, 0);
    };
    other("opt-in", &["--mode", "opt-in"]);
    refused(
        &[one, two, "opt-in"],
        &[
            "opt-in: not of the same scan as shards-3/1",
            "another question",
        ],
    );
    other("iscc", &["--no-declarations"]);
    refused(&[one, two, "iscc"], &["other settings"]);
    other("sampled", &["--sample", "9"]);
    refused(&[one, two, "sampled"], &["sampled", "sample"]);
    other("fourths", &[]);
    assert_eq!(scan(&place, "quarter", &["--shard", "3/4"]).code, 0);
    refused(&[one, two, "quarter"], &["split into 4 shards, not 3"]);
    // Another version of an input, and another state of the registry.
    let data = place.read("data/b.parquet");
    std::fs::copy(place.path("data/a.parquet"), place.path("data/c.parquet")).unwrap();
    other("more", &[]);
    refused(&[one, two, "more"], &["3 input files, not 2"]);
    std::fs::remove_file(place.path("data/c.parquet")).unwrap();
    let mut flipped = data.clone();
    flipped[100] ^= 1;
    place.write("data/b.parquet", flipped);
    other("flipped", &[]);
    refused(&[one, two, "flipped"], &["data/b.parquet was another file"]);
    place.write("data/b.parquet", data);
    let ended = place.run(&["withdraw", "song", "--registry", "registry"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    other("later", &[]);
    refused(&[one, two, "later"], &["another registry", "--registry-at"]);
    // Changed after the fact.
    let part = "shards-3/2/parts/000001-000000.json";
    let text = String::from_utf8(place.read(part)).unwrap();
    place.write(part, text.replace("\"clear\":1", "\"clear\":2"));
    refused(
        &[one, two, three],
        &["its digest is not that in shard.json"],
    );
    place.write(part, text);
    place.write("shards-3/2/works.jsonl", b"");
    refused(
        &[one, two, three],
        &["works.jsonl", "scan this shard again"],
    );
}

#[test]
fn a_shard_is_no_result_and_shares_no_folder_with_one() {
    let place = place();
    let folders = shards(&place, 2, &[]);
    let says = |args: &[&str], word: &str| {
        let ended = place.run(args);
        assert_eq!(ended.code, 2, "{args:?}");
        assert!(ended.stderr.contains(word), "{args:?}: {}", ended.stderr);
    };
    for args in [
        &["report", "shards-2/1"][..],
        &["gate", "shards-2/1"],
        &[
            "filter",
            "data",
            "--findings",
            "shards-2/1",
            "--to",
            "clean",
        ],
    ] {
        says(args, "clearance merge");
    }
    let mut into_shard = SCAN.to_vec();
    into_shard[5] = "shards-2/1";
    says(&into_shard, "holds a shard of a scan");
    assert_eq!(place.run(&SCAN).code, 1);
    says(
        &[&SCAN[..], &["--shard", "1/2"]].concat(),
        "holds the results of a scan",
    );
    says(&[&SCAN[..6], &["--shard", "1/2"]].concat(), "--as-of");
    let refused = merge(&place, &folders, "shards-2/1");
    assert_eq!(refused.code, 2);
    assert!(
        refused.stderr.contains("choose another folder"),
        "{}",
        refused.stderr
    );
    let whole = merge(&place, &["out".to_owned()], "merged");
    assert!(whole.stderr.contains("of a whole scan"), "{}", whole.stderr);
}

#[test]
fn merged_results_are_signed_verified_filtered_and_judged() {
    let place = place();
    let folders = shards(&place, 3, &[]);
    assert_eq!(merge(&place, &folders, "out").code, 1);
    assert_eq!(place.run(&["keygen", "me.key"]).code, 0);
    let ended = place.run(&["sign", "out", "--key", "me.key"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let verify = [
        "verify",
        "out",
        "--key",
        "me.key.pub",
        "--dataset",
        "data",
        "--registry",
        "registry",
        "--rederive",
        "20",
    ];
    let ended = place.run(&verify);
    assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
    let filter = ["filter", "data", "--findings", "out", "--to", "clean"];
    let ended = place.run(&[&filter[..], &["--allow-incomplete"]].concat());
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let judge = ["judge", "out", "--registry", "registry", "--out", "again"];
    let asked = ["--as-of", "2027-06-30", "--mode", "opt-in"];
    assert_eq!(place.run(&[&judge[..], &asked].concat()).code, 1);
    assert_eq!(scan(&place, "fresh", &["--mode", "opt-in"]).code, 1);
    let summary = place.json("again/summary.json");
    assert_eq!(
        summary["findings"],
        place.json("fresh/summary.json")["findings"]
    );
}
