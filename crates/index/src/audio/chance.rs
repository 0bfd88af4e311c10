//! How much agreement chance gives, and what more than that is worth.

use clearance_fingerprint::audio::{BIN_STEPS, BINS, Peak, TIME_STEPS};

use super::agreement::{Agreement, each_agreement};
use super::nominate::Line;

/// Least chance rates assumed, close and loose: the shares of the time-frequency
/// plane within reach of a stored peak.
const LEAST_CHANCE: [f64; 2] = [0.003, 0.010];
/// Peaks that are tried at each wrong offset, at least, where the query has as many: those of half a
/// minute. More of a long recording are spread over it, and say the same at much more cost.
const ENOUGH_PEAKS: usize = 1024;
/// Share of the returned peaks that agree closely.
const RETURNED_CLOSE: f64 = 0.7;

/// What chance gives for a pair of recordings along a line.
pub(super) struct Chance {
    /// The rates of close and loose agreement at offsets that are wrong.
    pub(super) rates: [f64; 2],
    /// Recorded peaks around each bin, relative to the mean over the query's peaks:
    /// how much likelier than on average an agreement is there.
    pub(super) crowding: Vec<f64>,
}

impl Chance {
    /// What wrong offsets, `shifts` in hops, say of a pair of recordings.
    pub(super) fn new(query: &[Peak], reference: &[Peak], line: Line, shifts: &[i32]) -> Self {
        let mut counts = vec![0.0; BINS + 2];
        for peak in reference {
            counts[(usize::from(peak.bin / BIN_STEPS)).min(BINS - 1) + 1] += 1.0;
        }
        let mut crowding: Vec<f64> = counts
            .windows(3)
            .map(|window| 0.5 * window[0] + window[1] + 0.5 * window[2])
            .collect();
        let mut chance = Self {
            rates: chance_rates(query, reference, line, shifts),
            crowding: Vec::new(),
        };
        let at = |peak: &Peak| crowding[recorded_bin(*peak, line)];
        let mean = query.iter().map(at).sum::<f64>() / query.len().max(1) as f64;
        for value in &mut crowding {
            *value = (*value / mean.max(1e-9)).clamp(0.25, 6.0);
        }
        chance.crowding = crowding;
        chance
    }
}

/// The bin of the recording that a query peak falls into.
pub(super) fn recorded_bin(peak: Peak, line: Line) -> usize {
    let bin = (f64::from(peak.bin) - line.shift) / f64::from(BIN_STEPS);
    (bin.max(0.0) as usize).min(BINS - 1)
}

/// The rates of close and loose agreement at offsets that are wrong.
fn chance_rates(query: &[Peak], reference: &[Peak], line: Line, shifts: &[i32]) -> [f64; 2] {
    let every = (query.len() / ENOUGH_PEAKS).max(1);
    let (mut close, mut loose, mut all) = (0usize, 0usize, 0usize);
    for (number, &shift) in shifts.iter().enumerate() {
        let wrong = Line {
            offset: line.offset + f64::from(shift) * f64::from(TIME_STEPS),
            ..line
        };
        // Each offset is tried with other peaks.
        let some = query.iter().skip(number % every).step_by(every);
        each_agreement(some, reference, wrong, |agreement| {
            all += 1;
            close += usize::from(agreement == Agreement::Close);
            loose += usize::from(agreement == Agreement::Loose);
        });
    }
    let all = all.max(1) as f64;
    [
        (close as f64 / all).max(LEAST_CHANCE[0]),
        (loose as f64 / all).max(LEAST_CHANCE[1]),
    ]
}

/// What each kind of agreement adds to a span's score, in nats.
#[derive(Clone, Copy)]
pub(super) struct Weights {
    close: f64,
    loose: f64,
    none: f64,
}

impl Weights {
    /// For a copy that brings back the share `expected` of what chance leaves over.
    pub(super) fn new(rates: [f64; 2], crowding: f64, expected: f64) -> Self {
        let chance = [
            (rates[0] * crowding).clamp(LEAST_CHANCE[0], 0.45),
            (rates[1] * crowding).clamp(LEAST_CHANCE[1], 0.45),
        ];
        let left = 1.0 - chance[0] - chance[1];
        let close = chance[0] + expected * RETURNED_CLOSE * left;
        let loose = chance[1] + expected * (1.0 - RETURNED_CLOSE) * left;
        Self {
            close: (close / chance[0]).ln(),
            loose: (loose / chance[1]).ln(),
            none: ((1.0 - close - loose) / left).ln(),
        }
    }

    pub(super) fn of(&self, agreement: Agreement) -> f64 {
        match agreement {
            Agreement::Close => self.close,
            Agreement::Loose => self.loose,
            Agreement::None => self.none,
        }
    }
}
