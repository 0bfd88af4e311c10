//! Whole commands on synthetic works.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "clippy takes only functions marked as tests for tests, not what they share"
)]

mod co_owners;
mod exchanging;
mod fingerprinting;
mod judging;
mod ledger;
mod registering;
mod robustness;
mod scanning;
mod workplace;
