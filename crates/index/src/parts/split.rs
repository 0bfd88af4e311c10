//! A registry to its directory and its parts.

use std::fs;
use std::ops::Range;
use std::path::Path;

use super::division::{Division, KEPT_KEYS, KEPT_LANDMARKS, KEPT_SEEDS, SegmentDivision};
use super::held::{Described, folder_of};
use super::{DIRECTORY, DIVISION, WHOLE, is_divided, unfit};
use crate::error::{Error, Result};
use crate::registry::{MANIFEST, SEGMENTS, Snapshot};
use crate::segment::{Segment, SegmentBuilder};

/// A part that was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SplitPart {
    /// Which one, from 0.
    pub number: usize,
    /// Bytes of its files.
    pub bytes: u64,
    /// Whether it was there already.
    pub was_there: bool,
}

/// Divides the registry in `registry` into `parts` parts in `folder`. Where that holds a division of the
/// same registry into as many parts, only what is missing is written. `only` writes one part alone, beside
/// the directory.
///
/// # Errors
///
/// [`Error::Ledger`] for a folder that holds another division, and for a part that is none.
pub fn split_registry(
    registry: &Path,
    folder: &Path,
    parts: usize,
    only: Option<usize>,
) -> Result<Vec<SplitPart>> {
    let snapshot = Snapshot::open(registry)?;
    if snapshot.parts().is_some() {
        return Err(unfit(
            registry,
            "divided already: divide the registry it was made of",
        ));
    }
    if is_divided(folder) {
        let known = Division::read(folder)?;
        if known.parts != parts || known.registry != snapshot.manifest().digest() {
            let detail =
                "holds another registry's parts, or another number of them: choose another folder";
            return Err(unfit(folder, detail));
        }
    } else {
        let division = Division::new(&snapshot, folder, parts)?;
        write_directory(&snapshot, registry, folder)?;
        let json = serde_json::to_vec_pretty(&division)
            .map_err(|error| Error::corrupt(&folder.join(DIVISION), error.to_string()))?;
        publish(&folder.join(DIVISION), &json)?;
    }
    let division = Division::read(folder)?;
    if let Some(number) = only.filter(|number| *number >= parts) {
        let detail = format!(
            "there is no part {number}: they are numbered 0 to {}",
            parts - 1
        );
        return Err(unfit(folder, detail));
    }
    let chosen = (0..parts).filter(|number| only.is_none_or(|only| only == *number));
    chosen
        .map(|number| write(&snapshot, folder, &division, number))
        .collect()
}

/// Writes part `number` of a registry that is divided already, unless it is there.
///
/// # Errors
///
/// [`Error::Ledger`] when the registry has changed since it was divided.
pub fn write_part(registry: &Path, folder: &Path, number: usize) -> Result<SplitPart> {
    let division = Division::read(folder)?;
    let mut written = split_registry(registry, folder, division.parts, Some(number))?;
    written
        .pop()
        .ok_or_else(|| unfit(folder, format!("there is no part {number}")))
}

fn write(
    snapshot: &Snapshot,
    folder: &Path,
    division: &Division,
    number: usize,
) -> Result<SplitPart> {
    let own = folder_of(folder, number);
    let described = Described {
        registry: division.registry.clone(),
        part: number,
        of: division.parts,
    };
    if own.join(WHOLE).exists() {
        return Ok(SplitPart {
            number,
            bytes: bytes_in(&own)?,
            was_there: true,
        });
    }
    if own.exists() {
        // What a writer left that came to no end.
        fs::remove_dir_all(&own).map_err(Error::io(&own))?;
    }
    for ((_, segment), cuts) in snapshot.segments().zip(&division.segments) {
        let to = own.join(SEGMENTS).join(&cuts.id);
        fs::create_dir_all(&to).map_err(Error::io(&to))?;
        write_segment(segment, cuts, number, &to)?;
    }
    let json = serde_json::to_vec(&described)
        .map_err(|error| Error::corrupt(&own.join(WHOLE), error.to_string()))?;
    fs::create_dir_all(&own).map_err(Error::io(&own))?;
    publish(&own.join(WHOLE), &json)?;
    Ok(SplitPart {
        number,
        bytes: bytes_in(&own)?,
        was_there: false,
    })
}

fn write_segment(segment: &Segment, cuts: &SegmentDivision, part: usize, to: &Path) -> Result<()> {
    let range = |bounds: &[u64]| -> Range<usize> {
        let bound = |at: usize| bounds.get(at).copied().unwrap_or(0) as usize;
        bound(part)..bound(part + 1)
    };
    let file = |name: &str| to.join(name);
    let assets = range(&cuts.assets);
    let assets = assets.start as u32..assets.end as u32;
    let (pictures, texts) = (&segment.pictures, &segment.texts);
    let landmarks = range(&cuts.landmarks.bounds);
    segment
        .audio
        .write_slice(landmarks, KEPT_LANDMARKS, &file("audio.postings"))?;
    segment
        .peaks
        .write_slice(assets.clone(), &file("audio.peaks"))?;
    pictures.write_slice(range(&cuts.pictures), &file("image.pictures"))?;
    pictures.write_chunks_slice(range(&cuts.chunks), &file("image.chunks"))?;
    pictures.write_keys_slice(range(&cuts.keys.bounds), KEPT_KEYS, &file("image.keys"))?;
    texts.write_seeds_slice(range(&cuts.seeds.bounds), KEPT_SEEDS, &file("text.seeds"))?;
    texts.write_slice(&assets, &file("text.texts"))
}

/// Writes what every process that searches opens: the records of works, rights and assets, and where
/// each recording and text begins. The other files are empty.
fn write_directory(snapshot: &Snapshot, registry: &Path, folder: &Path) -> Result<()> {
    let directory = folder.join(DIRECTORY);
    if directory.exists() {
        fs::remove_dir_all(&directory).map_err(Error::io(&directory))?;
    }
    let infos = &snapshot.manifest().segments;
    for ((_, segment), info) in snapshot.segments().zip(infos) {
        let to = directory.join(SEGMENTS).join(&info.id);
        fs::create_dir_all(&to).map_err(Error::io(&to))?;
        SegmentBuilder::default().write(&to)?;
        let from = registry.join(SEGMENTS).join(&info.id);
        for name in ["works.parquet", "rights.parquet", "assets.parquet"] {
            let path = from.join(name);
            fs::copy(&path, to.join(name)).map_err(Error::io(&path))?;
        }
        segment.audio.write_timeline(&to.join("audio.postings"))?;
        segment.texts.write_beginnings(&to.join("text.texts"))?;
    }
    fs::create_dir_all(&directory).map_err(Error::io(&directory))?;
    snapshot.manifest().write(&directory.join(MANIFEST))
}

/// Writes a file so that it is there whole or not at all.
fn publish(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut writing = path.as_os_str().to_owned();
    writing.push(".writing");
    let writing = Path::new(&writing);
    fs::write(writing, bytes)
        .and_then(|()| fs::File::open(writing)?.sync_all())
        .and_then(|()| fs::rename(writing, path))
        .map_err(Error::io(path))
}

fn bytes_in(folder: &Path) -> Result<u64> {
    let mut bytes = 0;
    for found in fs::read_dir(folder).map_err(Error::io(folder))? {
        let found = found.map_err(Error::io(folder))?;
        let data = found.metadata().map_err(Error::io(&found.path()))?;
        bytes += if data.is_dir() {
            bytes_in(&found.path())?
        } else {
            data.len()
        };
    }
    Ok(bytes)
}
