//! The low-pass filter behind the resampler, tabulated by phase.

use std::collections::BTreeMap;
use std::f64::consts::PI;
use std::sync::{Arc, Mutex, PoisonError};

/// Interleaved sums in the inner product; the number of taps is a multiple of it.
pub(super) const LANES: usize = 16;

/// Middle of the transition band, as a share of the lower of the two Nyquist frequencies. The
/// band is as wide as it can be without folding over: from 0.8 to 1.0.
const CUTOFF: f64 = 0.9;
/// Stop-band attenuation the window is designed for.
const ATTENUATION_DB: f64 = 65.0;
/// Phases beyond this many are rounded to the nearest: at 44.1 kHz, 11 ns off at most.
const PHASES_MAX: usize = 1024;
/// Coefficients in one table, so that extreme rates cost 2 MiB at most.
const COEFFICIENTS_MAX: usize = 1 << 19;
/// Tables kept for the next stream. Collections use a handful of rates; hostile ones get no more.
const TABLES_MAX: usize = 16;

/// Windowed-sinc coefficients for each position of an output between two inputs.
pub(super) struct Filter {
    taps: usize,
    phases: usize,
    /// `phases` rows of `taps` coefficients; each row sums to one.
    table: Vec<f32>,
}

/// The filter between two rates in Hz, from memory if it was used before.
pub(super) fn between(from_hz: u32, to_hz: u32) -> Arc<Filter> {
    static TABLES: Mutex<BTreeMap<(u32, u32), Arc<Filter>>> = Mutex::new(BTreeMap::new());
    // A panic elsewhere cannot leave the map half changed.
    let mut tables = TABLES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(filter) = tables.get(&(from_hz, to_hz)) {
        return Arc::clone(filter);
    }
    let filter = Arc::new(Filter::design(from_hz, to_hz));
    if tables.len() < TABLES_MAX {
        tables.insert((from_hz, to_hz), Arc::clone(&filter));
    }
    filter
}

impl Filter {
    pub(super) fn taps(&self) -> usize {
        self.taps
    }

    /// The coefficients for an output `phase / up` beyond an input sample, and how many whole
    /// samples rounding carried it on (0 or 1).
    pub(super) fn at(&self, phase: u32, up: u32) -> (usize, &[f32]) {
        let row = if self.phases == up as usize {
            phase as usize
        } else {
            let nearest = u64::from(phase) * self.phases as u64 + u64::from(up / 2);
            (nearest / u64::from(up)) as usize
        };
        let (carry, row) = if row == self.phases { (1, 0) } else { (0, row) };
        (carry, &self.table[row * self.taps..][..self.taps])
    }

    fn design(from_hz: u32, to_hz: u32) -> Self {
        let exact_phases = (to_hz / super::greatest_common_divisor(from_hz, to_hz)) as usize;
        // The lower Nyquist frequency as a share of the input's.
        let band = f64::from(from_hz.min(to_hz)) / f64::from(from_hz);
        let taps = taps_for(2.0 * (1.0 - CUTOFF) * band * PI);
        let phases = exact_phases
            .min(PHASES_MAX)
            .min((COEFFICIENTS_MAX / taps).max(1));
        let window = Kaiser::new(ATTENUATION_DB);
        let half = (taps / 2) as f64;
        let mut table = Vec::with_capacity(phases * taps);
        for phase in 0..phases {
            let fraction = phase as f64 / phases as f64;
            let row: Vec<f64> = (0..taps)
                .map(|tap| {
                    let distance = tap as f64 - (half - 1.0) - fraction;
                    sinc(CUTOFF * band * distance) * window.at(distance / half)
                })
                .collect();
            let sum: f64 = row.iter().sum();
            table.extend(row.iter().map(|coefficient| (coefficient / sum) as f32));
        }
        Self {
            taps,
            phases,
            table,
        }
    }
}

/// Kaiser's estimate of the filter length for a transition band of this many radians a sample
/// (Oppenheim and Schafer, *Discrete-Time Signal Processing*, section 7.5.3), rounded up.
fn taps_for(transition: f64) -> usize {
    let order = (ATTENUATION_DB - 8.0) / (2.285 * transition);
    (order as usize + 2).next_multiple_of(LANES)
}

/// Kaiser's window for a given attenuation (same section).
struct Kaiser {
    beta: f64,
    scale: f64,
}

impl Kaiser {
    /// Valid above 50 dB.
    fn new(attenuation_db: f64) -> Self {
        let beta = 0.1102 * (attenuation_db - 8.7);
        Self {
            beta,
            scale: 1.0 / bessel_i0(beta),
        }
    }

    /// The window at `position`, -1 to 1 from end to end.
    fn at(&self, position: f64) -> f64 {
        let inside = 1.0 - position * position;
        if inside <= 0.0 {
            0.0
        } else {
            bessel_i0(self.beta * inside.sqrt()) * self.scale
        }
    }
}

/// Modified Bessel function of the first kind, order zero, by its power series.
fn bessel_i0(x: f64) -> f64 {
    let quarter = x * x / 4.0;
    let (mut term, mut sum, mut k) = (1.0, 1.0, 1.0);
    while term > sum * 1e-17 {
        term *= quarter / (k * k);
        sum += term;
        k += 1.0;
    }
    sum
}

fn sinc(x: f64) -> f64 {
    if x == 0.0 {
        1.0
    } else {
        sine_of_half_turns(x) / (PI * x)
    }
}

/// `sin(pi * x)` from additions and multiplications alone, because the platform's `sin` may
/// differ in its last bit from another's.
fn sine_of_half_turns(x: f64) -> f64 {
    let turns = x.round();
    let angle = (x - turns) * PI;
    let square = angle * angle;
    // Taylor's series up to the 21st power: exact to the last bit for |angle| <= pi / 2.
    let (mut term, mut sum) = (angle, angle);
    for k in 1..=10 {
        let n = f64::from(2 * k);
        term *= -square / (n * (n + 1.0));
        sum += term;
    }
    if turns % 2.0 == 0.0 { sum } else { -sum }
}

#[cfg(test)]
mod tests;
