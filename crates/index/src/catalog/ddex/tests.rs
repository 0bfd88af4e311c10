use super::super::tests::{Found, fixture, reasons, rows};
use super::*;

/// A message of ERN 4.3 with these resources.
fn ern(resources: &str) -> String {
    format!(
        "<ern:NewReleaseMessage xmlns:ern=\"http://ddex.net/xml/ern/43\">\
         <MessageHeader><MessageId>M-1</MessageId></MessageHeader>\
         <ResourceList>\n{resources}</ResourceList></ern:NewReleaseMessage>"
    )
}

fn recording(inner: &str) -> String {
    format!("<SoundRecording><ResourceReference>A1</ResourceReference>{inner}</SoundRecording>")
}

fn with_file(uri: &str) -> String {
    recording(&format!(
        "<TechnicalDetails><File><URI>{uri}</URI></File></TechnicalDetails>"
    ))
}

fn files(row: &CatalogRow) -> Vec<String> {
    let AssetSource::Files(files) = &row.asset else {
        return Vec::new();
    };
    let names = files.iter().map(|file| {
        let name = file.file_name().unwrap().to_string_lossy();
        let folder = file
            .parent()
            .unwrap()
            .file_name()
            .unwrap()
            .to_string_lossy();
        let folder = if folder == "resources" {
            "resources/"
        } else {
            ""
        };
        format!("{folder}{name}")
    });
    names.collect()
}

#[test]
fn ern_3_resources_are_works_with_their_files() {
    let found = rows("ern.xml", fixture("ern-382.xml"));
    let [song, cover] = &found[..] else {
        panic!("{found:?}")
    };
    let song = song.as_ref().unwrap();
    assert_eq!(
        (song.line, song.work.work_id.as_str()),
        (18, "QZHRB2500001")
    );
    assert_eq!(song.work.title.as_deref(), Some("Night Ferry (Live)"));
    assert_eq!(song.work.creators, ["Ana Ruiz", "Ben Cole", "Chi Wei"]);
    assert_eq!(
        song.work.rightsholder().as_deref(),
        Some("Harbor Rights Ltd")
    );
    let ids: Vec<String> = song
        .work
        .identifiers
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(ids, ["ISRC QZHRB2500001", "ISWC T0345246801"]);
    assert_eq!(song.media, Some(Media::Audio));
    // The clip is a part of the whole.
    assert_eq!(files(song), ["resources/HR_01_01.wav"]);
    let extra = &song.work.extra;
    assert_eq!(extra["label"], "Harbor & Sons");
    assert_eq!(extra["p_line"], "(P) 2025 Harbor Records");
    assert_eq!(extra["release_gtin"], "00012345678905");
    assert_eq!(extra["proprietary_id"], "DPID:PADPIDA0000000001X:HR-1");
    assert_eq!(
        [&extra["deal_1"], &extra["deal_2"]],
        [
            "OnDemandStream, ConditionalDownload; SubscriptionModel; WORLD; 2025-03-01 to 2030-02-28",
            "PermanentDownload; PayAsYouGoModel; WORLD except FR, JP; from 2025-03-01",
        ]
    );
    let cover = cover.as_ref().unwrap();
    assert_eq!(cover.work.work_id, "DPID:PADPIDA0000000001X:HR-COVER");
    assert_eq!(
        (cover.media, files(cover)),
        (Some(Media::Image), vec!["cover.png".to_owned()])
    );
    assert_eq!(cover.work.extra["c_line"], "(C) 2025 Harbor Records");
    assert_eq!(cover.work.rightsholder().as_deref(), Some("Harbor Records"));
}

#[test]
fn ern_4_parties_editions_and_groups_are_followed() {
    let found = rows("ern.xml", fixture("ern-43.xml"));
    let [song, words] = &found[..] else {
        panic!("{found:?}")
    };
    let song = song.as_ref().unwrap();
    assert_eq!(song.work.work_id, "QZTID2500011");
    assert_eq!(song.work.title.as_deref(), Some("Salt Meadow"));
    assert_eq!(song.work.creators, ["Dana Õunapuu", "Eli Moss"]);
    assert_eq!(
        song.work.rightsholders,
        Rightsholder::parse_list("Tide Music (100 %)").unwrap()
    );
    assert_eq!(song.work.identifiers.len(), 2);
    // The other edition is described, not delivered.
    assert_eq!(files(song), ["resources/salt%20meadow.flac"]);
    assert_eq!(song.work.extra["release_gtin"], "04006381333931");
    assert_eq!(
        song.work.extra["deal_1"],
        "Stream, AccessOnMondays; SubscriptionModel, AdvertisementSupportedModel; DE, AT; from 2025-07-01"
    );
    assert!(!song.work.extra.contains_key("deal_2"));
    let words = words.as_ref().unwrap();
    assert_eq!(words.work.identifiers[0].value(), "9783161484100");
    assert_eq!(words.work.work_id, "TIDE-7.1/A2");
    assert_eq!(words.media, Some(Media::Text));
    assert!(words.work.extra.contains_key("deal_1"));
}

/// Who holds the rights in a recording with this inside, and how much.
fn holders(inner: &str) -> Vec<String> {
    let message = ern(&recording(&format!(
        "<ResourceId><ISRC>QZHRB2500001</ISRC></ResourceId>{inner}"
    )));
    let parties = [("PA", "Ana"), ("PB", "Ben"), ("PC", "Chi")].map(|(reference, name)| {
        format!("<Party><PartyReference>{reference}</PartyReference><PartyName><FullName>{name}</FullName></PartyName></Party>")
    });
    let list = format!("<PartyList>{}</PartyList><ResourceList>", parties.concat());
    let row = rows("ern.xml", message.replace("<ResourceList>", &list)).remove(0);
    let holders = row.unwrap().work.rightsholders;
    let words = holders.into_iter().map(|holder| match holder.share {
        Some(share) => format!("{} {share}", holder.name),
        None => holder.name,
    });
    words.collect()
}

fn controller(party: &str, inner: &str) -> String {
    format!(
        "<ResourceRightsController><RightsControllerPartyReference>{party}</RightsControllerPartyReference>{inner}</ResourceRightsController>"
    )
}

#[test]
fn who_controls_the_rights_in_a_resource_is_its_rightsholder() {
    let share = |percent: &str| format!("<RightSharePercentage>{percent}</RightSharePercentage>");
    let delegated = |territory: &str| {
        format!(
            "<DelegatedUsageRights><UseType>Stream</UseType><TerritoryOfRightsDelegation>{territory}</TerritoryOfRightsDelegation></DelegatedUsageRights>"
        )
    };
    let both = |ana: &str, ben: &str| holders(&(controller("PA", ana) + &controller("PB", ben)));
    assert_eq!(
        both(&share("60"), &share("40.5")),
        ["Ana 60 %", "Ben 40.5 %"]
    );
    // Without one, DDEX assumes 100 %: not of two.
    let unknown = "<RightShareUnknown>true</RightShareUnknown>";
    assert_eq!(both("", unknown), ["Ana", "Ben"]);
    let of_one = "<RightSharePercentage HasMaxValueOfOne=\"true\">0.25</RightSharePercentage>";
    assert_eq!(both(of_one, &share("0")), ["Ana 25 %", "Ben"]);
    // All of the rights in a territory is not all of the rights.
    let (here, everywhere) = (
        share("100") + &delegated("DE"),
        share("100") + &delegated("Worldwide"),
    );
    assert_eq!(
        both(&here, &(share("100") + &delegated("AT"))),
        ["Ana", "Ben"]
    );
    assert_eq!(holders(&controller("PA", &everywhere)), ["Ana 100 %"]);
    let of_uses = controller("PA", &share("50")) + &controller("PA", &share("30"));
    assert_eq!(holders(&of_uses), ["Ana"]);
}

#[test]
fn who_administers_rights_does_not_hold_them() {
    let role = |word: &str| format!("<RightsControllerRole>{word}</RightsControllerRole>");
    let administrator = controller("PA", &role("RightsAdministrator"));
    let controls = role("RoyaltyAdministrator") + &role("RightsController");
    assert_eq!(
        holders(&(administrator.clone() + &controller("PB", &controls))),
        ["Ben"]
    );
    assert_eq!(holders(&administrator), [""; 0]);
    // The composition is another work.
    let composition = controller("PC", "").replace("ResourceRights", "WorkRights");
    assert_eq!(holders(&composition), [""; 0]);
}

#[test]
fn no_deal_is_a_license_or_a_reservation() {
    let both = [fixture("ern-382.xml"), fixture("ern-43.xml")];
    for row in both.iter().flat_map(|message| rows("ern.xml", message)) {
        let row = row.unwrap();
        assert_eq!((row.license, row.reservation), (None, None));
    }
}

#[test]
fn file_names_lead_into_the_delivery_or_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("delivery");
    std::fs::create_dir_all(home.join("resources")).unwrap();
    std::fs::write(folder.path().join("secret.wav"), b"x").unwrap();
    std::fs::write(home.join("resources/a b.wav"), b"x").unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink("../../secret.wav", home.join("resources/link.wav")).unwrap();
    let path = home.join("ern.xml");
    let read = |uri: &str| {
        std::fs::write(&path, ern(&with_file(uri))).unwrap();
        let mut found: Found = super::super::open(&path).unwrap().collect();
        found.remove(0)
    };
    for uri in [
        "resources/a b.wav",
        "resources/a%20b.wav",
        "a%20b.wav",
        "./resources\\a b.wav",
    ] {
        assert_eq!(files(&read(uri).unwrap()), ["resources/a b.wav"], "{uri}");
    }
    assert_eq!(files(&read("gone.wav").unwrap()), ["gone.wav"]);
    let out = [
        "../secret.wav",
        "resources/../../secret.wav",
        "%2e%2e/secret.wav",
        "..\\secret.wav",
        "/etc/passwd",
        "C:\\secret.wav",
        "resources/link.wav",
    ];
    for uri in out {
        let reject = read(uri).unwrap_err();
        assert!(
            reject.reason.contains("leads out"),
            "{uri}: {}",
            reject.reason
        );
        assert_eq!(reject.work_id.as_deref(), Some("M-1/A1"));
    }
    for uri in ["https://example.org/a.wav", "file:///etc/passwd"] {
        assert!(
            read(uri).unwrap_err().reason.contains("is an address"),
            "{uri}"
        );
    }
}

#[test]
fn a_wrong_isrc_is_kept_apart() {
    let resource = recording("<ResourceId><ISRC>not one</ISRC></ResourceId>");
    let found = rows("ern.xml", ern(&resource));
    let work = &found[0].as_ref().unwrap().work;
    assert_eq!(work.work_id, "M-1/A1");
    assert_eq!(work.extra["unchecked_isrc"], "not one");
    assert!(work.identifiers.is_empty());
}

#[test]
fn a_bad_resource_or_release_is_rejected_alone() {
    let text = ern(&format!("{}\n{}", recording("<X>&bad;</X>"), recording("")));
    let text = text.replace(
        "</ern:",
        "<ReleaseList>\n<Release><A>&worse;</A></Release></ReleaseList></ern:",
    );
    let found = rows("ern.xml", text);
    assert_eq!(
        reasons(&found),
        [
            (4, "the entity &worse; is not one of XML itself"),
            (2, "the entity &bad; is not one of XML itself"),
        ]
    );
    assert_eq!(found[2].as_ref().unwrap().line, 3);
    let id = "x".repeat(2000);
    let long = recording(&format!(
        "<ResourceId><ProprietaryId>{id}</ProprietaryId></ResourceId>"
    ));
    assert!(
        reasons(&rows("ern.xml", ern(&long)))[0]
            .1
            .contains("longer than 1024 bytes")
    );
}

#[test]
fn a_resource_without_a_name_of_its_own_is_rejected() {
    let text = ern(&recording("")).replace("M-1", "");
    assert!(reasons(&rows("ern.xml", text))[0].1.contains("no ISRC"));
    let text =
        ern("<Text/><Image><ResourceId><ProprietaryId>7</ProprietaryId></ResourceId></Image>");
    let found = rows("ern.xml", text);
    assert!(reasons(&found)[0].1.contains("no ISRC"));
    assert_eq!(found[1].as_ref().unwrap().work.work_id, "7");
}

#[test]
fn a_message_is_not_held_open_while_it_waits() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ern.xml");
    std::fs::write(&path, ern(&recording(""))).unwrap();
    let waiting: Vec<Rows> = (0..3000)
        .map(|_| super::super::open(&path).unwrap())
        .collect();
    assert_eq!(
        waiting.into_iter().map(Iterator::count).sum::<usize>(),
        3000
    );
}

#[test]
fn a_test_message_registers_nothing() {
    let text = ern(&recording("")).replace(
        "</MessageHeader>",
        "<MessageControlType>TestMessage</MessageControlType></MessageHeader>",
    );
    assert!(reasons(&rows("ern.xml", text))[0].1.contains("is a test"));
}

/// One text for each number, one after the other.
fn repeated(count: usize, text: impl Fn(usize) -> String) -> String {
    (0..count).map(text).collect::<Vec<_>>().concat()
}

#[test]
fn what_many_resources_share_is_kept_short() {
    let long = "é".repeat(1 << 16);
    let resources = repeated(20, |n| {
        format!("<Image><ResourceReference>A{n}</ResourceReference></Image>\n")
    });
    let held = repeated(20, |n| {
        format!("<ReleaseResourceReference>A{n}</ReleaseResourceReference>")
    });
    let rest = format!(
        "<ReleaseList><Release><ReleaseReference>R</ReleaseReference>{held}\
         <ReleaseId><ICPN>{long}</ICPN></ReleaseId><ReleaseDetailsByTerritory>\
         <LabelName>{long}</LabelName></ReleaseDetailsByTerritory></Release></ReleaseList>\
         <DealList><ReleaseDeal><DealReleaseReference>R</DealReleaseReference><Deal><DealTerms>\
         <UseType>{long}</UseType></DealTerms></Deal></ReleaseDeal></DealList>"
    );
    let found = rows("ern.xml", with_rest(&ern(&resources), &rest));
    assert_eq!(found.len(), 20);
    for row in found {
        let extra = row.unwrap().work.extra;
        for name in ["label", "release_gtin", "deal_1"] {
            let text = &extra[name];
            assert!(text.len() <= 1003 && text.ends_with("é…"), "{name}");
        }
    }
}

/// A resource may be in every release, and every release may have every deal.
#[test]
fn what_is_asked_for_every_resource_is_bounded() {
    let releases = repeated(300, |n| {
        format!(
            "<Release><ReleaseReference>R{n}</ReleaseReference>\
             <ReleaseResourceReference>A1</ReleaseResourceReference></Release>"
        )
    });
    let deals = repeated(300, |n| {
        let n = 299 - n;
        format!(
            "<ReleaseDeal><DealReleaseReference>R0</DealReleaseReference>\
             <Deal><DealTerms><UseType>U{n:03}</UseType></DealTerms></Deal></ReleaseDeal>"
        )
    });
    let rest = format!("<ReleaseList>{releases}</ReleaseList><DealList>{deals}</DealList>");
    let found = rows("ern.xml", with_rest(&ern(&recording("")), &rest));
    let extra = &found[0].as_ref().unwrap().work.extra;
    let kept = extra.keys().filter(|name| name.starts_with("deal_"));
    assert_eq!(kept.count(), 20);
    assert_eq!([&extra["deal_1"], &extra["deal_20"]], ["U000", "U019"]);
}

/// A message with more after its resources.
fn with_rest(message: &str, rest: &str) -> String {
    let end = "</ern:NewReleaseMessage>";
    message.replace(end, &format!("{rest}{end}"))
}
