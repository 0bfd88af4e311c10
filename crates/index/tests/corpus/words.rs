//! What holds of the words in a cell: dates, territories, uses, identifiers, roles.

use std::fmt::{Debug, Display};
use std::str::FromStr;

use chrono::{Datelike, NaiveDate};
use clearance_rights::{
    Country, Identifier, IdentifierKind, Role, Territory, Use, UseSet, parse_date,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Longest message about a word, in bytes: an excerpt of it and a sentence.
const LONGEST_MESSAGE: usize = 2048;

/// Reads `bytes` as each kind of word, and what was read again as it is shown.
pub(crate) fn check(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    if let Some(date) = checked(parse_date(text)) {
        assert!((1..=9999).contains(&date.year()));
        assert_eq!(parse_date(&date.to_string()), Ok(date));
        assert_eq!(date.to_string().parse::<NaiveDate>(), Ok(date));
    }
    shown_again::<Use>(text);
    shown_again::<IdentifierKind>(text);
    if let Some(country) = shown_again::<Country>(text) {
        let territory: Territory = text.parse().unwrap();
        assert!(territory.contains(country));
    }
    if let Some(territory) = shown_again::<Territory>(text) {
        assert!(territory.reservation_covers(None));
        assert_eq!(territory.license_covers(None), territory.is_worldwide());
    }
    check_uses(text);
    for kind in IdentifierKind::ALL {
        if let Some(identifier) = checked(Identifier::parse(kind, text)) {
            check_identifier(&identifier);
        }
    }
    let role = Role::from(text);
    assert_eq!(Role::from(role.as_str()), role);
    stored_again(&role);
}

/// A reservation is read at least as widely as the letter, a license at most so.
fn check_uses(text: &str) {
    let exact = shown_again::<UseSet>(text);
    let reserved = checked(UseSet::parse_reservation(text));
    let licensed = checked(UseSet::parse_license(text));
    assert_eq!(reserved.is_some(), licensed.is_some());
    for (wide, narrow) in [(reserved, licensed), (reserved, exact), (licensed, exact)] {
        if let (Some(wide), Some(narrow)) = (wide, narrow) {
            assert_eq!(wide.union(narrow), wide);
        }
    }
    for uses in [reserved, licensed].into_iter().flatten() {
        assert_eq!(uses.to_string().parse(), Ok(uses));
        assert_eq!(UseSet::parse_license(&uses.to_string()), Ok(uses));
    }
}

fn check_identifier(identifier: &Identifier) {
    let kind = identifier.kind();
    let read = |text: &str| Identifier::parse(kind, text);
    assert_eq!(read(identifier.value()).as_ref(), Ok(identifier));
    assert_eq!(read(&identifier.to_string()).as_ref(), Ok(identifier));
    assert_eq!(read(&format!(" {identifier}\n")).as_ref(), Ok(identifier));
    assert!(!identifier.value().contains(char::is_whitespace));
    assert!(!identifier.value().contains(char::is_control));
    stored_again(identifier);
}

/// Reads a word; if it is one, its display is the same one.
fn shown_again<T>(text: &str) -> Option<T>
where
    T: FromStr<Err: Display> + Display + Debug + PartialEq + Serialize + DeserializeOwned,
{
    let word: T = checked(text.parse())?;
    let again = word.to_string().parse();
    assert!(again.is_ok_and(|again: T| again == word), "{word:?}");
    stored_again(&word);
    Some(word)
}

fn stored_again<T: Serialize + DeserializeOwned + Debug + PartialEq>(word: &T) {
    let json = serde_json::to_string(word).unwrap();
    assert_eq!(serde_json::from_str::<T>(&json).as_ref().ok(), Some(word));
}

/// A refusal is one short line, whatever was refused.
fn checked<T, E: Display>(read: Result<T, E>) -> Option<T> {
    read.map_err(|error| {
        let message = error.to_string();
        assert!(message.len() <= LONGEST_MESSAGE, "{} bytes", message.len());
        assert!(!message.contains(char::is_control), "{message:?}");
    })
    .ok()
}
