//! A catalog of two hundred works with licenses and contradictions, made by chance: the verdict of
//! every finding on four days, in both modes and for three uses, against a second judge that is
//! written here from the rules in words (README, "Rights") and shares no code with the first.

use std::collections::BTreeSet;
use std::fmt::Write;

use clearance_testkit::dataset::DatasetBuilder;
use clearance_testkit::prng::Prng;
use clearance_testkit::prose;

use crate::workplace::Workplace;

const WORKS: usize = 200;
const DAYS: [&str; 4] = ["2024-12-31", "2025-01-01", "2025-06-30", "2026-01-01"];
const USES: [&str; 3] = ["search", "train", "train-generative"];
const LICENSEE: &str = "Acme";
const COUNTRY: &str = "DE";

/// First and last day, either left open; the last may come before the first.
type Days = (Option<&'static str>, Option<&'static str>);

struct Reservation {
    word: &'static str,
    days: Days,
    territory: &'static str,
}

struct License {
    licensee: &'static str,
    uses: &'static str,
    days: Days,
    territory: &'static str,
    /// Who granted it; nobody when that is not said.
    licensors: Vec<String>,
}

struct Work {
    holders: Vec<String>,
    /// Whom a second catalog names, when it speaks of the work.
    otherwise: Option<String>,
    reservations: Vec<Reservation>,
    licenses: Vec<License>,
}

fn one(random: &mut Prng, of: &[&'static str]) -> &'static str {
    of[random.below(of.len())]
}

fn days(random: &mut Prng) -> Days {
    let limits = ["2024-06-01", "2025-01-01", "2025-06-30", "2025-12-31"];
    let mut limit = |chance: f64| random.chance(chance).then(|| one(random, &limits));
    let (first, last) = (limit(0.7), limit(0.6));
    match (first, last) {
        // Mostly in order.
        (Some(first), Some(last)) if first > last && random.chance(0.8) => {
            (Some(last), Some(first))
        }
        other => other,
    }
}

fn work(number: usize) -> Work {
    let mut random = Prng::for_purpose(number as u64, "verdicts");
    let holder = format!("Holder {}", number % 40);
    let holders = if random.chance(0.3) {
        vec![holder, format!("Co-holder {number}")]
    } else {
        vec![holder]
    };
    let territories = ["", "", "", "DE", "EU", "US", "US+CH"];
    let words = ["all", "tdm", "train", "train-generative", "search", "none"];
    let reservation = |random: &mut Prng| Reservation {
        word: one(random, &words),
        days: days(random),
        territory: one(random, &territories),
    };
    let grants = ["all", "all", "train", "train-generative", "search", "tdm"];
    let licensees = [LICENSEE, "ACME ", LICENSEE, "Beta", "*", ""];
    let license = |random: &mut Prng| License {
        licensee: one(random, &licensees),
        uses: one(random, &grants),
        days: days(random),
        territory: one(random, &territories),
        licensors: match random.below(8) {
            0 => Vec::new(),
            1 => vec!["Mallory".to_owned()],
            2 | 3 => vec![random.pick(&holders).clone()],
            _ => holders.clone(),
        },
    };
    let otherwise = random.chance(0.08).then(|| {
        if random.chance(0.5) {
            holders.join("; ")
        } else {
            "Somebody Else".to_owned()
        }
    });
    let (reservations, licenses) = (random.below(3), random.below(4));
    Work {
        otherwise,
        reservations: (0..reservations)
            .map(|_| reservation(&mut random))
            .collect(),
        licenses: (0..licenses).map(|_| license(&mut random)).collect(),
        holders: holders.clone(),
    }
}

// The second judge.

#[derive(Clone, Copy, PartialEq)]
enum Certainty {
    No,
    Perhaps,
    Yes,
}
use Certainty::{No, Perhaps, Yes};

fn on((first, last): Days, day: &str) -> Certainty {
    match (first, last) {
        (Some(first), Some(last)) if first > last => Perhaps,
        _ if first.is_some_and(|first| day < first) => No,
        _ if last.is_some_and(|last| day > last) => No,
        _ => Yes,
    }
}

fn here(territory: &str) -> bool {
    territory.is_empty()
        || territory
            .split('+')
            .any(|part| part == COUNTRY || part == "EU")
}

fn reserves(word: &str, planned: &str) -> bool {
    match word {
        "all" => true,
        "tdm" | "train" => planned.starts_with("train"),
        "none" => false,
        word => word == planned,
    }
}

fn covers(license: &License, work: &Work, planned: &str, day: &str) -> Certainty {
    let grants = license.uses == "all" || license.uses == planned;
    let named = license.licensee.trim().to_lowercase();
    let is_for = match named.as_str() {
        "*" => Yes,
        "" => Perhaps,
        name if name == LICENSEE.to_lowercase() => Yes,
        _ => No,
    };
    let signed = match &license.licensors[..] {
        [] if work.holders.len() > 1 => Perhaps,
        [] => Yes,
        // A stranger may have signed for somebody, unless everybody signed.
        by if by.iter().any(|name| !work.holders.contains(name)) => Perhaps,
        _ => Yes,
    };
    let all = [is_for, on(license.days, day), signed];
    if !grants || !here(license.territory) || all.contains(&No) {
        No
    } else if all.contains(&Perhaps) {
        Perhaps
    } else {
        Yes
    }
}

/// Whether all rightsholders granted licenses that are at least so certain.
fn granted(work: &Work, planned: &str, day: &str, least: Certainty) -> bool {
    let mut signatures: BTreeSet<&String> = BTreeSet::new();
    for license in &work.licenses {
        let certainty = covers(license, work, planned, day);
        if certainty == No || (least == Yes && certainty == Perhaps) {
            continue;
        }
        let known = license.licensors.iter();
        if license.licensors.is_empty() || known.clone().any(|name| !work.holders.contains(name)) {
            signatures.extend(&work.holders);
        }
        signatures.extend(known);
    }
    work.holders
        .iter()
        .all(|holder| signatures.contains(holder))
}

fn verdict(work: &Work, planned: &str, day: &str) -> &'static str {
    let disputed = work.otherwise.as_deref();
    if disputed.is_some_and(|other| other != work.holders.join("; ")) {
        return "review";
    }
    let reserved = work.reservations.iter().map(|reservation| {
        let applies = reserves(reservation.word, planned) && here(reservation.territory);
        if applies {
            on(reservation.days, day)
        } else {
            No
        }
    });
    let reserved: Vec<Certainty> = reserved.collect();
    if granted(work, planned, day, Yes) {
        "licensed"
    } else if granted(work, planned, day, Perhaps) {
        "review"
    } else if reserved.contains(&Yes) {
        "reserved"
    } else if reserved.contains(&Perhaps) {
        "review"
    } else {
        "unreserved"
    }
}

// The catalogs.

const HEADER: &str = "work_id,rightsholder,text,reservation,reserved_since,reserved_until,territory,license_id,licensee,license_uses,license_from,license_until,license_territory,licensor\n";

fn day(day: Option<&str>) -> &str {
    day.unwrap_or_default()
}

/// A line for the text, one for every further record. Only the first names the rightsholders, so
/// that a license without licensor says nothing of them.
fn lines(number: usize, work: &Work) -> String {
    let id = format!("w-{number}");
    let text = prose::write(number as u64 + 1000, 120);
    let mut lines = format!("{id},{},\"{text}\",,,,,,,,,,,\n", work.holders.join(";"));
    for reservation in &work.reservations {
        let (since, until) = reservation.days;
        let territory = reservation.territory;
        writeln!(
            lines,
            "{id},,,{},{},{},{territory},,,,,,,",
            reservation.word,
            day(since),
            day(until),
        )
        .unwrap();
    }
    for (place, license) in work.licenses.iter().enumerate() {
        let (from, until) = license.days;
        writeln!(
            lines,
            "{id},,,,,,,L-{number}-{place},{},{},{},{},{},{}",
            license.licensee,
            license.uses,
            day(from),
            day(until),
            license.territory,
            license.licensors.join(";"),
        )
        .unwrap();
    }
    lines
}

fn place(works: &[Work]) -> Workplace {
    let place = Workplace::new();
    let all = works.iter().enumerate();
    let lines: String = all.clone().map(|(at, work)| lines(at, work)).collect();
    place.write("catalog.csv", format!("{HEADER}{lines}"));
    let disputes = all.filter_map(|(at, work)| {
        let other = work.otherwise.as_ref()?;
        Some(format!(
            "{{\"work_id\": \"w-{at}\", \"rightsholder\": \"{other}\"}}\n"
        ))
    });
    place.write("others.jsonl", disputes.collect::<String>());
    for catalog in ["catalog.csv", "others.jsonl"] {
        let ended = place.run(&["register", catalog, "--registry", "registry"]);
        assert_eq!(ended.code, 0, "{}", ended.stderr);
    }
    let texts = (0..works.len()).map(|number| {
        let text = prose::write(number as u64 + 1000, 120);
        let words: Vec<&str> = text.split_whitespace().skip(20).take(70).collect();
        let around = |seed: usize| prose::write(seed as u64, 40);
        let row = format!(
            "{} {} {}",
            around(number + 5000),
            words.join(" "),
            around(number + 7000)
        );
        Some(row)
    });
    std::fs::create_dir_all(place.path("data")).unwrap();
    DatasetBuilder::new()
        .text("text", texts)
        .write(place.path("data/texts.parquet"))
        .unwrap();
    place
}

#[test]
fn every_verdict_is_that_of_a_second_judge() {
    let works: Vec<Work> = (0..WORKS).map(work).collect();
    let place = place(&works);
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut is_scanned = false;
    for asked in DAYS {
        for planned in USES {
            for mode in ["opt-out", "opt-in"] {
                let command = if is_scanned {
                    ["judge", "scanned", "--out", "judged"]
                } else {
                    ["scan", "data", "--out", "scanned"]
                };
                let question = [
                    "--registry",
                    "registry",
                    "--as-of",
                    asked,
                    "--use",
                    planned,
                    "--mode",
                    mode,
                    "--licensee",
                    LICENSEE,
                    "--territory",
                    COUNTRY,
                ];
                let ended = place.run(&[&command[..], &question].concat());
                assert!(ended.code < 2, "{}", ended.stderr);
                let findings = place.findings(command[3]);
                assert_eq!(findings.len(), WORKS);
                let mut over = 0;
                for finding in findings {
                    let id = finding["work_id"].as_str().unwrap();
                    let work = &works[id.strip_prefix("w-").unwrap().parse::<usize>().unwrap()];
                    let expected = verdict(work, planned, asked);
                    assert_eq!(
                        finding["verdict"], expected,
                        "{id} {planned} {asked}: {}",
                        finding["reason"]
                    );
                    seen.insert(expected);
                    over += u64::from(match mode {
                        "opt-in" => expected != "licensed",
                        _ => matches!(expected, "reserved" | "review"),
                    });
                }
                let summary = place.json(&format!("{}/summary.json", command[3]));
                assert_eq!(summary["over_policy"], over);
                assert_eq!(ended.code, i32::from(over > 0));
                is_scanned = true;
            }
        }
    }
    assert_eq!(seen.len(), 4);
}
