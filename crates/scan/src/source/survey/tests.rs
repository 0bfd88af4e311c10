use super::*;

#[test]
fn chunks_end_by_rows_and_by_bytes() {
    let mut chunker = Chunker::new(3, 100);
    for offset in [0, 10, 20, 30, 200, 210] {
        chunker.add_row(offset, offset + 1);
    }
    let chunks: Vec<(u64, u64)> = chunker
        .finish()
        .iter()
        .map(|it| (it.offset, it.rows))
        .collect();
    assert_eq!(chunks, [(0, 3), (30, 1), (200, 2)]);
}

#[test]
fn a_column_is_what_most_of_its_values_are() {
    let mut survey = Survey::default();
    let place = survey.column("a").unwrap();
    survey.count(place, Kind::Number);
    survey.count(place, Kind::Text);
    survey.count(place, Kind::Text);
    let empty = survey.column("b").unwrap();
    assert_eq!(survey.column("a"), Some(place));
    let (schema, _) = survey.finish();
    assert_eq!(schema.field(place).data_type(), &DataType::Utf8);
    assert_eq!(schema.field(empty).data_type(), &DataType::Null);
}

#[test]
fn names_without_end_are_not_told_apart() {
    let mut survey = Survey::default();
    for number in 0..MOST_COLUMNS {
        assert!(survey.column(&number.to_string()).is_some());
    }
    assert!(!survey.has_more);
    assert_eq!(survey.column("one more"), None);
    assert_eq!(survey.column("7"), Some(7));
    assert!(survey.has_more);
}

#[test]
fn media_in_base64_are_told_from_words() {
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    png.resize(300, 7);
    let encoded = BASE64.encode(&png);
    for (text, expected) in [
        (encoded.clone(), DataType::Binary),
        (format!("data:image/png;base64,{encoded}"), DataType::Binary),
        ("a".repeat(400), DataType::Utf8),
        ("a boat in the harbor".repeat(8), DataType::Utf8),
    ] {
        let mut survey = Survey::default();
        let place = survey.column("image").unwrap();
        survey.count(place, Kind::Text);
        survey.see_text(place, &text);
        assert_eq!(survey.finish().0.field(0).data_type(), &expected, "{text}");
    }
}
