//! `findings.sarif`: SARIF 2.1.0 (OASIS), for tools that show the results of scanners.
//!
//! Tools refuse large files, so that only the strongest findings are in it, those over policy first;
//! the file says how many it leaves out.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use clearance_rights::Verdict;
use clearance_scan::Finding;
use serde_json::{Value, json};

use crate::error::{Error, Result};
use crate::lines::each_line;
use crate::summary::Summary;
use crate::verify::policy;
use crate::write::{FINDINGS, SUMMARY, replace};

/// Most results in a file: what code scanning services show of one run.
pub(super) const MOST_RESULTS: usize = 5_000;

/// Order of strength: over policy first, then by E-value, then as found.
type Rank = (bool, u64, u64);

pub(super) fn write(out: &Path, summary: &Summary, path: &Path) -> Result<()> {
    let policy =
        policy(&summary.policy).map_err(|detail| Error::corrupt(&out.join(SUMMARY), &detail))?;
    let mut strongest: BTreeMap<Rank, Finding> = BTreeMap::new();
    let mut number = 0;
    each_line(&out.join(FINDINGS), |finding: Finding| {
        if finding.is_mention() {
            return Ok(());
        }
        let over = policy.flags(finding.verdict);
        // Bits of numbers from 0 on are in the numbers' order.
        strongest.insert((!over, finding.e_value.abs().to_bits(), number), finding);
        number += 1;
        if strongest.len() > MOST_RESULTS {
            strongest.pop_last();
        }
        Ok(())
    })?;
    let mut shown: Vec<(Rank, Finding)> = strongest.into_iter().collect();
    shown.sort_by_key(|(rank, _)| rank.2);
    let titles: BTreeMap<&str, &str> = summary
        .works
        .iter()
        .filter_map(|work| Some((work.work_id.as_str(), work.title.as_deref()?)))
        .collect();
    let results: Vec<Value> = shown
        .iter()
        .map(|((within, ..), finding)| result(finding, !within, &titles))
        .collect();
    let log = log(summary, &results, number);
    let mut text = serde_json::to_vec_pretty(&log).map_err(|error| Error::corrupt(path, &error))?;
    text.push(b'\n');
    replace(path, |file| file.write_all(&text))
}

fn log(summary: &Summary, results: &[Value], findings: u64) -> Value {
    let left_out = findings - results.len() as u64;
    let mut notes = vec![json!({
        "level": if left_out == 0 { "note" } else { "warning" },
        "message": {"text": format!(
            "{} of {findings} findings are listed, at most {MOST_RESULTS}, the strongest over policy first; all are in findings.parquet",
            results.len()
        )},
    })];
    if !summary.coverage.complete {
        notes.push(json!({
            "level": "warning",
            "message": {"text": format!(
                "not everything was examined: {:.2} % of the rows",
                summary.coverage.examined_share * 100.0
            )},
        }));
    }
    json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": summary.tool.name,
                "version": summary.tool.version,
                "semanticVersion": summary.tool.version,
                "rules": rules(),
            }},
            "invocations": [{
                "executionSuccessful": true,
                "toolExecutionNotifications": notes,
            }],
            "columnKind": "unicodeCodePoints",
            "results": results,
            "properties": {
                "findings": findings,
                "results": results.len(),
                "mostResults": MOST_RESULTS,
                "registry": summary.registry.digest,
                "asOf": summary.policy.as_of,
                "use": summary.policy.use_,
            },
        }],
    })
}

fn rules() -> Vec<Value> {
    let rule = |verdict: Verdict| {
        let (level, text) = match verdict {
            Verdict::Reserved => ("error", "A registered work whose use is reserved"),
            Verdict::Review => (
                "warning",
                "A registered work whose records leave its use open",
            ),
            Verdict::Unreserved => ("note", "A registered work without a reservation of the use"),
            Verdict::Licensed => ("note", "A registered work whose use a license covers"),
        };
        json!({
            "id": rule_id(verdict),
            "name": format!("{verdict}-work"),
            "shortDescription": {"text": text},
            "fullDescription": {"text": format!("{text} was found in an item of the dataset.")},
            "help": {"text": "The finding's reason names the record that decided; clearance report shows the evidence, and clearance filter leaves the row out."},
            "defaultConfiguration": {"level": level},
        })
    };
    Verdict::ALL.into_iter().map(rule).collect()
}

fn rule_id(verdict: Verdict) -> String {
    format!("clearance/{verdict}")
}

fn result(finding: &Finding, over: bool, titles: &BTreeMap<&str, &str>) -> Value {
    let level = match (over, finding.verdict) {
        (false, _) => "note",
        (true, Verdict::Review) => "warning",
        (true, _) => "error",
    };
    let title = titles.get(finding.work_id.as_str());
    let title = title.map(|title| format!(" ({title})")).unwrap_or_default();
    let place = format!(
        "row {}, column {}, item {}",
        finding.row_index, finding.column_name, finding.item_index
    );
    json!({
        "ruleId": rule_id(finding.verdict),
        "level": level,
        "message": {"text": format!(
            "{} of {} {}{title} in {place} of {}. {}",
            finding.kind.as_str(), finding.media, finding.work_id, finding.file, finding.reason
        )},
        "locations": [{
            "physicalLocation": {"artifactLocation": {"uri": uri(&finding.file)}},
            "logicalLocations": [{
                "name": place,
                "fullyQualifiedName": format!(
                    "{}/{}/{}", finding.row_index, finding.column_name, finding.item_index
                ),
                "kind": "item",
            }],
        }],
        "partialFingerprints": {"clearanceFindingId/v1": finding.finding_id},
        "properties": {
            "workId": finding.work_id,
            "assetId": finding.asset_id,
            "itemDigest": finding.item_digest,
            "score": finding.score,
            "eValue": finding.e_value,
        },
    })
}

/// A path as a relative or file URI (RFC 3986).
fn uri(path: &str) -> String {
    use std::fmt::Write;
    let mut uri = String::with_capacity(path.len());
    if path.starts_with('/') {
        uri.push_str("file://");
    }
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            // Writing to a string does not fail.
            let _written = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_uris() {
        assert_eq!(uri("data/train 1.parquet"), "data/train%201.parquet");
        assert_eq!(uri("/data/ü:1"), "file:///data/%C3%BC%3A1");
    }
}
