//! ONIX for Books catalogs, releases 3.0 and 3.1, with reference names or short tags.
//!
//! Read after `EDItEUR`'s schemas of ONIX 3.1 and code lists issue 75. One `Product` is one work.
//! ONIX describes books and does not deliver them (a `ResourceLink` leads to covers and other marketing
//! material), so a work's files come from another catalog that names the same work: a folder of
//! files named by ISBN, registered together with the message.

mod names;

use std::path::Path;

use clearance_rights::{Identifier, IdentifierKind, Reservation, Rightsholder, UseSet, Work};

use super::row::{RowContext, check_id, derived_id};
use super::xml::{Element, Fault, XmlReader};
use super::{AssetSource, CatalogRow, Reject, Rows};
use crate::error::{Error, Result};

/// Parts of a product that say nothing about the work itself: descriptions and reviews, contents,
/// other products, markets and prices. They are most of a message.
const UNREAD: [&str; 8] = [
    "CollateralDetail",
    "PromotionDetail",
    "ContentDetail",
    "ProductionDetail",
    "RelatedMaterial",
    "ProductSupply",
    "Subject",
    "Collection",
];
/// Names of people beyond this are not kept.
const MOST_CREATORS: usize = 200;
/// What a reservation out of a message names as its source.
const SOURCE: &str = "ONIX EpubUsageConstraint";

pub(super) fn open(path: &Path, reader: XmlReader, root: &Element) -> Result<Rows> {
    let from_namespace = root.namespace().and_then(|namespace| {
        let rest = namespace.split("editeur.org/onix/").nth(1)?;
        rest.split('/').next()
    });
    let release = root
        .attribute("release")
        .or(from_namespace)
        .unwrap_or("of no stated release");
    if !release.starts_with("3.") {
        return Err(Error::catalog(
            path,
            format!("ONIX {release:.40}; releases 3.0 and 3.1 are read"),
        ));
    }
    Ok(Box::new(Products {
        context: RowContext::new(path),
        reader,
    }))
}

/// The products of a message as catalog rows.
struct Products {
    context: RowContext,
    reader: XmlReader,
}

impl Iterator for Products {
    type Item = std::result::Result<CatalogRow, Reject>;

    fn next(&mut self) -> Option<Self::Item> {
        let is_product =
            |path: &[String], name: &str| path.len() == 1 && names::reference(name) == "Product";
        let is_unread = |name: &str| UNREAD.contains(&names::reference(name));
        Some(match self.reader.next(is_product, is_unread)? {
            Ok(mut product) => {
                names::spell_out(&mut product);
                row(&self.context, &product)
            }
            Err(Fault {
                line,
                reason,
                is_last,
            }) => {
                let rest = if is_last {
                    "; nothing after it was read"
                } else {
                    ""
                };
                Err(self.context.reject(line, format!("{reason}{rest}")))
            }
        })
    }
}

fn row(context: &RowContext, product: &Element) -> std::result::Result<CatalogRow, Reject> {
    let mut work_id = None;
    let row = (|| {
        check_notification(product)?;
        let mut work = Work::default();
        identify(&mut work, product)?;
        check_id(&work.work_id)?;
        work_id = Some(work.work_id.clone());
        describe(&mut work, product);
        let reservation = reservation(&work.work_id, product);
        Ok(CatalogRow {
            line: product.line,
            work,
            asset: AssetSource::None,
            media: None,
            role: "master".to_owned(),
            reservation,
            license: None,
        })
    })();
    row.map_err(|reason: String| Reject {
        work_id,
        ..context.reject(product.line, reason)
    })
}

/// Some records are not the description of a product (code list 1).
fn check_notification(product: &Element) -> std::result::Result<(), String> {
    match product.at(&["NotificationType"]) {
        Some("04") => Err(
            "a partial update (notification type 04): a registered work is \
                           described by complete records"
                .to_owned(),
        ),
        Some("05") => Err("the record deletes a product (notification type 05); \
                           nothing was registered or removed"
            .to_owned()),
        Some(code @ ("88" | "89")) => Err(format!("a test record (notification type {code})")),
        _ => Ok(()),
    }
}

/// Identifiers by code list 5, and the work's id: the ISBN, then the product's number in trade,
/// then the DOI, then the sender's own record reference.
fn identify(work: &mut Work, product: &Element) -> std::result::Result<(), String> {
    for id in product.all("ProductIdentifier") {
        let Some(value) = id.at(&["IDValue"]) else {
            continue;
        };
        let kind = match id.at(&["ProductIDType"]) {
            // A book's GTIN is its ISBN (prefixes 978 and 979, without the music of 979-0).
            Some("03") if is_book(value) => IdentifierKind::Isbn,
            Some("02" | "15") => IdentifierKind::Isbn,
            Some("03" | "04" | "14") => IdentifierKind::Gtin,
            Some("06") => IdentifierKind::Doi,
            Some("01") => {
                let scheme = id.at(&["IDTypeName"]).unwrap_or("product");
                let own = format!("{scheme}:{value}");
                work.extra.entry("proprietary_id".to_owned()).or_insert(own);
                continue;
            }
            _ => continue,
        };
        let identifier = Identifier::parse(kind, value).map_err(|error| error.to_string())?;
        if !work.identifiers.contains(&identifier) {
            work.identifiers.push(identifier);
        }
    }
    let reference = product.at(&["RecordReference"]);
    let preferred = [
        IdentifierKind::Isbn,
        IdentifierKind::Gtin,
        IdentifierKind::Doi,
    ];
    let number = preferred.iter().find_map(|kind| {
        let mut numbers = work.identifiers.iter();
        numbers.find(|number| number.kind() == *kind)
    });
    work.work_id = number
        .map(Identifier::value)
        .or(reference)
        .ok_or("no ISBN, GTIN or DOI, and no RecordReference")?
        .to_owned();
    if let Some(reference) = reference {
        let name = "record_reference".to_owned();
        work.extra.insert(name, reference.to_owned());
    }
    Ok(())
}

fn is_book(gtin: &str) -> bool {
    gtin.starts_with("978") || (gtin.starts_with("979") && !gtin.starts_with("9790"))
}

fn describe(work: &mut Work, product: &Element) {
    let detail = product.child("DescriptiveDetail");
    work.title = detail.and_then(title);
    work.creators = detail.map(creators).unwrap_or_default();
    let publishing = product.child("PublishingDetail");
    let imprint = publishing.and_then(|detail| detail.at(&["Imprint", "ImprintName"]));
    work.rightsholders = publishing.map(publishers).unwrap_or_default();
    if work.rightsholders.is_empty() {
        work.rightsholders.extend(imprint.map(Rightsholder::new));
    }
    let copyright = publishing.map(copyright).filter(|text| !text.is_empty());
    let constraints = detail.map(constraints).filter(|text| !text.is_empty());
    let licenses = detail.map(licenses).filter(|text| !text.is_empty());
    let form = detail.and_then(|detail| detail.at(&["ProductForm"]));
    let kept = [
        ("imprint", imprint.map(str::to_owned)),
        ("copyright", copyright),
        ("product_form", form.map(str::to_owned)),
        ("epub_usage", constraints),
        ("epub_license", licenses),
    ];
    for (name, value) in kept {
        if let Some(value) = value {
            work.extra.insert(name.to_owned(), value);
        }
    }
}

/// The distinctive title of the product itself (code list 15, 01; code list 149, 01).
fn title(detail: &Element) -> Option<String> {
    let distinctive = detail
        .all("TitleDetail")
        .find(|title| title.at(&["TitleType"]) == Some("01"))
        .or_else(|| detail.child("TitleDetail"))?;
    let element = distinctive
        .all("TitleElement")
        .find(|element| element.at(&["TitleElementLevel"]) == Some("01"))
        .or_else(|| distinctive.child("TitleElement"));
    let Some(element) = element else {
        return distinctive.at(&["TitleStatement"]).map(str::to_owned);
    };
    let prefixed = || {
        let rest = element.at(&["TitleWithoutPrefix"])?;
        Some(match element.at(&["TitlePrefix"]) {
            Some(prefix) => format!("{prefix} {rest}"),
            None => rest.to_owned(),
        })
    };
    let text = element
        .at(&["TitleText"])
        .map(str::to_owned)
        .or_else(prefixed)?;
    Some(match element.at(&["Subtitle"]) {
        Some(subtitle) => format!("{text}: {subtitle}"),
        None => text,
    })
}

fn creators(detail: &Element) -> Vec<String> {
    let mut names = Vec::new();
    for name in detail.all("Contributor").filter_map(person) {
        if names.len() < MOST_CREATORS && !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// A contributor's name: whole, in parts, turned around, or of a body.
fn person(contributor: &Element) -> Option<String> {
    if let Some(name) = contributor.at(&["PersonName"]) {
        return Some(name.to_owned());
    }
    if contributor.child("KeyNames").is_some() {
        let parts = [
            "NamesBeforeKey",
            "PrefixToKey",
            "KeyNames",
            "NamesAfterKey",
            "SuffixToKey",
        ];
        let parts: Vec<&str> = parts
            .iter()
            .filter_map(|part| contributor.at(&[part]))
            .collect();
        return (!parts.is_empty()).then(|| parts.join(" "));
    }
    [
        "CorporateName",
        "PersonNameInverted",
        "CorporateNameInverted",
    ]
    .iter()
    .find_map(|name| contributor.at(&[name]))
    .map(str::to_owned)
}

/// The publisher proper and its co-publishers (code list 45, 01 and 02), or whoever is named first.
/// Who owns the copyright is kept in words: which rights the publisher has from the owner, ONIX does
/// not say; neither do sales rights, which say where a product may be sold.
fn publishers(publishing: &Element) -> Vec<Rightsholder> {
    let is_proper =
        |publisher: &&Element| matches!(publisher.at(&["PublishingRole"]), Some("01" | "02"));
    let mut names: Vec<&str> = publishing
        .all("Publisher")
        .filter(is_proper)
        .filter_map(|publisher| publisher.at(&["PublisherName"]))
        .collect();
    if names.is_empty() {
        let first = publishing.child("Publisher");
        names.extend(first.and_then(|publisher| publisher.at(&["PublisherName"])));
    }
    // One too many says that there are too many.
    names.truncate(Rightsholder::MOST + 1);
    names.into_iter().map(Rightsholder::new).collect()
}

/// Years and owners, as `2024 Ana Ruiz; Ben Cole`.
fn copyright(publishing: &Element) -> String {
    let statements = publishing.all("CopyrightStatement").map(|statement| {
        let years = statement.all("CopyrightYear").filter_map(Element::text);
        let owners = statement.all("CopyrightOwner").filter_map(person);
        let years = years.collect::<Vec<_>>().join(", ");
        let owners = owners.collect::<Vec<_>>().join("; ");
        format!("{years} {owners}").trim().to_owned()
    });
    statements.collect::<Vec<_>>().join(" | ")
}

/// Usage types and statuses as the codes that they are, in order: `11=03, 02=02`.
fn constraints(detail: &Element) -> String {
    let constraints = detail.all("EpubUsageConstraint").filter_map(|constraint| {
        let usage = constraint.at(&["EpubUsageType"])?;
        Some(format!("{usage}={}", constraint.at(&["EpubUsageStatus"])?))
    });
    constraints.collect::<Vec<_>>().join(", ")
}

fn licenses(detail: &Element) -> String {
    let mut found = Vec::new();
    for license in detail.all("EpubLicense") {
        found.extend(license.all("EpubLicenseName").filter_map(Element::text));
        let expressions = license.all("EpubLicenseExpression");
        found.extend(expressions.filter_map(|one| one.at(&["EpubLicenseExpressionLink"])));
    }
    found.join(" | ")
}

/// What the publisher prohibits (status 03 of code list 146) of the uses that code list 145 has
/// for machines. Issue 75 asks to read a prohibition as one "to the full extent allowed by law, or
/// otherwise expressly reserved by the rightsholder".
///
/// | code | use | reserved |
/// |---|---|---|
/// | 11 | text and data mining, "including training of generative AI models" | mining, train, train-generative |
/// | 13 | training or enabling a generative purchase experience | ai-input, train-generative |
/// | 14 | training or enabling a generative reading experience | ai-input, train-generative |
///
/// A permission is no license: it names nobody, and is part of what a reader buys.
fn reservation(work_id: &str, product: &Element) -> Option<Reservation> {
    let detail = product.child("DescriptiveDetail")?;
    let mut reserved: Option<UseSet> = None;
    let mut codes: Vec<String> = Vec::new();
    for constraint in detail.all("EpubUsageConstraint") {
        if constraint.at(&["EpubUsageStatus"]) != Some("03") {
            continue;
        }
        let (code, words) = match constraint.at(&["EpubUsageType"]) {
            Some("11") => ("11", "tdm"),
            Some(code @ ("13" | "14")) => (code, "ai-input|train-generative"),
            _ => continue,
        };
        let code = format!("{code}=03");
        if !codes.contains(&code) {
            codes.push(code);
        }
        let uses = UseSet::parse_reservation(words).ok()?;
        reserved = Some(reserved.unwrap_or(UseSet::NONE).union(uses));
    }
    let uses = reserved?;
    let id = derived_id("R", &[work_id, &uses.to_string(), SOURCE]);
    let record = product
        .at(&["RecordReference"])
        .map(|record| format!(" in record {record}"));
    Some(Reservation {
        source: Some(SOURCE.to_owned()),
        // The codes as they stand in the message, and where.
        evidence: Some(format!(
            "EpubUsageType {}{}",
            codes.join(", "),
            record.unwrap_or_default()
        )),
        ..Reservation::new(id, work_id, uses)
    })
}

#[cfg(test)]
mod tests;
