//! Figures of a summary that follow from others: those of a sample, of a review, of recall.

use std::path::Path;

use clearance_scan::{Sampled, Sampling};

use crate::decisions::review_summary;
use crate::error::Result;
use crate::prevalence::SampleSummary;
use crate::recall::measured_recall;
use crate::summary::Summary;

/// Drawn rows beyond which a sample is not drawn again: eight bytes each.
const MOST_DRAWN: u64 = 100_000_000;

/// What is wrong with the sample of the summary, which has `over_policy` rows over policy in each
/// file.
pub(super) fn sample_problem(summary: &Summary, over_policy: &[u64]) -> Option<String> {
    let sample = summary
        .sample
        .as_ref()
        .filter(|sample| is_of(sample, summary))?;
    let again = SampleSummary::new(&sampled(sample), &summary.totals, over_policy);
    let wrong = again != *sample;
    wrong.then(|| "summary.json: the sample is not that of its rows and findings".to_owned())
}

/// Whether the sample's strata are the files of the summary, and their rows those of the dataset.
fn is_of(sample: &SampleSummary, summary: &Summary) -> bool {
    let mut rows = sample.strata.iter().map(|stratum| stratum.rows);
    let all = rows.try_fold(0u64, u64::checked_add);
    sample.strata.len() == summary.totals.files.len() && all == Some(sample.dataset_rows)
}

fn sampled(sample: &SampleSummary) -> Sampled {
    Sampled {
        sampling: Sampling {
            rows: sample.asked,
            seed: sample.seed,
        },
        file_rows: sample.strata.iter().map(|stratum| stratum.rows).collect(),
    }
}

/// The rows that the sample's seed draws from each file, rising; nothing when all rows were
/// scanned. The error says why they cannot be those that were scanned.
pub(super) fn drawn_rows(summary: &Summary) -> std::result::Result<Option<Vec<Vec<u64>>>, String> {
    let Some(sample) = &summary.sample else {
        return Ok(None);
    };
    let scanned = summary.totals.rows.rows;
    let sampled = sampled(sample);
    let files = &summary.totals.files;
    if !is_of(sample, summary) || sample.asked.min(sample.dataset_rows) != scanned {
        return Err("summary.json: the sample is not one of its files".to_owned());
    }
    if scanned > MOST_DRAWN {
        return Err(format!(
            "summary.json: a sample of {scanned} rows, at most {MOST_DRAWN} are checked"
        ));
    }
    let digests = files.iter().map(|file| file.footer_blake3.as_str());
    let files: Vec<(&str, u64)> = digests.zip(sampled.file_rows).collect();
    Ok(Some(sampled.sampling.draw(&files)))
}

/// What is wrong with the review and the recall that the summary quotes.
pub(super) fn quoted_problems(out: &Path, summary: &Summary) -> Result<Vec<String>> {
    let mut problems = Vec::new();
    if summary.review != review_summary(out)? {
        problems.push("summary.json: the review is not that of decisions.jsonl".to_owned());
    }
    // Another version was measured otherwise.
    let is_this_version = summary.tool.version == env!("CARGO_PKG_VERSION");
    if is_this_version && summary.recall != measured_recall() {
        problems.push("summary.json: recall is not what was measured for this version".to_owned());
    }
    Ok(problems)
}
