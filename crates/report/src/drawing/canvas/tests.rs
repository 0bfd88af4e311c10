use super::super::Side;
use super::*;

fn drawn(shapes: Vec<Shape>) -> String {
    let drawing = Drawing {
        width: 9,
        height: 7,
        stretched: false,
        caption: String::new(),
        label: String::new(),
        shapes,
    };
    Canvas::new(&drawing, 5, 2).lines().join("\n")
}

#[test]
fn lines_and_dots_become_patterns() {
    let frame = Shape::Path(Ink::Frame, "M0 0H9V7H0Z".to_owned());
    assert_eq!(drawn(vec![frame]), "⡏⠉⠉⠉⢹\n⣇⣀⣀⣀⣸");
    assert_eq!(drawn(vec![Shape::Picture(Side::Item)]), "⡏⠉⠉⠉⢹\n⣇⣀⣀⣀⣸");
    let bar = Shape::Path(Ink::Span, "M0 2H9".to_owned());
    assert_eq!(drawn(vec![bar]), "⣶⣶⣶⣶⣶\n");
    let diagonal = Shape::Path(Ink::Rule, "M0 0L9 7".to_owned());
    assert_eq!(
        drawn(vec![diagonal]).chars().filter(|c| *c != '\n').count(),
        8
    );
    let dot = Shape::Path(Ink::Aligned, "M4 0h0".to_owned());
    assert_eq!(drawn(vec![dot]), "⠀⠀⠁\n");
}

#[test]
fn what_is_outside_or_no_number_is_left_out() {
    let wild = "M-5 -5L20000 20000M1 xV3Qa4 4 0 1 0 8 0Z";
    drawn(vec![Shape::Path(Ink::Frame, wild.to_owned())]);
    let peaks = Shape::Path(Ink::Peak, "M4 0h0".to_owned());
    assert_eq!(drawn(vec![peaks]), "\n");
}
