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

use std::path::Path;
use std::time::Instant;

use clearance_decode::{Limits, Source, decode_audio};
use clearance_fingerprint::audio::{
    AudioExtractor, AudioFingerprint, BIN_STEPS, BINS, HOP, Peak, SAMPLE_RATE_HZ, TIME_STEPS,
};
use clearance_index::{FingerprintedWork, WorkPrint, register_fingerprints};
use clearance_rights::Work;
use filling::{Random, cpu_s, files, peak_memory_mib, undated};
use rayon::prelude::*;

/// Mean length of a recording, in seconds; lengths vary by half of it.
const LENGTH_S: f64 = 180.0;
/// Pieces are moved by up to half an octave.
const FARTHEST_BINS: i32 = 18;
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
        let print = pieced_together(&sources, &mut Random(seed << 32 ^ number));
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

fn fingerprints(folder: &Path) -> anyhow::Result<Vec<AudioFingerprint>> {
    let files = files(folder)?;
    let prints = files.par_iter().filter_map(|path| {
        let mut extractor = AudioExtractor::new();
        let source = Source::File(path.clone());
        decode_audio(&source, &Limits::default(), &mut |block| {
            extractor.push(block);
        })
        .ok()?;
        let print = extractor.finish();
        (print.duration_s() > 20.0 && print.peaks.len() > 200).then_some(print)
    });
    Ok(prints.collect())
}

/// A recording's worth of bent pieces.
fn pieced_together(sources: &[AudioFingerprint], random: &mut Random) -> AudioFingerprint {
    let steps_per_s = f64::from(SAMPLE_RATE_HZ) / HOP as f64 * f64::from(TIME_STEPS);
    let length = LENGTH_S * (0.5 + random.share()) * steps_per_s;
    let tracks = [(); 2].map(|()| &sources[random.below(sources.len() as u64) as usize]);
    let mut print = AudioFingerprint::default();
    let mut at = 0.0;
    let mut piece: Vec<(f64, i32, u8)> = Vec::new();
    let mut piece_length = 0.0;
    while at < length {
        if piece.is_empty() || random.share() > 0.35 {
            piece_length = (2.0 + 4.0 * random.share()) * steps_per_s;
            piece = bent_piece(tracks[random.below(2) as usize], piece_length, random);
        }
        print
            .peaks
            .extend(piece.iter().map(|&(time, bin, rank)| Peak {
                time: (at + time) as u32,
                bin: bin as u16,
                rank,
            }));
        at += piece_length;
    }
    print.peaks.sort_unstable();
    print.samples = (at / steps_per_s * f64::from(SAMPLE_RATE_HZ)) as u64;
    print
}

/// `length` time steps of a track from a random place, at another pitch and tempo:
/// times from the piece's start, frequencies, ranks.
fn bent_piece(track: &AudioFingerprint, length: f64, random: &mut Random) -> Vec<(f64, i32, u8)> {
    let tempo = 0.85 + 0.3 * random.share();
    let shift = (random.share() * 2.0 - 1.0) * f64::from(FARTHEST_BINS * i32::from(BIN_STEPS));
    let last = track.peaks.last().map_or(0, |peak| peak.time);
    let from = random.share() * (f64::from(last) - length * tempo).max(0.0);
    let highest = BINS as i32 * i32::from(BIN_STEPS);
    let after = track
        .peaks
        .partition_point(|peak| f64::from(peak.time) < from);
    track.peaks[after..]
        .iter()
        .take_while(|peak| f64::from(peak.time) < from + length * tempo)
        .map(|peak| {
            let jitter = random.below(5) as i32 - 2;
            let time = (f64::from(peak.time) - from) / tempo;
            (time, i32::from(peak.bin) + shift as i32 + jitter, peak.rank)
        })
        .filter(|(_, bin, _)| (0..highest).contains(bin))
        .collect()
}
