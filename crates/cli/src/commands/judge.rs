//! `clearance judge`.

use clearance_report::{Summary, judge_findings};

use super::gate;
use super::scan::tool;
use crate::args::Judge;
use crate::config::{open_registry, policy_again};
use crate::exit::Exit;
use crate::ui::{Ui, scan_summary};

pub(crate) fn run(args: &Judge, ui: &Ui) -> anyhow::Result<Exit> {
    let before = Summary::read(&args.scanned)?;
    let policy = policy_again(&args.question, &before.policy)?;
    let snapshot = open_registry(&args.registry, args.registry_at.as_deref())?;
    let summary = judge_findings(&args.scanned, before, &snapshot, &policy, tool(), &args.out)?;
    let results = scan_summary::Results {
        out: &args.out,
        only_findings: false,
    };
    ui.results(&summary, results)?;
    gate::judge(&args.out, &summary, summary.settings.gate.as_ref(), ui)
}
