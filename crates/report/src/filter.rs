//! A dataset without what was found in it: a clean copy, or a list of what to leave out.
//!
//! The copy has the schema, metadata, order of rows, row groups and compression of the dataset.
//! Values are copied as they are stored; what no finding touches is copied byte by byte. Files in other
//! forms than Parquet lose the lines or members of their rows. The dataset itself is only read.

mod copy;
mod deny;
mod leaf;
mod marks;
mod state;
mod targets;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, PoisonError};

use clearance_rights::Verdict;
use clearance_scan::Plan;
use rayon::prelude::*;

use crate::error::{Error, Result};
use crate::summary::Summary;
use crate::verify::{VerifyOptions, overrides, policy, verify};
use copy::{Copied, CopyPlan, copy_as_written, copy_file};
use marks::{Marks, RowMarks};
use state::State;
use targets::{Target, targets};

/// What to leave out, and of what.
#[derive(Clone, Debug, Default)]
pub struct FilterOptions {
    /// The dataset: files, folders or patterns.
    pub inputs: Vec<PathBuf>,
    /// Findings with these verdicts are acted on; those over the scan's policy when there are none.
    pub verdicts: BTreeSet<Verdict>,
    /// Items become null, and their rows stay.
    pub null_items: bool,
    /// Act on a scan that did not examine all it was asked to.
    pub allow_incomplete: bool,
}

/// What was done to a dataset.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filtered {
    /// Files written.
    pub files: u64,
    /// Files that were there from an earlier run.
    pub resumed: u64,
    /// Rows of the dataset.
    pub rows: u64,
    /// Rows that were removed; all others are in the copy.
    pub removed: u64,
    /// Items that were made null.
    pub nulled: u64,
    /// Whether it was stopped before the end; the same command goes on.
    pub stopped: bool,
}

/// A scan whose findings can be acted on.
struct Ready {
    targets: Vec<Target>,
    marks: Marks,
    key: String,
}

/// Writes a copy of the dataset into the folder `to`, without what the findings of the output folder
/// `out` point at. Runs on the current rayon pool.
pub fn filter(
    out: &Path,
    options: &FilterOptions,
    to: &Path,
    stop: &AtomicBool,
) -> Result<Filtered> {
    let ready = ready(out, options)?;
    refuse_overwriting(&ready.targets, to)?;
    for target in ready.targets.iter().filter(|it| !it.file.is_parquet()) {
        if options.null_items {
            let detail = "items can be made null in Parquet alone: filter without --null-items";
            return Err(Error::refused(&target.from, detail));
        }
        if let Some(reason) = target.file.why_not_copied() {
            return Err(Error::refused(&target.from, reason));
        }
    }
    let places: Vec<PathBuf> = ready.targets.iter().map(|t| t.place.clone()).collect();
    let state = Mutex::new(State::open(to, ready.key.clone(), &places)?);
    let lock = || state.lock().unwrap_or_else(PoisonError::into_inner);
    let none = RowMarks::default();
    let one = |target: &Target| -> Result<Option<(Copied, bool)>> {
        let path = to.join(&target.place);
        if let Some(copied) = lock().done(&target.place, &path) {
            return Ok(Some((copied, true)));
        }
        let marks = ready.marks.of(&target.scanned_as).unwrap_or(&none);
        let copied = if target.file.is_parquet() {
            copy_file(&CopyPlan {
                from: &target.from,
                to: &path,
                marks,
                names: &ready.marks,
                null_items: options.null_items,
                stop,
            })?
        } else {
            copy_as_written(&target.file, &path, marks, stop)?
        };
        if let Some(copied) = copied {
            lock().finish(&target.place, &path, copied)?;
        }
        Ok(copied.map(|copied| (copied, false)))
    };
    let copies: Vec<Result<Option<(Copied, bool)>>> = ready.targets.par_iter().map(one).collect();
    let mut filtered = Filtered::default();
    for copied in copies {
        match copied? {
            Some((copied, resumed)) => {
                filtered.files += u64::from(!resumed);
                filtered.resumed += u64::from(resumed);
                filtered.rows += copied.rows;
                filtered.removed += copied.removed;
                filtered.nulled += copied.nulled;
            }
            None => filtered.stopped = true,
        }
    }
    Ok(filtered)
}

/// Writes a list of what the findings of the output folder `out` point at: CSV, or JSON Lines when
/// the file's name ends so. `uid_column` is a column of the dataset whose values are listed too.
/// Returns the number of lines.
pub fn deny_list(
    out: &Path,
    options: &FilterOptions,
    uid_column: Option<&str>,
    list: &Path,
) -> Result<u64> {
    let ready = ready(out, options)?;
    deny::write(
        out,
        &ready.targets,
        &ready.marks,
        &verdicts(out, options)?,
        uid_column,
        list,
    )
}

/// Checks that the results are sound and whole, and that the dataset is the one that was scanned.
fn ready(out: &Path, options: &FilterOptions) -> Result<Ready> {
    let summary = Summary::read(out)?;
    let verification = verify(out, &VerifyOptions::default())?;
    if let Some(problem) = verification.first_problem() {
        return Err(Error::refused(out, format!("not acted on: {problem}")));
    }
    if let Some(sample) = summary
        .sample
        .as_ref()
        .filter(|_| !options.allow_incomplete)
    {
        let detail = format!(
            "a sample of {} of {} rows was scanned; what is in the others is unknown",
            summary.totals.rows.rows, sample.dataset_rows
        );
        return Err(Error::Incomplete {
            path: out.to_owned(),
            detail,
        });
    }
    if !summary.is_covered() && !options.allow_incomplete {
        let detail = format!(
            "the scan is incomplete: {:.1} % of the rows were examined; what is in the others is unknown",
            summary.coverage.examined_share * 100.0
        );
        return Err(Error::Incomplete {
            path: out.to_owned(),
            detail,
        });
    }
    let overrides = overrides(&summary.settings)
        .map_err(|detail| Error::corrupt(&out.join("summary.json"), &detail))?;
    let plan = Plan::new(&options.inputs, &overrides)?;
    let targets = targets(&plan, &options.inputs, &summary)?;
    let verdicts = verdicts(out, options)?;
    let marks = Marks::read(out, &verdicts)?;
    if options.null_items && marks.are_located {
        let detail = "findings of the kind location are about whole rows, not about items: filter without --null-items";
        return Err(Error::refused(out, detail));
    }
    let mut key = blake3::Hasher::new();
    let findings = crate::attest::sha256(&out.join(crate::write::FINDINGS))?;
    key.update(format!("{findings} {verdicts:?} {}", options.null_items).as_bytes());
    for file in &summary.totals.files {
        key.update(format!("{} {} {:?}", file.file, file.footer_blake3, file.blake3).as_bytes());
    }
    Ok(Ready {
        targets,
        marks,
        key: key.finalize().to_hex().to_string(),
    })
}

/// The verdicts that are acted on.
fn verdicts(out: &Path, options: &FilterOptions) -> Result<BTreeSet<Verdict>> {
    if !options.verdicts.is_empty() {
        return Ok(options.verdicts.clone());
    }
    let summary = Summary::read(out)?;
    let policy = policy(&summary.policy)
        .map_err(|detail| Error::corrupt(&out.join("summary.json"), &detail))?;
    let all = Verdict::ALL.into_iter();
    Ok(all.filter(|verdict| policy.flags(*verdict)).collect())
}

/// A copy must not land on the dataset itself.
fn refuse_overwriting(targets: &[Target], to: &Path) -> Result<()> {
    for target in targets {
        let place = to.join(&target.place);
        let (Ok(place), Ok(from)) = (place.canonicalize(), target.from.canonicalize()) else {
            continue;
        };
        if place == from {
            let detail = "the copy would take the dataset's place; give another folder with --to";
            return Err(Error::refused(&target.from, detail));
        }
    }
    Ok(())
}
