//! What `clearance` answers to the queries of the image bench.
//!
//! `image_answers REGISTRY QUERIES.csv...`: one JSON line for each query file, in the form
//! that `score_bench.py` reads, strongest match first and weak ones included; last a line
//! `{"cost": …}` with CPU milliseconds for each picture, by stage. One thread.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::Context;
use clearance_decode::{Limits, decode_image};
use clearance_fingerprint::image::{fingerprint, fingerprint_whole};
use clearance_index::calibrate::MAX_IMAGE_E_VALUE_PER_ITEM;
use clearance_index::{Match, Snapshot};

/// Answers weaker than this are left out.
const WEAKEST_E_VALUE: f64 = 10.0;

#[derive(Default)]
struct Cost {
    pictures: u32,
    decode: Duration,
    whole: Duration,
    fingerprint: Duration,
    search: Duration,
}

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [registry, queries @ ..] = arguments.as_slice() else {
        anyhow::bail!("usage: image_answers REGISTRY QUERIES.csv...");
    };
    let snapshot = Snapshot::open(Path::new(registry))?;
    let mut files: BTreeSet<PathBuf> = BTreeSet::new();
    let mut folder = PathBuf::new();
    for list in queries {
        Path::new(list)
            .parent()
            .unwrap_or(Path::new(""))
            .clone_into(&mut folder);
        let text = std::fs::read_to_string(list).context(list.clone())?;
        let names = text
            .lines()
            .skip(1)
            .filter_map(|line| line.split(',').next());
        files.extend(names.map(PathBuf::from));
    }
    let mut out = std::io::BufWriter::new(std::io::stdout());
    let mut cost = Cost::default();
    for file in files {
        let matches = answer(&snapshot, &folder.join(&file), &mut cost)?;
        let lines: Vec<serde_json::Value> =
            matches.iter().map(|found| line(&snapshot, found)).collect();
        let answer = serde_json::json!({"file": file, "matches": lines});
        writeln!(out, "{answer}")?;
    }
    let each = |time: Duration| time.as_secs_f64() * 1e3 / f64::from(cost.pictures.max(1));
    let points = cost.fingerprint.saturating_sub(cost.whole);
    let cost = serde_json::json!({"cost": {
        "decode_ms": each(cost.decode),
        "whole_ms": each(cost.whole),
        "points_ms": each(points),
        "match_ms": each(cost.search),
    }});
    writeln!(out, "{cost}")?;
    out.flush()?;
    Ok(())
}

fn answer(snapshot: &Snapshot, path: &Path, cost: &mut Cost) -> anyhow::Result<Vec<Match>> {
    let bytes = std::fs::read(path).with_context(|| path.display().to_string())?;
    let started = Instant::now();
    let Ok(picture) = decode_image(&bytes, &Limits::default()) else {
        return Ok(Vec::new());
    };
    cost.decode += started.elapsed();
    cost.pictures += 1;
    let (width, height) = (picture.width_px as usize, picture.height_px as usize);
    let started = Instant::now();
    std::hint::black_box(fingerprint_whole(&picture.luma, width, height));
    cost.whole += started.elapsed();
    let started = Instant::now();
    let Some(print) = fingerprint(&picture.luma, width, height) else {
        return Ok(Vec::new());
    };
    cost.fingerprint += started.elapsed();
    let started = Instant::now();
    let matches = snapshot.search_image_below(&print, WEAKEST_E_VALUE);
    cost.search += started.elapsed();
    Ok(matches)
}

fn line(snapshot: &Snapshot, found: &Match) -> serde_json::Value {
    let asset = snapshot.asset(found.asset);
    let transform = found.transform.unwrap_or_default();
    let evidence = &found.evidence;
    serde_json::json!({
        "work_id": asset.map(|asset| asset.work_id.as_str()),
        "score": -found.e_value_per_item.max(1e-300).log10(),
        "query_box": found.query_box,
        "work_box": found.work_box,
        "flip": transform.flip,
        "rotation_deg": transform.rotation_deg,
        "scale": transform.scale,
        "reported": found.e_value_per_item <= MAX_IMAGE_E_VALUE_PER_ITEM,
        "bits": evidence.distance_bits,
        "nats": evidence.points_nats,
        "aligned_points": evidence.aligned_points,
        "examined_points": evidence.examined_points,
        "aligned_areas": evidence.aligned_areas,
        "examined_areas": evidence.examined_areas,
        "areas_nats": evidence.areas_nats,
    })
}
