//! `registry.json`: the segments and the history of a registry.
#![no_main]

#[allow(dead_code, reason = "the target `ledger` calls the rest")]
#[path = "../../crates/index/tests/corpus/registry.rs"]
mod registry;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| registry::check_manifest(bytes));
