//! What a report shows of recordings, taken from the files again: bytes to play, and spectrograms.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clearance_decode::{Limits, Source};
use clearance_index::asset_id;
use clearance_report::{Spectrograms, findings_to_hear};
use clearance_scan::{Finding, item_bytes, item_spectrograms, spectrogram_jpeg};

use super::dataset::Scanned;
use crate::ui::{Ui, count};

/// Recordings that are read at most.
const MOST_RECORDINGS: usize = 128;
/// The share of the room that one may take.
const SHARE_OF_ROOM: usize = 4;
/// Files that are looked through for registered recordings.
const MOST_FILES: usize = 1_000_000;
/// Folders within folders.
const DEEPEST: usize = 32;

/// Digests and bytes of the items that a page should be able to play, strongest first.
pub(super) fn to_hear(
    out: &Path,
    scanned: &Scanned,
    room: usize,
    ui: &Ui,
) -> anyhow::Result<Vec<(String, Vec<u8>)>> {
    let findings = findings_to_hear(out, MOST_RECORDINGS)?;
    let wanted: Vec<&Finding> = findings.iter().collect();
    let (options, most) = (&scanned.options, room / SHARE_OF_ROOM);
    let found = item_bytes(
        &scanned.plan,
        &wanted,
        &options.limits,
        &options.media_roots,
        most,
    )?;
    let recordings: Vec<(String, Vec<u8>)> = found
        .into_iter()
        .map(|(number, bytes)| (findings[number].item_digest.clone(), bytes.to_vec()))
        .collect();
    if recordings.len() < findings.len() {
        let left_out = (findings.len() - recordings.len()) as u64;
        ui.warn(&format!(
            "{} left out: changed, gone, or longer than a quarter of --embed-mb",
            count(left_out, "recording")
        ));
    }
    Ok(recordings)
}

/// Spectrograms of findings in recordings, by their ids: of the items, and of those registered
/// recordings that are found below `works`.
pub(super) fn spectrograms(
    findings: &[Finding],
    scanned: &Scanned,
    works: &[PathBuf],
    ui: &Ui,
) -> anyhow::Result<BTreeMap<String, Spectrograms>> {
    let wanted: Vec<&Finding> = findings.iter().collect();
    let mut items = item_spectrograms(&scanned.plan, &wanted, &scanned.options)?;
    let files = registered_files(findings, works)?;
    let mut drawn = BTreeMap::new();
    let mut absent = [0u64; 2];
    for (number, finding) in findings.iter().enumerate() {
        let file = files.get(&finding.asset_id);
        let span = finding.work_start.zip(finding.work_end);
        let work = file.zip(span).and_then(|(file, span)| {
            let source = Source::File(file.clone());
            spectrogram_jpeg(&source, span, &Limits::default()).ok()
        });
        let item = items.remove(&number);
        absent[0] += u64::from(item.is_none());
        absent[1] += u64::from(work.is_none());
        drawn.insert(finding.finding_id.clone(), Spectrograms { item, work });
    }
    if absent[0] > 0 {
        let items = count(absent[0], "spectrogram");
        ui.warn(&format!("{items} of items left out: changed or gone"));
    }
    if absent[1] > 0 {
        let recordings = count(absent[1], "spectrogram");
        let hint = if works.is_empty() {
            "give their folder with --works"
        } else {
            "they are not below --works, or have changed"
        };
        ui.warn(&format!(
            "{recordings} of registered recordings left out: {hint}"
        ));
    }
    Ok(drawn)
}

/// Where registered recordings lie, by the ids of their assets. An asset's id follows from its work
/// and the bytes of its file, so files may have been moved and renamed.
fn registered_files(
    findings: &[Finding],
    works: &[PathBuf],
) -> anyhow::Result<BTreeMap<String, PathBuf>> {
    let mut wanted: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for finding in findings {
        let assets = wanted.entry(&finding.asset_id).or_default();
        assets.insert(&finding.work_id);
    }
    let mut files = Vec::new();
    for path in works {
        collect(path, 0, &mut files)?;
    }
    let mut found = BTreeMap::new();
    for file in files {
        if found.len() == wanted.len() {
            break;
        }
        let digest = clearance_scan::file_digest(&file)?;
        for (asset, works) in &wanted {
            if works.iter().any(|work| asset_id(work, &digest) == *asset) {
                found.insert((*asset).to_owned(), file.clone());
            }
        }
    }
    Ok(found)
}

/// The files in a folder and in those below it, or the file itself.
fn collect(path: &Path, depth: usize, files: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    let about = || path.display().to_string();
    if !fs::metadata(path).with_context(about)?.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    if depth > DEEPEST || files.len() > MOST_FILES {
        bail!(
            "{}: too many files or folders: give the folder of the recordings",
            about()
        );
    }
    let names = fs::read_dir(path).with_context(about)?;
    let mut below: Vec<PathBuf> = names
        .map(|name| Ok(name?.path()))
        .collect::<std::io::Result<_>>()
        .with_context(about)?;
    below.sort();
    for path in below {
        collect(&path, depth + 1, files)?;
    }
    Ok(())
}
