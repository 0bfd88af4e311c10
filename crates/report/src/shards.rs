//! Shards of a scan: what each job leaves in its folder, and all of them put together.
//!
//! A shard's folder holds its part files, `shard.json` with everything that the outputs say beyond
//! them, and what the registry says of the works that it found. So neither the dataset nor the
//! registry has to be at hand when shards are put together.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use clearance_index::Snapshot;
use clearance_rights::Policy;
use clearance_scan::{ShardRecord, collect_shards, file_blake3};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::summary::{PolicySummary, RegistrySummary, RunSettings, Summary, ToolSummary};
use crate::verify::policy;
use crate::works::{FoundWork, KnownWorks, read_works};
use crate::write::{SUMMARY, WORKS, replace, write_lines, write_outputs};

/// Name of a shard's description in its output folder.
pub const SHARD: &str = "shard.json";
const FORMAT: &str = "clearance-shard";
const VERSION: u32 = 1;
/// The description of a shard of a million row groups has a hundred megabytes.
const MOST_BYTES: u64 = 1 << 30;

/// The contents of `shard.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct ShardFile {
    format: String,
    version: u32,
    tool: ToolSummary,
    registry: RegistrySummary,
    policy: PolicySummary,
    settings: RunSettings,
    /// Names that are looked for in texts, and those that are held back.
    names: (u64, u64),
    /// BLAKE3 of the shard's `works.jsonl`.
    works_blake3: String,
    #[serde(flatten)]
    record: ShardRecord,
}

impl ShardFile {
    fn read(out: &Path) -> Result<Self> {
        let path = out.join(SHARD);
        if !path.exists() {
            let detail = if out.join(SUMMARY).exists() {
                "holds the results of a whole scan, not of a shard"
            } else {
                "holds no finished shard: run clearance scan --shard into it until it ends"
            };
            return Err(Error::refused(out, detail));
        }
        let length = fs::metadata(&path).map_err(Error::io(&path))?.len();
        if length > MOST_BYTES {
            return Err(Error::corrupt(&path, &format!("{length} bytes long")));
        }
        let text = fs::read(&path).map_err(Error::io(&path))?;
        let shard: Self =
            serde_json::from_slice(&text).map_err(|error| Error::corrupt(&path, &error))?;
        if (shard.format.as_str(), shard.version) != (FORMAT, VERSION) {
            let found = format!("{} {}", shard.format, shard.version);
            let detail = format!("of the form {found}; this program reads {FORMAT} {VERSION}");
            return Err(Error::refused(&path, detail));
        }
        Ok(shard)
    }

    /// What two shards were made with differently, in words.
    fn difference(&self, other: &Self) -> Option<String> {
        if self.tool != other.tool {
            let (one, two) = (&self.tool.version, &other.tool.version);
            return Some(format!(
                "made by version {two} of this program, not {one}, or with other fingerprints"
            ));
        }
        if self.registry != other.registry {
            let (one, two) = (self.registry.generation, other.registry.generation);
            return Some(format!(
                "compared with another registry, or with it after another change ({two}, not {one}); --registry-at keeps to one state"
            ));
        }
        if self.policy != other.policy {
            let (one, two) = (&self.policy, &other.policy);
            return Some(format!(
                "another question: {} {} as of {}, not {} {} as of {}",
                two.mode, two.use_, two.as_of, one.mode, one.use_, one.as_of
            ));
        }
        (self.settings != other.settings).then(|| "scanned under other settings".to_owned())
    }
}

/// Writes what a finished shard leaves in the folder `out` beside its parts.
pub fn write_shard(
    record: ShardRecord,
    snapshot: &Snapshot,
    policy: &Policy,
    settings: RunSettings,
    tool: ToolSummary,
    out: &Path,
) -> Result<()> {
    let mut works = BTreeSet::new();
    for part in record.parts(out) {
        let findings = part?.findings;
        works.extend(findings.into_iter().map(|finding| finding.work_id));
    }
    replace(&out.join(WORKS), |file| {
        let mut lines = BufWriter::new(file);
        for work_id in &works {
            write_lines(&mut lines, snapshot.found(work_id).as_slice())?;
        }
        lines.flush()
    })?;
    let names = if settings.mentions {
        snapshot.name_counts()
    } else {
        (0, 0)
    };
    let shard = ShardFile {
        format: FORMAT.to_owned(),
        version: VERSION,
        tool,
        registry: RegistrySummary::new(snapshot),
        policy: PolicySummary::new(policy),
        settings,
        names,
        works_blake3: file_blake3(&out.join(WORKS))?,
        record,
    };
    let path = out.join(SHARD);
    let text = serde_json::to_vec(&shard).map_err(|error| Error::corrupt(&path, &error))?;
    replace(&path, |file| file.write_all(&text))
}

/// What shards kept of the registry.
struct ShardWorks {
    works: BTreeMap<String, FoundWork>,
    names: (u64, u64),
}

impl KnownWorks for ShardWorks {
    fn found(&self, work_id: &str) -> Option<FoundWork> {
        self.works.get(work_id).cloned()
    }

    fn name_counts(&self) -> (u64, u64) {
        self.names
    }
}

/// Puts the shards in the folders `shards` together: the outputs in the folder `out` are those that
/// one scan would have left, to the byte. The shards stay as they are.
///
/// # Errors
///
/// [`Error::Refused`] when shards are missing, double, not of the same scan, or not finished, and when
/// `out` holds one of them.
pub fn merge_shards(shards: &[PathBuf], out: &Path) -> Result<Summary> {
    if out.join(SHARD).exists() || out.join("parts").exists() {
        let detail = "holds a shard or an unfinished scan: choose another folder for the results";
        return Err(Error::refused(out, detail));
    }
    let mut files: Vec<(PathBuf, ShardFile)> = Vec::with_capacity(shards.len());
    for folder in shards {
        files.push((folder.clone(), ShardFile::read(folder)?));
    }
    let Some((_, first)) = files.first() else {
        return Err(Error::refused(out, "no shards were named"));
    };
    for (folder, other) in &files {
        if let Some(detail) = first.difference(other) {
            let detail = format!("not of the same scan as {}: {detail}", shards[0].display());
            return Err(Error::refused(folder, detail));
        }
    }
    let first = first.clone();
    let mut known = ShardWorks {
        works: BTreeMap::new(),
        names: first.names,
    };
    for (folder, shard) in &files {
        let path = folder.join(WORKS);
        if file_blake3(&path)? != shard.works_blake3 {
            let detail = format!("its digest is not that in {SHARD}: scan this shard again");
            return Err(Error::corrupt(&path, &detail));
        }
        known.works.extend(read_works(folder)?);
    }
    let records = files.into_iter();
    let records: Vec<(PathBuf, ShardRecord)> = records
        .map(|(folder, shard)| (folder, shard.record))
        .collect();
    let collected = collect_shards(&records)?;
    let policy =
        policy(&first.policy).map_err(|detail| Error::corrupt(&shards[0].join(SHARD), &detail))?;
    let totals = collected.totals.clone();
    let summary = Summary::new(totals, first.registry, &policy, first.settings, first.tool);
    write_outputs(&collected, &known, &policy, summary, out)
}
