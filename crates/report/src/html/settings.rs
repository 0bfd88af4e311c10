//! What produced the results.

use serde::Serialize;

use crate::summary::{FetchSettings, PlaceSettings, RunSettings, Summary};
use crate::words::{count, line};

/// A heading with names and values.
#[derive(Serialize)]
pub(super) struct Group {
    name: &'static str,
    lines: Vec<(String, String)>,
}

/// Settings, versions and digests.
pub(super) fn settings(summary: &Summary) -> Vec<Group> {
    let policy = &summary.policy;
    let registry = &summary.registry;
    let said = |text: &Option<String>| text.as_deref().map_or("not stated".to_owned(), line);
    let pair = |name: &str, value: String| (name.to_owned(), value);
    vec![
        Group {
            name: "Policy",
            lines: vec![
                pair("mode", line(&policy.mode)),
                pair("use", line(&policy.use_)),
                pair("as of", line(&policy.as_of)),
                pair("licensee", said(&policy.licensee)),
                pair("territory", said(&policy.territory)),
            ],
        },
        Group {
            name: "Dataset",
            lines: dataset_lines(&summary.settings),
        },
        Group {
            name: "Limits on each item",
            lines: summary
                .settings
                .limits
                .iter()
                .map(|(name, &most)| (line(name), limit(most)))
                .collect(),
        },
        Group {
            name: "Decoys",
            lines: decoy_lines(summary),
        },
        Group {
            name: "Registry",
            lines: vec![
                pair("digest (BLAKE3)", line(&registry.digest)),
                pair("generation", count(registry.generation)),
                pair("works", count(registry.works)),
                pair("assets", count(registry.assets)),
            ],
        },
        Group {
            name: "Program",
            lines: vec![
                pair("name", line(&summary.tool.name)),
                pair("version", line(&summary.tool.version)),
                pair(
                    "fingerprint parameters",
                    line(&summary.tool.params.join(", ")),
                ),
            ],
        },
    ]
}

/// What chance does in this dataset, by items with shuffled notes and by negatives.
fn decoy_lines(summary: &Summary) -> Vec<(String, String)> {
    let share = format!(
        "{}% of the recordings and pictures without a match",
        summary.settings.decoy_share * 100.0
    );
    let made = [("made of".to_owned(), share)];
    let found = summary.decoys.iter().map(|(media, decoys)| {
        let found = format!(
            "a work was found in {} of {}, so by chance in {:.0} of all items, at most {:.0} (95%); by the E-values in {:.2}",
            count(decoys.found),
            count(decoys.decoys),
            decoys.false_items,
            decoys.false_items_at_most.ceil(),
            decoys.false_items_by_e_value,
        );
        (line(media), found)
    });
    made.into_iter().chain(found).collect()
}

fn dataset_lines(settings: &RunSettings) -> Vec<(String, String)> {
    let inputs = settings
        .inputs
        .iter()
        .map(|input| ("input".to_owned(), line(input)));
    let columns = settings.columns.iter();
    let columns = columns.map(|(column, holds)| (format!("column {}", line(column)), line(holds)));
    let least = match settings.min_coverage {
        Some(share) => format!("{}% of the rows", share * 100.0),
        None => "every row, every item as a whole".to_owned(),
    };
    let declarations = if settings.declarations {
        "read"
    } else {
        "left aside"
    };
    inputs
        .chain(columns)
        .chain([
            ("coverage asked for".to_owned(), least),
            ("declarations in items".to_owned(), declarations.to_owned()),
        ])
        .chain(
            settings
                .passed_over
                .iter()
                .map(|said| ("not read".to_owned(), line(said))),
        )
        .chain(settings.signers.as_deref().map(signers_line))
        .chain(settings.places.iter().map(place_line))
        .chain(settings.fetch.iter().map(fetch_line))
        .collect()
}

/// Whose signatures of manifests were trusted.
fn signers_line(digest: &str) -> (String, String) {
    let said = if digest.is_empty() {
        "checked, nobody is trusted".to_owned()
    } else {
        format!(
            "checked, trusted are the signers of the list {}",
            line(digest)
        )
    };
    ("signatures of manifests".to_owned(), said)
}

/// Which rules about places addresses were looked up in.
fn place_line(places: &PlaceSettings) -> (String, String) {
    let said = format!(
        "{} statements in {} files, {} parts not understood; {}",
        count(places.statements),
        count(places.files.len() as u64),
        count(places.rejected),
        line(&places.digest),
    );
    ("rules about places".to_owned(), said)
}

/// How items behind addresses were fetched.
fn fetch_line(fetch: &FetchSettings) -> (String, String) {
    let said = format!(
        "fetched as {}; what was answered is in fetched.parquet",
        line(&fetch.user_agent)
    );
    ("items behind addresses".to_owned(), said)
}

fn limit(most: f64) -> String {
    if most.fract() == 0.0 && most >= 0.0 {
        count(most as u64)
    } else {
        most.to_string()
    }
}
