//! The public summary of training content, Regulation (EU) 2024/1689, Art. 53(1)(d), in the sections of
//! the template that the AI Office published in July 2025.

use serde_json::{Value, json};

use super::{Facts, known, open, partial};

/// Words of a text to tokens: about four for three, as tokenizers of English have it.
const TOKENS_PER_WORD: f64 = 4.0 / 3.0;

pub(super) fn form(facts: &Facts<'_>) -> Value {
    let summary = facts.summary;
    let developer = "Known to the provider alone.";
    let source = "A scan sees contents, not where they were obtained.";
    json!({
        "title": "Public summary of training content",
        "source": "Regulation (EU) 2024/1689, Art. 53(1)(d); sections of the AI Office's template of July 2025. Covers the scanned dataset alone.",
        "dataset_blake3": facts.dataset_digest(),
        "items": [
            open("1.1", "Provider: name, contact, authorised representative", developer),
            open("1.2", "Model: versioned names, dependencies, date of placement on the market", developer),
            partial(
                "1.3",
                "Overall training data: modalities, size, type of content, latest date of acquisition, languages",
                &json!({"modalities": facts.media(), "size_ranges": sizes(facts)}),
                "Counts are those of the items that could be examined; a range counts tokens as four for three words. Type of content, date of acquisition and languages are open.",
            ),
            partial(
                "2.1",
                "Publicly available datasets",
                &json!({"files": facts.files.iter().map(|file| json!({
                    "file": file.totals.file,
                    "rows": file.totals.rows.rows,
                    "bytes": file.totals.bytes,
                    "blake3": file.totals.blake3,
                })).collect::<Vec<_>>()}),
                "Whether these files are a publicly available dataset, and which, is open.",
            ),
            partial(
                "2.2.1",
                "Datasets commercially licensed from rightsholders or their representatives",
                &json!({"findings_covered_by_a_license_of_the_registry":
                    summary.verdicts.get("licensed").copied().unwrap_or(0)}),
                "Licenses of whole datasets are not in the registry.",
            ),
            open("2.2.2", "Private datasets obtained from other third parties", source),
            open("2.3", "Data crawled and scraped from online sources: crawlers, period, content, domains", source),
            open("2.4", "User data", source),
            open("2.5", "Synthetic data", source),
            open("2.6", "Other sources", source),
            known(
                "3.1",
                "Measures to respect reservations of rights from the text and data mining exception",
                &json!({
                    "measure": "Contents were compared with a registry of works and the reservations stated for them.",
                    "works": facts.works(),
                    "mode": summary.policy.mode,
                    "registry_blake3": summary.registry.digest,
                    "tool": format!("{} {}", summary.tool.name, summary.tool.version),
                }),
            ),
            open("3.2", "Measures against content that may not be held or shared", "Not examined."),
            open("3.3", "Other information about processing", developer),
        ],
    })
}

/// The ranges that the template asks for.
fn sizes(facts: &Facts<'_>) -> Value {
    let media = &facts.summary.totals.media;
    let range = |amount: f64, low: f64, high: f64, names: [&'static str; 3]| {
        let place = usize::from(amount >= low) + usize::from(amount > high);
        names[place]
    };
    let mut sizes = serde_json::Map::new();
    if media.text.items > 0 {
        let tokens = media.text.extent * TOKENS_PER_WORD;
        let names = [
            "less than 1 billion tokens",
            "1 billion to 10 trillion tokens",
            "more than 10 trillion tokens",
        ];
        sizes.insert("text".to_owned(), range(tokens, 1e9, 1e13, names).into());
    }
    if media.image.items > 0 {
        let names = [
            "less than 1 million images",
            "1 million to 1 billion images",
            "more than 1 billion images",
        ];
        let images = media.image.items as f64;
        sizes.insert("image".to_owned(), range(images, 1e6, 1e9, names).into());
    }
    if media.audio.items > 0 {
        let names = [
            "less than 10 000 hours",
            "10 000 to 1 million hours",
            "more than 1 million hours",
        ];
        let hours = media.audio.extent / 3600.0;
        sizes.insert("audio".to_owned(), range(hours, 1e4, 1e6, names).into());
    }
    sizes.into()
}
