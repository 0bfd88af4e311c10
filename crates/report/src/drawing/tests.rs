use super::*;

fn drawing() -> Drawing {
    Drawing {
        width: 20,
        height: 10,
        stretched: false,
        caption: String::new(),
        label: "<a & \"b\">".to_owned(),
        shapes: vec![
            Shape::Picture(Side::Item),
            Shape::Path(Ink::Frame, "M0 0H5".to_owned()),
        ],
    }
}

#[test]
fn a_drawing_is_data_for_the_page() {
    let json = serde_json::to_string(&drawing()).unwrap();
    assert!(
        json.ends_with(r#""shapes":[["item",""],["frame","M0 0H5"]]}"#),
        "{json}"
    );
}

#[test]
fn a_drawing_is_a_picture_of_its_own() {
    let svg = drawing().to_svg(|side| (side == Side::Item).then(|| "aXRlbQ==".to_owned()));
    assert!(svg.contains("aria-label=\"&lt;a &amp; &quot;b&quot;&gt;\""));
    assert!(svg.contains("href=\"data:image/jpeg;base64,aXRlbQ==\""));
    assert_eq!(svg.matches("d=\"M0 0H5\"").count(), 2);
    assert!(!drawing().to_svg(|_| None).contains("<image"));
}

#[test]
fn places_stay_within_reason() {
    assert!((unit(1.234) - 1.2).abs() < 1e-9);
    assert!(unit(f64::NAN).abs() < 1e-9);
    assert!(unit(f64::INFINITY).abs() < 1e-9);
    assert!((unit(-1e300) + 20_000.0).abs() < 1e-9);
}
