//! Fills a registry with texts that nobody wrote, to see what size does.
//!
//! `text_fill SOURCES REGISTRY WORKS [WORDS] [KEPT] [SEED]`: registers WORKS texts of WORDS words
//! (300), told from the texts under the folder SOURCES. KEPT is `whole` (the default) or `hashes`.
//! One JSON line says what it took.
//!
//! A text follows word triples of the sources, every second step word pairs: phrases are as common
//! as in the sources and sentences are new, though runs of ten words are copied now and then. So
//! what is asked for afterwards must come from other texts than SOURCES.

mod filling;
mod telling;

use std::path::Path;
use std::time::Instant;

use clearance_index::{FingerprintedWork, KeptTexts, WorkPrint, register_fingerprints};
use clearance_rights::Work;
use filling::{cpu_s, files, peak_memory_mib, undated};
use rayon::prelude::*;
use telling::Model;

/// Texts that are made together.
const TOGETHER: u64 = 4096;
/// Memory a segment may take while it is built.
const SEGMENT_BYTES: usize = 1 << 30;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [sources, registry, works, rest @ ..] = arguments.as_slice() else {
        anyhow::bail!("usage: text_fill SOURCES REGISTRY WORKS [WORDS] [whole|hashes] [SEED]");
    };
    let works: u64 = works.parse()?;
    let words: usize = rest.first().map_or(Ok(300), |words| words.parse())?;
    let kept = match rest.get(1).map(String::as_str) {
        None | Some("whole") => KeptTexts::Whole,
        Some("hashes") => KeptTexts::Hashes,
        Some(other) => anyhow::bail!("{other:?}: whole or hashes"),
    };
    let seed: u64 = rest.get(2).map_or(Ok(1), |seed| seed.parse())?;
    let model = Model::read(Path::new(sources))?;
    let (started, cpu) = (Instant::now(), cpu_s()?);
    let bytes = std::sync::atomic::AtomicU64::new(0);
    let told = (0..works.div_ceil(TOGETHER)).flat_map(|batch| {
        let numbers = batch * TOGETHER..works.min((batch + 1) * TOGETHER);
        let texts = numbers.into_par_iter().map(|number| {
            let text = model.tell(words, seed << 32 ^ number);
            bytes.fetch_add(text.len() as u64, std::sync::atomic::Ordering::Relaxed);
            FingerprintedWork {
                work: Work::new(format!("told-{seed}-{number}")),
                print: WorkPrint::Text(text, kept),
            }
        });
        texts.collect::<Vec<_>>()
    });
    register_fingerprints(told, Path::new(registry), SEGMENT_BYTES, &undated())?;
    let stored: u64 = files(Path::new(registry))?
        .iter()
        .map(|path| path.metadata().map_or(0, |data| data.len()))
        .sum();
    let bytes = bytes.into_inner();
    let line = serde_json::json!({
        "works": works,
        "words": words,
        "text_mb": bytes as f64 / 1e6,
        "registry_bytes_per_byte": stored as f64 / bytes.max(1) as f64,
        "registry_bytes_per_work": stored as f64 / works.max(1) as f64,
        "cpu_s": cpu_s()? - cpu,
        "wall_s": started.elapsed().as_secs_f64(),
        "peak_mib": peak_memory_mib()?,
    });
    std::io::Write::write_all(&mut std::io::stdout(), format!("{line}\n").as_bytes())?;
    Ok(())
}
