//! Files that a declaration is written into.
#![no_main]

#[path = "../../crates/stamp/tests/corpus.rs"]
mod corpus;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| corpus::check(bytes));
