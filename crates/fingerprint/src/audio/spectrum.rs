//! Log-frequency spectra from overlapping frames.

use std::f64::consts::PI;
use std::sync::Arc;

use rustfft::num_complex::Complex;
use rustfft::{Fft, FftPlannerScalar};

use super::lanes::{LANES, Lanes};
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

/// Frames transformed together.
pub(super) const TOGETHER: usize = 2 * LANES;

/// Turns frames into [`Levels`], [`TOGETHER`] at a time.
pub(super) struct SpectrumAnalyzer {
    fft: Arc<dyn Fft<Lanes>>,
    window: Vec<f32>,
    readings: Vec<Reading>,
    buffer: Vec<Complex<Lanes>>,
    scratch: Vec<Complex<Lanes>>,
    power: [Vec<Lanes>; 2],
}

impl SpectrumAnalyzer {
    pub(super) fn new() -> Self {
        let fft = FftPlannerScalar::new().plan_fft_forward(FRAME);
        let zero = Complex::default();
        let window = (0..FRAME)
            .map(|i| (0.5 - 0.5 * (2.0 * PI * i as f64 / FRAME as f64).cos()) as f32)
            .collect();
        Self {
            scratch: vec![zero; fft.get_inplace_scratch_len()],
            fft,
            window,
            readings: (0..BINS).map(reading).collect(),
            buffer: vec![zero; FRAME],
            power: [(); 2].map(|()| vec![Lanes::default(); FRAME / 2]),
        }
    }

    /// Levels of the frame at the start of `samples` and of those that follow it, a
    /// hop apart: `count` frames, up to [`TOGETHER`] and even. A silent frame gives `None`.
    /// `samples` holds at least `FRAME + (count - 1) * HOP` values.
    pub(super) fn analyze(
        &mut self,
        samples: &[f32],
        count: usize,
    ) -> impl Iterator<Item = Option<Levels>> + use<> {
        let silent = self.fill(samples, count);
        self.fft
            .process_with_scratch(&mut self.buffer, &mut self.scratch);
        self.separate();
        let [even, odd] = [0, 1].map(|half| self.levels(&self.power[half]));
        let frames = even.into_iter().zip(odd).flat_map(<[Levels; 2]>::from);
        frames
            .zip(silent)
            .map(|(levels, silent)| (!silent).then_some(levels))
            .take(count)
    }

    /// Puts windowed frames into the buffer, and says which of them are silent. Frames
    /// 2n and 2n + 1 ride in lane n, as the real and imaginary parts of one transform.
    fn fill(&mut self, samples: &[f32], count: usize) -> [bool; TOGETHER] {
        let frames: [&[f32]; TOGETHER] = std::array::from_fn(|frame| {
            let frame = frame.min(count - 1);
            &samples[frame * HOP..frame * HOP + FRAME]
        });
        let mut power = [Lanes::default(); 2];
        for (i, slot) in self.buffer.iter_mut().enumerate() {
            let window = Lanes::splat(self.window[i]);
            let [re, im] = [0, 1]
                .map(|half| Lanes::new(std::array::from_fn(|lane| frames[2 * lane + half][i])));
            power[0] += re * re;
            power[1] += im * im;
            *slot = Complex::new(re * window, im * window);
        }
        let power = power.map(Lanes::to_array);
        std::array::from_fn(|frame| power[frame % 2][frame / 2] < SILENCE_POWER * FRAME as f32)
    }

    /// The power spectra of the two real signals in each complex one.
    fn separate(&mut self) {
        let half = Lanes::splat(0.5);
        for line in 1..FRAME / 2 {
            let (a, b) = (self.buffer[line], self.buffer[FRAME - line]);
            let even = Complex::new((a.re + b.re) * half, (a.im - b.im) * half);
            let odd = Complex::new((a.im + b.im) * half, (b.re - a.re) * half);
            self.power[0][line] = even.re * even.re + even.im * even.im;
            self.power[1][line] = odd.re * odd.re + odd.im * odd.im;
        }
    }

    fn levels(&self, power: &[Lanes]) -> [Levels; LANES] {
        let mut levels = [[0f32; BINS]; LANES];
        for (bin, reading) in self.readings.iter().enumerate() {
            let value = match *reading {
                Reading::Between { line, weight } => {
                    power[line] * Lanes::splat(1.0 - weight)
                        + power[line + 1] * Lanes::splat(weight)
                }
                Reading::Strongest { from, to } => power[from..to]
                    .iter()
                    .copied()
                    .fold(Lanes::default(), Lanes::max),
            };
            let value = value / Lanes::splat(FULL_SCALE_POWER) + Lanes::splat(1e-12);
            for (levels, value) in levels.iter_mut().zip(log2(value).to_array()) {
                levels[bin] = value;
            }
        }
        levels
    }
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

/// Logarithms to base 2 of positive normal numbers, within 0.00002.
///
/// Made of IEEE basic operations only: the system's `log2` may round
/// differently from one platform to the next. The polynomial is the
/// least-squares fit to log2 on [1, 2) at Chebyshev nodes, degree 5.
fn log2(x: Lanes) -> Lanes {
    const FIT: [f32; 6] = [
        -2.794_153_7,
        5.069_756_3,
        -3.520_218_8,
        1.610_177_5,
        -0.409_475_6,
        0.043_928_63,
    ];
    let (exponent, mantissa) = x.split();
    let [first @ .., last] = FIT.map(Lanes::splat);
    let rest = first.into_iter().rev();
    exponent + rest.fold(last, |sum, c| sum * mantissa + c)
}

#[cfg(test)]
mod tests;
