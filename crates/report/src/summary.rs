//! `summary.json`: the scan in counts, with everything that produced it.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::{DateTime, Utc};
use clearance_decode::Media;
use clearance_index::{SegmentInfo, Snapshot};
use clearance_rights::{Policy, Verdict, Work};
use clearance_scan::{Finding, FindingKind, Totals};
use serde::{Deserialize, Serialize};

use crate::decisions::ReviewSummary;
use crate::error::{Error, Result};
use crate::estimate::{DecoyEstimate, decoy_estimates};
use crate::prevalence::SampleSummary;
use crate::recall::{MeasuredRecall, measured_recall};
use crate::shards::SHARD;
use crate::works::KnownWorks;
use crate::write::SUMMARY;

mod mentions;
mod settings;

pub(crate) use mentions::MentionCount;
pub use mentions::{MentionSummary, NameSummary};
pub use settings::{FetchSettings, PlaceSettings, RunSettings};

/// Version of the summary's own format.
const SCHEMA_VERSION: u32 = 1;
/// Findings of a work that a summary names; all are in `findings.parquet`.
const STRONGEST: usize = 3;

/// What a scan found and what produced it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// Version of this format.
    pub schema_version: u32,
    /// Rows, items and files; `rows`, `clear`, `matched`, `unreadable`,
    /// `skipped` stand at top level.
    #[serde(flatten)]
    pub totals: Totals,
    /// All findings.
    pub findings: u64,
    /// Findings that the policy flags.
    pub over_policy: u64,
    /// Findings by verdict.
    pub verdicts: BTreeMap<String, u64>,
    /// Findings by kind.
    pub kinds: BTreeMap<String, u64>,
    /// What items declare about their own use, counted apart from what was recognized.
    #[serde(default)]
    pub declarations: DeclarationSummary,
    /// Names of works and creators in texts, which are counted nowhere else; nothing where they
    /// were not looked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mentions: Option<MentionSummary>,
    /// How much was examined.
    pub coverage: Coverage,
    /// False findings to expect, by medium; media without decoys are left out.
    pub decoys: BTreeMap<String, DecoyEstimate>,
    /// What a sample says of the whole dataset, when only a sample was scanned: the counts above
    /// are then those of the sample.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sample: Option<SampleSummary>,
    /// How many altered copies were found where they were counted, by medium; not in this dataset.
    #[serde(default)]
    pub recall: Vec<MeasuredRecall>,
    /// What people decided about the findings, once decisions were merged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review: Option<ReviewSummary>,
    /// Every work that was found, most findings first.
    pub works: Vec<WorkSummary>,
    /// What the findings were compared with.
    pub registry: RegistrySummary,
    /// The question that the verdicts answer.
    pub policy: PolicySummary,
    /// Settings of the run.
    pub settings: RunSettings,
    /// The program.
    pub tool: ToolSummary,
}

/// What items declare about their own use.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DeclarationSummary {
    /// Findings of the kind `declared`.
    pub declared: u64,
    /// Of those, flagged by the policy.
    pub declared_over_policy: u64,
    /// Findings of the kinds `declared` and `location` in items that are not known to be a registered
    /// work.
    pub without_work: u64,
    /// Of those, flagged by the policy.
    pub without_work_over_policy: u64,
    /// Findings of the kind `stripped`: copies that lost what their originals declared.
    pub stripped: u64,
    /// Of those, flagged by the policy.
    pub stripped_over_policy: u64,
    /// Findings of the kind `location`: something is declared about the place that an item or its row
    /// came from.
    #[serde(default)]
    pub located: u64,
    /// Of those, flagged by the policy.
    #[serde(default)]
    pub located_over_policy: u64,
    /// Findings of these kinds by the scheme of the declaration that decided.
    pub schemes: BTreeMap<String, u64>,
}

impl DeclarationSummary {
    pub(crate) fn add(&mut self, finding: &Finding, over: u64) {
        match finding.kind {
            FindingKind::Declared => {
                self.declared += 1;
                self.declared_over_policy += over;
            }
            FindingKind::Stripped => {
                self.stripped += 1;
                self.stripped_over_policy += over;
            }
            FindingKind::Location => {
                self.located += 1;
                self.located_over_policy += over;
            }
            FindingKind::Identical
            | FindingKind::Copy
            | FindingKind::Excerpt
            | FindingKind::Mention => {}
        }
        if finding.work_id.is_empty() {
            self.without_work += 1;
            self.without_work_over_policy += over;
        }
        if let Some(declaration) = &finding.declaration {
            let scheme = declaration.scheme.to_string();
            *self.schemes.entry(scheme).or_default() += 1;
        }
    }
}

/// How much of the dataset was examined.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Coverage {
    /// Share of the dataset's rows that are clear or matched, 0 to 1; rows that a sample left out
    /// are neither.
    pub examined_share: f64,
    /// Every item of every row was read from start to end.
    pub complete: bool,
}

/// A work that was found.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct WorkSummary {
    /// The work.
    pub work_id: String,
    /// Its title.
    pub title: Option<String>,
    /// Who made it.
    pub creators: Vec<String>,
    /// Who holds the rights.
    pub rightsholder: Option<String>,
    /// Findings of it.
    pub findings: u64,
    /// Of those, flagged by the policy.
    pub over_policy: u64,
    /// The strongest of them, at most three; equal ones in the dataset's order.
    pub strongest: Vec<FindingSummary>,
}

/// Where a finding stands, in short.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FindingSummary {
    /// Its id in `findings.parquet`.
    pub finding_id: String,
    /// The dataset file.
    pub file: String,
    /// Row in the file, from 0.
    pub row_index: i64,
    /// The column.
    pub column_name: String,
    /// Its medium.
    pub media: Media,
    /// What the finding is about.
    pub kind: FindingKind,
    /// Strength of the evidence, 0 to 1.
    pub score: f32,
    /// Span in the item: seconds for audio, characters for text.
    pub query_start: Option<f64>,
    /// End of that span.
    pub query_end: Option<f64>,
    /// What the rights records say.
    pub verdict: Verdict,
}

impl FindingSummary {
    fn new(finding: &Finding) -> Self {
        Self {
            finding_id: finding.finding_id.clone(),
            file: finding.file.clone(),
            row_index: finding.row_index,
            column_name: finding.column_name.clone(),
            media: finding.media,
            kind: finding.kind,
            score: finding.score,
            query_start: finding.query_start,
            query_end: finding.query_end,
            verdict: finding.verdict,
        }
    }
}

/// What a scan compared with.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RegistrySummary {
    /// Digest over all files of all segments.
    pub digest: String,
    /// Counts the registry's publications.
    pub generation: u64,
    /// When it was changed last before the scan.
    #[serde(default)]
    pub changed_at: Option<DateTime<Utc>>,
    /// Its segments, in the order they were added.
    #[serde(default)]
    pub segments: Vec<SegmentSummary>,
    /// Registered works.
    pub works: u64,
    /// Registered assets.
    pub assets: u64,
}

/// A segment of the registry.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SegmentSummary {
    /// Its folder.
    pub id: String,
    /// BLAKE3 of its files by name, hexadecimal.
    pub files: BTreeMap<String, String>,
}

impl RegistrySummary {
    pub(crate) fn new(snapshot: &Snapshot) -> Self {
        let manifest = snapshot.manifest();
        let segment = |segment: &SegmentInfo| SegmentSummary {
            id: segment.id.clone(),
            files: segment
                .files
                .iter()
                .map(|file| (file.name.clone(), file.blake3.clone()))
                .collect(),
        };
        Self {
            digest: manifest.digest(),
            generation: manifest.generation,
            changed_at: manifest.history.last().map(|change| change.at),
            segments: manifest.segments.iter().map(segment).collect(),
            works: snapshot.work_count() as u64,
            assets: snapshot.asset_count() as u64,
        }
    }
}

/// The policy in words.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PolicySummary {
    /// `opt-out` or `opt-in`.
    pub mode: String,
    /// The planned use.
    #[serde(rename = "use")]
    pub use_: String,
    /// The date of the decision.
    pub as_of: String,
    /// Whose licenses count.
    pub licensee: Option<String>,
    /// Where the use takes place.
    pub territory: Option<String>,
}

/// The program and its fingerprint parameters.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ToolSummary {
    /// `clearance`.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Parameters of the fingerprints: audio, image, text.
    pub params: Vec<String>,
}

impl PolicySummary {
    pub(crate) fn new(policy: &Policy) -> Self {
        Self {
            mode: policy.mode.to_string(),
            use_: policy.use_.to_string(),
            as_of: policy.as_of.to_string(),
            licensee: policy.licensee.clone(),
            territory: policy.territory.map(|country| country.to_string()),
        }
    }
}

impl Summary {
    /// A summary before any finding was added.
    pub(crate) fn new(
        totals: Totals,
        registry: RegistrySummary,
        policy: &Policy,
        settings: RunSettings,
        tool: ToolSummary,
    ) -> Self {
        let coverage = coverage(&totals, None);
        let decoys = decoy_estimates(&totals.media);
        Self {
            schema_version: SCHEMA_VERSION,
            totals,
            findings: 0,
            over_policy: 0,
            verdicts: BTreeMap::new(),
            kinds: BTreeMap::new(),
            declarations: DeclarationSummary::default(),
            mentions: None,
            coverage,
            decoys,
            sample: None,
            recall: measured_recall(),
            review: None,
            works: Vec::new(),
            registry,
            policy: PolicySummary::new(policy),
            settings,
            tool,
        }
    }

    pub(crate) fn add(
        &mut self,
        finding: &Finding,
        policy: &Policy,
        works: &mut BTreeMap<String, WorkSummary>,
        known: &dyn KnownWorks,
    ) {
        let over = u64::from(finding.is_over(policy));
        self.findings += 1;
        self.over_policy += over;
        *self
            .verdicts
            .entry(finding.verdict.to_string())
            .or_default() += 1;
        *self
            .kinds
            .entry(finding.kind.as_str().to_owned())
            .or_default() += 1;
        self.declarations.add(finding, over);
        if finding.work_id.is_empty() {
            return;
        }
        let work = works
            .entry(finding.work_id.clone())
            .or_insert_with(|| describe(&finding.work_id, known));
        work.findings += 1;
        work.over_policy += over;
        work.keep_if_strong(finding);
    }

    pub(crate) fn set_works(&mut self, works: BTreeMap<String, WorkSummary>) {
        self.works = works.into_values().collect();
        // Stable: equal counts stay in order of id.
        self.works
            .sort_by_key(|work| std::cmp::Reverse(work.findings));
    }

    /// Says of which dataset the rows are a sample: others of it were not examined.
    pub(crate) fn set_sample(&mut self, sample: SampleSummary) {
        self.coverage = coverage(&self.totals, Some(&sample));
        self.sample = Some(sample);
    }

    /// Reads the summary of an output folder.
    pub fn read(out: &Path) -> Result<Self> {
        let path = out.join(SUMMARY);
        if !path.exists() && out.join(SHARD).exists() {
            let detail = "one shard of a scan: clearance merge puts it together with the others";
            return Err(Error::refused(out, detail));
        }
        let text = std::fs::read(&path).map_err(Error::io(&path))?;
        serde_json::from_slice(&text).map_err(|error| Error::corrupt(&path, &error))
    }

    /// Names these results in files of decisions: 16 hexadecimal digits that follow from what was
    /// scanned, with what, and under which policy.
    pub fn results_id(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        let policy = &self.policy;
        let named = [
            &self.registry.digest,
            &policy.mode,
            &policy.use_,
            &policy.as_of,
        ];
        let files = self.totals.files.iter();
        let files = files.flat_map(|file| [&file.file, &file.footer_blake3]);
        let places = self.settings.places.iter().map(|places| &places.digest);
        let beside = places.chain(&self.settings.signers);
        for text in named.into_iter().chain(files).chain(beside) {
            hasher.update(text.as_bytes()).update(&[0]);
        }
        hasher.finalize().to_hex()[..16].to_owned()
    }

    /// Whether the dataset was examined as far as was asked.
    pub fn is_covered(&self) -> bool {
        match self.settings.min_coverage {
            Some(share) => self.coverage.examined_share >= share,
            None => self.coverage.complete,
        }
    }
}

impl WorkSummary {
    pub(crate) fn keep_if_strong(&mut self, finding: &Finding) {
        let stronger = |kept: &FindingSummary| kept.score >= finding.score;
        let place = self.strongest.partition_point(stronger);
        if place < STRONGEST {
            self.strongest.insert(place, FindingSummary::new(finding));
            self.strongest.truncate(STRONGEST);
        }
    }
}

fn describe(work_id: &str, known: &dyn KnownWorks) -> WorkSummary {
    let work = known.found(work_id).map(|found| found.work);
    let rightsholder = work.as_ref().and_then(Work::rightsholder);
    let (title, creators) = work.map_or_else(Default::default, |work| (work.title, work.creators));
    WorkSummary {
        work_id: work_id.to_owned(),
        title,
        creators,
        rightsholder,
        ..WorkSummary::default()
    }
}

/// How much of the dataset was examined: of all its rows, also where a sample of them was scanned.
pub(crate) fn coverage(totals: &Totals, sample: Option<&SampleSummary>) -> Coverage {
    let rows = &totals.rows;
    let dataset_rows = sample.map_or(rows.rows, |sample| sample.dataset_rows);
    let examined = (rows.clear + rows.matched) as f64;
    let media = &totals.media;
    let whole = [&media.audio, &media.image, &media.text, &media.unknown]
        .iter()
        .all(|items| items.unreadable + items.skipped + items.partial == 0);
    let sound = totals.files.iter().all(|file| file.damage.is_none());
    let all = rows.unreadable + rows.skipped == 0 && dataset_rows <= rows.rows;
    Coverage {
        examined_share: if dataset_rows == 0 {
            1.0
        } else {
            examined / dataset_rows as f64
        },
        complete: whole && sound && all,
    }
}

#[cfg(test)]
mod tests;
