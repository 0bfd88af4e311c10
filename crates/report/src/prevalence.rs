//! From a sample of the rows to the whole dataset.

use clearance_scan::{Sampled, Totals};
use serde::{Deserialize, Serialize};

use crate::interval::Proportion;

/// What a sample says of its dataset.
///
/// Files give rows in proportion to their length, so the rows of all files together stand for the
/// dataset. Only rows that were examined count: those that could not be read may hold anything.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SampleSummary {
    /// Rows asked for.
    pub asked: u64,
    /// The seed that drew them.
    pub seed: u64,
    /// Rows of the dataset.
    pub dataset_rows: u64,
    /// Rows with a registered work among the examined rows of the sample.
    pub matched: Proportion,
    /// Rows with a finding over policy among them.
    pub over_policy: Proportion,
    /// File by file.
    pub strata: Vec<Stratum>,
}

/// One file of a sampled dataset.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Stratum {
    /// The file.
    pub file: String,
    /// Its rows.
    pub rows: u64,
    /// Those drawn.
    pub drawn: u64,
    /// Rows with a registered work among those drawn and examined.
    pub matched: Proportion,
    /// Rows with a finding over policy among them.
    pub over_policy: Proportion,
}

impl SampleSummary {
    /// `over_policy` has the rows over policy of each file.
    pub(crate) fn new(sampled: &Sampled, totals: &Totals, over_policy: &[u64]) -> Self {
        let files = totals.files.iter().zip(&sampled.file_rows).zip(over_policy);
        let strata = files.map(|((file, &rows), &over)| {
            let examined = file.rows.clear + file.rows.matched;
            Stratum {
                file: file.file.clone(),
                rows,
                drawn: file.rows.rows,
                matched: Proportion::new(file.rows.matched, examined),
                over_policy: Proportion::new(over, examined),
            }
        });
        let examined = totals.rows.clear + totals.rows.matched;
        Self {
            asked: sampled.sampling.rows,
            seed: sampled.sampling.seed,
            dataset_rows: sampled.file_rows.iter().sum(),
            matched: Proportion::new(totals.rows.matched, examined),
            over_policy: Proportion::new(over_policy.iter().sum(), examined),
            strata: strata.collect(),
        }
    }

    /// The same sample after its findings were judged again.
    pub(crate) fn judged_again(&self, totals: &Totals, over_policy: &[u64]) -> Self {
        let mut again = self.clone();
        let examined = totals.rows.clear + totals.rows.matched;
        again.over_policy = Proportion::new(over_policy.iter().sum(), examined);
        let strata = again.strata.iter_mut().zip(&totals.files);
        for ((stratum, file), &over) in strata.zip(over_policy) {
            let examined = file.rows.clear + file.rows.matched;
            stratum.over_policy = Proportion::new(over, examined);
        }
        again
    }
}

#[cfg(test)]
mod tests;
