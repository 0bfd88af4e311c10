use super::{ITEM_TONES, Tones, WORK_TONES};
use crate::image::plane::{GREY, Plane};

fn ramp(width: usize, height: usize) -> Plane {
    let mut plane = Plane::new(width, height);
    for y in 0..height {
        for (x, value) in plane.row_mut(y).iter_mut().enumerate() {
            *value = (255 * x / (width - 1)) as u16 * GREY;
        }
    }
    plane
}

#[test]
fn the_longer_side_has_as_many_cells_as_asked_for() {
    let item = Tones::of(&ramp(512, 300));
    assert_eq!((item.width(), item.height()), (ITEM_TONES, 75));
    let work = item.stored();
    assert_eq!((work.width(), work.height()), (WORK_TONES, 10));
    let upright = Tones::of(&ramp(90, 512)).stored();
    assert_eq!((upright.width(), upright.height()), (3, WORK_TONES));
}

#[test]
fn a_cell_is_the_mean_of_what_it_covers() {
    let work = Tones::of(&ramp(512, 256)).stored();
    for row in work.values().chunks(WORK_TONES) {
        for (x, &value) in row.iter().enumerate() {
            let middle = 255.0 * (32.0 * x as f32 + 15.5) / 511.0;
            assert!((f32::from(value) - middle).abs() <= 2.0, "{value} at {x}");
        }
    }
}

#[test]
fn small_pictures_stay_as_they_are() {
    let item = Tones::of(&ramp(20, 12));
    assert_eq!((item.width(), item.height()), (20, 12));
    assert_eq!(Tones::default().stored(), Tones::default());
}

#[test]
fn the_negative_of_the_negative_is_the_picture() {
    let item = Tones::of(&ramp(64, 64));
    assert_ne!(item.negative(), item);
    assert_eq!(item.negative().negative(), item);
}

#[test]
fn what_is_no_grid_is_refused() {
    assert_eq!(Tones::new(0, Vec::new()), Some(Tones::default()));
    assert!(Tones::new(4, vec![0; 12]).is_some());
    for (width, cells) in [(0, 1), (5, 12), (129, 129), (1, 129), (3, 0)] {
        assert_eq!(Tones::new(width, vec![0; cells]), None);
    }
}
