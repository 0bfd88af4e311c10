//! Log-frequency spectra from overlapping frames.

use std::f64::consts::PI;
use std::sync::Arc;

use rustfft::num_complex::Complex32;
use rustfft::{Fft, FftPlannerScalar};

use super::{HOP, SAMPLE_RATE_HZ};

/// Samples in a frame: 186 ms, which separates semitones from 130 Hz up.
pub(super) const FRAME: usize = 2048;
/// Log-frequency bins, up to 5.0 kHz.
pub const BINS: usize = 190;
const BINS_PER_OCTAVE: f64 = 36.0;
const LOWEST_HZ: f64 = 130.0;

/// One frame's levels, in units of log2 of power: 1.0 is 3.01 dB.
pub(super) type Levels = [f32; BINS];

/// Level of a full-scale sine, in the units of [`Levels`]; everything is relative to it.
const FULL_SCALE_POWER: f32 = (FRAME as f32 / 4.0) * (FRAME as f32 / 4.0);
/// Frames with less mean power than this (-66 dB below full scale) count as silence.
const SILENCE_POWER: f32 = 2.5e-7;

/// How one log-frequency bin is read off the linear spectrum.
enum Reading {
    /// Between two lines of the spectrum (low frequencies, where lines are sparse).
    Between { line: usize, weight: f32 },
    /// The strongest of several lines.
    Strongest { from: usize, to: usize },
}

/// Turns frames into [`Levels`], two at a time.
pub(super) struct SpectrumAnalyzer {
    fft: Arc<dyn Fft<f32>>,
    window: Vec<f32>,
    readings: Vec<Reading>,
    buffer: Vec<Complex32>,
    scratch: Vec<Complex32>,
}

impl SpectrumAnalyzer {
    pub(super) fn new() -> Self {
        // The scalar planner: the vector ones round differently from machine to machine.
        let fft = FftPlannerScalar::new().plan_fft_forward(FRAME);
        let scratch = vec![Complex32::default(); fft.get_inplace_scratch_len()];
        let window = (0..FRAME)
            .map(|i| (0.5 - 0.5 * (2.0 * PI * i as f64 / FRAME as f64).cos()) as f32)
            .collect();
        Self {
            fft,
            window,
            readings: (0..BINS).map(reading).collect(),
            buffer: vec![Complex32::default(); FRAME],
            scratch,
        }
    }

    /// Levels of the frames at the start of `samples` and one hop later.
    /// `samples` holds `FRAME + HOP` values. A silent frame gives `None`.
    pub(super) fn analyze_pair(&mut self, samples: &[f32]) -> [Option<Levels>; 2] {
        // Two real frames ride in one complex transform, as its real and imaginary parts.
        for (i, slot) in self.buffer.iter_mut().enumerate() {
            *slot = Complex32::new(
                samples[i] * self.window[i],
                samples[i + HOP] * self.window[i],
            );
        }
        self.fft
            .process_with_scratch(&mut self.buffer, &mut self.scratch);
        let mut first = [0f32; FRAME / 2];
        let mut second = [0f32; FRAME / 2];
        for line in 1..FRAME / 2 {
            let (a, b) = (self.buffer[line], self.buffer[FRAME - line]);
            let even = Complex32::new(a.re + b.re, a.im - b.im) * 0.5;
            let odd = Complex32::new(a.im + b.im, b.re - a.re) * 0.5;
            first[line] = even.norm_sqr();
            second[line] = odd.norm_sqr();
        }
        [
            (!is_silent(&samples[..FRAME])).then(|| self.levels(&first)),
            (!is_silent(&samples[HOP..HOP + FRAME])).then(|| self.levels(&second)),
        ]
    }

    fn levels(&self, power: &[f32]) -> Levels {
        let mut levels = [0f32; BINS];
        for (level, reading) in levels.iter_mut().zip(&self.readings) {
            let value = match *reading {
                Reading::Between { line, weight } => {
                    power[line] * (1.0 - weight) + power[line + 1] * weight
                }
                Reading::Strongest { from, to } => {
                    power[from..to].iter().copied().fold(0.0, f32::max)
                }
            };
            *level = log2(value / FULL_SCALE_POWER + 1e-12);
        }
        levels
    }
}

fn is_silent(frame: &[f32]) -> bool {
    let power: f32 = frame.iter().map(|x| x * x).sum();
    power < SILENCE_POWER * FRAME as f32
}

fn reading(bin: usize) -> Reading {
    let lines_per_hz = FRAME as f64 / f64::from(SAMPLE_RATE_HZ);
    let position = |bin: f64| LOWEST_HZ * (bin / BINS_PER_OCTAVE).exp2() * lines_per_hz;
    let (low, high) = (position(bin as f64 - 0.5), position(bin as f64 + 0.5));
    let (from, to) = (low.ceil() as usize, high.ceil() as usize);
    if to >= from + 2 {
        Reading::Strongest { from, to }
    } else {
        let center = position(bin as f64);
        Reading::Between {
            line: center as usize,
            weight: center.fract() as f32,
        }
    }
}

/// Logarithm to base 2 of a positive normal number, within 0.00002.
///
/// Made of IEEE basic operations only: the system's `log2` may round
/// differently from one platform to the next. The polynomial is the
/// least-squares fit to log2 on [1, 2) at Chebyshev nodes, degree 5.
fn log2(x: f32) -> f32 {
    const FIT: [f32; 6] = [
        -2.794_153_7,
        5.069_756_3,
        -3.520_218_8,
        1.610_177_5,
        -0.409_475_6,
        0.043_928_63,
    ];
    let bits = x.to_bits();
    let exponent = ((bits >> 23) as i32 - 127) as f32;
    let mantissa = f32::from_bits((bits & 0x007f_ffff) | 0x3f80_0000);
    let fraction = FIT.iter().rev().fold(0.0, |sum, c| sum * mantissa + c);
    exponent + fraction
}

#[cfg(test)]
mod tests;
