//! `findings.parquet` and `coverage.parquet`.

use std::fs::File;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use arrow_array::builder::{Float32Builder, ListBuilder};
use arrow_array::cast::AsArray;
use arrow_array::types::{Int32Type, Int64Type};
use arrow_array::{
    ArrayRef, BooleanArray, Float32Array, Float64Array, Int32Array, Int64Array, RecordBatch,
    StringArray, StructArray, UInt32Array,
};
use arrow_buffer::NullBuffer;
use arrow_schema::{DataType, Field, Fields, Schema};
use clearance_index::Transform;
use clearance_scan::{CoverageLine, CoverageStatus, Finding};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

use crate::error::{Error, Result};

static TRANSFORM: LazyLock<Fields> = LazyLock::new(|| {
    Fields::from(vec![
        Field::new("flip", DataType::Boolean, true),
        Field::new("rotation_deg", DataType::Int32, true),
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
        Field::new("matched_words", DataType::UInt32, true),
        Field::new("identity", DataType::Float32, true),
        Field::new("shared_works", DataType::UInt32, true),
    ])
});

/// Columns of `findings.parquet` (README, "Output").
static FINDINGS: LazyLock<Arc<Schema>> = LazyLock::new(|| {
    let text = |name: &str| Field::new(name, DataType::Utf8, true);
    let place = |name: &str| Field::new(name, DataType::Float64, true);
    let corners = |name: &str| {
        let item = Arc::new(Field::new_list_field(DataType::Float32, true));
        Field::new(name, DataType::List(item), true)
    };
    Arc::new(Schema::new(vec![
        text("finding_id"),
        text("file"),
        Field::new("row_index", DataType::Int64, false),
        text("column_name"),
        Field::new("item_index", DataType::Int32, false),
        text("item_digest"),
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
        corners("query_box"),
        corners("work_box"),
        Field::new("transform", DataType::Struct(TRANSFORM.clone()), true),
        Field::new("evidence", DataType::Struct(EVIDENCE.clone()), true),
        text("verdict"),
        text("reservation_id"),
        text("license_id"),
        text("reason"),
    ]))
});

/// Columns of `coverage.parquet`.
static COVERAGE: LazyLock<Arc<Schema>> = LazyLock::new(|| {
    Arc::new(Schema::new(vec![
        Field::new("file", DataType::Utf8, true),
        Field::new("row_index", DataType::Int64, false),
        Field::new("column_name", DataType::Utf8, true),
        Field::new("item_index", DataType::Int32, false),
        Field::new("status", DataType::Utf8, true),
        Field::new("reason", DataType::Utf8, true),
    ]))
});

/// A Parquet file that grows batch by batch.
pub(crate) struct TableFile {
    writer: ArrowWriter<File>,
    path: std::path::PathBuf,
}

impl TableFile {
    pub(crate) fn findings(path: &Path) -> Result<Self> {
        Self::create(path, &FINDINGS)
    }

    pub(crate) fn coverage(path: &Path) -> Result<Self> {
        Self::create(path, &COVERAGE)
    }

    fn create(path: &Path, schema: &Arc<Schema>) -> Result<Self> {
        let file = File::create(path).map_err(Error::io(path))?;
        // The writer's name carries no version: the same findings are the same bytes.
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_created_by("clearance".to_owned())
            .build();
        let writer = ArrowWriter::try_new(file, Arc::clone(schema), Some(properties))
            .map_err(|error| failed(path, error))?;
        Ok(Self {
            writer,
            path: path.to_owned(),
        })
    }

    pub(crate) fn add_findings(&mut self, findings: &[Finding]) -> Result<()> {
        let columns = finding_columns(findings);
        self.add(&FINDINGS, columns)
    }

    pub(crate) fn add_coverage(&mut self, lines: &[CoverageLine]) -> Result<()> {
        let text = |get: &dyn Fn(&CoverageLine) -> String| -> ArrayRef {
            Arc::new(
                lines
                    .iter()
                    .map(|line| Some(get(line)))
                    .collect::<StringArray>(),
            )
        };
        let columns: Vec<ArrayRef> = vec![
            text(&|line| line.file.clone()),
            Arc::new(Int64Array::from_iter_values(
                lines.iter().map(|line| line.row_index),
            )),
            text(&|line| line.column_name.clone()),
            Arc::new(Int32Array::from_iter_values(
                lines.iter().map(|line| line.item_index),
            )),
            text(&|line| line.status.as_str().to_owned()),
            text(&|line| line.reason.clone()),
        ];
        self.add(&COVERAGE, columns)
    }

    fn add(&mut self, schema: &Arc<Schema>, columns: Vec<ArrayRef>) -> Result<()> {
        let batch = RecordBatch::try_new(Arc::clone(schema), columns)
            .map_err(|error| Error::corrupt(&self.path, &error))?;
        if batch.num_rows() == 0 {
            return Ok(());
        }
        self.writer
            .write(&batch)
            .map_err(|error| failed(&self.path, error))
    }

    pub(crate) fn close(mut self) -> Result<()> {
        self.writer
            .finish()
            .map_err(|error| failed(&self.path, error))?;
        self.writer
            .inner()
            .sync_all()
            .map_err(Error::io(&self.path))
    }
}

fn failed(path: &Path, error: parquet::errors::ParquetError) -> Error {
    Error::Io {
        path: path.to_owned(),
        source: std::io::Error::other(error),
    }
}

fn finding_columns(findings: &[Finding]) -> Vec<ArrayRef> {
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
        corners(findings, |f| f.query_box),
        corners(findings, |f| f.work_box),
        transform(findings),
        evidence(findings),
        text(&|f| Some(f.verdict.to_string())),
        text(&|f| f.reservation_id.clone()),
        text(&|f| f.license_id.clone()),
        text(&|f| Some(f.reason.clone())),
    ]
}

fn corners(findings: &[Finding], get: impl Fn(&Finding) -> Option<[f32; 4]>) -> ArrayRef {
    let mut list = ListBuilder::new(Float32Builder::new());
    for finding in findings {
        let corners = get(finding);
        list.values()
            .append_slice(corners.as_ref().map_or(&[], |corners| corners));
        list.append(corners.is_some());
    }
    Arc::new(list.finish())
}

fn transform(findings: &[Finding]) -> ArrayRef {
    let each = || findings.iter().map(|finding| finding.transform);
    let flip: BooleanArray = each().map(|t| t.map(|t| t.flip)).collect();
    let rotation: Int32Array = each()
        .map(|t| t.map(|t| i32::from(t.rotation_deg)))
        .collect();
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
            measure(|t| t.tempo),
            measure(|t| t.pitch_semitones),
            measure(|t| t.speed),
        ],
        Some(valid),
    ))
}

fn evidence(findings: &[Finding]) -> ArrayRef {
    let count = |get: &dyn Fn(&Finding) -> Option<u32>| -> ArrayRef {
        Arc::new(findings.iter().map(get).collect::<UInt32Array>())
    };
    let nats: Float32Array = findings.iter().map(|f| f.evidence.alignment_nats).collect();
    let identity: Float32Array = findings.iter().map(|f| f.evidence.identity).collect();
    Arc::new(StructArray::new(
        EVIDENCE.clone(),
        vec![
            count(&|f| f.evidence.aligned_peaks),
            count(&|f| f.evidence.examined_peaks),
            Arc::new(nats),
            count(&|f| f.evidence.landmarks),
            count(&|f| f.evidence.equal_places),
            count(&|f| f.evidence.distance_bits),
            count(&|f| f.evidence.matched_words),
            Arc::new(identity),
            count(&|f| f.evidence.shared_works),
        ],
        None,
    ))
}

/// Reads `coverage.parquet` of an output folder back.
pub fn read_coverage(out: &Path) -> Result<Vec<CoverageLine>> {
    let path = out.join("coverage.parquet");
    let damaged = |error: &dyn std::fmt::Display| Error::corrupt(&path, error);
    let file = File::open(&path).map_err(Error::io(&path))?;
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let reader = ParquetRecordBatchReaderBuilder::try_new_with_options(file, options)
        .and_then(ParquetRecordBatchReaderBuilder::build)
        .map_err(|error| damaged(&error))?;
    let mut lines = Vec::new();
    for batch in reader {
        let batch = batch.map_err(|error| damaged(&error))?;
        lines.extend(coverage_lines(&batch).ok_or_else(|| damaged(&"unexpected columns"))?);
    }
    Ok(lines)
}

fn coverage_lines(batch: &RecordBatch) -> Option<Vec<CoverageLine>> {
    let text = |name: &str| batch.column_by_name(name)?.as_string_opt::<i32>();
    let (files, columns) = (text("file")?, text("column_name")?);
    let (statuses, reasons) = (text("status")?, text("reason")?);
    let rows = batch
        .column_by_name("row_index")?
        .as_primitive_opt::<Int64Type>()?;
    let items = batch
        .column_by_name("item_index")?
        .as_primitive_opt::<Int32Type>()?;
    (0..batch.num_rows())
        .map(|at| {
            Some(CoverageLine {
                file: files.value(at).to_owned(),
                row_index: rows.value(at),
                column_name: columns.value(at).to_owned(),
                item_index: items.value(at),
                status: match statuses.value(at) {
                    "unreadable" => CoverageStatus::Unreadable,
                    "skipped" => CoverageStatus::Skipped,
                    "partial" => CoverageStatus::Partial,
                    _ => return None,
                },
                reason: reasons.value(at).to_owned(),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests;
