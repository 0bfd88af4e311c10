//! The records as JSON: the names and words are a contract with whoever reads our outputs.

use clearance_rights::{
    Country, Identifier, IdentifierKind, License, Mode, Policy, Reservation, Rightsholder, Role,
    Territory, Use, UseSet, Verdict, Work, parse_date,
};
use serde_json::{from_value, json, to_value};

#[test]
fn a_work() {
    let work = Work {
        title: Some("Alles neu".to_owned()),
        identifiers: vec![Identifier::parse(IdentifierKind::Isrc, "US-RC1-76-07839").unwrap()],
        ..Work::new("W-1")
    };
    let written = json!({
        "work_id": "W-1",
        "title": "Alles neu",
        "creators": [],
        "rightsholder": null,
        "rightsholders": [],
        "identifiers": [{"kind": "isrc", "value": "USRC17607839"}],
        "extra": {},
    });
    assert_eq!(to_value(&work).unwrap(), written);
    assert_eq!(from_value::<Work>(written).unwrap(), work);
}

#[test]
fn a_work_of_several_rightsholders() {
    let mut work = Work::new("W-1");
    work.rightsholders = Rightsholder::parse_list("Harbor Records (60 %); Ben Cole").unwrap();
    work.rightsholders[0].source = Some("a.csv".to_owned());
    let written = to_value(&work).unwrap();
    assert_eq!(written["rightsholder"], "Harbor Records; Ben Cole");
    assert_eq!(
        written["rightsholders"],
        json!([
            {"name": "Harbor Records", "share": 60.0, "source": "a.csv"},
            {"name": "Ben Cole", "share": null, "source": null},
        ])
    );
    assert_eq!(from_value::<Work>(written).unwrap(), work);
    // As written before there were co-owners.
    let work: Work = from_value(json!({"work_id": "W-1", "rightsholder": "A; B"})).unwrap();
    assert_eq!(work.rightsholders, [Rightsholder::new("A; B")]);
}

#[test]
fn a_reservation() {
    let reservation = Reservation {
        since: Some(parse_date("2024-01-01").unwrap()),
        territory: "EU|CH".parse().unwrap(),
        ..Reservation::new("R-1", "W-1", UseSet::parse_reservation("train").unwrap())
    };
    let written = json!({
        "reservation_id": "R-1",
        "work_id": "W-1",
        "uses": ["train", "train-generative"],
        "since": "2024-01-01",
        "until": null,
        "territory": "CH|EU",
        "source": null,
        "evidence": null,
        "catalog": null,
    });
    assert_eq!(to_value(&reservation).unwrap(), written);
    assert_eq!(from_value::<Reservation>(written).unwrap(), reservation);
}

#[test]
fn a_license() {
    let license = License::new("L-1", "W-1", UseSet::parse_license("train").unwrap());
    let written = json!({
        "license_id": "L-1",
        "work_id": "W-1",
        "licensee": null,
        "uses": ["train"],
        "from": null,
        "until": null,
        "source": null,
        "territory": "WORLD",
        "licensors": [],
        "derivatives": null,
        "price_class": null,
        "reference": null,
        "catalog": null,
    });
    assert_eq!(to_value(&license).unwrap(), written);
    assert_eq!(from_value::<License>(written).unwrap(), license);
}

#[test]
fn a_policy_and_its_decision() {
    let policy = Policy {
        licensee: Some("Acme".to_owned()),
        territory: Some("DE".parse().unwrap()),
        ..Policy::new(Mode::OptIn, Use::AiInput, parse_date("2025-07-01").unwrap())
    };
    let written = json!({
        "mode": "opt-in",
        "use": "ai-input",
        "as_of": "2025-07-01",
        "licensee": "Acme",
        "territory": "DE",
    });
    assert_eq!(to_value(&policy).unwrap(), written);
    assert_eq!(from_value::<Policy>(written).unwrap(), policy);

    let decision = policy.decide(&Work::new("W-1"), &[], &[]);
    let written = json!({
        "verdict": "unreserved",
        "reservation_id": null,
        "license_id": null,
        "reason": "No license and no reservation of work W-1 covers ai-input on 2025-07-01.",
    });
    assert_eq!(to_value(&decision).unwrap(), written);
}

#[test]
fn fields_that_are_missing_are_not_stated() {
    let reservation: Reservation =
        from_value(json!({"reservation_id": "R-1", "work_id": "W-1", "uses": ["search"]})).unwrap();
    assert_eq!(
        reservation,
        Reservation::new("R-1", "W-1", Use::Search.into())
    );
    let work: Work = from_value(json!({"work_id": "W-1"})).unwrap();
    assert_eq!(work, Work::new("W-1"));
}

#[test]
fn words_are_the_ones_that_are_shown() {
    for member in Use::ALL {
        assert_eq!(to_value(member).unwrap(), json!(member.to_string()));
    }
    for verdict in Verdict::ALL {
        assert_eq!(to_value(verdict).unwrap(), json!(verdict.to_string()));
    }
    for mode in Mode::ALL {
        assert_eq!(to_value(mode).unwrap(), json!(mode.to_string()));
    }
    for kind in IdentifierKind::ALL {
        assert_eq!(to_value(kind).unwrap(), json!(kind.to_string()));
    }
    let role = Role::from("Radio Edit");
    assert_eq!(to_value(&role).unwrap(), json!("radio edit"));
    assert_eq!(from_value::<Role>(json!("radio edit")).unwrap(), role);
}

#[test]
fn what_was_tampered_with_is_refused() {
    let isbn = json!({"kind": "isbn", "value": "9783161484105"});
    let message = from_value::<Identifier>(isbn).unwrap_err().to_string();
    assert_eq!(message, "ISBN 9783161484105 has check digit 5, expected 0");
    assert!(from_value::<Country>(json!("ZZ")).is_err());
    assert!(from_value::<Territory>(json!("Atlantis")).is_err());
    assert!(from_value::<UseSet>(json!(["train", "tdm"])).is_err());
    assert!(from_value::<License>(json!({"from": "2025-02-30"})).is_err());
    assert!(from_value::<Rightsholder>(json!({"name": "A", "share": 101})).is_err());
    assert!(from_value::<Rightsholder>(json!({"name": "A", "share": "60"})).is_err());
}
