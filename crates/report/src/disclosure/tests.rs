use super::*;
use crate::sample;

fn forms() -> (tempfile::TempDir, Vec<PathBuf>) {
    let folder = tempfile::tempdir().unwrap();
    let findings = [
        sample::picture(0),
        sample::recording(1),
        sample::quotation(2),
    ];
    sample::write(folder.path(), &sample::summary(&findings), &findings, &[]);
    let options = DisclosureOptions {
        name: Some("Harbor".to_owned()),
        ..DisclosureOptions::default()
    };
    let to = folder.path().join("to");
    let written = disclose(folder.path(), &options, &to).unwrap();
    (folder, written)
}

fn form(name: &str) -> Value {
    let (folder, _) = forms();
    let text = fs::read_to_string(folder.path().join("to").join(name)).unwrap();
    serde_json::from_str(&text).unwrap()
}

#[test]
fn every_form_is_written_and_the_same_twice() {
    let (first, names) = forms();
    let (second, _) = forms();
    assert_eq!(names.len(), 7);
    for path in names {
        let name = path.file_name().unwrap();
        let read = |folder: &Path| fs::read(folder.join("to").join(name)).unwrap();
        assert_eq!(read(first.path()), read(second.path()), "{name:?}");
    }
}

#[test]
fn what_a_scan_cannot_know_is_open() {
    for (name, items) in [
        ("eu-public-summary.json", 13),
        ("california-ab2013.json", 12),
    ] {
        let form = form(name);
        let form = form["items"].as_array().unwrap().clone();
        assert_eq!(form.len(), items, "{name}");
        for item in &form {
            match item["status"].as_str().unwrap() {
                "open" => assert!(
                    item["answer"].is_null() && item["note"].is_string(),
                    "{item}"
                ),
                "partial" => assert!(
                    !item["answer"].is_null() && item["note"].is_string(),
                    "{item}"
                ),
                "known" => assert!(!item["answer"].is_null(), "{item}"),
                other => panic!("{other}"),
            }
        }
        assert!(form.iter().any(|item| item["status"] == "open"));
    }
}

#[test]
fn figures_are_those_of_the_scan() {
    let europe = form("eu-public-summary.json");
    assert_eq!(
        europe["items"][2]["answer"]["modalities"]["audio"]["seconds"],
        5400.0
    );
    assert_eq!(
        europe["items"][2]["answer"]["size_ranges"]["audio"],
        "less than 10 000 hours"
    );
    let california = form("california-ab2013.json");
    assert_eq!(california["items"][2]["answer"]["rows"], 20);
    let bom = form("cyclonedx.json");
    assert_eq!(
        bom["components"][0]["components"][0]["hashes"][0]["alg"],
        "BLAKE3"
    );
    let spdx = form("spdx.json");
    let package = &spdx["@graph"][3];
    assert_eq!(
        package["dataset_datasetType"],
        json!(["audio", "image", "text"])
    );
    assert_eq!(package["dataset_datasetSize"], 1_234_567);
}

#[test]
fn a_uuid_comes_out_of_a_digest() {
    let uuid = cyclonedx::uuid(&"0123456789abcdef".repeat(4));
    assert_eq!(uuid, "01234567-89ab-8def-8123-456789abcdef");
}
