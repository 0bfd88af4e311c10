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

use std::collections::HashMap;
use std::path::Path;
use std::time::Instant;

use clearance_index::{FingerprintedWork, KeptTexts, WorkPrint, register_fingerprints};
use clearance_rights::Work;
use filling::{Random, cpu_s, files, peak_memory_mib, undated};
use rayon::prelude::*;

/// Words of a model, at most.
const MOST_WORDS: usize = 4_000_000;
/// Larger files are left out.
const MOST_FILE_BYTES: u64 = 16 << 20;
/// Share of the steps that look at one word instead of two.
const PAIR_STEPS: f64 = 0.5;
/// Texts that are made together.
const TOGETHER: u64 = 4096;
/// Memory a segment may take while it is built.
const SEGMENT_BYTES: usize = 1 << 30;

/// Which words follow which.
struct Model {
    words: Vec<u32>,
    names: Vec<String>,
    /// Where each word stands, and each pair of words.
    after_word: HashMap<u32, Vec<u32>>,
    after_pair: HashMap<(u32, u32), Vec<u32>>,
}

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

impl Model {
    fn read(folder: &Path) -> anyhow::Result<Self> {
        let mut model = Self {
            words: Vec::new(),
            names: Vec::new(),
            after_word: HashMap::new(),
            after_pair: HashMap::new(),
        };
        let mut numbers: HashMap<String, u32> = HashMap::new();
        for path in files(folder)? {
            if path.metadata()?.len() > MOST_FILE_BYTES || model.words.len() >= MOST_WORDS {
                continue;
            }
            let text = String::from_utf8_lossy(&std::fs::read(&path)?).into_owned();
            for word in text.split_whitespace() {
                let next = numbers.len() as u32;
                let number = *numbers.entry(word.to_owned()).or_insert_with(|| {
                    model.names.push(word.to_owned());
                    next
                });
                model.words.push(number);
            }
        }
        for triple in model.words.windows(3) {
            let &[a, b, c] = triple else { continue };
            model.after_word.entry(b).or_default().push(c);
            model.after_pair.entry((a, b)).or_default().push(c);
        }
        anyhow::ensure!(model.words.len() > 1000, "too few words to learn from");
        Ok(model)
    }

    /// A new text.
    fn tell(&self, words: usize, seed: u64) -> String {
        let mut random = Random(seed);
        let mut text = String::new();
        let start = random.below(self.words.len() as u64 - 2) as usize;
        let (mut a, mut b) = (self.words[start], self.words[start + 1]);
        for at in 0..words {
            let pair = self.after_pair.get(&(a, b));
            let by_word = pair.is_none() || random.share() < PAIR_STEPS;
            let followers = if by_word {
                self.after_word.get(&b)
            } else {
                pair
            };
            let next = match followers {
                Some(followers) => followers[random.below(followers.len() as u64) as usize],
                None => self.words[random.below(self.words.len() as u64) as usize],
            };
            text.push_str(&self.names[next as usize]);
            text.push(if at % 12 == 11 { '\n' } else { ' ' });
            (a, b) = (b, next);
        }
        text
    }
}
