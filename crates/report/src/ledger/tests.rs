use super::*;
use crate::sample;

/// A ledger of three lines: two runs and an approval.
fn ledger(key: Option<&SigningKey>) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("runs.log");
    for day in 1..=2 {
        let mut run = run();
        run.rows = day;
        append(&path, Event::Run(Box::new(run)), &note(day), key).unwrap();
    }
    let approved = Approved {
        summary: "ab".repeat(32),
    };
    append(&path, Event::Approval(approved), &note(3), key).unwrap();
    (folder, path)
}

fn note(day: u64) -> EntryNote {
    EntryNote {
        at: DateTime::from_timestamp(86_400 * day as i64, 0).unwrap(),
        by: Some("Ada".to_owned()),
        comment: None,
    }
}

fn run() -> Run {
    let summary = sample::summary(&[]);
    Run {
        summary: "ab".repeat(32),
        attestation: None,
        inputs: summary.settings.inputs.clone(),
        dataset: "cd".repeat(32),
        registry: summary.registry.digest.clone(),
        generation: 4,
        policy: summary.policy,
        rows: 20,
        matched: 3,
        unreadable: 2,
        skipped: 1,
        findings: 4,
        over_policy: 2,
        version: "0.1.0".to_owned(),
    }
}

fn problems(path: &Path) -> Vec<String> {
    read_ledger(path, None, None).unwrap().problems
}

#[test]
fn a_ledger_is_read_back_whole() {
    let (_folder, path) = ledger(None);
    let read = read_ledger(&path, None, None).unwrap();
    assert_eq!(read.problems, [""; 0]);
    assert_eq!(read.entries.len(), 3);
    assert_eq!(read.entries[1].at, "1970-01-03T00:00:00Z");
    assert!(matches!(read.entries[2].event, Event::Approval(_)));
}

#[test]
fn every_changed_byte_is_noticed() {
    let (_folder, path) = ledger(None);
    let whole = fs::read(&path).unwrap();
    for at in 0..whole.len() {
        let mut changed = whole.clone();
        changed[at] ^= 1;
        fs::write(&path, &changed).unwrap();
        assert!(!problems(&path).is_empty(), "byte {at}");
    }
}

#[test]
fn lines_cut_off_moved_or_left_out_are_noticed() {
    let (_folder, path) = ledger(None);
    let text = fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    for (other, what) in [
        (lines[..2].concat(), "lines were cut off"),
        (lines[..0].concat(), "lines were cut off"),
        (text[..text.len() - 1].to_owned(), "cut off"),
        (lines[1..].concat(), "not the one that it follows"),
        ([lines[0], lines[2]].concat(), "not the one that it follows"),
        ([lines[1], lines[0], lines[2]].concat(), "earlier time"),
    ] {
        fs::write(&path, &other).unwrap();
        let problems = problems(&path);
        assert!(
            problems.iter().any(|problem| problem.contains(what)),
            "{what}: {problems:?}"
        );
    }
    fs::write(&path, text).unwrap();
    fs::remove_file(head_path(&path)).unwrap();
    assert!(problems(&path)[0].contains("there is no"));
}

#[test]
fn nothing_is_added_to_a_broken_ledger_or_before_its_end() {
    let (_folder, path) = ledger(None);
    let early = append(&path, Event::Run(Box::new(run())), &note(1), None).unwrap_err();
    assert!(
        early.to_string().contains("a clock was set back"),
        "{early}"
    );
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replacen("Ada", "Bob", 1)).unwrap();
    let broken = append(&path, Event::Run(Box::new(run())), &note(9), None).unwrap_err();
    assert!(broken.to_string().contains("nothing is added"), "{broken}");
}

#[test]
fn a_ledger_written_anew_contradicts_a_signed_head_or_one_kept_elsewhere() {
    let (key, other) = (
        SigningKey::from_seed(&[1; 32]),
        SigningKey::from_seed(&[2; 32]),
    );
    let (_folder, path) = ledger(Some(&key));
    let trusted = key.public();
    let read = |expected: Option<&str>| read_ledger(&path, Some(&trusted), expected).unwrap();
    let end = last_hash(&path).unwrap();
    assert_eq!(read(Some(&end)).problems, [""; 0]);
    let (_other_folder, anew) = ledger(Some(&other));
    fs::copy(&anew, &path).unwrap();
    fs::copy(head_path(&anew), head_path(&path)).unwrap();
    assert!(read(None).problems[0].contains("signed with key"));
    fs::remove_file(&anew).unwrap();
    fs::remove_file(head_path(&anew)).unwrap();
    append(&anew, Event::Run(Box::new(run())), &note(7), None).unwrap();
    fs::copy(&anew, &path).unwrap();
    fs::copy(head_path(&anew), head_path(&path)).unwrap();
    assert!(read(None).problems[0].contains("is not signed"));
    let kept = read_ledger(&path, None, Some(&end)).unwrap().problems;
    assert!(
        kept[0].contains("the expected line is not in it"),
        "{kept:?}"
    );
}

#[test]
fn a_run_that_was_killed_before_its_head_is_followed_by_the_next() {
    let (_folder, path) = ledger(None);
    let head = fs::read(head_path(&path)).unwrap();
    append(&path, Event::Run(Box::new(run())), &note(4), None).unwrap();
    fs::write(head_path(&path), &head).unwrap();
    assert!(problems(&path)[0].contains("it ends with line 4"));
    append(&path, Event::Run(Box::new(run())), &note(5), None).unwrap();
    assert_eq!(problems(&path), [""; 0]);
    // Not so under a key: the line could be anybody's.
    let key = SigningKey::from_seed(&[1; 32]);
    let (_folder, path) = self::ledger(Some(&key));
    let head = fs::read(head_path(&path)).unwrap();
    append(&path, Event::Run(Box::new(run())), &note(4), Some(&key)).unwrap();
    fs::write(head_path(&path), &head).unwrap();
    assert!(append(&path, Event::Run(Box::new(run())), &note(5), Some(&key)).is_err());
}
