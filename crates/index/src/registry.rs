//! A registry on disk: a manifest that names immutable segments.
//!
//! `registry.json` is replaced atomically; readers that opened the old one keep
//! a consistent [`Snapshot`]. A registration that dies leaves at most an unnamed
//! folder behind, which the next one removes.

mod compact;
mod history;
mod ledger;
mod manifest;
mod rewrite;
mod snapshot;

use std::fs::{self, File};
use std::path::{Path, PathBuf};

pub use compact::{Compacted, compact};
pub use history::{Action, Change, ChangeNote, SourceFile};
pub(crate) use ledger::LEDGER;
pub use ledger::{add_license, expire_license, withdraw};
pub use manifest::{Manifest, SegmentInfo, StoredFile};
pub(crate) use rewrite::Rewrite;
pub use snapshot::Snapshot;

use crate::error::{Error, Result};
use crate::segment::{self, SegmentBuilder};

/// Name of the manifest inside a registry's folder.
pub(crate) const MANIFEST: &str = "registry.json";
pub(crate) const SEGMENTS: &str = "segments";
pub(crate) const LOCK: &str = "lock";

/// A registry opened for changing; no other process can while this lives.
pub(crate) struct RegistryWriter {
    folder: PathBuf,
    manifest: Manifest,
    added: Vec<SegmentInfo>,
    _lock: File,
}

impl RegistryWriter {
    /// Opens or creates the registry in `folder` and clears away what a dead
    /// registration left.
    pub(crate) fn open(folder: &Path) -> Result<Self> {
        let segments = folder.join(SEGMENTS);
        fs::create_dir_all(&segments).map_err(Error::io(&segments))?;
        let lock_path = folder.join(LOCK);
        let lock = File::create(&lock_path).map_err(Error::io(&lock_path))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(fs::TryLockError::WouldBlock) => {
                return Err(Error::Busy {
                    path: folder.to_owned(),
                });
            }
            Err(fs::TryLockError::Error(error)) => return Err(Error::io(&lock_path)(error)),
        }
        let path = folder.join(MANIFEST);
        let manifest = if path.exists() {
            Manifest::read(&path)?
        } else {
            Manifest::default()
        };
        let writer = Self {
            folder: folder.to_owned(),
            manifest,
            added: Vec::new(),
            _lock: lock,
        };
        writer.remove_unnamed_segments()?;
        Ok(writer)
    }

    fn remove_unnamed_segments(&self) -> Result<()> {
        let segments = self.folder.join(SEGMENTS);
        for folder in fs::read_dir(&segments).map_err(Error::io(&segments))? {
            let folder = folder.map_err(Error::io(&segments))?;
            let name = folder.file_name();
            let known = self
                .manifest
                .segments
                .iter()
                .any(|known| *known.id == *name);
            if !known && folder.path().is_dir() {
                fs::remove_dir_all(folder.path()).map_err(Error::io(&segments))?;
            }
        }
        Ok(())
    }

    /// Writes a segment; it becomes visible with [`Self::publish`].
    pub(crate) fn add(&mut self, builder: SegmentBuilder) -> Result<()> {
        let temporary = self.aside()?;
        let counts = builder.write(&temporary)?;
        self.name_segment(&temporary, counts.works, counts.assets)?;
        Ok(())
    }

    /// Takes over a segment of the registry in `from` as it is; like [`Self::add`] otherwise.
    pub(crate) fn adopt(&mut self, from: &Path, info: &SegmentInfo) -> Result<()> {
        let temporary = self.aside()?;
        let segment = from.join(SEGMENTS).join(&info.id);
        for (name, path) in segment::files(&segment) {
            let copy = temporary.join(name);
            fs::copy(&path, &copy).map_err(Error::io(&path))?;
            let file = File::open(&copy).map_err(Error::io(&copy))?;
            file.sync_all().map_err(Error::io(&copy))?;
        }
        if self.name_segment(&temporary, info.works, info.assets)? != info.files {
            let detail = "its files are not those that its manifest names";
            return Err(Error::corrupt(&segment, detail));
        }
        Ok(())
    }

    /// An empty folder for a segment that is being written.
    fn aside(&self) -> Result<PathBuf> {
        let temporary = self.folder.join(SEGMENTS).join("writing");
        fs::create_dir_all(&temporary).map_err(Error::io(&temporary))?;
        Ok(temporary)
    }

    /// Gives a segment that was written aside its name; returns its files.
    fn name_segment(
        &mut self,
        temporary: &Path,
        works: u64,
        assets: u64,
    ) -> Result<Vec<StoredFile>> {
        let mut files = Vec::new();
        let mut hasher = blake3::Hasher::new();
        for (name, path) in segment::files(temporary) {
            let (blake3, bytes) = segment::file_digest(&path)?;
            hasher.update(blake3.as_bytes());
            files.push(StoredFile {
                name: name.to_owned(),
                bytes,
                blake3,
            });
        }
        // The generation keeps two segments with equal contents apart.
        hasher.update(&(self.manifest.segments.len() + self.added.len()).to_le_bytes());
        let id = hasher.finalize().to_hex()[..16].to_owned();
        let folder = self.folder.join(SEGMENTS).join(&id);
        sync_folder(temporary)?;
        fs::rename(temporary, &folder).map_err(Error::io(&folder))?;
        self.added.push(SegmentInfo {
            id,
            works,
            assets,
            files: files.clone(),
        });
        Ok(files)
    }

    /// Makes all added segments visible at once, as one change. Without segments nothing is
    /// changed.
    pub(crate) fn publish(mut self, change: Change) -> Result<()> {
        let path = self.folder.join(MANIFEST);
        if self.added.is_empty() && path.exists() {
            return Ok(());
        }
        let sum = |count: fn(&SegmentInfo) -> u64| self.added.iter().map(count).sum();
        let (works, assets) = (sum(|segment| segment.works), sum(|segment| segment.assets));
        self.write_manifest(Change {
            works,
            assets,
            ..change
        })
    }

    /// Appends the added segments and the change to the manifest, and replaces it.
    fn write_manifest(&mut self, change: Change) -> Result<()> {
        let path = self.folder.join(MANIFEST);
        sync_folder(&self.folder.join(SEGMENTS))?;
        let generation = self.manifest.generation.checked_add(1);
        self.manifest.generation =
            generation.ok_or_else(|| Error::corrupt(&path, "there is no generation after it"))?;
        self.manifest.segments.append(&mut self.added);
        // A clock that was set back must not make the history run backwards.
        let last = self.manifest.history.last().map(|last| last.at);
        self.manifest.history.push(Change {
            generation: self.manifest.generation,
            at: last.map_or(change.at, |last| last.max(change.at)),
            segments: self.manifest.segments.len() as u64,
            ..change
        });
        self.manifest.write(&path)?;
        sync_folder(&self.folder)
    }

    /// The registry as it was when opened.
    pub(crate) fn snapshot(&self) -> Result<Snapshot> {
        Snapshot::open_manifest(&self.folder, self.manifest.clone())
    }
}

/// Makes renames inside a folder durable.
fn sync_folder(folder: &Path) -> Result<()> {
    #[cfg(unix)]
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(Error::io(folder))?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

#[cfg(test)]
mod tests;
