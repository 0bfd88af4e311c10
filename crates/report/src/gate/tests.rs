use super::*;
use crate::sample;

fn exceeded(gate: &Gate) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    // Three reserved pictures, a licensed recording, an unreserved quotation.
    let findings = [
        sample::picture(0),
        sample::picture(1),
        sample::cutting(2),
        sample::recording(3),
        sample::quotation(4),
    ];
    let summary = sample::summary(&findings);
    sample::write(folder.path(), &summary, &findings, &[]);
    gate.exceeded(folder.path(), &summary).unwrap()
}

fn gate(text: &str) -> Gate {
    let gate: Gate = serde_json::from_str(text).unwrap();
    gate.check().unwrap();
    gate
}

#[test]
fn without_limits_nothing_over_policy_passes() {
    assert_eq!(
        exceeded(&Gate::default()),
        ["3 findings reserved, 0 allowed"]
    );
}

#[test]
fn limits_by_verdict_are_inclusive() {
    assert_eq!(exceeded(&gate(r#"{"verdicts": {"reserved": 3}}"#)), [""; 0]);
    assert_eq!(
        exceeded(&gate(r#"{"verdicts": {"reserved": 2, "licensed": 0}}"#)),
        [
            "3 findings reserved, 2 allowed",
            "1 findings licensed, 0 allowed"
        ]
    );
}

#[test]
fn limits_by_kind_count_what_is_over_policy() {
    let limits = r#"{"verdicts": {"reserved": 9}, "kinds": {"excerpt": 0, "copy": 2}}"#;
    assert_eq!(
        exceeded(&gate(limits)),
        ["1 findings over policy of kind excerpt, 0 allowed"]
    );
}

#[test]
fn weak_findings_are_not_counted() {
    assert_eq!(exceeded(&gate(r#"{"max-e-value": 1e-40}"#)), [""; 0]);
    assert_eq!(exceeded(&gate(r#"{"max-e-value": 1e-20}"#)).len(), 1);
}

#[test]
fn unknown_kinds_and_impossible_numbers_are_refused() {
    for wrong in [r#"{"kinds": {"copies": 1}}"#, r#"{"max-e-value": -1.0}"#] {
        let gate: Gate = serde_json::from_str(wrong).unwrap();
        assert!(gate.check().is_err(), "{wrong}");
    }
    assert!(serde_json::from_str::<Gate>(r#"{"verdict": {}}"#).is_err());
}
