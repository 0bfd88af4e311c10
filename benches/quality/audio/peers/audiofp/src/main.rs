//! Answers the audio quality bench with audiofp: `audiofp-peer wang|panako LIST`.
//!
//! LIST holds lines of `work` or `query`, a name and a file of mono 32-bit floats at 8 kHz, parted
//! by tabs. One JSON line for each query goes to the standard output. Thresholds are off, so that
//! the scorer can draw its own line; what passes the crate's own is marked as reported.

use std::error::Error;
use std::fs;

use audiofp::classical::{Panako, PanakoFingerprint, Wang, WangFingerprint};
use audiofp::matching::{MatchResult, PanakoIndex, PanakoMatchConfig, WangIndex, WangMatchConfig};
use audiofp::{Fingerprinter, SampleRate};

const RATE_HZ: f64 = 8000.0;
/// The crate's own default.
const MAX_POSTINGS: u32 = 100;

type Found = Option<(usize, MatchResult)>;

/// One file of the list, decoded.
struct Sound {
    name: String,
    samples: Vec<f32>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let (algorithm, list) = args.next().zip(args.next()).ok_or("usage: audiofp-peer wang|panako LIST")?;
    let list = fs::read_to_string(list)?;
    let (work_ids, ask) = match algorithm.as_str() {
        "wang" => wang(&list)?,
        "panako" => panako(&list)?,
        _ => return Err("neither wang nor panako".into()),
    };
    for query in sounds(&list, "query") {
        let query = query?;
        let (open, strict) = ask(&query.samples);
        let reported = strict.map(|(work, _)| work);
        let matches = open.map(|(work, found)| line(&query, &work_ids[work], found, reported == Some(work)));
        println!(r#"{{"file": "{}", "matches": [{}]}}"#, query.name, matches.unwrap_or_default());
    }
    Ok(())
}

/// Answers a query twice: without thresholds, and with the crate's own.
type Ask = Box<dyn Fn(&[f32]) -> (Found, Found)>;

fn wang(list: &str) -> Result<(Vec<String>, Ask), Box<dyn Error>> {
    let (names, works) = works(list, |samples| extract(Wang::default(), samples))?;
    let index = WangIndex::build(&works, MAX_POSTINGS);
    let strict = WangMatchConfig::default();
    let open = WangMatchConfig { min_votes: 1, min_score: -1.0, min_prominence: -1.0, ..strict.clone() };
    let ask = move |samples: &[f32]| {
        let query: Option<WangFingerprint> = extract(Wang::default(), samples);
        query.map_or((None, None), |query| (index.query(&query, &open), index.query(&query, &strict)))
    };
    Ok((names, Box::new(ask)))
}

fn panako(list: &str) -> Result<(Vec<String>, Ask), Box<dyn Error>> {
    let (names, works) = works(list, |samples| extract(Panako::default(), samples))?;
    let index = PanakoIndex::build(&works, MAX_POSTINGS);
    let strict = PanakoMatchConfig::default();
    let open = PanakoMatchConfig { min_votes: 1, min_score: -1.0, min_prominence: -1.0, ..strict.clone() };
    let ask = move |samples: &[f32]| {
        let query: Option<PanakoFingerprint> = extract(Panako::default(), samples);
        query.map_or((None, None), |query| (index.query(&query, &open), index.query(&query, &strict)))
    };
    Ok((names, Box::new(ask)))
}

/// A fingerprint, or none of what is too short for one.
fn extract<F: Fingerprinter>(mut fingerprinter: F, samples: &[f32]) -> Option<F::Output> {
    fingerprinter.extract(samples, SampleRate::HZ_8000).ok()
}

/// Names and fingerprints of the works long enough to have one.
fn works<T>(list: &str, extract: impl Fn(&[f32]) -> Option<T>) -> Result<(Vec<String>, Vec<T>), Box<dyn Error>> {
    let mut named = Vec::new();
    for work in sounds(list, "work") {
        let work = work?;
        named.extend(extract(&work.samples).map(|fingerprint| (work.name, fingerprint)));
    }
    Ok(named.into_iter().unzip())
}

/// The files of one kind, decoded one at a time.
fn sounds<'a>(list: &'a str, kind: &'a str) -> impl Iterator<Item = Result<Sound, Box<dyn Error>>> + 'a {
    list.lines().filter_map(move |line| {
        let [of_kind, name, path] = line.split('\t').collect::<Vec<_>>().try_into().ok()?;
        (of_kind == kind).then(|| {
            let bytes = fs::read(path)?;
            let samples = bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
            Ok(Sound { name: name.to_owned(), samples })
        })
    })
}

/// A match over the whole query along the line the crate found.
fn line(query: &Sound, work_id: &str, found: MatchResult, reported: bool) -> String {
    let length_s = query.samples.len() as f64 / RATE_HZ;
    let rate = 1.0 / f64::from(found.time_scale);
    let start_s = found.offset.ms as f64 / 1000.0;
    let end_s = start_s + length_s * rate;
    // Of the crate's three figures the votes part right from wrong best, or nearly so
    // (benches/RESULTS.md); prominence tells equal ones apart.
    let score = f64::from(found.votes) + f64::from(found.prominence) * 1e-6;
    format!(
        r#"{{"work_id": "{work_id}", "score": {score}, "query_start": 0.0, "query_end": {length_s}, "#
    ) + &format!(
        r#""work_start": {start_s}, "work_end": {end_s}, "tempo": {rate}, "pitch_semitones": null, "#
    ) + &format!(
        r#""speed": null, "reported": {reported}, "own_score": {}, "prominence": {}}}"#,
        found.score, found.prominence
    )
}
