//! One finding in words, pictures and a time line.

mod facts;
mod region;

use clearance_decode::Media;
use clearance_index::MatchKind;
use clearance_scan::{Exhibit, Finding};
use serde::Serialize;

use super::words::{chance, clock, line, passage, strength};
use facts::facts;
use region::Region;

/// Width of the time line's drawing, in its own units.
const TIMELINE_WIDTH: f64 = 1000.0;
/// Narrowest stretch drawn, so that it can be seen.
const TIMELINE_LEAST_WIDTH: f64 = 8.0;

/// A finding as the page shows it.
#[derive(Serialize)]
pub(super) struct Card {
    pub(super) finding_id: String,
    file: String,
    row: i64,
    column: String,
    item: i32,
    media: &'static str,
    verdict: &'static str,
    kind: &'static str,
    strength: &'static str,
    score: String,
    chance: String,
    /// The raw counts, each as a phrase.
    facts: Vec<String>,
    pictures: Option<Pictures>,
    timeline: Option<Timeline>,
    passage: Option<String>,
    /// What should be shown and is not there.
    missing: Option<&'static str>,
    /// Set unless it is said once for the whole work.
    pub(super) decision: Option<Decision>,
}

/// What the rights records say, and which record decided.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub(super) struct Decision {
    verdict: &'static str,
    reason: String,
    reservation: Option<String>,
    license: Option<String>,
}

/// The item beside the registered picture.
#[derive(Serialize)]
struct Pictures {
    item: Option<Picture>,
    work: Option<Picture>,
}

#[derive(Serialize)]
struct Picture {
    /// Base64 of JPEG.
    jpeg: String,
    /// What the finding is about, unless it is the whole picture.
    outline: Option<Region>,
}

/// The stretch of the item over the stretch of the work, on one scale from 0.
#[derive(Serialize)]
struct Timeline {
    item: Stretch,
    work: Stretch,
}

#[derive(Serialize)]
struct Stretch {
    from: String,
    to: String,
    /// Place in the drawing, 0 to [`TIMELINE_WIDTH`].
    left: u32,
    right: u32,
}

impl Card {
    pub(super) fn new(finding: &Finding, exhibit: Option<&Exhibit>) -> Self {
        let pictures = exhibit.and_then(|exhibit| pictures(finding, exhibit));
        let excerpt = exhibit.and_then(|exhibit| exhibit.excerpt.as_deref());
        let quoted = excerpt.filter(|text| finding.media == Media::Text && !text.trim().is_empty());
        let missing = match finding.media {
            Media::Image if pictures.is_none() => Some("No pictures are kept for this finding."),
            Media::Text if quoted.is_none() => Some("No passage is kept for this finding."),
            _ => None,
        };
        Self {
            finding_id: line(&finding.finding_id),
            file: line(&finding.file),
            row: finding.row_index,
            column: line(&finding.column_name),
            item: finding.item_index,
            media: finding.media.as_str(),
            verdict: finding.verdict.as_str(),
            kind: kind(finding),
            strength: strength(finding.e_value),
            score: format!("{:.3}", finding.score),
            chance: chance(finding.e_value),
            facts: facts(finding),
            pictures,
            timeline: timeline(finding),
            passage: quoted.map(passage),
            missing,
            decision: Some(Decision::new(finding)),
        }
    }
}

impl Decision {
    pub(super) fn new(finding: &Finding) -> Self {
        Self {
            verdict: finding.verdict.as_str(),
            reason: line(&finding.reason),
            reservation: finding.reservation_id.as_deref().map(line),
            license: finding.license_id.as_deref().map(line),
        }
    }
}

fn kind(finding: &Finding) -> &'static str {
    match (finding.kind, finding.media) {
        (MatchKind::Identical, _) => "Identical file",
        (MatchKind::Copy, _) => "Copy of the whole work",
        (MatchKind::Excerpt, Media::Image) => {
            let (shown, seen) = (part(finding.query_box), part(finding.work_box));
            match (shown, seen) {
                (Some(_), None) => "Whole work in part of the item",
                _ => "Part of the work",
            }
        }
        (MatchKind::Excerpt, _) => "Excerpt of the work",
    }
}

fn part(corners: Option<[f32; 4]>) -> Option<Region> {
    corners.and_then(Region::part)
}

fn pictures(finding: &Finding, exhibit: &Exhibit) -> Option<Pictures> {
    let picture = |jpeg: &Option<String>, corners| {
        let jpeg = jpeg.clone().filter(|text| is_base64(text))?;
        let outline = part(corners);
        Some(Picture { jpeg, outline })
    };
    let item = picture(&exhibit.thumbnail, finding.query_box);
    let work = picture(&exhibit.work_thumbnail, finding.work_box);
    let shown = finding.media == Media::Image && (item.is_some() || work.is_some());
    shown.then_some(Pictures { item, work })
}

fn is_base64(text: &str) -> bool {
    let expected = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    !text.is_empty() && text.bytes().all(expected)
}

fn timeline(finding: &Finding) -> Option<Timeline> {
    if finding.media != Media::Audio {
        return None;
    }
    let item = (finding.query_start?, finding.query_end?);
    let work = (finding.work_start?, finding.work_end?);
    let end = item.1.max(work.1);
    if end <= 0.0 {
        return None;
    }
    let stretch = |(start, end_of_span): (f64, f64)| {
        let right = (end_of_span / end).clamp(0.0, 1.0) * TIMELINE_WIDTH;
        let right = right.max(TIMELINE_LEAST_WIDTH);
        let left = (start / end).clamp(0.0, 1.0) * TIMELINE_WIDTH;
        Stretch {
            from: clock(start),
            to: clock(end_of_span),
            left: left.min(right - TIMELINE_LEAST_WIDTH).round() as u32,
            right: right.round() as u32,
        }
    };
    Some(Timeline {
        item: stretch(item),
        work: stretch(work),
    })
}

#[cfg(test)]
mod tests;
