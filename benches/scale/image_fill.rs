//! Fills a registry with pictures that nobody made, to see what size does.
//!
//! `image_fill points SOURCES REGISTRY WORKS [SEED]`: registers WORKS pictures, hash and
//! points, pieced together from those under the folder SOURCES. `image_fill hashes …` does
//! so with hashes alone, then asks for 2,000 others and for 2,000 faint copies and prints how
//! many queries a second one core answers. `image_fill asked …` only asks, of a registry that
//! was filled so.
//!
//! A picture is two source pictures, each bent by an affine map of its own and a wave, that
//! take turns over the plane. So points are as crowded and hashes as uneven as in pictures,
//! while hardly a patch or a hash is that of another: copies that are asked for must come
//! from other pictures than SOURCES. Each picture with points counts twice, the second time
//! as its negative, and each hash sixteen times: eight orientations and their negatives, whose
//! bits are as uneven as those of other pictures. One JSON line says what it took.

mod filling;

use std::path::Path;
use std::time::Instant;

use clearance_decode::{Limits, decode_image};
use clearance_fingerprint::image::{ImageFingerprint, fingerprint, fingerprint_whole};
use clearance_index::{FingerprintedWork, Snapshot, WorkPrint, register_fingerprints};
use clearance_rights::Work;
use filling::{Random, cpu_s, files, peak_memory_mib, undated};
use rayon::prelude::*;

/// Longest side of the source pictures in memory.
const SOURCE_SIDE: usize = 640;
/// Size of a picture with points, and of one without.
const WITH_POINTS: [usize; 2] = [320, 240];
const HASH_ONLY: [usize; 2] = [64, 64];
/// Hashes that are made of one picture.
const HASHES_OF_PICTURE: u64 = 16;
/// Pictures of a work: hashes alone are told apart by number, so works need not be many.
const HASHES_PER_WORK: u64 = 64;
/// Pictures that are made together.
const TOGETHER: u64 = 8192;
/// Queries of each kind.
const QUERIES: u64 = 2000;
/// Bits that differ in a faint copy.
const COPY_BITS: u32 = 20;
/// One segment, whatever its size: merging segments is not what this measures.
const SEGMENT_BYTES: usize = usize::MAX / 4;

/// Row-major luma.
struct Luma {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [what, sources, registry, works, rest @ ..] = arguments.as_slice() else {
        anyhow::bail!("usage: image_fill points|hashes|asked SOURCES REGISTRY WORKS [SEED]");
    };
    let seed: u64 = rest.first().map_or(Ok(1), |seed| seed.parse())?;
    let works: u64 = works.parse()?;
    let sources = read_sources(Path::new(sources))?;
    anyhow::ensure!(!sources.is_empty(), "no pictures to take pieces from");
    if what == "asked" {
        let line = asked(Path::new(registry), &sources, works, seed)?;
        std::io::Write::write_all(&mut std::io::stdout(), format!("{line}\n").as_bytes())?;
        return Ok(());
    }
    let (registry, started) = (Path::new(registry), (Instant::now(), cpu_s()?));
    let size = if what == "points" {
        WITH_POINTS
    } else {
        HASH_ONLY
    };
    let made = if what == "points" {
        works.div_ceil(2)
    } else {
        works.div_ceil(HASHES_OF_PICTURE)
    };
    let pictures = (0..made.div_ceil(TOGETHER)).flat_map(|batch| {
        let numbers = batch * TOGETHER..made.min((batch + 1) * TOGETHER);
        let prints = numbers.into_par_iter();
        let prints = prints.map(|number| made_up(&sources, size, seed << 32 ^ number));
        prints.collect::<Vec<_>>()
    });
    if what == "points" {
        let both = pictures.flat_map(|print| [print.decoy(), print]);
        let works = both.take(works as usize).enumerate();
        let works = works.map(|(n, print)| work(n as u64, vec![print]));
        register_fingerprints(works, registry, SEGMENT_BYTES, &undated())?;
    } else {
        let mut pictures = pictures.flat_map(hashes_of).take(works as usize).peekable();
        let groups = std::iter::from_fn(|| {
            pictures.peek()?;
            Some(pictures.by_ref().take(HASHES_PER_WORK as usize).collect())
        });
        let groups = groups.enumerate().map(|(n, group)| work(n as u64, group));
        register_fingerprints(groups, registry, SEGMENT_BYTES, &undated())?;
    }
    let mut line = serde_json::json!({
        "works": works,
        "cpu_s": cpu_s()? - started.1,
        "wall_s": started.0.elapsed().as_secs_f64(),
        "peak_memory_mib": peak_memory_mib()?,
    });
    if what != "points" {
        line["asked"] = asked(registry, &sources, works, seed)?;
    }
    std::io::Write::write_all(&mut std::io::stdout(), format!("{line}\n").as_bytes())?;
    Ok(())
}

fn work(number: u64, prints: Vec<ImageFingerprint>) -> FingerprintedWork {
    FingerprintedWork {
        work: Work::new(format!("filler-{number}")),
        print: WorkPrint::Image(prints),
    }
}

/// The hashes of a picture in every orientation, and of its negative.
fn hashes_of(print: ImageFingerprint) -> impl Iterator<Item = ImageFingerprint> {
    let both = [print.decoy(), print];
    both.into_iter().flat_map(|print| {
        let hashes = print.orientations;
        hashes.into_iter().map(move |hash| ImageFingerprint {
            hash,
            ..print.clone()
        })
    })
}

/// Answers for pictures that are not registered and for faint copies of some that are.
fn asked(
    registry: &Path,
    sources: &[Luma],
    works: u64,
    seed: u64,
) -> anyhow::Result<serde_json::Value> {
    let snapshot = Snapshot::open(registry)?;
    let mut random = Random(seed);
    let others: Vec<ImageFingerprint> = (0..QUERIES)
        .map(|number| made_up(sources, HASH_ONLY, (seed + 1) << 32 ^ number))
        .collect();
    let copies: Vec<ImageFingerprint> = (0..QUERIES)
        .map(|_| {
            let number = random.below(works) / HASHES_OF_PICTURE;
            faint_copy(
                made_up(sources, HASH_ONLY, seed << 32 ^ number),
                &mut random,
            )
        })
        .filter(ImageFingerprint::is_distinctive)
        .collect();
    let mut found = [0; 2];
    let mut per_s = [0.0; 2];
    for (kind, queries) in [&others, &copies].into_iter().enumerate() {
        let started = Instant::now();
        for print in queries {
            found[kind] += usize::from(!snapshot.search_image(print).is_empty());
        }
        per_s[kind] = queries.len() as f64 / started.elapsed().as_secs_f64();
    }
    Ok(serde_json::json!({
        "others": others.len(), "others_found": found[0], "others_per_s": per_s[0],
        "copies": copies.len(), "copies_found": found[1], "copies_per_s": per_s[1],
        "hashes_per_query": 8,
    }))
}

/// The print with [`COPY_BITS`] of each hash turned over.
fn faint_copy(mut print: ImageFingerprint, random: &mut Random) -> ImageFingerprint {
    for hash in &mut print.orientations {
        let mut turned = [0u64; 4];
        while turned.iter().map(|word| word.count_ones()).sum::<u32>() < COPY_BITS {
            let bit = random.below(256) as usize;
            turned[bit / 64] |= 1 << (bit % 64);
        }
        for (word, turned) in hash.0.iter_mut().zip(turned) {
            *word ^= turned;
        }
    }
    print
}

fn read_sources(folder: &Path) -> anyhow::Result<Vec<Luma>> {
    let files = files(folder)?;
    let read = files.par_iter().filter_map(|path| {
        let bytes = std::fs::read(path).ok()?;
        let picture = decode_image(&bytes, &Limits::default()).ok()?;
        let (width, height) = (picture.width_px as usize, picture.height_px as usize);
        (width.min(height) >= 128).then(|| {
            let step = width.max(height).div_ceil(SOURCE_SIDE);
            let (small, low) = (width / step, height / step);
            let mean = |x: usize, y: usize| {
                let rows = (0..step).map(|row| &picture.luma[(y * step + row) * width..]);
                let sum: usize = rows
                    .flat_map(|row| &row[x * step..(x + 1) * step])
                    .map(|&pixel| usize::from(pixel))
                    .sum();
                (sum / (step * step)) as u8
            };
            let places = (0..low).flat_map(|y| (0..small).map(move |x| (x, y)));
            Luma {
                width: small,
                height: low,
                pixels: places.map(|(x, y)| mean(x, y)).collect(),
            }
        })
    });
    Ok(read.collect())
}

/// A picture of two bent ones, fingerprinted.
fn made_up(sources: &[Luma], [width, height]: [usize; 2], seed: u64) -> ImageFingerprint {
    let mut random = Random(seed);
    loop {
        let bends = [(); 2].map(|()| Bend::new(sources, &mut random));
        let tides = [(); 3].map(|()| random.share() as f32 * 9.0);
        let mut luma = Vec::with_capacity(width * height);
        for y in 0..height {
            for x in 0..width {
                let (x, y) = (x as f32 / width as f32, y as f32 / height as f32);
                let tide = (tides[0] + tides[1] * x).sin() + (tides[2] * y).cos();
                let share = (0.5 + tide).clamp(0.0, 1.0);
                let [a, b] = [&bends[0], &bends[1]].map(|bend| bend.at(x, y));
                luma.push((a * share + b * (1.0 - share)) as u8);
            }
        }
        let print = if width == HASH_ONLY[0] {
            fingerprint_whole(&luma, width, height)
        } else {
            fingerprint(&luma, width, height)
        };
        // Two flat corners of drawings make nothing that anyone would register.
        match print {
            Some(print) if print.is_distinctive() => return print,
            _ => {}
        }
    }
}

/// A source picture under an affine map and a wave.
struct Bend<'a> {
    source: &'a Luma,
    map: [f32; 4],
    shift: [f32; 2],
    wave: [f32; 3],
}

impl<'a> Bend<'a> {
    fn new(sources: &'a [Luma], random: &mut Random) -> Self {
        let source = &sources[random.below(sources.len() as u64) as usize];
        let angle = std::f64::consts::TAU * random.share();
        let (sin, cos) = angle.sin_cos();
        // Stretched by up to two, each way for itself.
        let [across, down] = [(); 2].map(|()| 0.4 * 4f64.powf(random.share() - 0.5));
        let lean = random.share() - 0.5;
        let map = [
            across * cos + lean * sin,
            -across * sin,
            down * sin + lean * cos,
            down * cos,
        ];
        Self {
            source,
            map: map.map(|part| part as f32),
            shift: [(); 2].map(|()| random.share() as f32),
            wave: [0.06, 11.0, 7.0].map(|size| size * random.share() as f32),
        }
    }

    /// Brightness at a place of the made-up picture; the source repeats, mirrored.
    fn at(&self, x: f32, y: f32) -> f32 {
        let [strength, along, phase] = self.wave;
        let x = x + strength * (along * y + phase).sin();
        let [a, b, c, d] = self.map;
        let (u, v) = (a * x + b * y + self.shift[0], c * x + d * y + self.shift[1]);
        let place = |part: f32, side: usize| {
            let folded = (part.rem_euclid(2.0) - 1.0).abs() * (side - 2) as f32;
            (folded as usize, folded.fract())
        };
        let (column, across) = place(u, self.source.width);
        let (row, down) = place(v, self.source.height);
        let at = row * self.source.width + column;
        let pixel = |at: usize| f32::from(self.source.pixels[at]);
        let upper = pixel(at) + across * (pixel(at + 1) - pixel(at));
        let at = at + self.source.width;
        let lower = pixel(at) + across * (pixel(at + 1) - pixel(at));
        upper + down * (lower - upper)
    }
}
