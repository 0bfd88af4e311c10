//! Local maxima of the spectrogram, and the strongest of each second.

use super::spectrum::{BINS, Levels};
use super::{BIN_STEPS, Peak, QUERY_PEAKS_PER_S, TIME_STEPS};

/// A peak is the largest value within this many frames on either side (93 ms).
pub(super) const REACH_FRAMES: usize = 4;
/// ... and within this many bins on either side (1 semitone).
const REACH_BINS: usize = 3;
/// Frames in a block whose peaks are ranked together: 1 s.
const BLOCK_FRAMES: u64 = 43;
/// Levels fainter than this, in log2 of power below full scale (-72 dB), hold no peak.
const FAINTEST: f32 = -24.0;
/// A peak must rise at least this far (1.5 dB) above one of the two frames at the
/// edge of its reach: a steady tone has no moment of its own.
const RISE: f32 = 0.5;
/// Bins on either side whose mean level says how much a peak stands out.
const CONTRAST_BINS: usize = 12;

/// A local maximum before ranking.
#[derive(Clone, Copy)]
struct Candidate {
    time: u32,
    bin: u16,
    strength: f32,
}

/// Collects maxima frame by frame and keeps the strongest of each second.
#[derive(Default)]
pub(super) struct PeakSelection {
    block: u64,
    candidates: Vec<Candidate>,
    peaks: Vec<Peak>,
}

impl PeakSelection {
    /// Looks for maxima in the middle one of `2 * REACH_FRAMES + 1` frames.
    /// `frame` is the number of that middle frame.
    pub(super) fn examine(&mut self, frame: u64, around: &[&Levels]) {
        let block = frame / BLOCK_FRAMES;
        if block != self.block {
            self.close_block();
            self.block = block;
        }
        let middle = around[REACH_FRAMES];
        for (bin, &level) in middle.iter().enumerate().take(BINS - 1).skip(1) {
            if level > FAINTEST && is_peak(bin, around) {
                self.candidates.push(refine(frame, bin, around));
            }
        }
    }

    fn close_block(&mut self) {
        self.candidates.sort_by(|a, b| {
            b.strength
                .total_cmp(&a.strength)
                .then(a.time.cmp(&b.time))
                .then(a.bin.cmp(&b.bin))
        });
        let strongest = self.candidates.iter().zip(0..QUERY_PEAKS_PER_S);
        self.peaks.extend(strongest.map(|(candidate, rank)| Peak {
            time: candidate.time,
            bin: candidate.bin,
            rank,
        }));
        self.candidates.clear();
    }

    /// All selected peaks in order of time.
    pub(super) fn finish(mut self) -> Vec<Peak> {
        self.close_block();
        self.peaks.sort_unstable();
        self.peaks
    }
}

fn is_peak(bin: usize, around: &[&Levels]) -> bool {
    let middle = around[REACH_FRAMES];
    let level = middle[bin];
    if level <= middle[bin - 1] || level < middle[bin + 1] {
        return false;
    }
    let edge = around[0][bin].min(around[2 * REACH_FRAMES][bin]);
    if level < edge + RISE {
        return false;
    }
    let bins = bin.saturating_sub(REACH_BINS)..(bin + REACH_BINS + 1).min(BINS);
    around.iter().enumerate().all(|(index, levels)| {
        // A plateau counts once: ties go to the earliest frame and the lowest bin.
        bins.clone().all(|other| {
            let earlier = (index, other) < (REACH_FRAMES, bin);
            levels[other] < level || (levels[other] <= level && !earlier)
        })
    })
}

/// Places a maximum between frames and bins by a parabola through its neighbours.
fn refine(frame: u64, bin: usize, around: &[&Levels]) -> Candidate {
    let middle = around[REACH_FRAMES];
    let (before, after) = (around[REACH_FRAMES - 1], around[REACH_FRAMES + 1]);
    let time = frame as f64 + f64::from(vertex(before[bin], middle[bin], after[bin]));
    let place = bin as f32 + vertex(middle[bin - 1], middle[bin], middle[bin + 1]);
    let from = bin.saturating_sub(CONTRAST_BINS);
    let to = (bin + CONTRAST_BINS + 1).min(BINS);
    let surroundings = middle[from..to].iter().sum::<f32>() / (to - from) as f32;
    Candidate {
        time: (time * f64::from(TIME_STEPS)).round().max(0.0) as u32,
        bin: (place * f32::from(BIN_STEPS)).round() as u16,
        // Half loudness, half contrast: loudness alone leaves only the bass,
        // contrast alone picks ripples in near-silent bands.
        strength: middle[bin] - 0.5 * surroundings,
    }
}

/// Where a parabola through three values at -1, 0, 1 has its vertex, within ±0.5.
fn vertex(left: f32, center: f32, right: f32) -> f32 {
    let curvature = left - 2.0 * center + right;
    if curvature >= -1e-6 {
        return 0.0;
    }
    (0.5 * (left - right) / curvature).clamp(-0.5, 0.5)
}
