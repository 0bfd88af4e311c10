//! Addresses of items and rows, looked up in rules about places.

use clearance_decode::{Media, media_of_name};
use clearance_rights::places::PlaceRules;
use clearance_rights::signals::{Answer, Embedded, Scheme};
use clearance_rights::{Policy, Use};

use crate::fetch::FetchRecord;
use crate::reading::ItemBytes;
use crate::schema::{MediaColumn, named_media};
use crate::source::Payload;

/// Rules about places, and what names them.
#[derive(Debug)]
pub struct Places {
    /// The rules, for the planned use on the day of the policy.
    pub rules: PlaceRules,
    /// Names the files that they were read from: part of what makes two scans the same.
    pub digest: String,
}

/// What is declared about an address in a dataset.
#[derive(Debug)]
pub(crate) struct Located {
    /// The address as it stands in its cell.
    pub(crate) source: ItemBytes,
    /// The medium of what is there, as far as its column and its name tell.
    pub(crate) media: Media,
    /// The declarations, of which at least one is more than a permission.
    pub(crate) embedded: Embedded,
}

/// What the rules say about the address that a cell holds, or that its file came from.
pub(crate) fn located(
    places: &Places,
    payload: &Payload,
    column: &MediaColumn,
) -> Option<Box<Located>> {
    let address = match payload {
        Payload::Url(address) | Payload::Origin(address) => address,
        Payload::Fetched(fetched) => &fetched.url,
        Payload::File {
            name: Some(name), ..
        } if name.starts_with("http") => name,
        _ => return None,
    };
    let embedded = places.rules.look_up(address)?;
    Some(at(address, embedded, column))
}

/// What the headers of an answer declare about what was fetched, where that is more than a permission.
pub(crate) fn answered(
    record: &FetchRecord,
    column: &MediaColumn,
    policy: &Policy,
) -> (bool, Option<Box<Located>>) {
    let embedded = record.declared(policy);
    let has_any = !embedded.declarations.is_empty();
    let answer = embedded.answer(policy.use_).map(|found| found.answer);
    let is_notable = answer > Some(Answer::Allow);
    (
        has_any,
        is_notable.then(|| at(&record.url, embedded, column)),
    )
}

/// What is declared about one address in two places.
pub(crate) fn joined(
    one: Option<Box<Located>>,
    other: Option<Box<Located>>,
) -> Option<Box<Located>> {
    match (one, other) {
        (Some(mut one), Some(other)) => {
            one.embedded
                .declarations
                .extend(other.embedded.declarations);
            Some(one)
        }
        (one, other) => one.or(other),
    }
}

fn at(address: &str, embedded: Embedded, column: &MediaColumn) -> Box<Located> {
    let name = address.split(['?', '#']).next().unwrap_or_default();
    let media = column
        .media
        .or_else(|| media_of_name(name))
        .or_else(|| named_media(&column.name))
        // What has sizes and no name is a picture: nothing else of that kind is taken for an item.
        .unwrap_or(Media::Image);
    Box::new(Located {
        source: ItemBytes::of(address.as_bytes()),
        media,
        embedded,
    })
}

/// What is left of `found` beside what the file at that address declares itself: in TDMRep the file
/// goes before its site (W3C Community Group report, section on precedence).
pub(crate) fn behind(
    mut found: Box<Located>,
    said: &Embedded,
    planned: Use,
) -> Option<Box<Located>> {
    let is_tdmrep = |scheme| scheme == Scheme::Tdmrep;
    if said.declarations.iter().any(|it| is_tdmrep(it.scheme)) {
        let declarations = &mut found.embedded.declarations;
        declarations.retain(|it| !is_tdmrep(it.scheme));
    }
    let answer = found.embedded.answer(planned)?.answer;
    (answer > Answer::Allow).then_some(found)
}
