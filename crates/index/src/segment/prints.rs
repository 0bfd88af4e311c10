//! Full fingerprints for verification, one store a medium (FORMAT.md, "Stores").

mod sliced;

use std::path::Path;

use clearance_fingerprint::audio::Peak;
use clearance_fingerprint::params;

use super::container::{Container, ContainerWriter, Section, read_u32, read_u64};
use crate::error::{Error, Result};

/// Variable-length records of one kind, addressed by (asset, record) pairs in
/// rising order of asset.
#[derive(Default)]
struct Directory {
    assets: Vec<u32>,
    starts: Vec<u64>,
}

impl Directory {
    fn add(&mut self, asset: u32, start: usize) {
        self.assets.push(asset);
        self.starts.push(start as u64);
    }

    fn asset_bytes(&self) -> Vec<u8> {
        self.assets
            .iter()
            .flat_map(|asset| asset.to_le_bytes())
            .collect()
    }

    /// The starts, followed by the end of the last record.
    fn start_bytes(&self, end: usize) -> Vec<u8> {
        let starts = self.starts.iter().copied().chain([end as u64]);
        starts.flat_map(u64::to_le_bytes).collect()
    }
}

/// A directory read back.
struct DirectoryView {
    assets: Section,
    starts: Section,
}

impl DirectoryView {
    fn open(container: &Container, assets: &str, starts: &str) -> Result<Self> {
        let view = Self {
            assets: container.section(assets)?,
            starts: container.section(starts)?,
        };
        if view.starts.len() != (view.assets.len() / 4 + 1) * 8 {
            return Err(Error::corrupt(
                container.path(),
                "the directory is incomplete",
            ));
        }
        Ok(view)
    }

    /// The range of an asset's record, in the record section's units.
    fn range(&self, container: &Container, asset: u32) -> Option<std::ops::Range<usize>> {
        let assets = container.bytes(&self.assets);
        let (mut low, mut high) = (0, assets.len() / 4);
        while low < high {
            let middle = usize::midpoint(low, high);
            if read_u32(assets, middle * 4) < asset {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        if low * 4 >= assets.len() || read_u32(assets, low * 4) != asset {
            return None;
        }
        let starts = container.bytes(&self.starts);
        let bound = |index: usize| usize::try_from(read_u64(starts, index * 8)).ok();
        Some(bound(low)?..bound(low + 1)?)
    }
}

/// A stored peak: steps since the one before (15 bits), frequency in steps (12
/// bits), rank (5 bits).
const PEAK_BYTES: usize = 4;
/// Steps since the last peak that a line can hold.
const LONGEST_STEP: u32 = 0x7fff;
/// The rank that says: no peak, time only.
const PAUSE: u32 = 31;

/// Peaks of audio assets in the making.
#[derive(Default)]
pub(crate) struct PeaksBuilder {
    directory: Directory,
    peaks: Vec<u8>,
}

impl PeaksBuilder {
    pub(crate) fn add(&mut self, asset: u32, peaks: impl Iterator<Item = Peak>) {
        self.directory.add(asset, self.peaks.len() / PEAK_BYTES);
        let mut line = |since: u32, bin: u16, rank: u32| {
            let packed = since | u32::from(bin.min(0xfff)) << 15 | rank << 27;
            self.peaks.extend_from_slice(&packed.to_le_bytes());
        };
        let mut last = 0;
        for peak in peaks {
            while peak.time - last > LONGEST_STEP {
                line(LONGEST_STEP, 0, PAUSE);
                last += LONGEST_STEP;
            }
            line(
                peak.time - last,
                peak.bin,
                u32::from(peak.rank).min(PAUSE - 1),
            );
            last = peak.time;
        }
    }

    pub(crate) fn bytes(&self) -> usize {
        self.peaks.len()
    }

    pub(crate) fn write(self, path: &Path) -> Result<()> {
        ContainerWriter::new(params::AUDIO)
            .section("assets", self.directory.asset_bytes())
            .section(
                "starts",
                self.directory.start_bytes(self.peaks.len() / PEAK_BYTES),
            )
            .section("peaks", self.peaks)
            .write(path)
    }
}

/// Stored peaks, mapped.
pub(crate) struct PeakStore {
    container: Container,
    directory: DirectoryView,
    peaks: Section,
}

impl PeakStore {
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let container = Container::open(path, params::AUDIO)?;
        Ok(Self {
            directory: DirectoryView::open(&container, "assets", "starts")?,
            peaks: container.section("peaks")?,
            container,
        })
    }

    pub(crate) fn path(&self) -> &Path {
        self.container.path()
    }

    /// The stored peaks of an asset in order of time.
    pub(crate) fn get(&self, asset: u32) -> Vec<Peak> {
        let bytes = self.container.bytes(&self.peaks);
        let range = self.directory.range(&self.container, asset).unwrap_or(0..0);
        let lines = bytes
            .get(range.start * PEAK_BYTES..range.end * PEAK_BYTES)
            .unwrap_or(&[]);
        let mut time = 0u32;
        let read = lines.chunks_exact(PEAK_BYTES).filter_map(|line| {
            let packed = read_u32(line, 0);
            time = time.saturating_add(packed & LONGEST_STEP);
            let rank = packed >> 27;
            (rank != PAUSE).then_some(Peak {
                time,
                bin: (packed >> 15 & 0xfff) as u16,
                rank: rank as u8,
            })
        });
        read.collect()
    }
}

/// Previews in the making.
#[derive(Default)]
pub(crate) struct PreviewsBuilder {
    directory: Directory,
    previews: Vec<u8>,
}

impl PreviewsBuilder {
    pub(crate) fn add(&mut self, asset: u32, preview: &[u8]) {
        self.directory.add(asset, self.previews.len());
        self.previews.extend_from_slice(preview);
    }

    pub(crate) fn bytes(&self) -> usize {
        self.previews.len()
    }

    pub(crate) fn write(self, path: &Path) -> Result<()> {
        ContainerWriter::new(params::IMAGE)
            .section("assets", self.directory.asset_bytes())
            .section("starts", self.directory.start_bytes(self.previews.len()))
            .section("jpeg", self.previews)
            .write(path)
    }
}

/// Small JPEG previews of registered pictures, for reports.
pub(crate) struct PreviewStore {
    container: Container,
    directory: DirectoryView,
    jpeg: Section,
}

impl PreviewStore {
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let container = Container::open(path, params::IMAGE)?;
        Ok(Self {
            directory: DirectoryView::open(&container, "assets", "starts")?,
            jpeg: container.section("jpeg")?,
            container,
        })
    }

    pub(crate) fn get(&self, asset: u32) -> Option<&[u8]> {
        let range = self.directory.range(&self.container, asset)?;
        let jpeg = self.container.bytes(&self.jpeg).get(range)?;
        (!jpeg.is_empty()).then_some(jpeg)
    }
}
