//! The sentence that says why.

use chrono::NaiveDate;

use super::standing::{LicenseStanding, ReservationStanding, Standing};
use super::{Mode, Policy, Records};
use crate::words::excerpt;
use crate::{ANYONE, Work};

/// Most near misses named in one reason.
const NEAR_MISSES_MAX: usize = 3;

/// `License L-1 to Acme (from 2024-01-01 until 2025-12-31) covers train on 2025-07-01 and overrides
/// reservation R-1.`
pub(super) fn licensed(
    policy: &Policy,
    license: &LicenseStanding,
    overridden: Option<&ReservationStanding>,
) -> String {
    let overrides = overridden
        .map(|reservation| format!(" and overrides {}", reservation_in_full(reservation)))
        .unwrap_or_default();
    let license = license_in_full(license);
    sentence(&format!(
        "{license} covers {} on {}{overrides}",
        policy.use_, policy.as_of
    ))
}

/// `It is unclear whether license L-1 covers train on 2025-07-01: it names no licensee.`
pub(super) fn unclear_license(
    policy: &Policy,
    records: &Records,
    license: &LicenseStanding,
    applying: Option<&ReservationStanding>,
) -> String {
    let otherwise = applying
        .map(|reservation| {
            format!(
                ", and {} otherwise applies",
                reservation_in_full(reservation)
            )
        })
        .unwrap_or_default();
    let opt_in = in_opt_in(policy, ", and no other license covers it");
    sentence(&format!(
        "it is unclear whether {} covers {} on {}: it {}{otherwise}{opt_in}{}",
        license_in_full(license),
        policy.use_,
        policy.as_of,
        doubts(&license.standing),
        near_misses(license_misses(records)),
    ))
}

/// `Reservation R-1 (source: catalog; in force since 2024-01-01) reserves train on 2025-07-01.`
pub(super) fn reserved(
    policy: &Policy,
    records: &Records,
    reservation: &ReservationStanding,
) -> String {
    sentence(&format!(
        "{} reserves {} on {}{}{}",
        reservation_in_full(reservation),
        policy.use_,
        policy.as_of,
        in_opt_in(policy, ", and no license covers it"),
        near_misses(license_misses(records)),
    ))
}

/// `It is unclear whether reservation R-1 reserves train on 2025-07-01: it starts on …`
pub(super) fn unclear_reservation(
    policy: &Policy,
    records: &Records,
    reservation: &ReservationStanding,
) -> String {
    sentence(&format!(
        "it is unclear whether {} reserves {} on {}: it {}{}{}",
        reservation_in_full(reservation),
        policy.use_,
        policy.as_of,
        doubts(&reservation.standing),
        in_opt_in(policy, ", and no license covers it"),
        near_misses(license_misses(records)),
    ))
}

/// `No reservation of work W-1 covers train on 2025-07-01 (reservation R-1 ended on 2025-06-30).`
pub(super) fn unreserved(policy: &Policy, records: &Records, work: &Work) -> String {
    let misses = near_misses(reservation_misses(records).chain(license_misses(records)));
    let records = match policy.mode {
        Mode::OptOut => "no reservation",
        Mode::OptIn => "no license and no reservation",
    };
    let work = excerpt(&work.work_id);
    sentence(&format!(
        "{records} of work {work} covers {} on {}{misses}",
        policy.use_, policy.as_of
    ))
}

fn in_opt_in<'t>(policy: &Policy, text: &'t str) -> &'t str {
    if policy.mode == Mode::OptIn { text } else { "" }
}

fn reservation_in_full(standing: &ReservationStanding) -> String {
    let reservation = standing.reservation;
    let source = reservation
        .source
        .as_deref()
        .map(excerpt)
        .filter(|source| !source.is_empty());
    let source = source.map_or_else(
        || "source not stated".to_owned(),
        |s| format!("source: {s}"),
    );
    let dates = dates("since", reservation.since, reservation.until).map_or_else(
        || "no dates stated".to_owned(),
        |dates| format!("in force {dates}"),
    );
    format!(
        "reservation {} ({source}; {dates})",
        excerpt(&reservation.reservation_id)
    )
}

fn license_in_full(standing: &LicenseStanding) -> String {
    let license = standing.license;
    let licensee = match license.licensee.as_deref().map(excerpt) {
        Some(name) if name == ANYONE => " to anyone".to_owned(),
        Some(name) if !name.is_empty() => format!(" to {name}"),
        _ => String::new(),
    };
    let dates = dates("from", license.from, license.until).map_or_else(
        || "no dates stated".to_owned(),
        |dates| format!("valid {dates}"),
    );
    format!(
        "license {}{licensee} ({dates})",
        excerpt(&license.license_id)
    )
}

fn dates(first_word: &str, first: Option<NaiveDate>, last: Option<NaiveDate>) -> Option<String> {
    match (first, last) {
        (Some(first), Some(last)) => Some(format!("{first_word} {first} until {last}")),
        (Some(first), None) => Some(format!("{first_word} {first}")),
        (None, Some(last)) => Some(format!("until {last}")),
        (None, None) => None,
    }
}

fn doubts(standing: &Standing) -> String {
    match standing {
        Standing::Unclear(doubts) => doubts.join(" and "),
        Standing::Covers | Standing::Misses(_) => String::new(),
    }
}

/// A record that does not cover the use, with the number of reasons against it.
type NearMiss = (usize, String);

fn license_misses<'r>(records: &'r Records) -> impl Iterator<Item = NearMiss> + use<'r> {
    records
        .licenses
        .iter()
        .filter_map(|each| match &each.standing {
            Standing::Misses(misses) => {
                let id = excerpt(&each.license.license_id);
                Some((
                    misses.len(),
                    format!("license {id} {}", misses.join(" and ")),
                ))
            }
            Standing::Covers | Standing::Unclear(_) => None,
        })
}

fn reservation_misses<'r>(records: &'r Records) -> impl Iterator<Item = NearMiss> + use<'r> {
    records
        .reservations
        .iter()
        .filter_map(|each| match &each.standing {
            Standing::Misses(misses) => {
                let id = excerpt(&each.reservation.reservation_id);
                Some((
                    misses.len(),
                    format!("reservation {id} {}", misses.join(" and ")),
                ))
            }
            Standing::Covers | Standing::Unclear(_) => None,
        })
}

/// The misses in parentheses, those with fewest reasons against them first.
fn near_misses(misses: impl Iterator<Item = NearMiss>) -> String {
    let mut misses: Vec<NearMiss> = misses.collect();
    // Stable, so that records equally near keep the order in which they would decide.
    misses.sort_by_key(|&(reasons_count, _)| reasons_count);
    let left_out = misses.len().saturating_sub(NEAR_MISSES_MAX);
    let mut texts: Vec<String> = misses
        .into_iter()
        .take(NEAR_MISSES_MAX)
        .map(|(_, text)| text)
        .collect();
    if texts.is_empty() {
        return String::new();
    }
    if left_out > 0 {
        texts.push(format!("and {left_out} more"));
    }
    format!(" ({})", texts.join("; "))
}

/// `text` with a capital first letter and a full stop.
fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|c| c.to_ascii_uppercase());
    first.into_iter().chain(characters).chain(['.']).collect()
}
