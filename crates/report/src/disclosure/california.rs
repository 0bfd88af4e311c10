//! California AB 2013: the items of Civil Code section 3111(a).

use serde_json::{Value, json};

use super::{Facts, open, partial};

pub(super) fn form(facts: &Facts<'_>) -> Value {
    let summary = facts.summary;
    let developer = "Known to the developer alone.";
    let unexamined = "Not examined by a scan for registered works.";
    let verdict = |name: &str| summary.verdicts.get(name).copied().unwrap_or(0);
    json!({
        "title": "Training data transparency",
        "source": "California AB 2013 (2024), Civil Code section 3111(a). Covers the scanned dataset alone.",
        "dataset_blake3": facts.dataset_digest(),
        "items": [
            partial(
                "(1)",
                "Sources or owners of the datasets",
                &json!({
                    "files": facts.files.iter().map(|file| &file.totals.file).collect::<Vec<_>>(),
                    "rightsholders_of_works_found": rightsholders(facts),
                }),
                "Where the files come from, and who owns the dataset, is open.",
            ),
            open("(2)", "How the datasets further the intended purpose of the system or service", developer),
            partial(
                "(3)",
                "Number of data points",
                &json!({"rows": summary.totals.rows.rows, "items": facts.media()}),
                "Other datasets of the system are not counted.",
            ),
            partial(
                "(4)",
                "Types of data points",
                &json!({"media": facts.media(), "columns": columns(facts)}),
                "Labels and general characteristics are open. Columns are listed when the dataset is at hand.",
            ),
            partial(
                "(5)",
                "Whether the datasets include data protected by copyright, trademark or patent, or are entirely in the public domain",
                &facts.works(),
                "Only works of the registry were looked for; what is not in it may be protected all the same.",
            ),
            partial(
                "(6)",
                "Whether the datasets were purchased or licensed",
                &json!({"findings_covered_by_a_license": verdict("licensed"), "findings_reserved": verdict("reserved")}),
                "Purchases and licenses of whole datasets are open.",
            ),
            open("(7)", "Whether the datasets include personal information", unexamined),
            open("(8)", "Whether the datasets include aggregate consumer information", unexamined),
            open("(9)", "Cleaning, processing or other modification, and its purpose", "A copy made by clearance filter is described by its own run; everything else is open."),
            open("(10)", "Period of collection, and whether it is ongoing", developer),
            open("(11)", "Dates of first use in development", developer),
            open("(12)", "Whether the system uses synthetic data generation", developer),
        ],
    })
}

fn rightsholders(facts: &Facts<'_>) -> Vec<String> {
    let works = facts.summary.works.iter();
    let mut names: Vec<String> = works.filter_map(|work| work.rightsholder.clone()).collect();
    names.sort();
    names.dedup();
    names
}

fn columns(facts: &Facts<'_>) -> Value {
    let mut columns: Vec<&(String, String)> = facts.files.iter().flat_map(|f| &f.columns).collect();
    columns.sort();
    columns.dedup();
    columns
        .into_iter()
        .map(|(name, kind)| json!({"name": name, "type": kind}))
        .collect()
}
