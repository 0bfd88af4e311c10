//! The physical limit of a scan: reads the same Parquet files and decodes the
//! same items, and does nothing else with them.
//!
//! `decode_only DATASET…`: prints items decoded and not, one JSON line. Time it
//! with `/usr/bin/time -v` beside `clearance scan` on the same files.

use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::Context;
use arrow_array::Array;
use arrow_array::cast::AsArray;
use clearance_decode::{
    Limits, Media, Source, decode_audio, decode_image, decode_text, read_source, sniff,
};
use clearance_scan::{Holds, MediaColumn, Overrides, Plan};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder};

#[derive(Default)]
struct Counts {
    decoded: u64,
    failed: u64,
    seconds: f64,
    bytes: u64,
}

fn main() -> anyhow::Result<()> {
    let inputs: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    anyhow::ensure!(!inputs.is_empty(), "usage: decode_only DATASET…");
    let plan = Plan::new(&inputs, &Overrides::new())?;
    let mut counts = Counts::default();
    for file in plan.files.iter().filter(|file| file.damage.is_none()) {
        for column in &file.columns {
            read_column(&file.path, column, &mut counts)
                .with_context(|| file.path.display().to_string())?;
        }
    }
    let line = serde_json::json!({
        "decoded": counts.decoded,
        "failed": counts.failed,
        "audio_seconds": counts.seconds,
        "bytes": counts.bytes,
    });
    std::io::Write::write_all(&mut std::io::stdout(), format!("{line}\n").as_bytes())?;
    Ok(())
}

fn read_column(path: &Path, column: &MediaColumn, counts: &mut Counts) -> anyhow::Result<()> {
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let builder =
        ParquetRecordBatchReaderBuilder::try_new_with_options(File::open(path)?, options)?;
    let mask = ProjectionMask::roots(builder.parquet_schema(), [column.index]);
    let folder = path.parent().unwrap_or(Path::new(""));
    for batch in builder.with_projection(mask).with_batch_size(32).build()? {
        let batch = batch?;
        let array = batch.column(0);
        if let Some(list) = array.as_list_opt::<i32>() {
            read_cells(list.values(), column, folder, counts);
        } else {
            read_cells(array, column, folder, counts);
        }
    }
    Ok(())
}

fn read_cells(array: &dyn Array, column: &MediaColumn, folder: &Path, counts: &mut Counts) {
    let (bytes, paths) = match array.as_struct_opt() {
        Some(fields) => (
            fields
                .column_by_name("bytes")
                .and_then(|a| a.as_binary_opt::<i32>()),
            fields
                .column_by_name("path")
                .and_then(|a| a.as_string_opt::<i32>()),
        ),
        None => (array.as_binary_opt::<i32>(), array.as_string_opt::<i32>()),
    };
    for row in 0..array.len() {
        let cell = bytes
            .filter(|bytes| bytes.is_valid(row))
            .map(|bytes| bytes.value(row));
        let text = paths
            .filter(|paths| paths.is_valid(row))
            .map(|paths| paths.value(row));
        match (cell, text, column.holds) {
            (Some(bytes), _, _) => decode(&Source::Bytes(bytes.to_vec().into()), counts),
            (None, Some(path), Holds::File | Holds::Path) => {
                decode(&Source::File(folder.join(path)), counts);
            }
            (None, Some(text), Holds::Text) => counts.bytes += text.len() as u64,
            _ => {}
        }
    }
}

fn decode(source: &Source, counts: &mut Counts) {
    let limits = Limits::default();
    let mut decode = || {
        let bytes = read_source(source, &limits).ok()?;
        counts.bytes += bytes.len() as u64;
        let format = sniff(&bytes, None)?;
        match format.media() {
            Media::Audio => {
                let reading = decode_audio(&Source::Bytes(bytes), &limits, &mut |_| {}).ok()?;
                counts.seconds += reading.duration_s;
            }
            Media::Image => drop(decode_image(&bytes, &limits).ok()?),
            Media::Text => drop(decode_text(&bytes, format, &limits).ok()?),
        }
        Some(())
    };
    match decode() {
        Some(()) => counts.decoded += 1,
        None => counts.failed += 1,
    }
}
