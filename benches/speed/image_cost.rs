//! What a picture costs: CPU time to decode it and to fingerprint it.
//!
//! `image_cost FILES...`: each picture several times on one thread, the fastest of them
//! counting; prints milliseconds for each stage, and what decoding and fingerprinting
//! take together as a multiple of decoding alone.

use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Context;
use clearance_decode::{Limits, decode_image};
use clearance_fingerprint::image;

/// Repetitions of each picture.
const TIMES: usize = 15;

fn main() -> anyhow::Result<()> {
    let mut total = [Duration::ZERO; 3];
    let mut pictures = 0u32;
    for path in std::env::args().skip(1) {
        let cost = measure(Path::new(&path)).with_context(|| path.clone())?;
        for (sum, stage) in total.iter_mut().zip(cost) {
            *sum += stage;
        }
        pictures += 1;
    }
    let [decode, whole, points] =
        total.map(|time| time.as_secs_f64() * 1e3 / f64::from(pictures.max(1)));
    let mut out = std::io::stdout();
    writeln!(
        out,
        "{pictures} pictures: decode {decode:.2} ms, whole-picture layer {whole:.2} ms, points {points:.2} ms"
    )?;
    writeln!(
        out,
        "with decoding, against decoding alone: whole-picture layer {:.2} x, everything {:.2} x",
        (decode + whole) / decode,
        (decode + whole + points) / decode,
    )?;
    Ok(())
}

/// The fastest time of each stage: decoding, the whole-picture layer, points.
fn measure(path: &Path) -> anyhow::Result<[Duration; 3]> {
    let bytes = std::fs::read(path)?;
    let mut best = [Duration::MAX; 3];
    for _ in 0..TIMES {
        let started = Instant::now();
        let picture = decode_image(&bytes, &Limits::default())
            .map_err(|unreadable| anyhow::anyhow!("{unreadable:?}"))?;
        let decoded = Instant::now();
        let (width, height) = (picture.width_px as usize, picture.height_px as usize);
        std::hint::black_box(image::fingerprint_whole(&picture.luma, width, height));
        let whole = Instant::now();
        std::hint::black_box(image::fingerprint(&picture.luma, width, height));
        let everything = whole.elapsed();
        let points = everything.saturating_sub(whole - decoded);
        let times = [decoded - started, whole - decoded, points];
        for (best, time) in best.iter_mut().zip(times) {
            *best = time.min(*best);
        }
    }
    Ok(best)
}
