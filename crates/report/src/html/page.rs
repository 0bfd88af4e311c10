//! The page from top to bottom.

mod measured;

use std::collections::BTreeMap;

use clearance_decode::Media;
use clearance_rights::Verdict;
use serde::Serialize;

use measured::{SampleWords, false_findings, recall, review, sample_words};

use super::data::Data;
use super::overview::{Chart, Overview, Strip};
use super::scanned::Scanned;
use super::settings::{Group, settings};
use super::tables::{HolderLine, WorkLine, holders, works};
use crate::summary::{DeclarationSummary, MentionSummary, PolicySummary, Summary};
use crate::words::{count, counted, line, share};

/// Everything on the page but the findings, as words.
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
    strips: Vec<Strip>,
    charts: Vec<Chart>,
    false_findings: Vec<String>,
    recall: Vec<String>,
    sample: Option<SampleWords>,
    verdicts: Vec<Tally>,
    media: Vec<Tally>,
    findings: String,
    has_findings: bool,
    holders: Vec<HolderLine>,
    works: Vec<WorkLine>,
    tables_left_out: Option<String>,
    left_out: Vec<String>,
    review: Vec<String>,
    /// What items declare themselves, in a sentence.
    declarations: Option<String>,
    mentions: Option<String>,
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
    pub(super) fn new(summary: &Summary, overview: &Overview, data: &Data) -> Self {
        let (holders, holders_left_out) = holders(&summary.works);
        let (works, works_left_out) = works(&summary.works);
        Self {
            answer: answer(summary),
            scope: scope(summary),
            question: question(&summary.policy),
            as_of: line(&summary.policy.as_of),
            rule: rule(&summary.policy),
            outcome: outcome(summary),
            over_policy: counted(summary.over_policy, "finding", "findings"),
            coverage: coverage(summary),
            is_covered: summary.is_covered(),
            scanned: Scanned::new(summary),
            strips: overview.strips(),
            charts: overview.charts(summary),
            false_findings: false_findings(summary),
            recall: summary.recall.iter().map(recall).collect(),
            sample: summary.sample.as_ref().map(sample_words),
            verdicts: verdicts(&summary.verdicts),
            media: media_tallies(&overview.media),
            findings: counted(summary.findings, "finding", "findings"),
            has_findings: summary.findings > 0,
            tables_left_out: tables_left_out(holders_left_out, works_left_out),
            holders,
            works,
            left_out: left_out(data),
            review: summary.review.as_ref().map_or_else(Vec::new, review),
            declarations: declarations(&summary.declarations),
            mentions: summary.mentions.as_ref().and_then(mentions),
            settings: settings(summary),
            tool: line(&format!("{} {}", summary.tool.name, summary.tool.version)),
        }
    }
}

fn tables_left_out(holders: usize, works: usize) -> Option<String> {
    (works > 0).then(|| {
        let works = counted(works as u64, "more work", "more works");
        let left_out = match holders {
            0 => works,
            some => {
                let holders = counted(some as u64, "more rightsholder", "more rightsholders");
                format!("{holders} and {works}")
            }
        };
        format!("In the list of findings and in summary.json: {left_out}.")
    })
}

fn left_out(data: &Data) -> Vec<String> {
    let findings = (data.left_out > 0).then(|| {
        let findings = counted(data.left_out, "more finding is", "more findings are");
        format!(
            "This page has those over policy and the strongest; {findings} in findings.parquet."
        )
    });
    let exhibits = (data.exhibits_left_out > 0).then(|| {
        let findings = counted(data.exhibits_left_out, "finding", "findings");
        format!(
            "To keep this page small, pictures, peaks and passages of {findings} are left out, \
             those of the strongest findings of each work last. They are in exhibits.jsonl, and \
             clearance explain shows them."
        )
    });
    findings.into_iter().chain(exhibits).collect()
}

fn answer(summary: &Summary) -> String {
    let rows = &summary.totals.rows;
    if rows.rows == 0 {
        return "No rows were scanned".to_owned();
    }
    if summary.findings == 0 {
        return "No registered work was found".to_owned();
    }
    let matched = if summary.works.is_empty() {
        counted(
            rows.matched,
            "row declares something about its own use",
            "rows declare something about their own use",
        )
    } else if summary.declarations.without_work > 0 {
        counted(
            rows.matched,
            "row contains registered works or declares something about its use",
            "rows contain registered works or declare something about their use",
        )
    } else {
        let matched = counted(rows.matched, "row contains", "rows contain");
        format!("{matched} registered works")
    };
    let over = match summary.over_policy {
        0 => "no finding is over policy".to_owned(),
        over => counted(over, "finding is over policy", "findings are over policy"),
    };
    format!("{matched}, {over}")
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
    if summary.works.is_empty() {
        return scanned;
    }
    let recognized = summary.findings - summary.declarations.without_work;
    let findings = counted(recognized, "finding", "findings");
    let works = counted(summary.works.len() as u64, "work", "works");
    format!("{scanned} {findings} of {works}.")
}

/// What items declare, in a sentence; nothing where none does.
fn declarations(summary: &DeclarationSummary) -> Option<String> {
    if summary.declared + summary.stripped + summary.located == 0 {
        return None;
    }
    let said = [
        (
            summary.declared,
            "finding rests on what an item declares about its own use",
            "findings rest on what items declare about their own use",
        ),
        (
            summary.stripped,
            "copy has lost what its original declared",
            "copies have lost what their originals declared",
        ),
        (
            summary.located,
            "finding rests on what is declared about an address",
            "findings rest on what is declared about addresses",
        ),
    ];
    let said = said.into_iter().filter(|(number, ..)| *number > 0);
    let said = said.map(|(number, one, many)| counted(number, one, many));
    let said: Vec<String> = said.collect();
    let said = said.join(". ");
    let schemes = summary.schemes.iter();
    let schemes =
        schemes.map(|(scheme, findings)| format!("{} {}", line(scheme), count(*findings)));
    let schemes: Vec<String> = schemes.collect();
    Some(format!("{said}. By scheme: {}.", schemes.join(", ")))
}

/// Names in texts, in a sentence; nothing where none stands.
fn mentions(summary: &MentionSummary) -> Option<String> {
    if summary.mentions == 0 {
        return None;
    }
    let rows = counted(
        summary.rows,
        "row names a registered work or its creator",
        "rows name a registered work or its creator",
    );
    let most = summary.most.iter().take(5);
    let most = most.map(|name| format!("{} ({})", line(&name.name), count(name.items)));
    let most: Vec<String> = most.collect();
    Some(format!(
        "{rows}. A name is no copy; names are in findings.parquet as the kind mention, and counted \
         nowhere else here. Most often: {}.",
        most.join(", ")
    ))
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
    let sample = summary.sample.as_ref();
    let dataset_rows = sample.map_or(rows.rows, |sample| sample.dataset_rows);
    let examined = share(rows.clear + rows.matched, dataset_rows);
    match summary.settings.min_coverage {
        Some(least) => format!(
            "{examined} of the rows were examined, {}% asked for",
            least * 100.0
        ),
        None if dataset_rows > rows.rows => {
            format!("a sample was scanned: {examined} of the dataset's rows were examined")
        }
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
