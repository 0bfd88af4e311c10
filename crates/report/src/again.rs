//! A finished scan judged again, without the dataset: reservations and licenses change more often
//! than recordings do.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufReader, Write};
use std::path::Path;

use clearance_index::Snapshot;
use clearance_rights::Policy;
use clearance_scan::{Exhibit, Finding, Part, judge_again};
use serde::de::DeserializeOwned;

use crate::error::{Error, Result};
use crate::html::render_html;
use crate::summary::{Summary, ToolSummary};
use crate::tables::read_coverage;
use crate::write::{EXHIBITS, FINDINGS, OutputFiles, SUMMARY, replace};

/// Findings that are written at a time.
const BATCH: usize = 4096;

/// Reads the summary of the output folder `out`.
pub fn read_summary(out: &Path) -> Result<Summary> {
    let path = out.join(SUMMARY);
    let text = fs::read(&path).map_err(Error::io(&path))?;
    serde_json::from_slice(&text).map_err(|error| Error::corrupt(&path, &error))
}

/// Judges every finding in the output folder `before` by the records in `snapshot` under `policy`
/// and writes all outputs into the folder `out`, as a scan of the same dataset would now.
/// `summary` is that of `before`.
///
/// # Errors
///
/// [`Error::Recognition`] when the registry would recognize something else than it did then, or
/// `out` is the same folder.
pub fn judge_findings(
    before: &Path,
    summary: Summary,
    snapshot: &Snapshot,
    policy: &Policy,
    tool: ToolSummary,
    out: &Path,
) -> Result<Summary> {
    check(before, &summary, snapshot, &tool, out)?;
    let mut now = Summary::new(summary.totals, snapshot, policy, summary.settings, tool);
    fs::create_dir_all(out).map_err(Error::io(out))?;
    let mut works = BTreeMap::new();
    let mut files = OutputFiles::create(out, true)?;
    let path = before.join(FINDINGS);
    let mut part = Part::default();
    for finding in lines::<Finding>(&path)? {
        let mut finding = finding?;
        if !judge_again(&mut finding, snapshot, policy) {
            let detail = format!("finding of {:?}, which the registry lacks", finding.work_id);
            return Err(Error::corrupt(&path, &detail));
        }
        now.add(&finding, policy, &mut works, snapshot);
        part.findings.push(finding);
        if part.findings.len() == BATCH {
            files.add(&std::mem::take(&mut part))?;
        }
    }
    if now.findings != summary.findings {
        let detail = format!(
            "{} findings, {SUMMARY} has {}",
            now.findings, summary.findings
        );
        return Err(Error::corrupt(&path, &detail));
    }
    part.coverage = read_coverage(before)?;
    files.add(&part)?;
    let mut exhibits = Part::default();
    for exhibit in lines::<Exhibit>(&before.join(EXHIBITS))? {
        exhibits.exhibits.push(exhibit?);
        files.add(&std::mem::take(&mut exhibits))?;
    }
    files.close()?;
    now.set_works(works);
    let mut text = serde_json::to_vec_pretty(&now)
        .map_err(|error| Error::corrupt(&out.join(SUMMARY), &error))?;
    text.push(b'\n');
    replace(&out.join(SUMMARY), |file| file.write_all(&text))?;
    render_html(out)?;
    Ok(now)
}

/// Whether the findings are those that a scan would make now.
fn check(
    before: &Path,
    summary: &Summary,
    snapshot: &Snapshot,
    tool: &ToolSummary,
    out: &Path,
) -> Result<()> {
    let refused = |detail: &str| Error::Recognition {
        path: before.to_owned(),
        detail: detail.to_owned(),
    };
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
    Ok(())
}

/// The records of a file with one JSON object a line.
fn lines<'a, T: DeserializeOwned + 'a>(
    path: &'a Path,
) -> Result<impl Iterator<Item = Result<T>> + 'a> {
    let file = File::open(path).map_err(Error::io(path))?;
    let lines = serde_json::Deserializer::from_reader(BufReader::new(file)).into_iter::<T>();
    Ok(lines.map(|line| line.map_err(|error| Error::corrupt(path, &error))))
}
