//! The page from top to bottom.

use std::collections::BTreeMap;

use clearance_decode::Media;
use clearance_rights::Verdict;
use serde::Serialize;

use super::holders::{Holder, holders};
use super::read::Selection;
use super::scanned::Scanned;
use super::settings::{Group, settings};
use super::words::{count, counted, line, share};
use crate::summary::{PolicySummary, Summary};

/// Everything on the page, as words.
#[derive(Serialize)]
pub(super) struct Page {
    answer: String,
    scope: String,
    /// Up to the day.
    question: String,
    as_of: String,
    rule: &'static str,
    outcome: Outcome,
    over_policy: String,
    coverage: String,
    is_covered: bool,
    scanned: Scanned,
    verdicts: Vec<Tally>,
    media: Vec<Tally>,
    holders: Vec<Holder>,
    works_left_out: Option<String>,
    settings: Vec<Group>,
    tool: String,
}

/// The result in a word.
#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Outcome {
    OverPolicy,
    NothingOverPolicy,
}

/// Findings of one sort.
#[derive(Serialize)]
struct Tally {
    key: &'static str,
    name: &'static str,
    meaning: &'static str,
    findings: String,
}

impl Page {
    pub(super) fn new(selection: Selection) -> Self {
        let Selection {
            summary,
            works,
            exhibits,
            media,
        } = selection;
        let shown = works.len();
        let all_works = summary.works.len();
        Self {
            answer: answer(&summary),
            scope: scope(&summary),
            question: question(&summary.policy),
            as_of: line(&summary.policy.as_of),
            rule: rule(&summary.policy),
            outcome: outcome(&summary),
            over_policy: counted(summary.over_policy, "finding", "findings"),
            coverage: coverage(&summary),
            is_covered: summary.is_covered(),
            scanned: Scanned::new(&summary),
            verdicts: verdicts(&summary.verdicts),
            media: media_tallies(&media),
            holders: holders(&summary.works, works, &exhibits),
            works_left_out: (shown < all_works).then(|| {
                let works = counted((all_works - shown) as u64, "more work", "more works");
                let shown = count(shown as u64);
                format!("This page shows {shown} works. {works} with their findings are in findings.parquet.")
            }),
            settings: settings(&summary),
            tool: line(&format!("{} {}", summary.tool.name, summary.tool.version)),
        }
    }
}

fn answer(summary: &Summary) -> String {
    let rows = &summary.totals.rows;
    if rows.rows == 0 {
        return "No rows were scanned".to_owned();
    }
    if summary.findings == 0 {
        return "No registered work was found".to_owned();
    }
    let matched = counted(rows.matched, "row contains", "rows contain");
    let over = match summary.over_policy {
        0 => "no finding is over policy".to_owned(),
        over => counted(over, "finding is over policy", "findings are over policy"),
    };
    format!("{matched} registered works, {over}")
}

fn scope(summary: &Summary) -> String {
    let rows = summary.totals.rows.rows;
    let were = if rows == 1 { "was" } else { "were" };
    let scanned = format!(
        "{} in {} {were} scanned against {}.",
        counted(rows, "row", "rows"),
        counted(summary.totals.files.len() as u64, "file", "files"),
        counted(
            summary.registry.works,
            "registered work",
            "registered works"
        ),
    );
    if summary.findings == 0 {
        return scanned;
    }
    let findings = counted(summary.findings, "finding", "findings");
    let works = counted(summary.works.len() as u64, "work", "works");
    format!("{scanned} {findings} of {works}.")
}

fn question(policy: &PolicySummary) -> String {
    let purpose = match policy.use_.as_str() {
        "search" => "for a search index",
        "mining" => "for text and data mining",
        "ai-input" => "as input to an AI model",
        "train" => "to train a model that does not generate works",
        "train-generative" => "to train a generative model",
        other => &format!("for {}", line(other)),
    };
    let by = policy
        .licensee
        .as_deref()
        .map(|name| format!(" by {}", line(name)));
    let place = policy
        .territory
        .as_deref()
        .map(|code| format!(" in {}", line(code)));
    format!(
        "May this dataset be used {purpose}{}{} on",
        by.unwrap_or_default(),
        place.unwrap_or_default(),
    )
}

fn rule(policy: &PolicySummary) -> &'static str {
    if policy.mode == "opt-in" {
        "Opt-in: a finding is over policy unless a license covers this use of the work."
    } else {
        "Opt-out: a finding is over policy when a reservation of the work covers this use and no \
         license does, or when its records are unclear."
    }
}

fn outcome(summary: &Summary) -> Outcome {
    if summary.over_policy > 0 {
        Outcome::OverPolicy
    } else {
        Outcome::NothingOverPolicy
    }
}

fn coverage(summary: &Summary) -> String {
    let rows = &summary.totals.rows;
    if summary.coverage.complete {
        return "every item was read from start to end".to_owned();
    }
    let examined = share(rows.clear + rows.matched, rows.rows);
    match summary.settings.min_coverage {
        Some(least) => format!(
            "{examined} of the rows were examined, {}% asked for",
            least * 100.0
        ),
        None if rows.unreadable + rows.skipped == 0 => {
            "some items were examined in part".to_owned()
        }
        None => format!("{examined} of the rows were examined"),
    }
}

fn verdicts(verdicts: &BTreeMap<String, u64>) -> Vec<Tally> {
    let tally = |verdict: Verdict| {
        let findings = *verdicts.get(verdict.as_str())?;
        let (name, meaning) = match verdict {
            Verdict::Reserved => (
                "Reserved",
                "a reservation covers the use, and no license does",
            ),
            Verdict::Review => ("Review", "the records are unclear: a person must look"),
            Verdict::Licensed => ("Licensed", "a license covers the use"),
            Verdict::Unreserved => (
                "Unreserved",
                "neither a reservation nor a license covers the use",
            ),
        };
        Some(Tally {
            key: verdict.as_str(),
            name,
            meaning,
            findings: count(findings),
        })
    };
    let order = [
        Verdict::Reserved,
        Verdict::Review,
        Verdict::Licensed,
        Verdict::Unreserved,
    ];
    order.into_iter().filter_map(tally).collect()
}

fn media_tallies(media: &BTreeMap<Media, u64>) -> Vec<Tally> {
    let tally = |(medium, &findings): (&Media, &u64)| Tally {
        key: medium.as_str(),
        name: match medium {
            Media::Audio => "Audio",
            Media::Image => "Images",
            Media::Text => "Text",
        },
        meaning: "",
        findings: count(findings),
    };
    media.iter().map(tally).collect()
}
