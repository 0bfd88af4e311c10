//! Estimates about the findings as a whole.

use std::collections::BTreeMap;

use clearance_decode::Media;
use clearance_index::calibrate::{MAX_AUDIO_E_VALUE_PER_ITEM, MAX_IMAGE_E_VALUE_PER_ITEM};
use clearance_scan::MediaCounts;
use serde::{Deserialize, Serialize};

use crate::interval::at_most;

/// Chance that the truth lies above an upper limit.
const BEYOND: f64 = 0.05;

/// How many items a work is expected to have been found in by chance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DecoyEstimate {
    /// Decoys that were searched for.
    pub decoys: u64,
    /// Of those, the ones in which a work was found.
    pub found: u64,
    /// The same share of all examined items: a lower limit, for real items resemble
    /// works more than decoys do.
    pub false_items: f64,
    /// What the number of such items is below with 95 % confidence (the upper limit of
    /// Clopper and Pearson, *Biometrika* 26, 1934).
    pub false_items_at_most: f64,
    /// How many the E-values allow: the examined items times the largest E-value that is
    /// reported. It was fitted on unrelated items (`benches/RESULTS.md`).
    pub false_items_by_e_value: f64,
}

/// Estimates for the media that decoys were made of.
pub(crate) fn decoy_estimates(media: &MediaCounts) -> BTreeMap<String, DecoyEstimate> {
    let estimate = |medium: Media, e_value_per_item: f64| {
        let counts = media.of(Some(medium));
        let items = counts.examined() as f64;
        let estimate = DecoyEstimate {
            decoys: counts.decoys,
            found: counts.decoys_found,
            false_items: counts.decoys_found as f64 / counts.decoys.max(1) as f64 * items,
            false_items_at_most: at_most(counts.decoys_found, counts.decoys, BEYOND) * items,
            false_items_by_e_value: e_value_per_item * items,
        };
        (medium.to_string(), estimate)
    };
    let all = [
        estimate(Media::Audio, MAX_AUDIO_E_VALUE_PER_ITEM),
        estimate(Media::Image, MAX_IMAGE_E_VALUE_PER_ITEM),
    ];
    all.into_iter()
        .filter(|(_, estimate)| estimate.decoys > 0)
        .collect()
}

#[cfg(test)]
mod tests;
