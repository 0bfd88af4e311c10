//! `clearance keygen`, `sign` and `verify`.

use std::path::Path;

use clearance_report::{CheckOutcome, PublicKey, Verification, VerifyOptions, verify};
use clearance_testkit::prng::Prng;

use crate::workplace::{SCAN, Workplace, files};

/// A scan signed with a fresh key.
fn signed() -> Workplace {
    let place = Workplace::registered();
    place.write_dataset("data/train.parquet");
    let ended = place.run(&["keygen", "me.key"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let ended = place.run(&[&SCAN[..], &["--key", "me.key"]].concat());
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    place
}

fn verified(place: &Workplace, more: &[&str]) -> (i32, String) {
    let ended = place.run(&[&["verify", "out"], more].concat());
    (ended.code, ended.stdout + &ended.stderr)
}

#[test]
fn a_signed_scan_verifies_and_its_findings_come_out_again() {
    let place = signed();
    let all = [
        "--key",
        "me.key.pub",
        "--dataset",
        "data",
        "--registry",
        "registry",
    ];
    let (code, said) = verified(&place, &all);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("3 findings in"), "{said}");
    let (code, said) = verified(&place, &["--key", "me.key.pub"]);
    assert_eq!(code, 0, "{said}");
    let (code, said) = verified(&place, &[]);
    assert_eq!(code, 3, "{said}");
    assert!(said.contains("which may be anybody's"), "{said}");
    let (code, said) = verified(&place, &["--key", "me.key.pub", "--rederive", "3"]);
    assert_eq!(code, 3, "{said}");
    assert!(said.contains("have to be at hand"), "{said}");
}

#[test]
fn a_key_is_for_its_owner_alone_and_never_replaced() {
    let place = Workplace::new();
    assert_eq!(place.run(&["keygen", "me.key"]).code, 0);
    let key = place.read("me.key");
    let again = place.run(&["keygen", "me.key"]);
    assert_eq!(again.code, 2);
    assert!(again.stderr.contains("never replaced"), "{}", again.stderr);
    assert_eq!(place.read("me.key"), key);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = place.path("me.key").metadata().unwrap().permissions();
        assert_eq!(mode.mode() & 0o777, 0o600);
    }
}

#[test]
fn an_unsigned_scan_is_said_to_be_so_and_still_has_to_agree() {
    let place = Workplace::registered();
    place.write_dataset("data/train.parquet");
    place.run(&SCAN);
    let (code, said) = verified(&place, &[]);
    assert_eq!(code, 3, "{said}");
    assert!(said.contains("nothing is signed"), "{said}");
    assert!(said.contains("holds    consistency"), "{said}");
    place.run(&["keygen", "me.key"]);
    let (code, said) = verified(&place, &["--key", "me.key.pub"]);
    assert_eq!(code, 1, "{said}");
}

#[test]
fn a_signature_of_another_key_is_named() {
    let place = signed();
    place.run(&["keygen", "other.key"]);
    let ended = place.run(&["sign", "out", "--key", "other.key"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let (code, said) = verified(&place, &["--key", "me.key.pub"]);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("signed with key"), "{said}");
}

#[test]
fn a_clock_that_was_set_back_is_named() {
    let place = Workplace::with_catalog();
    let ended = place.run_on(40, &["register", "catalog.csv", "--registry", "registry"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    place.write_dataset("data/train.parquet");
    place.run(&["keygen", "me.key"]);
    place.run(&[&SCAN[..], &["--key", "me.key"]].concat());
    let (code, said) = verified(&place, &["--key", "me.key.pub"]);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("a clock was set back"), "{said}");
}

#[test]
fn findings_edited_to_look_clean_are_named_without_a_signature() {
    let place = Workplace::registered();
    place.write_dataset("data/train.parquet");
    place.run(&SCAN);
    let text = String::from_utf8(place.read("out/findings.jsonl")).unwrap();
    place.write(
        "out/findings.jsonl",
        text.replace("\"verdict\":\"reserved\"", "\"verdict\":\"licensed\""),
    );
    let (code, said) = verified(&place, &[]);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("findings.parquet: differs"), "{said}");
    assert!(said.contains("verdicts are not those"), "{said}");
    let first_gone: Vec<&str> = text.lines().skip(1).collect();
    place.write("out/findings.jsonl", first_gone.join("\n") + "\n");
    let (code, said) = verified(&place, &[]);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("findings is 3, but 2 are there"), "{said}");
    let reordered: Vec<&str> = text.lines().rev().collect();
    place.write("out/findings.jsonl", reordered.join("\n") + "\n");
    let (_, said) = verified(&place, &[]);
    assert!(said.contains("stands behind its place"), "{said}");
}

#[test]
fn a_consistent_lie_does_not_come_out_again() {
    // A scan against a registry without the song leaves it out everywhere, in agreement.
    let place = Workplace::registered();
    place.write_dataset("data/train.parquet");
    place.run(&SCAN);
    let summary = place.json("out/summary.json");
    let honest = summary["registry"].clone();
    let ended = place.run_on(1, &["withdraw", "song", "--registry", "registry"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    place.run(&SCAN);
    let mut summary = place.json("out/summary.json");
    summary["registry"] = honest;
    place.write("out/summary.json", summary.to_string());
    assert_eq!(verified(&place, &[]).0, 3);
    let (code, said) = verified(
        &place,
        &[
            "--dataset",
            "data",
            "--registry",
            "registry",
            "--rederive",
            "50",
        ],
    );
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("of work song is left out"), "{said}");
}

#[test]
fn contradicting_outputs_are_not_signed() {
    let place = signed();
    let mut summary = place.json("out/summary.json");
    summary["clear"] = 4.into();
    place.write("out/summary.json", summary.to_string());
    let ended = place.run(&["sign", "out", "--key", "me.key"]);
    assert_eq!(ended.code, 2, "{}", ended.stderr);
    assert!(ended.stderr.contains("not signed"), "{}", ended.stderr);
}

#[test]
fn two_hundred_tamperings_are_each_named() {
    let place = signed();
    let key = String::from_utf8(place.read("me.key.pub")).unwrap();
    let options = VerifyOptions {
        trusted: Some(PublicKey::from_pem(&key).unwrap()),
        ..VerifyOptions::default()
    };
    let out = place.path("out");
    let whole = files(&out);
    assert!(whole.len() >= 7, "{}", whole.len());
    let mut random = Prng::new(20_260_630);
    for round in 0..200 {
        let victim = round % whole.len();
        let (name, bytes) = &whole[victim];
        let how = tamper(&out, name, bytes, &whole, &mut random);
        let found = verify(&out, &options).unwrap();
        let problems = problems(&found);
        assert!(
            problems.iter().any(|problem| problem.contains(&*how.1)),
            "round {round}: {} of {name}: {problems:?}",
            how.0
        );
        std::fs::remove_dir_all(&out).unwrap();
        for (name, bytes) in &whole {
            place.write(&format!("out/{name}"), bytes);
        }
    }
    assert!(!verify(&out, &options).unwrap().fails());
}

fn problems(verification: &Verification) -> Vec<String> {
    let checks = verification.checks.iter();
    let failed = checks.filter_map(|check| match &check.outcome {
        CheckOutcome::Fails(problems) => Some(problems.clone()),
        _ => None,
    });
    failed.flatten().collect()
}

/// Changes one file in some way; returns which, and the name that has to be named.
fn tamper(
    out: &Path,
    name: &str,
    bytes: &[u8],
    whole: &[(String, Vec<u8>)],
    random: &mut Prng,
) -> (&'static str, String) {
    let mut changed = bytes.to_vec();
    let mut below = |most: usize| random.below(most.max(1));
    let at = below(bytes.len());
    let mut what = match below(8) {
        0 if !changed.is_empty() => {
            changed[at] ^= 1 << below(8);
            "a flipped bit"
        }
        1 => {
            changed.truncate(at);
            "a truncation"
        }
        2 => {
            changed.push(b'\n');
            "an added byte"
        }
        3 if !changed.is_empty() => {
            changed.remove(at);
            "a removed byte"
        }
        4 if changed.len() > 1 => {
            changed.rotate_left(1 + below(bytes.len() - 1));
            "another order"
        }
        5 => {
            changed.clone_from(&whole[below(whole.len())].1);
            "another file's contents"
        }
        6 => {
            std::fs::remove_file(out.join(name)).unwrap();
            return ("a missing file", name.to_owned());
        }
        _ => {
            let added = format!("{name}.old");
            std::fs::write(out.join(&added), bytes).unwrap();
            return ("an extra file", added);
        }
    };
    if changed == bytes {
        changed.push(b' ');
        what = "an added space";
    }
    std::fs::write(out.join(name), changed).unwrap();
    (what, name.to_owned())
}
