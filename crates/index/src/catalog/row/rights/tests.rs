use clearance_rights::Rightsholder;

use crate::catalog::CatalogRow;
use crate::catalog::tests::{reasons, rows};

/// The only row of a JSON Lines catalog.
fn row(fields: &serde_json::Value) -> Result<CatalogRow, String> {
    let mut line = serde_json::json!({"work_id": "w"});
    let cells = line.as_object_mut().unwrap();
    cells.extend(fields.as_object().unwrap().clone());
    let mut found = rows("a.jsonl", line.to_string());
    found.remove(0).map_err(|reject| reject.reason)
}

fn holders(fields: &serde_json::Value) -> Vec<(String, Option<f64>)> {
    let holders = row(fields).unwrap().work.rightsholders.into_iter();
    let pairs = holders.map(|it| (it.name, it.share.map(clearance_rights::Share::percent)));
    pairs.collect()
}

#[test]
fn a_line_names_one_rightsholder_or_several() {
    let one = |name: &str, share| vec![(name.to_owned(), share)];
    for (fields, expected) in [
        (serde_json::json!({}), vec![]),
        (
            serde_json::json!({"rightsholder": "Müller, Jörg (UK)"}),
            one("Müller, Jörg (UK)", None),
        ),
        (
            serde_json::json!({"rightsholder": "A", "share": 60}),
            one("A", Some(60.0)),
        ),
        (
            serde_json::json!({"rightsholder": "A", "share": "33,3 %"}),
            one("A", Some(33.3)),
        ),
        (
            serde_json::json!({"rightsholder": "A (60 %)", "share": "60.0"}),
            one("A", Some(60.0)),
        ),
        (
            serde_json::json!({"rightsholder": "\"A; B\"", "share": "60"}),
            one("A; B", Some(60.0)),
        ),
        (
            serde_json::json!({"rightsholder": "A (60 %); B (40 %)"}),
            vec![("A".to_owned(), Some(60.0)), ("B".to_owned(), Some(40.0))],
        ),
        (
            serde_json::json!({"rightsholder": ["A", "B"]}),
            vec![("A".to_owned(), None), ("B".to_owned(), None)],
        ),
    ] {
        assert_eq!(holders(&fields), expected, "{fields}");
    }
}

#[test]
fn what_cannot_be_read_of_rights_rejects_its_line() {
    for (fields, says) in [
        (
            serde_json::json!({"rightsholder": "A", "share": 0.6}),
            "share: \"0.6\" may be",
        ),
        (
            serde_json::json!({"rightsholder": "A", "share": 160}),
            "at most 100 %",
        ),
        (
            serde_json::json!({"rightsholder": "A", "share": "half"}),
            "share: \"half\" is no share",
        ),
        (
            serde_json::json!({"rightsholder": "A; B", "share": 50}),
            "beside several",
        ),
        (
            serde_json::json!({"rightsholder": "A (40 %)", "share": 60}),
            "share is 60 %, and rightsholder says 40 %",
        ),
        (
            serde_json::json!({"share": 60}),
            "share without a rightsholder",
        ),
        (
            serde_json::json!({"rightsholder": "A (0 %)"}),
            "rightsholder: ",
        ),
        (
            serde_json::json!({"rightsholder": "x".repeat(2000)}),
            "longer than 1024 bytes",
        ),
        (
            serde_json::json!({"rightsholder": "A;".repeat(501)}),
            "more than 500 names",
        ),
        (
            serde_json::json!({"licensor": "A"}),
            "licensor without a license",
        ),
        (
            serde_json::json!({"license_derivatives": "no"}),
            "license_derivatives without",
        ),
        (
            serde_json::json!({"license_price_class": "B"}),
            "license_price_class without",
        ),
        (
            serde_json::json!({"license_reference": "C-1"}),
            "license_reference without",
        ),
        (
            serde_json::json!({"license_uses": "train", "license_derivatives": "maybe"}),
            "\"maybe\" is not yes or no",
        ),
        (
            serde_json::json!({"license_uses": "train", "license_reference": "x".repeat(5000)}),
            "license_reference is longer than 4096 bytes",
        ),
        (
            serde_json::json!({"reservation_evidence": "x"}),
            "reservation_evidence without",
        ),
    ] {
        let reason = row(&fields).unwrap_err();
        assert!(reason.contains(says), "{fields:.80}: {reason}");
    }
}

#[test]
fn a_license_says_what_the_line_says_of_it() {
    let found = rows(
        "a.csv",
        "work_id,rightsholder,reservation,reservation_evidence,license_id,license_uses,licensor,license_derivatives,license_price_class,license_reference\n\
         w,Ana,all,https://example.org/terms,L-1,train,Ana; Ben (40 %),No,indie B,C-2025-17\n",
    );
    assert!(reasons(&found).is_empty(), "{found:?}");
    let row = found[0].as_ref().unwrap();
    let license = row.license.as_ref().unwrap();
    assert_eq!(license.licensors, ["Ana", "Ben"]);
    assert_eq!(license.derivatives, Some(false));
    assert_eq!(license.price_class.as_deref(), Some("indie B"));
    assert_eq!(license.reference.as_deref(), Some("C-2025-17"));
    let reservation = row.reservation.as_ref().unwrap();
    assert_eq!(
        reservation.evidence.as_deref(),
        Some("https://example.org/terms")
    );
    assert_eq!(row.work.rightsholders, [Rightsholder::new("Ana")]);
    assert!(row.work.extra.is_empty());
}

#[test]
fn the_rightsholders_of_a_line_granted_its_license() {
    let license = |fields: serde_json::Value| row(&fields).unwrap().license.unwrap();
    let both = serde_json::json!({"rightsholder": "A (60 %); B (40 %)", "license_uses": "train"});
    assert_eq!(license(both).licensors, ["A", "B"]);
    let nobody = serde_json::json!({"license_uses": "train"});
    assert!(license(nobody.clone()).licensors.is_empty());
    // A line that names its rightsholder keeps the id that the license had without one.
    let named = serde_json::json!({"rightsholder": "A", "license_uses": "train"});
    let stated = serde_json::json!({"licensor": "A", "license_uses": "train"});
    assert_eq!(
        license(named).license_id,
        license(nobody.clone()).license_id
    );
    assert_ne!(license(stated).license_id, license(nobody).license_id);
    let yes = serde_json::json!({"license_uses": "train", "license_derivatives": true});
    assert_eq!(license(yes).derivatives, Some(true));
}
