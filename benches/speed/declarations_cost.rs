//! What it costs to read what files say about themselves, beside decoding them.
//!
//! `declarations_cost FILE-OR-FOLDER… [--repeat N]`: for each format, files, bytes, the time of
//! decoding them once and of reading their declarations once (the fastest of N runs over each
//! file, 5 by default), their ratio in percent, and how many declare anything; a JSON line each.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::Context;
use clearance_decode::{
    Depth, Limits, Media, Source, decode_audio, decode_image, decode_text, read_metadata,
    read_source, sniff,
};
use clearance_index::embedded;

#[derive(Default)]
struct Tally {
    files: u64,
    bytes: u64,
    declaring: u64,
    decoding: Duration,
    reading: Duration,
    /// The greatest ratio of one file, in percent, of those that declare nothing.
    worst: f64,
}

fn main() -> anyhow::Result<()> {
    let mut repeat = 5;
    let mut paths = Vec::new();
    let mut arguments = std::env::args_os().skip(1);
    while let Some(argument) = arguments.next() {
        if argument == "--repeat" {
            let number = arguments.next().context("--repeat N")?;
            repeat = number.to_string_lossy().parse().context("--repeat N")?;
        } else {
            files(Path::new(&argument), &mut paths)?;
        }
    }
    anyhow::ensure!(
        !paths.is_empty(),
        "usage: declarations_cost FILE-OR-FOLDER…"
    );
    paths.sort();
    let mut tallies: BTreeMap<&'static str, Tally> = BTreeMap::new();
    for path in paths {
        measure(&path, repeat, &mut tallies);
    }
    let mut lines = String::new();
    for (format, tally) in tallies {
        let line = serde_json::json!({
            "format": format,
            "files": tally.files,
            "bytes": tally.bytes,
            "declaring": tally.declaring,
            "decode_ms": tally.decoding.as_secs_f64() * 1e3,
            "declarations_ms": tally.reading.as_secs_f64() * 1e3,
            "percent": percent(tally.reading, tally.decoding),
            "worst_file_percent": tally.worst,
        });
        lines += &line.to_string();
        lines.push('\n');
    }
    std::io::Write::write_all(&mut std::io::stdout(), lines.as_bytes())?;
    Ok(())
}

fn percent(part: Duration, whole: Duration) -> f64 {
    100.0 * part.as_secs_f64() / whole.as_secs_f64().max(1e-9)
}

fn files(path: &Path, found: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    if path.is_dir() {
        for entry in std::fs::read_dir(path)? {
            files(&entry?.path(), found)?;
        }
    } else {
        found.push(path.to_owned());
    }
    Ok(())
}

fn measure(path: &Path, repeat: usize, tallies: &mut BTreeMap<&'static str, Tally>) {
    let limits = Limits::default();
    let Ok(bytes) = read_source(&Source::File(path.to_owned()), &limits) else {
        return;
    };
    let name = path.to_string_lossy();
    let Some(format) = sniff(&bytes, Some(&name)) else {
        return;
    };
    let decode = || match format.media() {
        Media::Audio => {
            let source = Source::Bytes(bytes.clone());
            decode_audio(&source, &limits, &mut |_| {}).is_ok()
        }
        Media::Image => decode_image(&bytes, &limits).is_ok(),
        Media::Text => decode_text(&bytes, format, &limits).is_ok(),
    };
    let (decoding, is_decoded) = fastest(repeat, decode);
    if !is_decoded {
        return;
    }
    let (reading, is_empty) = fastest(repeat, || {
        read_metadata(&bytes, format, Depth::Declarations, None).is_empty()
    });
    let found = embedded(&bytes, Some(&name), Depth::Declarations, None);
    let declares = !is_empty && !found.declarations.is_empty();
    let tally = tallies.entry(format.as_str()).or_default();
    tally.files += 1;
    tally.bytes += bytes.len() as u64;
    tally.declaring += u64::from(declares);
    tally.decoding += decoding;
    tally.reading += reading;
    if !declares {
        tally.worst = tally.worst.max(percent(reading, decoding));
    }
}

/// The shortest of some runs, and what the last one gave.
fn fastest(repeat: usize, work: impl Fn() -> bool) -> (Duration, bool) {
    let mut shortest = Duration::MAX;
    let mut outcome = false;
    for _ in 0..repeat.max(1) {
        let start = Instant::now();
        outcome = work();
        shortest = shortest.min(start.elapsed());
    }
    (shortest, outcome)
}
