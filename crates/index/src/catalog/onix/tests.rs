use clearance_rights::Use;

use super::super::tests::{fixture, reasons, rows};
use super::*;

/// A product with this in its descriptive detail.
fn product(identifiers: &str, detail: &str) -> String {
    format!(
        "<ONIXMessage release=\"3.0\" xmlns=\"http://ns.editeur.org/onix/3.0/reference\">\n<Product>\
         {identifiers}<DescriptiveDetail>{detail}</DescriptiveDetail></Product></ONIXMessage>"
    )
}

fn id(kind: &str, value: &str) -> String {
    format!(
        "<ProductIdentifier><ProductIDType>{kind}</ProductIDType><IDValue>{value}</IDValue></ProductIdentifier>"
    )
}

fn usage(kind: &str, status: &str) -> String {
    format!(
        "<EpubUsageConstraint><EpubUsageType>{kind}</EpubUsageType><EpubUsageStatus>{status}</EpubUsageStatus></EpubUsageConstraint>"
    )
}

fn only(text: &str) -> CatalogRow {
    rows("onix.xml", text).remove(0).unwrap()
}

#[test]
fn a_product_is_a_work_with_its_reservation() {
    let found = rows("onix.xml", fixture("onix-31.xml"));
    let row = found[0].as_ref().unwrap();
    assert_eq!((row.line, row.work.work_id.as_str()), (7, "9783161484100"));
    assert_eq!(
        row.work.title.as_deref(),
        Some("The Lamp: A Winter & a Clock")
    );
    assert_eq!(
        row.work.creators,
        ["Chi Wei", "Zoë Faßbender", "Clock Society"]
    );
    assert_eq!(row.work.rightsholder().as_deref(), Some("Lamp Press"));
    let ids: Vec<String> = row
        .work
        .identifiers
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(ids, ["ISBN 9783161484100", "DOI 10.1000/lamp.1"]);
    let extra = &row.work.extra;
    assert_eq!(extra["copyright"], "2024 Chi Wei");
    assert_eq!(extra["proprietary_id"], "Lamp SKU:L-1");
    assert_eq!(extra["record_reference"], "press.lamp.0001");
    assert_eq!(extra["imprint"], "Small Lamps");
    assert_eq!(extra["epub_usage"], "02=02, 11=03");
    assert_eq!(
        extra["epub_license"],
        "Lamp Press reader license | https://example.org/tdm-policy.json"
    );
    let reservation = row.reservation.as_ref().unwrap();
    assert_eq!(reservation.uses, UseSet::TEXT_AND_DATA_MINING);
    assert_eq!(reservation.source.as_deref(), Some(SOURCE));
    assert_eq!(
        reservation.evidence.as_deref(),
        Some("EpubUsageType 11=03 in record press.lamp.0001")
    );
    assert_eq!((&row.asset, &row.license), (&AssetSource::None, &None));
    // The second record deletes a product.
    assert_eq!(reasons(&found).len(), 1);
    assert!(reasons(&found)[0].1.contains("notification type 05"));
}

#[test]
fn short_tags_say_the_same() {
    let found = rows("onix.xml", fixture("onix-30-short.xml"));
    let [book, other] = &found[..] else {
        panic!("{found:?}")
    };
    let book = book.as_ref().unwrap();
    assert_eq!(book.work.work_id, "9780306406157");
    assert_eq!(book.work.title.as_deref(), Some("Straßen im Tal"));
    assert_eq!(book.work.creators, ["Müller, Jörg"]);
    let uses = book.reservation.as_ref().unwrap().uses;
    assert_eq!(
        uses.iter().collect::<Vec<_>>(),
        [Use::AiInput, Use::TrainGenerative]
    );
    let other = other.as_ref().unwrap();
    assert_eq!(other.work.work_id, "vale-78");
    assert_eq!(other.work.title.as_deref(), Some("Salz & Licht"));
    assert_eq!(other.work.extra["proprietary_id"], "Vale:78");
}

#[test]
fn only_a_prohibition_reserves_and_no_permission_licenses() {
    let isbn = id("15", "9783161484100");
    for (kind, status) in [
        ("11", "01"),
        ("11", "02"),
        ("00", "01"),
        ("05", "03"),
        ("12", "03"),
        ("13", "01"),
    ] {
        let row = only(&product(&isbn, &usage(kind, status)));
        assert_eq!(
            (row.reservation, row.license),
            (None, None),
            "{kind}={status}"
        );
        assert_eq!(row.work.extra["epub_usage"], format!("{kind}={status}"));
    }
    let both = format!("{}{}", usage("11", "03"), usage("13", "03"));
    let row = only(&product(&isbn, &both));
    assert_eq!(row.reservation.as_ref().unwrap().uses.len(), 4);
    // The same record read again is the same reservation.
    let again = only(&product(&isbn, &both));
    assert_eq!(row.reservation, again.reservation);
}

#[test]
fn usage_of_marketing_material_reserves_nothing() {
    let text = product(&id("15", "9783161484100"), "").replace(
        "</Product>",
        &format!(
            "<CollateralDetail><TextContent>{}</TextContent></CollateralDetail></Product>",
            usage("11", "03")
        ),
    );
    assert_eq!(only(&text).reservation, None);
}

#[test]
fn numbers_of_trade_name_the_work() {
    for (identifiers, work_id) in [
        (id("02", "0-306-40615-2"), "9780306406157"),
        (id("03", "9783161484100"), "9783161484100"),
        (id("03", "4006381333931"), "04006381333931"),
        (id("06", "10.1000/X"), "10.1000/x"),
        (
            "<RecordReference>r.1</RecordReference>".to_owned() + &id("23", "77"),
            "r.1",
        ),
    ] {
        assert_eq!(only(&product(&identifiers, "")).work.work_id, work_id);
    }
    for (identifiers, said) in [
        (id("15", "9783161484101"), "check digit"),
        (String::new(), "no ISBN, GTIN or DOI"),
    ] {
        let found = rows("onix.xml", product(&identifiers, ""));
        assert!(reasons(&found)[0].1.contains(said));
        assert_eq!(reasons(&found)[0].0, 2);
    }
}

#[test]
fn updates_and_tests_are_no_descriptions() {
    for code in ["04", "05", "88", "89"] {
        let kind = format!("<NotificationType>{code}</NotificationType>");
        let found = rows(
            "onix.xml",
            product(&(kind + &id("15", "9783161484100")), ""),
        );
        assert!(reasons(&found)[0].1.contains(&format!("type {code}")));
    }
}

#[test]
fn the_title_of_the_series_is_not_the_books() {
    let element = |level: &str, inner: &str| {
        format!(
            "<TitleElement><TitleElementLevel>{level}</TitleElementLevel>{inner}</TitleElement>"
        )
    };
    let detail = format!(
        "<TitleDetail><TitleType>03</TitleType>{}</TitleDetail><TitleDetail><TitleType>01</TitleType>{}{}</TitleDetail>",
        element("01", "<TitleText>Original</TitleText>"),
        element("02", "<TitleText>Series</TitleText>"),
        element(
            "01",
            "<NoPrefix/><TitleWithoutPrefix>Book</TitleWithoutPrefix>"
        ),
    );
    let row = only(&product(&id("15", "9783161484100"), &detail));
    assert_eq!(row.work.title.as_deref(), Some("Book"));
}

#[test]
fn publishers_hold_the_rights_together() {
    let publisher = |role: &str, name: &str| {
        format!(
            "<Publisher><PublishingRole>{role}</PublishingRole><PublisherName>{name}</PublisherName></Publisher>"
        )
    };
    let holders = |publishers: &str| {
        let detail = format!(
            "<PublishingDetail><Imprint><ImprintName>Imprint</ImprintName></Imprint>{publishers}\
             <SalesRights><SalesRightsType>01</SalesRightsType></SalesRights></PublishingDetail></Product>"
        );
        let text = product(&id("15", "9783161484100"), "").replace("</Product>", &detail);
        let holders = only(&text).work.rightsholders.into_iter();
        holders.map(|holder| holder.name).collect::<Vec<_>>()
    };
    let (proper, partner) = (publisher("01", "Lamp; Sons"), publisher("02", "Vale"));
    let sponsor = publisher("04", "Sponsor");
    assert_eq!(
        holders(&format!("{sponsor}{proper}{partner}")),
        ["Lamp; Sons", "Vale"]
    );
    assert_eq!(holders(&sponsor), ["Sponsor"]);
    assert_eq!(holders(""), ["Imprint"]);
}
