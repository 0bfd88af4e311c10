//! Licenses as the ledger stores them; works and reservations.
#![no_main]

#[allow(dead_code, reason = "the target `manifest` calls the rest")]
#[path = "../../crates/index/tests/corpus/registry.rs"]
mod registry;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| registry::check_license(bytes));
