//! What files say about themselves: XMP, tags, C2PA manifests.
#![no_main]

#[path = "../../crates/index/tests/corpus/metadata.rs"]
mod metadata;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| metadata::check(bytes));
