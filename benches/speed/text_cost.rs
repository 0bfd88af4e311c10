//! What text costs: megabytes of UTF-8 a second on one thread, beside reading the same Parquet.
//!
//! `text_cost REGISTRY BENCH [TIMES]`: the unrelated rows of the text bench BENCH, written TIMES
//! times (20) to a Parquet file with Zstandard, as datasets are published. Each stage is run
//! several times over all rows and the fastest counts: reading with the arrow reader, letters,
//! k-grams, the whole search. The last line is what `clearance` adds to reading, as a multiple.

use std::fs::File;
use std::io::{BufRead, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use arrow_array::cast::AsArray;
use arrow_array::{ArrayRef, RecordBatch, StringArray};
use clearance_fingerprint::text::{letters, seeds};
use clearance_index::Snapshot;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

/// Runs of each stage.
const RUNS: usize = 3;

/// A name, and what is done with each text.
type Stage<'a> = (&'a str, &'a dyn Fn(&str));

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (registry, bench, times) = match arguments.as_slice() {
        [registry, bench] => (registry, bench, 20),
        [registry, bench, times] => (registry, bench, times.parse()?),
        _ => anyhow::bail!("usage: text_cost REGISTRY BENCH [TIMES]"),
    };
    let rows = unrelated(&Path::new(bench).join("queries.jsonl"))?;
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("rows.parquet");
    write(&path, &rows, times)?;
    let bytes: usize = times * rows.iter().map(String::len).sum::<usize>();
    let snapshot = Snapshot::open(Path::new(registry))?;
    let stages: [Stage<'_>; 4] = [
        ("read the Parquet", &|_| {}),
        ("and make letters", &|text| {
            std::hint::black_box(letters(text));
        }),
        ("and select k-grams", &|text| {
            std::hint::black_box(seeds(&letters(text)));
        }),
        ("and search", &|text| {
            std::hint::black_box(snapshot.search_text(text));
        }),
    ];
    let mut best = [Duration::MAX; 4];
    for _ in 0..RUNS {
        for (best, (_, stage)) in best.iter_mut().zip(&stages) {
            *best = (*best).min(run(&path, stage)?);
        }
    }
    let mut out = std::io::stdout();
    for ((name, _), time) in stages.iter().zip(&best) {
        let rate = bytes as f64 / 1e6 / time.as_secs_f64();
        writeln!(out, "{name:<20} {rate:8.1} MB/s")?;
    }
    let of = |stage: usize| best[stage].as_secs_f64() / best[0].as_secs_f64();
    writeln!(
        out,
        "{:.1} MB; against reading alone: letters {:.1} x, k-grams {:.1} x, all {:.1} x",
        bytes as f64 / 1e6,
        of(1),
        of(2),
        of(3)
    )?;
    Ok(())
}

fn unrelated(path: &Path) -> anyhow::Result<Vec<String>> {
    let mut texts = Vec::new();
    for line in std::io::BufReader::new(File::open(path)?).lines() {
        let row: serde_json::Value = serde_json::from_str(&line?)?;
        if row["kind"] == "unrelated" {
            texts.push(
                row["text"]
                    .as_str()
                    .context("a row without text")?
                    .to_owned(),
            );
        }
    }
    Ok(texts)
}

fn write(path: &Path, rows: &[String], times: usize) -> anyhow::Result<()> {
    let column: ArrayRef = Arc::new(StringArray::from_iter_values(rows));
    let batch = RecordBatch::try_from_iter([("text", column)])?;
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_dictionary_enabled(false)
        .build();
    let mut writer = ArrowWriter::try_new(File::create(path)?, batch.schema(), Some(properties))?;
    for _ in 0..times {
        writer.write(&batch)?;
        writer.flush()?;
    }
    writer.close()?;
    Ok(())
}

fn run(path: &Path, stage: &dyn Fn(&str)) -> anyhow::Result<Duration> {
    let started = Instant::now();
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path)?)?.build()?;
    for batch in reader {
        let batch = batch?;
        let texts = batch.column(0).as_string::<i32>();
        texts.iter().flatten().for_each(stage);
    }
    Ok(started.elapsed())
}
