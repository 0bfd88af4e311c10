//! PCM in blocks of any size to an [`AudioFingerprint`].

use std::collections::VecDeque;

use super::selection::{Frame, PeakSelection, REACH_FRAMES};
use super::spectrum::{BINS, FRAME, Levels, SpectrumAnalyzer, TOGETHER};
use super::{AudioFingerprint, HOP};

/// What stands in for a silent frame: fainter than any peak.
const SILENT: Levels = [-64.0; BINS];

/// Computes a fingerprint from PCM that arrives in blocks.
///
/// Memory is a few frames plus 8 bytes for each peak, whatever the length of
/// the recording. How the samples are cut into blocks makes no difference.
///
/// ```
/// use clearance_fingerprint::audio::AudioExtractor;
///
/// let mut extractor = AudioExtractor::new();
/// extractor.push(&[0.0; 11_025]);
/// let fingerprint = extractor.finish();
/// assert_eq!(fingerprint.duration_s(), 1.0);
/// assert!(fingerprint.peaks.is_empty()); // silence has no peaks
/// ```
pub struct AudioExtractor {
    analyzer: SpectrumAnalyzer,
    selection: PeakSelection,
    pending: Vec<f32>,
    /// The last frames, oldest first.
    recent: VecDeque<Frame>,
    frames: u64,
    samples: u64,
}

impl Default for AudioExtractor {
    fn default() -> Self {
        Self::new()
    }
}

impl AudioExtractor {
    /// An extractor at the start of a recording.
    pub fn new() -> Self {
        Self {
            analyzer: SpectrumAnalyzer::new(),
            selection: PeakSelection::default(),
            pending: Vec::with_capacity(FRAME + 64 * HOP),
            // Silence before the start lets the first frames hold peaks too.
            recent: (0..REACH_FRAMES).map(|_| Frame::new(&SILENT)).collect(),
            frames: 0,
            samples: 0,
        }
    }

    /// Takes the next samples: mono, 11,025 Hz, full scale ±1.
    pub fn push(&mut self, samples: &[f32]) {
        self.samples += samples.len() as u64;
        for chunk in samples.chunks(64 * HOP) {
            self.pending.extend_from_slice(chunk);
            self.drain();
        }
    }

    fn drain(&mut self) {
        let mut start = 0;
        while self.pending.len() - start >= FRAME + (TOGETHER - 1) * HOP {
            self.analyze(start, TOGETHER);
            start += TOGETHER * HOP;
        }
        self.pending.drain(..start);
    }

    fn analyze(&mut self, start: usize, count: usize) {
        let frames = self.analyzer.analyze(&self.pending[start..], count);
        for levels in frames {
            self.advance(levels.as_ref().unwrap_or(&SILENT));
        }
    }

    /// Adds a frame and examines the one that now has its full surroundings.
    fn advance(&mut self, levels: &Levels) {
        self.recent.push_back(Frame::new(levels));
        if self.recent.len() > 2 * REACH_FRAMES {
            let around: Vec<&Frame> = self.recent.iter().collect();
            self.selection
                .examine(self.frames - REACH_FRAMES as u64, &around);
            self.recent.pop_front();
        }
        self.frames += 1;
    }

    /// The fingerprint of everything pushed.
    pub fn finish(mut self) -> AudioFingerprint {
        let samples = self.samples;
        if samples > 0 {
            // Zeros complete the last frames, and silence after them their surroundings.
            self.pending.resize(self.pending.len() + FRAME, 0.0);
            self.drain();
            // Frames go in pairs; what does not fill one is the silence just added.
            let left = self.pending.len().saturating_sub(FRAME - HOP) / (2 * HOP) * 2;
            if left > 0 {
                self.analyze(0, left);
            }
            for _ in 0..REACH_FRAMES {
                self.advance(&SILENT);
            }
        }
        AudioFingerprint {
            peaks: self.selection.finish(),
            samples,
        }
    }
}
