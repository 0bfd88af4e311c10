//! Single items of a dataset, read again: their bytes, or what a report shows of a finding.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use bytes::Bytes;
use clearance_decode::Limits;
use clearance_index::Snapshot;
use crossbeam_channel::Receiver;

use crate::error::Result;
use crate::finding::{Exhibit, Finding, Place, judge};
use crate::pipeline::{Examine, Gathered, Message, Watch, run};
use crate::plan::{Plan, ScanOptions};
use crate::progress::Progress;
use crate::reading::{Contents, Reader};
use crate::sampling::{Sample, Sampling};
use crate::schema::MediaColumn;
use crate::source::Item;
use crate::worker::{Examined, Examiner, Kept, Outcome};

/// Reads the items of these findings again, as they are stored. Those that are longer than
/// `most_bytes`, that are not there any more, or whose bytes have changed are left out. The
/// results are by the findings' places in the list.
pub fn item_bytes(
    plan: &Plan,
    findings: &[&Finding],
    limits: &Limits,
    media_roots: &[PathBuf],
    most_bytes: usize,
) -> Result<BTreeMap<usize, Bytes>> {
    let limits = Limits {
        item_bytes: limits.item_bytes.min(most_bytes as u64),
        ..*limits
    };
    let copier = Copier {
        reader: Reader {
            limits: &limits,
            media_roots,
            declarations: false,
            signers: None,
            decoders: None,
        },
    };
    let mut wanted: BTreeMap<(&str, i64, &str, i32), Vec<usize>> = BTreeMap::new();
    for (number, finding) in findings.iter().enumerate() {
        wanted.entry(place_of(finding)).or_default().push(number);
    }
    let mut found = BTreeMap::new();
    revisit(plan, findings, &copier, |place, outcome| {
        let Some((bytes, digest)) = outcome else {
            return;
        };
        for &number in wanted.get(&place).into_iter().flatten() {
            if findings[number].item_digest == digest {
                found.insert(number, bytes.clone());
            }
        }
    })?;
    Ok(found)
}

/// Examines the item of a finding again. `None` when the same finding does not come out: the item
/// is gone, or it or the registry has changed.
pub fn exhibit_again(
    plan: &Plan,
    snapshot: &Snapshot,
    options: &ScanOptions,
    finding: &Finding,
) -> Result<Option<Exhibit>> {
    let kept = Kept::new(snapshot, options, None);
    let examiner = Examiner::new(snapshot, options, &kept);
    let mut exhibit = None;
    revisit(plan, &[finding], &examiner, |place, outcome| {
        if place != place_of(finding) {
            return;
        }
        if let Outcome::Examined(examined) = outcome.outcome {
            exhibit = same_finding(&examined, snapshot, options, finding);
        }
    })?;
    Ok(exhibit)
}

fn same_finding(
    examined: &Examined,
    snapshot: &Snapshot,
    options: &ScanOptions,
    finding: &Finding,
) -> Option<Exhibit> {
    let place = Place {
        file: &finding.file,
        row_index: finding.row_index,
        column_name: &finding.column_name,
        item_index: finding.item_index,
    };
    let (media, policy) = (examined.media, &options.policy);
    let number = examined.matches.iter().position(|found| {
        judge(place, examined.source, media, found, snapshot, policy)
            .is_some_and(|again| again.finding_id == finding.finding_id)
    })?;
    let view = examined.views.get(number).cloned().unwrap_or_default();
    let asset = examined.matches.get(number)?.asset;
    Some(Exhibit {
        finding_id: finding.finding_id.clone(),
        excerpt: view.excerpt,
        work_excerpt: view.work_excerpt,
        sound: view.sound,
        thumbnail: examined
            .thumbnail
            .as_deref()
            .map(|jpeg| BASE64.encode(jpeg)),
        work_thumbnail: snapshot.preview(asset).map(|jpeg| BASE64.encode(jpeg)),
    })
}

fn place_of(finding: &Finding) -> (&str, i64, &str, i32) {
    (
        &finding.file,
        finding.row_index,
        &finding.column_name,
        finding.item_index,
    )
}

/// Runs `examiner` over the rows of the findings alone, and hands each outcome on with its place.
pub(crate) fn revisit<E: Examine>(
    plan: &Plan,
    findings: &[&Finding],
    examiner: &E,
    mut take: impl FnMut((&str, i64, &str, i32), E::Outcome) + Send,
) -> Result<()> {
    let mut plan = plan.clone();
    let mut rows = vec![Vec::new(); plan.files.len()];
    for finding in findings {
        let file = plan.files.iter().position(|file| file.name == finding.file);
        if let (Some(file), Ok(row)) = (file, u64::try_from(finding.row_index)) {
            rows[file].push(row);
        }
    }
    for rows in &mut rows {
        rows.sort_unstable();
        rows.dedup();
    }
    plan.sample = Some(Sample {
        sampling: Sampling {
            rows: findings.len() as u64,
            seed: 0,
        },
        rows,
    });
    let (progress, stop) = (Progress::default(), AtomicBool::new(false));
    let watch = Watch {
        progress: &progress,
        stop: &stop,
    };
    let files = &plan.files;
    run(
        &plan,
        examiner,
        None,
        &|_| false,
        watch,
        |receiver: Receiver<Message<'_, E::Outcome>>| {
            let mut gathered = Gathered {
                opened: 0,
                written: 0,
            };
            for message in receiver {
                match message {
                    Message::Open(_) => gathered.opened += 1,
                    Message::Close { .. } => gathered.written += 1,
                    Message::Done { unit, outcomes, .. } => {
                        let file = &files[unit.file];
                        for placed in outcomes {
                            let column = &file.columns[placed.column].name;
                            let place = (
                                file.name.as_str(),
                                placed.row as i64,
                                column.as_str(),
                                placed.index,
                            );
                            take(place, placed.outcome);
                        }
                    }
                }
            }
            Ok(gathered)
        },
    )?;
    Ok(())
}

/// Takes items as they are.
struct Copier<'a> {
    reader: Reader<'a>,
}

impl Examine for Copier<'_> {
    /// The bytes and their digest in hexadecimal; `None` for what cannot be read, or was decoded
    /// already.
    type Outcome = Option<(Bytes, String)>;

    fn examine(&self, item: Item, _: &MediaColumn, dataset: &Path) -> Self::Outcome {
        match self.reader.contents(item.payload, dataset).ok()? {
            Contents::Text(text) => {
                let digest = blake3::hash(text.as_bytes());
                Some((Bytes::from(text), digest.to_hex().to_string()))
            }
            Contents::File { bytes, digest, .. } => {
                let digest = blake3::Hash::from_bytes(digest).to_hex().to_string();
                Some((bytes, digest))
            }
            Contents::Printed(_) => None,
        }
    }

    fn item_bytes(&self) -> u64 {
        self.reader.limits.item_bytes
    }

    fn count(&self, _: &Self::Outcome, _: &Progress) {}
}
