//! What it costs to look addresses up in rules about places, beside reading them.
//!
//! `places_cost make FOLDER [ROWS] [RULES]` writes `urls.parquet`, a manifest of ROWS rows with one
//! address each (10 million), and `rules.csv` with RULES patterns (1 million): domains, endings of
//! domains, beginnings of addresses, wildcards. One address in ten is on a host that rules name.
//!
//! `places_cost FOLDER` measures on one thread, in CPU seconds: reading the rules, laying them out,
//! reading the column of addresses alone, and reading it and looking each address up. One JSON line.
//! The seconds are those of `/proc/self/schedstat`, which Linux has.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use arrow_array::cast::AsArray;
use arrow_array::{ArrayRef, RecordBatch, StringArray};
use clearance_index::read_places;
use clearance_rights::places::PlaceRules;
use clearance_rights::{Use, parse_date};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

/// Rows that are written at a time.
const BATCH: u64 = 100_000;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |place: usize, usual: u64| -> anyhow::Result<u64> {
        arguments.get(place).map_or(Ok(usual), |text| {
            text.parse()
                .with_context(|| format!("{text:?} is no number"))
        })
    };
    match &arguments[..] {
        [make, folder, ..] if make == "make" => {
            let (rows, rules) = (number(2, 10_000_000)?, number(3, 1_000_000)?);
            write(Path::new(folder), rows, rules)
        }
        [folder] => measure(Path::new(folder)),
        _ => anyhow::bail!("usage: places_cost make FOLDER [ROWS] [RULES] | places_cost FOLDER"),
    }
}

/// The same numbers on every run (xorshift, Marsaglia 2003).
struct Random(u64);

impl Random {
    fn below(&mut self, most: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % most.max(1)
    }
}

fn host(number: u64) -> String {
    const ENDINGS: [&str; 5] = ["com", "org", "net", "de", "co.uk"];
    let ending = ENDINGS[(number % 5) as usize];
    format!("site{number:07}.{ending}")
}

fn write(folder: &Path, rows: u64, rules: u64) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder)?;
    let mut table = BufWriter::new(File::create(folder.join("rules.csv"))?);
    writeln!(table, "pattern,uses,answer,since")?;
    for rule in 0..rules {
        let host = host(rule);
        let pattern = match rule % 10 {
            0..=5 => host,
            6 => format!("*.{host}"),
            7 | 8 => format!("https://{host}/photos/{}/", rule % 97),
            _ => format!("{host}/*/{}*.jpg", rule % 7),
        };
        writeln!(table, "{pattern},train,deny,2026-01-01")?;
    }
    table.flush()?;
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let file = File::create(folder.join("urls.parquet"))?;
    let mut writer: Option<ArrowWriter<File>> = None;
    let mut file = Some(file);
    for first in (0..rows).step_by(BATCH as usize) {
        let count = BATCH.min(rows - first);
        let urls: StringArray = (0..count)
            .map(|_| {
                // Hosts beyond the rules' are nine in ten.
                let number = random.below(rules * 10);
                let part = random.below(4);
                let mut url = String::from("https://");
                if part == 0 {
                    url.push_str("img.");
                }
                let picture = random.below(1 << 30);
                let (host, folder) = (host(number), random.below(97));
                url.push_str(&[host, format!("/photos/{folder}/{picture:x}.jpg")].concat());
                Some(url)
            })
            .collect();
        let batch = RecordBatch::try_from_iter([("URL", Arc::new(urls) as ArrayRef)])?;
        if let Some(file) = file.take() {
            writer = Some(ArrowWriter::try_new(file, batch.schema(), None)?);
        }
        writer.as_mut().context("no writer")?.write(&batch)?;
    }
    writer.context("no rows")?.close()?;
    Ok(())
}

fn measure(folder: &Path) -> anyhow::Result<()> {
    let (sources, reading) = timed(|| read_places(&[folder.join("rules.csv")]))?;
    let day = parse_date("2026-06-30")?;
    let (rules, laying_out) =
        timed(|| Ok::<_, anyhow::Error>(PlaceRules::new(&sources.documents, Use::Train, day)))?;
    drop(sources);
    let urls = folder.join("urls.parquet");
    let (rows, alone) = timed(|| each_url(&urls, |_| ()))?;
    let mut found = 0_u64;
    let (_, both) = timed(|| {
        each_url(&urls, |url| {
            found += u64::from(rules.look_up(url).is_some());
        })
    })?;
    let looking = both.saturating_sub(alone).as_secs_f64();
    let line = serde_json::json!({
        "rows": rows,
        "rules": rules.len(),
        "found": found,
        "read_rules_s": reading.as_secs_f64(),
        "lay_out_s": laying_out.as_secs_f64(),
        "read_parquet_s": alone.as_secs_f64(),
        "read_and_look_up_s": both.as_secs_f64(),
        "rows_per_s": rows as f64 / both.as_secs_f64(),
        "lookups_per_s": rows as f64 / looking.max(1e-9),
        "against_reading_alone": both.as_secs_f64() / alone.as_secs_f64(),
    });
    writeln!(std::io::stdout(), "{line}")?;
    Ok(())
}

/// What the work comes to, and the CPU time that it took.
fn timed<T, E>(work: impl FnOnce() -> Result<T, E>) -> anyhow::Result<(T, Duration)>
where
    anyhow::Error: From<E>,
{
    let start = cpu_time()?;
    let done = work()?;
    Ok((done, cpu_time()?.saturating_sub(start)))
}

/// CPU time of this thread so far.
fn cpu_time() -> anyhow::Result<Duration> {
    let text = std::fs::read_to_string("/proc/self/schedstat")?;
    let nanoseconds = text.split_whitespace().next().context("schedstat")?;
    Ok(Duration::from_nanos(nanoseconds.parse()?))
}

fn each_url(path: &Path, mut visit: impl FnMut(&str)) -> anyhow::Result<u64> {
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path)?)?
        .with_batch_size(8192)
        .build()?;
    let mut rows = 0;
    for batch in reader {
        let batch = batch?;
        let urls = batch.column(0).as_string::<i32>();
        urls.iter().flatten().for_each(&mut visit);
        rows += batch.num_rows() as u64;
    }
    Ok(rows)
}
