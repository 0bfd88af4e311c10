//! The columns of `findings.parquet`.

use std::sync::{Arc, LazyLock};

use arrow_array::builder::{Float32Builder, ListBuilder};
use arrow_array::{
    ArrayRef, BooleanArray, Float32Array, Float64Array, Int32Array, Int64Array, StringArray,
    StructArray, UInt32Array,
};
use arrow_buffer::NullBuffer;
use arrow_schema::{DataType, Field, Fields, Schema};
use clearance_index::Transform;
use clearance_scan::{Finding, FoundDeclaration};

static TRANSFORM: LazyLock<Fields> = LazyLock::new(|| {
    Fields::from(vec![
        Field::new("flip", DataType::Boolean, true),
        Field::new("rotation_deg", DataType::Float32, true),
        Field::new("scale", DataType::Float32, true),
        list_of_shares("corners"),
        Field::new("tempo", DataType::Float64, true),
        Field::new("pitch_semitones", DataType::Float64, true),
        Field::new("speed", DataType::Float64, true),
    ])
});

static EVIDENCE: LazyLock<Fields> = LazyLock::new(|| {
    Fields::from(vec![
        Field::new("aligned_peaks", DataType::UInt32, true),
        Field::new("examined_peaks", DataType::UInt32, true),
        Field::new("alignment_nats", DataType::Float32, true),
        Field::new("landmarks", DataType::UInt32, true),
        Field::new("equal_places", DataType::UInt32, true),
        Field::new("distance_bits", DataType::UInt32, true),
        Field::new("aligned_points", DataType::UInt32, true),
        Field::new("examined_points", DataType::UInt32, true),
        Field::new("points_nats", DataType::Float32, true),
        Field::new("aligned_areas", DataType::UInt32, true),
        Field::new("examined_areas", DataType::UInt32, true),
        Field::new("areas_nats", DataType::Float32, true),
        Field::new("matched_words", DataType::UInt32, true),
        Field::new("identity", DataType::Float32, true),
        Field::new("shared_works", DataType::UInt32, true),
    ])
});

fn list_of_shares(name: &str) -> Field {
    let item = Arc::new(Field::new_list_field(DataType::Float32, true));
    Field::new(name, DataType::List(item), true)
}

static MENTION: LazyLock<Fields> = LazyLock::new(|| {
    Fields::from(vec![
        Field::new("name", DataType::Utf8, true),
        Field::new("role", DataType::Utf8, true),
        Field::new("works", DataType::UInt32, true),
        Field::new("times", DataType::UInt32, true),
    ])
});

static DECLARATION: LazyLock<Fields> = LazyLock::new(|| {
    let text = |name: &str| Field::new(name, DataType::Utf8, true);
    Fields::from(vec![
        text("scheme"),
        text("place"),
        text("value"),
        text("answer"),
        text("signature"),
        text("policy_url"),
    ])
});

/// Columns of `findings.parquet` (README, "Output").
pub(super) static FINDINGS: LazyLock<Arc<Schema>> = LazyLock::new(|| {
    let text = |name: &str| Field::new(name, DataType::Utf8, true);
    let place = |name: &str| Field::new(name, DataType::Float64, true);
    Arc::new(Schema::new(vec![
        text("finding_id"),
        text("file"),
        Field::new("row_index", DataType::Int64, false),
        text("column_name"),
        Field::new("item_index", DataType::Int32, false),
        text("item_digest"),
        Field::new("item_bytes", DataType::Int64, true),
        text("media"),
        text("work_id"),
        text("asset_id"),
        text("kind"),
        Field::new("score", DataType::Float32, false),
        Field::new("e_value", DataType::Float64, false),
        place("query_start"),
        place("query_end"),
        place("work_start"),
        place("work_end"),
        list_of_shares("query_box"),
        list_of_shares("work_box"),
        Field::new("transform", DataType::Struct(TRANSFORM.clone()), true),
        Field::new("evidence", DataType::Struct(EVIDENCE.clone()), true),
        text("verdict"),
        text("reservation_id"),
        text("license_id"),
        text("reason"),
        Field::new("declaration", DataType::Struct(DECLARATION.clone()), true),
        Field::new("mention", DataType::Struct(MENTION.clone()), true),
    ]))
});

/// The findings in the columns of [`FINDINGS`].
pub(crate) fn finding_columns(findings: &[Finding]) -> Vec<ArrayRef> {
    let text = |get: &dyn Fn(&Finding) -> Option<String>| -> ArrayRef {
        Arc::new(findings.iter().map(get).collect::<StringArray>())
    };
    let place = |get: &dyn Fn(&Finding) -> Option<f64>| -> ArrayRef {
        Arc::new(findings.iter().map(get).collect::<Float64Array>())
    };
    let all = || findings.iter();
    vec![
        text(&|f| Some(f.finding_id.clone())),
        text(&|f| Some(f.file.clone())),
        Arc::new(Int64Array::from_iter_values(all().map(|f| f.row_index))),
        text(&|f| Some(f.column_name.clone())),
        Arc::new(Int32Array::from_iter_values(all().map(|f| f.item_index))),
        text(&|f| Some(f.item_digest.clone())),
        Arc::new(all().map(item_bytes).collect::<Int64Array>()),
        text(&|f| Some(f.media.to_string())),
        text(&|f| Some(f.work_id.clone())),
        text(&|f| Some(f.asset_id.clone())),
        text(&|f| Some(f.kind.as_str().to_owned())),
        Arc::new(Float32Array::from_iter_values(all().map(|f| f.score))),
        Arc::new(Float64Array::from_iter_values(all().map(|f| f.e_value))),
        place(&|f| f.query_start),
        place(&|f| f.query_end),
        place(&|f| f.work_start),
        place(&|f| f.work_end),
        shares(findings, |f| f.query_box.map(Vec::from)),
        shares(findings, |f| f.work_box.map(Vec::from)),
        transform(findings),
        evidence(findings),
        text(&|f| Some(f.verdict.to_string())),
        text(&|f| f.reservation_id.clone()),
        text(&|f| f.license_id.clone()),
        text(&|f| Some(f.reason.clone())),
        declaration(findings),
        mention(findings),
    ]
}

fn item_bytes(finding: &Finding) -> Option<i64> {
    finding
        .item_bytes
        .and_then(|bytes| i64::try_from(bytes).ok())
}

fn shares(findings: &[Finding], get: impl Fn(&Finding) -> Option<Vec<f32>>) -> ArrayRef {
    let mut list = ListBuilder::new(Float32Builder::new());
    for finding in findings {
        let shares = get(finding);
        list.values().append_slice(shares.as_deref().unwrap_or(&[]));
        list.append(shares.is_some());
    }
    Arc::new(list.finish())
}

fn transform(findings: &[Finding]) -> ArrayRef {
    let each = || findings.iter().map(|finding| finding.transform);
    let flip: BooleanArray = each().map(|t| t.map(|t| t.flip)).collect();
    let rotation: Float32Array = each().map(|t| t.map(|t| t.rotation_deg)).collect();
    let scale: Float32Array = each().map(|t| t.and_then(|t| t.scale)).collect();
    let measure = |get: fn(&Transform) -> Option<f64>| -> ArrayRef {
        let values: Float64Array = each().map(|t| t.as_ref().and_then(get)).collect();
        Arc::new(values)
    };
    let valid: NullBuffer = each().map(|t| t.is_some()).collect::<Vec<bool>>().into();
    Arc::new(StructArray::new(
        TRANSFORM.clone(),
        vec![
            Arc::new(flip),
            Arc::new(rotation),
            Arc::new(scale),
            shares(findings, |f| {
                let corners = f.transform.and_then(|t| t.corners)?;
                Some(corners.into_iter().flatten().collect())
            }),
            measure(|t| t.tempo),
            measure(|t| t.pitch_semitones),
            measure(|t| t.speed),
        ],
        Some(valid),
    ))
}

fn declaration(findings: &[Finding]) -> ArrayRef {
    let each = || findings.iter().map(|finding| finding.declaration.as_ref());
    let text = |get: fn(&FoundDeclaration) -> Option<String>| -> ArrayRef {
        Arc::new(each().map(|d| d.and_then(get)).collect::<StringArray>())
    };
    let valid: NullBuffer = each().map(|d| d.is_some()).collect::<Vec<bool>>().into();
    Arc::new(StructArray::new(
        DECLARATION.clone(),
        vec![
            text(|d| Some(d.scheme.to_string())),
            text(|d| Some(d.place.clone())),
            text(|d| Some(d.value.clone())),
            text(|d| d.answer.map(|answer| answer.to_string())),
            text(|d| Some(d.signature.to_string())),
            text(|d| d.policy_url.clone()),
        ],
        Some(valid),
    ))
}

fn mention(findings: &[Finding]) -> ArrayRef {
    let each = || findings.iter().map(|finding| finding.mention.as_ref());
    let name: StringArray = each().map(|m| m.map(|m| m.name.as_str())).collect();
    let role: StringArray = each().map(|m| m.map(|m| m.role.as_str())).collect();
    let works: UInt32Array = each().map(|m| m.map(|m| m.works)).collect();
    let times: UInt32Array = each().map(|m| m.map(|m| m.times)).collect();
    let valid: NullBuffer = each().map(|m| m.is_some()).collect::<Vec<bool>>().into();
    Arc::new(StructArray::new(
        MENTION.clone(),
        vec![
            Arc::new(name),
            Arc::new(role),
            Arc::new(works),
            Arc::new(times),
        ],
        Some(valid),
    ))
}

fn evidence(findings: &[Finding]) -> ArrayRef {
    let count = |get: &dyn Fn(&Finding) -> Option<u32>| -> ArrayRef {
        Arc::new(findings.iter().map(get).collect::<UInt32Array>())
    };
    let measure = |get: &dyn Fn(&Finding) -> Option<f32>| -> ArrayRef {
        Arc::new(findings.iter().map(get).collect::<Float32Array>())
    };
    Arc::new(StructArray::new(
        EVIDENCE.clone(),
        vec![
            count(&|f| f.evidence.aligned_peaks),
            count(&|f| f.evidence.examined_peaks),
            measure(&|f| f.evidence.alignment_nats),
            count(&|f| f.evidence.landmarks),
            count(&|f| f.evidence.equal_places),
            count(&|f| f.evidence.distance_bits),
            count(&|f| f.evidence.aligned_points),
            count(&|f| f.evidence.examined_points),
            measure(&|f| f.evidence.points_nats),
            count(&|f| f.evidence.aligned_areas),
            count(&|f| f.evidence.examined_areas),
            measure(&|f| f.evidence.areas_nats),
            count(&|f| f.evidence.matched_words),
            measure(&|f| f.evidence.identity),
            count(&|f| f.evidence.shared_works),
        ],
        None,
    ))
}
