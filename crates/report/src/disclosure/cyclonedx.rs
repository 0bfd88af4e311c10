//! `CycloneDX` 1.7 (ECMA-424): the dataset as a component of type `data`, file by file.

use serde_json::{Value, json};

use super::Facts;

pub(super) fn form(facts: &Facts<'_>) -> Value {
    let summary = facts.summary;
    let digest = facts.dataset_digest();
    let dataset = format!("dataset-{}", &digest[..16]);
    json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.7.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.7",
        "serialNumber": format!("urn:uuid:{}", uuid(&digest)),
        "version": 1,
        "metadata": {
            "timestamp": facts.at,
            "tools": {"components": [{
                "type": "application",
                "name": summary.tool.name,
                "version": summary.tool.version,
            }]},
            "component": {"type": "data", "bom-ref": dataset, "name": facts.name()},
        },
        "components": [{
            "type": "data",
            "bom-ref": format!("{dataset}-contents"),
            "name": facts.name(),
            "hashes": [{"alg": "BLAKE3", "content": digest}],
            "data": [{
                "type": "dataset",
                "name": facts.name(),
                "contents": {"properties": properties(facts)},
            }],
            "components": files(facts, &dataset),
        }],
        "dependencies": [
            {"ref": dataset, "dependsOn": [format!("{dataset}-contents")]},
        ],
    })
}

fn property(name: &str, value: &dyn ToString) -> Value {
    json!({"name": format!("clearance:{name}"), "value": value.to_string()})
}

/// The scan in numbers, and what it leaves open.
fn properties(facts: &Facts<'_>) -> Vec<Value> {
    let summary = facts.summary;
    let rows = &summary.totals.rows;
    let mut properties = vec![
        property("rows", &rows.rows),
        property("rows-matched", &rows.matched),
        property("rows-unreadable", &rows.unreadable),
        property("rows-skipped", &rows.skipped),
        property("findings", &summary.findings),
        property("findings-over-policy", &summary.over_policy),
        property("registry-blake3", &summary.registry.digest),
        property("as-of", &summary.policy.as_of),
        property("use", &summary.policy.use_),
        property(
            "open",
            &"supplier, license, classification, sensitive data and governance are not known to a scan",
        ),
    ];
    let verdicts = summary.verdicts.iter();
    properties
        .extend(verdicts.map(|(verdict, number)| property(&format!("findings-{verdict}"), number)));
    properties
}

fn files(facts: &Facts<'_>, dataset: &str) -> Vec<Value> {
    let file = |(place, file): (usize, &super::Described<'_>)| {
        let totals = file.totals;
        let digests = [("BLAKE3", &totals.blake3), ("SHA-256", &file.sha256)];
        let known = digests
            .iter()
            .filter_map(|(name, value)| Some((*name, value.as_ref()?)));
        let hashes: Vec<Value> = known
            .map(|(algorithm, content)| json!({"alg": algorithm, "content": content}))
            .collect();
        json!({
            "type": "file",
            "bom-ref": format!("{dataset}-file-{place}"),
            "name": totals.file,
            "mime-type": super::media_type(&totals.file, "application/vnd.apache.parquet"),
            "hashes": hashes,
            "properties": [
                property("bytes", &totals.bytes),
                property("rows", &totals.rows.rows),
                property("rows-matched", &totals.rows.matched),
            ],
        })
    };
    facts.files.iter().enumerate().map(file).collect()
}

/// A UUID of version 8 (RFC 9562) out of a digest: the same dataset has the same.
pub(super) fn uuid(digest: &str) -> String {
    let hex: Vec<char> = digest.chars().take(32).collect();
    let part = |from: usize, to: usize| hex[from..to].iter().collect::<String>();
    format!(
        "{}-{}-8{}-8{}-{}",
        part(0, 8),
        part(8, 12),
        part(13, 16),
        part(17, 20),
        part(20, 32)
    )
}
