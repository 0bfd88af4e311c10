//! What `clearance` answers to the queries of the audio bench.
//!
//! `audio_answers REGISTRY QUERIES.csv [--decoys]`: one JSON line for each query file,
//! in the form that `score_bench.py` reads, strongest match first and weak ones included;
//! last a line `{"cost": …}` with CPU seconds for each hour of audio, by stage. With
//! `--decoys` the queries' decoys are searched for instead.
//! One thread, so that CPU time is wall time.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Context;
use clearance_decode::{Limits, Source, decode_audio};
use clearance_fingerprint::audio::AudioExtractor;
use clearance_index::calibrate::MAX_AUDIO_E_VALUE_PER_ITEM;
use clearance_index::{Match, Snapshot};

/// Answers weaker than this are left out: many would turn up by chance.
const WEAKEST_E_VALUE: f64 = 1e6;

#[derive(Default)]
struct Cost {
    seconds: f64,
    decode: Duration,
    fingerprint: Duration,
    search: Duration,
}

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (registry, queries, decoys) = match arguments.as_slice() {
        [registry, queries] => (registry, queries, false),
        [registry, queries, flag] if flag == "--decoys" => (registry, queries, true),
        _ => anyhow::bail!("usage: audio_answers REGISTRY QUERIES.csv [--decoys]"),
    };
    let snapshot = Snapshot::open(Path::new(registry))?;
    let folder = Path::new(queries).parent().unwrap_or(Path::new(""));
    let text = std::fs::read_to_string(queries).context(queries.clone())?;
    let files: BTreeSet<&str> = text
        .lines()
        .skip(1)
        .filter_map(|line| line.split(',').next())
        .collect();
    let mut out = std::io::BufWriter::new(std::io::stdout());
    let mut cost = Cost::default();
    for file in files {
        let matches = answer(&snapshot, &folder.join(file), decoys, &mut cost);
        let lines: Vec<serde_json::Value> =
            matches.iter().map(|found| line(&snapshot, found)).collect();
        writeln!(
            out,
            "{}",
            serde_json::json!({"file": file, "matches": lines})
        )?;
    }
    let per_hour = |time: Duration| time.as_secs_f64() * 3600.0 / cost.seconds.max(1.0);
    let cost = serde_json::json!({"cost": {
        "hours": cost.seconds / 3600.0,
        "decode": per_hour(cost.decode),
        "fingerprint": per_hour(cost.fingerprint),
        "match": per_hour(cost.search),
    }});
    writeln!(out, "{cost}")?;
    out.flush()?;
    Ok(())
}

fn answer(snapshot: &Snapshot, path: &Path, decoys: bool, cost: &mut Cost) -> Vec<Match> {
    let mut extractor = AudioExtractor::new();
    let mut fingerprinting = Duration::ZERO;
    let started = Instant::now();
    let source = Source::File(path.to_owned());
    let decoded = decode_audio(&source, &Limits::default(), &mut |samples| {
        let started = Instant::now();
        extractor.push(samples);
        fingerprinting += started.elapsed();
    });
    let Ok(decoded) = decoded else {
        return Vec::new();
    };
    cost.decode += started.elapsed().saturating_sub(fingerprinting);
    let started = Instant::now();
    let mut print = extractor.finish();
    cost.fingerprint += fingerprinting + started.elapsed();
    cost.seconds += decoded.duration_s;
    if decoys {
        print = print.decoy();
    }
    let started = Instant::now();
    std::hint::black_box(snapshot.search_audio(&print));
    cost.search += started.elapsed();
    // The weak answers, which no scan asks for, cost extra.
    snapshot.search_audio_below(&print, WEAKEST_E_VALUE)
}

fn line(snapshot: &Snapshot, found: &Match) -> serde_json::Value {
    let asset = snapshot.asset(found.asset);
    let (item, work) = (found.query_span, found.work_span);
    let transform = found.transform.unwrap_or_default();
    serde_json::json!({
        "work_id": asset.map(|asset| asset.work_id.as_str()),
        "score": -found.e_value_per_item.max(1e-300).log10(),
        "query_start": item.map(|span| span.start),
        "query_end": item.map(|span| span.end),
        "work_start": work.map(|span| span.start),
        "work_end": work.map(|span| span.end),
        "tempo": transform.tempo,
        "pitch_semitones": transform.pitch_semitones,
        "speed": transform.speed,
        "reported": found.e_value_per_item <= MAX_AUDIO_E_VALUE_PER_ITEM,
        "nats": found.evidence.alignment_nats,
        "aligned_peaks": found.evidence.aligned_peaks,
        "examined_peaks": found.evidence.examined_peaks,
        "equal_places": found.evidence.equal_places,
        "landmarks": found.evidence.landmarks,
    })
}
