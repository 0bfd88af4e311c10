//! The `huggingface` key of a Parquet file's metadata.

use std::collections::BTreeMap;

use clearance_decode::Media;
use serde_json::Value;

/// The media that the `datasets` library declares for top-level columns:
/// `{"info": {"features": {"name": {"_type": "Audio" | "Image", …}}}}`. A list of
/// them is written as a sequence or as a JSON list with one feature.
pub(crate) fn features(metadata: Option<&str>) -> BTreeMap<String, Media> {
    let parsed = metadata.and_then(|text| serde_json::from_str::<Value>(text).ok());
    let found = parsed
        .as_ref()
        .and_then(|value| value.pointer("/info/features"));
    let Some(Value::Object(features)) = found else {
        return BTreeMap::new();
    };
    features
        .iter()
        .filter_map(|(name, feature)| Some((name.clone(), media(feature, 0)?)))
        .collect()
}

fn media(feature: &Value, depth: usize) -> Option<Media> {
    if depth > 4 {
        return None;
    }
    if let Value::Array(items) = feature {
        return media(items.first()?, depth + 1);
    }
    match feature["_type"].as_str()? {
        "Audio" => Some(Media::Audio),
        "Image" => Some(Media::Image),
        "Sequence" | "List" | "LargeList" => media(&feature["feature"], depth + 1),
        _ => None,
    }
}
