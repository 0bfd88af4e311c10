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

/// A frame of the spectrogram.
pub(super) struct Frame {
    levels: Levels,
    /// The largest of the levels around each bin.
    highest: Levels,
}

impl Frame {
    pub(super) fn new(levels: &Levels) -> Self {
        let mut highest = *levels;
        for apart in 1..=REACH_BINS {
            raise(&mut highest[apart..], levels);
            raise(&mut highest, &levels[apart..]);
        }
        Self {
            levels: *levels,
            highest,
        }
    }
}

/// Takes the larger of two levels, place by place; no level is NaN.
fn raise(highest: &mut [f32], levels: &[f32]) {
    for (highest, &level) in highest.iter_mut().zip(levels) {
        // One instruction, where `f32::max` has several for what is none.
        *highest = if level > *highest { level } else { *highest };
    }
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
    pub(super) fn examine(&mut self, frame: u64, around: &[&Frame]) {
        let block = frame / BLOCK_FRAMES;
        if block != self.block {
            self.close_block();
            self.block = block;
        }
        let mut highest = [FAINTEST; BINS];
        for other in around {
            raise(&mut highest, &other.highest);
        }
        let middle = &around[REACH_FRAMES].levels;
        for (bin, (level, highest)) in middle.iter().zip(highest).enumerate() {
            // Few levels are the highest around; of these the closer look says which.
            if *level >= highest && is_peak(bin, around) {
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

/// Whether a level that is not below any around it is a peak.
fn is_peak(bin: usize, around: &[&Frame]) -> bool {
    let middle = &around[REACH_FRAMES].levels;
    let level = middle[bin];
    if bin == 0 || bin == BINS - 1 || level <= FAINTEST {
        return false;
    }
    let edges = [0, 2 * REACH_FRAMES].map(|frame| around[frame].levels[bin]);
    if level < edges[0].min(edges[1]) + RISE {
        return false;
    }
    // A plateau counts once: ties go to the earliest frame and the lowest bin.
    let before = &around[..REACH_FRAMES];
    before.iter().all(|frame| frame.highest[bin] < level)
        && middle[bin.saturating_sub(REACH_BINS)..bin]
            .iter()
            .all(|other| *other < level)
}

/// Places a maximum between frames and bins by a parabola through its neighbours.
fn refine(frame: u64, bin: usize, around: &[&Frame]) -> Candidate {
    let at = |frame: usize| &around[frame].levels;
    let middle = at(REACH_FRAMES);
    let (before, after) = (at(REACH_FRAMES - 1), at(REACH_FRAMES + 1));
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

#[cfg(test)]
mod tests;
