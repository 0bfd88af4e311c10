//! What holds of a file that a declaration is written into, whatever is in it. The fuzz target
//! `stamp` calls the same function.

use clearance_rights::{Use, UseSet};
use clearance_stamp::{Existing, Statement, stamp};

/// Stamps a file twice, and its copy once more.
pub(crate) fn check(bytes: &[u8]) {
    let statement = Statement {
        reserved: UseSet::TEXT_AND_DATA_MINING,
        policy_url: Some("https://example.com/terms".to_owned()),
        owner: None,
        copyright: Some("© 2026 Ada".to_owned()),
    };
    let outcome = stamp(bytes, None, &statement, Existing::Replace);
    let again = stamp(bytes, None, &statement, Existing::Replace);
    match (outcome, again) {
        (Ok(stamped), Ok(again)) => {
            assert_eq!(stamped.bytes, again.bytes);
            for each in UseSet::TEXT_AND_DATA_MINING.iter() {
                let said = stamped.embedded.answer(each);
                assert!(
                    said.is_some_and(|said| said.contradicted_by.is_none()),
                    "{each}"
                );
            }
            let search = stamped.embedded.answer(Use::Search);
            let before =
                clearance_index::embedded(bytes, None, clearance_decode::Depth::Everything, None);
            assert!(search.is_none() || before.answer(Use::Search).is_some());
            let twice = stamp(&stamped.bytes, None, &statement, Existing::Keep);
            assert_eq!(twice.map(|twice| twice.bytes), Ok(stamped.bytes));
        }
        (Err(first), Err(second)) => {
            assert_eq!(first, second);
            assert!(!first.to_string().contains("panicked"), "{first}");
            assert!(first.to_string().len() < 2048);
        }
        _ => unreachable!("once stamped, once refused"),
    }
}

#[test]
fn inputs_of_the_readers_hold() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/fuzz");
    let mut seen = 0;
    for target in ["metadata", "epub", "stamp"] {
        let found = std::fs::read_dir(root.join(target)).into_iter().flatten();
        for path in found.flatten().map(|found| found.path()) {
            let bytes = std::fs::read(path).unwrap_or_default();
            // Those of the reader of metadata begin with the number of their format.
            check(&bytes);
            check(bytes.get(1..).unwrap_or_default());
            seen += 1;
        }
    }
    assert!(seen >= 500, "{seen} inputs");
}
