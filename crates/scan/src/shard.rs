//! A scan that is split over jobs: each scans its share of the row groups, and what they leave is
//! put together into what one scan would have left.

use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::checkpoint::{PARTS, Part};
use crate::collect::{Collected, FileTotals, InputTable, PartFile, Sampled, Totals, totals_of};
use crate::digests::{digest_inputs, file_blake3};
use crate::error::{Error, Result};
use crate::pipeline::Scanned;
use crate::plan::{Plan, Unit};
use crate::sampling::Sampling;
use crate::source::PlannedFile;

/// Missing shards that are listed.
const LISTED: usize = 50;
/// A scan is split into no more shards than this.
const MOST_SHARDS: u32 = 100_000;

/// One of the shares that a scan is split into, written `3/8` for the third of eight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Shard {
    number: u32,
    of: u32,
}

impl Shard {
    /// Which of them, from 1.
    pub fn number(self) -> u32 {
        self.number
    }

    /// How many there are.
    pub fn of(self) -> u32 {
        self.of
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let numbers = text.split_once('/');
        let numbers =
            numbers.and_then(|(number, of)| Some((number.parse().ok()?, of.parse().ok()?)));
        match numbers {
            Some((number, of)) if number >= 1 && number <= of && of <= MOST_SHARDS => {
                Ok(Self { number, of })
            }
            _ => Err(format!(
                "{text:?} is no shard: write 1/8 for the first of eight, up to 8/8; at most {MOST_SHARDS}"
            )),
        }
    }
}

impl TryFrom<String> for Shard {
    type Error = String;

    fn try_from(text: String) -> std::result::Result<Self, String> {
        text.parse()
    }
}

impl From<Shard> for String {
    fn from(shard: Shard) -> Self {
        shard.to_string()
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

impl Plan {
    /// Scans one share of the row groups in place of all. Shares follow from the files, their row
    /// groups and the sample alone; each is a run of row groups, and they are about equal in bytes.
    pub fn take_shard(&mut self, shard: Shard) {
        self.shard = Some(shard);
    }

    /// The units that are scanned here.
    pub(crate) fn units(&self) -> Vec<Unit> {
        let mut units = self.all_units();
        if let Some(shard) = self.shard {
            let owners = self.owners(&units, shard.of);
            let mut owners = owners.iter();
            units.retain(|_| owners.next() == Some(&shard.number));
        }
        units
    }

    /// For each unit, the number of the shard that scans it.
    fn owners(&self, units: &[Unit], of: u32) -> Vec<u32> {
        let bytes = |unit: &Unit| {
            let file = &self.files[unit.file];
            let of_file = u128::from(file.identity.bytes) * u128::from(self.chosen_rows(*unit));
            (of_file / u128::from(file.rows().max(1))).max(1)
        };
        let bytes: Vec<u128> = units.iter().map(bytes).collect();
        let all = bytes.iter().sum::<u128>().max(1);
        let mut before = 0;
        let owner = |bytes: &u128| {
            // The share that a unit's middle lies in.
            let middle = 2 * before + bytes;
            before += bytes;
            (middle * u128::from(of) / (2 * all)) as u32 + 1
        };
        bytes.iter().map(owner).collect()
    }

    /// For each file, whether its digest is made here: of a shard those that it reads. Files that
    /// nobody reads anything of are dealt out.
    pub(crate) fn digested_files(&self) -> Vec<bool> {
        let Some(shard) = self.shard else {
            return vec![true; self.files.len()];
        };
        let read_here: BTreeSet<usize> = self.units().iter().map(|unit| unit.file).collect();
        let read: BTreeSet<usize> = self.all_units().iter().map(|unit| unit.file).collect();
        let is_dealt = |file: usize| file % shard.of as usize + 1 == shard.number as usize;
        (0..self.files.len())
            .map(|file| read_here.contains(&file) || (!read.contains(&file) && is_dealt(file)))
            .collect()
    }
}

/// A finished shard: what it was made of, and its parts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ShardRecord {
    /// Which it is.
    pub shard: Shard,
    /// Names the scan: BLAKE3 over program, registry, inputs and settings, hexadecimal. All shards
    /// of one scan have the same.
    pub key: String,
    /// All files of the dataset, without counts; with digests where the shard read them.
    pub files: Vec<FileTotals>,
    /// Rows of each file.
    pub file_rows: Vec<u64>,
    /// Fingerprint tables that were read in a dataset's place.
    pub tables: Vec<InputTable>,
    /// How rows were drawn, when not all were scanned.
    pub sampling: Option<Sampling>,
    /// Row groups of the whole scan.
    pub units: u64,
    /// The row groups of this shard, in order.
    pub parts: Vec<ShardPart>,
}

/// The results of one row group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShardPart {
    /// Number of its file.
    pub file: u64,
    /// Its number in the file.
    pub group: u64,
    /// BLAKE3 of the part file.
    pub blake3: String,
}

/// Describes the shard that was scanned. Its part files stay where they are.
///
/// # Errors
///
/// [`Error::Input`] when a file that it read was changed meanwhile.
pub fn finish_shard(plan: &Plan, shard: Shard, scanned: &Scanned) -> Result<ShardRecord> {
    scanned.checkpoint.check_inputs(plan)?;
    let mut totals = totals_of(plan);
    digest_inputs(plan, &mut totals)?;
    let parts = plan.units().into_iter().map(|unit| {
        Ok(ShardPart {
            file: unit.file as u64,
            group: unit.group as u64,
            blake3: file_blake3(&scanned.checkpoint.path(unit))?,
        })
    });
    Ok(ShardRecord {
        shard,
        key: scanned.key.clone(),
        files: totals.files,
        file_rows: plan.files.iter().map(PlannedFile::rows).collect(),
        tables: totals.tables,
        sampling: plan.sample.as_ref().map(|sample| sample.sampling),
        units: plan.all_units().len() as u64,
        parts: parts.collect::<Result<_>>()?,
    })
}

impl ShardRecord {
    /// Its parts in the folder `out`; E-values in them are those of one item.
    pub fn parts(&self, out: &Path) -> impl Iterator<Item = Result<Part>> {
        self.part_files(out).into_iter().map(|part| part.read())
    }

    fn part_files(&self, out: &Path) -> Vec<PartFile> {
        let folder = out.join(PARTS);
        let file = |part: &ShardPart| PartFile {
            file: usize::try_from(part.file).unwrap_or(usize::MAX),
            path: folder.join(format!("{:06}-{:06}.json", part.file, part.group)),
            blake3: Some(part.blake3.clone()),
        };
        self.parts.iter().map(file).collect()
    }
}

/// Puts the parts of shards together; each comes with its folder. The results are those of one scan,
/// and reading them needs the folders' parts.
///
/// # Errors
///
/// [`Error::Shards`] when they are not all shards of one scan, each once, or disagree about a file.
pub fn collect_shards(shards: &[(PathBuf, ShardRecord)]) -> Result<Collected> {
    let Some((folder, first)) = shards.first() else {
        return Err(refused(Path::new(""), "no shards".to_owned()));
    };
    for (other, record) in shards {
        if let Some(detail) = difference(first, record) {
            let detail = format!("not of the same scan as {}: {detail}", folder.display());
            return Err(refused(other, detail));
        }
    }
    check_numbers(shards)?;
    let totals = joined_totals(first, shards)?;
    let parts = joined_parts(folder, first, shards)?;
    let sampled = first.sampling.map(|sampling| Sampled {
        sampling,
        file_rows: first.file_rows.clone(),
    });
    Collected::of(totals, sampled, parts, None)
}

fn refused(path: &Path, detail: String) -> Error {
    Error::Shards {
        path: path.to_owned(),
        detail,
    }
}

/// The files and tables of all shards, with their digests. Shards that read the same file have to
/// have read the same bytes.
fn joined_totals(first: &ShardRecord, shards: &[(PathBuf, ShardRecord)]) -> Result<Totals> {
    let mut totals = Totals {
        files: first.files.clone(),
        ..Totals::default()
    };
    let other = |folder: &Path, name: &str| {
        let detail = format!(
            "{name} was another file when this shard was scanned: scan all shards again that read it as it was before"
        );
        refused(folder, detail)
    };
    for (folder, record) in shards {
        for (file, said) in totals.files.iter_mut().zip(&record.files) {
            match (&file.blake3, &said.blake3) {
                (Some(known), Some(found)) if known != found => {
                    return Err(other(folder, &file.file));
                }
                (None, Some(found)) => file.blake3 = Some(found.clone()),
                _ => {}
            }
        }
        for table in &record.tables {
            match totals.tables.iter().find(|known| known.file == table.file) {
                Some(known) if known != table => return Err(other(folder, &table.file)),
                Some(_) => {}
                None => totals.tables.push(table.clone()),
            }
        }
    }
    totals.tables.sort_by(|a, b| a.file.cmp(&b.file));
    Ok(totals)
}

/// The parts of all shards in order of file and row.
fn joined_parts(
    folder: &Path,
    first: &ShardRecord,
    shards: &[(PathBuf, ShardRecord)],
) -> Result<Vec<PartFile>> {
    let numbered = shards.iter().flat_map(|(folder, record)| {
        let places = record.parts.iter().map(|part| (part.file, part.group));
        places.zip(record.part_files(folder))
    });
    let mut parts: Vec<((u64, u64), PartFile)> = numbered.collect();
    parts.sort_by_key(|(place, _)| *place);
    let is_rising = parts.windows(2).all(|pair| pair[0].0 < pair[1].0);
    let are_known = parts.iter().all(|(_, part)| part.file < first.files.len());
    let is_whole = parts.len() as u64 == first.units && first.file_rows.len() == first.files.len();
    if !(is_rising && are_known && is_whole) {
        let detail = format!(
            "these shards hold {} row groups, the scan has {}, or one is there twice: scan them again",
            parts.len(),
            first.units
        );
        return Err(refused(folder, detail));
    }
    Ok(parts.into_iter().map(|(_, part)| part).collect())
}

/// What two shards were made of differently.
fn difference(one: &ShardRecord, other: &ShardRecord) -> Option<String> {
    let (of, others) = (one.shard.of, other.shard.of);
    if of != others {
        return Some(format!("split into {others} shards, not {of}"));
    }
    let named = |record: &ShardRecord| -> Vec<(String, u64, String, Option<String>)> {
        let files = record.files.iter();
        files
            .map(|file| {
                (
                    file.file.clone(),
                    file.bytes,
                    file.footer_blake3.clone(),
                    file.damage.clone(),
                )
            })
            .collect()
    };
    let (files, others) = (named(one), named(other));
    if files.len() != others.len() {
        return Some(format!("{} input files, not {}", others.len(), files.len()));
    }
    if let Some((file, _)) = others
        .iter()
        .zip(&files)
        .find(|(other, file)| other != file)
    {
        return Some(format!("the input {} differs", file.0));
    }
    if (one.sampling, one.units, &one.file_rows) != (other.sampling, other.units, &other.file_rows)
    {
        return Some("another sample".to_owned());
    }
    (one.key != other.key).then(|| "other settings, or another registry".to_owned())
}

/// Each shard has to be there, and once.
fn check_numbers(shards: &[(PathBuf, ShardRecord)]) -> Result<()> {
    let mut seen: Vec<(u32, &Path)> = Vec::new();
    let mut of = 0;
    for (folder, record) in shards {
        of = record.shard.of;
        let number = record.shard.number;
        if let Some((_, other)) = seen.iter().find(|(known, _)| *known == number) {
            return Err(Error::Shards {
                path: folder.clone(),
                detail: format!(
                    "shard {} is in {}, too: name each shard once",
                    record.shard,
                    other.display()
                ),
            });
        }
        seen.push((number, folder));
    }
    let have: BTreeSet<u32> = seen.iter().map(|(number, _)| *number).collect();
    let missing: Vec<String> = (1..=of)
        .filter(|number| !have.contains(number))
        .map(|number| number.to_string())
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let listed = missing[..missing.len().min(LISTED)].join(", ");
    let more = if missing.len() > LISTED { ", …" } else { "" };
    let path = seen.first().map(|(_, folder)| folder.to_path_buf());
    Err(Error::Shards {
        path: path.unwrap_or_default(),
        detail: format!(
            "{} of {of} shards are missing: {listed}{more}. Scan them with --shard, and name their folders too",
            missing.len()
        ),
    })
}

#[cfg(test)]
mod tests;
