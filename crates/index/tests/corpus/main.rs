//! The inputs that fuzzing found (`scripts/fuzz.sh`), one folder a target below `fixtures/fuzz`,
//! held to what held when they were found. The fuzz targets in `fuzz/` call the same functions.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a property that does not hold stops the test, and the fuzzer"
)]

mod catalogs;
mod documents;
mod metadata;
mod places;
mod registry;
mod words;

use std::fs;
use std::path::Path;

use clearance_decode::Format;

/// Checks every input of a target; names the one that fails.
fn replay(target: &str, check: impl Fn(&[u8])) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/fuzz");
    let mut paths: Vec<_> = fs::read_dir(root.join(target))
        .unwrap()
        .map(|found| found.unwrap().path())
        .collect();
    paths.sort();
    assert!(paths.len() >= 10, "{} inputs", paths.len());
    for path in paths {
        let failing = Failing(&path);
        check(&fs::read(&path).unwrap());
        std::mem::forget(failing);
    }
}

/// Dropped only when a check panics.
struct Failing<'a>(&'a Path);

impl Drop for Failing<'_> {
    fn drop(&mut self) {
        eprintln!("input {}", self.0.display());
    }
}

#[test]
fn csv_catalogs_hold() {
    replay("csv", |bytes| catalogs::check("a.csv", bytes));
}

#[test]
fn json_lines_catalogs_hold() {
    replay("jsonl", |bytes| catalogs::check("a.jsonl", bytes));
}

#[test]
fn parquet_catalogs_hold() {
    replay("parquet", |bytes| catalogs::check("a.parquet", bytes));
}

#[test]
fn ddex_catalogs_hold() {
    replay("ddex", |bytes| catalogs::check("a.xml", bytes));
}

#[test]
fn onix_catalogs_hold() {
    replay("onix", |bytes| catalogs::check("a.xml", bytes));
}

#[test]
fn words_hold() {
    replay("words", words::check);
}

#[test]
fn manifests_hold() {
    replay("manifest", registry::check_manifest);
}

/// Otherwise the inputs are refused before anything in them is read.
#[test]
fn manifests_are_written_like_this_version_s_own() {
    registry::with_registry(|registry| {
        let input = registry.own_input();
        assert!(input.contains("@2;"), "{input}");
        assert_eq!(
            registry.filled(input.as_bytes()),
            registry.manifest,
            "{input}"
        );
        registry::check_manifest(input.as_bytes());
    });
}

#[test]
fn licenses_hold() {
    replay("ledger", registry::check_license);
}

#[test]
fn books_hold() {
    replay("epub", |bytes| documents::check(Format::Epub, bytes));
}

#[test]
fn pdf_documents_hold() {
    replay("pdf", |bytes| documents::check(Format::Pdf, bytes));
}

#[test]
fn subtitles_hold() {
    replay("subtitles", |bytes| {
        documents::check(Format::Subtitles, bytes);
    });
}

#[test]
fn what_is_declared_about_places_holds() {
    replay("places", places::check);
}

#[test]
fn archives_of_the_web_hold() {
    replay("warc", places::check_warc);
}

#[test]
fn what_files_say_about_themselves_holds() {
    replay("metadata", metadata::check);
}
