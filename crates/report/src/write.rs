//! All outputs of a scan, in one pass over its parts.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use clearance_index::Snapshot;
use clearance_rights::Policy;
use clearance_scan::{Collected, FileTotals, Finding, Part};
use serde::Serialize;

use crate::attest::ATTESTATION;
use crate::decisions::{Merged, ReviewSummary, merge_decisions, review_summary};
use crate::error::{Error, Result};
use crate::html::render_html;
use crate::prevalence::SampleSummary;
use crate::summary::{MentionCount, RegistrySummary, RunSettings, Summary, ToolSummary};
use crate::tables::{FETCHED_TABLE, TableFile};
use crate::works::KnownWorks;

/// Names of the outputs.
pub(crate) const SUMMARY: &str = "summary.json";
pub(crate) const FINDINGS: &str = "findings.jsonl";
pub(crate) const EXHIBITS: &str = "exhibits.jsonl";
pub(crate) const FINDINGS_TABLE: &str = "findings.parquet";
const COVERAGE_TABLE: &str = "coverage.parquet";
pub(crate) const WORKS: &str = "works.jsonl";
pub(crate) const DECISIONS: &str = "decisions.jsonl";
pub(crate) const REPORT: &str = "report.html";

/// Writes every output into the folder `out` and returns the summary.
pub fn write_all(
    collected: &Collected,
    snapshot: &Snapshot,
    policy: &Policy,
    settings: RunSettings,
    tool: ToolSummary,
    out: &Path,
) -> Result<Summary> {
    let registry = RegistrySummary::new(snapshot);
    let summary = Summary::new(collected.totals.clone(), registry, policy, settings, tool);
    write_outputs(collected, snapshot, policy, summary, out)
}

/// Writes every output. `summary` holds what is known before any finding is counted.
pub(crate) fn write_outputs(
    collected: &Collected,
    known: &dyn KnownWorks,
    policy: &Policy,
    mut summary: Summary,
    out: &Path,
) -> Result<Summary> {
    write_tables(collected, known, policy, &mut summary, out, true)?;
    finish(&mut summary, known, out)?;
    Ok(summary)
}

/// Writes what follows from the tables in `out` and their summary.
pub(crate) fn finish(summary: &mut Summary, known: &dyn KnownWorks, out: &Path) -> Result<()> {
    write_works(summary, known, out)?;
    // Findings keep their ids; decisions about those that are still there stand.
    summary.review = review_summary(out)?;
    write_summary(summary, out)?;
    render_html(out)
}

fn write_summary(summary: &Summary, out: &Path) -> Result<()> {
    let mut text = serde_json::to_vec_pretty(summary)
        .map_err(|error| Error::corrupt(&out.join(SUMMARY), &error))?;
    text.push(b'\n');
    replace(&out.join(SUMMARY), |file| file.write_all(&text))
}

/// Merges files of reviewers into the results in `out`, and renders `summary.json` and the page
/// again.
pub fn review(out: &Path, files: &[PathBuf]) -> Result<(Merged, ReviewSummary)> {
    let mut summary = Summary::read(out)?;
    let merged = merge_decisions(out, files)?;
    summary.review = review_summary(out)?;
    write_summary(&summary, out)?;
    render_html(out)?;
    Ok((merged, summary.review.unwrap_or_default()))
}

/// Writes what the registry says of each work that was found.
fn write_works(summary: &Summary, known: &dyn KnownWorks, out: &Path) -> Result<()> {
    replace(&out.join(WORKS), |file| {
        let mut lines = BufWriter::new(file);
        for work in &summary.works {
            write_lines(&mut lines, known.found(&work.work_id).as_slice())?;
        }
        lines.flush()
    })
}

/// Writes the findings alone into the folder `out`, to be handed to the owner of the works:
/// nothing in them speaks of rows without a finding. Outputs of an earlier scan in the folder are
/// removed. Returns the summary, which is written nowhere.
pub fn write_findings(
    collected: &Collected,
    snapshot: &Snapshot,
    policy: &Policy,
    settings: RunSettings,
    tool: ToolSummary,
    out: &Path,
) -> Result<Summary> {
    let registry = RegistrySummary::new(snapshot);
    let mut summary = Summary::new(collected.totals.clone(), registry, policy, settings, tool);
    write_tables(collected, snapshot, policy, &mut summary, out, false)?;
    for name in [COVERAGE_TABLE, EXHIBITS, WORKS, DECISIONS, SUMMARY, REPORT] {
        remove(&out.join(name))?;
    }
    Ok(summary)
}

pub(crate) fn remove(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Error::io(path)(error)),
        _ => Ok(()),
    }
}

/// Writes what grows part by part and adds it up.
fn write_tables(
    collected: &Collected,
    known: &dyn KnownWorks,
    policy: &Policy,
    summary: &mut Summary,
    out: &Path,
    everything: bool,
) -> Result<()> {
    fs::create_dir_all(out).map_err(Error::io(out))?;
    // What was signed is about to be something else.
    remove(&out.join(ATTESTATION))?;
    let mut works = BTreeMap::new();
    let fetched = everything && summary.settings.fetch.is_some();
    let mut files = OutputFiles::create(out, everything, fetched)?;
    let mut over_policy = RowsOverPolicy::default();
    let mut mentions = MentionCount::default();
    for part in collected.parts() {
        let mut part = part?;
        if !everything {
            // Items that are no registered work are nobody's who is handed the findings.
            part.findings.retain(|finding| !finding.work_id.is_empty());
        }
        for finding in &part.findings {
            if finding.is_mention() {
                mentions.add(finding);
                continue;
            }
            summary.add(finding, policy, &mut works, known);
            over_policy.add(finding, policy);
        }
        files.add(&part)?;
    }
    if summary.settings.mentions {
        let (names, held_back) = known.name_counts();
        summary.mentions = Some(mentions.finish(names, held_back));
    }
    summary.set_works(works);
    if let Some(sampled) = &collected.sampled {
        let totals = &collected.totals;
        let over_policy = over_policy.of(&totals.files);
        summary.set_sample(SampleSummary::new(sampled, totals, &over_policy));
    }
    files.close()
}

/// Rows with a finding over policy, by file.
#[derive(Default)]
pub(crate) struct RowsOverPolicy {
    counts: BTreeMap<String, u64>,
    last: Option<(String, i64)>,
}

impl RowsOverPolicy {
    /// Counts the row of a finding; findings come in order of file and row.
    pub(crate) fn add(&mut self, finding: &Finding, policy: &Policy) {
        let is_last = |last: &(String, i64)| last.0 == finding.file && last.1 == finding.row_index;
        if finding.is_over(policy) && !self.last.as_ref().is_some_and(is_last) {
            self.last = Some((finding.file.clone(), finding.row_index));
            *self.counts.entry(finding.file.clone()).or_default() += 1;
        }
    }

    /// The counts of all files, in their order.
    pub(crate) fn of(&self, files: &[FileTotals]) -> Vec<u64> {
        let of_file = |file: &FileTotals| self.counts.get(&file.file).copied().unwrap_or(0);
        files.iter().map(of_file).collect()
    }
}

/// The files that grow part by part, under temporary names.
pub(crate) struct OutputFiles {
    out: PathBuf,
    findings: TableFile,
    finding_lines: BufWriter<File>,
    /// What goes beyond the findings, if that is written.
    beyond: Option<BeyondFiles>,
}

struct BeyondFiles {
    coverage: TableFile,
    exhibit_lines: BufWriter<File>,
    fetched: Option<TableFile>,
}

impl OutputFiles {
    /// With `fetched` what was fetched is written, too; a table of an earlier scan goes otherwise.
    pub(crate) fn create(out: &Path, everything: bool, fetched: bool) -> Result<Self> {
        if !fetched {
            remove(&out.join(FETCHED_TABLE))?;
        }
        let fetched_file = || TableFile::fetched(&temporary(&out.join(FETCHED_TABLE)));
        let lines = |name: &str| {
            let path = temporary(&out.join(name));
            File::create(&path)
                .map(BufWriter::new)
                .map_err(Error::io(&path))
        };
        let beyond = || -> Result<BeyondFiles> {
            Ok(BeyondFiles {
                coverage: TableFile::coverage(&temporary(&out.join(COVERAGE_TABLE)))?,
                exhibit_lines: lines(EXHIBITS)?,
                fetched: fetched.then(fetched_file).transpose()?,
            })
        };
        Ok(Self {
            findings: TableFile::findings(&temporary(&out.join(FINDINGS_TABLE)))?,
            finding_lines: lines(FINDINGS)?,
            beyond: everything.then(beyond).transpose()?,
            out: out.to_owned(),
        })
    }

    pub(crate) fn add(&mut self, part: &Part) -> Result<()> {
        self.findings.add_findings(&part.findings)?;
        write_lines(&mut self.finding_lines, &part.findings)
            .map_err(Error::io(&self.out.join(FINDINGS)))?;
        if let Some(beyond) = &mut self.beyond {
            beyond.coverage.add_coverage(&part.coverage)?;
            write_lines(&mut beyond.exhibit_lines, &part.exhibits)
                .map_err(Error::io(&self.out.join(EXHIBITS)))?;
            if let Some(fetched) = &mut beyond.fetched {
                fetched.add_fetched(&part.fetched)?;
            }
        }
        Ok(())
    }

    pub(crate) fn close(self) -> Result<()> {
        let mut names = vec![FINDINGS_TABLE, FINDINGS];
        self.findings.close()?;
        close_lines(self.finding_lines, &self.out.join(FINDINGS))?;
        if let Some(beyond) = self.beyond {
            beyond.coverage.close()?;
            close_lines(beyond.exhibit_lines, &self.out.join(EXHIBITS))?;
            names.extend([COVERAGE_TABLE, EXHIBITS]);
            if let Some(fetched) = beyond.fetched {
                fetched.close()?;
                names.push(FETCHED_TABLE);
            }
        }
        for name in names {
            let path = self.out.join(name);
            fs::rename(temporary(&path), &path).map_err(Error::io(&path))?;
        }
        Ok(())
    }
}

fn close_lines(lines: BufWriter<File>, path: &Path) -> Result<()> {
    let file = lines
        .into_inner()
        .map_err(std::io::IntoInnerError::into_error);
    file.and_then(|file| file.sync_all())
        .map_err(Error::io(path))
}

pub(crate) fn write_lines<T: Serialize>(out: &mut impl Write, lines: &[T]) -> std::io::Result<()> {
    for line in lines {
        serde_json::to_writer(&mut *out, line)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

fn temporary(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".writing");
    path.with_file_name(name)
}

/// Writes a file aside, syncs it, and puts it in place.
pub(crate) fn replace(
    path: &Path,
    write: impl FnOnce(&mut File) -> std::io::Result<()>,
) -> Result<()> {
    let aside = temporary(path);
    let finish = || {
        let mut file = File::create(&aside)?;
        write(&mut file)?;
        file.sync_all()?;
        fs::rename(&aside, path)
    };
    finish().map_err(Error::io(path))
}
