//! Who may import whom.
//!
//! Cargo accepts edges between crates of one floor and circles of
//! dev-dependencies; the architecture does not.

use anyhow::{Context, Result};
use serde_json::Value;

use crate::Findings;

/// Where a crate stands in the house.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Imports lower floors only.
    Floor(u8),
    /// Makes test material: imports no crate of ours, and is imported by tests only.
    Side,
    /// Measures floors 0 to 4, with the side's material.
    Bench,
    /// Checks from outside: imports no crate of ours and is imported by none.
    Task,
}

/// Every crate of the workspace. A new crate gets its floor here and in ARCHITECTURE.md.
const PLACES: [(&str, Place); 12] = [
    ("clearance-rights", Place::Floor(0)),
    ("clearance-decode", Place::Floor(0)),
    ("clearance-fingerprint", Place::Floor(1)),
    ("clearance-index", Place::Floor(2)),
    ("clearance-scan", Place::Floor(3)),
    ("clearance-stamp", Place::Floor(3)),
    ("clearance-report", Place::Floor(4)),
    ("clearance", Place::Floor(5)),
    ("clearance-python", Place::Floor(6)),
    ("clearance-testkit", Place::Side),
    ("clearance-bench", Place::Bench),
    ("xtask", Place::Task),
];

/// The highest floor that benches may look into: what lies above is the program itself.
const BENCHED_FLOOR: u8 = 4;

/// Libraries that stay in a few crates, so that their major versions and their
/// bugs do not become everybody's.
const CONFINED: [(&str, &[&str]); 25] = [
    ("symphonia", &["clearance-decode"]),
    ("ropus", &["clearance-decode"]),
    ("html5gum", &["clearance-decode"]),
    ("encoding_rs", &["clearance-decode"]),
    ("chardetng", &["clearance-decode"]),
    ("zune-jpeg", &["clearance-decode"]),
    ("zip", &["clearance-decode", "clearance-stamp"]),
    ("c2pa", &["clearance-decode", "clearance-stamp"]),
    ("ogg_pager", &["clearance-stamp"]),
    ("minicbor", &["clearance-decode"]),
    (
        "quick-xml",
        &["clearance-decode", "clearance-index", "clearance-stamp"],
    ),
    ("hayro-cmap", &["clearance-decode"]),
    ("hayro-syntax", &["clearance-decode"]),
    ("image-webp", &["clearance-decode"]),
    ("rustfft", &["clearance-fingerprint"]),
    ("arrow-array", TABLES),
    ("arrow-buffer", TABLES),
    ("arrow-ipc", &["clearance-scan", "clearance-testkit"]),
    ("arrow-schema", TABLES),
    ("tar", &["clearance-scan", "clearance-testkit"]),
    ("parquet", TABLES),
    ("anyhow", &["clearance", "clearance-bench", "xtask"]),
    ("clap", &["clearance", "clearance-bench"]),
    ("indicatif", &["clearance"]),
    ("pyo3", &["clearance-python"]),
];

/// Crates that read or write tables. `clearance-index` does so in private.
const TABLES: &[&str] = &[
    "clearance-index",
    "clearance-scan",
    "clearance-report",
    "clearance-python",
    "clearance-testkit",
    "clearance-bench",
];

/// A dependency as a crate's manifest names it.
struct Edge<'a> {
    from: &'a str,
    to: &'a str,
    dev: bool,
}

/// Holds the packages of a `cargo metadata --no-deps` answer to their places.
pub(crate) fn check(metadata: &Value) -> Result<Findings> {
    let packages = metadata["packages"].as_array();
    let packages = packages.context("cargo metadata lists no packages")?;
    let mut findings = Findings::default();
    for package in packages {
        let name = text(package, "name")?;
        if place(name).is_none() {
            findings.problems.push(format!(
                "{name} has no floor: give it one in ARCHITECTURE.md and in crates/xtask/src/layers.rs"
            ));
            continue;
        }
        let dependencies = package["dependencies"].as_array();
        for dependency in dependencies.context("a package without a list of dependencies")? {
            let edge = Edge {
                from: name,
                to: text(dependency, "name")?,
                dev: dependency["kind"] == "dev",
            };
            let ours = dependency["path"].is_string();
            let problem = if ours { trouble(&edge) } else { stray(&edge) };
            findings.problems.extend(problem);
        }
    }
    Ok(findings)
}

fn text<'a>(value: &'a Value, name: &str) -> Result<&'a str> {
    let text = value[name].as_str();
    text.with_context(|| format!("cargo metadata: a package or dependency without `{name}`"))
}

fn place(name: &str) -> Option<Place> {
    let found = PLACES.iter().find(|(known, _)| *known == name);
    found.map(|(_, place)| *place)
}

/// Why an edge between two crates of ours must not be, if so.
fn trouble(edge: &Edge<'_>) -> Option<String> {
    let (from, to) = (place(edge.from)?, place(edge.to));
    let rule = match (from, to) {
        (_, None) => "a path dependency must be a crate of this workspace with a floor",
        (Place::Floor(from), Some(Place::Floor(to))) if to < from => return None,
        (Place::Floor(_), Some(Place::Floor(_))) => {
            "a crate imports only from lower floors, in tests too"
        }
        (Place::Floor(_), Some(Place::Side)) if edge.dev => return None,
        (Place::Floor(_), Some(Place::Side)) => "test material may be a dev-dependency only",
        (Place::Bench, Some(Place::Floor(to))) if to <= BENCHED_FLOOR => return None,
        (Place::Bench, Some(Place::Side)) => return None,
        (Place::Bench, _) => "benches import floors 0 to 4 and the test material",
        (Place::Side, _) => {
            "test material imports no crate of ours, so that every crate can use it"
        }
        (Place::Task, _) => {
            "the checks import no crate of ours, so that they build when nothing else does"
        }
        (Place::Floor(_), Some(Place::Bench | Place::Task)) => "nothing imports benches or checks",
    };
    Some(format!(
        "{} ({}) {} {}{}: {rule}",
        edge.from,
        describe(from),
        if edge.dev { "tests with" } else { "imports" },
        edge.to,
        to.map(|to| format!(" ({})", describe(to)))
            .unwrap_or_default(),
    ))
}

fn describe(place: Place) -> String {
    match place {
        Place::Floor(floor) => format!("floor {floor}"),
        Place::Side => "side".to_owned(),
        Place::Bench => "benches".to_owned(),
        Place::Task => "checks".to_owned(),
    }
}

/// Why a library must not be imported here, if so. Tests may use what they like.
fn stray(edge: &Edge<'_>) -> Option<String> {
    let (_, homes) = CONFINED.iter().find(|(library, _)| *library == edge.to)?;
    if edge.dev || homes.contains(&edge.from) {
        return None;
    }
    Some(format!(
        "{} imports {}, which stays in {}",
        edge.from,
        edge.to,
        homes.join(", ")
    ))
}

#[cfg(test)]
mod tests;
