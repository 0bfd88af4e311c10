//! Answers the image quality bench with image_hasher: `image-hasher-peer ALGORITHM LIST`.
//!
//! ALGORITHM is `mean`, `gradient`, `doublegradient`, `blockhash` or `dct` (the median of cosine
//! coefficients, as pHash takes it). LIST holds lines of `work` or `query`, a name and a picture,
//! parted by tabs. One JSON line for each query goes to the standard output, and one about the cost.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use image::{DynamicImage, ImageReader, Rgba, RgbaImage, imageops};
use image_hasher::{HashAlg, Hasher, HasherConfig, ImageHash};

/// 256 bits or thereabouts, as many as PDQ has.
const SIDE: u32 = 16;
/// How many works are named for a query.
const NAMED_MAX: usize = 5;
/// Of 64 bits, the distance that common use of such hashes calls alike.
const NEAR_OF_64: usize = 10;

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let (algorithm, list) = args.next().zip(args.next()).ok_or("usage: image-hasher-peer ALGORITHM LIST")?;
    let list = fs::read_to_string(list)?;
    let hasher = hasher(&algorithm)?;
    let mut works: Vec<(&str, ImageHash)> = Vec::new();
    let (mut hashing, mut matching, mut queries) = (Duration::ZERO, Duration::ZERO, 0_u32);
    for line in list.lines() {
        let [kind, name, path] = line.split('\t').collect::<Vec<_>>().try_into().map_err(|_| "three columns")?;
        let picture = open(Path::new(path))?;
        let start = Instant::now();
        let hash = hasher.hash_image(&picture);
        if kind == "work" {
            works.push((name, hash));
            continue;
        }
        hashing += start.elapsed();
        let start = Instant::now();
        let matches = nearest(&works, &hash);
        matching += start.elapsed();
        queries += 1;
        println!(r#"{{"file": "{name}", "matches": [{}]}}"#, matches.join(", "));
    }
    let bytes = works.first().map_or(0, |(_, hash)| hash.as_bytes().len());
    let each_ms = |spent: Duration| spent.as_secs_f64() * 1000.0 / f64::from(queries.max(1));
    println!(
        r#"{{"cost": {{"fingerprint_ms": {:.2}, "match_ms": {:.3}, "bytes_per_work": {bytes}}}}}"#,
        each_ms(hashing),
        each_ms(matching)
    );
    Ok(())
}

fn hasher(algorithm: &str) -> Result<Hasher, Box<dyn Error>> {
    let config = HasherConfig::new().hash_size(SIDE, SIDE);
    Ok(match algorithm {
        "mean" => config.hash_alg(HashAlg::Mean),
        "gradient" => config.hash_alg(HashAlg::Gradient),
        "doublegradient" => config.hash_alg(HashAlg::DoubleGradient),
        "blockhash" => config.hash_alg(HashAlg::Blockhash),
        "dct" => config.hash_alg(HashAlg::Median).preproc_dct(),
        _ => return Err("no such algorithm".into()),
    }
    .to_hasher())
}

/// A picture, what is transparent on white.
fn open(path: &Path) -> Result<DynamicImage, Box<dyn Error>> {
    let mut reader = ImageReader::open(path)?.with_guessed_format()?;
    reader.no_limits();
    let picture = reader.decode()?;
    if !picture.color().has_alpha() {
        return Ok(picture);
    }
    let mut flat = RgbaImage::from_pixel(picture.width(), picture.height(), Rgba([255; 4]));
    imageops::overlay(&mut flat, &picture.to_rgba8(), 0, 0);
    Ok(DynamicImage::ImageRgba8(flat))
}

/// The works at the least distances, as JSON.
fn nearest(works: &[(&str, ImageHash)], hash: &ImageHash) -> Vec<String> {
    let bits = hash.as_bytes().len() * 8;
    let near = bits * NEAR_OF_64 / 64;
    let mut ranked: Vec<_> = works.iter().map(|(work, held)| (held.dist(hash) as usize, *work)).collect();
    ranked.sort_unstable();
    ranked.truncate(NAMED_MAX);
    ranked
        .into_iter()
        .map(|(distance, work)| {
            format!(
                r#"{{"work_id": "{work}", "score": {}, "query_box": null, "work_box": null, "flip": null, "#,
                bits.saturating_sub(distance)
            ) + &format!(r#""rotation_deg": null, "reported": {}}}"#, distance <= near)
        })
        .collect()
}
