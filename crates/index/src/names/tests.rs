use clearance_rights::Work;
use proptest::prelude::*;

use super::{NameRole, Names};
use crate::WorkRecord;

fn works(list: &[(&str, &str, &[&str])]) -> Vec<WorkRecord> {
    let record = |(id, title, creators): &(&str, &str, &[&str])| WorkRecord {
        work: Work {
            title: Some((*title).to_owned()),
            creators: creators.iter().map(|&it| it.to_owned()).collect(),
            ..Work::new(*id)
        },
        reservations: Vec::new(),
        licenses: Vec::new(),
        source: String::new(),
        withdrawn: false,
    };
    list.iter().map(record).collect()
}

fn names(list: &[(&str, &str, &[&str])]) -> Names {
    Names::new(works(list).iter())
}

/// Name, place in the text, and how often.
fn found(names: &Names, text: &str) -> Vec<(String, String, u32)> {
    let characters: Vec<char> = text.chars().collect();
    let found = names.find(text).into_iter().map(|it| {
        let place = characters[it.start..it.end].iter().collect();
        (names.name(it.name).unwrap().text.clone(), place, it.times)
    });
    found.collect()
}

#[test]
fn whole_names_are_found_whatever_their_case_and_accents() {
    let names = names(&[("a", "Kestrel Élégie", &["Anaïs Zettervall"])]);
    assert_eq!(names.len(), 2);
    let text = "KESTREL ELEGIE, by anais\nZETTERVALL; Anaïs Zettervall again.";
    let expected = [
        ("Kestrel Élégie", "KESTREL ELEGIE", 1),
        ("Anaïs Zettervall", "anais\nZETTERVALL", 2),
    ];
    let expected = expected.map(|(name, place, times)| (name.to_owned(), place.to_owned(), times));
    assert_eq!(found(&names, text), expected);
    for other in [
        "kestrel elegies",
        "mykestrel elegie",
        "kestrel. Some elegie",
        "",
    ] {
        assert_eq!(found(&names, other), [], "{other}");
    }
}

#[test]
fn everyday_words_are_held_back() {
    let held = [
        "Night",
        "Home",
        "Go",
        "The Sea",
        "In The End",
        "Good Morning",
        "1984",
        "Love",
        "夏目",
    ];
    for title in held {
        let names = names(&[("a", title, &[])]);
        assert_eq!((names.len(), names.held_back()), (0, 1), "{title}");
    }
    let kept = [
        "Kestrel",
        "Night Kestrel",
        "The House at the End of the Road",
        "村上春樹",
    ];
    for title in kept {
        let names = names(&[("a", title, &[])]);
        assert_eq!((names.len(), names.held_back()), (1, 0), "{title}");
    }
}

#[test]
fn a_name_of_several_works_is_one_name_of_no_work() {
    let all = names(&[
        ("a", "Kestrel Blues", &["Zettervall, Ada"]),
        ("b", "Other Kestrels", &["Ada Zettervall"]),
    ]);
    let hit = all.find("It is by Ada Zettervall.");
    assert_eq!(hit.len(), 1);
    let name = all.name(hit[0].name).unwrap();
    assert_eq!((name.works, name.work_id.as_deref()), (2, None));
    assert_eq!(name.role, NameRole::Creator);
    let name = all.find("kestrel blues")[0].name;
    assert_eq!(all.name(name).unwrap().work_id.as_deref(), Some("a"));
}

#[test]
fn a_name_within_a_longer_one_is_not_counted() {
    let names = names(&[
        ("a", "Kestrel", &["Wim Kestrel Zettervall"]),
        ("b", "Kestrel Zettervall", &[]),
    ]);
    let text = "Wim Kestrel Zettervall saw a kestrel.";
    let expected = [("Wim Kestrel Zettervall", 1), ("Kestrel", 1)];
    let hits: Vec<_> = found(&names, text)
        .into_iter()
        .map(|(name, _, times)| (name, times))
        .collect();
    assert_eq!(hits, expected.map(|(name, times)| (name.to_owned(), times)));
}

#[test]
fn the_common_words_are_sorted_and_folded() {
    let lines: Vec<&str> = include_str!("common.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .collect();
    assert!(lines.is_sorted() && lines.len() > 2000);
    for line in lines {
        let folded = super::FoldedWords::new(line);
        assert_eq!(folded.as_str(), format!(" {line} "));
    }
}

proptest! {
    /// What the automaton finds is what a plain search finds, less what lies within something longer.
    #[test]
    fn the_automaton_finds_what_a_plain_search_finds(
        titles in proptest::collection::vec("[xyzü]{5,7}( [xyz]{1,3}){0,2}", 1..8),
        text in "([xyzüXY]{1,7}[ ,-]{1,2}){0,30}",
    ) {
        let ids: Vec<String> = (0..titles.len()).map(|it| it.to_string()).collect();
        let list: Vec<(&str, &str, &[&str])> = titles
            .iter()
            .zip(&ids)
            .map(|(title, id)| (id.as_str(), title.as_str(), &[] as &[&str]))
            .collect();
        let names = names(&list);
        let fold = |text: &str| super::FoldedWords::new(text).as_str().to_owned();
        let letters = fold(&text);
        let mut places = Vec::new();
        for number in 0..names.len() {
            let name = fold(&names.name(number).unwrap().text);
            let mut from = 0;
            while let Some(at) = letters[from..].find(&name) {
                places.push((from + at, from + at + name.len(), number));
                from += at + 1;
            }
        }
        let mut expected = vec![0; names.len()];
        for &(start, end, number) in &places {
            let is_within = places.iter().any(|&(from, to, _)| {
                from <= start && end <= to && (to - from) > (end - start)
            });
            expected[number] += u32::from(!is_within);
        }
        let mut counted = vec![0; names.len()];
        for hit in names.find(&text) {
            counted[hit.name] = hit.times;
        }
        prop_assert_eq!(counted, expected);
    }
}
