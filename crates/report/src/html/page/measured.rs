//! What was measured, drawn or reviewed, in sentences.

use serde::Serialize;

use crate::DecoyEstimate;
use crate::decisions::ReviewSummary;
use crate::interval::Proportion;
use crate::prevalence::SampleSummary;
use crate::recall::MeasuredRecall;
use crate::summary::Summary;
use crate::words::{count, counted, line};

/// What a sample says of the dataset.
#[derive(Serialize)]
pub(super) struct SampleWords {
    sentences: Vec<String>,
    strata: Vec<StratumLine>,
    left_out: Option<String>,
}

#[derive(Serialize)]
struct StratumLine {
    file: String,
    rows: String,
    drawn: String,
    matched: String,
    share: String,
    wilson: String,
    exact: String,
}

/// Files of a sample on the page.
const MOST_STRATA: usize = 200;

/// What decoys and the limit on E-values say about findings that chance made.
pub(super) fn false_findings(summary: &Summary) -> Vec<String> {
    let say = |(media, estimate): (&String, &DecoyEstimate)| {
        format!(
            "{}: a work was found in {} of {}, which puts the items that hold a work by chance at \
             {:.0}, and at no more than {:.0} with 95% confidence; the limit on E-values allows \
             {:.2}.",
            line(media),
            count(estimate.found),
            counted(estimate.decoys, "decoy", "decoys"),
            estimate.false_items,
            estimate.false_items_at_most.ceil(),
            estimate.false_items_by_e_value,
        )
    };
    summary.decoys.iter().map(say).collect()
}

fn percent(share: f64) -> String {
    format!("{:.1}%", share * 100.0)
}

/// `81.0% (Wilson 75.0% to 86.0%, Clopper-Pearson 74.5% to 86.6%)`.
fn interval(proportion: &Proportion) -> String {
    let range = |[low, high]: [f64; 2]| format!("{} to {}", percent(low), percent(high));
    format!(
        "{} ({} of {}; at 95% by Wilson {}, by Clopper and Pearson {})",
        percent(proportion.share),
        count(proportion.found),
        count(proportion.of),
        range(proportion.wilson),
        range(proportion.clopper_pearson),
    )
}

/// What was measured elsewhere, with what it does not cover.
pub(super) fn recall(measured: &MeasuredRecall) -> String {
    format!(
        "{}: {} of the copies hidden among unrelated items were found, {} of {} (at 95% by Wilson {} \
         to {}). They had been altered: {}. The figure is not of this dataset; {}.",
        measured.media.as_str(),
        percent(measured.found.share),
        count(measured.found.found),
        count(measured.found.of),
        percent(measured.found.wilson[0]),
        percent(measured.found.wilson[1]),
        line(&measured.altered),
        line(&measured.limits),
    )
}

pub(super) fn sample_words(sample: &SampleSummary) -> SampleWords {
    let rows = |share: f64| count((share * sample.dataset_rows as f64).round() as u64);
    let [low, high] = sample.matched.clopper_pearson;
    let sentences = vec![
        format!(
            "This is a sample: {} were drawn by chance (seed {}) out of {}, from each file in \
             proportion to its length. All counts on this page are those of the sample.",
            counted(sample.strata.iter().map(|s| s.drawn).sum(), "row", "rows"),
            sample.seed,
            count(sample.dataset_rows),
        ),
        format!(
            "Rows with a registered work: {}; in the whole dataset that is {} to {} rows.",
            interval(&sample.matched),
            rows(low),
            rows(high),
        ),
        format!("Rows over policy: {}.", interval(&sample.over_policy)),
        "Only rows that were examined count; copies that the program misses are not in these \
         figures."
            .to_owned(),
    ];
    let shown = sample.strata.iter().take(MOST_STRATA);
    let left_out = sample.strata.len().saturating_sub(MOST_STRATA) as u64;
    let range = |[low, high]: [f64; 2]| format!("{} to {}", percent(low), percent(high));
    SampleWords {
        sentences,
        strata: shown
            .map(|stratum| StratumLine {
                file: line(&stratum.file),
                rows: count(stratum.rows),
                drawn: count(stratum.drawn),
                matched: count(stratum.matched.found),
                share: percent(stratum.matched.share),
                wilson: range(stratum.matched.wilson),
                exact: range(stratum.matched.clopper_pearson),
            })
            .collect(),
        left_out: (left_out > 0).then(|| {
            format!(
                "{} are in summary.json.",
                counted(left_out, "more file", "more files")
            )
        }),
    }
}

/// What people decided, in sentences.
pub(super) fn review(review: &ReviewSummary) -> Vec<String> {
    let mut sentences = vec![format!(
        "{} reviewed: {} confirmed, {} rejected, {} contested, {} unsure.",
        counted(review.reviewed, "finding was", "findings were"),
        count(review.confirmed),
        count(review.rejected),
        count(review.contested),
        count(review.unsure),
    )];
    if review.confirmed_rate.of > 0 {
        sentences.push(format!(
            "Confirmed: {}. This speaks of all findings only as far as those reviewed were drawn \
             by chance.",
            interval(&review.confirmed_rate)
        ));
    }
    for agreement in &review.agreement {
        let [one, other] = &agreement.reviewers;
        let kappa = match agreement.kappa {
            Some(kappa) => format!("Cohen's kappa {kappa:.2}"),
            None => "kappa is not defined, for both decided one way only".to_owned(),
        };
        sentences.push(format!(
            "{} and {} agree on {} of {}: {kappa}.",
            line(one),
            line(other),
            count(agreement.agreed),
            counted(
                agreement.both,
                "finding that both decided",
                "findings that both decided"
            ),
        ));
    }
    sentences
}
