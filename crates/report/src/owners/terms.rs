//! The terms of licenses in a line.

use std::collections::BTreeSet;

use clearance_index::Snapshot;
use clearance_rights::License;

/// The terms of a work's licenses, by id; the ids alone without a registry.
pub(super) fn terms(
    work_id: &str,
    licenses: &BTreeSet<String>,
    registry: Option<&Snapshot>,
) -> Vec<String> {
    let record = registry.and_then(|registry| registry.record(work_id));
    licenses
        .iter()
        .map(|id| {
            let known = record.and_then(|record| {
                let mut licenses = record.licenses.iter();
                licenses.find(|license| license.license_id == *id)
            });
            known.map_or_else(|| one_line(id), in_words)
        })
        .collect()
}

fn in_words(license: &License) -> String {
    let day = |day: Option<chrono::NaiveDate>| day.map_or("open".to_owned(), |day| day.to_string());
    let mut words = vec![
        format!(
            "{}: {} to {}",
            license.license_id,
            license.uses,
            license.licensee.as_deref().unwrap_or("nobody named"),
        ),
        format!("{} to {}", day(license.from), day(license.until)),
        license.territory.to_string(),
    ];
    if let Some(derivatives) = license.derivatives {
        let word = if derivatives {
            "derivatives"
        } else {
            "no derivatives"
        };
        words.push(word.to_owned());
    }
    for (name, value) in [
        ("price class", &license.price_class),
        ("reference", &license.reference),
    ] {
        if let Some(value) = value {
            words.push(format!("{name} {value}"));
        }
    }
    if !license.licensors.is_empty() {
        words.push(format!("granted by {}", license.licensors.join("; ")));
    }
    one_line(&words.join(", "))
}

/// Foreign text on one line.
pub(super) fn one_line(text: &str) -> String {
    let is_break = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    text.chars()
        .map(|c| if is_break(c) { ' ' } else { c })
        .collect()
}
