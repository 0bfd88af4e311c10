use super::*;

#[test]
fn outcomes_pass_through() {
    assert_eq!(guard(|| Ok(7)), Ok(7));
    let refused = Unreadable::new(Reason::Corrupt, "bad header");
    assert_eq!(guard::<()>(|| Err(refused.clone())), Err(refused));
}

#[test]
fn both_kinds_of_panic_message_are_kept() {
    let plain = guard::<()>(|| panic!("plain words")).unwrap_err();
    assert_eq!(plain.to_string(), "panicked: decoder panicked: plain words");
    let index = 9;
    let formatted = guard(|| Ok([1, 2, 3][std::hint::black_box(index)])).unwrap_err();
    assert_eq!(formatted.reason, Reason::Panicked);
    assert!(
        formatted.detail.contains("out of bounds"),
        "{}",
        formatted.detail
    );
    let odd = guard::<()>(|| panic::panic_any(3_u8)).unwrap_err();
    assert_eq!(odd.detail, "decoder panicked: no message");
}

#[test]
fn guards_nest_and_close_again() {
    let outer = guard(|| {
        assert!(guard::<()>(|| panic!("inner")).is_err());
        assert_eq!(DEPTH.get(), 1, "the outer guard is still open");
        Ok(())
    });
    assert!(outer.is_ok());
    assert_eq!(DEPTH.get(), 0);
}
