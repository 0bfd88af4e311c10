//! Runs every row of `places.md`, the readable specification of what is declared about places.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a specification that cannot be read is a failed test"
)]

use std::collections::{BTreeMap, BTreeSet};

use clearance_rights::places::{
    PlaceDocument, PlaceRules, PlaceTable, RSL_NAMESPACE, RslElement, read_ai_txt, read_headers,
    read_robots, read_rsl, read_tdmrep,
};
use clearance_rights::signals::Answer;
use clearance_rights::{Mode, Policy, Use, UseSet, parse_date};

const SPECIFICATION: &str = include_str!("places.md");
const HOST: &str = "example.com";
const ADDRESS: &str = "https://example.com/a/b.jpg";
const DAY: &str = "2026-01-01";

/// One table row: cell text by column name. Empty cells are left out.
struct Case {
    line: usize,
    cells: BTreeMap<&'static str, &'static str>,
}

/// `@2026-01-01 robots: …` as a document.
fn document(text: &str) -> PlaceDocument {
    let (date, text) = match text.strip_prefix('@') {
        Some(rest) => rest.split_once(' ').unwrap(),
        None => (DAY, text),
    };
    let (kind, text) = text.split_once(": ").unwrap();
    let lines = text.replace("<br>", "\n");
    let at = |path: &str| format!("https://{HOST}{path}");
    let bytes = bytes_of(&lines);
    let document = match kind {
        "robots" => read_robots(&bytes, HOST, &at("/robots.txt")),
        "tdmrep" => read_tdmrep(&bytes, HOST, &at("/.well-known/tdmrep.json")),
        "ai.txt" => read_ai_txt(&bytes, HOST, &at("/ai.txt")),
        "headers" => {
            let headers = lines.lines().map(|line| line.split_once(':').unwrap());
            let headers: Vec<(&str, &str)> = headers.collect();
            read_headers(&headers, ADDRESS, ADDRESS)
        }
        "rsl" => {
            let address = at("/license.xml");
            match lines.strip_prefix("damaged ") {
                Some(detail) => read_rsl(Err(detail), &address, &address),
                None => read_rsl(Ok(&terms(&lines)), &address, &address),
            }
        }
        "table" => table(&lines),
        other => panic!("unknown kind {other}"),
    };
    let name = format!("{kind} {}", document.place);
    document.named(&name).dated(parse_date(date).unwrap())
}

/// `\xff` stands for a byte that is no UTF-8.
fn bytes_of(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (number, part) in text.split("\\xff").enumerate() {
        if number > 0 {
            bytes.push(0xff);
        }
        bytes.extend(part.as_bytes());
    }
    bytes
}

fn element(name: &str, text: &str, attributes: &[(&str, &str)]) -> RslElement {
    RslElement {
        name: name.to_owned(),
        namespace: RSL_NAMESPACE.to_owned(),
        attributes: attributes
            .iter()
            .map(|&(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
        text: text.to_owned(),
        children: Vec::new(),
    }
}

/// Terms in short: a line is `content URL`, `server URL`, `license`, or an element of a license with
/// its type in parentheses and its text.
fn terms(lines: &str) -> RslElement {
    let mut root = element("rsl", "", &[]);
    for line in lines.lines() {
        let (word, text) = line.split_once(' ').unwrap_or((line, ""));
        if word == "content" {
            root.children.push(element("content", "", &[("url", text)]));
            continue;
        }
        let content = root.children.last_mut().unwrap();
        match word {
            "server" => content
                .attributes
                .push(("server".to_owned(), text.to_owned())),
            "license" => content.children.push(element("license", "", &[])),
            "terms" => content.children.push(element("terms", text, &[])),
            _ => {
                let (name, kind) = word.split_once('(').unwrap_or((word, ""));
                let kind = kind.trim_end_matches(')');
                let attributes = [("type", kind)];
                let attributes = if kind.is_empty() {
                    &[][..]
                } else {
                    &attributes
                };
                let license = content.children.last_mut().unwrap();
                license.children.push(element(name, text, attributes));
            }
        }
    }
    root
}

/// Lines with the cells of a table, separated by semicolons.
fn table(lines: &str) -> PlaceDocument {
    let mut document = PlaceDocument::new("rules.csv");
    let mut table = PlaceTable::default();
    for (number, line) in lines.lines().enumerate() {
        let mut cells = [""; 8];
        for (cell, text) in cells.iter_mut().zip(line.split(';')) {
            *cell = text;
        }
        let rule = table.rule(cells, "rules.csv", number as u32 + 2);
        document
            .rules
            .push(rule.unwrap_or_else(|error| panic!("{line}: {error}")));
    }
    document
}

/// `tdm deny, ai-input deny` as one answer for each use.
fn expected_answers(cell: &str) -> BTreeMap<Use, String> {
    let mut answers = BTreeMap::new();
    for part in cell.split(", ").filter(|&part| part != "—") {
        let (uses, answer) = part.split_once(' ').unwrap();
        let uses = match uses {
            "tdm" => UseSet::TEXT_AND_DATA_MINING,
            "training" => [Use::Train, Use::TrainGenerative].into_iter().collect(),
            exact => exact.parse().unwrap(),
        };
        answers.extend(uses.iter().map(|each| (each, answer.to_owned())));
    }
    answers
}

impl Case {
    fn cell(&self, column: &str) -> &'static str {
        self.cells.get(column).copied().unwrap_or_default()
    }

    fn documents(&self) -> Vec<PlaceDocument> {
        self.cell("documents").split(" // ").map(document).collect()
    }

    fn complaints(&self) -> Vec<String> {
        let documents = self.documents();
        let address = self.cells.get("address").copied().unwrap_or(ADDRESS);
        let address = address.strip_prefix('/').map_or_else(
            || address.to_owned(),
            |path| format!("https://{HOST}/{path}"),
        );
        let as_of = self.cells.get("as of").copied().unwrap_or("2026-06-01");
        let as_of = parse_date(as_of).unwrap();
        let mut said = BTreeMap::new();
        let (mut reasons, mut sentences) = (String::new(), String::new());
        for each in Use::ALL {
            let rules = PlaceRules::new(&documents, each, as_of);
            let found = rules.declared(&address);
            if let Some(answer) = found.answer(each) {
                said.insert(each, answer.answer.to_string());
                let is_more = answer.answer > Answer::Allow;
                assert_eq!(rules.look_up(&address).is_some(), is_more);
                reasons.extend(found.declarations.iter().filter_map(|it| it.reason.clone()));
                let policy = Policy::new(Mode::OptOut, each, as_of);
                sentences += &policy.decide_declared(&found, None, "The address").reason;
            }
        }
        let rejects = documents.iter().flat_map(|it| &it.rejects);
        let rejects: Vec<String> = rejects
            .map(|it| format!("{}: {}", it.line, it.reason))
            .collect();
        let rejects = rejects.join("; ");
        let mut complaints = Vec::new();
        let mut complain = |column: &str, found: &str| {
            let (line, case, expected) = (self.line, self.cell("case"), self.cell(column));
            complaints.push(format!(
                "places.md:{line} {case}: {column} is `{found}`, expected `{expected}`"
            ));
        };
        if said != expected_answers(self.cell("says")) {
            complain("says", &format!("{said:?}"));
        }
        for (column, found) in [
            ("reason says", &reasons),
            ("sentence says", &sentences),
            ("not understood", &rejects),
        ] {
            if !found.contains(self.cell(column)) {
                complain(column, found);
            }
        }
        if self.cell("not understood").is_empty() && !rejects.is_empty() {
            complain("not understood", &rejects);
        }
        complaints
    }
}

/// The cells of a table line, or nothing for any other line.
fn cells(line: &'static str) -> Option<Vec<&'static str>> {
    let inner = line.strip_prefix("| ")?.strip_suffix('|')?;
    Some(inner.split('|').map(str::trim).collect())
}

/// Every row of every table whose first column is `case`.
fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    let mut header: Option<Vec<&str>> = None;
    for (position, text) in SPECIFICATION.lines().enumerate() {
        if text.starts_with("|-") {
            continue;
        }
        match (cells(text), &header) {
            (None, _) => header = None,
            (Some(row), None) => header = Some(row),
            (Some(row), Some(columns)) if columns[0] == "case" => {
                let line = position + 1;
                assert_eq!(row.len(), columns.len(), "places.md:{line}");
                let named = columns.iter().copied().zip(row);
                let cells = named.filter(|(_, text)| !text.is_empty()).collect();
                cases.push(Case { line, cells });
            }
            (Some(_), Some(_)) => {}
        }
    }
    cases
}

#[test]
fn every_row_holds() {
    let complaints: Vec<String> = cases().iter().flat_map(Case::complaints).collect();
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn the_table_is_read_whole() {
    const COLUMNS: [&str; 8] = [
        "case",
        "documents",
        "address",
        "as of",
        "says",
        "reason says",
        "sentence says",
        "not understood",
    ];
    let cases = cases();
    let names: BTreeSet<&str> = cases.iter().map(|case| case.cell("case")).collect();
    assert_eq!(names.len(), cases.len(), "two rows have one name");
    assert!(cases.len() >= 90, "only {} rows were read", cases.len());
    for case in &cases {
        let unknown = case.cells.keys().find(|column| !COLUMNS.contains(column));
        assert_eq!(unknown, None, "places.md:{}", case.line);
        assert!(case.cells.contains_key("says"), "places.md:{}", case.line);
    }
}

/// What is wrong with a line of a table is said; the line is not a rule.
#[test]
fn lines_that_say_nothing_clear_are_refused() {
    for (cells, reason) in [
        (["", "", "", "", "", "", "", ""], "no pattern"),
        (
            ["ftp://example.com/", "", "", "", "", "", "", ""],
            "neither http nor https",
        ),
        (["example", "", "", "", "", "", "", ""], "is no host"),
        (["*", "", "", "", "", "", "", ""], "is no host"),
        (["a*.example.com", "", "", "", "", "", "", ""], "is no host"),
        (
            ["example.com", "fun", "", "", "", "", "", ""],
            "unknown reserved use",
        ),
        (
            ["example.com", "", "maybe", "", "", "", "", ""],
            "unknown answer",
        ),
        (["example.com", "", "", "1.2.2026", "", "", "", ""], "since"),
        (
            [
                "example.com",
                "",
                "",
                "2026-01-02",
                "2026-01-01",
                "",
                "",
                "",
            ],
            "ends before",
        ),
    ] {
        let error = PlaceTable::default()
            .rule(cells, "rules.csv", 2)
            .unwrap_err();
        assert!(error.contains(reason), "{cells:?}: {error}");
    }
}
