//! One finding in words, passages and drawings.

mod facts;
mod region;

use clearance_decode::Media;
use clearance_scan::{Exhibit, Finding, FindingKind};
use serde::Serialize;

use crate::drawing::{Drawing, Views, plot, sound, spans, views};
use crate::passage::Passages;
use crate::words::{chance, line, strength};
use facts::facts;
pub(crate) use region::Region;

/// The strength of what an item declares itself.
const READ: &str = "read in the item itself: nothing was recognized, and chance has no part in it";
/// The strength of what is declared about a place.
const LOCATED: &str =
    "declared about the address: nothing was recognized, and chance has no part in it";

/// The strength of a name.
const NAMED: &str = "a name in a text: no copy was recognized, and there is no model of chance";

/// What is said of a finding beside what its line in the list says.
#[derive(Serialize)]
pub(crate) struct Card {
    pub(crate) asset: String,
    pub(crate) chance: String,
    /// In place of the strength, for what was read and not recognized.
    pub(crate) read: Option<&'static str>,
    /// The raw counts, each as a phrase.
    pub(crate) facts: Vec<String>,
    /// For recordings: the matched stretch in the item and in the work.
    pub(crate) spans: Option<Drawing>,
    /// Where it starts in the item, in seconds.
    pub(crate) start: Option<f64>,
    pub(crate) reason: String,
    pub(crate) reservation: Option<String>,
    pub(crate) license: Option<String>,
}

/// What is shown of a finding; kept for a part of them.
#[derive(Default, Serialize)]
pub(crate) struct Shown {
    /// For pictures.
    pub(crate) item: Option<Drawing>,
    pub(crate) work: Option<Drawing>,
    /// Base64 of JPEG; of recordings their spectrograms.
    pub(crate) item_jpeg: Option<String>,
    pub(crate) work_jpeg: Option<String>,
    /// For recordings.
    pub(crate) sound: Option<Drawing>,
    pub(crate) plot: Option<Drawing>,
    /// For texts.
    pub(crate) passages: Option<Passages>,
}

impl Card {
    pub(crate) fn new(finding: &Finding) -> Self {
        let spans = (finding.media == Media::Audio).then(|| spans(finding));
        Self {
            asset: line(&finding.asset_id),
            chance: chance(finding.e_value),
            read: read(finding.kind),
            facts: facts(finding),
            spans: spans.flatten(),
            start: finding
                .query_start
                .filter(|_| finding.media == Media::Audio),
            reason: line(&finding.reason),
            reservation: finding.reservation_id.as_deref().map(line),
            license: finding.license_id.as_deref().map(line),
        }
    }
}

impl Shown {
    /// What an exhibit shows; `None` when that is nothing.
    pub(crate) fn new(finding: &Finding, exhibit: &Exhibit) -> Option<Self> {
        let mut shown = Self::default();
        match finding.media {
            Media::Image => {
                let Views { item, work } = views(finding, exhibit)?;
                shown.item_jpeg = item.as_ref().and(exhibit.thumbnail.clone());
                shown.work_jpeg = work.as_ref().and(exhibit.work_thumbnail.clone());
                (shown.item, shown.work) = (item, work);
            }
            Media::Audio => {
                shown.sound = sound(finding, exhibit);
                shown.sound.as_ref()?;
                let peaks = exhibit.sound.as_ref();
                shown.plot = peaks.and_then(|peaks| plot(finding, peaks));
                shown.item_jpeg.clone_from(&exhibit.thumbnail);
                shown.work_jpeg.clone_from(&exhibit.work_thumbnail);
            }
            Media::Text => {
                let excerpt = exhibit.excerpt.as_deref();
                let excerpt = excerpt.filter(|text| !text.trim().is_empty())?;
                shown.passages = Some(Passages::new(excerpt, exhibit.work_excerpt.as_deref()));
            }
        }
        Some(shown)
    }
}

/// In place of the strength, what kind of reading a finding rests on; nothing where a work was
/// recognized.
fn read(kind: FindingKind) -> Option<&'static str> {
    match kind {
        FindingKind::Declared => Some(READ),
        FindingKind::Location => Some(LOCATED),
        FindingKind::Mention => Some(NAMED),
        _ => None,
    }
}

/// How the item relates to the work, in words.
pub(crate) fn kind(finding: &Finding) -> &'static str {
    match (finding.kind.as_str(), finding.media) {
        ("identical", _) => "Identical file",
        ("copy", _) => "Copy of the whole work",
        ("excerpt", Media::Image) => {
            let (shown, seen) = (part(finding.query_box), part(finding.work_box));
            match (shown, seen) {
                (Some(_), None) => "Whole work in part of the item",
                _ => "Part of the work",
            }
        }
        ("excerpt", _) => "Excerpt of the work",
        ("declared", _) => "Declared by the item itself",
        ("mention", _) => "Name in a text, no copy",
        ("location", _) => "Declared about its address",
        ("stripped", _) => "Copy without the declaration of its original",
        // Kinds that need no picture of theirs are named by their own word.
        (other, _) => other,
    }
}

/// What the words for strength mean.
pub(crate) fn strength_in_words(finding: &Finding) -> String {
    if let Some(read) = read(finding.kind) {
        return read.to_owned();
    }
    let word = strength(finding.e_value);
    if finding.e_value <= 0.0 {
        return format!("{word} evidence: chance makes no such finding");
    }
    format!(
        "{word} evidence: {} findings like this one are expected by chance in this whole scan",
        chance(finding.e_value)
    )
}

fn part(corners: Option<[f32; 4]>) -> Option<Region> {
    corners.and_then(Region::part)
}

#[cfg(test)]
mod tests;
