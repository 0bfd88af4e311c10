//! Works of several rightsholders, from the catalog to the verdict.

use crate::workplace::{SCAN, Workplace};

const HEADER: &str = "work_id,title,rightsholder,share,path,reservation,reservation_evidence,license_id,licensee,license_uses,license_derivatives,license_reference\n";

/// A place with the song registered from `catalog.csv`, which holds these lines after its header.
fn registered(lines: &str) -> Workplace {
    let place = Workplace::with_catalog();
    register(&place, "catalog.csv", lines);
    place.write_dataset("data/rows.parquet");
    place
}

fn register(place: &Workplace, catalog: &str, lines: &str) {
    place.write(catalog, format!("{HEADER}{lines}"));
    let ended = place.run(&["register", catalog, "--registry", "registry"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
}

/// Verdict and reason of the song's finding, with the exit code of the scan.
fn scan(place: &Workplace, out: &str, more: &[&str]) -> (i32, String, String) {
    let mut args: Vec<&str> = SCAN.to_vec();
    args[5] = out;
    args.extend(["--licensee", "Lab"]);
    args.extend(more);
    let ended = place.run(&args);
    let findings = place.findings(out);
    let song = findings.iter().find(|finding| finding["work_id"] == "song");
    let text = |name: &str| song.unwrap()[name].as_str().unwrap().to_owned();
    (ended.code, text("verdict"), text("reason"))
}

fn add<'a>(id: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let fixed = [
        "license",
        "add",
        "song",
        "--registry",
        "registry",
        "--id",
        id,
        "--licensee",
        "Lab",
        "--uses",
        "train-generative",
    ];
    [&fixed[..], more].concat()
}

#[test]
fn the_signature_of_a_co_owner_is_asked_for_and_added() {
    let place = registered(
        "song,Night Ferry,Harbor Records,60,works/song.wav,all,https://example.org/terms,L-1,Lab,train-generative,no,C-17\n\
         song,Night Ferry,Ben Cole,40,,,,,,,,\n",
    );
    let (code, verdict, reason) = scan(&place, "out-1", &[]);
    assert_eq!((code, verdict.as_str()), (1, "reserved"));
    assert!(
        reason.ends_with("(license L-1 by Harbor Records (60 %) does not count without the signature of Ben Cole (40 %))."),
        "{reason}"
    );
    let more = [
        "--licensor",
        "Ben Cole",
        "--derivatives",
        "yes",
        "--price-class",
        "B",
        "--reference",
        "C-18",
    ];
    assert_eq!(place.run_on(10, &add("L-2", &more)).code, 0);
    let (code, verdict, reason) = scan(&place, "out-2", &[]);
    assert_eq!((code, verdict.as_str()), (0, "licensed"), "{reason}");
    assert!(
        reason.contains("together cover train-generative"),
        "{reason}"
    );
    let (_, verdict, _) = scan(&place, "out-3", &["--registry-at", "2026-01-05"]);
    assert_eq!(verdict, "reserved");

    let listed = place.run(&["license", "list", "--registry", "registry"]);
    insta::assert_snapshot!(listed.stdout, @r"
    song	L-1  train-generative by Harbor Records to Lab, open to open, WORLD, no derivatives, reference C-17
    song	L-2  train-generative by Ben Cole to Lab, open to open, WORLD, derivatives, price class B, reference C-18 (ledger)
    ");
    let shown = place.run(&["inspect", "registry", "--work", "song"]).stdout;
    let shown = shown.split("  history").next().unwrap();
    insta::assert_snapshot!(shown, @r"
    song
      title        Night Ferry
      creators     
      rightsholder Harbor Records (60 %)
      rightsholder Ben Cole (40 %)
      catalog      catalog.csv
      asset        audio works/song.wav (master)
        iscc       ISCC:KUAFDHO6VNBNAOJY3D2YNXFGEV2AU
      reservation  R-6552aa208d3c  search|mining|ai-input|train|train-generative, open to open, WORLD (source not stated), evidence: https://example.org/terms
      license      L-1  train-generative by Harbor Records to Lab, open to open, WORLD, no derivatives, reference C-17
      license      L-2  train-generative by Ben Cole to Lab, open to open, WORLD, derivatives, price class B, reference C-18 (ledger)
    ");
    let json = place
        .run(&["inspect", "registry", "--work", "song", "--json"])
        .stdout;
    let line: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(line["work"]["rightsholder"], "Harbor Records; Ben Cole");
    assert_eq!(line["work"]["rightsholders"][1]["share"], 40.0);
    assert_eq!(
        line["reservations"][0]["evidence"],
        "https://example.org/terms"
    );
    assert_eq!(line["licenses"][0]["licensors"][0], "Harbor Records");
    assert_eq!(line["licenses"][1]["derivatives"], true);
    assert_eq!(line["history"].as_array().unwrap().len(), 2);
}

#[test]
fn a_license_that_does_not_say_by_whom_is_a_case_for_review() {
    let place = registered("song,Night Ferry,Harbor Records; Ben Cole,,works/song.wav,,,,,,,\n");
    assert_eq!(scan(&place, "out-1", &[]).1, "unreserved");
    assert_eq!(place.run_on(10, &add("L-1", &[])).code, 0);
    let (code, verdict, reason) = scan(&place, "out-2", &[]);
    assert_eq!((code, verdict.as_str()), (1, "review"));
    assert!(
        reason.contains("does not say which of the 2 rightsholders"),
        "{reason}"
    );
    let both = ["--licensor", "ben cole", "--licensor", "HARBOR RECORDS"];
    assert_eq!(place.run_on(20, &add("L-2", &both)).code, 0);
    assert_eq!(scan(&place, "out-3", &[]).1, "licensed");
}

#[test]
fn two_catalogs_that_contradict_each_other_are_a_case_for_review() {
    let place = registered("song,Night Ferry,Harbor Records,,works/song.wav,all,,,,,,\n");
    assert_eq!(scan(&place, "out-1", &[]).1, "reserved");
    let other =
        |holder: &str| format!("song,Night Ferry,{holder},,,,,L-3,Lab,train-generative,,\n");
    register(&place, "other.csv", &other("Mallory"));
    let (code, verdict, reason) = scan(&place, "out-2", &[]);
    assert_eq!((code, verdict.as_str()), (1, "review"));
    assert!(
        reason.contains("catalog.csv names Harbor Records; other.csv names Mallory"),
        "{reason}"
    );
    let shown = place.run(&["inspect", "registry", "--work", "song"]).stdout;
    assert!(
        shown.contains("rightsholder Mallory, says other.csv"),
        "{shown}"
    );
    // A corrected catalog replaces what it said before.
    register(&place, "other.csv", &other("HARBOR RECORDS"));
    assert_eq!(scan(&place, "out-3", &[]).1, "licensed");
}
