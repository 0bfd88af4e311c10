use clearance_testkit::dataset::DatasetBuilder;

use super::*;
use crate::checkpoint::Checkpoint;
use crate::schema::Overrides;

fn dataset(folder: &Path) -> Plan {
    DatasetBuilder::new()
        .text("text", vec![Some("A quiet morning by the sea.".repeat(20))])
        .write(folder.join("a.parquet"))
        .unwrap();
    Plan::new(&[folder.to_owned()], &Overrides::new()).unwrap()
}

fn totals(plan: &Plan) -> Totals {
    Totals {
        files: vec![crate::FileTotals::default(); plan.files.len()],
        ..Totals::default()
    }
}

#[test]
fn a_file_has_the_digest_of_its_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let plan = dataset(folder.path());
    let mut totals = totals(&plan);
    digest_inputs(&plan, &mut totals).unwrap();
    let bytes = std::fs::read(folder.path().join("a.parquet")).unwrap();
    let expected = blake3::hash(&bytes).to_hex().to_string();
    assert_eq!(totals.files[0].blake3, Some(expected));
    assert!(totals.tables.is_empty());
}

#[test]
fn a_file_that_changed_since_it_was_planned_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let plan = dataset(folder.path());
    let path = folder.path().join("a.parquet");
    let mut bytes = std::fs::read(&path).unwrap();
    bytes.push(0);
    std::fs::write(&path, bytes).unwrap();
    let error = digest_inputs(&plan, &mut totals(&plan)).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("a.parquet: the file was changed")
    );
}

#[test]
fn other_bytes_under_the_same_footer_are_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let plan = dataset(folder.path());
    let path = folder.path().join("a.parquet");
    let checkpoint =
        |key: &str| Checkpoint::open(&folder.path().join("parts"), key, &plan).unwrap();
    let unit = plan.units()[0];
    let before = checkpoint("key");
    before.write(unit, &crate::Part::default()).unwrap();
    assert!(checkpoint("key").is_done(unit));
    before.check_inputs(&plan).unwrap();
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[8] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    let file = std::fs::File::options().append(true).open(&path).unwrap();
    file.set_modified(std::time::UNIX_EPOCH + std::time::Duration::from_secs(1))
        .unwrap();
    let error = before.check_inputs(&plan).unwrap_err().to_string();
    assert!(error.contains("changed while it was read"), "{error}");
    assert!(!checkpoint("key").is_done(unit));
}
