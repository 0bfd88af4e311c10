//! What a design of landmarks finds, and what it costs.
//!
//! `landmark_curve BENCH`: for a bench of `make_bench.py`, one line of a Markdown table
//! for each design: landmarks stored and looked up in a second, the chance rows that a
//! second of unrelated sound would read from a registry of 10^5 works, and the share of
//! queries with at least three landmarks on the true line. Nothing is nominated or
//! verified here; it is the ceiling of what the engine can find.

use std::collections::HashMap;
use std::io::Write;
use std::path::Path;

use anyhow::Context;
use clearance_decode::{Limits, Source, decode_audio};
use clearance_fingerprint::audio::{
    AudioExtractor, AudioFingerprint, BIN_STEPS, Family, HOP, Landmark, LandmarkDesign,
    SAMPLE_RATE_HZ, TIME_STEPS,
};
use rayon::prelude::*;

/// Seconds of sound in a registry of 10^5 works of three minutes.
const LARGE_REGISTRY_S: f64 = 1e5 * 180.0;
/// A landmark lies on the true line within this many hops and bins.
const NEAR_HOPS: f64 = 8.0;
const NEAR_BINS: f64 = 1.6;
/// So many landmarks make a query findable.
const ENOUGH: usize = 3;
/// No landmark of this family.
const NONE: u64 = u64::MAX;

/// Name, family in use, and the designs to compare.
fn designs() -> Vec<(String, LandmarkDesign)> {
    let used = LandmarkDesign::IN_USE;
    let fixed = |stored_ranks, query_ranks, sample, cell_bins| LandmarkDesign {
        fixed: Family {
            stored_ranks,
            query_ranks,
            sample,
            cell_bins,
        },
        free: Family {
            sample: NONE,
            ..used.free
        },
    };
    let free = |stored_ranks, query_ranks, sample, cell_bins| LandmarkDesign {
        fixed: Family {
            sample: NONE,
            ..used.fixed
        },
        free: Family {
            stored_ranks,
            query_ranks,
            sample,
            cell_bins,
        },
    };
    let mut designs = vec![("both, in use".to_owned(), used)];
    for (stored, query, sample, cell) in [
        (8, 30, 1, 1),
        (8, 30, 4, 1),
        (8, 30, 10, 1),
        (8, 26, 10, 1),
        (8, 30, 20, 1),
        (6, 26, 4, 1),
        (10, 26, 20, 1),
        (10, 34, 20, 1),
        (12, 26, 35, 1),
        (10, 26, 20, 2),
        (10, 26, 20, 4),
    ] {
        designs.push((
            name("three", stored, query, sample, cell),
            fixed(stored, query, sample, cell),
        ));
    }
    for (stored, query, sample, cell) in [
        (8, 14, 2, 1),
        (8, 14, 4, 1),
        (8, 14, 10, 1),
        (8, 14, 20, 1),
        (6, 12, 3, 1),
        (10, 15, 25, 1),
        (12, 12, 50, 1),
        (12, 15, 50, 1),
        (12, 18, 50, 1),
        (12, 15, 50, 2),
        (14, 16, 100, 1),
    ] {
        designs.push((
            name("four", stored, query, sample, cell),
            free(stored, query, sample, cell),
        ));
    }
    designs
}

/// Bits of a key, if all of its values were equally likely: 190 bins, 24 delays, 145
/// differences of frequency, 16 by 16 ratios of time.
fn name(family: &str, stored: u8, query: u8, sample: u64, cell: i32) -> String {
    let values = |values: f64| (values / f64::from(cell)).log2();
    let bits = match family {
        "three" => 3.0 * values(190.0) + 2.0 * 24f64.log2(),
        _ => 3.0 * values(145.0) + 8.0,
    };
    format!("{family} peaks, {bits:.0} bits | {stored} | {query} | {sample}")
}

/// A query and where its work lies in it.
struct Query {
    print: AudioFingerprint,
    related: Option<Truth>,
}

struct Truth {
    work: usize,
    /// Start in the query and in the work, in hops.
    starts: (f64, f64),
    /// Recorded time per query time.
    scale: f64,
    /// Query frequency minus recorded frequency, in bins.
    shift: f64,
    /// Whether neither pitch nor tempo changed.
    unbent: bool,
}

fn main() -> anyhow::Result<()> {
    let bench = std::env::args()
        .nth(1)
        .context("usage: landmark_curve BENCH")?;
    let bench = Path::new(&bench);
    let (ids, works) = works(bench)?;
    let queries = queries(bench, &ids)?;
    let mut out = std::io::stdout();
    writeln!(
        out,
        "| key | ranks stored | ranks asked | sample 1 in | stored/s | lookups/s | rows/s at 10^5 works | found, unbent | found, all |"
    )?;
    writeln!(out, "|---|---:|---:|---:|---:|---:|---:|---:|---:|")?;
    for (name, design) in designs() {
        let name = if name.contains('|') {
            name
        } else {
            format!("{name} | | |")
        };
        writeln!(out, "| {name} | {} |", measure(&design, &works, &queries))?;
    }
    Ok(())
}

fn measure(design: &LandmarkDesign, works: &[AudioFingerprint], queries: &[Query]) -> String {
    let stored: Vec<Vec<Landmark>> = works.par_iter().map(|work| design.stored(work)).collect();
    let seconds: f64 = works.iter().map(AudioFingerprint::duration_s).sum();
    let mut index: HashMap<u64, Vec<(usize, usize)>> = HashMap::new();
    for (work, landmarks) in stored.iter().enumerate() {
        for (number, landmark) in landmarks.iter().enumerate() {
            index.entry(landmark.hash).or_default().push((work, number));
        }
    }
    let count: usize = stored.iter().map(Vec::len).sum();
    // For each query: lookups, rows, landmarks on the true line.
    let counts: Vec<(usize, usize, usize)> = queries
        .par_iter()
        .map(|query| {
            let asked = design.query(&query.print, 0..u32::MAX);
            let mut rows = 0;
            let mut right = 0;
            for landmark in &asked {
                for &(work, number) in index.get(&landmark.hash).into_iter().flatten() {
                    rows += 1;
                    let truth = query.related.as_ref().filter(|truth| truth.work == work);
                    right += usize::from(
                        truth.is_some_and(|truth| truth.fits(landmark, &stored[work][number])),
                    );
                }
            }
            (asked.len(), rows, right)
        })
        .collect();
    let with = queries.iter().zip(&counts);
    let length: f64 = queries.iter().map(|query| query.print.duration_s()).sum();
    let lookups: usize = counts.iter().map(|count| count.0).sum();
    let unrelated = with.clone().filter(|(query, _)| query.related.is_none());
    let (chance_s, chance_rows) = unrelated.fold((0.0, 0), |(seconds, rows), (query, count)| {
        (seconds + query.print.duration_s(), rows + count.1)
    });
    let found = |wanted: &dyn Fn(&Truth) -> bool| {
        let some: Vec<bool> = with
            .clone()
            .filter(|(query, _)| query.related.as_ref().is_some_and(wanted))
            .map(|(_, count)| count.2 >= ENOUGH)
            .collect();
        some.iter().filter(|found| **found).count() as f64 / some.len().max(1) as f64
    };
    format!(
        "{:.1} | {:.0} | {:.0} | {:.3} | {:.3}",
        count as f64 / seconds,
        lookups as f64 / length,
        chance_rows as f64 / chance_s.max(1.0) * LARGE_REGISTRY_S / seconds,
        found(&|truth| truth.unbent),
        found(&|_| true),
    )
}

impl Truth {
    fn fits(&self, asked: &Landmark, stored: &Landmark) -> bool {
        let hops = |time: u32| f64::from(time) / f64::from(TIME_STEPS);
        let bins = |bin: u16| f64::from(bin) / f64::from(BIN_STEPS);
        let expected = self.starts.1 + (hops(asked.time) - self.starts.0) * self.scale;
        (expected - hops(stored.time)).abs() <= NEAR_HOPS
            && (bins(asked.bin) - bins(stored.bin) - self.shift).abs() <= NEAR_BINS
    }
}

fn print_file(path: &Path) -> AudioFingerprint {
    let mut extractor = AudioExtractor::new();
    let source = Source::File(path.to_owned());
    let read = decode_audio(&source, &Limits::default(), &mut |block| {
        extractor.push(block);
    });
    // What cannot be read has no landmarks, and counts as not found.
    if read.is_err() {
        return AudioFingerprint::default();
    }
    extractor.finish()
}

fn works(bench: &Path) -> anyhow::Result<(HashMap<String, usize>, Vec<AudioFingerprint>)> {
    let catalog = std::fs::read_to_string(bench.join("catalog.csv"))?;
    let lines: Vec<Vec<&str>> = catalog
        .lines()
        .map(|line| line.split(',').collect())
        .collect();
    let path = lines[0]
        .iter()
        .position(|name| *name == "path")
        .context("catalog.csv: no path")?;
    let ids = lines[1..].iter().enumerate();
    let ids = ids
        .map(|(number, line)| (line[0].to_owned(), number))
        .collect();
    let prints = lines[1..]
        .par_iter()
        .map(|line| print_file(&bench.join(line[path])));
    Ok((ids, prints.collect()))
}

fn queries(bench: &Path, ids: &HashMap<String, usize>) -> anyhow::Result<Vec<Query>> {
    let text = std::fs::read_to_string(bench.join("queries.csv"))?;
    let mut lines = text.lines();
    let names: Vec<&str> = lines
        .next()
        .context("queries.csv is empty")?
        .split(',')
        .collect();
    let column = |name: &str| {
        names
            .iter()
            .position(|found| *found == name)
            .context(name.to_owned())
    };
    let (file, work, group) = (column("file")?, column("work_id")?, column("group")?);
    let numbers = [
        "query_start",
        "work_start",
        "tempo",
        "pitch_semitones",
        "speed",
    ]
    .map(column)
    .into_iter()
    .collect::<anyhow::Result<Vec<usize>>>()?;
    let cells: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
    // Played backwards, a copy has no landmark on any line.
    let forwards = cells.par_iter().filter(|cells| cells[group] != "reversed");
    let queries = forwards.map(|cells| {
        let number = |index: usize, default: f64| cells[numbers[index]].parse().unwrap_or(default);
        let hops = f64::from(SAMPLE_RATE_HZ) / HOP as f64;
        let (tempo, pitch, speed) = (number(2, 1.0), number(3, 0.0), number(4, 1.0));
        Query {
            print: print_file(&bench.join(cells[file])),
            related: ids.get(cells[work]).map(|&work| Truth {
                work,
                starts: (number(0, 0.0) * hops, number(1, 0.0) * hops),
                scale: tempo * speed,
                shift: 3.0 * pitch + 36.0 * speed.log2(),
                unbent: (tempo * speed - 1.0).abs() < 1e-6 && pitch.abs() < 1e-6,
            }),
        }
    });
    Ok(queries.collect())
}
