use super::*;

#[test]
fn roles_are_read_in_any_case() {
    assert_eq!(Role::from(" Master "), Role::Master);
    assert_eq!(Role::from(""), Role::default());
    assert_eq!(Role::from("STEM"), Role::Stem);
    assert_eq!(
        Role::from("Radio Edit"),
        Role::Other("radio edit".to_owned())
    );
}

#[test]
fn roles_round_trip_through_their_words() {
    for word in [
        "master",
        "stem",
        "edition",
        "draft",
        "outtake",
        "radio edit",
    ] {
        assert_eq!(Role::from(word).to_string(), word);
    }
}

#[test]
fn a_new_work_knows_only_its_id() {
    let work = Work::new("W-1");
    assert_eq!(
        work,
        Work {
            work_id: "W-1".to_owned(),
            ..Work::default()
        }
    );
    assert!(work.identifiers.is_empty());
}
