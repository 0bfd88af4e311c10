//! Decisions of people about findings: files of reviewers, merged.
//!
//! A reviewer's file is what the page saves: JSON with `format` "clearance-decisions", `version`
//! 1, `reviewer`, and `decisions`, each with `finding_id`, `decision` (confirmed, rejected or
//! unsure), `comment` and `date`. Merged decisions stand in `decisions.jsonl` of the results, a
//! line for each finding and reviewer.

mod agreement;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use clearance_rights::parse_date;
use clearance_scan::Finding;
use serde::{Deserialize, Serialize};

pub use agreement::{Agreement, ReviewSummary, ReviewerCounts};

use crate::error::{Error, Result};
use crate::lines::each_line;
use crate::words::line;
use crate::write::{DECISIONS, FINDINGS, replace};

/// Largest file of a reviewer.
const MOST_FILE_BYTES: u64 = 64 << 20;
/// Longest comment and longest name, in characters.
const MOST_COMMENT: usize = 4000;
const MOST_NAME: usize = 200;

/// What a reviewer thinks of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Opinion {
    /// The work is in the item.
    Confirmed,
    /// It is not.
    Rejected,
    /// It cannot be told.
    Unsure,
}

/// A decision as `decisions.jsonl` has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewDecision {
    /// The finding.
    pub finding_id: String,
    /// Who decided.
    pub reviewer: String,
    /// What.
    pub decision: Opinion,
    /// Why, in the reviewer's words.
    pub comment: Option<String>,
    /// When: YYYY-MM-DD, as the reviewer's browser had it.
    pub date: String,
}

/// A decision beside its finding on the page.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Decision {
    reviewer: String,
    #[serde(rename = "decision")]
    opinion: Opinion,
    comment: String,
    date: String,
}

impl ReviewDecision {
    pub(crate) fn shown(self) -> Decision {
        Decision {
            reviewer: line(&self.reviewer),
            opinion: self.decision,
            comment: line(&self.comment.unwrap_or_default()),
            date: line(&self.date),
        }
    }
}

/// A file as a reviewer's browser saved it.
#[derive(Deserialize)]
struct ReviewerFile {
    format: String,
    version: u32,
    reviewer: String,
    decisions: Vec<FileDecision>,
}

#[derive(Deserialize)]
struct FileDecision {
    finding_id: String,
    decision: Opinion,
    comment: Option<String>,
    date: String,
}

/// What came of merging files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Merged {
    /// Decisions that stand now, those merged before too.
    pub decisions: usize,
    /// Decisions of these files about findings that the results do not have.
    pub unknown: usize,
}

/// Merges files of reviewers into `decisions.jsonl` in `out`. Of two decisions of one reviewer
/// about one finding the later stands; on the same day that of the later file.
pub(crate) fn merge_decisions(out: &Path, files: &[PathBuf]) -> Result<Merged> {
    let known = known_findings(out)?;
    let mut merged: BTreeMap<(String, String), ReviewDecision> = read_decisions(out)?
        .into_iter()
        .map(|decision| (key(&decision), decision))
        .collect();
    let mut unknown = 0;
    for file in files {
        for decision in read_file(file)? {
            if !known.contains(&decision.finding_id) {
                unknown += 1;
                continue;
            }
            let key = key(&decision);
            let earlier = merged.get(&key);
            if earlier.is_none_or(|earlier| earlier.date <= decision.date) {
                merged.insert(key, decision);
            }
        }
    }
    replace(&out.join(DECISIONS), |file| {
        for decision in merged.values() {
            serde_json::to_writer(&mut *file, decision)?;
            file.write_all(b"\n")?;
        }
        Ok(())
    })?;
    Ok(Merged {
        decisions: merged.len(),
        unknown,
    })
}

fn known_findings(out: &Path) -> Result<BTreeSet<String>> {
    let mut known = BTreeSet::new();
    each_line(&out.join(FINDINGS), |finding: Finding| {
        known.insert(finding.finding_id);
        Ok(())
    })?;
    Ok(known)
}

/// The review of the findings in `out` in numbers. Decisions about findings that a scan does not
/// make any more stay in their file and do not count.
pub(crate) fn review_summary(out: &Path) -> Result<Option<ReviewSummary>> {
    let mut decisions = read_decisions(out)?;
    if !decisions.is_empty() {
        let known = known_findings(out)?;
        decisions.retain(|decision| known.contains(&decision.finding_id));
    }
    Ok(ReviewSummary::new(&decisions))
}

fn key(decision: &ReviewDecision) -> (String, String) {
    (decision.finding_id.clone(), decision.reviewer.clone())
}

fn read_file(path: &Path) -> Result<Vec<ReviewDecision>> {
    let bytes = fs::metadata(path).map_err(Error::io(path))?.len();
    if bytes > MOST_FILE_BYTES {
        let detail = format!("{bytes} bytes, at most {MOST_FILE_BYTES}");
        return Err(Error::corrupt(path, &detail));
    }
    let text = fs::read(path).map_err(Error::io(path))?;
    let file: ReviewerFile =
        serde_json::from_slice(&text).map_err(|error| Error::corrupt(path, &error))?;
    if file.format != "clearance-decisions" || file.version != 1 {
        let detail = "not a file of decisions that this version reads; save one in the page";
        return Err(Error::corrupt(path, &detail));
    }
    let reviewer = file.reviewer.trim().to_owned();
    if reviewer.is_empty() || reviewer.chars().count() > MOST_NAME {
        return Err(Error::corrupt(path, &"the reviewer is not named"));
    }
    let decision = |decision: FileDecision| {
        if parse_date(&decision.date).is_err() {
            let detail = format!("{}: {:?} is no date", decision.finding_id, decision.date);
            return Err(Error::corrupt(path, &detail));
        }
        let comment = decision.comment.map(|text| text.trim().to_owned());
        Ok(ReviewDecision {
            finding_id: decision.finding_id,
            reviewer: reviewer.clone(),
            decision: decision.decision,
            comment: comment
                .filter(|text| !text.is_empty())
                .map(|text| text.chars().take(MOST_COMMENT).collect()),
            date: decision.date,
        })
    };
    file.decisions.into_iter().map(decision).collect()
}

/// The merged decisions of results; none where there is no file.
pub(crate) fn read_decisions(out: &Path) -> Result<Vec<ReviewDecision>> {
    let path = out.join(DECISIONS);
    let mut decisions = Vec::new();
    if path.exists() {
        each_line(&path, |decision: ReviewDecision| {
            decisions.push(decision);
            Ok(())
        })?;
    }
    Ok(decisions)
}

#[cfg(test)]
mod tests;
