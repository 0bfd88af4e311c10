use super::*;
use crate::sample;

fn path(drawing: &Drawing, ink: Ink) -> &str {
    let path = drawing.shapes.iter().find_map(|shape| match shape {
        Shape::Path(of, path) if *of == ink => Some(path.as_str()),
        _ => None,
    });
    path.unwrap()
}

#[test]
fn both_stretches_are_drawn_on_one_scale() {
    let drawing = spans(&sample::recording(0)).unwrap();
    assert_eq!(path(&drawing, Ink::Span), "M0 6H328M672 38H1000");
    assert_eq!(
        drawing.label,
        "0:00.0 – 0:30.0 of the item matches 1:01.5 – 1:31.5 of the work"
    );
}

#[test]
fn a_short_stretch_can_still_be_seen() {
    for start in [0.0, 5_000.0, 9_999.9] {
        let finding = Finding {
            query_start: Some(start),
            query_end: Some(start + 0.1),
            work_start: Some(0.0),
            work_end: Some(10_000.0),
            ..sample::recording(0)
        };
        let drawing = spans(&finding).unwrap();
        let span = path(&drawing, Ink::Span).strip_prefix('M').unwrap();
        let (left, rest) = span.split_once(" 6H").unwrap();
        let right = rest.split_once('M').unwrap().0;
        let (left, right): (f64, f64) = (left.parse().unwrap(), right.parse().unwrap());
        assert!(right - left >= 7.0 && right <= 1000.0, "{left} {right}");
    }
}

#[test]
fn spans_that_make_no_sense_are_drawn_inside_or_not_at_all() {
    let with = |start, end| Finding {
        query_start: Some(start),
        query_end: Some(end),
        work_start: Some(start),
        work_end: Some(end),
        ..sample::recording(0)
    };
    assert!(spans(&with(0.0, 0.0)).is_none());
    assert!(spans(&with(-5.0, -1.0)).is_none());
    for (start, end) in [(9.0, 3.0), (-1e308, 1e308), (0.0, f64::MAX)] {
        assert!(spans(&with(start, end)).is_some());
    }
    let exhibit = sample::exhibit(&sample::recording(0));
    assert!(sound(&with(9.0, 3.0), &exhibit).is_none());
    assert!(sound(&with(-1e308, 1e308), &exhibit).is_none());
}

#[test]
fn peaks_stand_at_their_time_and_pitch() {
    let finding = Finding {
        query_start: Some(0.0),
        query_end: Some(2.0),
        work_start: Some(62.0),
        work_end: Some(64.0),
        ..sample::recording(0)
    };
    let mut exhibit = sample::exhibit(&finding);
    let drawing = sound(&finding, &exhibit).unwrap();
    assert_eq!(
        path(&drawing, Ink::Peak),
        "M250 92.2h0M500 20.7h0M0 244.2h0M500 214.1h0"
    );
    assert_eq!(path(&drawing, Ink::Aligned), "M250 92.2h0M0 244.2h0");
    assert_eq!(path(&drawing, Ink::Rule), "M250 96L0 152");
    assert!(!matches!(drawing.shapes[0], Shape::Strip(..)));
    exhibit.work_thumbnail = Some("anBlZw==".to_owned());
    let with_spectrum = sound(&finding, &exhibit).unwrap();
    assert_eq!(with_spectrum.shapes[0], Shape::Strip(Side::Work, 152, 96));
    assert_eq!(with_spectrum.shapes[1..], drawing.shapes[..]);
    assert!(
        with_spectrum
            .caption
            .starts_with("Spectral peaks and spectrum")
    );
    let plot = plot(&finding, &exhibit.sound.unwrap()).unwrap();
    assert_eq!(path(&plot, Ink::Aligned), "M75 300h0");
    assert!(plot.caption.contains("1.000 seconds"));
}
