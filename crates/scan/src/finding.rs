//! Findings and coverage lines: what a scan reports.

use clearance_decode::Media;
use clearance_index::{Evidence, Match, MatchKind, Snapshot, Transform};
use clearance_rights::{Policy, Verdict};
use serde::{Deserialize, Serialize};

/// A registered work in an item, with the evidence and what its rights records say.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// `F-` and 16 hexadecimal digits, the same on every run.
    pub finding_id: String,
    /// The dataset file.
    pub file: String,
    /// Row in the file, from 0.
    pub row_index: i64,
    /// The column.
    pub column_name: String,
    /// Position in a list column; 0 elsewhere.
    pub item_index: i32,
    /// BLAKE3 of the item's bytes, hexadecimal.
    pub item_digest: String,
    /// The item's medium.
    pub media: Media,
    /// The work.
    pub work_id: String,
    /// The asset of the work that was recognized.
    pub asset_id: String,
    /// How the item relates to the work.
    pub kind: MatchKind,
    /// Strength of the evidence, 0 to 1.
    pub score: f32,
    /// Expected number of findings this strong by chance in this whole scan.
    pub e_value: f64,
    /// Span in the item: seconds for audio, characters for text.
    pub query_start: Option<f64>,
    /// End of that span.
    pub query_end: Option<f64>,
    /// Span in the work.
    pub work_start: Option<f64>,
    /// End of that span.
    pub work_end: Option<f64>,
    /// Where a picture shows the work: left, top, right, bottom as shares of its sides.
    pub query_box: Option<[f32; 4]>,
    /// Which part of the registered picture is seen, the same way.
    pub work_box: Option<[f32; 4]>,
    /// What was done to the work, where that was measured.
    pub transform: Option<Transform>,
    /// Raw counts.
    pub evidence: Evidence,
    /// What the rights records say about the planned use.
    pub verdict: Verdict,
    /// The reservation that decided.
    pub reservation_id: Option<String>,
    /// The license that decided.
    pub license_id: Option<String>,
    /// In a sentence, which record decided.
    pub reason: String,
}

impl Finding {
    /// Whether two findings are reported in this order.
    pub fn sort_key(&self) -> (i64, &str, i32, &str, i64, &str) {
        let start = self.query_start.unwrap_or(0.0) * 1000.0;
        (
            self.row_index,
            &self.column_name,
            self.item_index,
            &self.work_id,
            start as i64,
            &self.finding_id,
        )
    }
}

/// What a reader of the report wants to see of a finding.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exhibit {
    /// The finding.
    pub finding_id: String,
    /// The passage as it stands in the item, shortened in the middle.
    pub excerpt: Option<String>,
    /// A small JPEG of the item, base64.
    pub thumbnail: Option<String>,
    /// A small JPEG of the registered picture, base64.
    pub work_thumbnail: Option<String>,
    /// The passage as it stands in the work, shortened the same way; nothing where the registry
    /// keeps no texts.
    #[serde(default)]
    pub work_excerpt: Option<String>,
    /// What agrees in two recordings.
    #[serde(default)]
    pub sound: Option<SoundExhibit>,
}

/// The strongest spectral peaks of two recordings over a matched span, each a time in
/// milliseconds and a pitch, 0 to 255 on the fingerprint's logarithmic scale.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SoundExhibit {
    /// Of the item.
    pub item: Vec<(u32, u8)>,
    /// Of the registered recording.
    pub work: Vec<(u32, u8)>,
    /// Peaks that agree: time and pitch in the item, time and pitch in the recording.
    pub aligned: Vec<[u32; 4]>,
}

/// Why an item was not examined, or not wholly.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoverageLine {
    /// The dataset file.
    pub file: String,
    /// Row in the file, from 0.
    pub row_index: i64,
    /// The column; empty when the row as a whole is meant.
    pub column_name: String,
    /// Position in a list column; 0 elsewhere.
    pub item_index: i32,
    /// What became of the item.
    pub status: CoverageStatus,
    /// Why.
    pub reason: String,
}

/// What became of an item that was not examined as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CoverageStatus {
    /// It should have been readable and was not.
    Unreadable,
    /// It was left aside: nothing there, or not asked for.
    Skipped,
    /// A part of it was read and examined.
    Partial,
}

impl CoverageStatus {
    /// `unreadable`, `skipped` or `partial`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::Skipped => "skipped",
            Self::Partial => "partial",
        }
    }
}

/// Where an item stands in its dataset.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    pub(crate) file: &'a str,
    pub(crate) row_index: i64,
    pub(crate) column_name: &'a str,
    pub(crate) item_index: i32,
}

/// A match in its place, judged: a finding. `None` for an asset whose work has
/// no record, which a sound registry does not have.
pub(crate) fn judge(
    place: Place<'_>,
    item_digest: &str,
    media: Media,
    found: &Match,
    snapshot: &Snapshot,
    policy: &Policy,
) -> Option<Finding> {
    let asset = snapshot.asset(found.asset)?;
    let record = snapshot.work(&asset.work_id)?;
    let decision = policy.decide(&record.work, &record.reservations, &record.licenses);
    Some(Finding {
        finding_id: finding_id(place, &asset.asset_id, found),
        file: place.file.to_owned(),
        row_index: place.row_index,
        column_name: place.column_name.to_owned(),
        item_index: place.item_index,
        item_digest: item_digest.to_owned(),
        media,
        work_id: asset.work_id.clone(),
        asset_id: asset.asset_id.clone(),
        kind: found.kind,
        score: found.score,
        e_value: found.e_value_per_item,
        query_start: found.query_span.map(|span| span.start),
        query_end: found.query_span.map(|span| span.end),
        work_start: found.work_span.map(|span| span.start),
        work_end: found.work_span.map(|span| span.end),
        query_box: found.query_box,
        work_box: found.work_box,
        transform: found.transform,
        evidence: found.evidence,
        verdict: decision.verdict,
        reservation_id: decision.reservation_id,
        license_id: decision.license_id,
        reason: decision.reason,
    })
}

/// Judges a finding again: by the records that the registry has now, under another policy. False
/// when the registry does not list the work.
pub fn judge_again(finding: &mut Finding, snapshot: &Snapshot, policy: &Policy) -> bool {
    let Some(record) = snapshot.work(&finding.work_id) else {
        return false;
    };
    let decision = policy.decide(&record.work, &record.reservations, &record.licenses);
    finding.verdict = decision.verdict;
    finding.reservation_id = decision.reservation_id;
    finding.license_id = decision.license_id;
    finding.reason = decision.reason;
    true
}

fn finding_id(place: Place<'_>, asset_id: &str, found: &Match) -> String {
    let mut hasher = blake3::Hasher::new();
    for part in [place.file, place.column_name, asset_id] {
        hasher.update(part.as_bytes()).update(&[0]);
    }
    hasher.update(&place.row_index.to_le_bytes());
    hasher.update(&place.item_index.to_le_bytes());
    let start = found.query_span.map_or(0.0, |span| span.start);
    hasher.update(&start.to_le_bytes());
    // One picture may show a work in several places.
    for corner in found.query_box.into_iter().flatten() {
        hasher.update(&corner.to_le_bytes());
    }
    format!("F-{}", &hasher.finalize().to_hex()[..16])
}

#[cfg(test)]
mod tests;
