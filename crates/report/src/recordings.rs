//! Recordings that a page plays: chosen here, read by whoever has the dataset.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use clearance_decode::{Format, Media, sniff};
use clearance_scan::Finding;
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

/// Findings in recordings, strongest first, at most `most` and one for each recording: those whose
/// items a page should be able to play.
pub fn findings_to_hear(out: &Path, most: usize) -> Result<Vec<Finding>> {
    let mut found: Vec<Finding> = Vec::new();
    each_line(&out.join(FINDINGS), |finding: Finding| {
        if finding.media == Media::Audio {
            let stronger = |known: &Finding| known.e_value <= finding.e_value;
            let place = found.partition_point(stronger);
            // Several findings may be in one recording.
            if place < 2 * most {
                found.insert(place, finding);
                found.truncate(2 * most);
            }
        }
        Ok(())
    })?;
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
