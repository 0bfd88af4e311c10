//! Stretches of a registered text of which only hashes are kept.

use clearance_fingerprint::text::GRAM;

use super::extend::{CHANGE_COST, DROP, Stretch};

/// Seeds that stand at most this many letters apart, as far in both texts, have the letters
/// between them in common.
const SAME: usize = 120;

/// Seeds whose distances in both texts differ by at most this part of them stand in one passage
/// that was edited ...
const DRIFT: usize = 8;
/// ... of which so much agrees, about.
const LIKELY: f64 = 0.7;

/// The stretches along a chain's seeds: what lies between seeds of the same distance in both
/// texts agrees.
pub(super) fn stretches(seeds: &[(u32, u32)], distinct: f64) -> Vec<Stretch> {
    let mut found: Vec<Stretch> = Vec::new();
    let seeds = seeds.iter().map(|&(q, r)| (q as usize, r as usize));
    for (q, r) in seeds {
        let alone = Stretch {
            query: q..q + GRAM,
            reference: r..r + GRAM,
            matched: GRAM,
            score: GRAM as f64,
            distinct,
            numbers: false,
            words_per_letter: f64::INFINITY,
        };
        let Some(last) = found.last_mut() else {
            found.push(alone);
            continue;
        };
        let start = (last.query.end - GRAM, last.reference.end - GRAM);
        let step = (q.saturating_sub(start.0), r.saturating_sub(start.1));
        let (shortest, longest) = (step.0.min(step.1), step.0.max(step.1));
        let (matched, worth, cost) = if shortest == longest && longest <= SAME {
            (longest, longest, 0.0)
        } else if longest - shortest <= longest / DRIFT {
            // The seeds between them are gone, so not all of it agrees.
            let likely = (LIKELY * shortest as f64) as usize;
            (likely.max(GRAM.min(shortest)), GRAM.min(shortest), 0.0)
        } else {
            let over = CHANGE_COST * longest.saturating_sub(GRAM) as f64;
            (GRAM.min(shortest), GRAM.min(shortest), over)
        };
        if cost > DROP {
            found.push(alone);
            continue;
        }
        last.query.end = q + GRAM;
        last.reference.end = r + GRAM;
        last.matched += matched;
        last.score += worth as f64 - cost;
    }
    found
}

#[cfg(test)]
mod tests;
