//! Recordings that come as fingerprints, without their files.

use std::path::Path;

use clearance_decode::Media;
use clearance_fingerprint::audio::AudioFingerprint;
use clearance_rights::Work;
use rayon::prelude::*;

use crate::asset::{Asset, asset_id};
use crate::error::Result;
use crate::registry::RegistryWriter;
use crate::segment::records::WorkRecord;
use crate::segment::{Fingerprint, SegmentBuilder};

/// Recordings whose landmarks are made together.
const TOGETHER: usize = 256;

/// A work of one recording, of which only the fingerprint is at hand.
#[derive(Clone, Debug)]
pub struct Recording {
    /// The work.
    pub work: Work,
    /// The fingerprint of its recording.
    pub print: AudioFingerprint,
}

/// Adds recordings by their fingerprints to the registry in the folder `registry`,
/// which is created when there is none. They can be found by their sound, not by
/// their files' bytes. A segment is closed when it holds `segment_bytes` in memory.
/// All become visible at once, at the end; the number added is returned.
///
/// Works that the registry has already must not come again.
pub fn register_recordings(
    recordings: impl Iterator<Item = Recording>,
    registry: &Path,
    segment_bytes: usize,
) -> Result<u64> {
    let mut writer = RegistryWriter::open(registry)?;
    let mut builder = SegmentBuilder::default();
    let mut recordings = recordings.peekable();
    let mut added = 0;
    while recordings.peek().is_some() {
        let batch: Vec<Recording> = recordings.by_ref().take(TOGETHER).collect();
        added += batch.len() as u64;
        let printed: Vec<(Work, Asset, Fingerprint)> = batch.into_par_iter().map(printed).collect();
        for (work, asset, fingerprint) in printed {
            builder.add_asset(asset, fingerprint);
            builder.add_work(WorkRecord {
                work,
                reservations: Vec::new(),
                licenses: Vec::new(),
                source: "fingerprints".to_owned(),
            });
        }
        if builder.bytes() > segment_bytes {
            writer.add(std::mem::take(&mut builder))?;
        }
    }
    if !builder.is_empty() {
        writer.add(builder)?;
    }
    writer.publish()?;
    Ok(added)
}

fn printed(recording: Recording) -> (Work, Asset, Fingerprint) {
    let Recording { work, print } = recording;
    let mut hasher = blake3::Hasher::new();
    for peak in &print.peaks {
        hasher.update(&peak.time.to_le_bytes());
        hasher.update(&peak.bin.to_le_bytes());
        hasher.update(&[peak.rank]);
    }
    let digest = *hasher.finalize().as_bytes();
    let asset = Asset {
        asset_id: asset_id(&work.work_id, &digest),
        work_id: work.work_id.clone(),
        media: Media::Audio,
        role: "master".to_owned(),
        path: String::new(),
        digest,
        bytes: 0,
        extent: print.duration_s(),
        partial: None,
        codes: None,
    };
    (work, asset, Fingerprint::audio(print))
}
