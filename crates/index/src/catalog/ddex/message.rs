//! What a message says around its resources: parties, releases and deals.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use clearance_rights::{Identifier, IdentifierKind};

use super::rejected;
use crate::catalog::Reject;
use crate::catalog::row::RowContext;
use crate::catalog::xml::{Element, XmlReader};
use crate::error::{Error, Result};

/// The most that is kept of one message besides the resource being read, in bytes.
const MOST_BYTES: usize = 64 << 20;
/// Faults of the first pass that are listed.
const MOST_FAULTS: usize = 1000;
/// Deals of one work that are kept in words.
const MOST_DEALS: usize = 20;
/// Releases of one resource that are asked about it.
const MOST_RELEASES: usize = 100;
/// Longest text that is kept of what many resources share, in bytes. Every one of them has a copy,
/// so that longer ones would take the square of the message's size.
const LONGEST_TEXT: usize = 1000;

/// The frame of a `NewReleaseMessage`.
#[derive(Default)]
pub(super) struct Message {
    /// The sender's id of the message.
    pub(super) id: String,
    /// Whether the message says that it is a test.
    pub(super) is_test: bool,
    /// Records of the first pass that could not be read.
    pub(super) faults: Vec<Reject>,
    /// Full names by party reference, ERN 4.
    parties: HashMap<String, String>,
    releases: Vec<Release>,
    /// Releases by the reference of a resource in them.
    by_resource: HashMap<String, Vec<usize>>,
    /// Releases by their own reference.
    by_reference: HashMap<String, usize>,
    bytes: usize,
}

#[derive(Default)]
struct Release {
    /// The number of the product in fourteen digits, or as it was written when it is wrong.
    gtin: Option<String>,
    label: Option<String>,
    deals: BTreeSet<String>,
}

/// What the releases of one resource say about it.
#[derive(Default)]
pub(super) struct InRelease {
    pub(super) gtin: Option<String>,
    pub(super) label: Option<String>,
    /// Deals in words, each once, in alphabetical order.
    pub(super) deals: Vec<String>,
}

impl Message {
    /// Reads everything but the resources.
    pub(super) fn gather(path: &Path, mut reader: XmlReader, context: &RowContext) -> Result<Self> {
        let mut message = Self::default();
        let wanted = |path: &[String], name: &str| match path {
            [_] => name == "MessageHeader",
            [_, list] => matches!(list.as_str(), "PartyList" | "ReleaseList" | "DealList"),
            _ => false,
        };
        while let Some(found) = reader.next(wanted, |_| false) {
            match found {
                Ok(element) => message.take(&element),
                // The second pass comes to the same place and says so, after what it could read.
                Err(fault) if fault.is_last => break,
                Err(fault) if message.faults.len() < MOST_FAULTS => {
                    message.faults.push(rejected(context, &fault));
                }
                Err(_) => {}
            }
            if message.bytes > MOST_BYTES {
                return Err(Error::catalog(
                    path,
                    "more than 64 MiB of releases, parties and deals in one message",
                ));
            }
        }
        Ok(message)
    }

    /// The full name of a party.
    pub(super) fn party(&self, reference: &str) -> Option<&str> {
        self.parties.get(reference).map(String::as_str)
    }

    /// What the releases that hold a resource say about it.
    pub(super) fn release_of(&self, resource: &str) -> InRelease {
        let places = self
            .by_resource
            .get(resource)
            .map_or(&[][..], Vec::as_slice);
        let releases: Vec<&Release> = places
            .iter()
            .filter_map(|&place| self.releases.get(place))
            .collect();
        let deals: BTreeSet<&String> = releases.iter().flat_map(|one| &one.deals).collect();
        InRelease {
            gtin: releases.iter().find_map(|one| one.gtin.clone()),
            label: releases.iter().find_map(|one| one.label.clone()),
            deals: deals.into_iter().take(MOST_DEALS).cloned().collect(),
        }
    }

    fn take(&mut self, element: &Element) {
        match element.name.as_str() {
            "MessageHeader" => {
                self.id = element.at(&["MessageId"]).map(cut).unwrap_or_default();
                self.is_test = element.at(&["MessageControlType"]) == Some("TestMessage");
            }
            "Party" => self.take_party(element),
            "ReleaseDeal" => self.take_deals(element),
            _ => self.take_release(element),
        }
    }

    fn take_party(&mut self, party: &Element) {
        let name = party.at(&["PartyName", "FullName"]);
        if let (Some(reference), Some(name)) = (party.at(&["PartyReference"]), name) {
            self.bytes += reference.len() + name.len() + 64;
            self.parties.insert(reference.to_owned(), cut(name));
        }
    }

    fn take_release(&mut self, release: &Element) {
        let place = self.releases.len();
        for reference in release.all("ReleaseReference").filter_map(Element::text) {
            self.bytes += reference.len() + 64;
            self.by_reference.insert(reference.to_owned(), place);
        }
        let mut held = BTreeSet::new();
        release.walk(&mut |element| {
            let is_reference = matches!(
                element.name.as_str(),
                "ReleaseResourceReference" | "LinkedReleaseResourceReference"
            );
            held.extend(element.text().filter(|_| is_reference));
        });
        for reference in held {
            self.bytes += reference.len() + 64;
            let places = self.by_resource.entry(reference.to_owned()).or_default();
            if places.len() < MOST_RELEASES {
                places.push(place);
            }
        }
        let label = release
            .at(&["ReleaseLabelReference"])
            .and_then(|reference| self.party(reference))
            .or_else(|| {
                let mut details = release.all("ReleaseDetailsByTerritory");
                details.find_map(|details| details.at(&["LabelName"]))
            })
            .map(cut);
        let gtin = release.all("ReleaseId").find_map(|id| id.at(&["ICPN"]));
        self.bytes += 256;
        self.releases.push(Release {
            gtin: gtin.map(checked_gtin),
            label,
            deals: BTreeSet::new(),
        });
    }

    fn take_deals(&mut self, release_deal: &Element) {
        let deals: Vec<String> = release_deal
            .all("Deal")
            .filter_map(|deal| deal.child("DealTerms"))
            .map(|terms| cut(&words(terms)))
            .collect();
        for reference in release_deal
            .all("DealReleaseReference")
            .filter_map(Element::text)
        {
            let release = self.by_reference.get(reference).copied();
            let Some(release) = release.and_then(|place| self.releases.get_mut(place)) else {
                continue;
            };
            for deal in deals.iter().take(MOST_DEALS) {
                self.bytes += deal.len() + 64;
                release.deals.insert(deal.clone());
                // Only the first in alphabetical order are asked for, once for every resource.
                if release.deals.len() > MOST_DEALS {
                    release.deals.pop_last();
                }
            }
        }
    }
}

fn checked_gtin(text: &str) -> String {
    match Identifier::parse(IdentifierKind::Gtin, text) {
        Ok(gtin) => gtin.value().to_owned(),
        Err(_) => cut(text),
    }
}

fn cut(text: &str) -> String {
    let end = text.floor_char_boundary(LONGEST_TEXT);
    let mark = if end < text.len() { "…" } else { "" };
    format!("{}{mark}", &text[..end])
}

/// The terms of a deal in one line: uses; commercial models; territories; dates.
fn words(terms: &Element) -> String {
    let joined = |texts: Vec<&str>| texts.join(", ");
    // ERN 3 has an element around the use types.
    let nested = terms.all("Usage").flat_map(|usage| usage.all("UseType"));
    let mut uses: Vec<&str> = nested.chain(terms.all("UseType")).map(own_value).collect();
    for (name, word) in [
        ("TakeDown", "take-down"),
        ("AllDealsCancelled", "all deals cancelled"),
    ] {
        if terms.is_true(name) {
            uses.push(word);
        }
    }
    let models = terms.all("CommercialModelType").map(own_value).collect();
    let parts = [
        joined(uses),
        joined(models),
        territories(terms),
        period(terms),
    ];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("; ")
}

/// A value of a closed list, or the sender's own where the list has none.
fn own_value(element: &Element) -> &str {
    element
        .attribute("UserDefinedValue")
        .or_else(|| element.text())
        .unwrap_or_default()
}

fn territories(terms: &Element) -> String {
    let named = |name: &'static str| terms.all(name).filter_map(Element::text);
    let excluded: Vec<&str> = named("ExcludedTerritoryCode").collect();
    if !excluded.is_empty() {
        return format!("WORLD except {}", excluded.join(", "));
    }
    let included: Vec<&str> = named("TerritoryCode")
        .map(|code| if code == "Worldwide" { "WORLD" } else { code })
        .collect();
    included.join(", ")
}

fn period(terms: &Element) -> String {
    let day = |name: &str| {
        let at = |name: &str| terms.at(&["ValidityPeriod", name]);
        // A date may carry a time and a zone; the day is as its sender wrote it.
        at(name)
            .or_else(|| at(&format!("{name}Time")))
            .map(|text| text.split('T').next().unwrap_or(text))
    };
    match (day("StartDate"), day("EndDate")) {
        (Some(start), Some(end)) => format!("{start} to {end}"),
        (Some(start), None) => format!("from {start}"),
        (None, Some(end)) => format!("to {end}"),
        (None, None) => String::new(),
    }
}
