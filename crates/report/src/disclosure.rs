//! What a scan can say for the forms in which training data are disclosed.
//!
//! Every form is filled in as far as a scan knows; what only the people behind the dataset can know
//! is left open and marked so. Nothing here is legal advice, and nothing is guessed.

mod california;
mod croissant;
mod cyclonedx;
mod europe;
mod spdx;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use chrono::{DateTime, SecondsFormat, Utc};
use clearance_decode::Media;
use clearance_scan::{FileTotals, Input, Plan};
use serde_json::{Value, json};

use crate::attest::sha256_of;
use crate::error::{Error, Result};
use crate::summary::Summary;
use crate::verify::{overrides, same_file};
use crate::write::replace;

/// What is said beside the results of a scan.
#[derive(Clone, Debug, Default)]
pub struct DisclosureOptions {
    /// The dataset, if it is at hand: for SHA-256 digests and columns.
    pub dataset: Vec<PathBuf>,
    /// What the dataset is called; left open otherwise.
    pub name: Option<String>,
    /// When the forms are made.
    pub at: DateTime<Utc>,
}

/// A dataset file with what the dataset itself adds to the scan.
struct Described<'a> {
    totals: &'a FileTotals,
    sha256: Option<String>,
    /// Name and type of each column.
    columns: Vec<(String, String)>,
}

/// What the forms are made from.
struct Facts<'a> {
    summary: &'a Summary,
    name: Option<&'a str>,
    at: String,
    files: Vec<Described<'a>>,
}

/// Writes the forms into the folder `to`; returns the files.
pub fn disclose(out: &Path, options: &DisclosureOptions, to: &Path) -> Result<Vec<PathBuf>> {
    let summary = Summary::read(out)?;
    let facts = Facts {
        files: described(&summary, &options.dataset)?,
        summary: &summary,
        name: options.name.as_deref(),
        at: options.at.to_rfc3339_opts(SecondsFormat::Secs, true),
    };
    fs::create_dir_all(to).map_err(Error::io(to))?;
    let europe = europe::form(&facts);
    let california = california::form(&facts);
    let mut written = Vec::new();
    for (name, text) in [
        ("eu-public-summary.json", in_json(&europe)),
        ("eu-public-summary.md", Ok(in_words(&europe))),
        ("california-ab2013.json", in_json(&california)),
        ("california-ab2013.md", Ok(in_words(&california))),
        ("croissant.json", in_json(&croissant::form(&facts))),
        ("cyclonedx.json", in_json(&cyclonedx::form(&facts))),
        ("spdx.json", in_json(&spdx::form(&facts))),
    ] {
        let path = to.join(name);
        let text = text.map_err(|error| Error::corrupt(&path, &error))?;
        replace(&path, |file| file.write_all(text.as_bytes()))?;
        written.push(path);
    }
    Ok(written)
}

fn described<'a>(summary: &'a Summary, dataset: &[PathBuf]) -> Result<Vec<Described<'a>>> {
    let files = &summary.totals.files;
    let bare = |totals: &'a FileTotals| Described {
        totals,
        sha256: None,
        columns: Vec::new(),
    };
    if dataset.is_empty() {
        return Ok(files.iter().map(bare).collect());
    }
    let overrides = overrides(&summary.settings)
        .map_err(|detail| Error::corrupt(Path::new("summary.json"), &detail))?;
    let plan = Plan::new(dataset, &overrides)?;
    files
        .iter()
        .map(|totals| {
            let Some(file) = same_file(&plan, totals).filter(|file| !file.is_printed()) else {
                let detail = "is not in the dataset given as it was scanned";
                return Err(Error::refused(Path::new(&totals.file), detail));
            };
            Ok(Described {
                totals,
                // A folder of media has no bytes of its own.
                sha256: if file.is_folder() {
                    None
                } else {
                    {
                        let input = Input::open(&file.path).map_err(Error::io(&file.path))?;
                        Some(sha256_of(input, &file.path)?)
                    }
                },
                columns: file.schema.clone(),
            })
        })
        .collect()
}

/// An item of a form that the scan can answer.
fn known(number: &str, item: &str, answer: &Value) -> Value {
    json!({"number": number, "item": item, "status": "known", "answer": answer})
}

/// An item that only the people behind the dataset can answer.
fn open(number: &str, item: &str, why: &str) -> Value {
    json!({"number": number, "item": item, "status": "open", "answer": null, "note": why})
}

/// An item of which the scan knows a part.
fn partial(number: &str, item: &str, answer: &Value, missing: &str) -> Value {
    json!({"number": number, "item": item, "status": "partial", "answer": answer, "note": missing})
}

fn in_json(form: &Value) -> std::result::Result<String, serde_json::Error> {
    serde_json::to_string_pretty(form).map(|text| text + "\n")
}

/// A form as Markdown. Text from strangers is quoted as code.
fn in_words(form: &Value) -> String {
    let mut lines = vec![
        format!("# {}", form["title"].as_str().unwrap_or_default()),
        String::new(),
        form["source"].as_str().unwrap_or_default().to_owned(),
        String::new(),
        "Items marked OPEN have to be answered by the people behind the dataset.".to_owned(),
    ];
    for item in form["items"].as_array().into_iter().flatten() {
        let text = |key: &str| item[key].as_str().unwrap_or_default();
        let mark = match text("status") {
            "open" => "OPEN: ",
            "partial" => "PARTLY OPEN: ",
            _ => "",
        };
        lines.extend([
            String::new(),
            format!("## {} {mark}{}", text("number"), text("item")),
            String::new(),
        ]);
        match &item["answer"] {
            Value::Null => {}
            Value::String(answer) => lines.push(answer.clone()),
            answer => {
                let pretty = serde_json::to_string_pretty(answer).unwrap_or_default();
                // Titles and names come from strangers: none of them ends the block.
                lines.push(format!(
                    "``````json\n{}\n``````",
                    pretty.replace("``````", "")
                ));
            }
        }
        if !text("note").is_empty() {
            lines.push(text("note").to_owned());
        }
    }
    lines.push(String::new());
    lines.join("\n")
}

impl Facts<'_> {
    /// What the dataset is called.
    fn name(&self) -> &str {
        self.name.unwrap_or("dataset")
    }

    /// A digest that names the dataset: over those of its files.
    fn dataset_digest(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        for file in &self.files {
            let totals = file.totals;
            hasher.update(totals.file.as_bytes()).update(&[0]);
            let digest = totals.blake3.as_ref().unwrap_or(&totals.footer_blake3);
            hasher.update(digest.as_bytes());
        }
        hasher.finalize().to_hex().to_string()
    }

    /// Items and extent of each medium that is there.
    fn media(&self) -> Value {
        let totals = &self.summary.totals.media;
        let of = |media: Media| {
            let counts = totals.of(Some(media));
            let unit = match media {
                Media::Audio => "seconds",
                Media::Image => "pixels",
                Media::Text => "words",
            };
            json!({"items": counts.items, "examined": counts.examined(), unit: counts.extent})
        };
        let found = Media::ALL
            .into_iter()
            .filter(|media| totals.of(Some(*media)).items > 0);
        found
            .map(|media| (media.to_string(), of(media)))
            .collect::<serde_json::Map<_, _>>()
            .into()
    }

    /// Registered works found, by verdict.
    fn works(&self) -> Value {
        let summary = self.summary;
        json!({
            "registered_works_compared": summary.registry.works,
            "works_found": summary.works.len(),
            "findings": summary.findings,
            "findings_by_verdict": summary.verdicts,
            "rows_with_a_finding": summary.totals.rows.matched,
            "rows": summary.totals.rows.rows,
            "share_of_rows_examined": summary.coverage.examined_share,
            "as_of": summary.policy.as_of,
            "use": summary.policy.use_,
        })
    }
}

/// The media type of a dataset file by its name; `parquet` is that of Parquet, which has several.
fn media_type(name: &str, parquet: &'static str) -> &'static str {
    let name = name.to_ascii_lowercase();
    let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    if ends(&[".gz", ".tgz"]) {
        "application/gzip"
    } else if ends(&[".zst", ".zstd"]) {
        "application/zstd"
    } else if ends(&[".jsonl", ".ndjson", ".jsonlines"]) {
        "application/jsonl"
    } else if ends(&[".json"]) {
        "application/json"
    } else if ends(&[".csv"]) {
        "text/csv"
    } else if ends(&[".tsv", ".tab"]) {
        "text/tab-separated-values"
    } else if ends(&[".arrow", ".feather", ".arrows"]) {
        "application/vnd.apache.arrow.file"
    } else if ends(&[".tar"]) {
        "application/x-tar"
    } else {
        parquet
    }
}

#[cfg(test)]
mod tests;
