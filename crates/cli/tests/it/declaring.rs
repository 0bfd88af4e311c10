//! What items declare about their own use: `clearance inspect` of media files, and scans.

use clearance_testkit::dataset::DatasetBuilder;
use clearance_testkit::{art, encode};

use crate::workplace::{SCAN, Workplace};

fn fixture(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/declarations/");
    std::fs::read(format!("{folder}{name}")).unwrap()
}

#[test]
fn inspect_shows_what_a_file_declares() {
    let place = Workplace::new();
    let shows = |name: &str, lines: &[&str]| {
        place.write(name, fixture(name));
        let shown = place.run(&["inspect", name]);
        assert_eq!(shown.code, 0, "{}", shown.stderr);
        for line in lines {
            assert!(
                shown.stdout.lines().any(|it| it == *line),
                "{line}\n{}",
                shown.stdout
            );
        }
    };
    shows(
        "signed.jpg",
        &[
            "    says     mining allow, ai-input allow, train conditional, train-generative deny",
            "    if       ask us",
            "    signed   unverified",
            "  train-generative deny (cawg.training-mining in C2PA manifest (JPEG APP11))",
        ],
    );
    shows(
        "tags.mp3",
        &[
            "  declares   tdmrep in XMP (ID3 PRIV): tdm-reservation 1",
            "  identifier ISRC DEZZZ2600001",
            "  claims     license: No AI training (ID3 USER)",
        ],
    );
    shows(
        "tdmrep.html",
        &[
            "  declares   tdmrep in HTML meta: tdm-reservation 1",
            "    terms    https://provider.example/policies/policy.json",
        ],
    );
    shows("plain.jpg", &["  declares   nothing about its use"]);
}

#[test]
fn inspect_says_the_same_as_json() {
    let place = Workplace::new();
    place.write("rights.jpg", fixture("rights.jpg"));
    let shown = place.run(&["inspect", "rights.jpg", "--json"]);
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    let value: serde_json::Value = serde_json::from_str(&shown.stdout).unwrap();
    assert_eq!(value["format"], "jpeg");
    assert_eq!(value["answers"]["train"], "deny");
    assert_eq!(value["answers"].get("search"), None);
    assert_eq!(value["declarations"][0]["scheme"], "tdmrep");
    assert_eq!(
        value["declarations"][0]["policy_url"],
        "https://example.com/tdm.json"
    );
    assert_eq!(value["claims"].as_array().unwrap().len(), 5);
    assert_eq!(value["print"]["width_px"], 64);
}

#[test]
fn a_file_that_cannot_be_compared_is_shown_as_far_as_it_can_be_read() {
    let place = Workplace::new();
    place.write("scan.pdf", fixture("tdmrep.pdf"));
    let shown = place.run(&["inspect", "scan.pdf"]);
    assert_eq!(shown.code, 3, "{}", shown.stderr);
    assert!(
        shown
            .stdout
            .contains("unreadable empty: PDF without a text layer")
    );
    assert!(
        shown
            .stdout
            .contains("tdmrep in XMP (PDF metadata): tdm-reservation 1")
    );
    place.write("nothing.pdf", b"%PDF-1.4 nothing");
    assert_eq!(place.run(&["inspect", "nothing.pdf"]).code, 2);
}

/// A JPEG with a packet of XMP that prohibits training.
fn declaring(jpeg: &[u8]) -> Vec<u8> {
    let xmp = "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF \
               xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><rdf:Description \
               xmlns:plus=\"http://ns.useplus.org/ldf/xmp/1.0/\" \
               plus:DataMining=\"DMI-PROHIBITED-AIMLTRAINING\"/></rdf:RDF></x:xmpmeta>";
    let body = [b"http://ns.adobe.com/xap/1.0/\0", xmp.as_bytes()].concat();
    let length = (body.len() as u16 + 2).to_be_bytes();
    [&jpeg[..2], &[0xff, 0xe1], &length, &body, &jpeg[2..]].concat()
}

/// Pictures, recordings and a page that declare something, beside some that do not; row 3 cannot be
/// read.
fn place() -> Workplace {
    let place = Workplace::registered();
    let cut = fixture("plus-attribute.jpg")[..1000].to_vec();
    let image = [
        Some(fixture("plus-attribute.jpg")),
        Some(fixture("plain.jpg")),
        Some(fixture("constraint.jpg")),
        Some(cut),
        None,
        None,
    ];
    let audio = [
        None,
        None,
        None,
        None,
        Some(fixture("tdmrep.m4a")),
        Some(fixture("tags.flac")),
    ];
    let text = [
        None,
        Some("An article about <meta name=\"tdm-reservation\" content=\"1\">.".to_owned()),
        Some(String::from_utf8(fixture("tdmrep.html")).unwrap()),
        None,
        None,
        None,
    ];
    std::fs::create_dir_all(place.path("data")).unwrap();
    DatasetBuilder::new()
        .image("image", image)
        .audio("audio", audio)
        .text("text", text)
        .rows_per_group(2)
        .write(place.path("data/train.parquet"))
        .unwrap();
    place
}

fn scanned(place: &Workplace, input: &str, out: &str, more: &[&str]) -> crate::workplace::Ended {
    let args = SCAN.map(|word| match word {
        "data" => input,
        "out" => out,
        word => word,
    });
    place.run(&[&args[..], more].concat())
}

#[test]
fn items_that_declare_something_are_findings() {
    let place = place();
    let ended = scanned(&place, "data", "out", &[]);
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    let findings = place.findings("out");
    let short: Vec<String> = findings
        .iter()
        .map(|it| {
            let text = |key: &str| it[key].as_str().unwrap_or_default().to_owned();
            let (row, scheme) = (&it["row_index"], &it["declaration"]["scheme"]);
            let work = text("work_id");
            format!(
                "{row} {} {} {work:?} {} {scheme}",
                text("column_name"),
                text("kind"),
                text("verdict")
            )
        })
        .collect();
    let expected = [
        "0 image declared \"\" reserved \"plus:DataMining\"",
        "2 image declared \"\" review \"plus:DataMining\"",
        "2 text declared \"\" reserved \"tdmrep\"",
        "3 image declared \"\" reserved \"plus:DataMining\"",
        "4 audio declared \"\" reserved \"tdmrep\"",
    ];
    assert_eq!(short, expected);
    assert_eq!(
        findings[0]["reason"],
        "The item reserves train-generative: plus:DataMining in XMP (JPEG APP1) \
         (`http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED-AIMLTRAINING`)."
    );
    let summary = place.json("out/summary.json");
    // Row 3 is matched for what it declares; that its picture could not be read is listed.
    assert_eq!(
        (&summary["matched"], &summary["clear"]),
        (&4.into(), &2.into())
    );
    assert_eq!(summary["declarations"]["declared"], 5);
    assert_eq!(summary["declarations"]["without_work"], 5);
    assert_eq!(summary["declarations"]["schemes"]["tdmrep"], 2);
    assert_eq!(summary["kinds"]["declared"], 5);
    assert!(summary["works"].as_array().unwrap().is_empty());
    let listed = place.run(&["inspect", "out", "--unreadable"]).stdout;
    assert!(listed.contains("row 3\timage\tunreadable"), "{listed}");
    assert!(
        ended
            .stdout
            .contains("5  declare something about their own use, 5 over policy")
    );
}

#[test]
fn a_scan_can_leave_declarations_aside() {
    let place = place();
    let ended = scanned(&place, "data", "out", &["--no-declarations"]);
    assert_eq!(ended.code, 3, "{}", ended.stderr);
    assert!(place.findings("out").is_empty());
    assert_eq!(
        place.json("out/summary.json")["settings"]["declarations"],
        false
    );
    place.write("data/clearance.toml", "declarations = false\n");
    assert_eq!(scanned(&place, "data", "again", &[]).code, 3);
}

#[test]
fn what_is_declared_for_another_use_is_unreserved() {
    let place = place();
    let ended = scanned(&place, "data", "out", &["--use", "search"]);
    let verdicts = place.findings("out");
    let verdicts: Vec<&str> = verdicts
        .iter()
        .map(|it| it["verdict"].as_str().unwrap())
        .collect();
    // Conditions hold for search as well; the others speak of training alone.
    assert_eq!(
        verdicts,
        [
            "unreserved",
            "review",
            "unreserved",
            "unreserved",
            "unreserved"
        ]
    );
    assert_eq!(ended.code, 1);
}

#[test]
fn threads_and_tables_change_nothing() {
    let place = place();
    assert_eq!(scanned(&place, "data", "one", &["--threads", "1"]).code, 1);
    assert_eq!(scanned(&place, "data", "four", &["--threads", "4"]).code, 1);
    let print = [
        "fingerprint",
        "data",
        "--out",
        "prints.parquet",
        "--keep-texts",
    ];
    assert_eq!(place.run(&print).code, 3);
    assert_eq!(scanned(&place, "prints.parquet", "table", &[]).code, 1);
    for name in ["findings.parquet", "findings.jsonl", "coverage.parquet"] {
        let read = |out: &str| place.read(&format!("{out}/{name}"));
        assert_eq!(read("one"), read("four"), "{name}");
        assert_eq!(read("one"), read("table"), "{name}");
    }
    assert_eq!(
        scanned(&place, "prints.parquet", "none", &["--no-declarations"]).code,
        3
    );
    assert!(place.findings("none").is_empty());
}

#[test]
fn an_identifier_links_what_is_declared_to_its_work() {
    let place = Workplace::with_catalog();
    place.write(
        "catalog.csv",
        "work_id,media,path,isrc,reservation,license_id,licensee,license_uses\n\
         song,audio,works/song.wav,DEZZZ2600001,train,L-1,Acme,all\n",
    );
    assert_eq!(
        place
            .run(&["register", "catalog.csv", "--registry", "registry"])
            .code,
        0
    );
    std::fs::create_dir_all(place.path("data")).unwrap();
    DatasetBuilder::new()
        .audio("audio", [Some(fixture("tags.mp3"))])
        .write(place.path("data/train.parquet"))
        .unwrap();
    assert_eq!(scanned(&place, "data", "out", &[]).code, 1);
    let finding = &place.findings("out")[0];
    assert_eq!(
        (&finding["kind"], &finding["work_id"]),
        (&"declared".into(), &"song".into())
    );
    assert_eq!(finding["verdict"], "reserved");
    // Only a license of the work overrides.
    assert_eq!(
        scanned(&place, "data", "acme", &["--licensee", "Acme"]).code,
        0
    );
    let finding = &place.findings("acme")[0];
    assert_eq!(
        (&finding["verdict"], &finding["license_id"]),
        (&"licensed".into(), &"L-1".into())
    );
}

#[test]
fn a_copy_that_lost_its_declaration_is_said_to_have() {
    let place = Workplace::new();
    let original = encode::jpeg(&art::paint(1, 480, 360), 90).unwrap();
    place.write("works/tide.jpg", declaring(&original));
    assert_eq!(
        place
            .run(&["register", "works", "--registry", "registry"])
            .code,
        0
    );
    let shown = place.run(&["inspect", "registry", "--work", "tide"]).stdout;
    assert!(
        shown.contains("plus:DataMining in XMP (JPEG APP1)"),
        "{shown}"
    );
    let copy = encode::jpeg(&art::paint(1, 480, 360), 60).unwrap();
    std::fs::create_dir_all(place.path("data")).unwrap();
    DatasetBuilder::new()
        .image(
            "image",
            [
                Some(copy.clone()),
                Some(declaring(&copy)),
                Some(declaring(&original)),
            ],
        )
        .write(place.path("data/train.parquet"))
        .unwrap();
    assert_eq!(scanned(&place, "data", "out", &[]).code, 1);
    let kinds: Vec<String> = place
        .findings("out")
        .iter()
        .map(|it| {
            let text = |key: &str| it[key].as_str().unwrap_or_default().to_owned();
            format!(
                "{} {} {:?} {}",
                it["row_index"],
                text("kind"),
                text("work_id"),
                text("verdict")
            )
        })
        .collect();
    let mut sorted = kinds.clone();
    sorted.sort();
    assert_eq!(
        sorted,
        [
            "0 copy \"tide\" unreserved",
            "0 stripped \"tide\" reserved",
            "1 copy \"tide\" unreserved",
            "1 declared \"\" reserved",
            // The registered file itself: the declaration is the work's own.
            "2 declared \"tide\" reserved",
            "2 identical \"tide\" unreserved",
        ]
    );
    let summary = place.json("out/summary.json");
    assert_eq!(summary["declarations"]["stripped"], 1);
    assert_eq!(summary["declarations"]["declared"], 2);
    // The owner who is handed the findings learns nothing of what is no work of hers.
    assert_eq!(
        scanned(&place, "data", "hers", &["--only-findings"]).code,
        1
    );
    assert!(
        place
            .findings("hers")
            .iter()
            .all(|it| it["work_id"] == "tide")
    );
    assert_eq!(place.findings("hers").len(), 5);
}
