//! Which dataset file goes where, and whether it is the one that was scanned.

use std::path::{Path, PathBuf};

use clearance_scan::{FileTotals, Plan, PlannedFile};

use crate::error::{Error, Result};
use crate::summary::Summary;

/// A dataset file, its name in the scan, and its place in the copy.
#[derive(Clone, Debug)]
pub(super) struct Target {
    pub(super) file: PlannedFile,
    pub(super) from: PathBuf,
    /// As the findings name it.
    pub(super) scanned_as: String,
    /// Below the folder of the copy.
    pub(super) place: PathBuf,
}

/// Every file of the plan with its place. `inputs` are what the plan was made of. Refuses files that
/// were not scanned, that changed since, or that would have the same place.
pub(super) fn targets(plan: &Plan, inputs: &[PathBuf], summary: &Summary) -> Result<Vec<Target>> {
    let mut targets: Vec<Target> = Vec::new();
    let mut used = vec![false; summary.totals.files.len()];
    for file in &plan.files {
        if file.is_printed() {
            let detail = "a fingerprint table; give the dataset that it was made of";
            return Err(Error::refused(&file.path, detail));
        }
        let scanned = scanned_as(file, summary, &mut used)?;
        let place = place(&file.path, inputs);
        if let Some(other) = targets.iter().find(|other| other.place == place) {
            let detail = format!("would have the same place as {}", other.from.display());
            return Err(Error::refused(&file.path, detail));
        }
        targets.push(Target {
            file: file.clone(),
            from: file.path.clone(),
            scanned_as: scanned.file.clone(),
            place,
        });
    }
    Ok(targets)
}

/// The scanned file that a file is: of the same name and contents.
fn scanned_as<'a>(
    file: &PlannedFile,
    summary: &'a Summary,
    used: &mut [bool],
) -> Result<&'a FileTotals> {
    let last = |name: &str| name.rsplit('/').next().unwrap_or(name).to_owned();
    let name = last(&file.name);
    let named = summary.totals.files.iter().enumerate();
    let mut named: Vec<_> = named.filter(|(_, said)| last(&said.file) == name).collect();
    if named.is_empty() {
        let detail = "was not part of the scan";
        return Err(Error::refused(&file.path, detail));
    }
    named.retain(|(place, said)| {
        !used[*place]
            && said.bytes == file.identity.bytes
            && said.footer_blake3 == file.identity.footer_blake3
    });
    let best = named
        .into_iter()
        .max_by_key(|(_, said)| crate::verify::common_ending(&said.file, &file.name));
    let changed = || Error::refused(&file.path, "changed since the scan; scan it again");
    let (place, said) = best.ok_or_else(changed)?;
    if let Some(digest) = &said.blake3
        && file.blake3()? != *digest
    {
        return Err(changed());
    }
    used[place] = true;
    Ok(said)
}

/// Where a file stands below the input that led to it.
fn place(path: &Path, inputs: &[PathBuf]) -> PathBuf {
    let below = inputs.iter().filter_map(|input| {
        let folder = if input.is_dir() {
            input.clone()
        } else {
            fixed_part(input)?
        };
        let below = path.strip_prefix(folder).ok()?;
        (!below.as_os_str().is_empty()).then(|| below.to_owned())
    });
    below
        .max_by_key(|below| below.components().count())
        .unwrap_or_else(|| path.file_name().unwrap_or_default().into())
}

/// The folders of a pattern before its first wildcard; nothing for a file.
fn fixed_part(input: &Path) -> Option<PathBuf> {
    if input.is_file() {
        return None;
    }
    let fixed = input.components().take_while(|part| {
        let part = part.as_os_str().to_string_lossy();
        !part.contains(['*', '?', '['])
    });
    Some(fixed.collect())
}
