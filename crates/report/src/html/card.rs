//! One finding in words, pictures and a time line.

use clearance_decode::Media;
use clearance_index::{MatchKind, Transform};
use clearance_scan::{Exhibit, Finding};
use serde::Serialize;

use super::words::{chance, clock, count, counted, line, passage, strength};

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

/// The item beside the registered picture, base64 of JPEG.
#[derive(Serialize)]
struct Pictures {
    item: Option<String>,
    work: Option<String>,
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
            kind: kind(finding.kind),
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

fn kind(kind: MatchKind) -> &'static str {
    match kind {
        MatchKind::Identical => "Identical file",
        MatchKind::Copy => "Copy of the whole work",
        MatchKind::Excerpt => "Excerpt of the work",
    }
}

fn facts(finding: &Finding) -> Vec<String> {
    let evidence = &finding.evidence;
    let mut facts = Vec::new();
    if let Some(aligned) = evidence.aligned_peaks {
        facts.push(match evidence.examined_peaks {
            Some(examined) => format!(
                "{} of {} peaks aligned",
                count(aligned.into()),
                count(examined.into())
            ),
            None => counted(aligned.into(), "peak aligned", "peaks aligned"),
        });
    }
    if let Some(landmarks) = evidence.landmarks {
        facts.push(counted(
            landmarks.into(),
            "landmark agrees",
            "landmarks agree",
        ));
    }
    facts.extend(finding.transform.and_then(change));
    if let Some(bits) = evidence.distance_bits {
        facts.push(format!("{bits} of 256 bits differ"));
    }
    if let Some(words) = evidence.matched_words {
        facts.push(counted(words.into(), "word agrees", "words agree"));
    }
    if let Some(identity) = evidence.identity {
        facts.push(format!("{:.1}% identity", rounded_down_percent(identity)));
    }
    facts.extend(characters(finding));
    if let Some(works) = evidence.shared_works.filter(|&works| works > 0) {
        let others = counted(
            works.into(),
            "other registered work",
            "other registered works",
        );
        facts.push(format!("same passage in {others}"));
    }
    facts
}

/// To a tenth, so that 100% is said only of agreement in every letter.
fn rounded_down_percent(share: f32) -> f64 {
    let half_step_of_f32 = 1e-4;
    (f64::from(share) * 1000.0 + half_step_of_f32).floor() / 10.0
}

fn characters(finding: &Finding) -> Option<String> {
    if finding.media != Media::Text {
        return None;
    }
    let place = |characters: f64| count(characters.max(0.0) as u64);
    let (start, end) = (place(finding.query_start?), place(finding.query_end?));
    let item = format!("characters {start} to {end} of the item");
    Some(match (finding.work_start, finding.work_end) {
        (Some(start), Some(end)) => {
            format!("{item}, {} to {} of the work", place(start), place(end))
        }
        _ => item,
    })
}

fn pictures(finding: &Finding, exhibit: &Exhibit) -> Option<Pictures> {
    let base64 = |picture: &Option<String>| picture.clone().filter(|text| is_base64(text));
    let (item, work) = (base64(&exhibit.thumbnail), base64(&exhibit.work_thumbnail));
    let shown = finding.media == Media::Image && (item.is_some() || work.is_some());
    shown.then_some(Pictures { item, work })
}

fn is_base64(text: &str) -> bool {
    let expected = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    !text.is_empty() && text.bytes().all(expected)
}

fn change(transform: Transform) -> Option<String> {
    let bent = bends(&transform);
    if !bent.is_empty() {
        return Some(bent.join(", "));
    }
    let turned = format!("turned {}° clockwise", transform.rotation_deg);
    match (transform.flip, transform.rotation_deg) {
        (false, 0) => None,
        (true, 0) => Some("mirrored".to_owned()),
        (false, _) => Some(turned),
        (true, _) => Some(format!("mirrored, then {turned}")),
    }
}

/// What was done to a recording, in words.
fn bends(transform: &Transform) -> Vec<String> {
    let faster = |scale: f64| {
        let percent = (scale - 1.0) * 100.0;
        let word = if percent < 0.0 { "slower" } else { "faster" };
        format!("{:.1} % {word}", percent.abs())
    };
    let mut bends = Vec::new();
    if let Some(speed) = transform.speed {
        bends.push(format!("speed: {}, pitch with it", faster(speed)));
    }
    if let Some(tempo) = transform.tempo.filter(|tempo| (tempo - 1.0).abs() > 1e-3) {
        bends.push(format!("tempo: {}", faster(tempo)));
    }
    if let Some(semitones) = transform.pitch_semitones.filter(|s| s.abs() >= 0.05) {
        bends.push(format!("pitch: {semitones:+.1} semitones"));
    }
    bends
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
