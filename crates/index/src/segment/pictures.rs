//! Pictures of a segment: whole-picture hashes, local points, previews (FORMAT.md, "Pictures").

use std::path::Path;

use clearance_fingerprint::image::{
    HASH_BITS, ImageFingerprint, KEY_BITS, PdqHash, Point, Structure, keys, stored_points,
};
use clearance_fingerprint::params;

use super::buckets::{Buckets, BucketsBuilder};
use super::container::{Container, ContainerWriter, Section, read_u32, read_u64};
use crate::error::{Error, Result};

/// Bytes of a stored point: descriptor, then place (two times twelve bits), size, angle.
const POINT_BYTES: usize = 21;
/// Bytes of a point under a key: picture, rest, angle, size.
const KEYED_BYTES: usize = 8;
/// Bytes of a picture under a chunk of its hash.
const CHUNKED_BYTES: usize = 4;
/// Chunks of a hash in segments of few pictures ...
const FEW_CHUNKS: u32 = 16;
/// ... and in those of more than `MANY_PICTURES`: wider chunks keep buckets short (Norouzi,
/// Punjani and Fleet, *Fast Search in Hamming Space with Multi-Index Hashing*, CVPR 2012,
/// section 3.1: a width of about the binary logarithm of the number of hashes).
const MANY_CHUNKS: u32 = 11;
const MANY_PICTURES: usize = 1 << 18;

/// Records that share a prefix, as a power of two: thousands of keys are looked up for each
/// item, and a larger table of prefixes answers sooner that there is nothing.
const CROWD_OF_KEYS: u32 = 1;
const CROWD_OF_CHUNKS: u32 = 3;

/// What is stored of a picture.
struct StoredPicture {
    asset: u32,
    hash: PdqHash,
    structure: Structure,
    sides: [f32; 2],
    /// Share of it that is flat, in 255ths.
    flat: u8,
    points: Vec<Point>,
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
        for side in stored.sides {
            self.sides.extend_from_slice(&side.to_le_bytes());
        }
        self.flat.push(stored.flat);
        let start = (self.points.len() / POINT_BYTES) as u32;
        self.starts.extend_from_slice(&start.to_le_bytes());
        for point in &stored.points {
            self.add_point(picture, point);
        }
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
        self.hashes.len() * 64 + self.points.len() + self.keys.bytes()
    }

    /// Writes `image.pictures`, `image.chunks` and `image.keys`.
    pub(crate) fn write(mut self, pictures: &Path, chunks: &Path, keys: &Path) -> Result<()> {
        let chunk_count = if self.hashes.len() > MANY_PICTURES {
            MANY_CHUNKS
        } else {
            FEW_CHUNKS
        };
        let mut chunked = BucketsBuilder::<CHUNKED_BYTES>::default();
        for (picture, (hash, structure)) in self.hashes.iter().zip(&self.structures).enumerate() {
            if structure.is_distinctive() {
                for chunk in 0..chunk_count {
                    let key = chunk_key(chunk, chunk_of(hash, chunk, chunk_count));
                    chunked.add(key, (picture as u32).to_le_bytes());
                }
            }
        }
        let count = ContainerWriter::new(params::IMAGE);
        let count = count.section("count", chunk_count.to_le_bytes().to_vec());
        chunked.write(count, CROWD_OF_CHUNKS).write(chunks)?;
        self.keys
            .write(ContainerWriter::new(params::IMAGE), CROWD_OF_KEYS)
            .write(keys)?;
        let end = (self.points.len() / POINT_BYTES) as u32;
        self.starts.extend_from_slice(&end.to_le_bytes());
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
            .write(pictures)
    }
}

/// The key of a point in one of its tables.
pub(crate) fn point_key(table: usize, key: u32) -> u32 {
    (table as u32) << KEY_BITS | key
}

/// The key of a chunk: five bits for its number, at most 24 for its value, apart.
pub(crate) fn chunk_key(chunk: u32, value: u32) -> u32 {
    chunk << 24 | value
}

/// The bits of chunk number `chunk` of `count`: `256 chunk / count` up to the next one's.
pub(crate) fn chunk_of(hash: &PdqHash, chunk: u32, count: u32) -> u32 {
    let (first, end) = chunk_bits(chunk, count);
    let word = (first / 64) as usize;
    let low = u128::from(hash.0[word]);
    let high = u128::from(hash.0.get(word + 1).copied().unwrap_or(0));
    let bits = (low | high << 64) >> (first % 64);
    bits as u32 & ((1 << (end - first)) - 1)
}

/// Where a chunk begins and ends in the hash.
pub(crate) fn chunk_bits(chunk: u32, count: u32) -> (u32, u32) {
    let bits = HASH_BITS as u32;
    (bits * chunk / count, bits * (chunk + 1) / count)
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
    chunks: Container,
    chunked: Buckets<CHUNKED_BYTES>,
    chunk_count: u32,
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
        let flat = section("flat")?;
        let count = assets.len() / 4;
        let fits = hashes.len() == count * 32
            && structures.len() == count * 2
            && sides.len() == count * 8
            && flat.len() == count
            && starts.len() == (count + 1) * 4
            && points.len().is_multiple_of(POINT_BYTES);
        if !fits {
            return Err(Error::corrupt(pictures, "the sections do not fit together"));
        }
        let chunk_container = Container::open(chunks, params::IMAGE)?;
        let counted = chunk_container.section("count")?;
        let chunk_count = match chunk_container.bytes(&counted) {
            &[a, b, c, d] => u32::from_le_bytes([a, b, c, d]),
            _ => 0,
        };
        if !(MANY_CHUNKS..=FEW_CHUNKS).contains(&chunk_count) {
            return Err(Error::corrupt(chunks, "an impossible number of chunks"));
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
            pictures: container,
            chunked: Buckets::open(&chunk_container)?,
            chunks: chunk_container,
            chunk_count,
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
        self.structure(picture).is_distinctive()
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
        }
    }

    pub(crate) fn asset(&self, picture: usize) -> u32 {
        read_u32(self.pictures.bytes(&self.assets), picture * 4)
    }

    /// Width and height as shares of the longer of both.
    pub(crate) fn sides(&self, picture: usize) -> [f32; 2] {
        let bytes = self.pictures.bytes(&self.sides);
        [0, 4].map(|offset| {
            let side = f32::from_bits(read_u32(bytes, picture * 8 + offset));
            // Written by another hand it may be anything.
            if side > 0.0 && side <= 1.0 { side } else { 1.0 }
        })
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

    /// Chunks of this segment's hashes.
    pub(crate) fn chunk_count(&self) -> u32 {
        self.chunk_count
    }

    /// Calls `visit` with each picture under one of the chunk keys.
    pub(crate) fn find_chunks(&self, keys: &[u32], mut visit: impl FnMut(u32)) {
        self.chunked.find_all(&self.chunks, keys, |_, records| {
            for record in records {
                visit(u32::from_le_bytes(*record));
            }
        });
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
