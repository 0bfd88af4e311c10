//! Assets of a published segment on their way into another one.
//!
//! Landmarks and keys are made again of the peaks and points that are stored: they are functions of
//! these, and the files keep too few bits of them to be sorted among others.

use clearance_decode::Media;
use clearance_fingerprint::audio::{AudioFingerprint, HOP, Peak, SAMPLE_RATE_HZ, TIME_STEPS};

use super::{Fingerprint, Segment, SegmentBuilder};
use crate::asset::Asset;
use crate::error::{Error, Result};

/// A second has one peak of each rank; some fall into the next when they are refined.
const MOST_OF_RANK: u8 = 4;

impl SegmentBuilder {
    /// Takes over the assets of a segment for which `is_kept` holds, in their order; returns how
    /// many. With `fingerprints_only` nothing of them can be seen or read in what is written: there
    /// are no previews, of texts there are hashes only, and no names of files.
    pub(crate) fn carry(
        &mut self,
        from: &Segment,
        fingerprints_only: bool,
        mut is_kept: impl FnMut(&Asset) -> bool,
    ) -> Result<u64> {
        let mut numbers = vec![None; from.assets.len()];
        let mut carried = 0;
        for (old, number) in (0u32..).zip(&mut numbers) {
            let asset = &from.assets[old as usize];
            if !is_kept(asset) {
                continue;
            }
            *number = Some(self.assets.len() as u32);
            carried += 1;
            let mut asset = asset.clone();
            if fingerprints_only {
                asset.path = String::new();
            }
            match asset.media {
                Media::Audio => {
                    let fingerprint = recording(&asset, from, old)?;
                    self.add_asset(asset, fingerprint);
                }
                Media::Image => {
                    let preview = from.previews.as_ref().filter(|_| !fingerprints_only);
                    let preview = preview.and_then(|previews| previews.get(old));
                    self.previews
                        .add(self.assets.len() as u32, preview.unwrap_or_default());
                    self.assets.push(asset);
                }
                Media::Text => self.assets.push(asset),
            }
        }
        self.pictures.carry(&from.pictures, &numbers);
        self.texts.carry(&from.texts, &numbers, fingerprints_only)?;
        Ok(carried)
    }
}

fn recording(asset: &Asset, from: &Segment, number: u32) -> Result<Fingerprint> {
    let peaks = from.peaks.get(number);
    if !are_sparse(&peaks) {
        let detail = format!("{} has more peaks than a recording has", asset.asset_id);
        return Err(Error::corrupt(from.peaks.path(), detail));
    }
    Ok(Fingerprint::audio(AudioFingerprint {
        peaks,
        // Seconds are a number of samples divided by the rate: the same number comes back.
        samples: (asset.extent * f64::from(SAMPLE_RATE_HZ)).round() as u64,
    }))
}

/// Whether peaks are as many as a fingerprint has. Of crowds of them, which only a forged registry
/// holds, landmarks without end would be made.
fn are_sparse(peaks: &[Peak]) -> bool {
    const SECOND: u32 = SAMPLE_RATE_HZ / HOP as u32 * TIME_STEPS;
    let mut counts = [0u8; 256];
    let mut second = 0;
    peaks.iter().all(|peak| {
        if peak.time / SECOND != second {
            second = peak.time / SECOND;
            counts = [0; 256];
        }
        let count = &mut counts[usize::from(peak.rank)];
        *count = count.saturating_add(1);
        *count <= MOST_OF_RANK
    })
}

#[cfg(test)]
mod tests;
