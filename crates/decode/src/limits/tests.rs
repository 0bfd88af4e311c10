use super::*;

#[test]
fn missing_fields_take_their_defaults_and_unknown_ones_are_refused() {
    let limits: Limits = serde_json::from_str(r#"{"image_pixels": 7}"#).unwrap();
    assert_eq!(
        limits,
        Limits {
            image_pixels: 7,
            ..Limits::default()
        }
    );
    assert!(serde_json::from_str::<Limits>(r#"{"pixels": 7}"#).is_err());
}

#[test]
fn item_length_is_checked_at_both_ends() {
    let limits = Limits {
        item_bytes: 10,
        ..Limits::default()
    };
    assert_eq!(limits.check_item_len(0).unwrap_err().reason, Reason::Empty);
    assert!(limits.check_item_len(1).is_ok());
    assert!(limits.check_item_len(10).is_ok());
    let refused = limits.check_item_len(11).unwrap_err();
    assert_eq!(refused.to_string(), "limit: 11 bytes, limit 10");
}
