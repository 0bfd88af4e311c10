//! Whole commands on synthetic works.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "clippy takes only functions marked as tests for tests, not what they share"
)]

mod co_owners;
mod coding;
mod declaring;
#[cfg(feature = "remote")]
mod encrypted;
mod exchanging;
#[cfg(feature = "remote")]
mod fetching;
mod filtering;
mod fingerprinting;
mod forms;
mod gating;
mod isolating;
mod judging;
mod ledger;
mod mentioning;
mod owners;
mod packing;
mod parting;
mod placing;
mod proof;
mod reading;
mod recording;
mod registering;
#[cfg(feature = "remote")]
mod remote;
mod robustness;
mod scanning;
#[cfg(feature = "remote")]
mod server;
mod sharding;
mod stamping;
mod verdicts;
mod workplace;
