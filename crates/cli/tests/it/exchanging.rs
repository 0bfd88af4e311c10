//! `clearance register` with the catalogs that owners exchange: DDEX, ONIX, Parquet.

use clearance_testkit::dataset::DatasetBuilder;
use clearance_testkit::{art, encode, music, prose};

use crate::workplace::{RATE_HZ, Workplace};

const ERN: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<ern:NewReleaseMessage xmlns:ern="http://ddex.net/xml/ern/43" AvsVersionId="3">
  <MessageHeader><MessageId>M-1</MessageId></MessageHeader>
  <PartyList>
    <Party><PartyReference>P1</PartyReference><PartyName><FullName>Ana Ruiz</FullName></PartyName></Party>
  </PartyList>
  <ResourceList>
    <SoundRecording>
      <ResourceReference>A1</ResourceReference>
      <SoundRecordingEdition>
        <ResourceId><ISRC>QZHRB2500001</ISRC></ResourceId>
        <TechnicalDetails>
          <DeliveryFile><Type>AudioFile</Type><File><URI>resources/ferry.wav</URI></File></DeliveryFile>
        </TechnicalDetails>
      </SoundRecordingEdition>
      <DisplayTitleText>Night Ferry</DisplayTitleText>
      <DisplayArtist SequenceNumber="1"><ArtistPartyReference>P1</ArtistPartyReference></DisplayArtist>
    </SoundRecording>
    <Image>
      <ResourceReference>A2</ResourceReference>
      <ResourceId><ProprietaryId Namespace="HR">cover</ProprietaryId></ResourceId>
      <TechnicalDetails><File><URI>resources/cover.png</URI></File></TechnicalDetails>
    </Image>
    <SoundRecording>
      <ResourceReference>A3</ResourceReference>
      <TechnicalDetails><File><URI>../outside.wav</URI></File></TechnicalDetails>
    </SoundRecording>
  </ResourceList>
  <DealList/>
</ern:NewReleaseMessage>
"#;

const ONIX: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<ONIXMessage release="3.1" xmlns="http://ns.editeur.org/onix/3.1/reference">
  <Header/>
  <Product>
    <RecordReference>lamp.1</RecordReference>
    <NotificationType>03</NotificationType>
    <ProductIdentifier><ProductIDType>15</ProductIDType><IDValue>9783161484100</IDValue></ProductIdentifier>
    <DescriptiveDetail>
      <ProductForm>EA</ProductForm>
      <EpubUsageConstraint><EpubUsageType>11</EpubUsageType><EpubUsageStatus>03</EpubUsageStatus></EpubUsageConstraint>
      <TitleDetail><TitleType>01</TitleType><TitleElement><TitleElementLevel>01</TitleElementLevel><TitleText>The Lamp</TitleText></TitleElement></TitleDetail>
    </DescriptiveDetail>
    <PublishingDetail>
      <Publisher><PublishingRole>01</PublishingRole><PublisherName>Lamp Press</PublisherName></Publisher>
    </PublishingDetail>
  </Product>
</ONIXMessage>
"#;

#[test]
fn messages_and_tables_of_owners_are_registered_and_found() {
    let place = Workplace::new();
    place.write("delivery/ern.xml", ERN);
    let song = encode::wav(&music::compose(1, 15.0), RATE_HZ);
    place.write("outside.wav", &song);
    place.write("delivery/resources/ferry.wav", song);
    let cover = encode::picture(&art::paint(1, 480, 360), "png").unwrap();
    place.write("delivery/resources/cover.png", cover);
    place.write("onix.xml", ONIX);
    place.write("books/9783161484100.txt", prose::write(1, 400));
    let texts = [Some(prose::write(21, 300)), Some(prose::write(22, 300))];
    DatasetBuilder::new()
        .text(
            "work_id",
            [Some("poem-1"), Some("poem-2")].map(|id| id.map(str::to_owned)),
        )
        .text("title", [Some("Tide".to_owned()), None])
        .text("text", texts)
        .text("reservation", [Some("all".to_owned()), None])
        .write(place.path("poems.parquet"))
        .unwrap();

    let args = [
        "register",
        "delivery/ern.xml",
        "onix.xml",
        "books",
        "poems.parquet",
        "--registry",
        "registry",
    ];
    let ended = place.run(&args);
    assert_eq!(ended.code, 3, "{}", ended.stderr);
    let rejects = String::from_utf8(place.read("registry/rejects.csv")).unwrap();
    let lines: Vec<&str> = rejects.lines().skip(1).collect();
    assert_eq!(lines.len(), 1, "{rejects}");
    assert!(
        lines[0].starts_with("ern.xml,24,M-1/A3,") && lines[0].contains("leads out"),
        "{rejects}"
    );
    let listed = place.run(&["inspect", "registry"]).stdout;
    let (works, history) = listed.split_once("history\n").unwrap();
    assert_eq!(history.matches("\n        from ").count(), 4, "{history}");
    insta::assert_snapshot!(works, @r"
    registry, generation 1: 5 works, 5 assets, 1 segment
    9783161484100	The Lamp	Lamp Press	1 reservation, 0 licenses
    HR:cover	-	-	0 reservations, 0 licenses
    QZHRB2500001	Night Ferry	-	0 reservations, 0 licenses
    poem-1	Tide	-	1 reservation, 0 licenses
    poem-2	-	-	0 reservations, 0 licenses
    ");

    place.write_dataset("data/rows.parquet");
    let scanned = place.run(&crate::workplace::SCAN);
    assert_eq!(scanned.code, 1, "{}", scanned.stderr);
    let mut found: Vec<(String, String)> = place
        .findings("out")
        .iter()
        .map(|finding| {
            let text = |name: &str| finding[name].as_str().unwrap_or_default().to_owned();
            (text("work_id"), text("verdict"))
        })
        .collect();
    found.sort();
    let expected = [
        ("9783161484100", "reserved"),
        ("HR:cover", "unreserved"),
        ("QZHRB2500001", "unreserved"),
    ];
    assert_eq!(
        found,
        expected.map(|(work, verdict)| (work.to_owned(), verdict.to_owned()))
    );
}

#[test]
fn an_xml_file_of_another_kind_is_refused_in_a_sentence() {
    let place = Workplace::new();
    place.write("page.xml", "<html/>");
    place.write(
        "bomb.xml",
        "<!DOCTYPE x [<!ENTITY a \"b\">]><ONIXMessage release=\"3.0\"/>",
    );
    for (file, said) in [
        ("page.xml", "a DDEX NewReleaseMessage or an ONIXMessage"),
        ("bomb.xml", "DOCTYPE"),
    ] {
        let ended = place.run(&["register", file, "--registry", "registry"]);
        assert_eq!(ended.code, 2, "{}", ended.stderr);
        assert!(ended.stderr.contains(said), "{}", ended.stderr);
        assert!(!place.path("registry").exists());
    }
}
