use serde_json::{Value, json};

use super::check;

/// Metadata of packages with dependencies spelt `name`, `name dev` or `name build`;
/// names that start with `clearance` or are `xtask` are crates of ours.
fn metadata(packages: &[(&str, &[&str])]) -> Value {
    let dependency = |spelt: &&str| {
        let (name, kind) = match spelt.split_once(' ') {
            Some((name, kind)) => (name, Some(kind)),
            None => (*spelt, None),
        };
        let ours = name.starts_with("clearance") || name == "xtask";
        json!({ "name": name, "kind": kind, "path": ours.then_some("/somewhere") })
    };
    let package = |(name, dependencies): &(&str, &[&str])| {
        let dependencies: Vec<Value> = dependencies.iter().map(dependency).collect();
        json!({ "name": name, "dependencies": dependencies })
    };
    json!({ "packages": packages.iter().map(package).collect::<Vec<Value>>() })
}

fn problems(package: &str, dependency: &str) -> Vec<String> {
    check(&metadata(&[(package, &[dependency])]))
        .unwrap()
        .problems
}

#[test]
fn lower_floors_may_be_imported() {
    let findings = check(&metadata(&[
        ("clearance-rights", &["chrono"]),
        ("clearance-decode", &["symphonia", "proptest dev"]),
        (
            "clearance-fingerprint",
            &["rustfft", "clearance-decode build"],
        ),
        (
            "clearance-index",
            &["clearance-rights", "clearance-fingerprint", "parquet"],
        ),
        (
            "clearance-report",
            &["clearance-scan", "clearance-testkit dev"],
        ),
        (
            "clearance",
            &["clearance-report", "clearance-rights", "anyhow"],
        ),
        ("clearance-testkit", &["parquet"]),
        (
            "clearance-bench",
            &["clearance-report", "clearance-testkit"],
        ),
        ("xtask", &["anyhow"]),
    ]));
    assert_eq!(findings.unwrap(), crate::Findings::default());
}

#[test]
fn the_same_floor_and_higher_ones_may_not() {
    for (from, to) in [
        ("clearance-decode", "clearance-rights"),
        ("clearance-rights", "clearance-decode dev"),
        ("clearance-fingerprint", "clearance-index"),
        ("clearance-fingerprint", "clearance-scan dev"),
        ("clearance-scan", "clearance-report build"),
        ("clearance-report", "clearance"),
        ("clearance-scan", "clearance-scan dev"),
    ] {
        let found = problems(from, to);
        assert_eq!(found.len(), 1, "{from} {to}: {found:?}");
        assert!(found[0].contains("lower floors"), "{}", found[0]);
    }
}

#[test]
fn a_problem_names_both_crates_their_floors_and_the_rule() {
    assert_eq!(
        problems("clearance-fingerprint", "clearance-index"),
        [
            "clearance-fingerprint (floor 1) imports clearance-index (floor 2): \
          a crate imports only from lower floors, in tests too"
        ]
    );
}

#[test]
fn test_material_is_for_tests_and_imports_nothing_of_ours() {
    assert_eq!(
        problems("clearance-index", "clearance-testkit dev"),
        [""; 0]
    );
    assert!(problems("clearance-index", "clearance-testkit")[0].contains("dev-dependency only"));
    assert!(problems("clearance-index", "clearance-testkit build")[0].contains("dev-dependency"));
    for edge in ["clearance-rights", "clearance-decode dev", "xtask"] {
        assert!(
            problems("clearance-testkit", edge)[0].contains("no crate of ours"),
            "{edge}"
        );
    }
}

#[test]
fn benches_reach_floor_four_and_checks_reach_nothing() {
    assert_eq!(problems("clearance-bench", "clearance-report"), [""; 0]);
    assert!(problems("clearance-bench", "clearance")[0].contains("floors 0 to 4"));
    assert!(problems("xtask", "clearance-rights")[0].contains("no crate of ours"));
    assert!(problems("clearance", "xtask dev")[0].contains("nothing imports"));
    assert!(problems("clearance-scan", "clearance-bench")[0].contains("nothing imports"));
}

#[test]
fn an_unknown_crate_is_a_problem_wherever_it_turns_up() {
    let found = problems("clearance-video", "serde");
    assert_eq!(found.len(), 1);
    assert!(
        found[0].starts_with("clearance-video has no floor"),
        "{}",
        found[0]
    );
    let found = problems("clearance-scan", "clearance-video");
    assert!(
        found[0].contains("must be a crate of this workspace"),
        "{}",
        found[0]
    );
}

#[test]
fn libraries_stay_where_they_belong() {
    assert_eq!(
        problems("clearance-scan", "symphonia"),
        ["clearance-scan imports symphonia, which stays in clearance-decode"]
    );
    assert!(problems("clearance-fingerprint", "parquet")[0].contains("stays in clearance-index"));
    assert_eq!(problems("clearance-scan", "symphonia dev"), [""; 0]);
}

#[test]
fn metadata_of_another_shape_is_an_error() {
    for metadata in [
        json!({}),
        json!({ "packages": [{}] }),
        json!({ "packages": [{ "name": "xtask" }] }),
        json!({ "packages": [{ "name": "xtask", "dependencies": [{}] }] }),
    ] {
        assert!(check(&metadata).is_err(), "{metadata}");
    }
}
