use clearance_index::Transform;

use super::*;
use crate::sample;

fn frame_of(finding: &Finding, side: Side) -> Option<String> {
    let views = views(finding, &sample::exhibit(finding)).unwrap();
    let view = if side == Side::Item {
        views.item
    } else {
        views.work
    };
    view.unwrap()
        .shapes
        .into_iter()
        .find_map(|shape| match shape {
            Shape::Path(Ink::Frame, path) => Some(path),
            _ => None,
        })
}

#[test]
fn the_size_of_a_picture_is_read_from_its_header() {
    assert_eq!(size_px(sample::JPEG), Some((160, 80)));
    for other in ["", "\"><script>", "aXRlbQ==", "/9j/", "/9g="] {
        assert_eq!(size_px(other), None, "{other}");
    }
}

#[test]
fn only_base64_of_a_jpeg_becomes_a_picture() {
    let finding = sample::picture(0);
    let exhibit = Exhibit {
        thumbnail: Some("\"><script>alert(1)</script>".to_owned()),
        work_thumbnail: Some(String::new()),
        ..sample::exhibit(&finding)
    };
    assert!(views(&finding, &exhibit).is_none());
}

#[test]
fn a_part_is_outlined_and_the_whole_is_not() {
    let upright = Finding {
        transform: None,
        ..sample::picture(0)
    };
    assert_eq!(frame_of(&upright, Side::Item), None);
    assert_eq!(frame_of(&upright, Side::Work), None);
    let part = Finding {
        transform: None,
        ..sample::cutting(0)
    };
    assert_eq!(
        frame_of(&part, Side::Item).unwrap(),
        "M38.4 48H153.6V115.2H38.4Z"
    );
    assert_eq!(frame_of(&part, Side::Work).unwrap(), "M0 0H160V80H0Z");
}

#[test]
fn measured_corners_are_drawn_with_a_dot_at_the_first() {
    let finding = Finding {
        transform: Some(Transform {
            rotation_deg: 90.0,
            corners: Some([[0.5, 0.25], [0.5, 0.75], [0.25, 0.75], [0.25, 0.25]]),
            ..Transform::default()
        }),
        ..sample::cutting(0)
    };
    let path = frame_of(&finding, Side::Item).unwrap();
    assert!(path.starts_with("M160 40L160 120L80 120L80 40Z"), "{path}");
    // Twelve units from the corner, towards the middle.
    assert!(path.contains("M147.5 48.5a4 4"), "{path}");
}

#[test]
fn a_turn_without_corners_is_drawn_as_its_box_implies() {
    // The whole of a picture twice as wide as high, turned a quarter, in an item of that shape:
    // it stands upright in the middle.
    let turned = Finding {
        transform: Some(Transform {
            rotation_deg: 90.0,
            ..Transform::default()
        }),
        ..sample::picture(0)
    };
    let path = frame_of(&turned, Side::Item).unwrap();
    assert!(path.starts_with("M200 0L200 160L120 160L120 0Z"), "{path}");
    // Mirrored: the top left corner is on the right.
    let mirrored = Finding {
        transform: Some(Transform {
            flip: true,
            ..Transform::default()
        }),
        ..sample::picture(0)
    };
    let path = frame_of(&mirrored, Side::Item).unwrap();
    assert!(path.starts_with("M320 0L0 0L0 160L320 160Z"), "{path}");
}
