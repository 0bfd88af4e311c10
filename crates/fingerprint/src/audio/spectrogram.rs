//! The spectrum of a stretch of a recording, as a picture on the axes of its peaks.

use std::ops::Range;

use super::spectrum::{BINS, FRAME, Levels, SpectrumAnalyzer, TOGETHER};
use super::{HOP, SAMPLE_RATE_HZ};

/// Levels this far below the loudest are white, in units of log2 of power: 60 dB.
const DEPTH: f32 = 20.0;

/// Frames beyond which no recording goes on: eight centuries.
const MOST_FRAMES: f64 = 1e12;

/// Computes a spectrogram from PCM that arrives in blocks.
///
/// A column shows the loudest of its frames. Frames are timed as [`Peak::time`](super::Peak::time)
/// is, and rows are the log-frequency bins of [`Peak::bin`](super::Peak::bin), so peaks drawn over
/// the picture lie on its ridges. Memory is that of the picture.
pub struct Spectrogram {
    analyzer: SpectrumAnalyzer,
    /// Frames shown.
    frames: Range<u64>,
    columns: Vec<Option<Levels>>,
    pending: Vec<f32>,
    /// The first frame in `pending`.
    next: u64,
    /// Samples before the first frame shown that have yet to come.
    before: u64,
}

impl Spectrogram {
    /// Of the stretch from `start_s` to `end_s` seconds, at most `width` columns wide.
    pub fn new(start_s: f64, end_s: f64, width: usize) -> Self {
        let frame = |seconds: f64| {
            let frame = seconds.max(0.0) * f64::from(SAMPLE_RATE_HZ) / HOP as f64;
            frame.round().min(MOST_FRAMES) as u64
        };
        let start = frame(start_s);
        let frames = start..frame(end_s).max(start + 1);
        let shown = usize::try_from(frames.end - frames.start).unwrap_or(usize::MAX);
        Self {
            analyzer: SpectrumAnalyzer::new(),
            columns: vec![None; shown.min(width.max(1))],
            pending: Vec::new(),
            next: frames.start,
            before: frames.start.saturating_mul(HOP as u64),
            frames,
        }
    }

    /// Takes the next samples from the recording's start on: mono, 11,025 Hz.
    pub fn push(&mut self, samples: &[f32]) {
        let skipped = self.before.min(samples.len() as u64);
        self.before -= skipped;
        for chunk in samples[skipped as usize..].chunks(64 * HOP) {
            if self.next >= self.frames.end {
                return;
            }
            self.pending.extend_from_slice(chunk);
            self.drain();
        }
    }

    fn drain(&mut self) {
        let mut start = 0;
        while self.pending.len() - start >= FRAME + (TOGETHER - 1) * HOP {
            let frames: Vec<Option<Levels>> = self
                .analyzer
                .analyze(&self.pending[start..], TOGETHER)
                .collect();
            for levels in frames {
                self.add(levels.as_ref());
            }
            start += TOGETHER * HOP;
        }
        self.pending.drain(..start);
    }

    fn add(&mut self, levels: Option<&Levels>) {
        let frame = self.next;
        self.next += 1;
        let (Some(levels), true) = (levels, self.frames.contains(&frame)) else {
            return;
        };
        let width = self.columns.len() as u128;
        let shown = u128::from(self.frames.end - self.frames.start);
        let column = (u128::from(frame - self.frames.start) * width / shown) as usize;
        match &mut self.columns[column] {
            Some(loudest) => {
                for (loudest, level) in loudest.iter_mut().zip(levels) {
                    *loudest = loudest.max(*level);
                }
            }
            empty => *empty = Some(*levels),
        }
    }

    /// The picture: its width, and rows of that many bytes from the highest of [`BINS`] bins down.
    /// 0 is the loudest place, 255 silence or 60 dB less.
    pub fn finish(mut self) -> (usize, Vec<u8>) {
        // The last frames reach beyond the end of a recording, into silence.
        let (end, missing) = (
            self.pending.len(),
            self.frames.end.saturating_sub(self.next),
        );
        if end > 0 && missing > 0 {
            let room = FRAME + TOGETHER * HOP;
            self.pending.resize(end + room, 0.0);
            self.drain();
        }
        let loudest = self.columns.iter().flatten().flatten().copied();
        let loudest = loudest.fold(f32::NEG_INFINITY, f32::max);
        let shade = |level: f32| ((loudest - level) / DEPTH * 255.0).clamp(0.0, 255.0) as u8;
        let mut picture = Vec::with_capacity(self.columns.len() * BINS);
        for bin in (0..BINS).rev() {
            let column = |levels: &Option<Levels>| levels.map_or(255, |levels| shade(levels[bin]));
            picture.extend(self.columns.iter().map(column));
        }
        (self.columns.len(), picture)
    }
}

#[cfg(test)]
mod tests;
