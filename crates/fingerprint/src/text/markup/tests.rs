use super::*;

fn read(text: &str) -> Option<(usize, String)> {
    markup(text.as_bytes()).map(|found| (found.length, found.text))
}

/// Markup that stands for nothing.
fn gone(length: usize) -> (usize, String) {
    (length, String::new())
}

#[test]
fn tags_are_passed_over_and_comparisons_are_not() {
    assert_eq!(read("<p>text"), Some(gone(3)));
    assert_eq!(read("</div>"), Some(gone(6)));
    assert_eq!(read("<a href=\"x\" title='y'>link"), Some(gone(22)));
    assert_eq!(read("<br/>"), Some(gone(5)));
    assert_eq!(read("<!DOCTYPE html>"), Some(gone(15)));
    assert_eq!(read("<!-- a > b -->rest"), None);
    assert_eq!(read("< b and c > d"), None);
    assert_eq!(read("<3 you>"), None);
    assert_eq!(read("<https://example.org/>"), None);
    assert_eq!(read("<a name never closed <b>"), None);
}

#[test]
fn what_is_not_shown_is_read_all_the_same() {
    let hidden = "<!-- call me --><script>ishmael</script>";
    assert_eq!(super::super::letters(hidden), b"callmelshmael");
    let long = format!("<a title=\"{}\">", "word ".repeat(200));
    assert_eq!(read(&long), None);
}

#[test]
fn references_are_read() {
    assert_eq!(read("&eacute;"), Some((8, "é".to_owned())));
    assert_eq!(read("&#233;t"), Some((6, "é".to_owned())));
    assert_eq!(read("&#x4E2D;"), Some((8, "中".to_owned())));
    assert_eq!(read("&amp; so on"), Some((5, "&".to_owned())));
    assert_eq!(read("& so on;"), None);
    assert_eq!(read("&nosuchname;"), None);
    assert_eq!(read("&#xffffffff;"), None);
}

#[test]
fn escapes_are_read() {
    assert_eq!(read("\\nnext"), Some(gone(2)));
    assert_eq!(read("\\u00e9"), Some((6, "é".to_owned())));
    assert_eq!(read("\\ud834\\udd1e"), Some((12, "𝄞".to_owned())));
    assert_eq!(read("\\ud834 alone"), None);
    assert_eq!(read("\\u00"), None);
    assert_eq!(read("\\alpha"), None);
}
