//! Segments: immutable parts of a registry.
//!
//! Each on-disk structure is a builder (memory), a file, and a mapped reader.
//! A segment is written in one go under a temporary name, then renamed.

mod buckets;
mod carried;
mod chunks;
mod container;
mod landmarks;
mod pictures;
mod prints;
pub(crate) mod records;
mod tables;
mod texts;

use std::path::{Path, PathBuf};

use clearance_fingerprint::audio::{AudioFingerprint, HOP, Landmark, stored_landmarks};
use clearance_fingerprint::image::ImageFingerprint;

pub(crate) use buckets::sliced::cut;
pub(crate) use buckets::spread;
pub(crate) use landmarks::{LandmarkStore, StoredLandmark, Under};
pub(crate) use pictures::{KeyedPoint, PictureStore, point_key};
pub(crate) use prints::{PeakStore, PreviewStore};
pub use texts::KeptTexts;
pub(crate) use texts::{Places, SHORT_WORK, TextCache, TextPrint, TextStore, Window, seed_key};

use crate::asset::Asset;
use crate::error::{Error, Result};
use landmarks::LandmarksBuilder;
use pictures::PicturesBuilder;
use prints::{PeaksBuilder, PreviewsBuilder};
use records::WorkRecord;
use texts::TextsBuilder;

/// File names of a segment, in the order in which its digest covers them.
pub(crate) const FILES: [&str; 10] = [
    "works.parquet",
    "rights.parquet",
    "assets.parquet",
    "audio.postings",
    "audio.peaks",
    "image.pictures",
    "image.chunks",
    "image.keys",
    "text.seeds",
    "text.texts",
];
/// Previews are kept apart from what is compared: they show the works.
pub(crate) const PREVIEWS: &str = "image.previews";

/// What a decoded asset leaves in the registry.
pub(crate) enum Fingerprint {
    Audio {
        print: AudioFingerprint,
        landmarks: Vec<Landmark>,
    },
    Image {
        /// The picture's; of an animation, one for each sampled frame.
        prints: Vec<ImageFingerprint>,
        preview: Vec<u8>,
    },
    Text(TextPrint),
}

impl Fingerprint {
    pub(crate) fn audio(print: AudioFingerprint) -> Self {
        let landmarks = stored_landmarks(&print);
        Self::Audio { print, landmarks }
    }
}

/// Collects works and assets for one segment, in memory.
#[derive(Default)]
pub(crate) struct SegmentBuilder {
    works: Vec<WorkRecord>,
    assets: Vec<Asset>,
    audio: LandmarksBuilder,
    peaks: PeaksBuilder,
    pictures: PicturesBuilder,
    previews: PreviewsBuilder,
    texts: TextsBuilder,
}

impl SegmentBuilder {
    pub(crate) fn add_work(&mut self, record: WorkRecord) {
        self.works.push(record);
    }

    pub(crate) fn add_asset(&mut self, asset: Asset, fingerprint: Fingerprint) {
        let number = self.assets.len() as u32;
        self.assets.push(asset);
        match fingerprint {
            Fingerprint::Audio { print, landmarks } => {
                let length = print.samples.div_ceil(HOP as u64).min(u64::from(u32::MAX));
                self.audio.add(number, length as u32, &landmarks);
                self.peaks.add(number, print.stored_peaks());
            }
            Fingerprint::Image { prints, preview } => {
                for print in &prints {
                    self.pictures.add(number, print);
                }
                self.previews.add(number, &preview);
            }
            Fingerprint::Text(print) => self.texts.add(number, print),
        }
    }

    /// Bytes held: what decides when a segment is full.
    pub(crate) fn bytes(&self) -> usize {
        self.audio.bytes()
            + self.peaks.bytes()
            + self.pictures.bytes()
            + self.previews.bytes()
            + self.texts.bytes()
            + 512 * (self.works.len() + self.assets.len())
    }

    /// Whether nothing more fits, however much memory there is.
    pub(crate) fn is_full(&self) -> bool {
        self.texts.is_full()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.works.is_empty() && self.assets.is_empty()
    }

    /// Writes all files into `folder`, which must be empty.
    pub(crate) fn write(self, folder: &Path) -> Result<SegmentCounts> {
        let file = |name: &str| folder.join(name);
        let counts = SegmentCounts {
            works: self.works.len() as u64,
            assets: self.assets.len() as u64,
        };
        records::write_works(&file("works.parquet"), &self.works)?;
        records::write_rights(&file("rights.parquet"), &self.works)?;
        records::write_assets(&file("assets.parquet"), &self.assets)?;
        self.audio.write(&file("audio.postings"))?;
        self.peaks.write(&file("audio.peaks"))?;
        self.pictures.write(
            &file("image.pictures"),
            &file("image.chunks"),
            &file("image.keys"),
        )?;
        self.previews.write(&file(PREVIEWS))?;
        self.texts.write(&file("text.seeds"), &file("text.texts"))?;
        Ok(counts)
    }
}

/// How much a segment holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SegmentCounts {
    pub(crate) works: u64,
    pub(crate) assets: u64,
}

/// An open segment.
pub(crate) struct Segment {
    pub(crate) works: Vec<WorkRecord>,
    pub(crate) assets: Vec<Asset>,
    pub(crate) audio: LandmarkStore,
    pub(crate) peaks: PeakStore,
    pub(crate) pictures: PictureStore,
    pub(crate) previews: Option<PreviewStore>,
    pub(crate) texts: TextStore,
}

impl Segment {
    /// Maps and checks every file of the segment in `folder`.
    pub(crate) fn open(folder: &Path) -> Result<Self> {
        let file = |name: &str| folder.join(name);
        let previews = file(PREVIEWS);
        Ok(Self {
            works: records::read_works(&file("works.parquet"), &file("rights.parquet"))?,
            assets: records::read_assets(&file("assets.parquet"))?,
            audio: LandmarkStore::open(&file("audio.postings"))?,
            peaks: PeakStore::open(&file("audio.peaks"))?,
            pictures: PictureStore::open(
                &file("image.pictures"),
                &file("image.chunks"),
                &file("image.keys"),
            )?,
            previews: previews
                .exists()
                .then(|| PreviewStore::open(&previews))
                .transpose()?,
            texts: TextStore::open(&file("text.seeds"), &file("text.texts"))?,
        })
    }
}

/// BLAKE3 of a file's bytes, in hexadecimal, and its length.
pub(crate) fn file_digest(path: &Path) -> Result<(String, u64)> {
    let mut hasher = blake3::Hasher::new();
    let file = std::fs::File::open(path).map_err(Error::io(path))?;
    let length = file.metadata().map_err(Error::io(path))?.len();
    hasher.update_reader(file).map_err(Error::io(path))?;
    Ok((hasher.finalize().to_hex().to_string(), length))
}

/// All files of a segment folder that exist, with the previews last.
pub(crate) fn files(folder: &Path) -> impl Iterator<Item = (&'static str, PathBuf)> {
    FILES
        .into_iter()
        .chain([PREVIEWS])
        .map(|name| (name, folder.join(name)))
        .filter(|(_, path)| path.exists())
}
