//! `clearance merge`.

use clearance_report::merge_shards;

use super::gate;
use crate::args::Merge;
use crate::exit::Exit;
use crate::ui::{Ui, scan_summary};

pub(crate) fn run(args: &Merge, ui: &Ui) -> anyhow::Result<Exit> {
    let summary = merge_shards(&args.shards, &args.output)?;
    let results = scan_summary::Results {
        out: &args.output,
        only_findings: false,
    };
    ui.results(&summary, results)?;
    gate::judge(&args.output, &summary, summary.settings.gate.as_ref(), ui)
}
