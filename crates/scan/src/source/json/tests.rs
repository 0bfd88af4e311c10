use arrow_schema::DataType;

use super::*;
use crate::schema::{Declared, Overrides, detect};

fn column(holds: Holds) -> MediaColumn {
    MediaColumn {
        name: "x".to_owned(),
        index: 0,
        holds,
        media: None,
        list: false,
        because: String::new(),
    }
}

fn told(text: &str, holds: Holds) -> Vec<String> {
    let value = values(text.as_bytes(), &["x"]).unwrap().remove(0);
    let mut told = Vec::new();
    items(
        value.unwrap_or(Value::Null),
        &column(holds),
        &mut |index, payload| {
            told.push(format!("{index} {payload:?}"));
        },
    );
    told
}

#[test]
fn values_are_items_by_what_they_are_and_their_column_holds() {
    for (text, holds, expected) in [
        (r#"{"x": "a b"}"#, Holds::Text, r#"0 Text("a b")"#),
        (
            r#"{"x": "http://a/b.jpg"}"#,
            Holds::Path,
            r#"0 Url("http://a/b.jpg")"#,
        ),
        (
            r#"{"x": {"path": "a.jpg"}}"#,
            Holds::File,
            r#"0 Path("a.jpg")"#,
        ),
        (
            r#"{"x": {"bytes": "AAEC"}}"#,
            Holds::File,
            r#"0 File { bytes: b"\0\x01\x02", name: None }"#,
        ),
        (
            r#"{"x": "AAEC"}"#,
            Holds::File,
            r#"0 File { bytes: b"\0\x01\x02", name: None }"#,
        ),
        (r#"{"x": "a.wav"}"#, Holds::File, r#"0 Path("a.wav")"#),
    ] {
        assert_eq!(told(text, holds), [expected], "{text}");
    }
    assert_eq!(
        told(r#"{"x": ["a", null, "b"]}"#, Holds::Text),
        [r#"0 Text("a")"#, r#"2 Text("b")"#]
    );
    assert!(told(r#"{"x": null}"#, Holds::Text).is_empty());
    assert!(told(r#"{"y": 1}"#, Holds::Text).is_empty());
    assert!(told(r#"{"x": {"bytes": null, "path": null}}"#, Holds::File).is_empty());
    // The last of two is the one that counts.
    assert_eq!(
        told(r#"{"x": "a", "x": "b"}"#, Holds::Text),
        [r#"0 Text("b")"#]
    );
}

#[test]
fn values_of_another_kind_are_told() {
    for (text, detail) in [
        (r#"{"x": 5}"#, "a number where the column holds texts"),
        (
            r#"{"x": true}"#,
            "true or false where the column holds texts",
        ),
        (
            r#"{"x": {"a": 1}}"#,
            "an object where the column holds texts",
        ),
        (
            r#"{"x": [["a"]]}"#,
            "a list in a list where the column holds texts",
        ),
        (r#"{"x": {"bytes": "?"}}"#, "bytes that are not in Base64"),
    ] {
        let told = told(text, Holds::Text);
        assert!(
            told[0].contains("Broken") && told[0].contains(detail),
            "{told:?}"
        );
    }
}

#[test]
fn lists_without_end_are_cut_and_told() {
    let list = vec!["\"a\""; MOST_ITEMS + 5].join(",");
    let told = told(&format!("{{\"x\": [{list}]}}"), Holds::Text);
    assert_eq!(told.len(), MOST_ITEMS + 1);
    assert!(
        told[MOST_ITEMS].contains("a list of 65541 items"),
        "{}",
        told[MOST_ITEMS]
    );
}

#[test]
fn what_is_no_object_is_refused_without_a_line_number() {
    let deep = format!("{{\"x\": {}", "[".repeat(100_000));
    for text in [
        "",
        "[1]",
        "5",
        "{\"x\": ",
        "{} {}",
        "{\"x\": \"\u{1}\"}",
        deep.as_str(),
    ] {
        let error = values(text.as_bytes(), &["x"]).unwrap_err().to_string();
        assert!(error.starts_with("corrupt: not a JSON object: "), "{error}");
        assert!(!error.contains("line"), "{error}");
        let mut survey = Survey::default();
        assert!(
            survey_object(text.as_bytes(), &mut survey).is_err(),
            "{text:.20}"
        );
    }
    assert!(values(b"{\"x\": \"\xff\"}", &["x"]).is_err());
    // Values that nobody asks for are passed over, however deep.
    let deep = format!("{{\"y\": {}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(values(deep.as_bytes(), &["x"]).is_ok());
}

#[test]
fn columns_are_recognized_as_in_parquet() {
    let mut survey = Survey::default();
    for line in [
        r#"{"id": 1, "image": {"bytes": null, "path": "a.jpg"}, "pages": [{"path": "a.png"}]}"#,
        r#"{"id": 2, "tags": ["a", "b"], "extra": {"url": "http://x"}}"#,
        r#"{"id": "late", "text": "It was a dark and stormy night in the harbor."}"#,
    ] {
        survey_object(line.as_bytes(), &mut survey).unwrap();
    }
    let (schema, samples) = survey.finish();
    let kinds: Vec<(&str, bool)> = schema
        .fields()
        .iter()
        .map(|field| {
            (
                field.name().as_str(),
                matches!(field.data_type(), DataType::List(_)),
            )
        })
        .collect();
    assert_eq!(
        kinds,
        [
            ("id", false),
            ("image", false),
            ("pages", true),
            ("tags", true),
            ("extra", false),
            ("text", false)
        ]
    );
    let sample = |index: usize| samples[index].clone();
    let columns = detect(&schema, &Declared::default(), &Overrides::new(), &sample).unwrap();
    let columns: Vec<(&str, Holds)> = columns
        .iter()
        .map(|it| (it.name.as_str(), it.holds))
        .collect();
    assert_eq!(
        columns,
        [
            ("image", Holds::File),
            ("pages", Holds::File),
            ("text", Holds::Text)
        ]
    );
}
