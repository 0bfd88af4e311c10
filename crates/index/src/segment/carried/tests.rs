use std::path::Path;

use clearance_testkit::{art, encode, music, prose};

use crate::registry::Snapshot;
use crate::segment::SegmentBuilder;
use crate::{KeptTexts, RegisterOptions, register};

const RATE_HZ: u32 = 22_050;

/// A registry of all media in the folder, in one segment.
fn registered(folder: &Path, texts: KeptTexts) -> Snapshot {
    let works = folder.join("works");
    std::fs::create_dir_all(&works).unwrap();
    for number in 0..4 {
        let tune = encode::wav(&music::compose(number, 9.0), RATE_HZ);
        std::fs::write(works.join(format!("{number}-tune.wav")), tune).unwrap();
        let picture = encode::picture(&art::paint(number, 320, 240), "png").unwrap();
        std::fs::write(works.join(format!("{number}-view.png")), picture).unwrap();
        // The last takes several pieces.
        let text = prose::write(number, 300 + 3000 * usize::from(number == 3) * 4);
        std::fs::write(works.join(format!("{number}-tale.txt")), text).unwrap();
    }
    let registry = folder.join("registry");
    let stop = std::sync::atomic::AtomicBool::new(false);
    let options = RegisterOptions {
        limits: clearance_decode::Limits::default(),
        previews: true,
        texts,
        source: None,
        note: crate::ChangeNote::at(chrono::DateTime::UNIX_EPOCH),
        segment_bytes: 1 << 30,
        stop: &stop,
        progress: &|_, _| {},
    };
    register(&[works], &registry, &options).unwrap();
    Snapshot::open(&registry).unwrap()
}

/// Writes what is carried into a folder, and compares it with the segment it came from.
fn carried(snapshot: &Snapshot, folder: &Path, fingerprints_only: bool) -> Vec<&'static str> {
    let (_, segment) = snapshot.segments().next().unwrap();
    let mut builder = SegmentBuilder::default();
    let count = builder.carry(segment, fingerprints_only, |_| true).unwrap();
    assert_eq!(count, 12);
    for record in &segment.works {
        builder.add_work(record.clone());
    }
    std::fs::create_dir_all(folder).unwrap();
    builder.write(folder).unwrap();
    let id = &snapshot.manifest().segments[0].id;
    let original = folder.parent().unwrap().join("registry/segments").join(id);
    let names = crate::segment::FILES
        .into_iter()
        .chain([crate::segment::PREVIEWS]);
    names
        .filter(|name| {
            std::fs::read(original.join(name)).unwrap() != std::fs::read(folder.join(name)).unwrap()
        })
        .collect()
}

#[test]
fn what_is_carried_whole_is_the_same_to_the_byte() {
    for texts in [KeptTexts::Whole, KeptTexts::Hashes] {
        let folder = tempfile::tempdir().unwrap();
        let snapshot = registered(folder.path(), texts);
        let differing = carried(&snapshot, &folder.path().join("carried"), false);
        assert_eq!(differing, Vec::<&str>::new(), "{texts:?}");
    }
}

#[test]
fn fingerprints_alone_are_those_of_a_registry_that_kept_no_texts() {
    let (whole, hashes) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let snapshot = registered(whole.path(), KeptTexts::Whole);
    let folder = whole.path().join("carried");
    let differing = carried(&snapshot, &folder, true);
    let expected = [
        "assets.parquet",
        "text.seeds",
        "text.texts",
        "image.previews",
    ];
    assert_eq!(differing, expected);
    let other = registered(hashes.path(), KeptTexts::Hashes);
    let id = &other.manifest().segments[0].id;
    let segment = hashes.path().join("registry/segments").join(id);
    for name in ["text.seeds", "text.texts"] {
        let read = |folder: &Path| std::fs::read(folder.join(name)).unwrap();
        assert_eq!(read(&segment), read(&folder), "{name}");
    }
}

#[test]
fn crowds_of_peaks_are_refused() {
    use clearance_fingerprint::audio::Peak;
    let peak = |time, rank| Peak {
        time,
        bin: 10,
        rank,
    };
    let honest: Vec<Peak> = (0..4000).map(|n| peak(n * 40, (n % 18) as u8)).collect();
    assert!(super::are_sparse(&honest));
    let forged: Vec<Peak> = (0..40).map(|n| peak(n, 0)).collect();
    assert!(!super::are_sparse(&forged));
}
