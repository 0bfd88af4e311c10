//! A part of the rows, drawn by chance: what a dataset holds, without reading all of it.
//!
//! Every file is a stratum of its own and gives rows in proportion to its length. A seed draws the
//! same rows wherever the files lie, and in every order of them.

use std::collections::BTreeSet;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::plan::{Plan, Unit};

/// How many rows to draw, and by which seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sampling {
    /// Rows of all files together; a dataset that has fewer is scanned whole.
    pub rows: u64,
    /// Other seeds draw other rows.
    pub seed: u64,
}

/// The rows that were drawn.
#[derive(Clone, Debug)]
pub(crate) struct Sample {
    /// What was asked for.
    pub(crate) sampling: Sampling,
    /// For each file of the plan its drawn rows, rising.
    pub(crate) rows: Vec<Vec<u64>>,
}

impl Sampling {
    /// The rows that are drawn of files with these BLAKE3 digests of their footers (hexadecimal)
    /// and these numbers of rows: for each file rising.
    ///
    /// Takes memory for all rows that are drawn.
    pub fn draw(&self, files: &[(&str, u64)]) -> Vec<Vec<u64>> {
        let lengths: Vec<u64> = files.iter().map(|(_, length)| *length).collect();
        let shares = shares(&lengths, self.rows);
        let rows = files.iter().zip(shares).map(|((digest, length), share)| {
            let mut random = Random::new(self.seed, digest);
            draw(*length, share, &mut random)
        });
        rows.collect()
    }
}

impl Sample {
    /// The drawn rows of a unit.
    fn of(&self, unit: Unit) -> &[u64] {
        let rows = self.rows.get(unit.file).map_or(&[][..], Vec::as_slice);
        &rows[within(
            rows,
            unit.first_row..unit.first_row.saturating_add(unit.rows),
        )]
    }
}

fn within(rows: &[u64], range: Range<u64>) -> Range<usize> {
    let before = |end: u64| rows.partition_point(|row| *row < end);
    before(range.start)..before(range.end).max(before(range.start))
}

impl Plan {
    /// Scans a sample of the rows in place of all.
    pub fn sample(&mut self, sampling: Sampling) {
        let files = self.files.iter();
        let files: Vec<(&str, u64)> = files
            .map(|file| (file.identity.footer_blake3.as_str(), file.rows()))
            .collect();
        let rows = sampling.draw(&files);
        self.sample = Some(Sample { sampling, rows });
    }

    /// Rows that are to be scanned: all or those drawn, of a shard its own.
    pub fn scanned_rows(&self) -> u64 {
        let units = self.units();
        units.iter().map(|unit| self.chosen_rows(*unit)).sum()
    }

    /// Rows of the row groups that are opened: of a sample and of a shard not all.
    pub fn opened_rows(&self) -> u64 {
        self.units().iter().map(|unit| unit.rows).sum()
    }

    /// Rows of a unit that are to be scanned.
    pub(crate) fn chosen_rows(&self, unit: Unit) -> u64 {
        let sample = self.sample.as_ref();
        sample.map_or(unit.rows, |sample| sample.of(unit).len() as u64)
    }

    /// Whether a row of a unit is to be scanned.
    pub(crate) fn is_chosen(&self, unit: Unit, row: u64) -> bool {
        let sample = self.sample.as_ref();
        sample.is_none_or(|sample| sample.of(unit).binary_search(&row).is_ok())
    }

    /// Whether any row of a unit is to be scanned.
    pub(crate) fn has_chosen(&self, unit: Unit) -> bool {
        let sample = self.sample.as_ref();
        sample.is_none_or(|sample| !sample.of(unit).is_empty())
    }

    /// How many of a unit's rows have to be read: up to the last that is to be scanned.
    pub(crate) fn rows_to_read(&self, unit: Unit) -> u64 {
        let sample = self.sample.as_ref();
        let last = sample.map(|sample| sample.of(unit).last().copied());
        match last {
            Some(Some(last)) => last - unit.first_row + 1,
            Some(None) => 0,
            None => unit.rows,
        }
    }
}

/// `rows` divided in proportion to the lengths, by largest remainder; of equal ones the first.
fn shares(lengths: &[u64], rows: u64) -> Vec<u64> {
    let all: u128 = lengths.iter().map(|length| u128::from(*length)).sum();
    let rows = u128::from(rows).min(all);
    let mut shares = Vec::with_capacity(lengths.len());
    let mut remainders = Vec::with_capacity(lengths.len());
    for (file, length) in lengths.iter().enumerate() {
        let exact = u128::from(*length) * rows;
        shares.push((exact / all.max(1)) as u64);
        remainders.push((std::cmp::Reverse(exact % all.max(1)), file));
    }
    remainders.sort_unstable();
    let given: u128 = shares.iter().map(|share| u128::from(*share)).sum();
    for (_, file) in remainders.into_iter().take((rows - given) as usize) {
        shares[file] += 1;
    }
    shares
}

/// `count` different numbers below `length`, rising, each set as likely as any other (Floyd,
/// *Communications of the ACM* 30, 1987).
fn draw(length: u64, count: u64, random: &mut Random) -> Vec<u64> {
    let mut drawn = BTreeSet::new();
    for top in length.saturating_sub(count)..length {
        let number = random.below(top + 1);
        if !drawn.insert(number) {
            drawn.insert(top);
        }
    }
    drawn.into_iter().collect()
}

/// Numbers by chance: BLAKE3 as a stream, keyed by seed and file.
struct Random(blake3::OutputReader);

impl Random {
    fn new(seed: u64, digest: &str) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(b"sample").update(&seed.to_le_bytes());
        hasher.update(digest.as_bytes());
        Self(hasher.finalize_xof())
    }

    /// A number below `end`, which is above 0. Over 128 bits the bias is beyond measure.
    fn below(&mut self, end: u64) -> u64 {
        let mut bytes = [0; 16];
        self.0.fill(&mut bytes);
        (u128::from_le_bytes(bytes) % u128::from(end)) as u64
    }
}

#[cfg(test)]
mod tests;
