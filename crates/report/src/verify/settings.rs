//! The settings of a scan, out of its summary.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clearance_decode::Limits;
use clearance_rights::{Policy, parse_date};
use clearance_scan::{ColumnOverride, Overrides, ScanOptions, TrustedSigners};

use crate::error::Error;
use crate::summary::{PolicySummary, RunSettings, Summary};
use crate::write::SUMMARY;

/// The policy that verdicts were made by.
pub(crate) fn policy(summary: &PolicySummary) -> Result<Policy, String> {
    let mode = summary.mode.parse().map_err(|e| format!("mode: {e}"))?;
    let use_ = summary.use_.parse().map_err(|e| format!("use: {e}"))?;
    let as_of = parse_date(&summary.as_of).map_err(|e| format!("as_of: {e}"))?;
    let territory = summary.territory.as_ref().map(|code| code.parse());
    Ok(Policy {
        licensee: summary.licensee.clone(),
        territory: territory
            .transpose()
            .map_err(|e| format!("territory: {e}"))?,
        ..Policy::new(mode, use_, as_of)
    })
}

/// The settings under which the scan in the folder `out` examined its items, for examining some of
/// them again; no decoys are made.
///
/// # Errors
///
/// [`Error::Corrupt`] when the summary holds settings that no scan has.
pub fn scan_options(out: &Path, summary: &Summary) -> crate::Result<ScanOptions> {
    options(summary).map_err(|detail| Error::corrupt(&out.join(SUMMARY), &detail))
}

/// What was said of columns.
pub(crate) fn overrides(settings: &RunSettings) -> Result<Overrides, String> {
    let columns = settings.columns.iter().map(|(name, holds)| {
        let holds = match holds.as_str() {
            "ignore" => ColumnOverride::Ignore,
            media => {
                let media = media.parse();
                ColumnOverride::Media(media.map_err(|_| format!("column {name}: {holds:?}"))?)
            }
        };
        Ok((name.clone(), holds))
    });
    columns.collect()
}

/// Everything that decides what a scan finds.
pub(crate) fn options(summary: &Summary) -> Result<ScanOptions, String> {
    let settings = &summary.settings;
    let limit = |name: &str, default: f64| settings.limits.get(name).copied().unwrap_or(default);
    let usual = Limits::default();
    Ok(ScanOptions {
        limits: Limits {
            item_bytes: limit("item_bytes", usual.item_bytes as f64) as u64,
            audio_duration_s: limit("audio_seconds", usual.audio_duration_s),
            image_pixels: limit("image_pixels", usual.image_pixels as f64) as u64,
            text_bytes: limit("text_bytes", usual.text_bytes as f64) as u64,
            decode_time_ms: (limit("decode_seconds", usual.decode_time_ms as f64 / 1000.0) * 1000.0)
                .ceil() as u64,
            ..usual
        },
        policy: policy(&summary.policy)?,
        overrides: overrides(settings)?,
        media_roots: settings.media_roots.iter().map(PathBuf::from).collect(),
        decoy_share: 0.0,
        declarations: settings.declarations,
        mentions: settings.mentions,
        iscc: settings.iscc,
        signers: settings
            .signers
            .as_ref()
            .and_then(|_| TrustedSigners::nobody())
            .map(Arc::new),
        places: None,
        fetch: None,
        isolation: None,
    })
}
