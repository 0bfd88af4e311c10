//! A finished scan judged again, without the dataset: reservations and licenses change more often
//! than recordings do.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use clearance_index::Snapshot;
use clearance_rights::Policy;
use clearance_scan::{Exhibit, Finding, Part, judge_again};

use crate::attest::ATTESTATION;
use crate::error::{Error, Result};
use crate::lines::each_line;
use crate::summary::{RegistrySummary, Summary, ToolSummary};
use crate::tables::{FETCHED_TABLE, read_coverage};
use crate::verify::contradictions;
use crate::write::{
    DECISIONS, EXHIBITS, FINDINGS, OutputFiles, RowsOverPolicy, SUMMARY, finish, remove,
};

/// Why results with names are not judged again.
const MENTIONED: &str = "names of works were looked for, which may have changed in the registry since: scan the dataset again";
/// Why findings that rest on declarations are not judged again.
const DECLARED: &str = "what items declare about their own use is in it, of which not all is kept: scan the dataset or its fingerprint table again";
/// The same of rules about places.
const LOCATED: &str = "rules about places are in it, which hold for one use on one day: scan the dataset again with --places";
/// Findings that are written at a time.
const BATCH: usize = 4096;

/// Judges every finding in the output folder `before` by the records in `snapshot` under `policy`
/// and writes all outputs into the folder `out`, as a scan of the same dataset would now.
/// `summary` is that of `before`.
///
/// # Errors
///
/// [`Error::Refused`] when the registry would recognize something else than it did then, the
/// findings rest on what items declare, the outputs in `before` contradict each other, or `out` is
/// the same folder.
pub fn judge_findings(
    before: &Path,
    summary: Summary,
    snapshot: &Snapshot,
    policy: &Policy,
    tool: ToolSummary,
    out: &Path,
) -> Result<Summary> {
    check(before, &summary, snapshot, policy, &tool, out)?;
    let registry = RegistrySummary::new(snapshot);
    let mut now = Summary::new(summary.totals, registry, policy, summary.settings, tool);
    fs::create_dir_all(out).map_err(Error::io(out))?;
    remove(&out.join(ATTESTATION))?;
    let mut works = BTreeMap::new();
    let mut over_policy = RowsOverPolicy::default();
    let fetched = now.settings.fetch.is_some();
    let mut files = OutputFiles::create(out, true, false)?;
    let path = before.join(FINDINGS);
    let mut part = Part::default();
    each_line(&path, |mut finding: Finding| {
        if !judge_again(&mut finding, snapshot, policy) {
            let detail = format!("finding of {:?}, which the registry lacks", finding.work_id);
            return Err(Error::corrupt(&path, &detail));
        }
        now.add(&finding, policy, &mut works, snapshot);
        over_policy.add(&finding, policy);
        part.findings.push(finding);
        if part.findings.len() == BATCH {
            files.add(&std::mem::take(&mut part))?;
        }
        Ok(())
    })?;
    if now.findings != summary.findings {
        let detail = format!(
            "{} findings, {SUMMARY} has {}",
            now.findings, summary.findings
        );
        return Err(Error::corrupt(&path, &detail));
    }
    part.coverage = read_coverage(before)?;
    files.add(&part)?;
    each_line(&before.join(EXHIBITS), |exhibit: Exhibit| {
        files.add(&Part {
            exhibits: vec![exhibit],
            ..Part::default()
        })
    })?;
    files.close()?;
    now.set_works(works);
    if let Some(sample) = &summary.sample {
        let over_policy = over_policy.of(&now.totals.files);
        now.set_sample(sample.judged_again(&now.totals, &over_policy));
    }
    if fetched {
        // Nothing in it is about rights.
        let table = before.join(FETCHED_TABLE);
        fs::copy(&table, out.join(FETCHED_TABLE)).map_err(Error::io(&table))?;
    }
    let decisions = before.join(DECISIONS);
    if decisions.exists() {
        fs::copy(&decisions, out.join(DECISIONS)).map_err(Error::io(&decisions))?;
    }
    finish(&mut now, snapshot, out)?;
    Ok(now)
}

/// Whether the findings are those that a scan would make now.
fn check(
    before: &Path,
    summary: &Summary,
    snapshot: &Snapshot,
    policy: &Policy,
    tool: &ToolSummary,
    out: &Path,
) -> Result<()> {
    let refused = |detail: &str| Error::refused(before, detail);
    let is_same_folder = match (before.canonicalize(), out.canonicalize()) {
        (Ok(before), Ok(out)) => before == out,
        _ => false,
    };
    if is_same_folder {
        return Err(refused(
            "its results would be overwritten: choose another folder",
        ));
    }
    if summary.tool != *tool {
        return Err(refused(
            "another version of this program made it: scan the dataset again",
        ));
    }
    let registry = &summary.registry;
    if !snapshot.recognizes_as_in(registry.generation, &registry.digest) {
        return Err(refused(
            "works or files were added to the registry or withdrawn since, or it is another one: scan the dataset again",
        ));
    }
    // What was not worth reporting for one use may be for another.
    let is_declared = summary.totals.declaring > 0
        || snapshot
            .assets()
            .any(|asset| !asset.declarations.is_empty());
    let is_other_use = summary.policy.use_ != policy.use_.to_string();
    if summary.settings.declarations && is_declared && is_other_use {
        return Err(refused(DECLARED));
    }
    if summary.settings.mentions {
        return Err(refused(MENTIONED));
    }
    if summary.settings.places.is_some() {
        return Err(refused(LOCATED));
    }
    let kinds = &summary.declarations;
    if kinds.declared + kinds.stripped + kinds.located > 0 {
        return Err(refused(DECLARED));
    }
    match contradictions(before)?.first() {
        Some(first) => Err(refused(first)),
        None => Ok(()),
    }
}
