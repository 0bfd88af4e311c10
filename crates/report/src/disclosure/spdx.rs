//! SPDX 3.0.1: the dataset as a dataset package, its files with their digests.

use serde_json::{Value, json};

use super::Facts;

/// What the profile asks for and a scan does not know.
const OPEN: &str = "Open: originator, release and build time, download location, license, intended use, collection process and sensitivity are not known to a scan";

/// The element that every other refers to for who made it.
const CREATION: &str = "_:creation";

pub(super) fn form(facts: &Facts<'_>) -> Value {
    let digest = facts.dataset_digest();
    let ids = Ids(&digest);
    let mut graph = makers(facts, &ids);
    graph.push(dataset(facts, &ids));
    let (files, names) = files(facts, &ids);
    graph.extend(files);
    graph.push(json!({
        "type": "Relationship",
        "spdxId": ids.of("contains"),
        "creationInfo": CREATION,
        "from": ids.of("dataset"),
        "relationshipType": "contains",
        "to": names,
        "completeness": "complete",
    }));
    graph.push(json!({
        "type": "SpdxDocument",
        "spdxId": ids.of("document"),
        "creationInfo": CREATION,
        "name": facts.name(),
        "profileConformance": ["core", "software"],
        "rootElement": [ids.of("dataset")],
        "comment": OPEN,
    }));
    json!({
        "@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld",
        "@graph": graph,
    })
}

/// Names of elements: the same for the same dataset.
struct Ids<'a>(&'a str);

impl Ids<'_> {
    fn of(&self, name: &str) -> String {
        format!("urn:x-clearance:{}:{name}", &self.0[..32])
    }
}

/// The elements that say who made the document, with what and when.
fn makers(facts: &Facts<'_>, ids: &Ids<'_>) -> Vec<Value> {
    let tool = &facts.summary.tool;
    vec![
        json!({
            "type": "CreationInfo",
            "@id": CREATION,
            "specVersion": "3.0.1",
            "created": facts.at,
            "createdBy": [ids.of("tool-agent")],
            "createdUsing": [ids.of("tool")],
        }),
        json!({
            "type": "SoftwareAgent",
            "spdxId": ids.of("tool-agent"),
            "creationInfo": CREATION,
            "name": tool.name,
        }),
        json!({
            "type": "Tool",
            "spdxId": ids.of("tool"),
            "creationInfo": CREATION,
            "name": format!("{} {}", tool.name, tool.version),
        }),
    ]
}

fn dataset(facts: &Facts<'_>, ids: &Ids<'_>) -> Value {
    let totals = &facts.summary.totals;
    let media = &totals.media;
    let kinds = [
        ("audio", media.audio.items),
        ("image", media.image.items),
        ("text", media.text.items),
    ];
    let found = kinds.iter().filter(|kind| kind.1 > 0);
    let mut kinds: Vec<&str> = found.map(|kind| kind.0).collect();
    if kinds.is_empty() {
        kinds.push("noAssertion");
    }
    let bytes: u64 = facts.files.iter().map(|file| file.totals.bytes).sum();
    json!({
        "type": "dataset_DatasetPackage",
        "spdxId": ids.of("dataset"),
        "creationInfo": CREATION,
        "name": facts.name(),
        "comment": OPEN,
        "dataset_datasetType": kinds,
        "dataset_datasetSize": bytes,
        "dataset_datasetNoise": format!(
            "{} of {} rows could not be read, {} were left aside",
            totals.rows.unreadable, totals.rows.rows, totals.rows.skipped
        ),
        "software_primaryPurpose": "data",
        "verifiedUsing": [hash("blake3", ids.0)],
    })
}

fn hash(algorithm: &str, value: &str) -> Value {
    json!({"type": "Hash", "algorithm": algorithm, "hashValue": value})
}

/// The files, and their names.
fn files(facts: &Facts<'_>, ids: &Ids<'_>) -> (Vec<Value>, Vec<String>) {
    let file = |(place, file): (usize, &super::Described<'_>)| {
        let digests = [("blake3", &file.totals.blake3), ("sha256", &file.sha256)];
        let known = digests
            .iter()
            .filter_map(|(name, value)| Some((*name, value.as_ref()?)));
        let hashes: Vec<Value> = known.map(|(name, value)| hash(name, value)).collect();
        let name = ids.of(&format!("file-{place}"));
        let mut element = json!({
            "type": "software_File",
            "spdxId": name,
            "creationInfo": CREATION,
            "name": file.totals.file,
            "software_primaryPurpose": "data",
        });
        if !hashes.is_empty() {
            element["verifiedUsing"] = hashes.into();
        }
        (element, name)
    };
    facts.files.iter().enumerate().map(file).unzip()
}
