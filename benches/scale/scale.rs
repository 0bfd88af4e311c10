//! What size does to a registry: building it, its bytes, opening it, asking it.
//!
//! `scale [--segment-memory BYTES] audio|image|text SOURCES FOLDER WORKS…` registers so many made-up
//! works, one size after the other, in FOLDER, which should be on a disk and not in memory, and prints a JSON line for each:
//!
//! - `build_cpu_s`, `build_peak_mib`: CPU seconds and most memory of the registration, without making
//!   the works up; segments are closed at the size at which `clearance register` closes them, or as
//!   `clearance registry compact --segment-memory` does.
//! - `bytes_per_work`, `segments`.
//! - `open_cold_s`, `open_warm_s`: seconds until a registry can be asked, with nothing of it in the page
//!   cache and with all of it. Opening reads every byte, for the checksums.
//! - `open_mib`: memory of its own that an open registry takes; the files are mapped beside it. Each
//!   size, and each opening, is a process of its own: what was freed before would count otherwise.
//! - `other_ms`, `copy_ms`: CPU milliseconds to look up an item that is not registered, and an altered
//!   part of one that is; `copies_found` of those.
//! - `parts_…`: the same of the registry in eight parts, all in this process: CPU milliseconds an item,
//!   KiB of questions and answers an item, rounds, bytes against the registry's, and the largest part
//!   against the mean. It is an error when any match differs.
//!
//! Works follow the material under SOURCES, so that hashes are as uneven as its: recordings of about
//! 30 s as `audio_fill` makes them, texts of 100 words as `text_fill` tells them, pictures with a hash
//! and 64 points of other pictures, changed in part.

mod filling;
mod measuring;
mod parted;
mod pictures;
mod recordings;
mod telling;

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use clearance_fingerprint::audio::{AudioFingerprint, Peak, SAMPLE_RATE_HZ, TIME_STEPS};
use clearance_fingerprint::image::ImageFingerprint;
use clearance_index::{
    FingerprintedWork, KeptTexts, Match, Snapshot, WorkPrint, register_fingerprints,
};
use clearance_rights::Work;
use filling::{Random, cpu_s, files, peak_memory_mib, undated};
use measuring::{forget_files, forget_peak, own_memory_mib};
use parted::parted;
use rayon::prelude::*;
use telling::Model;

/// As in `clearance register`.
const SEGMENT_BYTES: usize = 1 << 30;
/// Mean length of a recording, in seconds.
const LENGTH_S: f64 = 30.0;
/// Words of a text.
const WORDS: usize = 100;
/// Works that are made together.
const TOGETHER: u64 = 4096;
/// Items of each kind that are looked up.
const ITEMS: u64 = 400;
/// The seeds of works and of other items.
const SEED: u64 = 1 << 32;
const OTHER_SEED: u64 = 2 << 32;

/// What works are made of.
enum Material {
    Audio(Vec<AudioFingerprint>),
    Image(Vec<ImageFingerprint>),
    Text(Model),
}

impl Material {
    fn read(medium: &str, folder: &Path) -> anyhow::Result<Self> {
        let material = match medium {
            "audio" => Self::Audio(recordings::fingerprints(folder)?),
            "image" => Self::Image(pictures::fingerprints(folder)?),
            "text" => Self::Text(Model::read(folder)?),
            other => anyhow::bail!("{other:?}: audio, image or text"),
        };
        let is_empty = match &material {
            Self::Audio(prints) => prints.is_empty(),
            Self::Image(prints) => prints.is_empty(),
            Self::Text(_) => false,
        };
        anyhow::ensure!(!is_empty, "nothing there to make works of");
        Ok(material)
    }

    /// The same seed makes the same work.
    fn work(&self, seed: u64) -> WorkPrint {
        let mut random = Random(seed);
        match self {
            Self::Audio(prints) => {
                WorkPrint::Audio(recordings::pieced_together(prints, LENGTH_S, &mut random))
            }
            Self::Image(prints) => WorkPrint::Image(vec![pictures::made_up(prints, &mut random)]),
            Self::Text(model) => WorkPrint::Text(model.tell(WORDS, seed), KeptTexts::Whole),
        }
    }
}

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [what, registry] = arguments.as_slice()
        && what == "open"
    {
        return opened(Path::new(registry));
    }
    let (segment_bytes, given) = match arguments.as_slice() {
        [option, bytes, given @ ..] if option == "--segment-memory" => (bytes.parse()?, given),
        given => (SEGMENT_BYTES, given),
    };
    let [medium, sources, folder, sizes @ ..] = given else {
        anyhow::bail!(
            "usage: scale [--segment-memory BYTES] audio|image|text SOURCES FOLDER WORKS…"
        );
    };
    if let [works] = sizes {
        let material = Material::read(medium, Path::new(sources))?;
        let registry = Path::new(folder).join(format!("{medium}-{works}"));
        let line = measured(&material, &registry, works.parse()?, segment_bytes)?;
        print(&line)?;
        std::fs::remove_dir_all(&registry)?;
    }
    for works in sizes.iter().filter(|_| sizes.len() > 1) {
        let mut one = Command::new(std::env::current_exe()?);
        one.args(["--segment-memory", &segment_bytes.to_string()]);
        let ended = one.args([medium, sources, folder, works]).status()?;
        anyhow::ensure!(ended.success(), "{works} works: {ended}");
    }
    Ok(())
}

fn print(line: &serde_json::Value) -> anyhow::Result<()> {
    std::io::Write::write_all(&mut std::io::stdout(), format!("{line}\n").as_bytes())?;
    Ok(())
}

/// Opens a registry, and says how long that took and what it holds.
fn opened(registry: &Path) -> anyhow::Result<()> {
    let (clock, before) = (Instant::now(), own_memory_mib()?);
    let snapshot = Snapshot::open(registry)?;
    let line = serde_json::json!({
        "wall_s": clock.elapsed().as_secs_f64(),
        "mib": own_memory_mib()? - before,
        "works": snapshot.work_count(),
    });
    print(&line)
}

/// The same in a process of its own.
fn opened_apart(registry: &Path) -> anyhow::Result<serde_json::Value> {
    let output = Command::new(std::env::current_exe()?)
        .arg("open")
        .arg(registry)
        .output()?;
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    anyhow::ensure!(output.status.success(), words);
    Ok(serde_json::from_slice(&output.stdout)?)
}

fn measured(
    material: &Material,
    registry: &Path,
    works: u64,
    segment_bytes: usize,
) -> anyhow::Result<serde_json::Value> {
    let (started, before) = (cpu_s()?, own_memory_mib()?);
    let sample = works.min(TOGETHER);
    made(material, sample).for_each(drop);
    let making = (cpu_s()? - started) / sample as f64 * works as f64;
    forget_peak()?;
    let (started, clock) = (cpu_s()?, Instant::now());
    register_fingerprints(made(material, works), registry, segment_bytes, &undated())?;
    let built = (cpu_s()? - started - making, clock.elapsed().as_secs_f64());
    let peak = peak_memory_mib()? - before;
    let stored = files(registry)?;
    let bytes: u64 = stored
        .iter()
        .map(|path| path.metadata().map_or(0, |file| file.len()))
        .sum();
    let is_cold = forget_files(&stored);
    let cold = opened_apart(registry)?;
    let warm = opened_apart(registry)?;
    let snapshot = Snapshot::open(registry)?;
    let other_items = items(material, works, false);
    let copied_items = items(material, works, true);
    let others = asked(&snapshot, &other_items)?;
    let copies = asked(&snapshot, &copied_items)?;
    let found = copies.matches.iter().filter(|found| !found.is_empty());
    let found = found.count() as f64 / ITEMS as f64;
    let folder = registry.with_extension("parts");
    let parted = parted(registry, &folder)?;
    let said = || {
        parted
            .counting
            .taken()
            .map(|count| count as f64 / ITEMS as f64)
    };
    let parted_others = asked(&parted.snapshot, &other_items)?;
    let [asked_others, answered_others, rounds] = said();
    let parted_copies = asked(&parted.snapshot, &copied_items)?;
    let [asked_copies, answered_copies, _] = said();
    let trouble = parted.snapshot.trouble();
    anyhow::ensure!(trouble.is_none(), "{trouble:?}");
    let is_same =
        others.matches == parted_others.matches && copies.matches == parted_copies.matches;
    anyhow::ensure!(
        is_same,
        "the parts of {} find something else",
        registry.display()
    );
    std::fs::remove_dir_all(&folder)?;
    Ok(serde_json::json!({
        "works": works,
        "build_cpu_s": built.0,
        "build_wall_s": built.1,
        "build_peak_mib": peak,
        "bytes_per_work": bytes as f64 / works as f64,
        "segments": snapshot.manifest().segments.len(),
        "open_cold_s": is_cold.then(|| cold["wall_s"].clone()),
        "open_warm_s": warm["wall_s"],
        "open_mib": warm["mib"],
        "other_ms": others.cpu_ms,
        "copy_ms": copies.cpu_ms,
        "parts_other_ms": parted_others.cpu_ms,
        "parts_copy_ms": parted_copies.cpu_ms,
        "parts_other_kib": [asked_others / 1024.0, answered_others / 1024.0],
        "parts_copy_kib": [asked_copies / 1024.0, answered_copies / 1024.0],
        "parts_rounds": rounds,
        "parts_bytes": parted.bytes as f64 / bytes as f64,
        "parts_largest": parted.largest,
        "copies_found": found,
    }))
}

/// The works of a size, made in batches on all threads.
fn made(material: &Material, works: u64) -> impl Iterator<Item = FingerprintedWork> {
    (0..works.div_ceil(TOGETHER)).flat_map(move |batch| {
        let numbers = batch * TOGETHER..works.min((batch + 1) * TOGETHER);
        let made = numbers.into_par_iter().map(|number| FingerprintedWork {
            work: Work::new(format!("filler-{number}")),
            print: material.work(SEED ^ number),
        });
        made.collect::<Vec<_>>()
    })
}

/// What is looked up: parts of works, or of what is none.
fn items(material: &Material, works: u64, are_copies: bool) -> Vec<WorkPrint> {
    let mut random = Random(OTHER_SEED);
    (0..ITEMS)
        .map(|number| {
            let seed = if are_copies {
                SEED ^ random.below(works)
            } else {
                OTHER_SEED ^ number
            };
            altered_part(material.work(seed), &mut random)
        })
        .collect()
}

/// What is found in items, and the CPU milliseconds for each.
struct Asked {
    cpu_ms: f64,
    matches: Vec<Vec<Match>>,
}

fn asked(snapshot: &Snapshot, items: &[WorkPrint]) -> anyhow::Result<Asked> {
    let started = cpu_s()?;
    let matches = items.iter().map(|item| match item {
        WorkPrint::Audio(print) => snapshot.search_audio(print),
        WorkPrint::Image(prints) => snapshot.search_frames(prints.iter()),
        WorkPrint::Text(text, _) => snapshot.search_text(text),
    });
    let matches = matches.collect();
    Ok(Asked {
        cpu_ms: (cpu_s()? - started) * 1000.0 / ITEMS as f64,
        matches,
    })
}

/// Ten seconds of a recording, half of a text, a picture with turned bits.
fn altered_part(print: WorkPrint, random: &mut Random) -> WorkPrint {
    match print {
        WorkPrint::Audio(print) => {
            let second = SAMPLE_RATE_HZ * TIME_STEPS / clearance_fingerprint::audio::HOP as u32;
            let from = random.below(5) as u32 * second;
            let peaks = print.peaks.iter();
            let within = peaks.filter(|peak| (from..from + 10 * second).contains(&peak.time));
            let moved = within.map(|peak| Peak {
                time: peak.time - from,
                ..*peak
            });
            WorkPrint::Audio(AudioFingerprint {
                peaks: moved.collect(),
                samples: u64::from(10 * SAMPLE_RATE_HZ),
            })
        }
        WorkPrint::Image(prints) => {
            let altered = prints.iter().map(|print| pictures::altered(print, random));
            WorkPrint::Image(altered.collect())
        }
        WorkPrint::Text(text, kept) => {
            let words: Vec<&str> = text.split_whitespace().collect();
            let from = random.below(words.len() as u64 / 2) as usize;
            WorkPrint::Text(words[from..from + words.len() / 2].join(" "), kept)
        }
    }
}
