use clearance_fingerprint::image::{ImageFingerprint, Tones, fingerprint};
use clearance_testkit::art::{Canvas, flat, paint};
use clearance_testkit::attacks::image as attacks;

use super::{Areas, areas};
use crate::image::align::Map;
use crate::image::scene::Scene;

const AS_IT_IS: Map = Map {
    linear: [1.0, 0.0, 0.0, 1.0],
    shift: [0.0, 0.0],
};

fn print(canvas: &Canvas) -> ImageFingerprint {
    let luma = canvas.luminance();
    let luma: Vec<u8> = luma.iter().map(|&value| value as u8).collect();
    fingerprint(&luma, canvas.width as usize, canvas.height as usize).unwrap()
}

fn compared(item: &Scene, work: &Canvas, map: &Map) -> Areas {
    let work = print(work);
    areas(item, &work.tones.stored(), work.sides, map)
}

#[test]
fn a_copy_is_alike_all_over() {
    let work = paint(7, 640, 480);
    let copy = attacks::jpeg(&attacks::brightness(&work, 0.7), 40).unwrap();
    let found = compared(&Scene::new(&print(&copy), false), &work, &AS_IT_IS);
    assert_eq!((found.aligned, found.examined), (6, 6));
    assert!(found.nats > 6.0, "{found:?}");
}

#[test]
fn another_picture_is_not() {
    let other = Scene::new(&print(&paint(8, 640, 480)), false);
    let found = compared(&other, &paint(7, 640, 480), &AS_IT_IS);
    assert_eq!((found.aligned, found.examined), (0, 6));
    assert!(found.nats <= 0.0);
}

#[test]
fn what_is_cut_off_is_not_examined_and_the_rest_counts() {
    let work = paint(7, 640, 480);
    let right_half = print(&attacks::crop(&work, [0.5, 0.0, 0.0, 0.0]));
    // Its longer side is 480 pixels of the work's 640.
    let map = Map {
        linear: [4.0 / 3.0, 0.0, 0.0, 4.0 / 3.0],
        shift: [-2.0 / 3.0, 0.0],
    };
    let found = compared(&Scene::new(&right_half, false), &work, &map);
    assert_eq!(found.aligned, found.examined);
    assert!((2..6).contains(&found.examined), "{found:?}");
    let far = Map {
        shift: [-9.0, 0.0],
        ..map
    };
    let found = compared(&Scene::new(&right_half, false), &work, &far);
    assert_eq!(found, Areas::default());
}

#[test]
fn half_covered_the_other_half_counts() {
    let work = paint(7, 640, 480);
    let covered = attacks::paste(&work, &paint(9, 320, 480), 0, 0);
    let found = compared(&Scene::new(&print(&covered), false), &work, &AS_IT_IS);
    assert_eq!(found.examined, 6);
    assert!((2..=4).contains(&found.aligned), "{found:?}");
}

#[test]
fn a_mirrored_copy_is_alike_in_the_mirrored_scene() {
    let work = paint(7, 640, 480);
    let mirrored = print(&attacks::flip(&work));
    let found = compared(&Scene::new(&mirrored, true), &work, &AS_IT_IS);
    assert_eq!((found.aligned, found.examined), (6, 6));
    let found = compared(&Scene::new(&mirrored, false), &work, &AS_IT_IS);
    assert_eq!(found.aligned, 0);
}

#[test]
fn plain_areas_say_nothing_and_a_single_edge_little() {
    let plain = flat([200, 30, 30], 640, 480);
    let scene = Scene::new(&print(&plain), false);
    assert_eq!(compared(&scene, &plain, &AS_IT_IS), Areas::default());
    let edge = attacks::paste(&plain, &flat([250, 250, 250], 330, 480), 0, 0);
    let found = compared(&Scene::new(&print(&edge), false), &edge, &AS_IT_IS);
    let painting = paint(7, 640, 480);
    let rich = compared(&Scene::new(&print(&painting), false), &painting, &AS_IT_IS);
    let each = |areas: &Areas| areas.nats / f64::from(areas.examined.max(1));
    assert!(found.examined > 0 && found.aligned == found.examined);
    assert!(each(&found) < 0.8 * each(&rich), "{found:?} {rich:?}");
}

#[test]
fn without_tones_nothing_is_compared() {
    let item = print(&paint(7, 640, 480));
    let tiny = Tones::new(1, vec![9]).unwrap();
    for tones in [Tones::default(), tiny] {
        let scene = Scene::new(&item, false);
        assert_eq!(
            areas(&scene, &tones, item.sides, &AS_IT_IS),
            Areas::default()
        );
        let blind = ImageFingerprint {
            tones,
            ..item.clone()
        };
        let found = compared(&Scene::new(&blind, false), &paint(7, 640, 480), &AS_IT_IS);
        assert_eq!(found.aligned, 0);
    }
}
