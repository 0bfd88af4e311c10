//! The dataset of a finished scan, opened again.

use std::path::{Path, PathBuf};

use anyhow::Context;
use clearance_report::Summary;
use clearance_rights::{Policy, parse_date};
use clearance_scan::{Plan, ScanOptions};

use crate::config::column_overrides;

/// The summary of the results in `out`.
pub(super) fn summary(out: &Path) -> anyhow::Result<Summary> {
    Ok(Summary::read(out)?)
}

/// Plans the scan of a summary again, on the inputs it names or on those given.
pub(super) fn plan(summary: &Summary, given: &[PathBuf]) -> anyhow::Result<Plan> {
    let inputs: Vec<PathBuf> = match given {
        [] => summary.settings.inputs.iter().map(PathBuf::from).collect(),
        given => given.to_vec(),
    };
    let overrides = column_overrides(&summary.settings.columns)?;
    Ok(Plan::new(&inputs, &overrides)?)
}

/// The options that a summary was made with, as far as they bear on one item.
pub(super) fn options(summary: &Summary) -> anyhow::Result<ScanOptions> {
    let policy = &summary.policy;
    let word = |what: &str| format!("summary.json: {what}");
    Ok(ScanOptions {
        limits: clearance_decode::Limits::default(),
        policy: Policy {
            licensee: policy.licensee.clone(),
            territory: policy
                .territory
                .as_deref()
                .map(str::parse)
                .transpose()
                .ok()
                .flatten(),
            ..Policy::new(
                policy.mode.parse().ok().with_context(|| word("mode"))?,
                policy.use_.parse().ok().with_context(|| word("use"))?,
                parse_date(&policy.as_of).with_context(|| word("as_of"))?,
            )
        },
        overrides: column_overrides(&summary.settings.columns)?,
        media_roots: Vec::new(),
        decoy_share: 0.0,
        declarations: false,
        mentions: false,
        iscc: false,
    })
}
