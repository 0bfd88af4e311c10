use arrow_schema::{DataType, Field, Schema};

use super::*;

fn texts(values: &[&str]) -> Sample {
    Sample {
        texts: values.iter().map(|&value| value.to_owned()).collect(),
        binaries: Vec::new(),
    }
}

fn detected(columns: &[(&str, DataType, Sample)]) -> Vec<(String, Holds, Option<Media>)> {
    let fields: Vec<Field> = columns
        .iter()
        .map(|(name, kind, _)| Field::new(*name, kind.clone(), true))
        .collect();
    let sample = |index: usize| columns[index].2.clone();
    detect(
        &Schema::new(fields),
        &Declared::default(),
        &Overrides::new(),
        &sample,
    )
    .unwrap()
    .into_iter()
    .map(|column| (column.name, column.holds, column.media))
    .collect()
}

const PROSE: &[&str] = &[
    "It was a dark and stormy night in the harbor.",
    "The lamp went out at last, he said.",
];
const PAGES: &[&str] = &["https://example.org/news/1", "https://example.org/about"];

#[test]
fn laion_is_a_caption_and_an_address() {
    let found = detected(&[
        (
            "URL",
            DataType::Utf8,
            texts(&[
                "https://example.org/1.jpg",
                "https://cdn.example.org/pic?id=3",
            ]),
        ),
        (
            "TEXT",
            DataType::Utf8,
            texts(&["red boat", "Old harbor at night"]),
        ),
        ("WIDTH", DataType::Int32, Sample::default()),
        ("similarity", DataType::Float64, Sample::default()),
        ("LANGUAGE", DataType::Utf8, texts(&["en", "de"])),
    ]);
    assert_eq!(
        found,
        [
            ("URL".to_owned(), Holds::Url, Some(Media::Image)),
            ("TEXT".to_owned(), Holds::Text, Some(Media::Text)),
        ]
    );
}

#[test]
fn fineweb_is_its_text_and_not_the_address_of_the_page() {
    let found = detected(&[
        ("text", DataType::Utf8, texts(PROSE)),
        (
            "id",
            DataType::Utf8,
            texts(&["<urn:uuid:1>", "<urn:uuid:2>"]),
        ),
        ("url", DataType::Utf8, texts(PAGES)),
        (
            "file_path",
            DataType::Utf8,
            texts(&["s3://commoncrawl/x.warc.gz", "s3://commoncrawl/y.warc.gz"]),
        ),
        ("token_count", DataType::Int64, Sample::default()),
    ]);
    // Where the page was is no item; it is looked up in rules about places.
    assert_eq!(
        found,
        [
            ("text".to_owned(), Holds::Text, Some(Media::Text)),
            ("url".to_owned(), Holds::Origin, Some(Media::Text)),
        ]
    );
}

#[test]
fn common_voice_is_a_path_and_a_sentence() {
    let found = detected(&[
        ("client_id", DataType::Utf8, texts(&["ab12", "cd34"])),
        (
            "path",
            DataType::Utf8,
            texts(&["common_voice_en_1.mp3", "common_voice_en_2.mp3"]),
        ),
        (
            "sentence",
            DataType::Utf8,
            texts(&["He was there.", "They went home again."]),
        ),
    ]);
    assert_eq!(
        found,
        [
            ("path".to_owned(), Holds::Path, Some(Media::Audio)),
            ("sentence".to_owned(), Holds::Text, Some(Media::Text)),
        ]
    );
}

#[test]
fn the_original_name_beside_embedded_bytes_is_not_an_item() {
    let png = Sample {
        binaries: vec![b"\x89PNG\r\n\x1a\n....".to_vec()],
        ..Sample::default()
    };
    let found = detected(&[
        ("content", DataType::Binary, png),
        ("file_name", DataType::Utf8, texts(&["a.png", "b.png"])),
        (
            "embedding",
            DataType::Binary,
            Sample {
                binaries: vec![vec![1, 2, 3, 4]],
                ..Sample::default()
            },
        ),
    ]);
    assert_eq!(found, [("content".to_owned(), Holds::File, None)]);
}

#[test]
fn labels_and_codes_are_not_prose() {
    let found = detected(&[
        ("label", DataType::Utf8, texts(&["cat", "dog"])),
        ("text", DataType::Utf8, texts(&["abc123", "def456"])),
        (
            "body",
            DataType::Utf8,
            texts(&["昔々あるところにおじいさんが住んでいました", "短い"]),
        ),
    ]);
    assert_eq!(found, [("body".to_owned(), Holds::Text, Some(Media::Text))]);
}

#[test]
fn hugging_face_metadata_decides() {
    let metadata = r#"{"info":{"features":{"a":{"_type":"Audio"},"b":[{"_type":"Image"}],
        "c":{"_type":"Sequence","feature":{"_type":"Image"}},"d":{"dtype":"string","_type":"Value"}}}}"#;
    let found = features(Some(metadata));
    assert_eq!(found.get("a"), Some(&Media::Audio));
    assert_eq!(found.get("b"), Some(&Media::Image));
    assert_eq!(found.get("c"), Some(&Media::Image));
    assert_eq!(found.get("d"), None);
    for broken in [
        "",
        "{",
        "[]",
        r#"{"info":null}"#,
        r#"{"info":{"features":[1]}}"#,
    ] {
        assert!(features(Some(broken)).is_empty());
    }
}
