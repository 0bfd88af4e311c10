//! TDMRep: the TDM Reservation Protocol (W3C Community Group final report), in whatever place.

use super::{Answer, Declaration, Nearness, Scheme};
use crate::UseSet;
use crate::words::excerpt;

/// Reads `tdm-reservation` and the `tdm-policy` that stands beside it. `1` reserves text and data
/// mining, which training is a kind of; `0` says that it is not reserved. The report takes any
/// other value for none; somebody meant to say something, so here it is unknown.
pub(crate) fn declaration(
    reservation: Option<&str>,
    policy: Option<&str>,
    place: &str,
    nearness: Nearness,
) -> Declaration {
    let value = match (reservation, policy) {
        (Some(reservation), _) => format!("tdm-reservation {}", reservation.trim()),
        (None, policy) => format!("tdm-policy {}", policy.unwrap_or_default().trim()),
    };
    let mut new = Declaration::new(Scheme::Tdmrep, place, &value);
    new.nearness = nearness;
    new.policy_url = policy.map(excerpt).filter(|policy| !policy.is_empty());
    let uses = UseSet::TEXT_AND_DATA_MINING;
    match reservation.map(str::trim) {
        Some("1") => new.answering(uses, Answer::Deny),
        Some("0") => new.answering(uses, Answer::Allow),
        Some(_) => new.unknown(uses, "the protocol knows 0 and 1 alone"),
        None => new.unknown(uses, "a policy without a reservation"),
    }
}
