//! Shares with their intervals of confidence.

use serde::{Deserialize, Serialize};
use statrs::function::beta::checked_beta_reg;

/// Two-sided: the truth lies outside once in twenty times.
const OUTSIDE: f64 = 0.05;
/// The quantile of the normal distribution at 97.5 %.
const NORMAL_975: f64 = 1.959_963_984_540_054;
/// Halvings when a probability is searched for: more than a double's digits.
const HALVINGS: usize = 60;

/// How many of how many, with both usual intervals at 95 %.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Proportion {
    /// How many were found.
    pub found: u64,
    /// Of how many.
    pub of: u64,
    /// The share, 0 to 1; 0 of none.
    pub share: f64,
    /// From and to by Wilson's score interval (*JASA* 22, 1927), near the stated confidence on
    /// average.
    pub wilson: [f64; 2],
    /// From and to by Clopper and Pearson (*Biometrika* 26, 1934), never less than the stated
    /// confidence.
    pub clopper_pearson: [f64; 2],
}

impl Proportion {
    /// `found` of `of`; what is beyond `of` does not count.
    pub fn new(found: u64, of: u64) -> Self {
        let found = found.min(of);
        Self {
            found,
            of,
            share: found as f64 / of.max(1) as f64,
            wilson: wilson(found, of),
            clopper_pearson: [
                at_least(found, of, OUTSIDE / 2.0),
                at_most(found, of, OUTSIDE / 2.0),
            ],
        }
    }
}

fn wilson(found: u64, of: u64) -> [f64; 2] {
    if of == 0 {
        return [0.0, 1.0];
    }
    let (n, z2) = (of as f64, NORMAL_975 * NORMAL_975);
    let share = found as f64 / n;
    let middle = (share + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half =
        NORMAL_975 / (1.0 + z2 / n) * (share * (1.0 - share) / n + z2 / (4.0 * n * n)).sqrt();
    // At the ends the formula gives 0 and 1 but for rounding.
    let low = if found == 0 {
        0.0
    } else {
        (middle - half).max(0.0)
    };
    let high = if found == of {
        1.0
    } else {
        (middle + half).min(1.0)
    };
    [low, high]
}

/// The largest share with which `found` or fewer of `of` would still be seen with chance `beyond`.
pub(crate) fn at_most(found: u64, of: u64, beyond: f64) -> f64 {
    if found >= of {
        return 1.0;
    }
    // The chance of `found` or fewer is that a beta variable lies above the share.
    let (a, b) = (found as f64 + 1.0, (of - found) as f64);
    share_where(|share| 1.0 - beta(a, b, share) > beyond)
}

/// The smallest share with which `found` or more of `of` would still be seen with chance `beyond`.
fn at_least(found: u64, of: u64, beyond: f64) -> f64 {
    if found == 0 || of == 0 {
        return 0.0;
    }
    let (a, b) = (found as f64, (of.max(found) - found) as f64 + 1.0);
    share_where(|share| beta(a, b, share) < beyond)
}

/// The regularized incomplete beta function.
fn beta(a: f64, b: f64, share: f64) -> f64 {
    checked_beta_reg(a, b, share).unwrap_or(share)
}

/// The share up to which `is_below` holds.
fn share_where(is_below: impl Fn(f64) -> bool) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..HALVINGS {
        let middle = f64::midpoint(low, high);
        if is_below(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

#[cfg(test)]
mod tests;
