//! Recordings that nobody made, pieced together from music.

use std::path::Path;

use clearance_decode::{Limits, Source, decode_audio};
use clearance_fingerprint::audio::{
    AudioExtractor, AudioFingerprint, BIN_STEPS, BINS, HOP, Peak, SAMPLE_RATE_HZ, TIME_STEPS,
};
use rayon::prelude::*;

use crate::filling::{Random, files};

/// Pieces are moved by up to half an octave.
const FARTHEST_BINS: i32 = 18;

/// The fingerprints of all music under a folder.
pub(crate) fn fingerprints(folder: &Path) -> anyhow::Result<Vec<AudioFingerprint>> {
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

/// A recording's worth of bent pieces, `length_s` long on average.
pub(crate) fn pieced_together(
    sources: &[AudioFingerprint],
    length_s: f64,
    random: &mut Random,
) -> AudioFingerprint {
    let steps_per_s = f64::from(SAMPLE_RATE_HZ) / HOP as f64 * f64::from(TIME_STEPS);
    let length = length_s * (0.5 + random.share()) * steps_per_s;
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
