//! A consistent, read-only view of a registry.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::OnceLock;

use chrono::{DateTime, Utc};
use clearance_rights::Identifier;
use rayon::prelude::*;

use super::history::too_early;
use super::manifest::{Manifest, SegmentInfo, StoredFile};
use super::{MANIFEST, SEGMENTS};
use crate::asset::{Asset, AssetRef};
use crate::error::{Error, Result};
use crate::parts::{self, Parts};
use crate::segment::records::WorkRecord;
use crate::segment::{Segment, TextCache, file_digest};

/// Everything a scan needs of a registry, as it stood when it was opened.
pub struct Snapshot {
    manifest: Manifest,
    segments: Vec<Segment>,
    /// Where the newest record of each work is: segment, place.
    works: BTreeMap<String, (usize, usize)>,
    identical: HashMap<[u8; 32], Vec<AssetRef>>,
    text_cache: TextCache,
    /// Who looks up and verifies, where this is the directory of a registry in parts.
    parts: Option<Parts>,
    /// Works by their identifiers; made when it is first asked for.
    identifiers: OnceLock<HashMap<Identifier, Vec<String>>>,
}

impl Snapshot {
    /// Opens the registry in `folder`, mapping and checking every segment.
    ///
    /// A folder with a registry in parts (`clearance registry split`) is opened, too: its directory is
    /// read, and its parts are asked ([`crate::set_exchange`]).
    pub fn open(folder: &Path) -> Result<Self> {
        if parts::is_divided(folder) {
            return Self::open_divided(folder);
        }
        let path = folder.join(MANIFEST);
        let manifest = Manifest::read(&path)?;
        let generation = manifest.generation;
        Self::open_manifest(folder, manifest).or_else(|error| {
            // A compaction may have removed what the manifest named a moment ago.
            let newer = Manifest::read(&path)?;
            if newer.generation == generation {
                return Err(error);
            }
            Self::open_manifest(folder, newer)
        })
    }

    fn open_divided(folder: &Path) -> Result<Self> {
        let directory = folder.join(parts::DIRECTORY);
        let manifest = Manifest::read(&directory.join(MANIFEST))?;
        let parts = Parts::open(folder)?;
        let segments = open_segments(&manifest, |info| {
            let own = directory.join(SEGMENTS).join(&info.id);
            // What is binary in it is not what the manifest names, and checks itself.
            open_segment(&own, info, |file| file.name.ends_with(".parquet"))
        })?;
        let mut opened = Self::of_segments(manifest, segments);
        if parts.registry() != opened.manifest.digest() {
            let detail = "the directory and the parts are of two registries: divide it again";
            return Err(parts::unfit(folder, detail));
        }
        opened.parts = Some(parts);
        Ok(opened)
    }

    pub(super) fn open_manifest(folder: &Path, manifest: Manifest) -> Result<Self> {
        let segments = open_segments(&manifest, |info| {
            open_segment(&folder.join(SEGMENTS).join(&info.id), info, |_| true)
        })?;
        Ok(Self::of_segments(manifest, segments))
    }

    fn of_segments(manifest: Manifest, segments: Vec<Segment>) -> Self {
        let mut works = BTreeMap::new();
        for (number, segment) in segments.iter().enumerate() {
            for (place, record) in segment.works.iter().enumerate() {
                works.insert(record.work.work_id.clone(), (number, place));
            }
        }
        let is_listed = |work_id: &str| {
            let place: Option<&(usize, usize)> = works.get(work_id);
            place.is_some_and(|&(segment, place)| !segments[segment].works[place].withdrawn)
        };
        let mut identical: HashMap<[u8; 32], Vec<AssetRef>> = HashMap::new();
        for (number, segment) in segments.iter().enumerate() {
            let assets = segment.assets.iter().enumerate();
            for (asset, known) in assets.filter(|(_, asset)| is_listed(&asset.work_id)) {
                identical.entry(known.digest).or_default().push(AssetRef {
                    segment: number as u32,
                    asset: asset as u32,
                });
            }
        }
        Self {
            manifest,
            segments,
            works,
            identical,
            text_cache: TextCache::default(),
            parts: None,
            identifiers: OnceLock::new(),
        }
    }

    /// Opens the registry in `folder` as it stood at `when`.
    pub fn open_at(folder: &Path, when: DateTime<Utc>) -> Result<Self> {
        if parts::is_divided(folder) {
            let detail = "a registry in parts is what it was when it was divided: ask the registry it was made of how it stood before";
            return Err(parts::unfit(folder, detail));
        }
        let manifest = Manifest::read(&folder.join(MANIFEST))?;
        let first = manifest.first_state().cloned();
        let manifest = manifest
            .at(when)
            .ok_or_else(|| too_early(folder, first.as_ref()))?;
        Self::open_manifest(folder, manifest)
    }

    /// The manifest this snapshot was opened from.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Number of works that are not withdrawn.
    pub fn work_count(&self) -> usize {
        self.works().count()
    }

    /// Number of their assets.
    pub fn asset_count(&self) -> usize {
        let listed = |asset: &&Asset| self.work(&asset.work_id).is_some();
        self.assets().filter(listed).count()
    }

    /// The newest record of a work that is not withdrawn.
    pub fn work(&self, work_id: &str) -> Option<&WorkRecord> {
        self.record(work_id).filter(|record| !record.withdrawn)
    }

    /// The newest record of a work, even of one that is withdrawn.
    pub fn record(&self, work_id: &str) -> Option<&WorkRecord> {
        let &(segment, place) = self.works.get(work_id)?;
        self.segments[segment].works.get(place)
    }

    /// All works that are not withdrawn, in order of id, each with its newest record.
    pub fn works(&self) -> impl Iterator<Item = &WorkRecord> {
        self.records().filter(|record| !record.withdrawn)
    }

    /// All works, withdrawn ones too, in order of id, each with its newest record.
    pub fn records(&self) -> impl Iterator<Item = &WorkRecord> {
        let places = self.works.values();
        places.filter_map(|&(segment, place)| self.segments[segment].works.get(place))
    }

    /// All assets, those of withdrawn works too, in order of registration.
    pub fn assets(&self) -> impl Iterator<Item = &Asset> {
        self.segments.iter().flat_map(|segment| &segment.assets)
    }

    /// Whether this registry recognizes exactly what it recognized in an earlier `generation` with
    /// this `digest` of its manifest: since then no asset was added, no work withdrawn, and none
    /// brought back. Rights may have changed.
    pub fn recognizes_as_in(&self, generation: u64, digest: &str) -> bool {
        let first = self.manifest.first_state();
        // A compaction leaves what is recognized as it was.
        let replaced = first.filter(|first| {
            first.replaced.as_deref() == Some(digest) && first.generation == generation + 1
        });
        let generation = replaced.map_or(generation, |first| first.generation);
        let before = self.manifest.clone().at_generation(generation);
        let Some(before) = before.filter(|before| replaced.is_some() || before.digest() == digest)
        else {
            return false;
        };
        let (before, since) = self.segments.split_at(before.segments.len());
        let was_withdrawn = |work_id: &str| {
            let mut records = before.iter().rev().flat_map(|segment| &segment.works);
            let record = records.find(|record| record.work.work_id == work_id);
            record.map(|record| record.withdrawn)
        };
        since.iter().all(|segment| segment.assets.is_empty())
            && since
                .iter()
                .flat_map(|segment| &segment.works)
                .all(|record| {
                    let work_id = &record.work.work_id;
                    let now = self.record(work_id).map(|record| record.withdrawn);
                    was_withdrawn(work_id) == now
                })
    }

    /// Each record that a work ever had, oldest first, with the generation it came with.
    pub fn history_of(&self, work_id: &str) -> Vec<(u64, &WorkRecord)> {
        let mut found = Vec::new();
        let first = self.manifest.first_state();
        let first = first.map_or(0, |first| first.generation);
        for (number, segment) in (0u64..).zip(&self.segments) {
            let mut changes = self.manifest.history.iter();
            let change =
                changes.find(|change| change.generation >= first && change.segments > number);
            let generation = change.map_or(0, |change| change.generation);
            let records = segment.works.iter();
            let of_work = records.filter(|record| record.work.work_id == work_id);
            found.extend(of_work.map(|record| (generation, record)));
        }
        found
    }

    /// A registered asset.
    pub fn asset(&self, asset: AssetRef) -> Option<&Asset> {
        let segment = self.segments.get(asset.segment as usize)?;
        segment.assets.get(asset.asset as usize)
    }

    /// A small JPEG of a registered picture, when the registry carries previews.
    pub fn preview(&self, asset: AssetRef) -> Option<&[u8]> {
        let segment = self.segments.get(asset.segment as usize)?;
        segment.previews.as_ref()?.get(asset.asset)
    }

    /// The assets whose files have exactly these bytes (BLAKE3 digest).
    pub fn identical(&self, digest: &[u8; 32]) -> &[AssetRef] {
        self.identical.get(digest).map_or(&[], Vec::as_slice)
    }

    /// The works that are not withdrawn and carry this identifier, in order of id.
    pub fn works_with(&self, identifier: &Identifier) -> &[String] {
        let known = self.identifiers.get_or_init(|| {
            let mut known: HashMap<Identifier, Vec<String>> = HashMap::new();
            for record in self.works() {
                for identifier in &record.work.identifiers {
                    let works = known.entry(identifier.clone()).or_default();
                    works.push(record.work.work_id.clone());
                }
            }
            known
        });
        known.get(identifier).map_or(&[], Vec::as_slice)
    }

    /// Who looks up and verifies, where the registry is in parts.
    pub(crate) fn parts(&self) -> Option<&Parts> {
        self.parts.as_ref()
    }

    /// Why a part of the registry did not answer, if one did not: what was found since then does not
    /// count, and nothing is found from then on.
    pub fn trouble(&self) -> Option<String> {
        self.parts.as_ref().and_then(Parts::trouble)
    }

    /// Parts of registered texts that were read already.
    pub(crate) fn text_cache(&self) -> &TextCache {
        &self.text_cache
    }

    /// Bytes of all files of a segment.
    pub(crate) fn stored_bytes(&self, segment: u32) -> u64 {
        let segment = self.manifest.segments.get(segment as usize);
        let files = segment.into_iter().flat_map(|segment| &segment.files);
        files.map(|file| file.bytes).sum()
    }

    pub(crate) fn segments(&self) -> impl Iterator<Item = (u32, &Segment)> {
        (0..).zip(&self.segments)
    }
}

/// All segments, or what is wrong with the first that has something: not with the one that was found first,
/// which would be another on each run.
fn open_segments(
    manifest: &Manifest,
    open: impl Fn(&SegmentInfo) -> Result<Segment> + Sync + Send,
) -> Result<Vec<Segment>> {
    let opened: Vec<Result<Segment>> = manifest.segments.par_iter().map(open).collect();
    opened.into_iter().collect()
}

fn open_segment(
    folder: &Path,
    info: &SegmentInfo,
    is_stored: impl Fn(&StoredFile) -> bool,
) -> Result<Segment> {
    for file in info.files.iter().filter(|file| is_stored(file)) {
        let path = folder.join(&file.name);
        let length = std::fs::metadata(&path).map_err(Error::io(&path))?.len();
        if length != file.bytes {
            let detail = format!("{length} bytes long, registered with {}", file.bytes);
            return Err(Error::corrupt(&path, detail));
        }
        // The binary files carry their own checksums; Parquet does not.
        if file.name.ends_with(".parquet") && file_digest(&path)?.0 != file.blake3 {
            return Err(Error::corrupt(
                &path,
                "its digest is not the registered one",
            ));
        }
    }
    Segment::open(folder)
}
