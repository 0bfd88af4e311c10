//! Findings beside those of the engines: by an ISCC, and of names in texts.

use clearance_decode::Media;
use clearance_index::calibrate::score;
use clearance_index::{Evidence, IsccFound, Name, NameFound, NameRole, WorkRecord};
use clearance_rights::{Decision, Policy, Verdict};

use super::{Finding, FindingKind, FoundMention, Place, blank, id};
use crate::reading::ItemBytes;

/// A work whose ISCC is near an item's, judged: a finding. No asset of it was recognized.
pub(crate) fn coded(
    place: Place<'_>,
    source: ItemBytes,
    media: Media,
    found: &IsccFound,
    record: &WorkRecord,
    policy: &Policy,
) -> Finding {
    let decision = policy.decide(&record.work, &record.reservations, &record.licenses);
    let kind = if found.is_same_bytes {
        FindingKind::Identical
    } else {
        FindingKind::Copy
    };
    Finding {
        finding_id: id(place, &format!("iscc\0{}", found.work_id), 0.0, None),
        work_id: found.work_id.clone(),
        kind,
        score: score(found.e_value_per_item),
        e_value: found.e_value_per_item,
        evidence: Evidence {
            distance_bits: Some(found.distance_bits),
            ..Evidence::default()
        },
        ..blank(place, source, media, decision)
    }
}

/// A name in a text, as a finding. The span is that of its first place. It is always for people to
/// look at: there is no model of chance, so its score is 0 and its E-value 1 an item.
pub(crate) fn mentioned(
    place: Place<'_>,
    source: ItemBytes,
    media: Media,
    name: &Name,
    found: NameFound,
) -> Finding {
    let NameFound {
        start, end, times, ..
    } = found;
    let role = name.role;
    let subject = format!("mention\0{}\0{}", role.as_str(), name.text);
    let times_in_words = match times {
        1 => "once".to_owned(),
        more => format!("{more} times"),
    };
    let reason = match (role, name.works) {
        (NameRole::Title, 1) => "the title of a registered work".to_owned(),
        (NameRole::Title, works) => format!("the title of {works} registered works"),
        (NameRole::Creator, 1) => "the creator of a registered work".to_owned(),
        (NameRole::Creator, works) => format!("the creator of {works} registered works"),
    };
    let decision = Decision {
        verdict: Verdict::Review,
        reservation_id: None,
        license_id: None,
        reason: format!("The text names {reason} {times_in_words}; a name is no copy."),
    };
    Finding {
        finding_id: id(place, &subject, start as f64, None),
        work_id: name.work_id.clone().unwrap_or_default(),
        kind: FindingKind::Mention,
        e_value: 1.0,
        query_start: Some(start as f64),
        query_end: Some(end as f64),
        mention: Some(FoundMention {
            name: name.text.clone(),
            role,
            works: name.works,
            times,
        }),
        ..blank(place, source, media, decision)
    }
}
