use clearance_testkit::{encode, music, prose};

use super::*;
use crate::registry::Snapshot;

struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path
    }

    fn register(&self, catalog: PathBuf, segment_bytes: usize, stop: bool) -> Registration {
        let stop = AtomicBool::new(stop);
        let options = RegisterOptions {
            limits: Limits::default(),
            previews: false,
            texts: crate::KeptTexts::Whole,
            source: None,
            note: crate::ChangeNote::at(chrono::DateTime::UNIX_EPOCH),
            segment_bytes,
            stop: &stop,
            progress: &|_, _| {},
        };
        register(&[catalog], &self.0.path().join("registry"), &options).unwrap()
    }

    fn snapshot(&self) -> Snapshot {
        Snapshot::open(&self.0.path().join("registry")).unwrap()
    }
}

#[test]
fn a_stop_leaves_the_registry_as_it_was() {
    let place = Place::new();
    place.write("works/a.txt", prose::write(1, 100));
    assert!(
        place
            .register(place.0.path().join("works"), 1 << 30, true)
            .stopped
    );
    assert!(Snapshot::open(&place.0.path().join("registry")).is_err());
}

#[test]
fn small_segments_hold_the_same_works() {
    let place = Place::new();
    for number in 0..40 {
        place.write(&format!("works/{number}.txt"), prose::write(number, 100));
    }
    let result = place.register(place.0.path().join("works"), 1, false);
    assert_eq!(result.works_added, 40);
    let snapshot = place.snapshot();
    assert!(snapshot.manifest().segments.len() > 1);
    assert_eq!((snapshot.work_count(), snapshot.asset_count()), (40, 40));
}

#[test]
fn another_catalog_adds_rights_and_the_same_one_replaces_them() {
    let place = Place::new();
    place.write("a.txt", prose::write(1, 100));
    let rights = |place: &Place| {
        let snapshot = place.snapshot();
        let record = snapshot.work("w").unwrap();
        (record.reservations.len(), record.licenses.len())
    };
    let first = place.write("first.csv", "work_id,path,reservation\nw,a.txt,all\n");
    place.register(first.clone(), 1 << 30, false);
    assert_eq!(rights(&place), (1, 0));
    let second = place.write("second.csv", "work_id,licensee,license_uses\nw,Acme,all\n");
    assert_eq!(place.register(second, 1 << 30, false).works_updated, 1);
    assert_eq!(rights(&place), (1, 1));
    place.write("first.csv", "work_id,path,reservation\nw,a.txt,\n");
    place.register(first, 1 << 30, false);
    assert_eq!(
        rights(&place),
        (0, 1),
        "what the catalog no longer says is gone, what another one said stays"
    );
}

#[test]
fn a_catalog_that_says_another_medium_is_not_believed() {
    let place = Place::new();
    place.write("a.wav", encode::wav(&music::compose(1, 3.0), 22_050));
    let catalog = place.write("c.csv", "work_id,path,media\nw,a.wav,image\n");
    let result = place.register(catalog, 1 << 30, false);
    assert_eq!(result.works_added, 0);
    assert!(
        result.rejects[0].reason.contains("the catalog says image"),
        "{:?}",
        result.rejects
    );
}

#[test]
fn a_text_in_a_catalog_is_text_whatever_it_begins_with() {
    let place = Place::new();
    let prose = prose::write(1, 60);
    let first = [
        "uo kwideroc",
        "ID3 tags",
        "BM",
        "GIF89a",
        "RIFF",
        "%PDF-1.4",
    ];
    let lines = first.iter().enumerate();
    let lines =
        lines.map(|(at, word)| serde_json::json!({"work_id": at.to_string(), "text": format!("{word} {prose}")}));
    let text: Vec<String> = lines.map(|line| line.to_string()).collect();
    let catalog = place.write("c.jsonl", text.join("\n"));
    let result = place.register(catalog, 1 << 30, false);
    assert_eq!(
        (result.assets_added, result.rejects),
        ([0, 0, 6], Vec::new())
    );
}
