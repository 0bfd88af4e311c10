//! What holds of files about places, whatever is in them.

use std::collections::BTreeSet;

use clearance_decode::{WarcReader, XmlElement, read_xml};
use clearance_rights::places::{
    Address, CrawlerRules, PathPattern, PlaceDocument, PlaceRules, PlaceTable, RslElement,
    read_ai_txt, read_headers, read_robots, read_rsl, read_tdmrep,
};
use clearance_rights::signals::Answer;
use clearance_rights::{Mode, Policy, Use, parse_date};

const HOST: &str = "a.example";
const ADDRESSES: [&str; 4] = [
    "https://a.example/",
    "https://a.example/a/b.jpg",
    "https://b.a.example/a?b=c",
    "http://xn--bcher-kva.example/%7e",
];
/// Longest reason, in bytes: it is printed on one line.
const LONGEST_REASON: usize = 2048;

/// The first byte says of which kind the rest is.
pub(crate) fn check(bytes: &[u8]) {
    let Some((kind, rest)) = bytes.split_first() else {
        return;
    };
    let document = document(*kind, rest);
    assert_eq!(
        document,
        self::document(*kind, rest),
        "read otherwise again"
    );
    for reject in &document.rejects {
        assert!(reject.reason.len() < LONGEST_REASON, "{reject:?}");
        assert!(!reject.reason.contains(['\n', '\r']), "{reject:?}");
    }
    let day = parse_date("2026-01-01").unwrap();
    let twice = [document.clone(), document];
    for each in Use::ALL {
        let one = PlaceRules::new(&twice[..1], each, day);
        let two = PlaceRules::new(&twice, each, day);
        for address in ADDRESSES {
            let said = one.declared(address);
            // What is said twice says no more than what is said once.
            let again = two.declared(address);
            let answer = said.answer(each).map(|it| it.answer);
            assert_eq!(answer, again.answer(each).map(|it| it.answer), "{address}");
            let looked = one.look_up(address).is_some();
            assert_eq!(looked, answer > Some(Answer::Allow), "{address}");
            let decision =
                Policy::new(Mode::OptOut, each, day).decide_declared(&said, None, "The address");
            assert!(!decision.reason.contains(['\n', '\r']), "{decision:?}");
        }
    }
}

fn document(kind: u8, bytes: &[u8]) -> PlaceDocument {
    let at = |path: &str| format!("https://{HOST}{path}");
    let text = String::from_utf8_lossy(bytes);
    match kind {
        b'r' => {
            let rules = CrawlerRules::read(bytes, "clearance");
            assert_eq!(rules, CrawlerRules::read(bytes, "clearance"));
            for address in ADDRESSES {
                let path = Address::parse(address).unwrap().path;
                let by = rules.permission(&path).to_string();
                assert!(
                    by.len() < LONGEST_REASON && !by.contains(['\n', '\r']),
                    "{by:?}"
                );
            }
            read_robots(bytes, HOST, &at("/robots.txt"))
        }
        b't' => read_tdmrep(bytes, HOST, &at("/.well-known/tdmrep.json")),
        b'a' => read_ai_txt(bytes, HOST, &at("/ai.txt")),
        b'h' => {
            let fields = text.lines().filter_map(|line| line.split_once(':'));
            let fields: Vec<(&str, &str)> = fields.collect();
            read_headers(&fields, ADDRESSES[1], ADDRESSES[1])
        }
        b'x' => {
            let address = at("/license.xml");
            match read_xml(bytes) {
                Ok(root) => read_rsl(Ok(&element(root)), &address, &address),
                Err(error) => read_rsl(Err(&error.to_string()), &address, &address),
            }
        }
        _ => {
            let mut document = PlaceDocument::new("rules.csv");
            let mut table = PlaceTable::default();
            for (number, line) in text.lines().enumerate() {
                let mut cells = [""; 8];
                for (cell, text) in cells.iter_mut().zip(line.split(';')) {
                    *cell = text;
                }
                document
                    .rules
                    .extend(table.rule(cells, "rules.csv", number as u32 + 1));
                spell(line);
            }
            document
        }
    }
}

/// One spelling stays as it is.
fn spell(line: &str) {
    if let Some(address) = Address::parse(line) {
        let whole = format!("https://{}{}", address.host, address.path);
        let again = Address::parse(&whole);
        assert_eq!(
            again.as_ref().map(|it| &it.host),
            Some(&address.host),
            "{line}"
        );
        assert_eq!(
            again.map(|it| it.path),
            Some(address.path.clone()),
            "{line}"
        );
    }
    if let Ok(pattern) = PathPattern::new(line) {
        for address in ADDRESSES {
            let path = Address::parse(address).map(|it| it.path.into_owned());
            pattern.matches(&path.unwrap_or_default());
        }
    }
}

fn element(element: XmlElement) -> RslElement {
    RslElement {
        name: element.name,
        namespace: element.namespace,
        attributes: element.attributes,
        text: element.text,
        children: element.children.into_iter().map(self::element).collect(),
    }
}

/// Reads a WARC file twice, once with and once without its bodies.
pub(crate) fn check_warc(bytes: &[u8]) {
    let read = |wants: bool| {
        let mut reader = WarcReader::new(bytes);
        let mut records = Vec::new();
        loop {
            match reader.next_record(|_, _| wants) {
                Ok(Some(record)) => records.push(record),
                Ok(None) => return (records, None),
                Err(detail) => return (records, Some(detail)),
            }
        }
    };
    let (whole, fault) = read(true);
    assert_eq!((&whole, &fault), (&read(true).0, &read(true).1));
    let (heads, _) = read(false);
    assert!(whole.len() <= heads.len());
    let numbers: BTreeSet<u64> = whole.iter().map(|record| record.number).collect();
    assert_eq!(numbers.len(), whole.len());
    for (record, head) in whole.iter().zip(&heads) {
        assert_eq!((record.number, &record.target), (head.number, &head.target));
        assert!(record.body.len() <= 8 << 20);
    }
}
