//! Fills a registry with recordings that nobody made, to see what size does.
//!
//! `audio_fill SOURCES REGISTRY WORKS [SEED]`: fingerprints the music under the
//! folder SOURCES and registers WORKS recordings pieced together from it. Prints one
//! JSON line: hours of sound, CPU and wall seconds, peak memory.
//!
//! A recording takes its pieces, 2 to 6 s long, from one or two tracks, each at
//! another pitch and tempo, and repeats about a third of them, as music does. So
//! chords, beats and the crowding of landmarks are those of music, while no piece is
//! one that a query could hold: queries must come from other music than SOURCES.

mod filling;
mod recordings;

use std::path::Path;
use std::time::Instant;

use clearance_index::{FingerprintedWork, WorkPrint, register_fingerprints};
use clearance_rights::Work;
use filling::{Random, cpu_s, peak_memory_mib, undated};
use recordings::{fingerprints, pieced_together};

/// Mean length of a recording, in seconds; lengths vary by half of it.
const LENGTH_S: f64 = 180.0;
/// One segment, whatever its size: merging segments is not what this measures.
const SEGMENT_BYTES: usize = usize::MAX / 4;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (sources, registry, works, seed) = match arguments.as_slice() {
        [sources, registry, works] => (sources, registry, works, "1"),
        [sources, registry, works, seed] => (sources, registry, works, seed.as_str()),
        _ => anyhow::bail!("usage: audio_fill SOURCES REGISTRY WORKS [SEED]"),
    };
    let (works, seed): (u64, u64) = (works.parse()?, seed.parse()?);
    let sources = fingerprints(Path::new(sources))?;
    anyhow::ensure!(!sources.is_empty(), "no music to take pieces from");
    let started = (Instant::now(), cpu_s()?);
    let mut seconds = 0.0;
    let recordings = (0..works).map(|number| {
        let print = pieced_together(&sources, LENGTH_S, &mut Random(seed << 32 ^ number));
        seconds += print.duration_s();
        FingerprintedWork {
            work: Work::new(format!("filler-{number}")),
            print: WorkPrint::Audio(print),
        }
    });
    register_fingerprints(recordings, Path::new(registry), SEGMENT_BYTES, &undated())?;
    let line = serde_json::json!({
        "works": works,
        "hours": seconds / 3600.0,
        "cpu_s": cpu_s()? - started.1,
        "wall_s": started.0.elapsed().as_secs_f64(),
        "peak_memory_mib": peak_memory_mib()?,
    });
    std::io::Write::write_all(&mut std::io::stdout(), format!("{line}\n").as_bytes())?;
    Ok(())
}
