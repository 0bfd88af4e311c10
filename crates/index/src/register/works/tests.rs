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
        let header = "rightsholder,share,license_id,licensee,license_uses";
        self.register_as(None, header, catalogs)
    }

    /// The same with other columns, under a name.
    fn register_as(
        &self,
        source: Option<&str>,
        columns: &str,
        catalogs: &[(&str, &[&str])],
    ) -> Registration {
        std::fs::write(self.0.path().join("w.txt"), prose::write(1, 100)).unwrap();
        let paths: Vec<PathBuf> = catalogs
            .iter()
            .map(|(name, lines)| {
                let path = self.0.path().join(name);
                let header = format!("work_id,path,{columns}");
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
            source,
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

    /// Reservations and licenses, as `ID CATALOG`.
    fn rights(&self) -> Vec<String> {
        let snapshot = Snapshot::open(&self.registry()).unwrap();
        let record = snapshot.work("w").unwrap();
        let reservations = record
            .reservations
            .iter()
            .map(|it| (it.uses.to_string(), &it.catalog));
        let licenses = record
            .licenses
            .iter()
            .map(|it| (it.license_id.clone(), &it.catalog));
        let words = reservations
            .chain(licenses)
            .map(|(what, catalog)| format!("{what} {}", catalog.as_deref().unwrap_or("-")));
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

/// What the tests below read.
const RIGHTS: &str = "reservation,license_id,licensee,license_uses";

#[test]
fn a_catalog_replaces_what_it_stated_and_nothing_else() {
    for together in [false, true] {
        let place = Place::new();
        let (a, b): (&[&str], &[&str]) = (&["train,L-1,Acme,train"], &["search,L-2,Acme,search"]);
        if together {
            place.register_as(None, RIGHTS, &[("a.csv", a), ("b.csv", b)]);
        } else {
            place.register_as(None, RIGHTS, &[("a.csv", a)]);
            place.register_as(None, RIGHTS, &[("b.csv", b)]);
        }
        let both = [
            "train|train-generative a.csv",
            "search b.csv",
            "L-1 a.csv",
            "L-2 b.csv",
        ];
        assert_eq!(place.rights(), both);
        for again in [a, b] {
            let name = if again == a { "a.csv" } else { "b.csv" };
            let result = place.register_as(None, RIGHTS, &[(name, again)]);
            assert_eq!((result.works_updated, result.works_unchanged), (0, 1));
        }
        // What a catalog no longer says is gone, and what the other said stays.
        place.register_as(None, RIGHTS, &[("a.csv", &["ai-input,,,"])]);
        let left = ["ai-input a.csv", "search b.csv", "L-2 b.csv"];
        assert_eq!(place.rights(), left);
        place.register_as(None, RIGHTS, &[("b.csv", &[",,,"]), ("a.csv", &[",,,"])]);
        assert_eq!(place.rights(), [""; 0]);
    }
}

#[test]
fn a_catalog_with_a_new_file_name_each_month_keeps_its_name() {
    let place = Place::new();
    let owner = Some("Harbor Records");
    place.register_as(owner, RIGHTS, &[("2026-10.csv", &["train,L-1,Acme,train"])]);
    place.register_as(owner, RIGHTS, &[("2026-11.csv", &["all,,,"])]);
    assert_eq!(
        place.rights(),
        ["search|mining|ai-input|train|train-generative Harbor Records"]
    );
    let snapshot = Snapshot::open(&place.registry()).unwrap();
    assert_eq!(snapshot.work("w").unwrap().source, "Harbor Records");
    let last = &snapshot.manifest().history[1].sources[0];
    assert_eq!(
        (last.name.as_str(), last.source.as_deref()),
        ("2026-11.csv", owner)
    );
}

#[test]
fn a_name_that_could_be_mistaken_is_refused() {
    let place = Place::new();
    std::fs::write(place.0.path().join("a.csv"), "work_id,path\n").unwrap();
    for name in ["", " ", "ledger", "a + b", "a\nb", &"a".repeat(256)] {
        let options = RegisterOptions {
            limits: Limits::default(),
            previews: false,
            texts: KeptTexts::Whole,
            source: Some(name),
            note: ChangeNote::default(),
            segment_bytes: 1 << 30,
            stop: &AtomicBool::new(false),
            progress: &|_, _| {},
        };
        let refused = register(&[place.0.path().join("a.csv")], &place.registry(), &options);
        let refused = refused.unwrap_err().to_string();
        assert!(refused.contains("a source's name"), "{name:?}: {refused}");
        assert!(!place.registry().exists());
    }
}
