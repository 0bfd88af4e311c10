use serde_json::json;

use super::*;

fn found(check: fn(&Text<'_>, &mut Findings), name: &str, contents: &str) -> Findings {
    let mut findings = Findings::default();
    check(&Text { name, contents }, &mut findings);
    findings
}

#[test]
fn long_files_warn_then_fail_and_tests_may_be_long() {
    let lines = |count: usize| "x\n".repeat(count);
    let counts = |name: &str, count: usize| {
        let findings = found(check_size, name, &lines(count));
        (findings.warnings.len(), findings.problems.len())
    };
    assert_eq!(counts("crates/a/src/lib.rs", 500), (0, 0));
    assert_eq!(counts("crates/a/src/lib.rs", 501), (1, 0));
    assert_eq!(counts("crates/a/src/lib.rs", 700), (1, 0));
    assert_eq!(counts("crates/a/src/lib.rs", 701), (0, 1));
    assert_eq!(counts("crates/a/src/lib/tests.rs", 701), (0, 0));
    assert_eq!(counts("crates/a/tests/it/main.rs", 701), (0, 0));
    assert_eq!(counts("ARCHITECTURE.md", 701), (0, 0));
}

#[test]
fn modules_are_not_named_mod() {
    assert_eq!(
        found(check_name, "crates/a/src/b/mod.rs", "")
            .problems
            .len(),
        1
    );
    assert_eq!(found(check_name, "crates/a/src/b.rs", "").problems.len(), 0);
}

#[test]
fn words_of_courts_are_found_in_any_case_with_their_line() {
    let word = FORBIDDEN[0].to_uppercase();
    let findings = found(
        check_words,
        "README.md",
        &format!("fine\nnot {word}ing fine\n"),
    );
    assert_eq!(findings.problems.len(), 1);
    assert!(
        findings.problems[0].starts_with("README.md:2: "),
        "{:?}",
        findings.problems
    );
    assert_eq!(
        found(check_words, "LICENSE-MIT", &word),
        Findings::default()
    );
    assert_eq!(
        found(check_words, "README.md", "legal, fringe"),
        Findings::default()
    );
}

#[test]
fn lints_are_taken_from_the_workspace() {
    assert!(takes_workspace_lints(
        "[package]\n\n[lints]\nworkspace = true\n"
    ));
    assert!(!takes_workspace_lints(
        "[package]\n\n[lints]\n[dependencies]\n"
    ));
    assert!(!takes_workspace_lints("[package]\nworkspace = true\n"));
}

#[test]
fn a_library_goes_before_a_program() {
    let target = |kind: &str, path: &str| json!({ "kind": [kind], "src_path": path });
    let (lib, bin, test) = (target("lib", "l"), target("bin", "b"), target("test", "t"));
    let root = |targets: Vec<&Value>| {
        let package = json!({ "targets": targets });
        root_file(&package).map(str::to_owned)
    };
    assert_eq!(root(vec![&test, &bin, &lib]).as_deref(), Some("l"));
    assert_eq!(root(vec![&test, &bin]).as_deref(), Some("b"));
    assert_eq!(root(vec![&test]), None);
}

#[test]
fn the_walk_skips_what_nobody_wrote_and_nothing_else() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut paths = Vec::new();
    collect(&root, &root, &mut paths).unwrap();
    let names: Vec<String> = paths.iter().map(|path| relative(&root, path)).collect();
    for name in [
        "Cargo.toml",
        ".ci/run",
        "crates/xtask/src/tidy/tests.rs",
        // Folders of ours with the names of folders that are skipped at the root.
        "crates/decode/src/media/tests.rs",
        "crates/testkit/src/fixtures/tests.rs",
    ] {
        assert!(names.iter().any(|known| known == name), "{name} is missing");
    }
    for folder in ["target/", "media/", "fixtures/", ".git/"] {
        assert!(
            !names.iter().any(|name| name.starts_with(folder)),
            "{folder}"
        );
    }
}
