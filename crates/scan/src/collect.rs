//! Parts to the totals of a scan, and once more through them for the outputs.

use std::collections::BTreeMap;

use clearance_decode::Media;
use serde::{Deserialize, Serialize};

use crate::checkpoint::{Checkpoint, Part};
use crate::coverage::{MediaCounts, RowCounts};
use crate::error::Result;
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
    /// BLAKE3 of the whole file, hexadecimal; nothing when a fingerprint table stood for it.
    #[serde(default)]
    pub blake3: Option<String>,
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
    units: Vec<Unit>,
    checkpoint: Checkpoint,
}

/// Adds up the parts of a scan.
pub fn collect(plan: &Plan, scanned: Scanned) -> Result<Collected> {
    let units = plan.units();
    let mut totals = Totals {
        files: plan
            .files
            .iter()
            .map(|file| FileTotals {
                file: file.name.clone(),
                bytes: file.identity.bytes,
                footer_blake3: file.identity.footer_blake3.clone(),
                damage: file.damage.clone(),
                ..FileTotals::default()
            })
            .collect(),
        ..Totals::default()
    };
    for unit in &units {
        let part = scanned.checkpoint.read(*unit)?;
        let file = &mut totals.files[unit.file];
        file.rows.add(&part.rows);
        file.media.add(&part.media);
        totals.rows.add(&part.rows);
        totals.media.add(&part.media);
        totals.declaring += part.declaring;
        for line in &part.coverage {
            let reason = line.reason.split(':').next().unwrap_or_default();
            let key = format!("{}: {reason}", line.status.as_str());
            *totals.reasons.entry(key).or_default() += 1;
        }
    }
    Ok(Collected {
        totals,
        sampled: plan.sample.as_ref().map(|sample| Sampled {
            sampling: sample.sampling,
            file_rows: plan.files.iter().map(PlannedFile::rows).collect(),
        }),
        units,
        checkpoint: scanned.checkpoint,
    })
}

impl Collected {
    /// The parts in order of file and row, their E-values scaled from one item to
    /// the whole scan: chance has as many tries as there were items.
    pub fn parts(&self) -> impl Iterator<Item = Result<Part>> + '_ {
        let examined = |media: Media| self.totals.media.of(Some(media)).examined().max(1) as f64;
        self.units.iter().map(move |&unit| {
            let mut part = self.checkpoint.read(unit)?;
            for finding in &mut part.findings {
                finding.e_value *= examined(finding.media);
            }
            Ok(part)
        })
    }

    /// Removes the parts, once everything is written elsewhere.
    pub fn finish(self) -> Result<()> {
        self.checkpoint.remove()
    }
}
