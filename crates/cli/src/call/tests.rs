use clearance_rights::Use;

use super::*;

fn failure(arguments: &[&str]) -> Failure {
    call(arguments, &AtomicBool::new(false)).unwrap_err()
}

#[test]
fn errors_have_the_words_of_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    let (registry, out) = (at("none"), at("out"));
    let found = failure(&["scan", ".", "--registry", &registry, "--out", &out]);
    assert_eq!(found.kind, FailureKind::Registry);
    assert_eq!(
        found.words,
        format!("{registry}: not a registry (no registry.json)")
    );
    assert!(found.hint.unwrap().contains("clearance register"));

    let found = failure(&["scan", ".", "--registry", &registry]);
    assert_eq!(found.kind, FailureKind::Usage);
    assert_eq!(
        found.words,
        "the following required arguments were not provided:\n  --out <DIR>"
    );
    let found = failure(&["merge", &at("shard"), "--output", &out]);
    assert_eq!(found.kind, FailureKind::Results);
    let found = failure(&["inspect", "."]);
    assert!(
        found.words.contains("prints its results"),
        "{}",
        found.words
    );
}

#[test]
fn settings_of_batches_are_those_of_scans() {
    let flags = ["--use", "train", "--as-of", "2026-06-30", "--threads", "3"];
    let settings = batch_settings(flags).unwrap();
    assert_eq!(settings.threads, Some(3));
    assert_eq!(settings.options.policy.use_, Use::Train);
    assert_eq!(settings.options.policy.as_of.to_string(), "2026-06-30");
    assert!(settings.options.declarations);
    assert!(batch_settings(["--use", "sing"]).is_err());
    for refused in [
        vec!["--sample", "3"],
        vec!["--shard", "1/2"],
        vec!["--registry-at", "2026-01-01"],
        vec!["more"],
    ] {
        let Err(failure) = batch_settings(refused) else {
            panic!("taken");
        };
        assert!(failure.words.contains("whole dataset"), "{}", failure.words);
    }
    let table = table_settings(["--keep-texts", "--column", "a=text"]).unwrap();
    assert!(table.options.texts);
    assert_eq!(table.overrides.len(), 1);
}

#[test]
fn every_call_has_its_own_number_of_threads() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    std::fs::create_dir(at("works")).unwrap();
    std::fs::write(
        at("works/tale.txt"),
        "A tale of a fox that went to sea. ".repeat(20),
    )
    .unwrap();
    std::fs::write(
        at("texts.csv"),
        "text\nA fox of another tale that stayed at home\n",
    )
    .unwrap();
    let stop = AtomicBool::new(false);
    let (works, registry, dataset) = (at("works"), at("registry"), at("texts.csv"));
    assert_eq!(
        call(["register", &works, "--registry", &registry], &stop),
        Ok(0)
    );
    for threads in ["1", "3"] {
        let out = at(threads);
        let arguments = [
            "scan",
            &dataset,
            "--registry",
            &registry,
            "--out",
            &out,
            "--threads",
            threads,
        ];
        assert_eq!(call(arguments, &stop), Ok(0));
    }
    let one = std::fs::read(folder.path().join("1/summary.json")).unwrap();
    let three = std::fs::read(folder.path().join("3/summary.json")).unwrap();
    assert_eq!(one, three);
    let failure = failure(&[
        "scan",
        &dataset,
        "--registry",
        &registry,
        "--out",
        "x",
        "--threads",
        "0",
    ]);
    assert_eq!(failure.kind, FailureKind::Usage);
}
