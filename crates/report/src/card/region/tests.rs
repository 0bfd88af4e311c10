use super::*;

fn words(corners: [f32; 4]) -> String {
    Region::part(corners).map_or_else(String::new, |region| region.words())
}

#[test]
fn halves_and_quarters_have_names() {
    for (corners, name) in [
        ([0.0, 0.0, 0.5, 1.0], "the left half of"),
        ([0.51, 0.0, 1.0, 0.99], "the right half of"),
        ([0.01, 0.0, 1.0, 0.49], "the top half of"),
        ([0.0, 0.5, 1.0, 1.0], "the bottom half of"),
        ([0.0, 0.0, 0.5, 0.5], "the top left quarter of"),
        ([0.5, 0.0, 1.0, 0.5], "the top right quarter of"),
        ([0.0, 0.5, 0.5, 1.0], "the bottom left quarter of"),
        ([0.5, 0.48, 1.0, 1.0], "the bottom right quarter of"),
    ] {
        assert_eq!(words(corners), name);
    }
}

#[test]
fn other_parts_are_said_in_percent() {
    assert_eq!(words([0.12, 0.3, 0.48, 0.72]), "12–48% across, 30–72% down");
    assert_eq!(words([0.0, 0.3, 1.0, 0.72]), "30–72% down");
    assert_eq!(words([0.0, 0.0, 0.8, 1.0]), "0–80% across");
}

#[test]
fn the_whole_is_no_part() {
    for whole in [
        [0.0, 0.0, 1.0, 1.0],
        [0.02, 0.01, 0.98, 0.99],
        [-3.0, -1.0, 7.0, f32::INFINITY],
    ] {
        assert_eq!(Region::part(whole), None, "{whole:?}");
    }
    assert!(Region::part([0.0, 0.0, 1.0, 0.97]).is_some());
}

#[test]
fn boxes_that_make_no_sense_are_not_drawn() {
    for corners in [
        [0.5, 0.2, 0.4, 0.8],
        [0.2, 0.3, 0.2, 0.8],
        [1.0, 0.0, 2.0, 1.0],
        [-2.0, 0.0, 0.0, 1.0],
        [f32::NAN, 0.0, 0.5, 1.0],
        [0.0, 0.0, f32::NAN, 1.0],
    ] {
        assert_eq!(Region::part(corners), None, "{corners:?}");
    }
}

#[test]
fn a_small_part_can_still_be_seen() {
    for start in [0.0, 0.3, 0.9995] {
        let region = Region::part([start, start, start + 0.0001, start + 0.0001]).unwrap();
        assert_eq!((region.width, region.height), (1, 1));
        assert!(region.left + region.width <= 100);
    }
}
