//! The raw counts of a finding, each as a phrase.

use clearance_decode::Media;
use clearance_index::Transform;
use clearance_rights::signals::Signature;
use clearance_scan::Finding;

use super::part;
use crate::words::{count, counted, line};

/// A work shown up to this many times larger or smaller than the item is about as large.
const SAME_SIZE: f64 = 1.1;

pub(crate) fn facts(finding: &Finding) -> Vec<String> {
    let evidence = &finding.evidence;
    let mut facts = declaration(finding);
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
    if let Some(transform) = &finding.transform {
        facts.extend(change(transform));
        facts.extend(transform.scale.and_then(size));
    }
    facts.extend(regions(finding));
    if let Some(aligned) = evidence.aligned_points {
        facts.push(match evidence.examined_points {
            Some(examined) => format!(
                "{} of {} places agree",
                count(aligned.into()),
                count(examined.into())
            ),
            None => counted(aligned.into(), "place agrees", "places agree"),
        });
    }
    if let (Some(aligned), Some(examined @ 1..)) = (evidence.aligned_areas, evidence.examined_areas)
    {
        facts.push(format!("{aligned} of {examined} areas alike"));
    }
    if let Some(bits) = evidence.distance_bits {
        // Without an asset it is the code that a catalog states.
        facts.push(if finding.asset_id.is_empty() {
            format!("{bits} of 64 bits of its ISCC differ")
        } else {
            format!("{bits} of 256 bits differ")
        });
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

/// Scheme, place, value, signature and terms of the declaration that a finding rests on.
fn declaration(finding: &Finding) -> Vec<String> {
    let Some(found) = &finding.declaration else {
        return Vec::new();
    };
    let mut facts = vec![line(&format!("{} in {}", found.scheme, found.place))];
    if !found.value.is_empty() {
        facts.push(line(&format!("says {}", found.value)));
    }
    if let Some(answer) = found.answer {
        facts.push(format!("planned use: {answer}"));
    }
    if found.signature != Signature::None {
        facts.push(format!("signature {}", found.signature));
    }
    facts.extend(
        found
            .policy_url
            .iter()
            .map(|url| line(&format!("terms at {url}"))),
    );
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

/// What was done to the work, in words.
fn change(transform: &Transform) -> Option<String> {
    let bent = bends(transform);
    if !bent.is_empty() {
        return Some(bent.join(", "));
    }
    match (transform.flip, turned(transform.rotation_deg)) {
        (false, turned) => turned,
        (true, None) => Some("mirrored".to_owned()),
        (true, Some(turned)) => Some(format!("mirrored, then {turned}")),
    }
}

/// `turned 15° clockwise`, to a degree.
fn turned(rotation_deg: f32) -> Option<String> {
    let degrees = rotation_deg.round() as i32;
    let way = match degrees {
        0 => return None,
        -180 | 180 => return Some("turned 180°".to_owned()),
        1.. => "clockwise",
        _ => "counter-clockwise",
    };
    Some(format!("turned {}° {way}", degrees.unsigned_abs()))
}

/// `shown at 48% of the item's size`, unless it is about the item's.
fn size(scale: f32) -> Option<String> {
    let scale = f64::from(scale);
    if !scale.is_finite() || scale <= 0.0 {
        return None;
    }
    if scale * SAME_SIZE < 1.0 {
        let percent = (scale * 100.0).round().max(1.0);
        Some(format!("shown at {percent}% of the item's size"))
    } else if scale > SAME_SIZE {
        Some(format!("shown at {scale:.1} times the item's size"))
    } else {
        None
    }
}

/// Where a picture shows the work, and which part of it, unless it is the whole.
fn regions(finding: &Finding) -> Vec<String> {
    let shown = part(finding.query_box).map(|region| {
        let at = if region.is_named() { "in" } else { "at" };
        format!("{at} {} the item", region.words())
    });
    let seen = part(finding.work_box).map(|region| format!("shows {} the work", region.words()));
    shown.into_iter().chain(seen).collect()
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

#[cfg(test)]
mod tests;
