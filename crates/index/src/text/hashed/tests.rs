use super::*;

#[test]
fn seeds_as_far_apart_in_both_texts_share_what_lies_between() {
    let found = stretches(&[(100, 700), (130, 730), (190, 790)], 1.0);
    assert_eq!(found.len(), 1);
    assert_eq!(
        (&found[0].query, &found[0].reference),
        (&(100..210), &(700..810))
    );
    assert_eq!(found[0].matched, 110);
    assert!((found[0].score - 110.0).abs() < 1e-9);
}

#[test]
fn changes_between_seeds_are_estimated() {
    // Nearly as far apart in both: edited words between them.
    let found = stretches(&[(100, 700), (160, 765)], 1.0);
    assert_eq!((found[0].matched, found[0].score), (20 + 42, 40.0));
    // Much was put in.
    let found = stretches(&[(100, 700), (160, 800)], 1.0);
    assert_eq!(found[0].matched, 40);
    assert!((found[0].score - (40.0 - 0.4 * 80.0)).abs() < 1e-9);
    assert_eq!(stretches(&[(100, 700), (160, 1065)], 1.0).len(), 2);
}
