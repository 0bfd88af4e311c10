//! How one record stands to the planned use: covers it, misses it, or leaves it open.

use chrono::NaiveDate;

use super::Policy;
use super::owners::Owners;
use super::signatures::Grant;
use crate::words::{excerpt, same_name, stated};
use crate::{ANYONE, License, Reservation};

/// How a record stands to the planned use. The texts continue a sentence that begins with the
/// record: `ended on 2025-06-30`.
pub(super) enum Standing {
    /// The record covers the use.
    Covers,
    /// Nothing excludes the use, but the record does not say enough, or contradicts itself.
    Unclear(Vec<String>),
    /// The record does not cover the use, for these reasons.
    Misses(Vec<String>),
}

impl Standing {
    /// A clear miss outweighs a doubt: a license for another use stays one, whoever it is for.
    fn new(misses: Vec<String>, doubts: Vec<String>) -> Self {
        match (misses.is_empty(), doubts.is_empty()) {
            (false, _) => Self::Misses(misses),
            (true, false) => Self::Unclear(doubts),
            (true, true) => Self::Covers,
        }
    }

    pub(super) fn is_unclear(&self) -> bool {
        matches!(self, Self::Unclear(_))
    }
}

pub(super) struct LicenseStanding<'r> {
    pub(super) license: &'r License,
    /// What it says of the use, whoever granted it.
    pub(super) standing: Standing,
    /// Who granted it.
    pub(super) grant: Grant,
}

impl<'r> LicenseStanding<'r> {
    pub(super) fn of(policy: &Policy, license: &'r License, owners: &Owners) -> Self {
        let mut misses = Vec::new();
        let mut doubts = Vec::new();
        if !license.uses.contains(policy.use_) {
            misses.push(if license.uses.is_empty() {
                "grants no use".to_owned()
            } else {
                format!("grants {}, not {}", license.uses, policy.use_)
            });
        }
        match (
            stated(license.licensee.as_deref()),
            policy.stated_licensee(),
        ) {
            (None, _) => doubts.push("names no licensee".to_owned()),
            (Some(ANYONE), _) => {}
            (Some(name), Some(user)) if same_name(name, user) => {}
            (Some(name), Some(user)) => {
                misses.push(format!("is for {}, not {}", excerpt(name), excerpt(user)));
            }
            (Some(name), None) => {
                misses.push(format!(
                    "is for {}, while no licensee was stated",
                    excerpt(name)
                ));
            }
        }
        if !license.territory.license_covers(policy.territory) {
            misses.push(policy.territory.map_or_else(
                || {
                    format!(
                        "holds in {} only, while no territory was stated",
                        license.territory
                    )
                },
                |place| format!("holds in {}, not in {place}", license.territory),
            ));
        }
        compare_dates(
            policy.as_of,
            license.from,
            license.until,
            &mut misses,
            &mut doubts,
        );
        Self {
            license,
            standing: Standing::new(misses, doubts),
            grant: Grant::of(license, owners),
        }
    }

    /// Everything that is unclear about it.
    pub(super) fn doubts(&self) -> Vec<String> {
        let own = match &self.standing {
            Standing::Unclear(doubts) => doubts.clone(),
            Standing::Covers | Standing::Misses(_) => Vec::new(),
        };
        own.into_iter().chain(self.grant.doubt.clone()).collect()
    }
}

pub(super) struct ReservationStanding<'r> {
    pub(super) reservation: &'r Reservation,
    pub(super) standing: Standing,
}

impl<'r> ReservationStanding<'r> {
    pub(super) fn of(policy: &Policy, reservation: &'r Reservation) -> Self {
        let mut misses = Vec::new();
        let mut doubts = Vec::new();
        if !reservation.uses.contains(policy.use_) {
            misses.push(if reservation.uses.is_empty() {
                "says that nothing is reserved".to_owned()
            } else {
                format!("reserves {}, not {}", reservation.uses, policy.use_)
            });
        }
        if let Some(place) = policy.territory
            && !reservation.territory.reservation_covers(Some(place))
        {
            misses.push(format!(
                "applies in {}, not in {place}",
                reservation.territory
            ));
        }
        let (since, until) = (reservation.since, reservation.until);
        compare_dates(policy.as_of, since, until, &mut misses, &mut doubts);
        Self {
            reservation,
            standing: Standing::new(misses, doubts),
        }
    }
}

/// Adds what the dates say against the record. A first day after the last is a doubt, not a miss:
/// one of the two is wrong, and nobody here knows which.
fn compare_dates(
    as_of: NaiveDate,
    first: Option<NaiveDate>,
    last: Option<NaiveDate>,
    misses: &mut Vec<String>,
    doubts: &mut Vec<String>,
) {
    match (first, last) {
        (Some(first), Some(last)) if first > last => {
            doubts.push(format!("starts on {first}, after it ends on {last}"));
        }
        (Some(first), _) if as_of < first => misses.push(format!("starts on {first}")),
        (_, Some(last)) if as_of > last => misses.push(format!("ended on {last}")),
        _ => {}
    }
}
