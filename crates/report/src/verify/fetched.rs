//! Whether `fetched.parquet` agrees with the findings, the coverage and the counts.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use clearance_scan::{Finding, FindingKind};

use super::tally::ItemPlace;
use crate::error::Result;
use crate::lines::each_line;
use crate::summary::Summary;
use crate::tables::{FETCHED_TABLE, each_fetched};
use crate::write::FINDINGS;

/// Items of another digest that are listed.
const LISTED: usize = 20;

/// What is wrong, as sentences.
pub(super) fn fetched_problems(out: &Path, summary: &Summary) -> Result<Vec<String>> {
    if summary.settings.fetch.is_none() {
        let is_there = out.join(FETCHED_TABLE).exists() || !summary.totals.fetched.is_empty();
        let problem = format!("{FETCHED_TABLE}: nothing was fetched, as summary.json has it");
        return Ok(is_there.then_some(problem).into_iter().collect());
    }
    let mut digests: HashMap<ItemPlace, String> = HashMap::new();
    each_line(&out.join(FINDINGS), |finding: Finding| {
        // Those are about addresses.
        if finding.kind != FindingKind::Location {
            let place = (
                finding.file,
                finding.row_index,
                finding.column_name,
                finding.item_index,
            );
            digests.insert(place, finding.item_digest);
        }
        Ok(())
    })?;
    let mut problems = Vec::new();
    let mut outcomes: BTreeMap<String, u64> = BTreeMap::new();
    each_fetched(out, &mut |line| {
        *outcomes.entry(line.outcome.to_owned()).or_default() += 1;
        let place = (
            line.file.to_owned(),
            line.row_index,
            line.column_name.to_owned(),
            line.item_index,
        );
        let found = digests.get(&place).map(String::as_str);
        let is_other = found.is_some() && found != line.item_digest;
        let is_fetched = line.outcome == "fetched";
        if (is_other || is_fetched != line.item_digest.is_some()) && problems.len() < LISTED {
            let row = line.row_index;
            problems.push(format!(
                "{FETCHED_TABLE}: the item in row {row} of {:?} is not the one of its findings",
                line.file
            ));
        }
    })?;
    if outcomes != summary.totals.fetched {
        problems.push(format!(
            "summary.json: what was fetched is not what {FETCHED_TABLE} has"
        ));
    }
    for (outcome, count) in outcomes.iter().filter(|(outcome, _)| *outcome != "fetched") {
        let reason = format!("skipped: {outcome}");
        if summary.totals.reasons.get(&reason) != Some(count) {
            problems.push(format!(
                "{FETCHED_TABLE}: {count} items with the outcome {outcome:?}, and not as many skipped"
            ));
        }
    }
    Ok(problems)
}
