//! Addresses of items and rows, looked up in rules about places.

use clearance_decode::{Media, media_of_name};
use clearance_rights::places::PlaceRules;
use clearance_rights::signals::Embedded;

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
    /// BLAKE3 of the address as it stands in its cell.
    pub(crate) digest: [u8; 32],
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
        Payload::File {
            name: Some(name), ..
        } if name.starts_with("http") => name,
        _ => return None,
    };
    let embedded = places.rules.look_up(address)?;
    let name = address.split(['?', '#']).next().unwrap_or_default();
    let media = column
        .media
        .or_else(|| media_of_name(name))
        .or_else(|| named_media(&column.name))
        // What has sizes and no name is a picture: nothing else of that kind is taken for an item.
        .unwrap_or(Media::Image);
    Some(Box::new(Located {
        digest: *blake3::hash(address.as_bytes()).as_bytes(),
        media,
        embedded,
    }))
}
