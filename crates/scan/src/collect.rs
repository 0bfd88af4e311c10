//! Parts to the totals of a scan, and once more through them for the outputs.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clearance_decode::Media;
use serde::{Deserialize, Serialize};

use crate::checkpoint::{Part, read_part, remove_parts};
use crate::coverage::{MediaCounts, RowCounts};
use crate::digests::file_blake3;
use crate::error::{Error, Result};
use crate::pipeline::Scanned;
use crate::plan::{Plan, Unit};
use crate::sampling::Sampling;
use crate::source::PlannedFile;

/// The totals of one dataset file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FileTotals {
    /// The file.
    pub file: String,
    /// Length in bytes.
    pub bytes: u64,
    /// BLAKE3 of its Parquet footer, or what stands for it in other forms.
    pub footer_blake3: String,
    /// BLAKE3 of the whole file, hexadecimal; nothing when a fingerprint table stood for it, or when
    /// only a sample was read of a remote file.
    #[serde(default)]
    pub blake3: Option<String>,
    /// Of a remote file, what its server called the version that was read: the `ETag`, else the time
    /// of the last change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Rows by what became of them.
    #[serde(flatten)]
    pub rows: RowCounts,
    /// Items by medium.
    pub media: MediaCounts,
    /// Why the file could not be read, or not to its end, if so.
    pub damage: Option<String>,
}

/// A fingerprint table that was scanned in a dataset's place.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputTable {
    /// Its path.
    pub file: String,
    /// Length in bytes.
    pub bytes: u64,
    /// BLAKE3 of the whole file, hexadecimal.
    pub blake3: String,
}

/// The totals of a scan.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Totals {
    /// Rows by what became of them.
    #[serde(flatten)]
    pub rows: RowCounts,
    /// Items by medium.
    pub media: MediaCounts,
    /// File by file, in order of name.
    pub files: Vec<FileTotals>,
    /// Items that declare anything about their own use, whether it is reported or not.
    #[serde(default)]
    pub declaring: u64,
    /// Fingerprint tables that stood for files, in order of name.
    #[serde(default)]
    pub tables: Vec<InputTable>,
    /// Unreadable, skipped and partial items by reason, the text after the first
    /// colon left out.
    pub reasons: BTreeMap<String, u64>,
    /// Items behind addresses by what came of them: `fetched`, or why not.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fetched: BTreeMap<String, u64>,
}

/// A dataset that a sample was drawn from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sampled {
    /// How it was drawn.
    pub sampling: Sampling,
    /// All rows of each file, in the order of [`Totals::files`].
    pub file_rows: Vec<u64>,
}

/// The results of a finished scan, part by part.
pub struct Collected {
    /// The totals.
    pub totals: Totals,
    /// What they are a sample of, when not all rows were scanned.
    pub sampled: Option<Sampled>,
    parts: Vec<PartFile>,
    /// The folder of the parts, where it goes once everything is written elsewhere.
    folder: Option<PathBuf>,
}

/// A part file of a dataset file.
pub(crate) struct PartFile {
    /// Number of the file.
    pub(crate) file: usize,
    pub(crate) path: PathBuf,
    /// Its digest, where it came from another folder.
    pub(crate) blake3: Option<String>,
}

impl PartFile {
    pub(crate) fn read(&self) -> Result<Part> {
        if let Some(expected) = &self.blake3
            && file_blake3(&self.path)? != *expected
        {
            return Err(Error::Corrupt {
                path: self.path.clone(),
                detail: "its digest is not that in shard.json: scan this shard again".to_owned(),
            });
        }
        read_part(&self.path)
    }
}

/// The files of a plan, before anything was counted.
pub(crate) fn totals_of(plan: &Plan) -> Totals {
    let files = plan.files.iter().map(|file| FileTotals {
        file: file.name.clone(),
        bytes: file.identity.bytes,
        footer_blake3: file.identity.footer_blake3.clone(),
        version: file.identity.version.clone(),
        damage: file.damage.clone(),
        ..FileTotals::default()
    });
    Totals {
        files: files.collect(),
        ..Totals::default()
    }
}

/// Adds up the parts of a scan.
///
/// # Errors
///
/// [`Error::Input`] when a file was changed while it was scanned.
pub fn collect(plan: &Plan, scanned: Scanned) -> Result<Collected> {
    let checkpoint = scanned.checkpoint;
    checkpoint.check_inputs(plan)?;
    let part = |unit: Unit| PartFile {
        file: unit.file,
        path: checkpoint.path(unit),
        blake3: None,
    };
    let parts = plan.units().into_iter().map(part).collect();
    let sampled = plan.sample.as_ref().map(|sample| Sampled {
        sampling: sample.sampling,
        file_rows: plan.files.iter().map(PlannedFile::rows).collect(),
    });
    let folder = Some(checkpoint.folder().to_owned());
    Collected::of(totals_of(plan), sampled, parts, folder)
}

impl Collected {
    /// Adds up parts, which are in order of file and row.
    pub(crate) fn of(
        mut totals: Totals,
        sampled: Option<Sampled>,
        parts: Vec<PartFile>,
        folder: Option<PathBuf>,
    ) -> Result<Self> {
        for part_file in &parts {
            let part = part_file.read()?;
            let file = &mut totals.files[part_file.file];
            file.rows.add(&part.rows);
            file.media.add(&part.media);
            totals.rows.add(&part.rows);
            totals.media.add(&part.media);
            totals.declaring += part.declaring;
            for line in &part.fetched {
                let outcome = line.record.outcome.clone();
                *totals.fetched.entry(outcome).or_default() += 1;
            }
            for line in &part.coverage {
                let reason = line.reason.split(':').next().unwrap_or_default();
                let key = format!("{}: {reason}", line.status.as_str());
                *totals.reasons.entry(key).or_default() += 1;
            }
        }
        Ok(Self {
            totals,
            sampled,
            parts,
            folder,
        })
    }

    /// The parts in order of file and row, their E-values scaled from one item to
    /// the whole scan: chance has as many tries as there were items.
    pub fn parts(&self) -> impl Iterator<Item = Result<Part>> + '_ {
        let examined = |media: Media| self.totals.media.of(Some(media)).examined().max(1) as f64;
        self.parts.iter().map(move |part| {
            let mut part = part.read()?;
            for finding in &mut part.findings {
                finding.e_value *= examined(finding.media);
            }
            Ok(part)
        })
    }

    /// Removes the parts, once everything is written elsewhere; those of shards stay.
    pub fn finish(self) -> Result<()> {
        self.folder.map_or(Ok(()), |folder| remove_parts(&folder))
    }
}
