//! Runs every row of `signals.md`, the readable specification of what declarations in files mean.
#![expect(
    clippy::unwrap_used,
    reason = "a specification that cannot be read is a failed test"
)]

use std::collections::{BTreeMap, BTreeSet};

use clearance_rights::signals::{Assertion, Damage, Embedded, Sign, Signature, read};
use clearance_rights::{
    License, LinkedWork, Mode, Policy, Reservation, Use, UseSet, Work, parse_date,
};

const SPECIFICATION: &str = include_str!("signals.md");
const WORK_ID: &str = "W-1";
const PLACE: &str = "test";
const PREFIXES: [(&str, &str); 6] = [
    ("plus:", "http://ns.useplus.org/ldf/xmp/1.0/"),
    ("tdm:", "http://www.w3.org/ns/tdmrep/"),
    ("dc:", "http://purl.org/dc/elements/1.1/"),
    ("xmpRights:", "http://ns.adobe.com/xap/1.0/rights/"),
    ("prism:", "http://prismstandard.org/namespaces/basic/2.0/"),
    ("iptcExt:", "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"),
];

/// One table row: cell text by column name. Empty cells are left out.
struct Case {
    line: usize,
    cells: BTreeMap<&'static str, &'static str>,
}

/// A leaf of an assertion: keys, value.
type Leaf = (Vec<String>, String);

/// Signs as `read` takes them, owned.
#[derive(Default)]
struct Found {
    signs: Vec<(String, String, String, usize)>,
    assertions: Vec<(String, Vec<Leaf>, String)>,
    damage: Vec<(String, String)>,
}

impl Found {
    fn of(cell: &str) -> Self {
        let mut found = Self::default();
        for (packet, signs) in cell.split(" // ").enumerate() {
            for sign in signs.split(" / ") {
                found.add(sign, packet);
            }
        }
        found
    }

    fn add(&mut self, sign: &str, packet: usize) {
        let (kind, rest) = sign.trim_start().split_once(' ').unwrap();
        match kind {
            "assert" | "invalid" | "trusted" | "ingredient" => {
                let (label, leaves) = rest.split_once(": ").unwrap_or((rest, ""));
                let leaves = leaves.split(';').filter_map(|leaf| {
                    let (path, value) = leaf.split_once('=')?;
                    let path = path.trim().split('>').map(str::to_owned).collect();
                    Some((path, value.trim().to_owned()))
                });
                let label = label.trim_end_matches(':').to_owned();
                self.assertions
                    .push((label, leaves.collect(), kind.to_owned()));
            }
            "damage" => {
                let (topic, detail) = rest.split_once(" = ").unwrap();
                self.damage.push((topic.to_owned(), detail.to_owned()));
            }
            carrier => {
                let (name, value) = rest.split_once(" =").unwrap();
                let value = value.strip_prefix(' ').unwrap_or(value);
                let value = value.replace("vocab:", "http://ns.useplus.org/ldf/vocab/");
                let known = PREFIXES.iter().find_map(|(prefix, namespace)| {
                    let local = name.strip_prefix(prefix).filter(|_| carrier == "xmp")?;
                    Some(format!("{namespace}{local}"))
                });
                let name = known.unwrap_or_else(|| name.to_owned());
                self.signs.push((carrier.to_owned(), name, value, packet));
            }
        }
    }

    fn read(&self) -> Embedded {
        let signs = self
            .signs
            .iter()
            .map(|(carrier, name, value, packet)| Sign {
                carrier,
                name,
                value,
                place: PLACE,
                packet: *packet,
            });
        let assertions = self
            .assertions
            .iter()
            .map(|(label, leaves, kind)| Assertion {
                label,
                leaves,
                place: PLACE,
                is_active: kind != "ingredient",
                signature: match kind.as_str() {
                    "invalid" => Signature::Invalid,
                    "trusted" => Signature::Valid,
                    _ => Signature::Unverified,
                },
                signature_detail: match kind.as_str() {
                    "invalid" => "the file was changed",
                    "trusted" => "signed by Ada",
                    _ => "",
                },
            });
        let damage = self.damage.iter().map(|(topic, detail)| Damage {
            topic,
            place: PLACE,
            detail,
        });
        read(
            &signs.collect::<Vec<_>>(),
            &assertions.collect::<Vec<_>>(),
            &damage.collect::<Vec<_>>(),
        )
    }
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

fn listed(texts: impl Iterator<Item = String>) -> String {
    let texts: Vec<String> = texts.collect();
    if texts.is_empty() {
        "—".to_owned()
    } else {
        texts.join(", ")
    }
}

impl Case {
    fn cell(&self, column: &str) -> &'static str {
        self.cells.get(column).copied().unwrap_or_default()
    }

    fn planned(&self) -> Use {
        let planned = self.cells.get("use").copied();
        planned.unwrap_or("train-generative").parse().unwrap()
    }

    fn complaints(&self) -> Vec<String> {
        let embedded = Found::of(self.cell("signs")).read();
        let mut complaints = Vec::new();
        let mut compare = |column: &str, found: String, is_part: bool| {
            let Some(&expected) = self.cells.get(column) else {
                return;
            };
            let holds = if is_part {
                found.contains(expected)
            } else {
                found == expected
            };
            if !holds {
                let (line, case) = (self.line, self.cell("case"));
                complaints.push(format!(
                    "signals.md:{line} {case}: {column} is `{found}`, expected `{expected}`"
                ));
            }
        };
        let said = Use::ALL
            .into_iter()
            .filter_map(|each| Some((each, embedded.answer(each)?.answer.to_string())));
        if let Some(cell) = self.cells.get("says") {
            let said: BTreeMap<Use, String> = said.collect();
            // Compared as a whole, shown as the table writes it.
            let shown = if said == expected_answers(cell) {
                (*cell).to_owned()
            } else {
                format!("{said:?}")
            };
            compare("says", shown, false);
        }
        let declarations = embedded.declarations.iter();
        let texts = |text: fn(&clearance_rights::signals::Declaration) -> &Option<String>| {
            let texts = declarations.clone().filter_map(|it| text(it).clone());
            texts.collect::<Vec<_>>().join(" ")
        };
        compare("reason says", texts(|it| &it.reason), true);
        compare("terms", texts(|it| &it.policy_url), false);
        compare("conditions", texts(|it| &it.conditions), false);
        compare(
            "identifiers",
            listed(embedded.identifiers.iter().map(ToString::to_string)),
            false,
        );
        compare(
            "claims",
            listed(embedded.claims.iter().map(|it| it.subject.clone())),
            false,
        );
        let against = embedded
            .answer(self.planned())
            .and_then(|it| it.contradicted_by);
        compare(
            "against",
            listed(against.iter().map(|it| it.scheme.to_string())),
            false,
        );
        let reported = if embedded.is_notable(self.planned()) {
            "yes"
        } else {
            "no"
        };
        compare("reported", reported.to_owned(), false);
        let (verdict, reason) = self.decided(&embedded);
        compare("verdict", verdict, false);
        compare("sentence says", reason, true);
        complaints
    }

    fn decided(&self, embedded: &Embedded) -> (String, String) {
        let as_of = parse_date("2025-07-01").unwrap();
        let policy = Policy {
            licensee: Some("Acme".to_owned()),
            ..Policy::new(Mode::OptOut, self.planned(), as_of)
        };
        let work = Work::new(WORK_ID);
        let (reservations, licenses) = records(self.cell("registered"));
        let linked = LinkedWork {
            work: &work,
            reservations: &reservations,
            licenses: &licenses,
        };
        let linked = Some(linked).filter(|_| !matches!(self.cell("registered"), "" | "—"));
        let decision = policy.decide_declared(embedded, linked, "The item");
        (decision.verdict.to_string(), decision.reason)
    }
}

/// Records as `policy.md` writes them, in short: a reservation begins with `R`, a license with `L`.
fn records(cell: &str) -> (Vec<Reservation>, Vec<License>) {
    let (mut reservations, mut licenses) = (Vec::new(), Vec::new());
    for text in cell.split(" / ") {
        let words: Vec<&str> = text.split_whitespace().collect();
        if text.starts_with('R') {
            let uses = UseSet::parse_reservation(words[1]).unwrap();
            reservations.push(Reservation::new(words[0], WORK_ID, uses));
        } else if text.starts_with('L') {
            let uses = UseSet::parse_license(words[1]).unwrap();
            let to = words.iter().position(|&word| word == "to");
            let until = words.iter().find_map(|word| word.strip_prefix(".."));
            licenses.push(License {
                licensee: to.map(|at| words[at + 1].to_owned()),
                until: until.map(|day| parse_date(day).unwrap()),
                ..License::new(words[0], WORK_ID, uses)
            });
        }
    }
    (reservations, licenses)
}

/// The cells of a table line, or nothing for any other line.
fn cells(line: &'static str) -> Option<Vec<&'static str>> {
    let inner = line.strip_prefix('|')?.strip_suffix('|')?;
    Some(inner.split('|').collect())
}

/// Every row of every table whose first column is `case`.
fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    let mut header: Option<Vec<&str>> = None;
    for (position, text) in SPECIFICATION.lines().enumerate() {
        match (cells(text), &header) {
            (None, _) => header = None,
            (Some(row), None) => header = Some(row.into_iter().map(str::trim).collect()),
            (Some(row), Some(columns)) if columns[0] == "case" && !row[0].starts_with("--") => {
                let line = position + 1;
                assert_eq!(row.len(), columns.len(), "signals.md:{line}");
                let named = columns.iter().copied().zip(row);
                let cells = named
                    .map(|(column, text)| {
                        // White space in a value counts.
                        let text = if column == "signs" {
                            &text[1..text.len() - 1]
                        } else {
                            text.trim()
                        };
                        (column, text)
                    })
                    .filter(|(_, text)| !text.is_empty())
                    .collect();
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
    const COLUMNS: [&str; 14] = [
        "case",
        "signs",
        "says",
        "reason says",
        "terms",
        "conditions",
        "against",
        "identifiers",
        "claims",
        "use",
        "registered",
        "reported",
        "verdict",
        "sentence says",
    ];
    let cases = cases();
    let names: BTreeSet<&str> = cases.iter().map(|case| case.cell("case")).collect();
    assert_eq!(names.len(), cases.len(), "two rows have one name");
    assert!(cases.len() >= 150, "only {} rows were read", cases.len());
    for case in &cases {
        let unknown = case.cells.keys().find(|column| !COLUMNS.contains(column));
        assert_eq!(unknown, None, "signals.md:{}", case.line);
    }
}

/// Whatever the words, unknown is never turned into a permission, and the order in which
/// declarations are given never changes an answer.
#[test]
fn order_never_matters() {
    for case in cases() {
        let embedded = Found::of(case.cell("signs")).read();
        let mut turned = embedded.clone();
        turned.declarations.reverse();
        for each in Use::ALL {
            let answer = |of: &Embedded| of.answer(each).map(|it| it.answer);
            assert_eq!(
                answer(&embedded),
                answer(&turned),
                "signals.md:{}",
                case.line
            );
        }
    }
}

#[test]
fn what_is_stored_is_read_back() {
    for case in cases() {
        let embedded = Found::of(case.cell("signs")).read();
        let text = serde_json::to_string(&embedded).unwrap();
        let back: Embedded = serde_json::from_str(&text).unwrap();
        assert_eq!(embedded, back, "signals.md:{}", case.line);
    }
}
