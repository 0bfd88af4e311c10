//! Works, identifiers, reservations and licenses, and the policy that turns them into a verdict
//! at a date.
//!
//! A registered [`Work`] carries [`Reservation`]s (its rightsholder's opt-outs) and [`License`]s
//! (permissions). A [`Policy`] says which use is planned, by whom, where and when;
//! [`Policy::decide`] answers with a [`Verdict`], the records that decided, and a sentence that
//! says why. Four rules hold everywhere: unknown is never allow, across records the most
//! restrictive wins, only a license overrides a reservation, and it takes every [`Rightsholder`] of
//! the work to grant one. The whole combination table, with the reasons, is `tests/policy.md`,
//! which runs as a test.
//!
//! Plain data: nothing here reads a file, a clock or the environment. Do not use this crate to
//! read catalogs (`clearance-index`) or to find works in a dataset (`clearance-scan`); and a
//! verdict says what the given records say, not what a court would.
//!
//! ```
//! use clearance_rights::{License, Mode, Policy, Reservation, Use, UseSet, Verdict, Work, parse_date};
//!
//! let work = Work::new("W-1");
//! let reservation = Reservation {
//!     since: Some(parse_date("2024-01-01")?),
//!     source: Some("catalog".to_owned()),
//!     ..Reservation::new("R-1", "W-1", UseSet::parse_reservation("tdm")?)
//! };
//! let license = License {
//!     licensee: Some("Acme".to_owned()),
//!     until: Some(parse_date("2025-06-30")?),
//!     ..License::new("L-1", "W-1", UseSet::parse_license("train-generative")?)
//! };
//! let policy = Policy {
//!     licensee: Some("ACME".to_owned()),
//!     ..Policy::new(Mode::OptOut, Use::TrainGenerative, parse_date("2025-06-30")?)
//! };
//!
//! // A license covers its last day; the day after, the reservation applies again.
//! let last_day = policy.decide(&work, &[reservation.clone()], &[license.clone()]);
//! assert_eq!(last_day.verdict, Verdict::Licensed);
//!
//! let policy = Policy { as_of: parse_date("2025-07-01")?, ..policy };
//! let day_after = policy.decide(&work, &[reservation], &[license]);
//! assert_eq!(day_after.verdict, Verdict::Reserved);
//! assert!(policy.flags(day_after.verdict));
//! assert_eq!(
//!     day_after.reason,
//!     "Reservation R-1 (source: catalog; in force since 2024-01-01) reserves train-generative \
//!      on 2025-07-01 (license L-1 ended on 2025-06-30)."
//! );
//! # Ok::<(), clearance_rights::Error>(())
//! ```
//!
//! | module | what it holds |
//! |---|---|
//! | `uses` | the five uses, sets of them, and how words in a reservation or a license are read |
//! | `identifier` | ISRC, ISWC, ISBN, ISNI, DOI, ISCC, GTIN, EIDR, IPI, with their check digits |
//! | `territory` | countries, groups of countries, where a record holds |
//! | `date` | strict `YYYY-MM-DD` |
//! | `work`, `rightsholder`, `reservation`, `license` | the records |
//! | `signals` | what files and pages themselves say about their use |
//! | `places` | what sites, headers and lists of addresses say about the use of what is there |
//! | `policy`, `verdict` | the decision |
//! | `words` | lists of words in one cell, and their errors |
//! | `error` | the one error type that the others convert to |

mod date;
mod error;
mod identifier;
mod license;
pub mod places;
mod policy;
mod reservation;
mod rightsholder;
pub mod signals;
mod territory;
mod uses;
mod verdict;
mod words;
mod work;

pub use date::{DateError, parse_date};
pub use error::Error;
pub use identifier::{Identifier, IdentifierError, IdentifierKind};
pub use license::{ANYONE, License};
pub use policy::{Decision, LinkedWork, Mode, Policy};
pub use reservation::Reservation;
pub use rightsholder::{Rightsholder, RightsholderError, Share};
pub use territory::{Country, CountryGroup, Territory};
pub use uses::{Use, UseSet};
pub use verdict::Verdict;
pub use words::WordError;
pub use work::{Role, Work};
