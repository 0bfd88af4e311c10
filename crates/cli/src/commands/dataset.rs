//! The dataset of a finished scan, opened again.

use std::path::{Path, PathBuf};

use clearance_report::{Summary, scan_options};
use clearance_scan::{Plan, ScanOptions};

/// A finished scan and the dataset that it was made of.
pub(super) struct Scanned {
    pub(super) plan: Plan,
    /// How its items were examined.
    pub(super) options: ScanOptions,
}

impl Scanned {
    /// The scan in the folder `out`, with its inputs or those given in their place.
    pub(super) fn open(out: &Path, given: &[PathBuf]) -> anyhow::Result<Self> {
        let summary = Summary::read(out)?;
        let options = scan_options(out, &summary)?;
        let inputs: Vec<PathBuf> = match given {
            [] => summary.settings.inputs.iter().map(PathBuf::from).collect(),
            given => given.to_vec(),
        };
        let plan = Plan::new(&inputs, &options.overrides)?;
        Ok(Self { plan, options })
    }
}
