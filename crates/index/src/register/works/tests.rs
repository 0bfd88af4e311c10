use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

use clearance_decode::Limits;
use clearance_rights::{Mode, Policy, Use, parse_date};
use clearance_testkit::prose;

use super::*;
use crate::{ChangeNote, KeptTexts, RegisterOptions, Registration, register};

struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// Registers CSV catalogs, given by name and lines after the header. Each line's text is its
    /// work's.
    fn register(&self, catalogs: &[(&str, &[&str])]) -> Registration {
        std::fs::write(self.0.path().join("w.txt"), prose::write(1, 100)).unwrap();
        let paths: Vec<PathBuf> = catalogs
            .iter()
            .map(|(name, lines)| {
                let path = self.0.path().join(name);
                let header = "work_id,path,rightsholder,share,license_id,licensee,license_uses";
                let lines = lines.iter().map(|line| format!("w,w.txt,{line}\n"));
                let text = format!("{header}\n{}", lines.collect::<String>());
                std::fs::write(&path, text).unwrap();
                path
            })
            .collect();
        let options = RegisterOptions {
            limits: Limits::default(),
            previews: false,
            texts: KeptTexts::Whole,
            note: ChangeNote::default(),
            segment_bytes: 1 << 30,
            stop: &AtomicBool::new(false),
            progress: &|_, _| {},
        };
        register(&paths, &self.registry(), &options).unwrap()
    }

    fn registry(&self) -> PathBuf {
        self.0.path().join("registry")
    }

    /// Who holds the rights, as `NAME SHARE SOURCE`.
    fn holders(&self) -> Vec<String> {
        let snapshot = Snapshot::open(&self.registry()).unwrap();
        let holders = &snapshot.work("w").unwrap().work.rightsholders;
        let words = holders.iter().map(|holder| {
            let share = holder
                .share
                .map_or("-".to_owned(), |share| share.to_string());
            format!(
                "{} {share} {}",
                holder.name,
                holder.source.as_deref().unwrap_or("-")
            )
        });
        words.collect()
    }

    /// Verdict and reason for Acme training on the work.
    fn verdict(&self) -> (String, String) {
        let policy = Policy {
            licensee: Some("Acme".to_owned()),
            ..Policy::new(Mode::OptOut, Use::Train, parse_date("2026-01-01").unwrap())
        };
        let snapshot = Snapshot::open(&self.registry()).unwrap();
        let record = snapshot.work("w").unwrap();
        let decision = policy.decide(&record.work, &record.reservations, &record.licenses);
        (decision.verdict.to_string(), decision.reason)
    }
}

#[test]
fn lines_of_one_catalog_name_co_owners() {
    let place = Place::new();
    let lines = [
        "Ana,60,L-1,Acme,train",
        "Ben,40,,,",
        "ana,,,,",
        "Ben,40 %,,,",
    ];
    let result = place.register(&[("a.csv", &lines)]);
    assert!(result.rejects.is_empty(), "{:?}", result.rejects);
    assert_eq!(place.holders(), ["Ana 60 % a.csv", "Ben 40 % a.csv"]);
    let (verdict, reason) = place.verdict();
    assert_eq!(verdict, "unreserved");
    assert!(
        reason.contains("without the signature of Ben (40 %)"),
        "{reason}"
    );
    // Ben's line says that he granted it, too.
    place.register(&[("a.csv", &["Ana,60,L-1,Acme,train", "Ben,40,L-1,Acme,train"])]);
    assert_eq!(place.verdict().0, "licensed");
}

#[test]
fn two_shares_of_one_contradict_each_other() {
    let place = Place::new();
    place.register(&[("a.csv", &["Ana,60,,,", "Ana,50,,,"])]);
    assert_eq!(place.holders(), ["Ana 60 % a.csv", "Ana 50 % a.csv"]);
    let (verdict, reason) = place.verdict();
    assert_eq!(verdict, "review");
    assert!(
        reason.contains("Ana is said to hold 50 % and 60 %"),
        "{reason}"
    );
    // The corrected catalog replaces what it said.
    place.register(&[("a.csv", &["Ana,60,,,", "Ben,40,,,"])]);
    assert_eq!(place.verdict().0, "unreserved");
}

#[test]
fn catalogs_that_name_different_rightsholders_contradict_each_other() {
    for together in [false, true] {
        let place = Place::new();
        let (a, b): (&[&str], &[&str]) = (&["Ana,,L-1,Acme,train"], &["Ben,,,,"]);
        if together {
            place.register(&[("a.csv", a), ("b.csv", b)]);
            // The record of a first run bears the name of its first catalog alone.
            place.register(&[("b.csv", b)]);
        } else {
            place.register(&[("a.csv", a)]);
            assert_eq!(place.verdict().0, "licensed");
            place.register(&[("b.csv", b)]);
        }
        assert_eq!(place.holders(), ["Ana - a.csv", "Ben - b.csv"]);
        let (verdict, reason) = place.verdict();
        assert_eq!(verdict, "review");
        assert!(
            reason.contains("a.csv names Ana; b.csv names Ben"),
            "{reason}"
        );
        // Saying the same again changes nothing, in whatever order.
        for (name, lines) in [("a.csv", a), ("b.csv", b), ("a.csv", a)] {
            let again = place.register(&[(name, lines)]);
            assert_eq!(
                (again.works_updated, again.works_unchanged),
                (0, 1),
                "{name}"
            );
        }
        // Once one of them is corrected, they agree.
        place.register(&[("b.csv", &["ANA,,,,"])]);
        assert_eq!(place.holders(), ["Ana - a.csv", "ANA - b.csv"]);
        assert_eq!(place.verdict().0, "licensed");
    }
}

#[test]
fn an_update_of_a_catalog_and_a_silent_one_are_no_contradiction() {
    let place = Place::new();
    place.register(&[("a.csv", &["Ana,,,,"])]);
    place.register(&[("a.csv", &["Ben,,,,"])]);
    assert_eq!(place.holders(), ["Ben - a.csv"]);
    place.register(&[("b.csv", &[",,L-2,Acme,train"])]);
    assert_eq!(place.holders(), ["Ben - a.csv"]);
    assert_eq!(place.verdict().0, "licensed");
}

#[test]
fn more_rightsholders_than_can_be_asked_are_not_kept() {
    let place = Place::new();
    let lines: Vec<String> = (0..600)
        .map(|number| format!("Heir {number},,,,"))
        .collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    place.register(&[("a.csv", &lines)]);
    assert_eq!(place.holders().len(), Rightsholder::MOST + 1);
    let (verdict, reason) = place.verdict();
    assert_eq!(verdict, "review");
    assert!(
        reason.contains("more than 500 rightsholders are recorded"),
        "{reason}"
    );
}
