use proptest::prelude::*;

use super::*;

fn places(map: &Map, work: &[(f32, f32)]) -> Vec<Correspondence> {
    let pair = |&(x, y): &(f32, f32)| Correspondence {
        work: (x, y),
        item: map.at(x, y),
        weight: 1.0,
    };
    work.iter().map(pair).collect()
}

proptest! {
    #[test]
    fn the_map_of_exact_places_is_found(
        turn in -3.1f32..3.1,
        scale in 0.1f32..3.0,
        stretch in 0.7f32..1.4,
        shift in prop::array::uniform2(-1.0f32..1.0),
        more in prop::collection::vec((0.0f32..1.0, 0.0f32..1.0), 0..20),
    ) {
        let (cos, sin) = (scale * turn.cos(), scale * turn.sin());
        let map = Map { linear: [cos * stretch, -sin, sin * stretch, cos], shift };
        let mut work = vec![(0.1, 0.1), (0.9, 0.2), (0.2, 0.8), (0.8, 0.9)];
        work.extend(more);
        let fitted = fit(&places(&map, &work), true).unwrap();
        for (a, b) in fitted.linear.iter().zip(map.linear) {
            prop_assert!((a - b).abs() < 1e-3, "{fitted:?} {map:?}");
        }
        let there = fitted.at(0.3, 0.4);
        let back = fitted.inverse().unwrap().at(there.0, there.1);
        prop_assert!((back.0 - 0.3).abs() < 1e-3 && (back.1 - 0.4).abs() < 1e-3);
    }
}

#[test]
fn places_on_a_line_make_no_affine_map() {
    let map = Map {
        linear: [0.5, 0.0, 0.0, 0.5],
        shift: [0.1, 0.2],
    };
    let line = [(0.1, 0.1), (0.3, 0.3), (0.5, 0.5), (0.9, 0.9)];
    let fitted = fit(&places(&map, &line), true).unwrap();
    assert!((fitted.scale() - 0.5).abs() < 1e-3);
    assert!(fitted.turn().abs() < 1e-3);
    assert_eq!(fit(&places(&map, &line[..1]), true), None);
}

#[test]
fn absurd_maps_are_not_believed() {
    for linear in [
        [9.0, 0.0, 0.0, 1.0],
        [0.01, 0.0, 0.0, 0.01],
        [30.0, 0.0, 0.0, 30.0],
    ] {
        let map = Map {
            linear,
            shift: [0.0, 0.0],
        };
        let work = [(0.1, 0.1), (0.9, 0.2), (0.2, 0.8), (0.8, 0.9)];
        if let Some(fitted) = fit(&places(&map, &work), true) {
            assert!((0.04..=12.0).contains(&fitted.scale()), "{fitted:?}");
        }
    }
}
