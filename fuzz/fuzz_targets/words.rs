//! Dates, territories, uses, identifiers, roles.
#![no_main]

#[path = "../../crates/index/tests/corpus/words.rs"]
mod words;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| words::check(bytes));
