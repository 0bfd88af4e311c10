//! Pictures of a segment: whole-picture hashes, local points, previews (FORMAT.md, "Pictures").

mod sliced;

use std::path::Path;

use clearance_fingerprint::image::{
    ImageFingerprint, KEY_BITS, PdqHash, Point, Structure, Tones, WORK_TONES, keys, stored_points,
};
use clearance_fingerprint::params;

use super::buckets::{Buckets, BucketsBuilder};
use super::chunks::{Chunks, write_chunks};
use super::container::{Container, ContainerWriter, Section, read_u32, read_u64};
use crate::error::{Error, Result};

/// Bytes of a stored point: descriptor, then place (two times twelve bits), size, angle.
const POINT_BYTES: usize = 21;
/// Bytes of a point under a key: picture, rest, angle, size.
const KEYED_BYTES: usize = 8;
/// Records that share a prefix, as a power of two: thousands of keys are looked up for each
/// item, and a larger table of prefixes answers sooner that there is nothing.
const CROWD_OF_KEYS: u32 = 1;

/// What is stored of a picture.
struct StoredPicture {
    asset: u32,
    hash: PdqHash,
    structure: Structure,
    sides: [f32; 2],
    /// Share of it that is flat, in 255ths.
    flat: u8,
    points: Vec<Point>,
    tones: Tones,
}

/// Pictures in the making.
#[derive(Default)]
pub(crate) struct PicturesBuilder {
    hashes: Vec<PdqHash>,
    assets: Vec<u8>,
    structures: Vec<Structure>,
    sides: Vec<u8>,
    flat: Vec<u8>,
    starts: Vec<u8>,
    points: Vec<u8>,
    tone_starts: Vec<u8>,
    tones: Vec<u8>,
    keys: BucketsBuilder<KEYED_BYTES>,
}

impl PicturesBuilder {
    pub(crate) fn add(&mut self, asset: u32, print: &ImageFingerprint) {
        self.add_stored(&StoredPicture {
            asset,
            hash: print.hash,
            structure: print.structure,
            sides: print.sides,
            flat: (print.flatness * 255.0 + 0.5).clamp(0.0, 255.0) as u8,
            points: stored_points(&print.points),
            tones: print.tones.stored(),
        });
    }

    /// Takes over the pictures of assets that have a number in `numbers`, which is by their numbers
    /// in the segment they come from.
    pub(crate) fn carry(&mut self, from: &PictureStore, numbers: &[Option<u32>]) {
        for picture in 0..from.len() {
            let number = numbers.get(from.asset(picture) as usize);
            if let Some(&Some(asset)) = number {
                self.add_stored(&StoredPicture {
                    asset,
                    ..from.stored(picture)
                });
            }
        }
    }

    fn add_stored(&mut self, stored: &StoredPicture) {
        let picture = self.hashes.len() as u32;
        self.hashes.push(stored.hash);
        self.assets.extend_from_slice(&stored.asset.to_le_bytes());
        self.structures.push(stored.structure);
        let [width, height] = stored.sides;
        let shorter = if width < height { -width } else { height };
        self.sides.extend_from_slice(&shorter.to_le_bytes());
        self.flat.push(stored.flat);
        let start = (self.points.len() / POINT_BYTES) as u32;
        self.starts.extend_from_slice(&start.to_le_bytes());
        for point in &stored.points {
            self.add_point(picture, point);
        }
        let start = self.tones.len() as u32;
        self.tone_starts.extend_from_slice(&start.to_le_bytes());
        self.tones.push(stored.tones.width() as u8);
        self.tones.extend_from_slice(stored.tones.values());
    }

    fn add_point(&mut self, picture: u32, point: &Point) {
        for word in point.descriptor {
            self.points.extend_from_slice(&word.to_le_bytes());
        }
        let places = u32::from(point.x) | u32::from(point.y) << 12;
        self.points.extend_from_slice(&places.to_le_bytes()[..3]);
        self.points.extend_from_slice(&[point.size, point.angle]);
        let keys = keys(&point.descriptor);
        let [p0, p1, p2, p3] = picture.to_le_bytes();
        let [r0, r1] = keys.rest.to_le_bytes();
        // The highest bit of the picture's number says whether the keys are of the mirrored form.
        let p3 = p3 | u8::from(keys.is_mirrored) << 7;
        let record = [p0, p1, p2, p3, r0, r1, point.angle, point.size];
        for (table, key) in keys.keys.into_iter().enumerate() {
            self.keys.add(point_key(table, key), record);
        }
    }

    pub(crate) fn bytes(&self) -> usize {
        // A hash with what goes beside it, and its records in the chunks, which are made at the end.
        self.hashes.len() * 340 + self.points.len() + self.tones.len() + self.keys.bytes()
    }

    /// Writes `image.pictures`, `image.chunks` and `image.keys`.
    pub(crate) fn write(mut self, pictures: &Path, chunks: &Path, keys: &Path) -> Result<()> {
        let distinctive = self.hashes.iter().zip(&self.structures).enumerate();
        let distinctive = distinctive
            .filter(|(_, (hash, structure))| structure.is_distinctive() && !hash.is_pattern())
            .map(|(picture, (hash, _))| (picture as u32, *hash));
        write_chunks(&distinctive.collect::<Vec<_>>(), chunks)?;
        self.keys
            .write(ContainerWriter::new(params::IMAGE), CROWD_OF_KEYS)
            .write(keys)?;
        let end = (self.points.len() / POINT_BYTES) as u32;
        self.starts.extend_from_slice(&end.to_le_bytes());
        let end = self.tones.len() as u32;
        self.tone_starts.extend_from_slice(&end.to_le_bytes());
        let structures = self.structures.iter();
        ContainerWriter::new(params::IMAGE)
            .section(
                "hashes",
                self.hashes.iter().flat_map(PdqHash::to_bytes).collect(),
            )
            .section("assets", self.assets)
            .section(
                "struct",
                structures.flat_map(|s| [s.quality, s.firm_bits]).collect(),
            )
            .section("sides", self.sides)
            .section("flat", self.flat)
            .section("starts", self.starts)
            .section("points", self.points)
            .section("cells", self.tone_starts)
            .section("tones", self.tones)
            .write(pictures)
    }
}

/// The key of a point in one of its tables.
pub(crate) fn point_key(table: usize, key: u32) -> u32 {
    (table as u32) << KEY_BITS | key
}

/// A registered point that shares a key with one of the item.
#[derive(Clone, Copy, Debug)]
pub(crate) struct KeyedPoint {
    pub(crate) picture: u32,
    pub(crate) is_mirrored: bool,
    pub(crate) rest: u16,
    pub(crate) angle: u8,
    pub(crate) size: u8,
}

impl KeyedPoint {
    fn read([p0, p1, p2, p3, r0, r1, angle, size]: [u8; KEYED_BYTES]) -> Self {
        Self {
            picture: u32::from_le_bytes([p0, p1, p2, p3 & 0x7f]),
            is_mirrored: p3 & 0x80 != 0,
            rest: u16::from_le_bytes([r0, r1]),
            angle,
            size,
        }
    }
}

/// Stored pictures, mapped.
pub(crate) struct PictureStore {
    pictures: Container,
    hashes: Section,
    assets: Section,
    structures: Section,
    sides: Section,
    flat: Section,
    starts: Section,
    points: Section,
    cells: Section,
    tones: Section,
    chunks: Chunks,
    keys: Container,
    keyed: Buckets<KEYED_BYTES>,
}

impl PictureStore {
    pub(crate) fn open(pictures: &Path, chunks: &Path, keys: &Path) -> Result<Self> {
        let container = Container::open(pictures, params::IMAGE)?;
        let section = |name: &str| container.section(name);
        let (hashes, assets) = (section("hashes")?, section("assets")?);
        let (structures, sides) = (section("struct")?, section("sides")?);
        let (starts, points) = (section("starts")?, section("points")?);
        let (cells, tones) = (section("cells")?, section("tones")?);
        let flat = section("flat")?;
        let count = assets.len() / 4;
        let fits = hashes.len() == count * 32
            && structures.len() == count * 2
            && sides.len() == count * 4
            && flat.len() == count
            && starts.len() == (count + 1) * 4
            && cells.len() == (count + 1) * 4
            && points.len().is_multiple_of(POINT_BYTES);
        if !fits {
            return Err(Error::corrupt(pictures, "the sections do not fit together"));
        }
        let key_container = Container::open(keys, params::IMAGE)?;
        Ok(Self {
            hashes,
            assets,
            structures,
            sides,
            flat,
            starts,
            points,
            cells,
            tones,
            pictures: container,
            chunks: Chunks::open(chunks)?,
            keyed: Buckets::open(&key_container)?,
            keys: key_container,
        })
    }

    pub(crate) fn len(&self) -> usize {
        self.assets.len() / 4
    }

    pub(crate) fn hash(&self, picture: usize) -> PdqHash {
        let bytes = self.pictures.bytes(&self.hashes);
        PdqHash(std::array::from_fn(|word| {
            read_u64(bytes, picture * 32 + word * 8)
        }))
    }

    /// Whether the picture's hash has enough structure to be compared.
    pub(crate) fn is_distinctive(&self, picture: usize) -> bool {
        self.structure(picture).is_distinctive() && !self.hash(picture).is_pattern()
    }

    fn structure(&self, picture: usize) -> Structure {
        let bytes = self.pictures.bytes(&self.structures);
        let (quality, firm_bits) = match bytes.get(picture * 2..picture * 2 + 2) {
            Some(&[quality, firm_bits]) => (quality, firm_bits),
            _ => (0, 0),
        };
        Structure { quality, firm_bits }
    }

    fn stored(&self, picture: usize) -> StoredPicture {
        let flat = self.pictures.bytes(&self.flat).get(picture);
        StoredPicture {
            asset: self.asset(picture),
            hash: self.hash(picture),
            structure: self.structure(picture),
            sides: self.sides(picture),
            flat: flat.copied().unwrap_or(0),
            points: self.points(picture),
            tones: self.tones(picture),
        }
    }

    pub(crate) fn asset(&self, picture: usize) -> u32 {
        read_u32(self.pictures.bytes(&self.assets), picture * 4)
    }

    /// Width and height as shares of the longer of both.
    pub(crate) fn sides(&self, picture: usize) -> [f32; 2] {
        let bytes = self.pictures.bytes(&self.sides);
        let shorter = f32::from_bits(read_u32(bytes, picture * 4));
        // Written by another hand it may be anything.
        let side = if shorter.abs() > 0.0 && shorter.abs() <= 1.0 {
            shorter.abs()
        } else {
            1.0
        };
        if shorter < 0.0 {
            [side, 1.0]
        } else {
            [1.0, side]
        }
    }

    /// Share of the picture that is flat, 0 to 1.
    pub(crate) fn flatness(&self, picture: usize) -> f64 {
        let flat = self.pictures.bytes(&self.flat).get(picture);
        f64::from(flat.copied().unwrap_or(0)) / 255.0
    }

    /// The stored points of a picture.
    pub(crate) fn points(&self, picture: usize) -> Vec<Point> {
        let starts = self.pictures.bytes(&self.starts);
        let bound = |index: usize| read_u32(starts, index * 4) as usize * POINT_BYTES;
        let range = bound(picture)..bound(picture + 1);
        let bytes = self.pictures.bytes(&self.points).get(range).unwrap_or(&[]);
        let (points, _) = bytes.as_chunks::<POINT_BYTES>();
        points.iter().map(read_point).collect()
    }

    /// The tones of a picture; none where they are written wrongly.
    pub(crate) fn tones(&self, picture: usize) -> Tones {
        let cells = self.pictures.bytes(&self.cells);
        let bound = |index: usize| read_u32(cells, index * 4) as usize;
        let range = bound(picture)..bound(picture + 1);
        let written = self.pictures.bytes(&self.tones).get(range);
        let tones = written
            .and_then(<[u8]>::split_first)
            .and_then(|(width, values)| {
                let is_stored = values.len() <= WORK_TONES * WORK_TONES;
                Tones::new(usize::from(*width), values.to_vec()).filter(|_| is_stored)
            });
        tones.unwrap_or_default()
    }

    /// Pictures that may be within `radius_bits` of `hash`, at most 47: all that are, and a few of those
    /// that are not. Rising, each once.
    pub(crate) fn candidates(&self, hash: &PdqHash, radius_bits: u32) -> Vec<u32> {
        self.chunks.find(hash, radius_bits)
    }

    /// Calls `visit` with the number of each key and the points under it.
    pub(crate) fn find_points(
        &self,
        keys: &[u32],
        mut visit: impl FnMut(usize, &mut dyn Iterator<Item = KeyedPoint>),
    ) {
        self.keyed.find_all(&self.keys, keys, |number, records| {
            visit(number, &mut records.iter().copied().map(KeyedPoint::read));
        });
    }
}

fn read_point(bytes: &[u8; POINT_BYTES]) -> Point {
    let places = u32::from_le_bytes([bytes[16], bytes[17], bytes[18], 0]);
    Point {
        x: (places & 0xfff) as u16,
        y: (places >> 12) as u16,
        size: bytes[19],
        angle: bytes[20],
        descriptor: [read_u64(bytes, 0), read_u64(bytes, 8)],
    }
}

#[cfg(test)]
mod tests;
