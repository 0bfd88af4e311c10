use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

use clearance_decode::{Limits, Media};
use clearance_index::{RegisterOptions, register};
use clearance_rights::{Mode, Policy, Use, parse_date};
use clearance_testkit::dataset::DatasetBuilder;
use clearance_testkit::{art, encode, prose};

use super::*;
use crate::collect::collect;
use crate::schema::Overrides;

pub(super) struct Place {
    pub(super) folder: tempfile::TempDir,
    pub(super) plan: Plan,
    pub(super) snapshot: Snapshot,
    pub(super) options: ScanOptions,
}

/// Twelve rows in six row groups; every fourth quotes a registered text.
pub(super) fn place() -> Place {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    std::fs::create_dir(path("works")).unwrap();
    std::fs::write(path("works/story.txt"), prose::write(1, 300)).unwrap();
    let picture = encode::jpeg(&art::paint(1, 300, 200), 80).unwrap();
    std::fs::write(path("works/picture.jpg"), &picture).unwrap();
    let options = RegisterOptions {
        limits: Limits::default(),
        previews: true,
        texts: clearance_index::KeptTexts::Whole,
        source: None,
        note: clearance_index::ChangeNote::at(chrono::DateTime::UNIX_EPOCH),
        segment_bytes: 1 << 30,
        stop: &AtomicBool::new(false),
        progress: &|_, _| {},
    };
    let result = register(&[path("works")], &path("registry"), &options).unwrap();
    assert_eq!(result.rejects, []);
    let text = |row: u64| match row % 4 {
        0 => prose::write(1, 300),
        _ => prose::write(100 + row, 120),
    };
    DatasetBuilder::new()
        .text(
            "text",
            (0..12).map(|row| Some(text(row))).collect::<Vec<_>>(),
        )
        .image(
            "image",
            (0..12)
                .map(|row| (row == 7).then(|| picture.clone()))
                .collect::<Vec<_>>(),
        )
        .rows_per_group(2)
        .write(path("data.parquet"))
        .unwrap();
    Place {
        plan: Plan::new(&[path("data.parquet")], &Overrides::new()).unwrap(),
        snapshot: Snapshot::open(&path("registry")).unwrap(),
        options: ScanOptions {
            limits: Limits::default(),
            policy: Policy::new(Mode::OptOut, Use::Train, parse_date("2026-01-01").unwrap()),
            overrides: Overrides::new(),
            media_roots: Vec::new(),
            decoy_share: 0.5,
            declarations: true,
            mentions: false,
            iscc: false,
            signers: None,
            places: None,
            fetch: None,
            isolation: None,
        },
        folder,
    }
}

impl Place {
    fn out(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn scan(&self, out: &str, stop: &AtomicBool) -> Scanned {
        let progress = Progress::default();
        scan(
            &self.plan,
            &self.snapshot,
            &self.options,
            &self.out(out),
            &progress,
            stop,
        )
        .unwrap()
    }

    fn parts(&self, scanned: Scanned) -> Vec<crate::checkpoint::Part> {
        let collected = collect(&self.plan, scanned).unwrap();
        assert!(collected.totals.rows.reconcile());
        assert_eq!(collected.totals.rows.matched, 4);
        collected.parts().collect::<Result<_>>().unwrap()
    }
}

#[test]
fn a_resumed_scan_is_the_uninterrupted_one() {
    let place = place();
    let never = AtomicBool::new(false);
    let whole = place.parts(place.scan("whole", &never));
    for lost in 0..whole.len() {
        // A scan that died before it wrote some of its parts.
        let scanned = place.scan("resumed", &never);
        drop(scanned);
        for part in [lost, (lost * 3 + 1) % whole.len()] {
            let path = place.out(&format!("resumed/parts/000000-{part:06}.json"));
            std::fs::remove_file(&path).ok();
            std::fs::write(path.with_extension("writing"), b"half a part").unwrap();
        }
        assert_eq!(place.parts(place.scan("resumed", &never)), whole);
    }
}

#[test]
fn only_pictures_have_boxes_and_an_identical_one_is_whole() {
    let place = place();
    let parts = place.parts(place.scan("out", &AtomicBool::new(false)));
    let findings: Vec<_> = parts.iter().flat_map(|part| &part.findings).collect();
    assert_eq!(findings.len(), 4);
    for finding in findings {
        let whole = match finding.media {
            Media::Image => Some([0.0, 0.0, 1.0, 1.0]),
            _ => None,
        };
        assert_eq!((finding.query_box, finding.work_box), (whole, whole));
    }
}

#[test]
fn a_stopped_scan_keeps_what_is_done() {
    let place = place();
    let stopped = place.scan("out", &AtomicBool::new(true));
    assert!(stopped.stopped);
    let never = AtomicBool::new(false);
    assert_eq!(place.parts(place.scan("out", &never)).len(), 6);
}

#[test]
fn parts_of_another_scan_are_not_used() {
    let mut place = place();
    let never = AtomicBool::new(false);
    drop(place.scan("out", &never));
    let part = place.out("out/parts/000000-000000.json");
    std::fs::write(&part, b"{}").unwrap();
    place.options.policy.as_of = parse_date("2026-01-02").unwrap();
    let parts = place.parts(place.scan("out", &never));
    assert_eq!(parts.len(), 6);
}

#[test]
fn thread_count_makes_no_difference() {
    let place = place();
    let never = AtomicBool::new(false);
    let with = |threads: usize, out: &str| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        place.parts(pool.install(|| place.scan(out, &never)))
    };
    let one = with(1, "one");
    assert_eq!(one, with(2, "two"));
    assert_eq!(one, with(7, "seven"));
}

/// Runs of rows in one stream: a scan that goes on in the middle reads up to there, and no more.
#[test]
fn lines_and_archives_are_resumed_in_the_middle_on_any_number_of_threads() {
    let mut place = place();
    // Four of them quote a work.
    let text = |row: usize, rows: usize| match row * 10 {
        place if [1, 4, 7, 9].contains(&(place / rows)) && place % rows == 0 => {
            prose::write(1, 300)
        }
        _ => format!("row {row}"),
    };
    let lines = (0..40_000).map(|row| format!("{{\"text\": {:?}}}\n", text(row, 40_000)));
    let lines = lines.collect::<String>();
    let rows = (0..9000).map(|row| clearance_testkit::forms::FormRow {
        name: format!("{row:06}"),
        file: None,
        text: Some(text(row, 9000)),
        url: None,
    });
    let rows: Vec<_> = rows.collect();
    let archive = clearance_testkit::forms::archive(&rows).unwrap();
    for (name, bytes, units) in [
        ("a.jsonl.gz", lines.into_bytes(), 3),
        ("a.tar.gz", archive, 3),
    ] {
        let path = place.out(name);
        std::fs::write(&path, clearance_testkit::forms::gzip(&bytes).unwrap()).unwrap();
        place.plan = Plan::new(&[path], &Overrides::new()).unwrap();
        assert_eq!(place.plan.units().len(), units);
        let never = AtomicBool::new(false);
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(1)
            .build()
            .unwrap();
        let whole = place.parts(pool.install(|| place.scan(&format!("{name}-one"), &never)));
        let findings: usize = whole.iter().map(|part| part.findings.len()).sum();
        assert!(findings >= 3, "{findings}");
        let out = format!("{name}-resumed");
        assert_eq!(place.parts(place.scan(&out, &never)), whole);
        drop(place.scan(&out, &never));
        for lost in [0, 2] {
            std::fs::remove_file(place.out(&format!("{out}/parts/000000-{lost:06}.json"))).unwrap();
        }
        assert_eq!(place.parts(place.scan(&out, &never)), whole);
    }
}
