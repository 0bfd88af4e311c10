//! `clearance registry`: packs of several owners in one registry, and compaction.

use clearance_testkit::{art, encode, music, prose};

use crate::workplace::{Ended, RATE_HZ, SCAN, Workplace, files};

const OWNERS: [&str; 3] = ["label", "agency", "publisher"];

/// Three owners with a medium each and a work of their own that two of them name, and a dataset.
fn place() -> Workplace {
    let place = Workplace::new();
    for number in 1..4 {
        let song = encode::wav(&music::compose(number, 15.0), RATE_HZ);
        place.write(&format!("label/{number}.wav"), song);
        let picture = art::paint(number, 480, 360);
        place.write(
            &format!("agency/{number}.png"),
            encode::picture(&picture, "png").unwrap(),
        );
        let story = prose::write(number, 400);
        place.write(&format!("publisher/{number}.txt"), story);
    }
    // The same file in two catalogs, under one id, with other rightsholders.
    place.write("publisher/2.png", place.read("agency/2.png"));
    let catalog = |owner: &str, lines: &str| {
        let names = "work_id,title,rightsholder,path,reservation,reserved_since,license_id,licensee,license_uses";
        place.write(&format!("{owner}/{owner}.csv"), format!("{names}\n{lines}"));
    };
    catalog(
        "label",
        "song-1,Night Ferry,Harbor Records,1.wav,train,2025-01-01,,,\n\
         song-2,Day Ferry,Harbor Records,2.wav,none,,,,\n\
         song-3,No Ferry,Harbor Records,3.wav,all,2025-01-01,,,\n",
    );
    catalog(
        "agency",
        "view-1,Low Tide,Ben Cole,1.png,all,2025-01-01,L-1,Acme,all\n\
         view-2,High Tide,Ben Cole,2.png,all,2025-01-01,L-2,Acme,all\n\
         view-3,No Tide,Ben Cole,3.png,none,,,,\n",
    );
    catalog(
        "publisher",
        "tale-1,The Lamp,Lamp Press,1.txt,all,2025-01-01,,,\n\
         tale-2,The Lantern,Lamp Press,2.txt,none,,,,\n\
         tale-3,The Wick,Lamp Press,3.txt,tdm,2025-06-01,,,\n\
         view-2,High Tide,Lamp Press,2.png,none,,,,\n",
    );
    place.write_dataset("data/a.parquet");
    place.write("data/more.parquet", more(&place));
    place
}

/// Copies of second and third works.
fn more(place: &Workplace) -> Vec<u8> {
    let path = place.path("more.parquet");
    let song = music::compose(2, 15.0);
    let excerpt = encode::wav(&song[3 * RATE_HZ as usize..12 * RATE_HZ as usize], RATE_HZ);
    let view = |number| encode::jpeg(&art::paint(number, 480, 360), 70).unwrap();
    let tale = |number| Some(prose::write(number, 400));
    clearance_testkit::dataset::DatasetBuilder::new()
        .audio("audio", vec![Some(excerpt), None, None])
        .image("image", vec![None, Some(view(2)), Some(view(3))])
        .text("text", vec![tale(2), tale(3), None])
        .write(&path)
        .unwrap();
    let bytes = std::fs::read(&path).unwrap();
    std::fs::remove_file(path).unwrap();
    bytes
}

fn done(ended: &Ended) {
    assert_eq!(ended.code, 0, "{}", ended.stderr);
}

fn register(place: &Workplace, catalogs: &[&str], registry: &str, more: &[&str]) {
    let args = [&["register"], catalogs, &["--registry", registry], more].concat();
    done(&place.run(&args));
}

/// Registers an owner's catalog and makes a signed pack of it.
fn pack(place: &Workplace, owner: &str, to: &str, more: &[&str]) {
    let (own, key) = (format!("own-{owner}"), format!("{owner}.key"));
    let catalog = format!("{owner}/{owner}.csv");
    register(place, &[&catalog], &own, &[]);
    export(place, &own, owner, &key, to, more);
}

fn export(place: &Workplace, own: &str, name: &str, key: &str, to: &str, more: &[&str]) {
    if !place.path(key).exists() {
        done(&place.run(&["keygen", key]));
    }
    let args = [
        "registry", "export", own, "--to", to, "--name", name, "--key", key,
    ];
    done(&place.run(&[&args[..], more].concat()));
}

fn merge(place: &Workplace, packs: &[&str], more: &[&str]) -> Ended {
    let keys: Vec<String> = OWNERS
        .iter()
        .map(|owner| format!("{owner}.key.pub"))
        .collect();
    let mut args = vec!["registry", "merge"];
    args.extend(packs);
    args.extend(["--registry", "merged"]);
    for key in keys.iter().filter(|key| place.path(key).exists()) {
        args.extend(["--trust", key]);
    }
    args.extend(more);
    place.run(&args)
}

/// The findings of a scan, as lines.
fn found(place: &Workplace, registry: &str, out: &str) -> Vec<String> {
    let mut scan = SCAN.to_vec();
    (scan[3], scan[5]) = (registry, out);
    let ended = place.run(&scan);
    assert!(ended.code <= 1, "{}", ended.stderr);
    let findings = place.findings(out);
    findings.iter().map(ToString::to_string).collect()
}

#[test]
fn merged_packs_find_what_one_registry_of_all_catalogs_finds() {
    for (only, kept) in [
        (&[][..], &[][..]),
        (&["--fingerprints-only"], &["--no-texts", "--no-previews"]),
    ] {
        let place = place();
        let catalogs = OWNERS.map(|owner| format!("{owner}/{owner}.csv"));
        let catalogs: Vec<&str> = catalogs.iter().map(String::as_str).collect();
        register(&place, &catalogs, "together", kept);
        for owner in OWNERS {
            pack(&place, owner, &format!("pack-{owner}"), only);
        }
        let together = found(&place, "together", "whole");
        let media = ["\"audio\"", "\"image\"", "\"text\""];
        for media in media {
            assert!(together.iter().any(|line| line.contains(media)), "{media}");
        }
        assert!(together.iter().any(|line| line.contains("\"review\"")));
        let ended = merge(
            &place,
            &["pack-label", "pack-agency", "pack-publisher"],
            &[],
        );
        done(&ended);
        assert!(ended.stderr.contains("9 works added"), "{}", ended.stderr);
        assert!(
            ended.stderr.contains("1 work named by several"),
            "{}",
            ended.stderr
        );
        // In reasons catalogs are named after their owners.
        let again = found(&place, "merged", "again")
            .into_iter()
            .map(|mut line| {
                for owner in OWNERS {
                    line = line.replace(&format!("{owner}: {owner}.csv"), &format!("{owner}.csv"));
                }
                line
            });
        assert_eq!(again.collect::<Vec<_>>(), together);
        // A pack is a registry.
        let own = found(&place, "pack-label", "own");
        let label: Vec<String> = together
            .iter()
            .filter(|line| line.contains("song-"))
            .cloned()
            .collect();
        assert_eq!(own.len(), label.len());
        // Nothing changes when the same is merged again, in whatever order.
        let before = files(&place.path("merged"));
        done(&merge(
            &place,
            &["pack-publisher", "pack-label", "pack-agency"],
            &[],
        ));
        assert_eq!(files(&place.path("merged")), before);
    }
}

#[test]
fn a_newer_pack_replaces_what_its_owner_said() {
    let place = place();
    for owner in OWNERS {
        pack(
            &place,
            owner,
            &format!("pack-{owner}"),
            &["--fingerprints-only"],
        );
    }
    done(&merge(&place, &["pack-agency", "pack-publisher"], &[]));
    let verdicts = |out: &str| {
        let findings = place.findings(out);
        let one = |line: &serde_json::Value| (line["work_id"].clone(), line["verdict"].clone());
        findings.iter().map(one).collect::<Vec<_>>()
    };
    found(&place, "merged", "before");
    assert!(verdicts("before").contains(&("view-3".into(), "unreserved".into())));
    // A new reservation, a withdrawn work, and one that another owner names, too.
    let catalog = String::from_utf8(place.read("agency/agency.csv")).unwrap();
    place.write(
        "agency/agency.csv",
        catalog.replace("3.png,none,", "3.png,all,2025-01-01"),
    );
    register(&place, &["agency/agency.csv"], "own-agency", &[]);
    done(&place.run(&["withdraw", "view-1", "view-2", "--registry", "own-agency"]));
    export(
        &place,
        "own-agency",
        "agency",
        "agency.key",
        "newer",
        &["--fingerprints-only"],
    );
    let ended = merge(&place, &["newer"], &[]);
    done(&ended);
    assert!(
        ended.stderr.contains("2 updated, 0 unchanged, 1 withdrawn"),
        "{}",
        ended.stderr
    );
    found(&place, "merged", "after");
    let after = verdicts("after");
    assert!(
        after.contains(&("view-3".into(), "reserved".into())),
        "{after:?}"
    );
    assert!(!after.iter().any(|(work, _)| work == "view-1"), "{after:?}");
    assert!(
        after.contains(&("view-2".into(), "unreserved".into())),
        "{after:?}"
    );
    assert!(
        after.contains(&("tale-1".into(), "reserved".into())),
        "{after:?}"
    );
    // As it stood before, it is there still.
    let mut then = SCAN.to_vec();
    (then[3], then[5]) = ("merged", "then");
    let history = place.json("merged/registry.json")["history"].clone();
    assert_eq!(history[1]["action"], "merge");
    assert_eq!(history[1]["sources"][0]["name"], "agency");
    assert_eq!(
        history[1]["sources"][0]["key"].as_str().map(str::len),
        Some(64)
    );
    assert_eq!(place.run(&then).code, 1);
}

#[test]
fn packs_that_cannot_be_trusted_are_refused() {
    let place = place();
    pack(&place, "label", "pack", &["--fingerprints-only"]);
    let refused = |ended: &Ended, word: &str| {
        assert_eq!(ended.code, 2, "{word}: {}", ended.stderr);
        assert!(ended.stderr.contains(word), "{word}: {}", ended.stderr);
        assert!(!place.path("merged/registry.json").exists(), "{word}");
    };
    let bare = ["registry", "merge", "pack", "--registry", "merged"];
    refused(&place.run(&bare), "--trust");
    done(&place.run(&["keygen", "other.key"]));
    let other = [&bare[..], &["--trust", "other.key.pub"]].concat();
    refused(&place.run(&other), "none of those to be trusted");
    // Every file of the pack is covered.
    for (name, bytes) in files(&place.path("pack")) {
        let path = format!("pack/{name}");
        let mut flipped = bytes.clone();
        let Some(last) = flipped.len().checked_sub(3) else {
            continue;
        };
        flipped[last] ^= 1;
        place.write(&path, flipped);
        let ended = merge(&place, &["pack"], &["--allow-unsigned"]);
        refused(&ended, "pack");
        place.write(&path, bytes);
    }
    place.write("pack/segments/more.txt", b"x");
    refused(
        &merge(&place, &["pack"], &[]),
        "was not there when the pack was signed",
    );
    std::fs::remove_file(place.path("pack/segments/more.txt")).unwrap();
    refused(
        &merge(&place, &["own-label"], &["--allow-unsigned"]),
        "no pack",
    );
    refused(&merge(&place, &["pack", "pack"], &[]), "a second pack");
    let attestation = place.read("pack/attestation.json");
    std::fs::remove_file(place.path("pack/attestation.json")).unwrap();
    refused(&merge(&place, &["pack"], &[]), "not signed");
    place.write("pack/attestation.json", attestation);
    done(&merge(&place, &["pack"], &[]));
    // Somebody else's key under the same name.
    export(&place, "own-label", "label", "other.key", "stolen", &[]);
    let ended = merge(&place, &["stolen"], &["--trust", "other.key.pub"]);
    assert_eq!(ended.code, 2);
    assert!(
        ended.stderr.contains("were signed with key"),
        "{}",
        ended.stderr
    );
    for (args, word) in [
        (["--to", "pack", "--name", "label"], "is there already"),
        (["--to", "new", "--name", "a: b"], "without a colon"),
        (["--to", "new", "--name", " "], "a pack's name"),
    ] {
        let ended = place.run(&[&["registry", "export", "own-label"], &args[..]].concat());
        assert_eq!(ended.code, 2);
        assert!(ended.stderr.contains(word), "{word}: {}", ended.stderr);
    }
    assert!(!place.path("new").exists());
}

#[test]
fn licenses_that_an_owner_keeps_one_by_one_come_with_her_pack() {
    let place = place();
    register(&place, &["agency/agency.csv"], "own-agency", &[]);
    let terms = [
        "--id",
        "L-9",
        "--licensee",
        "*",
        "--uses",
        "all",
        "--licensor",
        "Ben Cole",
    ];
    let add = ["license", "add", "view-1", "--registry", "own-agency"];
    done(&place.run(&[&add[..], &terms].concat()));
    export(&place, "own-agency", "agency", "agency.key", "first", &[]);
    done(&merge(&place, &["first"], &[]));
    let verdict = |out: &str| {
        found(&place, "merged", out);
        let findings = place.findings(out);
        let one = findings.iter().find(|line| line["work_id"] == "view-1");
        one.unwrap()["verdict"].clone()
    };
    assert_eq!(verdict("licensed"), "licensed");
    let expire = [
        "license",
        "expire",
        "L-9",
        "--on",
        "2026-01-31",
        "--registry",
        "own-agency",
    ];
    done(&place.run(&expire));
    export(&place, "own-agency", "agency", "agency.key", "second", &[]);
    done(&merge(&place, &["second"], &[]));
    assert_eq!(verdict("expired"), "reserved");
}

#[test]
fn a_compacted_registry_finds_the_same() {
    for kept in [&[][..], &["--no-texts", "--no-previews"]] {
        let place = place();
        for owner in OWNERS {
            let catalog = format!("{owner}/{owner}.csv");
            register(&place, &[&catalog], "registry", kept);
        }
        let catalogs = OWNERS.map(|owner| format!("{owner}/{owner}.csv"));
        let catalogs: Vec<&str> = catalogs.iter().map(String::as_str).collect();
        register(&place, &catalogs, "rebuilt", kept);
        for registry in ["registry", "rebuilt"] {
            done(&place.run(&["withdraw", "song-1", "tale-2", "--registry", registry]));
        }
        let before = found(&place, "registry", "before");
        assert!(!before.is_empty());
        assert_eq!(found(&place, "rebuilt", "rebuilt-out"), before);
        let compact = ["registry", "compact", "registry", "--by", "Mia"];
        let ended = place.run_on(5, &compact);
        done(&ended);
        assert!(ended.stderr.contains("instead of 4"), "{}", ended.stderr);
        assert!(
            ended.stderr.contains("2 assets left out"),
            "{}",
            ended.stderr
        );
        assert_eq!(found(&place, "registry", "after"), before);
        let listed = place.run(&["inspect", "registry"]);
        done(&listed);
        assert!(listed.stdout.contains("compacted"), "{}", listed.stdout);
        // Again: nothing to do.
        let manifest = place.read("registry/registry.json");
        done(&place.run_on(6, &compact));
        let larger = ["--segment-memory", "4294967296"];
        done(&place.run_on(6, &[&compact[..], &larger].concat()));
        assert_eq!(place.read("registry/registry.json"), manifest);
        let ended = place.run_on(6, &[&compact[..], &["--segment-memory", "1024"]].concat());
        assert_eq!(ended.code, 2);
        assert!(ended.stderr.contains("67108864"), "{}", ended.stderr);
        // Scans from before are judged, earlier states are gone, and registering goes on.
        let judge = [
            "judge",
            "before",
            "--registry",
            "registry",
            "--out",
            "judged",
        ];
        let ended = place.run(&[&judge[..], &["--as-of", "2026-06-30"]].concat());
        assert_eq!(ended.code, 1, "{}", ended.stderr);
        let mut then = SCAN.to_vec();
        then[5] = "then";
        let ended = place.run(&[&then[..], &["--registry-at", "2026-01-03"]].concat());
        assert_eq!(ended.code, 2);
        assert!(ended.stderr.contains("compacted at"), "{}", ended.stderr);
        let at = ["--registry-at", "2026-01-06"];
        assert_eq!(place.run(&[&then[..], &at].concat()).code, 1);
        let ended = place.run_on(
            7,
            &["register", "label/label.csv", "--registry", "registry"],
        );
        done(&ended);
        assert!(
            ended
                .stderr
                .contains("1 work added, 0 updated, 2 unchanged"),
            "{}",
            ended.stderr
        );
    }
}
