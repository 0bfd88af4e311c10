//! Fingerprints as plain lists and numbers.

use clearance_fingerprint::audio::{AudioFingerprint, BIN_STEPS, BINS, Peak, QUERY_PEAKS_PER_S};
use clearance_fingerprint::image::{
    DOUBTS, FoundPoint, ImageFingerprint, KEYS, MOST_REGIONS, PLACE_STEPS, PdqHash, Point, Region,
    Structure, Tones, sides,
};
use serde::{Deserialize, Serialize};

use super::Wrong;

/// Bytes of a picture's hashes in eight orientations.
pub(crate) const HASHES_BYTES: usize = 8 * 32;
/// Bytes of a descriptor.
const DESCRIPTOR_BYTES: usize = 16;
/// Bytes of a point's bits in doubt, five for each of two keys.
const DOUBT_BYTES: usize = KEYS * DOUBTS;
/// Bytes of a region's place.
const PLACE_BYTES: usize = 8;
/// Bytes of a region.
const REGION_BYTES: usize = PLACE_BYTES + 32;
/// Points of a picture, at most: more than any picture has.
const MOST_POINTS: usize = 4096;
/// Bits in doubt are numbered below this.
const DOUBT_NUMBERS: u8 = 23;

/// Peaks of a recording, in lists of one length.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct StatedRecording {
    pub(crate) samples: u64,
    pub(crate) times: Vec<u32>,
    pub(crate) bins: Vec<u16>,
    #[serde(with = "serde_bytes")]
    pub(crate) ranks: Vec<u8>,
}

impl StatedRecording {
    pub(crate) fn of(print: &AudioFingerprint) -> Self {
        Self {
            samples: print.samples,
            times: print.peaks.iter().map(|peak| peak.time).collect(),
            bins: print.peaks.iter().map(|peak| peak.bin).collect(),
            ranks: print.peaks.iter().map(|peak| peak.rank).collect(),
        }
    }

    pub(crate) fn checked(self) -> Result<AudioFingerprint, Wrong> {
        if [self.bins.len(), self.ranks.len()] != [self.times.len(); 2] {
            return Err("lists of peaks of different lengths");
        }
        let peaks = self.times.into_iter().zip(self.bins).zip(self.ranks);
        let peaks = peaks.map(|((time, bin), rank)| Peak { time, bin, rank });
        let peaks: Vec<Peak> = peaks.collect();
        let bins = BINS as u32 * u32::from(BIN_STEPS);
        let known = |peak: &Peak| u32::from(peak.bin) < bins && peak.rank < QUERY_PEAKS_PER_S;
        if !peaks.iter().all(known) || !peaks.is_sorted_by_key(|peak| (peak.time, peak.bin)) {
            return Err("impossible peaks");
        }
        Ok(AudioFingerprint {
            peaks,
            samples: self.samples,
        })
    }
}

/// A frame of a picture.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct StatedPicture {
    /// Width and height in pixels.
    pub(crate) size_px: (u32, u32),
    /// [`PdqHash::to_bytes`] of the eight orientations.
    #[serde(with = "serde_bytes")]
    pub(crate) hashes: Vec<u8>,
    pub(crate) quality: u8,
    pub(crate) firm_bits: u8,
    pub(crate) flatness: f32,
    pub(crate) points: StatedPoints,
    /// [`REGION_BYTES`] for each region: its place, in little-endian order, and its hash.
    #[serde(with = "serde_bytes")]
    pub(crate) regions: Vec<u8>,
    /// The number of cells in a row of its tones, and the cells, row by row; nothing where it has none.
    #[serde(with = "serde_bytes")]
    pub(crate) tones: Vec<u8>,
}

/// Points of a picture, in lists of one length.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct StatedPoints {
    pub(crate) x: Vec<u16>,
    pub(crate) y: Vec<u16>,
    #[serde(with = "serde_bytes")]
    pub(crate) size: Vec<u8>,
    #[serde(with = "serde_bytes")]
    pub(crate) angle: Vec<u8>,
    /// The words of each in little-endian order, one point behind the other.
    #[serde(with = "serde_bytes")]
    pub(crate) descriptors: Vec<u8>,
    /// The numbers of each key's bits in doubt, one point behind the other.
    #[serde(with = "serde_bytes")]
    pub(crate) doubts: Vec<u8>,
}

impl StatedPicture {
    pub(crate) fn of(print: &ImageFingerprint, size_px: (u32, u32)) -> Self {
        Self {
            size_px,
            hashes: print
                .orientations
                .iter()
                .flat_map(PdqHash::to_bytes)
                .collect(),
            quality: print.structure.quality,
            firm_bits: print.structure.firm_bits,
            flatness: print.flatness,
            points: StatedPoints::of(&print.points),
            regions: print.regions.iter().flat_map(region_bytes).collect(),
            tones: tones_bytes(&print.tones),
        }
    }

    pub(crate) fn checked(self) -> Result<(ImageFingerprint, (u32, u32)), Wrong> {
        let (width, height) = self.size_px;
        if width == 0 || height == 0 || !(0.0..=1.0).contains(&self.flatness) {
            return Err("an impossible picture");
        }
        let (hashes, rest) = self.hashes.as_chunks::<32>();
        if hashes.len() * 32 != HASHES_BYTES || !rest.is_empty() {
            return Err("hashes of another length");
        }
        let orientations: [PdqHash; 8] =
            std::array::from_fn(|number| PdqHash::from_bytes(&hashes[number]));
        let print = ImageFingerprint {
            hash: orientations[0],
            orientations,
            structure: Structure {
                quality: self.quality,
                firm_bits: self.firm_bits,
            },
            sides: sides(width as usize, height as usize),
            points: self.points.checked()?,
            regions: regions(&self.regions)?,
            flatness: self.flatness,
            tones: tones(&self.tones)?,
        };
        Ok((print, self.size_px))
    }
}

/// Nothing where there are no tones.
fn tones_bytes(tones: &Tones) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(1 + tones.values().len());
    if tones.width() > 0 {
        bytes.push(tones.width() as u8);
        bytes.extend_from_slice(tones.values());
    }
    bytes
}

fn tones(bytes: &[u8]) -> Result<Tones, Wrong> {
    match bytes.split_first() {
        None => Ok(Tones::default()),
        Some((&width, values)) => {
            Tones::new(usize::from(width), values.to_vec()).ok_or("impossible tones")
        }
    }
}

fn region_bytes(region: &Region) -> [u8; REGION_BYTES] {
    let mut bytes = [0; REGION_BYTES];
    for (slot, at) in bytes.chunks_exact_mut(2).zip(region.place) {
        slot.copy_from_slice(&at.to_le_bytes());
    }
    bytes[PLACE_BYTES..].copy_from_slice(&region.hash.to_bytes());
    bytes
}

fn regions(bytes: &[u8]) -> Result<Vec<Region>, Wrong> {
    const WRONG: Wrong = "impossible regions";
    let (regions, rest) = bytes.as_chunks::<REGION_BYTES>();
    if regions.len() > MOST_REGIONS || !rest.is_empty() {
        return Err(WRONG);
    }
    let region = |bytes: &[u8; REGION_BYTES]| {
        let (place, hash) = bytes.split_at(PLACE_BYTES);
        let place = place.as_chunks::<2>().0;
        let place: [u16; 4] = std::array::from_fn(|side| u16::from_le_bytes(place[side]));
        let hash = hash.try_into().map_err(|_| WRONG)?;
        let [left, top, right, bottom] = place;
        (left < right && top < bottom)
            .then_some(Region {
                place,
                hash: PdqHash::from_bytes(hash),
            })
            .ok_or(WRONG)
    };
    regions.iter().map(region).collect()
}

impl StatedPoints {
    fn of(points: &[FoundPoint]) -> Self {
        let mut descriptors = Vec::with_capacity(points.len() * DESCRIPTOR_BYTES);
        let mut doubts = Vec::with_capacity(points.len() * DOUBT_BYTES);
        for found in points {
            for word in found.point.descriptor {
                descriptors.extend_from_slice(&word.to_le_bytes());
            }
            doubts.extend_from_slice(found.doubtful.as_flattened());
        }
        Self {
            x: points.iter().map(|found| found.point.x).collect(),
            y: points.iter().map(|found| found.point.y).collect(),
            size: points.iter().map(|found| found.point.size).collect(),
            angle: points.iter().map(|found| found.point.angle).collect(),
            descriptors,
            doubts,
        }
    }

    fn checked(self) -> Result<Vec<FoundPoint>, Wrong> {
        let count = self.x.len();
        let (descriptors, rest) = self.descriptors.as_chunks::<DESCRIPTOR_BYTES>();
        let (doubts, other) = self.doubts.as_chunks::<DOUBT_BYTES>();
        let lengths = [
            self.y.len(),
            self.size.len(),
            self.angle.len(),
            descriptors.len(),
            doubts.len(),
        ];
        if count > MOST_POINTS
            || lengths != [count; 5]
            || !(rest.is_empty() && other.is_empty())
            || self
                .x
                .iter()
                .chain(&self.y)
                .any(|&place| place >= PLACE_STEPS)
            || self.doubts.iter().any(|&doubt| doubt >= DOUBT_NUMBERS)
        {
            return Err("impossible points");
        }
        let point = |number: usize| {
            let (words, _) = descriptors[number].as_chunks::<8>();
            let (keys, _) = doubts[number].as_chunks::<DOUBTS>();
            FoundPoint {
                point: Point {
                    x: self.x[number],
                    y: self.y[number],
                    size: self.size[number],
                    angle: self.angle[number],
                    descriptor: std::array::from_fn(|word| u64::from_le_bytes(words[word])),
                },
                // Only what a registry stores is chosen by these.
                is_main: true,
                contrast: 0.0,
                doubtful: std::array::from_fn(|key| keys[key]),
            }
        };
        Ok((0..count).map(point).collect())
    }
}
