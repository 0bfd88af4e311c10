//! The decision: what a work's records say about one planned use.

use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::words::{self, WordError};
use crate::{Country, License, Reservation, Use, Verdict, Work};

mod declared;
mod owners;
mod reason;
mod signatures;
mod standing;
#[cfg(test)]
mod tests;

pub use declared::LinkedWork;
use owners::Owners;
use signatures::{Coverage, Missing, coverage};
use standing::{LicenseStanding, ReservationStanding, Standing};

/// Which verdicts are over policy.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// What is not reserved may be used, as under Directive (EU) 2019/790, Art. 4.
    #[default]
    OptOut,
    /// Only what is licensed may be used.
    OptIn,
}

impl Mode {
    /// Both modes.
    pub const ALL: [Self; 2] = [Self::OptOut, Self::OptIn];

    /// The word for this mode on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OptOut => "opt-out",
            Self::OptIn => "opt-in",
        }
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Mode {
    type Err = WordError;

    fn from_str(text: &str) -> Result<Self, WordError> {
        words::find("mode", "opt-out or opt-in", &Self::ALL, Self::as_str, text)
    }
}

/// One planned use: which, by whom, where and when; and how strictly to treat what is found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// Which verdicts are over policy. It does not change the verdict itself.
    pub mode: Mode,
    /// The planned use.
    #[serde(rename = "use")]
    pub use_: Use,
    /// The day of the use. This crate has no clock; the caller says which day counts.
    pub as_of: NaiveDate,
    /// Who uses the works. Without one, only licenses to everyone count. Compared with a license's
    /// licensee without regard to case and surrounding white space.
    pub licensee: Option<String>,
    /// Where the works are used. Without one, reservations for any territory apply and only
    /// worldwide licenses count.
    pub territory: Option<Country>,
}

/// A verdict, the records it rests on, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// What the records say.
    pub verdict: Verdict,
    /// The reservation that applies, or the one that is unclear; also when a license overrides it.
    pub reservation_id: Option<String>,
    /// The license that covers the use, the first of several that do so together, or the one that
    /// is unclear.
    pub license_id: Option<String>,
    /// One sentence for people: the record that decided, with source and dates, and the records
    /// that came near. One line; foreign text in it is shortened.
    pub reason: String,
}

impl Policy {
    /// A policy for `use_` on `as_of`, with licensee and territory not stated.
    pub fn new(mode: Mode, use_: Use, as_of: NaiveDate) -> Self {
        Self {
            mode,
            use_,
            as_of,
            licensee: None,
            territory: None,
        }
    }

    /// What the records of `work` say about the use. Records of other works are passed over.
    ///
    /// In this order: rightsholders that contradict each other make it a case for review; licenses
    /// that every rightsholder granted for the use make it licensed; a license that might cover it,
    /// but does not say for whom or by whom, or contradicts itself, makes it a case for review; a
    /// reservation that applies makes it reserved; a reservation that contradicts itself makes it a
    /// case for review; otherwise it is unreserved. Among several records that would decide, the
    /// one that began first decides (no first day is earliest), then the one whose id sorts first,
    /// so the order in which records are given never matters. Where several licenses cover the use
    /// together, the first of them is the one that is named; the reason names the others.
    pub fn decide(
        &self,
        work: &Work,
        reservations: &[Reservation],
        licenses: &[License],
    ) -> Decision {
        let owners = Owners::of(&work.rightsholders);
        let records = Records::of(self, work, &owners, reservations, licenses);
        let applying = records.reservation(|standing| matches!(standing, Standing::Covers));
        if !owners.conflicts.is_empty() {
            let license = records.license(|standing| !matches!(standing, Standing::Misses(_)));
            let reason = reason::unclear_owners(work, &owners, applying);
            return decision(Verdict::Review, applying, license, reason);
        }
        match coverage(&records.licenses, &owners) {
            Coverage::Covered(together) => {
                let reason = reason::licensed(self, &owners, &together, applying);
                decision(
                    Verdict::Licensed,
                    applying,
                    together.first().copied(),
                    reason,
                )
            }
            Coverage::Unclear(license, doubts) => {
                let reason = reason::unclear_license(self, &records, license, &doubts, applying);
                decision(Verdict::Review, applying, Some(license), reason)
            }
            Coverage::Missing(missing) => self.unlicensed(work, &records, &missing, applying),
        }
    }

    /// The decision where no license covers the use.
    fn unlicensed(
        &self,
        work: &Work,
        records: &Records,
        missing: &Missing,
        applying: Option<&ReservationStanding>,
    ) -> Decision {
        if let Some(reservation) = applying {
            let reason = reason::reserved(self, records, missing, reservation);
            return decision(Verdict::Reserved, applying, None, reason);
        }
        let unclear = records.reservation(Standing::is_unclear);
        if let Some(reservation) = unclear {
            let reason = reason::unclear_reservation(self, records, missing, reservation);
            return decision(Verdict::Review, unclear, None, reason);
        }
        let reason = reason::unreserved(self, records, missing, work);
        decision(Verdict::Unreserved, None, None, reason)
    }

    /// Whether `verdict` is over this policy. Opt-out flags what is reserved or unclear; opt-in
    /// flags everything but what is licensed.
    pub fn flags(&self, verdict: Verdict) -> bool {
        match (self.mode, verdict) {
            (_, Verdict::Licensed) | (Mode::OptOut, Verdict::Unreserved) => false,
            (_, Verdict::Reserved | Verdict::Review) | (Mode::OptIn, Verdict::Unreserved) => true,
        }
    }

    /// The licensee, unless it is blank.
    fn stated_licensee(&self) -> Option<&str> {
        words::stated(self.licensee.as_deref())
    }
}

fn decision(
    verdict: Verdict,
    reservation: Option<&ReservationStanding>,
    license: Option<&LicenseStanding>,
    reason: String,
) -> Decision {
    Decision {
        verdict,
        reservation_id: reservation.map(|each| each.reservation.reservation_id.clone()),
        license_id: license.map(|each| each.license.license_id.clone()),
        reason,
    }
}

/// The records of one work, each with how it stands to the policy, in the order in which they
/// decide.
struct Records<'r> {
    owners: &'r Owners<'r>,
    licenses: Vec<LicenseStanding<'r>>,
    reservations: Vec<ReservationStanding<'r>>,
}

impl<'r> Records<'r> {
    fn of(
        policy: &Policy,
        work: &Work,
        owners: &'r Owners<'r>,
        reservations: &'r [Reservation],
        licenses: &'r [License],
    ) -> Self {
        let mut licenses: Vec<&License> = licenses
            .iter()
            .filter(|license| license.work_id == work.work_id)
            .collect();
        licenses.sort_by_key(|license| (license.from, *license));
        let mut reservations: Vec<&Reservation> = reservations
            .iter()
            .filter(|reservation| reservation.work_id == work.work_id)
            .collect();
        reservations.sort_by_key(|reservation| (reservation.since, *reservation));
        Self {
            owners,
            licenses: licenses
                .into_iter()
                .map(|each| LicenseStanding::of(policy, each, owners))
                .collect(),
            reservations: reservations
                .into_iter()
                .map(|each| ReservationStanding::of(policy, each))
                .collect(),
        }
    }

    fn license(&self, wanted: impl Fn(&Standing) -> bool) -> Option<&LicenseStanding<'r>> {
        self.licenses.iter().find(|each| wanted(&each.standing))
    }

    fn reservation(&self, wanted: impl Fn(&Standing) -> bool) -> Option<&ReservationStanding<'r>> {
        self.reservations.iter().find(|each| wanted(&each.standing))
    }
}
