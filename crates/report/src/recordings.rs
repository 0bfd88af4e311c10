//! Recordings that a page plays: chosen here, read by whoever has the dataset.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use clearance_decode::{Format, Media, sniff};
use clearance_scan::{Exhibit, Finding};
use serde::Serialize;

use crate::error::Result;
use crate::lines::each_line;
use crate::write::FINDINGS;

/// A recording as the page holds it.
#[derive(Serialize)]
pub(crate) struct Recording {
    /// Its type, as browsers name it.
    #[serde(rename = "type")]
    kind: &'static str,
    base64: String,
}

impl Recording {
    /// `None` for bytes of a kind that browsers do not play.
    pub(crate) fn new(bytes: &[u8]) -> Option<Self> {
        let kind = match sniff(bytes, None)? {
            Format::Mp3 => "audio/mpeg",
            Format::Aac => "audio/aac",
            Format::Mp4 => "audio/mp4",
            Format::Flac => "audio/flac",
            Format::Ogg => "audio/ogg",
            Format::Wav => "audio/wav",
            Format::Matroska => "audio/webm",
            _ => return None,
        };
        Some(Self {
            kind,
            base64: BASE64.encode(bytes),
        })
    }
}

/// What a page shows of recordings beside what is kept in the output folder.
#[derive(Debug, Default)]
pub struct PageMedia {
    /// Digests and bytes of items to be played, strongest first.
    pub recordings: Vec<(String, Vec<u8>)>,
    /// Most bytes of them together.
    pub most_bytes: usize,
    /// Spectrograms by the id of the finding.
    pub spectrograms: BTreeMap<String, Spectrograms>,
}

/// The spectrograms of a finding's recordings over the matched span, each a JPEG.
#[derive(Clone, Debug, Default)]
pub struct Spectrograms {
    /// Of the item.
    pub item: Option<Vec<u8>>,
    /// Of the registered recording.
    pub work: Option<Vec<u8>>,
}

impl Spectrograms {
    /// Puts them where a picture's thumbnails are.
    pub(crate) fn put_into(&self, exhibit: &mut Exhibit) {
        exhibit.thumbnail = self.item.as_ref().map(|jpeg| BASE64.encode(jpeg));
        exhibit.work_thumbnail = self.work.as_ref().map(|jpeg| BASE64.encode(jpeg));
    }
}

/// Findings in recordings, strongest first, at most `most`.
pub fn findings_in_recordings(out: &Path, most: usize) -> Result<Vec<Finding>> {
    let mut found: Vec<Finding> = Vec::new();
    each_line(&out.join(FINDINGS), |finding: Finding| {
        if finding.media == Media::Audio && !finding.asset_id.is_empty() {
            let stronger = |known: &Finding| known.e_value <= finding.e_value;
            let place = found.partition_point(stronger);
            if place < most {
                found.insert(place, finding);
                found.truncate(most);
            }
        }
        Ok(())
    })?;
    Ok(found)
}

/// Findings in recordings, strongest first, at most `most` and one for each recording: those whose
/// items a page should be able to play.
pub fn findings_to_hear(out: &Path, most: usize) -> Result<Vec<Finding>> {
    // Several findings may be in one recording.
    let mut found = findings_in_recordings(out, 2 * most)?;
    let mut seen = BTreeSet::new();
    found.retain(|finding| seen.insert(finding.item_digest.clone()));
    found.truncate(most);
    Ok(found)
}

/// Recordings by the digest of the item, in the order given, as long as there is room for
/// `most_bytes` of them.
pub(crate) fn packed(
    recordings: &[(String, Vec<u8>)],
    most_bytes: usize,
) -> BTreeMap<String, Recording> {
    let mut room = most_bytes;
    let mut packed = BTreeMap::new();
    for (digest, bytes) in recordings {
        if let Some(left) = room.checked_sub(bytes.len())
            && let Some(recording) = Recording::new(bytes)
        {
            room = left;
            packed.insert(digest.clone(), recording);
        }
    }
    packed
}

#[cfg(test)]
mod tests;
