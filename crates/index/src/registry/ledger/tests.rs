use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

use chrono::{DateTime, Utc};
use clearance_decode::Limits;
use clearance_rights::UseSet;

use super::*;
use crate::{KeptTexts, RegisterOptions, Registration, register};

const CATALOG: &str = "work_id,text,reservation,license_id,licensee,license_uses,license_until\n\
    a,TEXT-A,all,L-1,Acme,train,2030-12-31\n\
    b,TEXT-B,train,,,,\n";

struct Place {
    folder: tempfile::TempDir,
}

fn on(day: &str) -> DateTime<Utc> {
    let day: NaiveDate = day.parse().unwrap();
    day.and_hms_opt(12, 0, 0).unwrap().and_utc()
}

fn text(number: u64) -> String {
    clearance_testkit::prose::write(number, 80).replace(['\n', ',', '"'], " ")
}

impl Place {
    fn new() -> Self {
        let place = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        let catalog = CATALOG
            .replace("TEXT-A", &text(1))
            .replace("TEXT-B", &text(2));
        // Inline texts come in JSON Lines only.
        let mut lines = catalog.lines();
        let names: Vec<&str> = lines.next().unwrap().split(',').collect();
        let rows = lines.map(|line| {
            let cells = names.iter().zip(line.split(','));
            let cells = cells.filter(|(_, cell)| !cell.is_empty());
            let row: serde_json::Map<String, serde_json::Value> = cells
                .map(|(name, cell)| ((*name).to_owned(), cell.into()))
                .collect();
            serde_json::Value::from(row).to_string() + "\n"
        });
        std::fs::write(place.catalog(), rows.collect::<Vec<_>>().concat()).unwrap();
        place
    }

    fn catalog(&self) -> PathBuf {
        self.folder.path().join("catalog.jsonl")
    }

    fn registry(&self) -> PathBuf {
        self.folder.path().join("registry")
    }

    fn register(&self, day: &str) -> Registration {
        let options = RegisterOptions {
            limits: Limits::default(),
            previews: false,
            texts: KeptTexts::Whole,
            source: None,
            note: ChangeNote::at(on(day)),
            segment_bytes: 1 << 30,
            stop: &AtomicBool::new(false),
            progress: &|_, _| {},
        };
        register(&[self.catalog()], &self.registry(), &options).unwrap()
    }

    fn snapshot(&self) -> Snapshot {
        Snapshot::open(&self.registry()).unwrap()
    }

    fn found(&self, number: u64) -> Vec<String> {
        let snapshot = self.snapshot();
        let found = snapshot.search_text(&text(number));
        found
            .iter()
            .map(|found| snapshot.asset(found.asset).unwrap().work_id.clone())
            .collect()
    }
}

fn ids(ids: &[&str]) -> Vec<String> {
    ids.iter().map(|id| (*id).to_owned()).collect()
}

fn license() -> License {
    License {
        licensee: Some("Lab".to_owned()),
        until: Some("2027-06-30".parse().unwrap()),
        ..License::new("L-2", "", UseSet::parse_license("train").unwrap())
    }
}

#[test]
fn withdrawn_works_are_found_no_longer_and_come_back_when_registered_again() {
    let place = Place::new();
    place.register("2026-01-10");
    assert_eq!(place.found(1), ["a"]);
    let note = ChangeNote::at(on("2026-02-01"));
    assert_eq!(
        withdraw(&place.registry(), &ids(&["a", "a"]), &note).unwrap(),
        1
    );
    assert!(place.found(1).is_empty());
    let snapshot = place.snapshot();
    assert_eq!((snapshot.work_count(), snapshot.asset_count()), (1, 1));
    assert!(snapshot.work("a").is_none() && snapshot.record("a").is_some());
    // Twice is once.
    assert_eq!(withdraw(&place.registry(), &ids(&["a"]), &note).unwrap(), 0);
    assert_eq!(place.snapshot().manifest().generation, 2);
    let back = place.register("2026-03-01");
    assert_eq!((back.works_added, back.works_unchanged), (1, 1));
    assert_eq!(place.found(1), ["a"]);
}

#[test]
fn an_unknown_work_changes_nothing() {
    let place = Place::new();
    place.register("2026-01-10");
    let before = place.snapshot().manifest().clone();
    let note = ChangeNote::at(on("2026-02-01"));
    for outcome in [
        withdraw(&place.registry(), &ids(&["b", "nobody"]), &note),
        add_license(&place.registry(), &ids(&["a", "nobody"]), &license(), &note),
        expire_license(
            &place.registry(),
            "L-9",
            "2026-02-01".parse().unwrap(),
            &note,
        ),
    ] {
        assert!(matches!(outcome, Err(Error::Ledger { .. })), "{outcome:?}");
    }
    assert_eq!(*place.snapshot().manifest(), before);
    let missing = withdraw(&place.folder.path().join("none"), &ids(&["a"]), &note);
    assert!(
        matches!(missing, Err(Error::NotARegistry { .. })),
        "{missing:?}"
    );
    assert!(!place.folder.path().join("none").exists());
}

#[test]
fn what_the_ledger_says_of_a_license_outlives_the_catalog() {
    let place = Place::new();
    place.register("2026-01-10");
    let note = ChangeNote::at(on("2026-02-01"));
    let registry = place.registry();
    assert_eq!(
        add_license(&registry, &ids(&["a", "b"]), &license(), &note).unwrap(),
        2
    );
    assert_eq!(
        add_license(&registry, &ids(&["a", "b"]), &license(), &note).unwrap(),
        0
    );
    let other = License {
        licensee: Some("Somebody else".to_owned()),
        ..license()
    };
    assert!(add_license(&registry, &ids(&["a"]), &other, &note).is_err());
    let last: NaiveDate = "2026-02-15".parse().unwrap();
    assert_eq!(expire_license(&registry, "L-1", last, &note).unwrap(), 1);
    // A later day does not bring it back to life.
    let later = "2026-12-31".parse().unwrap();
    assert_eq!(expire_license(&registry, "L-1", later, &note).unwrap(), 0);
    // The catalog still says that L-1 runs until 2030.
    let again = place.register("2026-03-01");
    assert_eq!((again.works_updated, again.works_unchanged), (0, 2));
    let snapshot = place.snapshot();
    let licenses = &snapshot.work("a").unwrap().licenses;
    let until = |id: &str| {
        licenses
            .iter()
            .find(|it| it.license_id == id)
            .unwrap()
            .until
    };
    assert_eq!((licenses.len(), until("L-1")), (2, Some(last)));
    assert_eq!(until("L-2"), license().until);
}

#[test]
fn earlier_days_can_be_asked_for() {
    let place = Place::new();
    place.register("2026-01-10");
    let note = |day| ChangeNote {
        by: Some("Registry desk".to_owned()),
        ..ChangeNote::at(on(day))
    };
    let registry = place.registry();
    add_license(&registry, &ids(&["a"]), &license(), &note("2026-02-01")).unwrap();
    withdraw(&registry, &ids(&["a"]), &note("2026-03-01")).unwrap();
    // A clock that was set back does not make the history run backwards.
    add_license(&registry, &ids(&["b"]), &license(), &note("2026-01-01")).unwrap();
    let at = |day| Snapshot::open_at(&registry, on(day));
    assert!(matches!(at("2026-01-09"), Err(Error::Ledger { .. })));
    assert_eq!(
        at("2026-01-31").unwrap().work("a").unwrap().licenses.len(),
        1
    );
    assert_eq!(
        at("2026-02-28").unwrap().work("a").unwrap().licenses.len(),
        2
    );
    assert!(at("2026-03-03").unwrap().work("a").is_none());
    assert_eq!(
        at("2026-03-03").unwrap().work("b").unwrap().licenses.len(),
        1
    );
    let snapshot = place.snapshot();
    let history = &snapshot.manifest().history;
    assert!(history.is_sorted_by_key(|change| change.at) && history.len() == 4);
    assert_eq!(history[2].action, Action::Withdraw);
    assert_eq!(history[2].by.as_deref(), Some("Registry desk"));
    assert_eq!(history[0].sources[0].name, "catalog.jsonl");
    let records = snapshot.history_of("a");
    let generations: Vec<u64> = records.iter().map(|(generation, _)| *generation).collect();
    assert_eq!(generations, [1, 2, 3]);
    assert_eq!(at("2026-02-28").unwrap().manifest().generation, 2);
}
