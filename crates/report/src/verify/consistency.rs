//! Whether the outputs agree with one another: counts with lines, lines with tables.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use clearance_decode::Media;
use clearance_scan::{CoverageStatus, Exhibit, Finding, ItemCounts, MediaCounts, RowCounts};

use super::fetched::fetched_problems;
use super::figures::{drawn_rows, quoted_problems, sample_problem};
use super::settings::policy;
use super::tables::TableCheck;
use super::tally::{Tally, unread};
use crate::error::{Error, Result};
use crate::lines::each_line;
use crate::summary::{Summary, coverage};
use crate::tables::read_coverage;
use crate::write::{EXHIBITS, FINDINGS, FINDINGS_TABLE, RowsOverPolicy};

/// Problems listed; beyond them a number says how many more there are.
const MOST_PROBLEMS: usize = 100;

/// What is wrong with the output folder, as sentences; nothing when everything agrees.
pub(super) fn check(out: &Path, summary: &Summary) -> Result<Vec<String>> {
    let mut check = Consistency::new(summary);
    check.totals();
    check.findings(out)?;
    check.coverage(out)?;
    check.exhibits(out)?;
    if let Some(problems) = check.problems.or_add(fetched_problems(out, summary))? {
        for problem in problems {
            check.problems.add(problem);
        }
    }
    for problem in quoted_problems(out, summary)? {
        check.problems.add(problem);
    }
    Ok(check.problems.finish())
}

/// Sentences, of which only the first are kept.
#[derive(Default)]
struct Problems {
    kept: Vec<String>,
    more: usize,
}

impl Problems {
    fn add(&mut self, problem: impl Into<String>) {
        if self.kept.len() < MOST_PROBLEMS {
            self.kept.push(problem.into());
        } else {
            self.more += 1;
        }
    }

    /// Takes trouble with a file's contents for a problem; trouble with the disk stays an error.
    fn or_add<T>(&mut self, result: Result<T>) -> Result<Option<T>> {
        match result {
            Ok(value) => Ok(Some(value)),
            Err(Error::Io { source, .. }) if source.kind() != std::io::ErrorKind::NotFound => {
                Err(source_error(source))
            }
            Err(error) => {
                self.add(error.to_string());
                Ok(None)
            }
        }
    }

    fn finish(mut self) -> Vec<String> {
        if self.more > 0 {
            self.kept.push(format!("and {} more", self.more));
        }
        self.kept
    }
}

fn source_error(source: std::io::Error) -> Error {
    Error::Io {
        path: "the output folder".into(),
        source,
    }
}

/// A row of the dataset: file in the summary's order, row in the file.
type Row = (u32, i64);

struct Consistency<'a> {
    summary: &'a Summary,
    problems: Problems,
    /// Files by name.
    files: HashMap<&'a str, u32>,
    /// Rows of each file that a sample drew.
    drawn: Option<Vec<Vec<u64>>>,
    matched: BTreeSet<Row>,
    ids: Vec<u64>,
}

impl<'a> Consistency<'a> {
    fn new(summary: &'a Summary) -> Self {
        let files = summary.totals.files.iter().zip(0..);
        Self {
            summary,
            problems: Problems::default(),
            files: files
                .map(|(file, place)| (file.file.as_str(), place))
                .collect(),
            drawn: None,
            matched: BTreeSet::new(),
            ids: Vec::new(),
        }
    }

    /// Whether a row was left out by the sample.
    fn is_left_out(&self, file: u32, row: i64) -> bool {
        let drawn = self
            .drawn
            .as_ref()
            .and_then(|drawn| drawn.get(file as usize));
        drawn.is_some_and(|rows| {
            let row = u64::try_from(row);
            row.map_or(true, |row| rows.binary_search(&row).is_err())
        })
    }

    fn equal(&mut self, what: &str, said: u64, found: u64) {
        if said != found {
            self.problems.add(format!(
                "summary.json: {what} is {said}, but {found} are there"
            ));
        }
    }

    /// Sums inside the summary.
    fn totals(&mut self) {
        let totals = &self.summary.totals;
        let mut rows = RowCounts::default();
        let mut media = MediaCounts::default();
        for file in &totals.files {
            if !adds_up(&file.rows) {
                self.problems.add(format!(
                    "summary.json: rows of {} are not clear + matched + unreadable + skipped",
                    file.file
                ));
                return;
            }
            if checked_sum(&rows, &file.rows).is_none() {
                self.problems.add("summary.json: rows beyond counting");
                return;
            }
            rows.add(&file.rows);
            for (sum, items) in each_medium(&media).iter().zip(each_medium(&file.media)) {
                if !items_add_up(items) || sum.items.checked_add(items.items).is_none() {
                    self.problems.add(format!(
                        "summary.json: items of {} do not add up",
                        file.file
                    ));
                    return;
                }
            }
            media.add(&file.media);
        }
        if !adds_up(&totals.rows) {
            self.problems
                .add("summary.json: rows are not clear + matched + unreadable + skipped");
        }
        if rows != totals.rows {
            self.problems
                .add("summary.json: rows are not the sum of those of its files");
        }
        let same = each_medium(&media)
            .into_iter()
            .zip(each_medium(&totals.media));
        if !same.into_iter().all(|(a, b)| same_items(a, b)) {
            self.problems
                .add("summary.json: items are not the sum of those of its files");
        }
        match drawn_rows(self.summary) {
            Ok(drawn) => self.drawn = drawn,
            Err(problem) => self.problems.add(problem),
        }
        if coverage(totals, self.summary.sample.as_ref()) != self.summary.coverage {
            self.problems
                .add("summary.json: coverage is not that of its rows and items");
        }
    }

    /// The findings against the summary, against one another and against their table.
    fn findings(&mut self, out: &Path) -> Result<()> {
        let policy = match policy(&self.summary.policy) {
            Ok(policy) => policy,
            Err(problem) => {
                self.problems
                    .add(format!("summary.json: policy: {problem}"));
                return Ok(());
            }
        };
        let mut table = TableCheck::open(&out.join(FINDINGS_TABLE));
        let mut again = Tally::new(self.summary);
        if self.summary.declarations.declared > 0 {
            again.unread = unread(out);
        }
        let mut over_policy = RowsOverPolicy::default();
        let mut order = None;
        let read = each_line(&out.join(FINDINGS), |finding: Finding| {
            self.finding(&finding, &mut order);
            again.add(&finding, &policy);
            over_policy.add(&finding, &policy);
            if let Ok(table) = &mut table {
                table.add(&finding);
            }
            Ok(())
        });
        if self.problems.or_add(read)?.is_none() {
            return Ok(());
        }
        if let Some(problem) = table.map_or_else(Some, TableCheck::finish) {
            self.problems.add(format!("{FINDINGS_TABLE}: {problem}"));
        }
        self.ids.sort_unstable();
        if self.ids.windows(2).any(|pair| pair[0] == pair[1]) {
            self.problems
                .add(format!("{FINDINGS}: two findings have the same id"));
        }
        self.tally(&again);
        let over_policy = over_policy.of(&self.summary.totals.files);
        if let Some(problem) = sample_problem(self.summary, &over_policy) {
            self.problems.add(problem);
        }
        self.equal(
            "matched",
            self.summary.totals.rows.matched,
            self.matched.len() as u64,
        );
        Ok(())
    }

    /// Rows of a file; of one that a sample was drawn from more than were scanned.
    fn rows_of(&self, file: usize) -> u64 {
        let scanned = self.summary.totals.files[file].rows.rows;
        let sample = self.summary.sample.as_ref();
        let stratum = sample.and_then(|sample| sample.strata.get(file));
        stratum.map_or(scanned, |stratum| stratum.rows.max(scanned))
    }

    fn finding(&mut self, finding: &Finding, last: &mut Option<(u32, Finding)>) {
        let id = &finding.finding_id;
        let known = self.files.get(finding.file.as_str()).copied();
        let Some(file) = known else {
            self.problems.add(format!(
                "{id}: file {:?} is not in summary.json",
                finding.file
            ));
            return;
        };
        let rows = self.rows_of(file as usize);
        if finding.row_index < 0 || finding.row_index as u64 >= rows {
            let row = finding.row_index;
            self.problems
                .add(format!("{id}: row {row} of a file of {rows} rows"));
        } else if self.is_left_out(file, finding.row_index) {
            let row = finding.row_index;
            self.problems
                .add(format!("{id}: row {row}, which is not in the sample"));
        }
        let sound = (0.0..=1.0).contains(&finding.score) && finding.e_value >= 0.0;
        if !sound {
            self.problems
                .add(format!("{id}: impossible score or E-value"));
        }
        match u64::from_str_radix(id.strip_prefix("F-").unwrap_or("?"), 16) {
            Ok(number) => self.ids.push(number),
            Err(_) => self
                .problems
                .add(format!("{id:?} is not the id of a finding")),
        }
        if let Some((last_file, last)) = last
            && (*last_file, last.sort_key()) > (file, finding.sort_key())
        {
            self.problems
                .add(format!("{FINDINGS}: {id} stands behind its place"));
        }
        if !finding.is_mention() {
            self.matched.insert((file, finding.row_index));
        }
        *last = Some((file, finding.clone()));
    }

    fn tally(&mut self, again: &Tally) {
        let said = self.summary;
        self.equal("findings", said.findings, again.findings);
        self.equal("over_policy", said.over_policy, again.over_policy);
        if said.verdicts != again.verdicts {
            self.problems
                .add("summary.json: verdicts are not those of the findings");
        }
        if said.kinds != again.kinds {
            self.problems
                .add("summary.json: kinds are not those of the findings");
        }
        if said.mentions != again.mentions(said.mentions.as_ref()) {
            self.problems
                .add("summary.json: mentions are not those of the findings");
        }
        if said.declarations != again.declarations {
            self.problems
                .add("summary.json: declarations are not those of the findings");
        }
        for work in &said.works {
            if again.works.get(work.work_id.as_str()) != Some(work) {
                self.problems.add(format!(
                    "summary.json: work {} is not that of its findings",
                    work.work_id
                ));
            }
        }
        if said.works.len() != again.works.len() {
            self.problems
                .add("summary.json: works are not those of the findings");
        }
        for (media, matched) in Media::ALL.into_iter().zip(again.items) {
            let said = said.totals.media.of(Some(media)).matched;
            self.equal(&format!("matched of {media}"), said, matched);
        }
    }

    /// What was not examined, against the counts.
    fn coverage(&mut self, out: &Path) -> Result<()> {
        let Some(lines) = self.problems.or_add(read_coverage(out))? else {
            return Ok(());
        };
        let mut unreadable: BTreeSet<Row> = BTreeSet::new();
        let mut skipped: BTreeSet<Row> = BTreeSet::new();
        let mut items = [0u64; 3];
        let mut reasons: BTreeMap<String, u64> = BTreeMap::new();
        for line in &lines {
            let Some(&file) = self.files.get(line.file.as_str()) else {
                self.problems.add(format!(
                    "coverage.parquet: file {:?} is not in summary.json",
                    line.file
                ));
                continue;
            };
            let row = (file, line.row_index);
            if !line.column_name.is_empty() && self.is_left_out(file, line.row_index) {
                self.problems.add(format!(
                    "coverage.parquet: row {} of {:?} is not in the sample",
                    line.row_index, line.file
                ));
            }
            let place = match line.status {
                CoverageStatus::Unreadable => {
                    unreadable.insert(row);
                    0
                }
                CoverageStatus::Skipped => {
                    skipped.insert(row);
                    1
                }
                CoverageStatus::Partial => 2,
            };
            items[place] += u64::from(!line.column_name.is_empty());
            let reason = line.reason.split(':').next().unwrap_or_default();
            *reasons
                .entry(format!("{}: {reason}", line.status.as_str()))
                .or_default() += 1;
        }
        unreadable.retain(|row| !self.matched.contains(row));
        skipped.retain(|row| !self.matched.contains(row) && !unreadable.contains(row));
        let totals = &self.summary.totals;
        self.equal(
            "unreadable",
            totals.rows.unreadable,
            unreadable.len() as u64,
        );
        self.equal("skipped", totals.rows.skipped, skipped.len() as u64);
        let sum = |of: fn(&ItemCounts) -> u64| each_medium(&totals.media).into_iter().map(of).sum();
        self.equal(
            "unreadable of all media",
            sum(|items| items.unreadable),
            items[0],
        );
        self.equal("skipped of all media", sum(|items| items.skipped), items[1]);
        self.equal("partial of all media", sum(|items| items.partial), items[2]);
        if reasons != totals.reasons {
            self.problems
                .add("summary.json: reasons are not those of coverage.parquet");
        }
        Ok(())
    }

    /// Passages and thumbnails belong to findings.
    fn exhibits(&mut self, out: &Path) -> Result<()> {
        let mut strays = 0u64;
        let read = each_line(&out.join(EXHIBITS), |exhibit: Exhibit| {
            let number = exhibit.finding_id.strip_prefix("F-");
            let number = number.and_then(|digits| u64::from_str_radix(digits, 16).ok());
            let known = number.is_some_and(|number| self.ids.binary_search(&number).is_ok());
            strays += u64::from(!known);
            Ok(())
        });
        self.problems.or_add(read)?;
        if strays > 0 {
            self.problems
                .add(format!("{EXHIBITS}: {strays} of no finding"));
        }
        Ok(())
    }
}

fn each_medium(media: &MediaCounts) -> [&ItemCounts; 4] {
    [&media.audio, &media.image, &media.text, &media.unknown]
}

fn adds_up(rows: &RowCounts) -> bool {
    let parts = [rows.clear, rows.matched, rows.unreadable, rows.skipped];
    sum_of(&parts) == Some(rows.rows)
}

fn items_add_up(items: &ItemCounts) -> bool {
    let parts = [items.clear, items.matched, items.unreadable, items.skipped];
    sum_of(&parts) == Some(items.items)
}

/// Whether two counts agree; extents are sums of fractions and may differ in their last digits.
fn same_items(a: &ItemCounts, b: &ItemCounts) -> bool {
    let near = (a.extent - b.extent).abs() <= 1e-6 * a.extent.abs().max(1.0);
    let extent = a.extent;
    near && *a == ItemCounts { extent, ..*b }
}

fn checked_sum(a: &RowCounts, b: &RowCounts) -> Option<u64> {
    a.rows.checked_add(b.rows)
}

fn sum_of(parts: &[u64]) -> Option<u64> {
    parts
        .iter()
        .try_fold(0u64, |sum, part| sum.checked_add(*part))
}
