//! Runs every row of `policy.md`, the readable specification of how records combine.
#![expect(
    clippy::unwrap_used,
    reason = "a specification that cannot be read is a failed test"
)]

use std::collections::{BTreeMap, BTreeSet};

use clearance_rights::{
    Decision, License, Mode, Policy, Reservation, Rightsholder, UseSet, Work, parse_date,
};

const SPECIFICATION: &str = include_str!("policy.md");
const WORK_ID: &str = "W-1";

/// One table row: cell text by column name. Empty cells are left out.
struct Case {
    line: usize,
    /// Whether the row's table has the column `by`, so that an empty cell means no record.
    has_by: bool,
    cells: BTreeMap<&'static str, &'static str>,
}

impl Case {
    fn cell(&self, column: &str) -> &'static str {
        self.cells.get(column).copied().unwrap_or_default()
    }

    /// The cell, `default` where it is empty, nothing where it is `—`.
    fn stated(&self, column: &str, default: &'static str) -> Option<&'static str> {
        Some(self.cells.get(column).copied().unwrap_or(default)).filter(|&text| text != "—")
    }

    fn modes(&self) -> Vec<Mode> {
        match self.cell("mode") {
            "" => Mode::ALL.to_vec(),
            mode => vec![mode.parse().unwrap()],
        }
    }

    fn policy(&self, mode: Mode) -> Policy {
        let planned = self
            .stated("use", "train-generative")
            .unwrap()
            .parse()
            .unwrap();
        let as_of = parse_date(self.stated("as of", "2025-07-01").unwrap()).unwrap();
        Policy {
            licensee: self.stated("licensee", "Acme").map(str::to_owned),
            territory: self.stated("place", "DE").map(|code| code.parse().unwrap()),
            ..Policy::new(mode, planned, as_of)
        }
    }

    fn work(&self) -> Work {
        Work {
            rightsholders: records(self.cell("rightsholders"))
                .map(|words| rightsholder(&words))
                .collect(),
            ..Work::new(WORK_ID)
        }
    }

    fn reservations(&self) -> Vec<Reservation> {
        records(self.cell("reservations"))
            .map(|words| reservation(&words))
            .collect()
    }

    fn licenses(&self) -> Vec<License> {
        records(self.cell("licenses"))
            .map(|words| license(&words))
            .collect()
    }

    /// What `decision` got wrong, one line each.
    fn complaints(&self, policy: &Policy, decision: &Decision) -> Vec<String> {
        let mut complaints = Vec::new();
        let mut compare = |what: &str, found: String, expected: &str| {
            if found != expected {
                let (line, case, mode) = (self.line, self.cell("case"), policy.mode);
                complaints.push(format!(
                    "policy.md:{line} {case} ({mode}): {what} is `{found}`, expected `{expected}`"
                ));
            }
        };
        compare(
            "verdict",
            decision.verdict.to_string(),
            self.cell("verdict"),
        );
        if self.has_by {
            compare("by", by(decision), self.cell("by"));
        }
        if let Some(expected) = self.cells.get("flagged") {
            let flagged = if policy.flags(decision.verdict) {
                "yes"
            } else {
                "no"
            };
            compare("flagged", flagged.to_owned(), expected);
        }
        let expected = self.cell("reason says");
        if !decision.reason.contains(expected) {
            compare("reason", decision.reason.clone(), expected);
        }
        complaints
    }
}

/// The records a decision names, as the column `by` writes them.
fn by(decision: &Decision) -> String {
    match (&decision.license_id, &decision.reservation_id) {
        (Some(license), Some(reservation)) => format!("{license} over {reservation}"),
        (Some(only), None) | (None, Some(only)) => only.clone(),
        (None, None) => String::new(),
    }
}

fn records(cell: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    cell.split(" / ")
        .map(|text| text.split_whitespace().collect())
        .filter(|words: &Vec<_>| !words.is_empty())
}

/// The words after `keyword` and before the next one of the notation.
fn clause(words: &[&str], keyword: &str) -> Option<String> {
    let start = words.iter().position(|&word| word == keyword)? + 1;
    let rest = &words[start..];
    let length = rest
        .iter()
        .position(|word| ["by", "to", "in"].contains(word))
        .unwrap_or(rest.len());
    Some(rest[..length].join(" "))
}

/// First and last day of `2024-01-01..2025-12-31`, either of which may be missing.
fn days(words: &[&str]) -> [Option<chrono::NaiveDate>; 2] {
    let Some((first, last)) = words.iter().find_map(|word| word.split_once("..")) else {
        return [None, None];
    };
    [first, last].map(|text| (!text.is_empty()).then(|| parse_date(text).unwrap()))
}

fn rightsholder(words: &[&str]) -> Rightsholder {
    let source = words.iter().position(|&word| word == "from");
    let (words, source) = words.split_at(source.unwrap_or(words.len()));
    let share = words.iter().position(|&word| word == "%");
    let (name, share) = words.split_at(share.map_or(words.len(), |sign| sign - 1));
    Rightsholder {
        share: share
            .first()
            .map(|percent| format!("{percent} %").parse().unwrap()),
        source: source.get(1).map(|&name| name.to_owned()),
        ..Rightsholder::new(name.join(" "))
    }
}

fn reservation(words: &[&str]) -> Reservation {
    let [since, until] = days(words);
    Reservation {
        since,
        until,
        territory: clause(words, "in").unwrap_or_default().parse().unwrap(),
        source: Some("catalog".to_owned()),
        ..Reservation::new(
            words[0],
            WORK_ID,
            UseSet::parse_reservation(words[1]).unwrap(),
        )
    }
}

fn license(words: &[&str]) -> License {
    let [from, until] = days(words);
    License {
        from,
        until,
        licensee: clause(words, "to"),
        licensors: clause(words, "by")
            .map(|names| names.split(" + ").map(str::to_owned).collect())
            .unwrap_or_default(),
        territory: clause(words, "in").unwrap_or_default().parse().unwrap(),
        ..License::new(words[0], WORK_ID, UseSet::parse_license(words[1]).unwrap())
    }
}

/// The cells of a table line, or nothing for any other line.
fn cells(line: &'static str) -> Option<Vec<&'static str>> {
    let inner = line.strip_prefix('|')?.strip_suffix('|')?;
    Some(inner.split('|').map(str::trim).collect())
}

/// Every row of every table whose first column is `case`.
fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    let mut header: Option<Vec<&str>> = None;
    for (position, text) in SPECIFICATION.lines().enumerate() {
        let line = position + 1;
        match (cells(text), &header) {
            (None, _) => header = None,
            (Some(row), None) => header = Some(row),
            (Some(row), Some(columns)) if columns[0] == "case" && !row[0].starts_with("--") => {
                assert_eq!(
                    row.len(),
                    columns.len(),
                    "policy.md:{line} has another number of cells"
                );
                let named = columns.iter().copied().zip(row);
                let cells = named.filter(|(_, text)| !text.is_empty()).collect();
                cases.push(Case {
                    line,
                    has_by: columns.contains(&"by"),
                    cells,
                });
            }
            (Some(_), Some(_)) => {}
        }
    }
    cases
}

#[test]
fn every_row_holds() {
    let complaints: Vec<String> = cases()
        .iter()
        .flat_map(|case| {
            let (work, reservations, licenses) =
                (case.work(), case.reservations(), case.licenses());
            case.modes().into_iter().flat_map(move |mode| {
                let policy = case.policy(mode);
                let decision = policy.decide(&work, &reservations, &licenses);
                case.complaints(&policy, &decision)
            })
        })
        .collect();
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn the_table_is_read_whole() {
    const COLUMNS: [&str; 13] = [
        "case",
        "mode",
        "use",
        "as of",
        "licensee",
        "place",
        "rightsholders",
        "reservations",
        "licenses",
        "verdict",
        "by",
        "flagged",
        "reason says",
    ];
    let cases = cases();
    let names: BTreeSet<&str> = cases.iter().map(|case| case.cell("case")).collect();
    assert_eq!(names.len(), cases.len(), "two rows have one name");
    assert!(cases.len() >= 100, "only {} rows were read", cases.len());
    for case in &cases {
        let unknown = case.cells.keys().find(|column| !COLUMNS.contains(column));
        assert_eq!(unknown, None, "policy.md:{}", case.line);
        assert_ne!(case.cell("verdict"), "", "policy.md:{}", case.line);
    }
    for verdict in ["reserved", "licensed", "unreserved", "review"] {
        assert!(
            cases.iter().any(|case| case.cell("verdict") == verdict),
            "{verdict}"
        );
    }
}
