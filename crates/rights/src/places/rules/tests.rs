use std::collections::BTreeSet;
use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::places::{PathPattern, read_robots};
use crate::signals::Scheme;
use crate::{UseSet, parse_date};

const WANTED: Use = Use::Train;

fn day(text: &str) -> NaiveDate {
    parse_date(text).unwrap()
}

fn rule(hosts: Hosts, path: &str, answer: Answer, contest: Contest, line: u32) -> PlaceRule {
    let says = Declaration::new(Scheme::Listed, "", "");
    PlaceRule {
        hosts,
        path: PathPattern::new(path).unwrap(),
        says: Arc::new(says.answering(UseSet::ALL, answer)),
        line: Some(line),
        since: None,
        until: None,
        contest,
    }
}

/// The same answer by asking every rule of every document.
fn plainly(
    documents: &[PlaceDocument],
    address: &str,
) -> Option<(Answer, BTreeSet<(String, u32)>)> {
    let address = Address::parse(address)?;
    let mut counted: BTreeSet<(String, u32)> = BTreeSet::new();
    let mut strictest = None;
    for document in documents {
        let hits: Vec<&PlaceRule> = document
            .rules
            .iter()
            .filter(|it| it.hosts.contains(&address.host) && it.path.matches(&address.path))
            .collect();
        for hit in &hits {
            let mut rivals = hits.iter().filter(|it| it.contest == hit.contest);
            let counts = match hit.contest {
                Contest::Each => true,
                Contest::First(_) => std::ptr::eq(*rivals.next().unwrap(), *hit),
                Contest::Longest(_) => {
                    let length = |it: &PlaceRule| it.path.as_str().len();
                    rivals.all(|it| length(it) <= length(hit))
                }
            };
            if counts {
                let line = hit.line.unwrap();
                counted.insert((document.place.clone(), line));
                strictest = strictest.max(hit.says.answers.get(WANTED));
            }
        }
    }
    let answer = strictest.filter(|it| *it > Answer::Allow)?;
    Some((answer, counted))
}

fn looked_up(rules: &PlaceRules, address: &str) -> Option<(Answer, BTreeSet<(String, u32)>)> {
    let found = rules.look_up(address)?;
    let places = found.declarations.iter().map(|it| {
        let (place, line) = it.place.rsplit_once(", line ").unwrap();
        (place.to_owned(), line.parse().unwrap())
    });
    Some((found.answer(WANTED)?.answer, places.collect()))
}

fn hosts() -> impl Strategy<Value = Hosts> {
    (0..3, "[ab](\\.[abc]){0,3}").prop_map(|(kind, name)| match kind {
        0 => Hosts::Only(name),
        1 => Hosts::Domain(name),
        _ => Hosts::Below(name),
    })
}

fn contest() -> impl Strategy<Value = Contest> {
    (0..3, 0..2_u32).prop_map(|(kind, number)| match kind {
        0 => Contest::Each,
        1 => Contest::First(number),
        _ => Contest::Longest(number),
    })
}

fn answer() -> impl Strategy<Value = Answer> {
    prop_oneof![
        Just(Answer::Allow),
        Just(Answer::Unknown),
        Just(Answer::Conditional),
        Just(Answer::Deny)
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn the_index_says_what_asking_every_rule_says(
        documents in proptest::collection::vec(
            proptest::collection::vec(
                (hosts(), "[/*][ab*/]{0,4}\\$?", answer(), contest()),
                0..12,
            ),
            1..4,
        ),
        addresses in proptest::collection::vec("http://[ab](\\.[abc]){0,4}/[ab/]{0,5}", 8),
    ) {
        let documents: Vec<PlaceDocument> = documents
            .into_iter()
            .enumerate()
            .map(|(number, rules)| {
                let rules = rules.into_iter().enumerate();
                PlaceDocument {
                    rules: rules
                        .map(|(line, (hosts, path, answer, contest))| {
                            rule(hosts, &path, answer, contest, line as u32 + 1)
                        })
                        .collect(),
                    ..PlaceDocument::new(&format!("d{number}"))
                }
            })
            .collect();
        let rules = PlaceRules::new(&documents, WANTED, day("2026-01-01"));
        for address in &addresses {
            prop_assert_eq!(looked_up(&rules, address), plainly(&documents, address), "{}", address);
        }
    }

    #[test]
    fn any_addresses_may_be_asked_about(address in ".{0,40}") {
        let everything = rule(Hosts::Domain("com".to_owned()), "*", Answer::Deny, Contest::Each, 1);
        let document = PlaceDocument {
            rules: vec![everything],
            ..PlaceDocument::new("d")
        };
        let rules = PlaceRules::new(&[document], WANTED, day("2026-01-01"));
        rules.look_up(&address);
        rules.look_up(&format!("http://a.com/{address}"));
    }
}

#[test]
fn nothing_counts_before_its_day_and_the_latest_of_several_snapshots_counts() {
    let robots = |text: &str, date: &str| {
        read_robots(text.as_bytes(), "a.com", "https://a.com/robots.txt")
            .named("robots.txt a.com")
            .dated(day(date))
    };
    let documents = [
        robots("User-agent: *\nDisallow: /", "2026-03-01"),
        robots("User-agent: *\nAllow: /", "2026-01-01"),
        robots("User-agent: CCBot\nDisallow: /", "2026-05-01"),
    ];
    for (as_of, sentence) in [
        ("2025-12-31", None),
        ("2026-02-28", None),
        (
            "2026-03-01",
            Some("https://a.com/robots.txt of 2026-03-01, line 2"),
        ),
        (
            "2026-06-01",
            Some("https://a.com/robots.txt of 2026-05-01, line 2"),
        ),
    ] {
        let rules = PlaceRules::new(&documents, WANTED, day(as_of));
        let found = rules.look_up("https://a.com/x");
        let place = found.map(|it| it.declarations[0].place.clone());
        assert_eq!(place.as_deref(), sentence, "{as_of}");
    }
}

#[test]
fn the_order_of_documents_changes_nothing() {
    let mut documents: Vec<PlaceDocument> = (0..5)
        .map(|number| {
            let robots = b"User-agent: *\nDisallow: /a\nContent-Signal: ai-train=no\n";
            read_robots(robots, "a.com", &format!("place {number}"))
        })
        .collect();
    let asked = |documents: &[PlaceDocument]| {
        PlaceRules::new(documents, WANTED, day("2026-01-01")).look_up("http://a.com/a")
    };
    let first = asked(&documents);
    assert_eq!(first.as_ref().unwrap().declarations.len(), 10);
    documents.reverse();
    assert_eq!(asked(&documents), first);
}
