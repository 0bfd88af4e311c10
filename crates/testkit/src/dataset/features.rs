//! The schema metadata that the Hugging Face `datasets` library writes into Parquet files.

use serde_json::{Map, Value, json};

use super::column::{BinaryKind, Column, Media, TextKind};

/// Key of the metadata in the Arrow schema and in the file.
pub(super) const METADATA_KEY: &str = "huggingface";

/// `{"info": {"features": {...}}}` for these columns.
pub(super) fn to_json(columns: &[(String, Column)]) -> String {
    let features: Map<String, Value> = columns
        .iter()
        .map(|(name, column)| (name.clone(), feature(column)))
        .collect();
    json!({ "info": { "features": features } }).to_string()
}

fn feature(column: &Column) -> Value {
    match column {
        Column::Media(media, _) => media_feature(*media),
        Column::MediaList(media, _) => json!({ "feature": media_feature(*media), "_type": "List" }),
        Column::TextList(_) => json!({ "feature": value("string"), "_type": "List" }),
        Column::Binary(BinaryKind::Plain, _) => value("binary"),
        Column::Binary(BinaryKind::Large, _) => value("large_binary"),
        Column::Binary(BinaryKind::View, _) => value("binary_view"),
        Column::Text(TextKind::Plain, _) => value("string"),
        Column::Text(TextKind::Large, _) => value("large_string"),
        Column::Text(TextKind::View, _) => value("string_view"),
        Column::Integers(_) => value("int64"),
        Column::Floats(_) => value("float64"),
    }
}

fn media_feature(media: Media) -> Value {
    match media {
        Media::Audio => json!({ "_type": "Audio" }),
        Media::Image => json!({ "_type": "Image" }),
        Media::Plain => json!({ "bytes": value("binary"), "path": value("string") }),
    }
}

fn value(dtype: &str) -> Value {
    json!({ "dtype": dtype, "_type": "Value" })
}
