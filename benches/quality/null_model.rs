//! What chance looks like: the strongest evidence between unrelated media, the
//! measurements behind `clearance_index::calibrate`.
//!
//! `null_model image REGISTRY FOLDER`: compares every file of a folder that
//! shares nothing with the registry, and prints a histogram of hash distances as
//! JSON Lines. For audio, `score_bench.py --e-values` compares what E-values
//! predict with what is found.

use std::path::{Path, PathBuf};

use clearance_decode::{Limits, Source};
use clearance_index::{Print, Snapshot, print_item};
use rayon::prelude::*;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [medium, registry, folder] = arguments.as_slice() else {
        anyhow::bail!("usage: null_model image REGISTRY FOLDER");
    };
    let snapshot = Snapshot::open(Path::new(registry))?;
    let mut files = Vec::new();
    collect(Path::new(folder), &mut files)?;
    files.sort();
    match medium.as_str() {
        "image" => image(&snapshot, &files),
        other => anyhow::bail!("no null model for {other:?}"),
    }
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    for found in std::fs::read_dir(folder)? {
        let path = found?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

fn print_file(path: &Path) -> Option<Print> {
    let limits = Limits::default();
    let name = path.to_string_lossy();
    let source = Source::File(path.to_owned());
    Some(
        print_item(&source, Some(&name), None, false, &limits)
            .ok()?
            .print,
    )
}

fn say(line: &serde_json::Value) -> anyhow::Result<()> {
    std::io::Write::write_all(&mut std::io::stdout(), format!("{line}\n").as_bytes())?;
    Ok(())
}

fn image(snapshot: &Snapshot, files: &[PathBuf]) -> anyhow::Result<()> {
    let histograms: Vec<Vec<u64>> = files
        .par_iter()
        .filter_map(|path| match print_file(path)? {
            Print::Image { print, .. } if print.is_distinctive() => {
                Some(snapshot.image_distances(&print))
            }
            _ => None,
        })
        .collect();
    let mut total = vec![0u64; 257];
    for histogram in &histograms {
        total
            .iter_mut()
            .zip(histogram)
            .for_each(|(sum, count)| *sum += count);
    }
    say(&serde_json::json!({"pictures": histograms.len(), "pairs_by_distance": total}))
}
