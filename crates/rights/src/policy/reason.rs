//! The sentence that says why.

use chrono::NaiveDate;

use super::owners::Owners;
use super::signatures::Missing;
use super::standing::{LicenseStanding, ReservationStanding, Standing};
use super::{Mode, Policy, Records};
use crate::words::excerpt;
use crate::{ANYONE, Work};

/// Most near misses, and most names of one list, in one reason.
const LISTED_MAX: usize = 3;

/// `License L-1 to Acme (from 2024-01-01 until 2025-12-31) covers train on 2025-07-01 and overrides
/// reservation R-1.` Several: `License L-1 by A … and license L-2 by B … together cover train on …`
pub(super) fn licensed(
    policy: &Policy,
    owners: &Owners,
    licenses: &[&LicenseStanding],
    overridden: Option<&ReservationStanding>,
) -> String {
    let is_one = licenses.len() == 1;
    let overrides = overridden.map_or_else(String::new, |reservation| {
        let verb = if is_one { "overrides" } else { "override" };
        format!(" and {verb} {}", reservation_in_full(reservation))
    });
    let covers = if is_one { "covers" } else { "together cover" };
    let licenses = licenses.iter().map(|each| license_in_full(each, owners));
    sentence(&format!(
        "{} {covers} {} on {}{overrides}",
        listed_and(licenses),
        policy.use_,
        policy.as_of
    ))
}

/// `It is unclear whether license L-1 covers train on 2025-07-01: it names no licensee.`
pub(super) fn unclear_license(
    policy: &Policy,
    records: &Records,
    license: &LicenseStanding,
    doubts: &[String],
    applying: Option<&ReservationStanding>,
) -> String {
    let opt_in = in_opt_in(policy, ", and no other license covers it");
    sentence(&format!(
        "it is unclear whether {} covers {} on {}: it {}{}{opt_in}{}",
        license_in_full(license, records.owners),
        policy.use_,
        policy.as_of,
        doubts.join(" and "),
        otherwise(applying),
        near_misses(license_misses(records)),
    ))
}

/// `It is unclear who holds the rights in work W-1: a.csv names A; b.csv names B.`
pub(super) fn unclear_owners(
    work: &Work,
    owners: &Owners,
    applying: Option<&ReservationStanding>,
) -> String {
    sentence(&format!(
        "it is unclear who holds the rights in work {}: {}{}",
        excerpt(&work.work_id),
        listed(owners.conflicts.iter().cloned()),
        otherwise(applying),
    ))
}

fn otherwise(applying: Option<&ReservationStanding>) -> String {
    applying.map_or_else(String::new, |reservation| {
        format!(
            ", and {} otherwise applies",
            reservation_in_full(reservation)
        )
    })
}

/// `Reservation R-1 (source: catalog; in force since 2024-01-01) reserves train on 2025-07-01.`
pub(super) fn reserved(
    policy: &Policy,
    records: &Records,
    missing: &Missing,
    reservation: &ReservationStanding,
) -> String {
    sentence(&format!(
        "{} reserves {} on {}{}{}",
        reservation_in_full(reservation),
        policy.use_,
        policy.as_of,
        in_opt_in(policy, ", and no license covers it"),
        near_misses(unsigned(records, missing).chain(license_misses(records))),
    ))
}

/// `It is unclear whether reservation R-1 reserves train on 2025-07-01: it starts on …`
pub(super) fn unclear_reservation(
    policy: &Policy,
    records: &Records,
    missing: &Missing,
    reservation: &ReservationStanding,
) -> String {
    sentence(&format!(
        "it is unclear whether {} reserves {} on {}: it {}{}{}",
        reservation_in_full(reservation),
        policy.use_,
        policy.as_of,
        doubts(reservation),
        in_opt_in(policy, ", and no license covers it"),
        near_misses(unsigned(records, missing).chain(license_misses(records))),
    ))
}

/// `No reservation of work W-1 covers train on 2025-07-01 (reservation R-1 ended on 2025-06-30).`
pub(super) fn unreserved(
    policy: &Policy,
    records: &Records,
    missing: &Missing,
    work: &Work,
) -> String {
    let misses = unsigned(records, missing)
        .chain(reservation_misses(records))
        .chain(license_misses(records));
    let misses = near_misses(misses);
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

fn license_in_full(standing: &LicenseStanding, owners: &Owners) -> String {
    let license = standing.license;
    let licensors = by(standing, owners);
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
        "license {}{licensors}{licensee} ({dates})",
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

fn doubts(reservation: &ReservationStanding) -> String {
    match &reservation.standing {
        Standing::Unclear(doubts) => doubts.join(" and "),
        Standing::Covers | Standing::Misses(_) => String::new(),
    }
}

fn license_in_short(standing: &LicenseStanding, owners: &Owners) -> String {
    let id = excerpt(&standing.license.license_id);
    format!("license {id}{}", by(standing, owners))
}

/// ` by A and B`: the rightsholders that granted a license, where others could have.
fn by(standing: &LicenseStanding, owners: &Owners) -> String {
    let signed = &standing.grant.owners;
    if owners.count() < 2 || signed.is_empty() {
        return String::new();
    }
    format!(" by {}", owners.in_words(signed))
}

/// A record that does not cover the use, with the number of reasons against it.
type NearMiss = (usize, String);

/// The licenses that would cover the use if more had signed, as the nearest of all misses: `license
/// L1 by A (60 %) does not count without the signature of B (40 %)`.
fn unsigned(records: &Records, missing: &Missing) -> impl Iterator<Item = NearMiss> + use<> {
    let miss = (!missing.licenses.is_empty()).then(|| {
        let licenses = missing.licenses.iter();
        let licenses = licenses.map(|each| license_in_short(each, records.owners));
        let verb = match missing.licenses.len() {
            1 => "does",
            _ => "do",
        };
        let signatures = match missing.owners.len() {
            1 => "signature",
            _ => "signatures",
        };
        let text = format!(
            "{} {verb} not count without the {signatures} of {}",
            listed_and(licenses),
            records.owners.in_words(&missing.owners)
        );
        (0, text)
    });
    miss.into_iter()
}

fn license_misses<'r>(records: &'r Records) -> impl Iterator<Item = NearMiss> + use<'r> {
    records
        .licenses
        .iter()
        .filter_map(|each| match &each.standing {
            Standing::Misses(misses) => {
                let license = license_in_short(each, records.owners);
                Some((misses.len(), format!("{license} {}", misses.join(" and "))))
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
    match listed(misses.into_iter().map(|(_, text)| text)) {
        texts if texts.is_empty() => texts,
        texts => format!(" ({texts})"),
    }
}

/// The first few texts, `; ` between them, and how many more there are.
pub(super) fn listed(texts: impl Iterator<Item = String>) -> String {
    let (texts, left_out) = first_few(texts);
    match left_out {
        0 => texts.join("; "),
        _ => format!("{}; and {left_out} more", texts.join("; ")),
    }
}

/// The first few texts as `A, B and C`, or `A, B, C and 2 more`.
pub(super) fn listed_and(texts: impl Iterator<Item = String>) -> String {
    let (mut texts, left_out) = first_few(texts);
    let last = match left_out {
        0 => texts.pop().unwrap_or_default(),
        _ => format!("{left_out} more"),
    };
    if texts.is_empty() {
        last
    } else {
        format!("{} and {last}", texts.join(", "))
    }
}

fn first_few(mut texts: impl Iterator<Item = String>) -> (Vec<String>, usize) {
    let first = texts.by_ref().take(LISTED_MAX).collect();
    (first, texts.count())
}

/// `text` with a capital first letter and a full stop.
fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|c| c.to_ascii_uppercase());
    first.into_iter().chain(characters).chain(['.']).collect()
}
