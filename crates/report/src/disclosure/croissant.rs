//! Croissant 1.1 (MLCommons): files and columns of the dataset, as JSON-LD.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::Facts;

/// The context that the format prescribes.
const CONTEXT: &str = include_str!("croissant_context.json");

/// What only the publisher of the dataset knows.
const OPEN: &str = "Open, not known to a scan: license, creator, publisher, address, date of publication, citation";

pub(super) fn form(facts: &Facts<'_>) -> Value {
    let summary = facts.summary;
    let rows = &summary.totals.rows;
    let mut form = json!({
        "@context": serde_json::from_str::<Value>(CONTEXT).unwrap_or_default(),
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.1",
        "name": facts.name(),
        "description": format!(
            "{} rows in {} files, compared with a registry of {} works on {}: {} rows hold a registered work. {OPEN}.",
            rows.rows, facts.files.len(), summary.registry.works, summary.policy.as_of, rows.matched
        ),
        "version": format!("0.0.0+blake3.{}", &facts.dataset_digest()[..16]),
        "distribution": files(facts),
        "rai:dataReleaseMaintenancePlan": "Open.",
        "rai:personalSensitiveInformation": "Open: not examined by a scan for registered works.",
        "rai:dataCollection": "Open.",
        "rai:dataLimitations": format!(
            "{} rows could not be read and {} were left aside when the dataset was compared.",
            rows.unreadable, rows.skipped
        ),
    });
    let records = record_sets(facts);
    if !records.is_empty() {
        form["recordSet"] = records.into();
    }
    form
}

/// The id of a file in the form.
fn file_id(place: usize) -> String {
    format!("file-{place}")
}

fn files(facts: &Facts<'_>) -> Vec<Value> {
    let file = |(place, file): (usize, &super::Described<'_>)| {
        let totals = file.totals;
        let mut object = Map::new();
        object.insert("@type".to_owned(), "cr:FileObject".into());
        object.insert("@id".to_owned(), file_id(place).into());
        object.insert("name".to_owned(), totals.file.clone().into());
        object.insert("contentUrl".to_owned(), totals.file.clone().into());
        object.insert(
            "contentSize".to_owned(),
            format!("{} B", totals.bytes).into(),
        );
        let format = super::media_type(&totals.file, "application/x-parquet");
        object.insert("encodingFormat".to_owned(), format.into());
        let blake3 = totals.blake3.as_deref().unwrap_or("not recorded");
        object.insert("description".to_owned(), format!("BLAKE3 {blake3}").into());
        if let Some(sha256) = &file.sha256 {
            object.insert("sha256".to_owned(), sha256.clone().into());
        }
        Value::Object(object)
    };
    facts.files.iter().enumerate().map(file).collect()
}

/// One record set for files of the same columns, after the first of them.
fn record_sets(facts: &Facts<'_>) -> Vec<Value> {
    let mut shapes: BTreeMap<&[(String, String)], usize> = BTreeMap::new();
    for (place, file) in facts.files.iter().enumerate() {
        if !file.columns.is_empty() {
            shapes.entry(&file.columns).or_insert(place);
        }
    }
    let mut shapes: Vec<(usize, &[(String, String)])> = shapes
        .into_iter()
        .map(|(columns, place)| (place, columns))
        .collect();
    shapes.sort_unstable();
    let set = |(place, columns): (usize, &[(String, String)])| {
        let id = format!("rows-{place}");
        let fields: Vec<Value> = columns
            .iter()
            .map(|(name, kind)| {
                json!({
                    "@type": "cr:Field",
                    "@id": format!("{id}/{name}"),
                    "name": format!("{id}/{name}"),
                    "description": format!("Column {name}, {kind}"),
                    "dataType": data_type(kind),
                    "source": {
                        "fileObject": {"@id": file_id(place)},
                        "extract": {"column": name},
                    },
                })
            })
            .collect();
        json!({"@type": "cr:RecordSet", "@id": id, "name": id, "field": fields})
    };
    shapes.into_iter().map(set).collect()
}

/// Type of a column as the form has it; text for what it has no name for.
fn data_type(kind: &str) -> &'static str {
    match kind {
        "Boolean" => "sc:Boolean",
        "Float16" | "Float32" | "Float64" => "sc:Float",
        integer if integer.starts_with("Int") || integer.starts_with("UInt") => "sc:Integer",
        date if date.starts_with("Date") || date.starts_with("Timestamp") => "sc:Date",
        _ => "sc:Text",
    }
}
