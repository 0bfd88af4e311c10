//! XML catalogs, with the elements of ONIX as a dictionary.
#![no_main]

#[path = "../../crates/index/tests/corpus/catalogs.rs"]
mod catalogs;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| catalogs::check("a.xml", bytes));
