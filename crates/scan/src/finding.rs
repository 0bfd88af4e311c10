//! Findings and coverage lines: what a scan reports.

use clearance_decode::Media;
use clearance_index::{Evidence, Match, MatchKind, NameRole, Snapshot, Transform, WorkRecord};
use clearance_rights::signals::{Answer, Embedded, Scheme, Signature};
use clearance_rights::{Decision, LinkedWork, Policy, Verdict};
use serde::{Deserialize, Serialize};

use crate::places::Located;
use crate::reading::{ItemBytes, Said};

mod beside;

pub(crate) use beside::{coded, mentioned};

/// What a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FindingKind {
    /// The item is byte for byte a registered file.
    Identical,
    /// The item is a registered work as a whole, altered or re-encoded.
    Copy,
    /// A part of a registered work is in the item.
    Excerpt,
    /// The item itself declares something about its use; it need not be a registered work.
    Declared,
    /// The item is a copy of a registered file that declared something about its use, and does not
    /// declare it any more.
    Stripped,
    /// Something is declared about the place that the item or its row came from.
    Location,
    /// A text names a registered work or its creator. A name is no copy: it makes no row matched, is
    /// over no policy and is counted apart.
    Mention,
}

impl FindingKind {
    /// `identical`, `copy`, `excerpt`, `declared`, `stripped`, `location` or `mention`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Identical => "identical",
            Self::Copy => "copy",
            Self::Excerpt => "excerpt",
            Self::Declared => "declared",
            Self::Stripped => "stripped",
            Self::Mention => "mention",
            Self::Location => "location",
        }
    }
}

impl From<MatchKind> for FindingKind {
    fn from(kind: MatchKind) -> Self {
        match kind {
            MatchKind::Identical => Self::Identical,
            MatchKind::Copy => Self::Copy,
            MatchKind::Excerpt => Self::Excerpt,
        }
    }
}

/// The declaration that a finding rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundDeclaration {
    /// The convention that it follows.
    pub scheme: Scheme,
    /// Where it stands, for people: `XMP (JPEG APP1)`.
    pub place: String,
    /// The value as written, shortened.
    pub value: String,
    /// What it says about the planned use; `None` when it speaks of other uses only.
    pub answer: Option<Answer>,
    /// Whether it is signed.
    pub signature: Signature,
    /// Where its terms can be read.
    pub policy_url: Option<String>,
}

/// The name that a finding of the kind `mention` rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundMention {
    /// As the registry spells it.
    pub name: String,
    /// What it is of.
    pub role: NameRole,
    /// How many registered works have it.
    pub works: u32,
    /// How often it stands in the item.
    pub times: u32,
}

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
    /// BLAKE3 of the item's bytes, hexadecimal; of its address for the kind `location`.
    pub item_digest: String,
    /// How many they are; nothing when it was read from a fingerprint table that does not say.
    #[serde(default)]
    pub item_bytes: Option<u64>,
    /// The item's medium.
    pub media: Media,
    /// The work; empty for an item that declares something and is not known to be one.
    pub work_id: String,
    /// The asset of the work that was recognized; empty where none was.
    pub asset_id: String,
    /// What the finding is about.
    pub kind: FindingKind,
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
    /// In a sentence, which record or declaration decided.
    pub reason: String,
    /// The declaration that it rests on, for the kinds `declared`, `stripped` and `location`.
    #[serde(default)]
    pub declaration: Option<FoundDeclaration>,
    /// The name that it rests on, for the kind `mention`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mention: Option<FoundMention>,
}

impl Finding {
    /// Whether it is a mention, which counts as no finding of a work.
    pub fn is_mention(&self) -> bool {
        self.kind == FindingKind::Mention
    }

    /// Whether a policy flags it. Mentions are flagged by none.
    pub fn is_over(&self, policy: &Policy) -> bool {
        !self.is_mention() && policy.flags(self.verdict)
    }

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
    source: ItemBytes,
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
        work_id: asset.work_id.clone(),
        asset_id: asset.asset_id.clone(),
        kind: found.kind.into(),
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
        ..blank(place, source, media, decision)
    })
}

/// What an item declares about its own use, judged: a finding. `record` is the work that the item
/// is known to be.
pub(crate) fn declared(
    place: Place<'_>,
    said: &Said,
    record: Option<&WorkRecord>,
    policy: &Policy,
) -> Finding {
    let decision = policy.decide_declared(&said.embedded, record.map(linked), "The item");
    let work_id = record.map_or("", |record| &record.work.work_id);
    Finding {
        finding_id: id(place, &format!("declared\0{work_id}"), 0.0, None),
        work_id: work_id.to_owned(),
        kind: FindingKind::Declared,
        ..read(
            place,
            (said.source, said.media),
            &said.embedded,
            decision,
            policy,
        )
    }
}

/// What is declared about the place that an item or its row came from, judged: a finding.
pub(crate) fn located(place: Place<'_>, found: &Located, policy: &Policy) -> Finding {
    let decision = policy.decide_declared(&found.embedded, None, "The address");
    Finding {
        finding_id: id(place, "location", 0.0, None),
        kind: FindingKind::Location,
        // An address is no item, and has none of its bytes.
        item_bytes: None,
        ..read(
            place,
            (found.source, found.media),
            &found.embedded,
            decision,
            policy,
        )
    }
}

/// A finding of what was read and not recognized, but for its id, its kind and its work.
fn read(
    place: Place<'_>,
    (source, media): (ItemBytes, Media),
    embedded: &Embedded,
    decision: Decision,
    policy: &Policy,
) -> Finding {
    Finding {
        // Read, not recognized: chance has no part in it.
        score: 1.0,
        declaration: found_declaration(embedded, policy),
        ..blank(place, source, media, decision)
    }
}

/// An item in its place and what was decided, before anything is said of what was found.
fn blank(place: Place<'_>, source: ItemBytes, media: Media, decision: Decision) -> Finding {
    Finding {
        finding_id: String::new(),
        file: place.file.to_owned(),
        row_index: place.row_index,
        column_name: place.column_name.to_owned(),
        item_index: place.item_index,
        item_digest: source.hex(),
        item_bytes: source.length,
        media,
        work_id: String::new(),
        asset_id: String::new(),
        kind: FindingKind::Declared,
        score: 0.0,
        e_value: 0.0,
        query_start: None,
        query_end: None,
        work_start: None,
        work_end: None,
        query_box: None,
        work_box: None,
        transform: None,
        evidence: Evidence::default(),
        verdict: decision.verdict,
        reservation_id: decision.reservation_id,
        license_id: decision.license_id,
        reason: decision.reason,
        declaration: None,
        mention: None,
    }
}

/// A copy of a registered file that declared `gone`, judged: a finding beside that of the copy.
pub(crate) fn stripped(
    place: Place<'_>,
    copy: &Finding,
    gone: &Embedded,
    record: &WorkRecord,
    policy: &Policy,
) -> Finding {
    let subject = "This copy does not declare what its registered original does: the original";
    let Decision {
        verdict,
        reservation_id,
        license_id,
        reason,
    } = policy.decide_declared(gone, Some(linked(record)), subject);
    let start = copy.query_start.unwrap_or(0.0);
    Finding {
        finding_id: id(
            place,
            &format!("stripped\0{}", copy.asset_id),
            start,
            copy.query_box,
        ),
        kind: FindingKind::Stripped,
        verdict,
        reservation_id,
        license_id,
        reason,
        declaration: found_declaration(gone, policy),
        ..copy.clone()
    }
}

fn linked(record: &WorkRecord) -> LinkedWork<'_> {
    LinkedWork {
        work: &record.work,
        reservations: &record.reservations,
        licenses: &record.licenses,
    }
}

fn found_declaration(embedded: &Embedded, policy: &Policy) -> Option<FoundDeclaration> {
    let by = embedded.deciding(policy.use_)?;
    Some(FoundDeclaration {
        scheme: by.scheme,
        place: by.place.clone(),
        value: by.value.clone(),
        answer: by.answers.get(policy.use_),
        signature: by.signature,
        policy_url: by.policy_url.clone(),
    })
}

/// Judges a finding again: by the records that the registry has now, under another policy. False
/// when the registry does not list the work, or the finding rests on a declaration of the item.
pub fn judge_again(finding: &mut Finding, snapshot: &Snapshot, policy: &Policy) -> bool {
    if finding.is_mention() {
        // Nothing about rights decided it.
        return true;
    }
    let Some(record) = snapshot.work(&finding.work_id) else {
        return false;
    };
    if finding.declaration.is_some() {
        return false;
    }
    let decision = policy.decide(&record.work, &record.reservations, &record.licenses);
    finding.verdict = decision.verdict;
    finding.reservation_id = decision.reservation_id;
    finding.license_id = decision.license_id;
    finding.reason = decision.reason;
    true
}

fn finding_id(place: Place<'_>, asset_id: &str, found: &Match) -> String {
    let start = found.query_span.map_or(0.0, |span| span.start);
    id(place, asset_id, start, found.query_box)
}

/// `subject` tells findings of one item apart: an asset, or what else was found.
fn id(place: Place<'_>, subject: &str, start: f64, corners: Option<[f32; 4]>) -> String {
    let mut hasher = blake3::Hasher::new();
    for part in [place.file, place.column_name, subject] {
        hasher.update(part.as_bytes()).update(&[0]);
    }
    hasher.update(&place.row_index.to_le_bytes());
    hasher.update(&place.item_index.to_le_bytes());
    hasher.update(&start.to_le_bytes());
    // One picture may show a work in several places.
    for corner in corners.into_iter().flatten() {
        hasher.update(&corner.to_le_bytes());
    }
    format!("F-{}", &hasher.finalize().to_hex()[..16])
}

#[cfg(test)]
mod tests;
