//! What `clearance` answers to the rows of the text bench.
//!
//! `text_answers REGISTRY BENCH [LIMIT]`: one JSON line for each row of BENCH/queries.jsonl, in the
//! form that `score_bench.py` reads, with matches up to an E-value of LIMIT; last a line `{"cost": …}`: megabytes of UTF-8 a second
//! on one thread by stage, of all rows and of those with nothing in them, and bytes of the
//! registry per byte of the works.

use std::io::{BufRead, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Context;
use clearance_fingerprint::text::letters;
use clearance_index::calibrate::MAX_TEXT_E_VALUE_PER_ITEM;
use clearance_index::{Match, Snapshot};

/// Bytes and time of some rows.
#[derive(Default)]
struct Cost {
    bytes: usize,
    letters: Duration,
    search: Duration,
}

impl Cost {
    fn line(&self) -> serde_json::Value {
        let rate = |time: Duration| self.bytes as f64 / 1e6 / time.as_secs_f64().max(1e-9);
        serde_json::json!({
            "mb": self.bytes as f64 / 1e6,
            "letters_mb_s": rate(self.letters),
            "scan_mb_s": rate(self.search),
        })
    }
}

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (registry, bench, limit) = match arguments.as_slice() {
        [registry, bench] => (registry, bench, MAX_TEXT_E_VALUE_PER_ITEM),
        [registry, bench, limit] => (registry, bench, limit.parse()?),
        _ => anyhow::bail!("usage: text_answers REGISTRY BENCH [LIMIT]"),
    };
    let (registry, bench) = (Path::new(registry), Path::new(bench));
    let snapshot = Snapshot::open(registry)?;
    let rows = std::fs::File::open(bench.join("queries.jsonl"))?;
    let mut out = std::io::BufWriter::new(std::io::stdout());
    let (mut all, mut clean) = (Cost::default(), Cost::default());
    for row in std::io::BufReader::new(rows).lines() {
        let row: serde_json::Value = serde_json::from_str(&row?)?;
        let text = row["text"].as_str().context("a row without text")?;
        let started = Instant::now();
        std::hint::black_box(letters(text));
        let reading = started.elapsed();
        let started = Instant::now();
        let matches = snapshot.search_text_below(text, limit);
        let searching = started.elapsed();
        let is_clean = row["kind"] == "unrelated";
        let counted = [Some(&mut all), is_clean.then_some(&mut clean)];
        for cost in counted.into_iter().flatten() {
            cost.bytes += text.len();
            cost.letters += reading;
            cost.search += searching;
        }
        let findings: Vec<serde_json::Value> =
            matches.iter().map(|found| line(&snapshot, found)).collect();
        writeln!(
            out,
            "{}",
            serde_json::json!({"id": row["id"], "findings": findings})
        )?;
    }
    let (index, works) = (folder_bytes(registry)?, folder_bytes(&bench.join("works"))?);
    let cost = serde_json::json!({"cost": {
        "scan_mb_s": clean.line()["scan_mb_s"],
        "clean": clean.line(),
        "all": all.line(),
        "index_bytes_per_byte": index as f64 / works as f64,
    }});
    writeln!(out, "{cost}")?;
    out.flush()?;
    Ok(())
}

fn line(snapshot: &Snapshot, found: &Match) -> serde_json::Value {
    let span = |span: Option<clearance_index::Span>| {
        span.map_or((0, 0), |span| (span.start as u64, span.end as u64))
    };
    let (query, work) = (span(found.query_span), span(found.work_span));
    let evidence = &found.evidence;
    serde_json::json!({
        "work_id": snapshot.asset(found.asset).map(|asset| asset.work_id.as_str()),
        "query_start": query.0,
        "query_end": query.1,
        "work_start": work.0,
        "work_end": work.1,
        "score": -found.e_value_per_item.max(1e-300).log10(),
        "e_value": found.e_value_per_item,
        "words": evidence.matched_words,
        "identity": evidence.identity,
    })
}

fn folder_bytes(folder: &Path) -> anyhow::Result<u64> {
    let mut bytes = 0;
    for found in std::fs::read_dir(folder)? {
        let found = found?;
        let data = found.metadata()?;
        bytes += if data.is_dir() {
            folder_bytes(&found.path())?
        } else {
            data.len()
        };
    }
    Ok(bytes)
}
