//! From a nominated line to the exact one, by the peaks along it.

use clearance_fingerprint::audio::{BIN_STEPS, Peak, TIME_STEPS};

use super::nominate::Line;

/// Rounds of fitting: how far in hops and bins a pair of peaks may be from the line.
const ROUNDS: [(f64, f64); 3] = [(10.0, 1.6), (4.0, 1.1), (1.6, 0.9)];
/// A fit needs this many pairs ...
const MIN_PAIRS: usize = 6;
/// ... spread over this many hops before the slope is believed.
const MIN_SPREAD_HOPS: f64 = 60.0;
/// Slopes nearer to 1 than this, and shifts smaller than the next, are tried as
/// none at all: most copies are not bent.
const NEAR_ONE: f64 = 0.006;
/// Bins.
const NEAR_ZERO: f64 = 0.6;

/// A query peak near a recorded one.
#[derive(Clone, Copy)]
struct Pair {
    query: f64,
    recorded: f64,
    shift: f64,
}

impl Line {
    /// The line that the peaks of `query` in a stretch of time agree on best.
    pub(super) fn refined(self, query: &[Peak], recorded: &[Peak], times: (f64, f64)) -> Self {
        let query = between(query, times);
        let mut line = self;
        for (hops, bins) in ROUNDS {
            line = line.round(query, recorded, hops, bins);
        }
        line.straightened(query, recorded)
    }

    fn round(self, query: &[Peak], recorded: &[Peak], hops: f64, bins: f64) -> Self {
        let mut pairs = self.pairs(query, recorded, hops, bins);
        let width = (hops / 2.0).min(1.6) * f64::from(TIME_STEPS);
        let offset = fullest(&pairs, width, |pair| pair.recorded - self.at(pair.query));
        pairs.retain(|pair| (pair.recorded - self.at(pair.query) - offset).abs() <= width);
        let width = (bins / 2.0).max(0.5) * f64::from(BIN_STEPS);
        let shift = fullest(&pairs, width, |pair| pair.shift - self.shift);
        pairs.retain(|pair| (pair.shift - self.shift - shift).abs() <= width);
        if pairs.len() < MIN_PAIRS {
            return Self {
                offset: self.offset + offset,
                ..self
            };
        }
        fit(&pairs, self.slope)
    }

    /// The unbent line instead, when nearly as many peaks agree with it.
    fn straightened(self, query: &[Peak], recorded: &[Peak]) -> Self {
        if (self.slope - 1.0).abs() > NEAR_ONE {
            return self;
        }
        let middle = query
            .first()
            .zip(query.last())
            .map_or(0.0, |(a, b)| f64::midpoint(a.time.into(), b.time.into()));
        let mut straight = Self {
            slope: 1.0,
            offset: self.at(middle) - middle,
            shift: self.shift,
        };
        if self.shift.abs() <= NEAR_ZERO * f64::from(BIN_STEPS) {
            straight.shift = 0.0;
        }
        let pairs = straight.pairs(query, recorded, 3.0, 0.9);
        straight.offset += fullest(&pairs, 1.2 * f64::from(TIME_STEPS), |pair| {
            pair.recorded - straight.at(pair.query)
        });
        let count = |line: Self| line.pairs(query, recorded, 1.0, 0.6).len();
        if count(straight) * 20 >= count(self) * 19 {
            straight
        } else {
            self
        }
    }

    /// Peaks of the query with recorded ones this near to the line, in hops and bins.
    fn pairs(self, query: &[Peak], recorded: &[Peak], hops: f64, bins: f64) -> Vec<Pair> {
        let (hops, bins) = (hops * f64::from(TIME_STEPS), bins * f64::from(BIN_STEPS));
        let mut pairs = Vec::with_capacity(query.len());
        let mut recorded = self.ahead(query.first(), recorded, hops);
        for peak in query {
            let time = self.at(peak.time.into());
            while let [first, rest @ ..] = recorded
                && f64::from(first.time) < time - hops
            {
                recorded = rest;
            }
            for other in recorded {
                if f64::from(other.time) > time + hops {
                    break;
                }
                let shift = f64::from(peak.bin) - f64::from(other.bin);
                if (shift - self.shift).abs() <= bins {
                    pairs.push(Pair {
                        query: peak.time.into(),
                        recorded: other.time.into(),
                        shift,
                    });
                }
            }
        }
        pairs
    }

    /// The recorded peaks from `before` time steps ahead of the query's `first` one.
    pub(super) fn ahead<'a>(
        &self,
        first: Option<&Peak>,
        recorded: &'a [Peak],
        before: f64,
    ) -> &'a [Peak] {
        let time = first.map_or(0.0, |peak| self.at(peak.time.into())) - before;
        &recorded[recorded.partition_point(|peak| f64::from(peak.time) < time)..]
    }
}

/// The peaks of a stretch of time.
pub(super) fn between(peaks: &[Peak], times: (f64, f64)) -> &[Peak] {
    let from = peaks.partition_point(|peak| f64::from(peak.time) < times.0);
    let to = peaks.partition_point(|peak| f64::from(peak.time) <= times.1);
    peaks.get(from..to).unwrap_or(&[])
}

/// The middle of the fullest window of `2 * width` over a value of the pairs.
fn fullest(pairs: &[Pair], width: f64, value: impl Fn(&Pair) -> f64) -> f64 {
    let mut values: Vec<f64> = pairs.iter().map(value).collect();
    values.sort_unstable_by(f64::total_cmp);
    let mut best: &[f64] = &[];
    let mut end = 0;
    for start in 0..values.len() {
        while end < values.len() && values[end] - values[start] <= 2.0 * width {
            end += 1;
        }
        if end - start > best.len() {
            best = &values[start..end];
        }
    }
    best.get(best.len() / 2).copied().unwrap_or(0.0)
}

/// Least squares through pairs; the slope is kept where they are too close together.
fn fit(pairs: &[Pair], slope: f64) -> Line {
    let count = pairs.len() as f64;
    let mean = |value: fn(&Pair) -> f64| pairs.iter().map(value).sum::<f64>() / count;
    let (query, recorded) = (mean(|pair| pair.query), mean(|pair| pair.recorded));
    let spread: f64 = pairs.iter().map(|pair| (pair.query - query).powi(2)).sum();
    let together: f64 = pairs
        .iter()
        .map(|pair| (pair.query - query) * (pair.recorded - recorded))
        .sum();
    let wide = (MIN_SPREAD_HOPS / 4.0 * f64::from(TIME_STEPS)).powi(2) * count;
    let slope = if spread >= wide {
        together / spread
    } else {
        slope
    };
    Line {
        slope,
        offset: recorded - slope * query,
        shift: mean(|pair| pair.shift),
    }
}
