//! What a scan is going to do: files, columns, units of work.

use std::path::PathBuf;
use std::sync::Arc;

use clearance_decode::Limits;
use clearance_rights::Policy;
use rayon::prelude::*;
use serde::Serialize;

use crate::error::{Error, Result};
use crate::fetch::FetchOptions;
use crate::isolation::{DecoderPool, Isolation};
use crate::places::Places;
use crate::reading::Reader;
use crate::sampling::Sample;
use crate::schema::{Holds, Overrides};
use crate::shard::Shard;
use crate::signers::TrustedSigners;
use crate::source::{self, PlannedFile};

/// Settings that decide what a scan finds. They go into its report.
#[derive(Clone, Debug)]
pub struct ScanOptions {
    /// Bounds on each item.
    pub limits: Limits,
    /// What is to be decided about findings.
    pub policy: Policy,
    /// What the user says of columns.
    pub overrides: Overrides,
    /// Folders outside the dataset that paths may lead to.
    pub media_roots: Vec<PathBuf>,
    /// Share of the recordings and pictures without a match, 0 to 1, of which a decoy is searched for:
    /// how often a work is found in those says what chance does in this very dataset.
    pub decoy_share: f64,
    /// Whether what items declare about their own use is read and reported.
    pub declarations: bool,
    /// Whether names of registered works and their creators are looked for in texts.
    pub mentions: bool,
    /// Whether the ISCC of each item is computed and compared with those of registered works.
    pub iscc: bool,
    /// Whose signatures of C2PA manifests are trusted; without it none is checked.
    pub signers: Option<Arc<TrustedSigners>>,
    /// Rules about places that addresses are looked up in, when there are some. They go with a plan
    /// made by [`Plan::with_places`].
    pub places: Option<Arc<Places>>,
    /// Fetches items behind addresses; without it they are skipped.
    pub fetch: Option<FetchOptions>,
    /// Decodes in processes of its own.
    pub isolation: Option<Isolation>,
}

impl ScanOptions {
    /// Reads items as a scan does, in this process.
    pub(crate) fn reader(&self) -> Reader<'_> {
        Reader {
            limits: &self.limits,
            media_roots: &self.media_roots,
            declarations: self.declarations,
            signers: self.signers.as_deref().map(|it| &it.signers),
            decoders: None,
        }
    }

    /// Starts decoding processes, where they are asked for.
    pub(crate) fn decoders(&self) -> Result<Option<DecoderPool>> {
        let pem = self.signers.as_ref().map_or("", |signers| &signers.pem);
        let start = |isolation| DecoderPool::start(isolation, &self.reader(), pem);
        self.isolation.as_ref().map(start).transpose()
    }
}

/// A planned scan.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The dataset's files in the order of their names.
    pub files: Vec<PlannedFile>,
    /// Files in the folders of the dataset that are not read, each with the reason.
    pub passed_over: Vec<String>,
    /// The rows that are scanned, when not all are.
    pub(crate) sample: Option<Sample>,
    /// The share of the row groups that is scanned here, when others scan the rest.
    pub(crate) shard: Option<Shard>,
}

/// A row group of a file, or a run of rows in a file without: the unit that is finished or done again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(crate) struct Unit {
    pub(crate) file: usize,
    pub(crate) group: usize,
    /// Its first row's number in the file.
    pub(crate) first_row: u64,
    pub(crate) rows: u64,
}

impl Plan {
    /// Looks at every file behind the inputs, without reading its rows. A fingerprint table stands
    /// for the files that it was made of.
    pub fn new(inputs: &[PathBuf], overrides: &Overrides) -> Result<Self> {
        Self::of(inputs, overrides, false)
    }

    /// The same with columns of addresses that are no items: where the text or the file beside them
    /// came from. A scan looks them up in the rules about places.
    pub fn with_places(inputs: &[PathBuf], overrides: &Overrides) -> Result<Self> {
        Self::of(inputs, overrides, true)
    }

    fn of(inputs: &[PathBuf], overrides: &Overrides, has_places: bool) -> Result<Self> {
        let mut passed_over = Vec::new();
        let mut loose = source::Loose::default();
        let mut found = Vec::new();
        for input in inputs {
            let expanded = source::expand(input)?;
            passed_over.extend(expanded.passed_over);
            loose.join(expanded.loose);
            found.extend(expanded.files);
        }
        let opened = found
            .par_iter()
            .map(|found| source::open(found, overrides))
            .collect::<Result<Vec<_>>>()?;
        let has_items = |files: &Vec<PlannedFile>| files.iter().any(|it| !it.columns.is_empty());
        let any_has = opened.iter().any(has_items);
        let mut files = Vec::new();
        for (found, planned) in found.iter().zip(opened) {
            // Lists and settings beside a dataset are written in the forms of datasets, too.
            let is_beside = |file: &PlannedFile| {
                found.is_searched && file.is_text_table() && file.damage.is_none()
            };
            if any_has && !has_items(&planned) && planned.iter().all(is_beside) {
                passed_over.push(format!("{}: no audio, image or text column", found.name));
            } else {
                files.extend(planned);
            }
        }
        let names_files = |file: &PlannedFile| {
            let mut columns = file.columns.iter();
            columns.any(|column| matches!(column.holds, Holds::Path | Holds::Url))
        };
        if let Some(first) = &loose.first
            && !files.iter().any(names_files)
        {
            passed_over.push(format!(
                "media files beside tables that have no column of paths: {}, such as {}; move them to a folder of their own to have them scanned",
                loose.files,
                first.display()
            ));
        }
        if has_places {
            for file in &mut files {
                let origins = std::mem::take(&mut file.origins);
                file.columns.extend(origins);
            }
        }
        files.sort_by(|a, b| a.name.cmp(&b.name));
        files.dedup_by(|a, b| a.name == b.name);
        let plan = Self {
            files,
            passed_over,
            sample: None,
            shard: None,
        };
        plan.check(overrides)?;
        Ok(plan)
    }

    fn check(&self, overrides: &Overrides) -> Result<()> {
        for column in overrides.keys() {
            let known = |file: &PlannedFile| file.schema.iter().any(|(name, _)| name == column);
            if !self.files.iter().any(known) {
                return Err(Error::Column {
                    column: column.clone(),
                    detail: "no file of the dataset has such a column".to_owned(),
                });
            }
        }
        let Some(first) = self.files.first() else {
            return Ok(());
        };
        if let Some(damage) = &first.damage
            && self
                .files
                .iter()
                .all(|file| file.damage.is_some() && file.rows() == 0)
        {
            let form = match first.form_name() {
                "Parquet" => "not a readable Parquet file",
                _ => "cannot be read",
            };
            return Err(Error::input(&first.path, format!("{form}: {damage}")));
        }
        if self.files.iter().all(|file| file.columns.is_empty()) {
            let columns: Vec<String> = self
                .files
                .iter()
                .find(|file| file.damage.is_none())
                .into_iter()
                .flat_map(|file| &file.schema)
                .map(|(name, kind)| format!("{name} ({kind})"))
                .collect();
            let detail = format!(
                "no audio, image or text column recognized among {}; name one with --column NAME=audio|image|text",
                columns.join(", ")
            );
            return Err(Error::input(&first.path, detail));
        }
        Ok(())
    }

    /// All rows of all files.
    pub fn rows(&self) -> u64 {
        self.files.iter().map(PlannedFile::rows).sum()
    }

    /// The units of the whole dataset, whoever scans them.
    pub(crate) fn all_units(&self) -> Vec<Unit> {
        let mut units = Vec::new();
        for (file, planned) in self.files.iter().enumerate() {
            let mut first_row = 0;
            for (group, &rows) in planned.row_groups.iter().enumerate() {
                units.push(Unit {
                    file,
                    group,
                    first_row,
                    rows,
                });
                first_row += rows;
            }
        }
        units.retain(|unit| self.has_chosen(*unit));
        units
    }
}
