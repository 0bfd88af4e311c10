//! Catalog rows to a new segment.

mod fingerprints;
pub(crate) mod works;

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use clearance_decode::{
    Limits, Media, Reason, Source, Unreadable, guard, read_source, thumbnail_jpeg,
};
use clearance_rights::signals::Declaration;
use rayon::prelude::*;

use crate::asset::{Asset, asset_id};
use crate::catalog::{self, AssetSource, CatalogRow, Reject};
use crate::error::{Error, Result};
use crate::iscc::iscc;
use crate::print::{ItemPrint, Print, print_string, read_item};
use crate::registry::{Action, ChangeNote, LEDGER, RegistryWriter, SourceFile};
use crate::segment::records::JOINT;
use crate::segment::{Fingerprint, KeptTexts, SegmentBuilder, TextPrint};
use works::Works;

pub use fingerprints::{FingerprintedWork, WorkPrint, register_fingerprints};

/// Longest side of the stored previews of pictures.
const PREVIEW_SIDE_PX: u32 = 160;
/// Texts with fewer words than this cannot be told from common phrases.
const FEWEST_WORDS: f64 = 10.0;
/// Assets that are decoded at the same time, for each thread.
const ASSETS_PER_THREAD: usize = 8;
/// Assets of a catalog that are known of before any is fingerprinted.
const MOST_WAITING: usize = 100_000;
/// Bytes of texts inside a catalog that are kept until they are fingerprinted.
const WAITING_TEXT_BYTES: usize = 64 << 20;

/// Settings of a registration.
pub struct RegisterOptions<'a> {
    /// Bounds on each asset.
    pub limits: Limits,
    /// Whether small previews of pictures are kept for reports.
    pub previews: bool,
    /// What is kept of texts.
    pub texts: KeptTexts,
    /// A segment is closed when it holds this many bytes in memory.
    pub segment_bytes: usize,
    /// The name under which the statements of the catalogs are kept, for a catalog whose file has
    /// another name each time; by default each catalog's own. What is registered under a name
    /// replaces what was stated under it about the same works.
    pub source: Option<&'a str>,
    /// When, by whom and why.
    pub note: ChangeNote,
    /// Set to stop: the registry stays as it was.
    pub stop: &'a AtomicBool,
    /// Called after each batch with (assets done, assets known of so far).
    pub progress: &'a (dyn Fn(u64, u64) + Sync),
}

/// What a registration did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Registration {
    /// Works that were not in the registry.
    pub works_added: u64,
    /// Works whose description or rights changed.
    pub works_updated: u64,
    /// Works that were there already, unchanged.
    pub works_unchanged: u64,
    /// Assets that were fingerprinted and added: audio, image, text.
    pub assets_added: [u64; 3],
    /// Assets that were there already.
    pub assets_known: u64,
    /// Of the added ones, those that can be recognized only in part.
    pub assets_limited: u64,
    /// Lines and assets that could not be registered, in catalog order.
    pub rejects: Vec<Reject>,
    /// The run was stopped; nothing was registered.
    pub stopped: bool,
}

/// Registers the works of the catalogs at `paths` in the registry in the folder `registry`,
/// which is created when there is none. All of it becomes visible at once, at
/// the end; on an error or a stop the registry is what it was.
pub fn register(
    paths: &[PathBuf],
    registry: &Path,
    options: &RegisterOptions<'_>,
) -> Result<Registration> {
    check_source(registry, options.source)?;
    // A catalog that cannot be opened must not leave an empty registry behind.
    let catalogs: Vec<(CatalogPlace, catalog::Rows)> = paths
        .iter()
        .map(|path| {
            Ok((
                CatalogPlace::new(path, options.source),
                catalog::open(path)?,
            ))
        })
        .collect::<Result<_>>()?;
    let sources = paths
        .iter()
        .map(|path| SourceFile::read(path, options.source))
        .collect::<Result<Vec<_>>>()?;
    let mut writer = RegistryWriter::open(registry)?;
    let snapshot = writer.snapshot()?;
    let mut run = Run {
        known: snapshot
            .assets()
            .map(|asset| (asset.work_id.clone(), asset.digest))
            .collect(),
        works: Works::default(),
        waiting: Vec::new(),
        waiting_bytes: 0,
        done: 0,
        builder: SegmentBuilder::default(),
        result: Registration::default(),
    };
    for (place, rows) in catalogs {
        for row in rows {
            if options.stop.load(Ordering::Relaxed) {
                run.result.stopped = true;
                return Ok(run.result);
            }
            match row {
                Ok(row) => run.take(&place, row),
                Err(reject) => run.result.rejects.push(reject),
            }
            if run.is_full() && !run.add_waiting(options, &mut writer)? {
                return Ok(run.result);
            }
        }
    }
    if !run.add_waiting(options, &mut writer)? {
        return Ok(run.result);
    }
    run.works
        .finish(&snapshot, &mut run.builder, &mut run.result);
    run.result
        .rejects
        .sort_by(|a, b| (&a.catalog, a.line).cmp(&(&b.catalog, b.line)));
    if !run.builder.is_empty() {
        writer.add(run.builder)?;
    }
    writer.publish(options.note.change(Action::Register, sources))?;
    Ok(run.result)
}

/// Longest name for the statements of a catalog, in bytes.
const LONGEST_SOURCE: usize = 255;

fn check_source(registry: &Path, source: Option<&str>) -> Result<()> {
    let is_name = |name: &str| {
        !name.trim().is_empty()
            && name.len() <= LONGEST_SOURCE
            && name != LEDGER
            && !name.contains(JOINT)
            && !name.contains(char::is_control)
    };
    if source.is_none_or(is_name) {
        return Ok(());
    }
    Err(Error::Ledger {
        path: registry.to_owned(),
        detail: format!(
            "a source's name is 1 to {LONGEST_SOURCE} bytes in one line, without {JOINT:?}, and not {LEDGER:?}"
        ),
    })
}

/// A catalog's names, and the folder its paths are relative to.
struct CatalogPlace {
    /// Its file name, by which rejects are told.
    name: Arc<str>,
    /// The name under which its statements are kept.
    source: Arc<str>,
    folder: PathBuf,
}

impl CatalogPlace {
    fn new(path: &Path, source: Option<&str>) -> Self {
        let folder = if path.is_dir() {
            Some(path)
        } else {
            path.parent()
        };
        let name: Arc<str> = catalog::name(path).into();
        Self {
            source: source.map_or_else(|| name.clone(), Arc::from),
            name,
            folder: folder.map(Path::to_owned).unwrap_or_default(),
        }
    }

    /// A path as the catalog spells it, so that a registry does not depend on
    /// where the catalog lay.
    fn relative(&self, file: &Path) -> String {
        let relative = file.strip_prefix(&self.folder).unwrap_or(file);
        relative.to_string_lossy().replace('\\', "/")
    }
}

/// One asset to register.
struct Task {
    catalog: String,
    line: u64,
    work_id: String,
    role: String,
    media: Option<Media>,
    path: String,
    source: Source,
    /// The catalog itself says that it is text: no other format is looked for in it.
    is_text: bool,
}

enum Outcome {
    Fresh(Box<Asset>, Fingerprint),
    Known,
    Rejected(String),
}

struct Run {
    /// (work, digest) of every asset that is registered already.
    known: HashSet<(String, [u8; 32])>,
    works: Works,
    /// Assets of rows that were read, and not yet fingerprinted: a catalog's rows are not all
    /// kept, for it may hold the texts themselves.
    waiting: Vec<Task>,
    waiting_bytes: usize,
    done: u64,
    builder: SegmentBuilder,
    result: Registration,
}

impl Run {
    fn take(&mut self, place: &CatalogPlace, row: CatalogRow) {
        if let AssetSource::Inline(text) = &row.asset {
            self.waiting_bytes += text.len();
        }
        self.waiting.extend(self.works.take(place, row));
    }

    fn is_full(&self) -> bool {
        self.waiting.len() >= MOST_WAITING || self.waiting_bytes >= WAITING_TEXT_BYTES
    }

    /// Fingerprints what waits. False when it was stopped before the end.
    fn add_waiting(
        &mut self,
        options: &RegisterOptions<'_>,
        writer: &mut RegistryWriter,
    ) -> Result<bool> {
        let waiting = std::mem::take(&mut self.waiting);
        self.waiting_bytes = 0;
        let total = self.done + waiting.len() as u64;
        for batch in waiting.chunks(ASSETS_PER_THREAD * rayon::current_num_threads()) {
            if options.stop.load(Ordering::Relaxed) {
                self.result.stopped = true;
                return Ok(false);
            }
            self.add_batch(batch, options, writer)?;
            self.done += batch.len() as u64;
            (options.progress)(self.done, total);
        }
        Ok(true)
    }

    fn add_batch(
        &mut self,
        batch: &[Task],
        options: &RegisterOptions<'_>,
        writer: &mut RegistryWriter,
    ) -> Result<()> {
        let known = &self.known;
        let outcomes: Vec<Outcome> = batch
            .par_iter()
            .map(|task| {
                read_asset(task, known, options)
                    .unwrap_or_else(|why| Outcome::Rejected(why.to_string()))
            })
            .collect();
        for (task, outcome) in batch.iter().zip(outcomes) {
            match outcome {
                Outcome::Fresh(asset, fingerprint) => {
                    self.works.has_asset(&task.work_id);
                    // The same file twice in one catalog is still one asset.
                    if self.known.insert((asset.work_id.clone(), asset.digest)) {
                        self.result.assets_added[asset.media as usize] += 1;
                        self.result.assets_limited += u64::from(asset.partial.is_some());
                        self.builder.add_asset(*asset, fingerprint);
                        if self.builder.is_full() || self.builder.bytes() > options.segment_bytes {
                            writer.add(std::mem::take(&mut self.builder))?;
                        }
                    } else {
                        self.result.assets_known += 1;
                    }
                }
                Outcome::Known => {
                    self.works.has_asset(&task.work_id);
                    self.result.assets_known += 1;
                }
                Outcome::Rejected(reason) => self.result.rejects.push(Reject {
                    catalog: task.catalog.clone(),
                    line: task.line,
                    work_id: Some(task.work_id.clone()),
                    path: Some(task.path.clone()),
                    reason,
                }),
            }
        }
        Ok(())
    }
}

fn read_asset(
    task: &Task,
    known: &HashSet<(String, [u8; 32])>,
    options: &RegisterOptions<'_>,
) -> std::result::Result<Outcome, Unreadable> {
    let bytes = read_source(&task.source, &options.limits)?;
    let digest = *blake3::hash(&bytes).as_bytes();
    if known.contains(&(task.work_id.clone(), digest)) {
        return Ok(Outcome::Known);
    }
    let (printed, declarations) = print_asset(task, &bytes, &options.limits)?;
    if let Some(reason) = unfit(task, &printed.print) {
        return Ok(Outcome::Rejected(reason));
    }
    let asset = Asset {
        asset_id: asset_id(&task.work_id, &digest),
        work_id: task.work_id.clone(),
        media: printed.print.media(),
        role: task.role.clone(),
        path: task.path.clone(),
        digest,
        bytes: bytes.len() as u64,
        extent: printed.print.extent(),
        partial: limited(&printed),
        codes: None,
        declarations,
        iscc: iscc(&printed.print, Some(&bytes), &options.limits),
    };
    Ok(fresh(asset, printed, &bytes, options))
}

/// The fingerprint of an asset, and what its file declares about its own use.
fn print_asset(
    task: &Task,
    bytes: &Bytes,
    limits: &Limits,
) -> std::result::Result<(ItemPrint, Vec<Declaration>), Unreadable> {
    if !task.is_text {
        let read = read_item(bytes, Some(&task.path), task.media, true, None, limits);
        return Ok((read.print?, read.embedded.declarations));
    }
    if bytes.len() as u64 > limits.text_bytes {
        let detail = format!(
            "{} bytes of text, {} allowed",
            bytes.len(),
            limits.text_bytes
        );
        return Err(Unreadable::new(Reason::Limit, detail));
    }
    let text = String::from_utf8_lossy(bytes).into_owned();
    guard(|| Ok((print_string(text), Vec::new())))
}

/// A picture with fewer local points is not found by them.
const FEWEST_POINTS: usize = 12;

/// Why an asset can be recognized only in part.
fn limited(printed: &ItemPrint) -> Option<String> {
    match &printed.print {
        Print::Image { print, .. }
            if !print.is_distinctive() && print.points.len() < FEWEST_POINTS =>
        {
            let pattern = if print.hash.is_pattern() {
                ", a hash that any spot or box in its place has"
            } else {
                ""
            };
            Some(format!(
                "too little structure to compare (quality {}, {} firm bits, {} points{pattern}): found by identical bytes only",
                print.structure.quality,
                print.structure.firm_bits,
                print.points.len()
            ))
        }
        _ => printed.partial.clone(),
    }
}

/// Why an asset, although readable, cannot be found again.
fn unfit(task: &Task, print: &Print) -> Option<String> {
    if let Some(media) = task.media.filter(|&media| media != print.media()) {
        return Some(format!(
            "the catalog says {media}, the file is {}",
            print.media()
        ));
    }
    match print {
        Print::Audio(print) if print.peaks.is_empty() => {
            Some("silence: nothing in it to recognize".to_owned())
        }
        Print::Text { .. } if print.extent() < FEWEST_WORDS => {
            Some(format!("{} words are too few to recognize", print.extent()))
        }
        _ => None,
    }
}

fn fresh(
    mut asset: Asset,
    printed: ItemPrint,
    bytes: &Bytes,
    options: &RegisterOptions<'_>,
) -> Outcome {
    let fingerprint = match printed.print {
        Print::Audio(print) => Fingerprint::audio(print),
        Print::Text { text } => Fingerprint::Text(TextPrint::new(text, options.texts)),
        Print::Image {
            print,
            further,
            codes,
            ..
        } => {
            asset.codes = codes.map(|codes| (codes.gradient, codes.dct_mean));
            let preview = options
                .previews
                .then(|| thumbnail_jpeg(bytes, PREVIEW_SIDE_PX, &options.limits).ok())
                .flatten();
            let mut prints = vec![print];
            prints.extend(further);
            Fingerprint::Image {
                prints,
                preview: preview.unwrap_or_default(),
            }
        }
    };
    Outcome::Fresh(Box::new(asset), fingerprint)
}

/// The assets of a catalog row.
fn tasks(catalog: &CatalogPlace, row: &CatalogRow) -> Vec<Task> {
    let task = |path: String, source, is_text| Task {
        catalog: catalog.name.to_string(),
        line: row.line,
        work_id: row.work.work_id.clone(),
        role: row.role.clone(),
        media: row.media,
        path,
        source,
        is_text,
    };
    match &row.asset {
        AssetSource::None => Vec::new(),
        AssetSource::Inline(text) => {
            let bytes = Bytes::from(text.clone().into_bytes());
            vec![task(
                format!("line-{}.txt", row.line),
                Source::Bytes(bytes),
                true,
            )]
        }
        AssetSource::Files(files) => files
            .iter()
            .map(|file| task(catalog.relative(file), Source::File(file.clone()), false))
            .collect(),
    }
}

#[cfg(test)]
mod tests;
