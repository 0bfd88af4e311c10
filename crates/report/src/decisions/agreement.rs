//! What reviewers agree on, in numbers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Opinion, ReviewDecision};
use crate::interval::Proportion;

/// The review of a scan in numbers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ReviewSummary {
    /// Findings that somebody decided about.
    pub reviewed: u64,
    /// Findings that were confirmed and rejected by nobody.
    pub confirmed: u64,
    /// Findings that were rejected and confirmed by nobody.
    pub rejected: u64,
    /// Findings about which reviewers disagree; in neither of the two.
    pub contested: u64,
    /// Findings of which reviewers could not tell.
    pub unsure: u64,
    /// Confirmed ones among those confirmed or rejected. It speaks of all findings only as far as
    /// those reviewed were drawn from them by chance.
    pub confirmed_rate: Proportion,
    /// By reviewer.
    pub reviewers: Vec<ReviewerCounts>,
    /// For every two reviewers with findings in common.
    pub agreement: Vec<Agreement>,
}

/// One reviewer's decisions.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ReviewerCounts {
    /// Who.
    pub reviewer: String,
    /// Confirmed findings.
    pub confirmed: u64,
    /// Rejected findings.
    pub rejected: u64,
    /// Findings of which could not be told.
    pub unsure: u64,
}

/// How far two reviewers agree on what both confirmed or rejected.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Agreement {
    /// The two.
    pub reviewers: [String; 2],
    /// Findings that both decided.
    pub both: u64,
    /// Of those, decided the same way.
    pub agreed: u64,
    /// Cohen's kappa: agreement beyond what their rates of confirming give by chance, 1 when they
    /// always agree (*Educational and Psychological Measurement* 20, 1960). Nothing when both
    /// decided everything the same single way.
    pub kappa: Option<f64>,
}

impl ReviewSummary {
    /// `None` without decisions.
    pub(crate) fn new(decisions: &[ReviewDecision]) -> Option<Self> {
        if decisions.is_empty() {
            return None;
        }
        let mut by_finding: BTreeMap<&str, Vec<Opinion>> = BTreeMap::new();
        let mut by_reviewer: BTreeMap<&str, BTreeMap<&str, Opinion>> = BTreeMap::new();
        for each in decisions {
            let finding = each.finding_id.as_str();
            by_finding.entry(finding).or_default().push(each.decision);
            let reviewer = by_reviewer.entry(&each.reviewer).or_default();
            reviewer.insert(finding, each.decision);
        }
        let mut summary = Self {
            reviewed: by_finding.len() as u64,
            ..Self::default()
        };
        for opinions in by_finding.values() {
            let is_confirmed = opinions.contains(&Opinion::Confirmed);
            let is_rejected = opinions.contains(&Opinion::Rejected);
            *match (is_confirmed, is_rejected) {
                (true, true) => &mut summary.contested,
                (true, false) => &mut summary.confirmed,
                (false, true) => &mut summary.rejected,
                (false, false) => &mut summary.unsure,
            } += 1;
        }
        let decided = summary.confirmed + summary.rejected;
        summary.confirmed_rate = Proportion::new(summary.confirmed, decided);
        let reviewers: Vec<(&str, &BTreeMap<&str, Opinion>)> =
            by_reviewer.iter().map(|(name, of)| (*name, of)).collect();
        for (place, (name, of)) in reviewers.iter().enumerate() {
            let count = |opinion| of.values().filter(|each| **each == opinion).count() as u64;
            summary.reviewers.push(ReviewerCounts {
                reviewer: (*name).to_owned(),
                confirmed: count(Opinion::Confirmed),
                rejected: count(Opinion::Rejected),
                unsure: count(Opinion::Unsure),
            });
            let others = reviewers[place + 1..].iter();
            let agreement =
                others.filter_map(|(other, theirs)| agreement([name, other], of, theirs));
            summary.agreement.extend(agreement);
        }
        Some(summary)
    }
}

fn agreement(
    names: [&str; 2],
    one: &BTreeMap<&str, Opinion>,
    other: &BTreeMap<&str, Opinion>,
) -> Option<Agreement> {
    // Confirmed by the first, by the second, by both, by neither.
    let (mut first, mut second, mut agreed, mut both) = (0u64, 0u64, 0u64, 0u64);
    for (finding, opinion) in one {
        let Some(theirs) = other.get(finding) else {
            continue;
        };
        if *opinion == Opinion::Unsure || *theirs == Opinion::Unsure {
            continue;
        }
        both += 1;
        first += u64::from(*opinion == Opinion::Confirmed);
        second += u64::from(*theirs == Opinion::Confirmed);
        agreed += u64::from(opinion == theirs);
    }
    let share = |count: u64| count as f64 / both as f64;
    let chance = share(first) * share(second) + (1.0 - share(first)) * (1.0 - share(second));
    (both > 0).then(|| Agreement {
        reviewers: names.map(str::to_owned),
        both,
        agreed,
        kappa: (chance < 1.0).then(|| (share(agreed) - chance) / (1.0 - chance)),
    })
}
