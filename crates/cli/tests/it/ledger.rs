//! `clearance withdraw`, `clearance license` and what `clearance inspect` shows of them.

use crate::workplace::{SCAN, Workplace, files};

/// What the findings of a scan say of one work.
fn verdict(place: &Workplace, out: &str, work: &str) -> Option<String> {
    let findings = place.findings(out);
    let found = findings.iter().find(|found| found["work_id"] == work)?;
    Some(found["verdict"].as_str()?.to_owned())
}

fn scan(place: &Workplace, out: &str, more: &[&str]) -> Option<String> {
    let mut args: Vec<&str> = SCAN.to_vec();
    args[5] = out;
    args.extend(["--licensee", "Lab"]);
    args.extend(more);
    let ended = place.run(&args);
    assert!(matches!(ended.code, 0 | 1), "{}", ended.stderr);
    verdict(place, out, "song")
}

#[test]
fn a_license_is_added_expires_and_the_work_is_withdrawn() {
    let place = Workplace::registered();
    place.write_dataset("data/rows.parquet");
    assert_eq!(scan(&place, "out-0", &[]).as_deref(), Some("reserved"));

    let add = [
        "license",
        "add",
        "song",
        "--registry",
        "registry",
        "--id",
        "L-9",
        "--licensee",
        "Lab",
        "--uses",
        "train,train-generative",
        "--until",
        "2026-12-31",
        "--by",
        "Mia",
    ];
    let ended = place.run_on(10, &add);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    insta::assert_snapshot!(ended.stderr, @"license L-9 added to 1 work in registry");
    assert_eq!(scan(&place, "out-1", &[]).as_deref(), Some("licensed"));

    let expire = [
        "license",
        "expire",
        "L-9",
        "--registry",
        "registry",
        "--on",
        "2026-06-29",
    ];
    let ended = place.run_on(20, &expire);
    insta::assert_snapshot!(ended.stderr, @"license L-9 ends on 2026-06-29 in 1 work of registry");
    assert_eq!(scan(&place, "out-2", &[]).as_deref(), Some("reserved"));
    // The day before it was still granted until the end of the year.
    let at = ["--registry-at", "2026-01-20"];
    assert_eq!(scan(&place, "out-3", &at).as_deref(), Some("licensed"));

    let withdraw = [
        "withdraw",
        "song",
        "--registry",
        "registry",
        "--reason",
        "registered by mistake",
    ];
    let ended = place.run_on(30, &withdraw);
    insta::assert_snapshot!(ended.stderr, @"1 work withdrawn from registry");
    assert_eq!(scan(&place, "out-4", &[]), None);
    let at = ["--registry-at", "2026-01-30T23:00:00Z"];
    assert_eq!(scan(&place, "out-5", &at).as_deref(), Some("reserved"));

    let ended = place.run(&["inspect", "registry"]);
    insta::assert_snapshot!(ended.stdout);
    let ended = place.run(&["inspect", "registry", "--work", "song"]);
    insta::assert_snapshot!(ended.stdout);
    let ended = place.run(&["inspect", "registry", "--json"]);
    let lines: Vec<serde_json::Value> = ended
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let kinds: Vec<&str> = lines
        .iter()
        .filter_map(|line| line["kind"].as_str())
        .collect();
    let expected = [
        "registry", "change", "change", "change", "change", "work", "work", "work",
    ];
    assert_eq!(kinds, expected);
    assert_eq!(lines[4]["reason"], "registered by mistake");
}

#[test]
fn licenses_are_listed_by_day() {
    let place = Workplace::registered();
    let list = |more: &[&str]| {
        let args = [&["license", "list", "--registry", "registry"], more].concat();
        place.run(&args)
    };
    insta::assert_snapshot!(list(&[]).stdout, @"picture	L-7  train-generative by Ben Cole to Acme, 2026-01-01 to 2026-12-31, WORLD");
    assert_eq!(list(&["--as-of", "2027-01-01"]).stdout, "");
    let line = list(&["--work", "picture", "--json"]).stdout;
    let license: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert_eq!(license["licensee"], "Acme");
    assert_eq!(list(&["--work", "nobody"]).code, 2);
}

#[test]
fn wrong_changes_are_refused_and_leave_the_registry_as_it_was() {
    let place = Workplace::registered();
    let before = files(&place.path("registry"));
    let registry = ["--registry", "registry"];
    let license = ["--id", "L-7", "--licensee", "Lab"];
    for (args, says) in [
        (
            vec!["withdraw", "song", "sogn"],
            "there is no work \"sogn\"",
        ),
        (
            vec!["license", "expire", "L-8"],
            "no work has a license \"L-8\"",
        ),
        (
            vec!["license", "expire", "L-7", "--on", "2026-02-30"],
            "2026-02-30",
        ),
        (
            [
                &["license", "add", "picture", "--uses", "train"],
                &license[..],
            ]
            .concat(),
            "another license \"L-7\"",
        ),
        (
            [
                &["license", "add", "song", "--uses", "sometimes"],
                &license[..],
            ]
            .concat(),
            "sometimes",
        ),
        (
            [
                &["license", "add", "song", "--uses", "train"][..],
                &["--from", "2026-05-01", "--until", "2026-04-30"],
                &license[..],
            ]
            .concat(),
            "end before it begins",
        ),
        (
            vec!["inspect", "registry", "--registry-at", "2025-12-31"],
            "did not exist then",
        ),
        (
            vec!["inspect", "registry", "--registry-at", "yesterday"],
            "write YYYY-MM-DD",
        ),
    ] {
        let with_registry = if args[0] == "inspect" {
            &registry[..0]
        } else {
            &registry[..]
        };
        let ended = place.run(&[&args, with_registry].concat());
        assert_eq!(ended.code, 2, "{args:?}: {}", ended.stderr);
        assert!(ended.stderr.contains(says), "{args:?}: {}", ended.stderr);
        assert_eq!(files(&place.path("registry")), before, "{args:?}");
    }
}

/// A change that is killed at any moment is made or is not: the registry opens, holds the change
/// and its line in the history, or neither, and the next change goes on from there.
#[test]
fn a_change_that_is_killed_is_made_or_not() {
    let place = Workplace::registered();
    let lines = |place: &Workplace, what: &[&str]| {
        let ended = place.run(what);
        assert_eq!(ended.code, 0, "{}", ended.stderr);
        ended.stdout.lines().count()
    };
    let (mut killed, mut made) = (0, 0);
    for round in 0..24_u64 {
        let id = format!("L-{round}");
        let mut child = std::process::Command::new(assert_cmd::cargo::cargo_bin("clearance"))
            .current_dir(place.path("."))
            .args(["license", "add", "song", "story", "--registry", "registry"])
            .args(["--id", &id, "--licensee", "*", "--uses", "all", "--quiet"])
            .spawn()
            .unwrap();
        // From before it has started to after it has ended.
        std::thread::sleep(std::time::Duration::from_micros(700 * round));
        child.kill().unwrap();
        killed += usize::from(!child.wait().unwrap().success());
        let list = [
            "license",
            "list",
            "--registry",
            "registry",
            "--work",
            "song",
            "--json",
        ];
        let licenses = lines(&place, &list);
        assert!(
            licenses == made || licenses == made + 1,
            "{licenses} after {made}"
        );
        made = licenses;
        let inspect = place.run(&["inspect", "registry", "--json"]);
        let changes = inspect.stdout.matches("\"action\":\"add-license\"").count();
        assert_eq!((inspect.code, changes), (0, made), "{}", inspect.stdout);
    }
    assert!(killed > 0, "none was killed in the middle");
    let last = place.run(&[
        "license",
        "expire",
        "L-0",
        "--registry",
        "registry",
        "--on",
        "2026-01-01",
    ]);
    assert!(matches!(last.code, 0 | 2), "{}", last.stderr);
    assert_eq!(
        place
            .run(&["withdraw", "song", "--registry", "registry"])
            .code,
        0
    );
}
