//! SubRip and WebVTT.
#![no_main]

#[path = "../../crates/index/tests/corpus/documents.rs"]
mod documents;

use clearance_decode::Format;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| documents::check(Format::Subtitles, bytes));
