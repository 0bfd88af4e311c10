//! Streaming sample rate conversion.
//!
//! A polyphase FIR (Crochiere and Rabiner, *Multirate Digital Signal Processing*, 1983, section
//! 3.3) around a Kaiser-windowed sinc. Every sum is `f32` in one fixed order and each output
//! depends only on the input around its instant, so results are the same bits whatever the block
//! sizes, threads or machine.

mod filter;

use std::sync::Arc;

use self::filter::{Filter, LANES};

/// Input kept behind the reading position before the buffer is moved up, in samples.
const COMPACT_AFTER: usize = 1 << 14;

/// Converts one mono stream from one sample rate to another.
///
/// The k-th output is the band-limited input at instant `k * from_hz / to_hz` in input samples;
/// there is no delay, and beyond its ends the input counts as silence.
pub(crate) struct Resampler {
    /// Output steps per input step, reduced: `up / down = to_hz / from_hz`.
    up: u32,
    down: u32,
    /// `None` when both rates are the same.
    filter: Option<Arc<Filter>>,
    /// Input not yet behind every window, with half a window of silence before the first sample.
    pending: Vec<f32>,
    /// Where in `pending` the window of the next output starts.
    start: usize,
    /// How far the next output lies beyond an input sample, in units of `1 / up`.
    phase: u32,
    pushed: u64,
    produced: u64,
}

impl Resampler {
    /// A converter between two rates in Hz, both at least 1.
    pub(crate) fn new(from_hz: u32, to_hz: u32) -> Self {
        let divisor = greatest_common_divisor(from_hz, to_hz);
        let filter = (from_hz != to_hz).then(|| filter::between(from_hz, to_hz));
        let silence = filter.as_ref().map_or(0, |it| it.taps() / 2 - 1);
        Self {
            up: to_hz / divisor,
            down: from_hz / divisor,
            filter,
            pending: vec![0.0; silence],
            start: 0,
            phase: 0,
            pushed: 0,
            produced: 0,
        }
    }

    /// Takes input and appends what can be computed so far to `output`.
    pub(crate) fn push(&mut self, input: &[f32], output: &mut Vec<f32>) {
        self.pushed += input.len() as u64;
        if self.filter.is_none() {
            output.extend_from_slice(input);
            return;
        }
        self.pending.extend_from_slice(input);
        self.produce(u64::MAX, output);
    }

    /// Ends the stream: appends what was waiting for input that will not come. In all,
    /// `ceil(pushed * to_hz / from_hz)` samples have been produced then.
    pub(crate) fn finish(mut self, output: &mut Vec<f32>) {
        let Some(filter) = &self.filter else { return };
        let silence = filter.taps() + 1;
        self.pending.resize(self.pending.len() + silence, 0.0);
        let total = (self.pushed * u64::from(self.up)).div_ceil(u64::from(self.down));
        self.produce(total, output);
    }

    fn produce(&mut self, most: u64, output: &mut Vec<f32>) {
        let Some(filter) = &self.filter else { return };
        while self.produced < most {
            let (carry, coefficients) = filter.at(self.phase, self.up);
            let first = self.start + carry;
            let Some(window) = self.pending.get(first..first + coefficients.len()) else {
                break;
            };
            output.push(dot(window, coefficients));
            self.produced += 1;
            let next = self.phase + self.down;
            self.start += (next / self.up) as usize;
            self.phase = next % self.up;
        }
        if self.start >= COMPACT_AFTER {
            let behind = self.start.min(self.pending.len());
            self.pending.drain(..behind);
            self.start -= behind;
        }
    }
}

/// The inner product, summed in `LANES` interleaved sums that are then added pairwise: an order
/// that is both fixed and fit for vector units.
fn dot(window: &[f32], coefficients: &[f32]) -> f32 {
    let mut sums = [0.0_f32; LANES];
    let (window, _) = window.as_chunks::<LANES>();
    let (coefficients, _) = coefficients.as_chunks::<LANES>();
    for (samples, weights) in window.iter().zip(coefficients) {
        for ((sum, sample), weight) in sums.iter_mut().zip(samples).zip(weights) {
            *sum += sample * weight;
        }
    }
    sum_of(&sums)
}

/// The sum of all lanes, by halves. Not inlined: otherwise the shape of this tree makes the
/// compiler narrow the loop above to half the width of a vector register.
#[inline(never)]
fn sum_of(lanes: &[f32; LANES]) -> f32 {
    let mut sums = *lanes;
    let mut width = LANES / 2;
    while width > 0 {
        let (low, high) = sums.split_at_mut(width);
        for (sum, other) in low.iter_mut().zip(high) {
            *sum += *other;
        }
        width /= 2;
    }
    sums[0]
}

fn greatest_common_divisor(mut a: u32, mut b: u32) -> u32 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests;
