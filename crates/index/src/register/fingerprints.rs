//! Works that come as fingerprints, without their files.

use std::path::Path;

use clearance_decode::Media;
use clearance_fingerprint::audio::AudioFingerprint;
use clearance_fingerprint::image::ImageFingerprint;
use clearance_fingerprint::text::words;
use clearance_rights::Work;
use rayon::prelude::*;

use crate::asset::{Asset, asset_id};
use crate::error::Result;
use crate::registry::{Action, ChangeNote, RegistryWriter};
use crate::segment::records::WorkRecord;
use crate::segment::{Fingerprint, KeptTexts, SegmentBuilder, TextPrint};

/// Works that are made ready together.
const TOGETHER: usize = 256;

/// A work of which only a fingerprint is at hand.
#[derive(Clone, Debug)]
pub struct FingerprintedWork {
    /// The work.
    pub work: Work,
    /// The fingerprint of its one asset.
    pub print: WorkPrint,
}

/// The fingerprint of a work in its medium.
#[derive(Clone, Debug)]
pub enum WorkPrint {
    /// A recording.
    Audio(AudioFingerprint),
    /// A picture; of an animation, one for each frame.
    Image(Vec<ImageFingerprint>),
    /// A text, of which this is kept.
    Text(String, KeptTexts),
}

/// Adds works by their fingerprints to the registry in the folder `registry`,
/// which is created when there is none. They can be found by what they contain, not by
/// their files' bytes. A segment is closed when it holds `segment_bytes` in memory.
/// All become visible at once, at the end; the number added is returned.
///
/// Works that the registry has already must not come again.
pub fn register_fingerprints(
    works: impl Iterator<Item = FingerprintedWork>,
    registry: &Path,
    segment_bytes: usize,
    note: &ChangeNote,
) -> Result<u64> {
    let mut writer = RegistryWriter::open(registry)?;
    let mut builder = SegmentBuilder::default();
    let mut works = works.peekable();
    let mut added = 0;
    while works.peek().is_some() {
        let batch: Vec<FingerprintedWork> = works.by_ref().take(TOGETHER).collect();
        added += batch.len() as u64;
        let printed: Vec<(Work, Asset, Fingerprint)> = batch.into_par_iter().map(printed).collect();
        for (work, asset, fingerprint) in printed {
            builder.add_asset(asset, fingerprint);
            builder.add_work(WorkRecord {
                work,
                reservations: Vec::new(),
                licenses: Vec::new(),
                source: "fingerprints".to_owned(),
                withdrawn: false,
            });
        }
        if builder.is_full() || builder.bytes() > segment_bytes {
            writer.add(std::mem::take(&mut builder))?;
        }
    }
    if !builder.is_empty() {
        writer.add(builder)?;
    }
    writer.publish(note.change(Action::Register, Vec::new()))?;
    Ok(added)
}

fn printed(fingerprinted: FingerprintedWork) -> (Work, Asset, Fingerprint) {
    let FingerprintedWork { work, print } = fingerprinted;
    let mut hasher = blake3::Hasher::new();
    let (media, extent) = match &print {
        WorkPrint::Audio(print) => {
            for peak in &print.peaks {
                hasher.update(&peak.time.to_le_bytes());
                hasher.update(&peak.bin.to_le_bytes());
                hasher.update(&[peak.rank]);
            }
            (Media::Audio, print.duration_s())
        }
        WorkPrint::Image(prints) => {
            for print in prints {
                hasher.update(&print.hash.to_bytes());
                for found in &print.points {
                    for word in found.point.descriptor {
                        hasher.update(&word.to_le_bytes());
                    }
                }
            }
            // Its size in pixels is not known any more.
            (Media::Image, 0.0)
        }
        WorkPrint::Text(text, _) => {
            hasher.update(text.as_bytes());
            (Media::Text, words(text) as f64)
        }
    };
    let digest = *hasher.finalize().as_bytes();
    let asset = Asset {
        asset_id: asset_id(&work.work_id, &digest),
        work_id: work.work_id.clone(),
        media,
        role: "master".to_owned(),
        path: String::new(),
        digest,
        bytes: 0,
        extent,
        partial: None,
        codes: None,
        declarations: Vec::new(),
        iscc: None,
    };
    let fingerprint = match print {
        WorkPrint::Audio(print) => Fingerprint::audio(print),
        WorkPrint::Image(prints) => Fingerprint::Image {
            prints,
            preview: Vec::new(),
        },
        WorkPrint::Text(text, kept) => Fingerprint::Text(TextPrint::new(text, kept)),
    };
    (work, asset, fingerprint)
}
