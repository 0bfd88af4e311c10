//! Files about places: robots.txt, tdmrep.json, ai.txt, headers, RSL terms, tables.
#![no_main]

#[path = "../../crates/index/tests/corpus/places.rs"]
mod places;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| places::check(bytes));
