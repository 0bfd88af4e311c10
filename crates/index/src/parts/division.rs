//! How a registry was divided.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{DIVISION, unfit};
use crate::audio;
use crate::error::{Error, Result};
use crate::image;
use crate::registry::Snapshot;
use crate::segment::{Segment, cut};
use crate::text;

const FORMAT: &str = "clearance-parts";
const VERSION: u32 = 1;
/// More parts than any cluster has machines.
const MOST_PARTS: usize = 4096;
/// What is kept of places under one hash: one more than a search reads, which tells it that there are
/// too many. Keys of points are read up to that number.
pub(crate) const KEPT_LANDMARKS: usize = audio::MOST_PLACES + 1;
pub(crate) const KEPT_KEYS: usize = image::MOST_UNDER_KEY;
pub(crate) const KEPT_SEEDS: usize = text::MOST_PLACES + 1;

/// How a registry was divided into parts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Division {
    format: String,
    version: u32,
    /// Digest of the registry's manifest.
    pub registry: String,
    /// How many parts there are.
    pub parts: usize,
    /// Where each segment is cut.
    pub(crate) segments: Vec<SegmentDivision>,
}

/// Where a segment is cut: rising numbers, one more than there are parts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SegmentDivision {
    pub(crate) id: String,
    /// Prefixes of the landmarks' hashes.
    pub(crate) landmarks: Buckets,
    /// Buckets of the keys of points.
    pub(crate) keys: Buckets,
    /// Buckets of the k-grams.
    pub(crate) seeds: Buckets,
    /// Records of the chunks of hashes.
    pub(crate) chunks: Vec<u64>,
    /// Assets whose peaks and letters a part holds.
    pub(crate) assets: Vec<u64>,
    /// Pictures whose hashes and points a part holds.
    pub(crate) pictures: Vec<u64>,
}

/// Where a table of buckets is cut.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Buckets {
    /// The highest bits of a hash, which number its bucket.
    pub(crate) bits: u32,
    pub(crate) bounds: Vec<u64>,
}

/// The part whose range a number lies in.
pub(crate) fn part_of(bounds: &[u64], number: u64) -> usize {
    let last = bounds.len().saturating_sub(2);
    let after = bounds.partition_point(|&bound| bound <= number);
    after.saturating_sub(1).min(last)
}

impl Division {
    /// Divides a registry so that the parts weigh about the same: what is counted is lines of postings
    /// and bytes of fingerprints, not hashes and works, and of one hash no more lines than are ever read.
    ///
    /// # Errors
    ///
    /// [`Error::Ledger`] for an impossible number of parts.
    pub fn new(snapshot: &Snapshot, folder: &Path, parts: usize) -> Result<Self> {
        if !(1..=MOST_PARTS).contains(&parts) {
            let detail = format!("{parts} parts: choose 1 to {MOST_PARTS}");
            return Err(unfit(folder, detail));
        }
        let infos = &snapshot.manifest().segments;
        let both = infos.iter().zip(snapshot.segments());
        let segments = both.map(|(info, (_, segment))| divide(&info.id, segment, parts));
        Ok(Self {
            format: FORMAT.to_owned(),
            version: VERSION,
            registry: snapshot.manifest().digest(),
            parts,
            segments: segments.collect(),
        })
    }

    /// Reads the division of the registry in `folder`.
    pub fn read(folder: &Path) -> Result<Self> {
        let path = folder.join(DIVISION);
        let text = std::fs::read_to_string(&path).map_err(Error::io(&path))?;
        let division: Self = serde_json::from_str(&text)
            .map_err(|error| Error::corrupt(&path, error.to_string()))?;
        if division.format != FORMAT || division.version != VERSION {
            let detail = format!(
                "a registry in parts of the form {} {}; this program reads {FORMAT} {VERSION}: divide it again",
                division.format, division.version
            );
            return Err(unfit(folder, detail));
        }
        if !division.is_sound() {
            return Err(Error::corrupt(&path, "the parts do not follow one another"));
        }
        Ok(division)
    }

    fn is_sound(&self) -> bool {
        let rises =
            |bounds: &[u64]| bounds.len() == self.parts + 1 && bounds[0] == 0 && bounds.is_sorted();
        (1..=MOST_PARTS).contains(&self.parts)
            && self.segments.iter().all(|segment| {
                let buckets = [&segment.landmarks, &segment.keys, &segment.seeds];
                let tables = buckets.iter();
                tables
                    .clone()
                    .all(|it| (1..=32).contains(&it.bits) && rises(&it.bounds))
                    && rises(&segment.chunks)
                    && rises(&segment.assets)
                    && rises(&segment.pictures)
            })
    }
}

fn divide(id: &str, segment: &Segment, parts: usize) -> SegmentDivision {
    let (audio, pictures, texts) = (&segment.audio, &segment.pictures, &segment.texts);
    let buckets = |(bits, bounds): (u32, Vec<u64>)| Buckets { bits, bounds };
    let even = |count: usize| {
        (0..=parts)
            .map(|part| (count * part / parts) as u64)
            .collect()
    };
    // A peak takes four bytes, a letter about a third of one when texts are compressed.
    let weight = |asset: u32| {
        let letters = texts.places(asset).len();
        1 + (4 * segment.peaks.count(asset) + letters / 3) as u64
    };
    SegmentDivision {
        id: id.to_owned(),
        landmarks: Buckets {
            bits: audio.prefix_bits(),
            bounds: cut(audio.weights(KEPT_LANDMARKS), parts),
        },
        keys: buckets(pictures.cut_keys(parts, KEPT_KEYS)),
        seeds: buckets(texts.cut_seeds(parts, KEPT_SEEDS)),
        chunks: even(pictures.chunk_records()),
        assets: cut((0..segment.assets.len() as u32).map(weight), parts),
        pictures: pictures.cut_pictures(parts),
    }
}
